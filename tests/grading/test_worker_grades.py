"""A whole submission: what it earns, what is told, and that nothing a student writes stops the grader."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.grading.attacks import corpus
from vla_course.course.errors import CourseError
from vla_course.course.manifest import load_manifest
from vla_course.course.root import CourseRoot
from vla_course.course.source.variants import build_submission, read_variants
from vla_course.grading.judging import judge as judging
from vla_course.grading.judging.grade_one import grade_submission
from vla_course.grading.judging.verdicts import ExerciseVerdict, SubmissionVerdict
from vla_course.grading.worker.sandbox import choose_sandbox

BEST = choose_sandbox()
ROOT = CourseRoot.current()

HEAD = (
    'from vla_course.course.exercise import NotAttempted, exercise\n\n\n@exercise("1.1")\ndef mean(values):\n'
)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> corpus.Place:
    return corpus.make_place(tmp_path_factory.mktemp("graded"))


@pytest.fixture
def grade(place: corpus.Place) -> Callable[..., SubmissionVerdict]:
    """Grade a submission whose answer to 1.1 has this body, or a whole file of this text."""

    def grade(
        body: str = "    return float(sum(values)) / len(values)\n", text: str | None = None, seed: int = 1
    ):
        shutil.rmtree(place.submission, ignore_errors=True)
        shutil.copytree(place.solution.parent, place.submission / place.day)
        (place.submission / place.day / "first.py").write_text(HEAD + body if text is None else text)
        return grade_submission(place.submission, seed=seed, sandbox=BEST, root=place.root)

    return grade


def test_an_honest_submission_is_paid_in_full(grade: Callable[..., SubmissionVerdict]) -> None:
    verdict = grade()
    assert (verdict.points, verdict.out_of) == (6.0, 6)
    assert [exercise.status for exercise in verdict.exercises] == ["correct", "correct"]
    assert (verdict.submission_id, verdict.seed, verdict.sandbox_level) == ("submission", 1, BEST.level)
    assert verdict.notes == ()
    assert SubmissionVerdict.from_json(json.loads(json.dumps(verdict.to_json()))) == verdict


@pytest.mark.parametrize(
    ("body", "status", "points"),
    [
        ('    raise NotAttempted("1.1")\n', "not attempted", 0.0),
        ("    return values[0]\n", "partly", 1.0),
        ("    return -1.0\n", "wrong", 0.0),
        ("    return values[0\n", "does not load", 0.0),
        # What passed before the end keeps its points: more evidence never earns less.
        ("    import os\n    return values[0] if len(set(values)) == 1 else os._exit(0)\n", "crashed", 1.0),
        ("    while len(set(values)) > 1:\n        pass\n    return values[0]\n", "timed out", 1.0),
        (
            '    if len(set(values)) > 1:\n        raise NotAttempted("1.1")\n    return values[0]\n',
            "partly",
            1.0,
        ),
    ],
    ids=["stub", "partly", "wrong", "syntax", "exit", "loop", "half-attempted"],
)
def test_each_ending_has_its_status_and_costs_its_exercise_only(
    grade: Callable[..., SubmissionVerdict], body: str, status: str, points: float
) -> None:
    first, second = grade(body).exercises
    assert (first.status, first.points) == (status, points), first
    assert (second.status, second.points) == ("correct", 2.0)


def test_of_a_hidden_test_only_the_property_is_told(grade: Callable[..., SubmissionVerdict]) -> None:
    verdict = grade("    print(values)\n    return values[0]\n")
    shown, hidden = verdict.exercises[0].tests[1:]
    assert "expected" in shown.message
    assert "got" in shown.message
    assert (hidden.hidden, hidden.passed, hidden.message) == (True, False, "")
    assert hidden.says == "the mean of large numbers is right"
    assert verdict.exercises[0].output.startswith("[")
    assert corpus.HIDDEN_NUMBER not in json.dumps(verdict.to_json())


def test_an_answer_that_changes_its_inputs_is_told_so_once_and_measured_by_what_it_was_given(
    grade: Callable[..., SubmissionVerdict],
) -> None:
    honest = grade("    values /= len(values)\n    return float(values.sum())\n").exercises[0]
    assert [test.passed for test in honest.tests] == [False, True, True]
    assert honest.tests[0].message == judging.INPUT_CHANGED
    cheat = grade("    values[:] = values[0]\n    return float(values[0])\n").exercises[0]
    assert [test.passed for test in cheat.tests] == [True, False, False]  # equal numbers it leaves as they are
    assert judging.INPUT_CHANGED in cheat.tests[1].message
    assert "expected" in cheat.tests[1].message


def test_the_seed_decides_the_inputs_and_not_the_marks(grade: Callable[..., SubmissionVerdict]) -> None:
    told = [grade("    return values[0]\n", seed=seed).exercises[0] for seed in (1, 2, 1)]
    messages = [verdict.tests[1].message for verdict in told]
    assert messages[0] == messages[2] != messages[1]
    assert len({verdict.points for verdict in told}) == 1


def test_a_submission_is_not_written_to_and_may_be_read_only(
    grade: Callable[..., SubmissionVerdict], place: corpus.Place
) -> None:
    grade()
    before = {path: path.stat().st_mtime_ns for path in place.submission.rglob("*")}
    grade_submission(place.submission, seed=1, sandbox=BEST, root=place.root)
    assert {path: path.stat().st_mtime_ns for path in place.submission.rglob("*")} == before


def test_an_empty_submission_gets_a_verdict(place: corpus.Place, tmp_path: Path) -> None:
    verdict = grade_submission(tmp_path, seed=1, sandbox=BEST, root=place.root)
    assert [exercise.status for exercise in verdict.exercises] == ["does not load", "does not load"]
    assert "no day folder" in verdict.notes[0]


def test_an_unknown_exercise_is_refused(place: corpus.Place, tmp_path: Path) -> None:
    with pytest.raises(CourseError, match=r'graded as "9.9"'):
        grade_submission(tmp_path, seed=1, sandbox=BEST, root=place.root, exercises=["9.9"])


def test_broken_tests_are_the_instructors_affair(tmp_path: Path) -> None:
    broken = corpus.make_place(tmp_path / "course")
    broken.hidden.write_text("import nothing_of_that_name\n")
    with pytest.raises(CourseError, match="nothing_of_that_name"):
        grade_submission(broken.root.solutions, seed=1, sandbox=BEST, root=broken.root)


def test_what_gets_no_marks_is_not_judged_to_its_end(tmp_path: Path) -> None:
    broken = corpus.make_place(tmp_path / "course")
    broken.hidden.write_text("import nothing_of_that_name\n")
    (second,) = broken.root.graded.glob("shown/*/test_1_2_*.py")
    reached = tmp_path / "reached"
    second.write_text(f"open({str(reached)!r}, 'w').close()\n" + second.read_text())
    with pytest.raises(CourseError, match="tests of 1.1 are themselves broken"):
        grade_submission(broken.root.solutions, seed=1, sandbox=BEST, root=broken.root)
    assert not reached.exists()


# The real course.


def grade_real(folder: Path, *exercises: str, seed: int = 3) -> list[ExerciseVerdict]:
    verdict = grade_submission(folder, seed=seed, sandbox=BEST, root=ROOT, exercises=exercises)
    assert not verdict.notes
    return list(verdict.exercises)


def with_answer(tmp_path: Path, exercise_id: str, body: str) -> Path:
    """The solutions with another answer to one exercise."""
    exercise = load_manifest(ROOT).exercise(exercise_id)
    variant = read_variants(ROOT, exercise)[0]
    signature = variant.source.split('"""')[0].split(":\n")[0].split("\n", 0)[0]
    source = "".join(line + "\n" for line in [signature + ":", *(f"    {line}" for line in body.split("\n"))])
    made = type(variant)(exercise_id, "wrong", "made", source, "")
    return build_submission(ROOT, exercise, made, tmp_path / "submission")


def test_the_reference_stands_through_the_proxy() -> None:
    (verdict,) = grade_real(ROOT.solutions, "day3-balance")
    assert (verdict.integration, verdict.status) == (True, "correct"), verdict


def test_a_mistake_costs_once_and_is_seen_in_the_own_chain(tmp_path: Path) -> None:
    folder = with_answer(tmp_path, "3.6", "return np.zeros(2)")
    wrong, capture, chain = grade_real(folder, "3.6", "3.10", "day3-balance")
    assert wrong.points < wrong.out_of
    assert capture.status == "correct"
    assert chain.points < chain.out_of


@pytest.mark.parametrize(
    "command",
    [
        "np.full(28, np.nan)",
        "np.full(28, 1e300)",
        "np.zeros(27)",
        "np.zeros(28, dtype=complex)",
        "'stand'",
        "self",
    ],
)
def test_no_command_stops_the_grader(tmp_path: Path, command: str) -> None:
    folder = with_answer(tmp_path, "3.12", f"return {command}")
    wrong, honest = grade_real(folder, "3.12", "3.1")
    assert wrong.status in ("wrong", "partly", "crashed")
    assert wrong.points < wrong.out_of / 2
    assert honest.status == "correct"


def test_the_frames_dataclasses_reach_the_student_as_they_are(tmp_path: Path) -> None:
    folder = with_answer(
        tmp_path,
        "3.8",
        "from vla_course.motion.standing.balance_state import BalanceState\n"
        "assert type(state) is BalanceState and state.motion_map.shape == (28, 6)\n"
        "assert state.support_polygon.flags.c_contiguous and state.center_of_mass.dtype == float\n"
        "raise RuntimeError('as it should be')",
    )
    (verdict,) = grade_real(folder, "3.8")
    assert any("as it should be" in test.message for test in verdict.tests), verdict
