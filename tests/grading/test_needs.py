"""What a worker holds of the reference: what its exercise is built on, and nothing that is still to be graded."""

from __future__ import annotations

import shutil
from pathlib import Path, PurePosixPath

import pytest

from tests.grading.attacks import corpus
from vla_course.course.manifest import Day, Exercise
from vla_course.course.root import CourseRoot
from vla_course.grading.judging.grade_one import grade_submission
from vla_course.grading.worker.needs import Needs
from vla_course.grading.worker.sandbox import choose_sandbox
from vla_course.grading.worker.stage import needs_of

DAY = Day(1, "day1_numbers", "Numbers")
MARK = "from vla_course.course.exercise import NotAttempted, exercise\n"


def exercise(number: str, file: str, symbol: str) -> Exercise:
    return Exercise(number, "", DAY, file, symbol, 1, 1, 1, "", (), {})


def sources(**files: str) -> dict[PurePosixPath, str]:
    return {PurePosixPath(DAY.folder, f"{name}.py"): MARK + text for name, text in files.items()}


ONE = '@exercise("1.1")\ndef one(x):\n    return x\n\n\n@exercise("1.2")\ndef two(x):\n    return x\n'
CLASS = (
    "from .one import two as twice\nfrom . import far\n\n\n"
    'class Both:\n    @exercise("1.3")\n    def first(self):\n        return helper()\n\n'
    '    @exercise("1.4")\n    def second(self):\n        return 0\n\n\n'
    "def helper():\n    return twice(1)\n"
)
FAR = '@exercise("1.5")\ndef far(x):\n    return x\n'
NEEDS = Needs(
    sources(one=ONE, both=CLASS, far=FAR),
    [
        exercise("1.1", "one.py", "one"),
        exercise("1.2", "one.py", "two"),
        exercise("1.3", "both.py", "Both.first"),
        exercise("1.4", "both.py", "Both.second"),
        exercise("1.5", "far.py", "far"),
    ],
)


def test_an_exercise_is_built_on_what_its_file_reaches_by_name_and_on_what_stands_before_it() -> None:
    built_on = {one.id: sorted(NEEDS.of(one.id)) for one in NEEDS.exercises}
    assert built_on == {"1.1": [], "1.2": ["1.1"], "1.3": ["1.2"], "1.4": ["1.2", "1.3"], "1.5": []}


def test_a_module_that_is_used_counts_with_all_that_it_holds() -> None:
    needs = Needs(sources(one=ONE.replace("return x", "return far.far(x)"), far="\n" + FAR), NEEDS.exercises)
    assert needs.of("1.1") == frozenset()  # nobody imports it
    whole = Needs(
        sources(one="from . import far\n" + ONE.replace("return x", "return far.far(x)", 1), far=FAR),
        [NEEDS.exercises[4], *NEEDS.exercises[:2]],
    )
    assert whole.of("1.1") == {"1.5"}


def test_an_answer_may_import_more_but_nothing_that_comes_later() -> None:
    text = "from .one import one\nfrom .far import far\nfrom vla_course.exercises.day1_numbers import both\n"
    assert NEEDS.imported_by("1.3", text) == {"1.1", "1.2"}  # not 1.4 of its own class, not 1.5
    assert NEEDS.imported_by("1.5", "from .both import *") == {"1.2", "1.3", "1.4"}
    assert NEEDS.imported_by("1.5", "from .one import (") == frozenset()


def test_on_the_course_what_a_worker_holds_has_been_graded_before() -> None:
    needs = needs_of(CourseRoot.current())
    ids = [one.id for one in needs.exercises]
    order = needs.in_order(ids)
    assert sorted(order) == sorted(ids)
    for place, one in enumerate(order):
        assert needs.of(one) <= set(order[:place]), one
    held = sum(len(needs.of(one)) for one in ids)
    assert held < len(ids) ** 2 / 10
    assert (needs.of("1.3"), needs.of("3.14"), needs.of("4.1")) == ({"1.4"}, {"3.13"}, frozenset())


BY_A_WAY_ROUND = "import importlib; mean = importlib.import_module('vla_course.reference.DAY.first').mean"


@pytest.mark.parametrize(
    ("answered", "takes", "status"),
    [
        # 1.2 comes after 1.1 and may be built on it; 1.1 may not be built on 1.2, wherever it gets it from.
        ("second.py", "from .first import mean", "correct"),
        ("second.py", "from vla_course.reference.DAY.first import mean", "correct"),
        ("second.py", BY_A_WAY_ROUND, "wrong"),
        ("first.py", "from .second import double", "wrong"),
        ("first.py", "from vla_course.reference.DAY.second import double", "wrong"),
    ],
)
def test_a_worker_gives_nothing_away_that_is_not_graded_yet(
    tmp_path: Path, answered: str, takes: str, status: str
) -> None:
    place = corpus.make_place(tmp_path)
    shutil.copytree(place.solution.parent, place.submission / place.day)
    path = place.submission / place.day / answered
    body = {
        "second.py": ("return value + value", "return mean([value, 3.0 * value])"),
        "first.py": ("return float(np.sum(values))", "return double(0.5 * float(np.sum(values)))"),
    }[answered]
    head = "import NotAttempted, exercise\n"
    text = path.read_text().replace(*body).replace(head, f"{head}{takes}\n")
    path.write_text(text.replace("DAY", place.day))
    verdict = grade_submission(place.submission, seed=1, sandbox=choose_sandbox(), root=place.root)
    mine = verdict.exercises[answered == "second.py"]
    assert mine.status == status, mine
    if status == "wrong":
        assert "is not there while" in mine.tests[0].message
