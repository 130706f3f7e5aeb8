"""Every exercise: a right answer that spoils what it is given is told so, and called wrong for nothing else.

The reference's function, after it has computed its answer, adds one to the first array that it was given. Where the
truth were computed from the spoilt array, every number would be called wrong.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from vla_course.course.checking.checking import run_tests
from vla_course.course.checking.untouched import spoilt
from vla_course.course.manifest import Exercise, load_manifest
from vla_course.course.root import CourseRoot

ROOT = CourseRoot.current()
EXERCISES = load_manifest(ROOT).exercises
SAMPLE = ("1.2", "3.1", "3.4", "3.10", "3.20")
"""`make test` tries these: tensors, arrays changed before the truth is computed, vectors, states, maps"""
NO_ARRAYS = (
    *("1.9", "1.10", "2.1", "2.2", "2.3", "2.4", "2.5", "2.10", "2.11", "2.12"),
    *("3.13", "3.21", "3.26", "4.4", "4.11", "4.12", "5.2", "5.8"),
)
"""functions, numbers, bytes, plans of footsteps, a policy, frozen records, read-only maps: nothing to change"""
SAYS = spoilt(["which"]).split("`which`")

SPOILER = '''

def _spoiling(right):
    import copy
    import dataclasses
    import functools

    import numpy as np

    def arrays(value):
        if isinstance(value, np.ndarray) or type(value).__name__ == "Tensor":
            yield value
        elif isinstance(value, list | tuple):
            for element in value:
                yield from arrays(element)
        elif dataclasses.is_dataclass(value):
            for field in dataclasses.fields(value):
                yield from arrays(getattr(value, field.name))

    def spoil(array):
        if isinstance(array, np.ndarray):
            if array.dtype.kind in "fiu" and array.flags.writeable and array.size:
                array += 1
                return True
        elif array.dtype.is_floating_point and array.numel() and not array.requires_grad:
            array.add_(1.0)
            return True
        return False

    @functools.wraps(right)
    def answer(*positional, **named):
        result = right(*positional, **named)
        try:
            result = copy.deepcopy(result)  # it may be a view of what is spoilt now
        except (RuntimeError, TypeError):  # a tensor with a gradient, a coroutine
            pass
        given = [*positional[{skip}:], *named.values()]
        any(spoil(one) for value in given for one in arrays(value))
        return result

    return answer


{holder}{name} = _spoiling({holder}{name})
'''


def spoiling(exercise: Exercise, folder: Path) -> Path:
    """The reference, whose function for that exercise spoils the first array of its arguments."""
    shutil.copytree(ROOT.solutions, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
    holder, _, name = exercise.symbol.rpartition(".")
    text = SPOILER.replace("{skip}", "1" if holder else "0").replace("{name}", name)
    text = text.replace("{holder}", f"{holder}." if holder else "")
    file = folder / exercise.path
    file.write_text(file.read_text(encoding="utf-8") + text, encoding="utf-8")
    return folder


def cases() -> list[object]:
    return [
        pytest.param(one, id=one.id, marks=[] if one.id in SAMPLE else [pytest.mark.full]) for one in EXERCISES
    ]


@pytest.mark.gate
@pytest.mark.parametrize("exercise", cases())
def test_a_right_answer_that_spoils_its_input_is_told_so_and_nothing_else(
    exercise: Exercise, tmp_path: Path
) -> None:
    (verdict,) = run_tests(exercise.id, root=ROOT, submission=spoiling(exercise, tmp_path), include_hidden=True)
    failed = [part for part in verdict.properties if not part.passed]
    told = [part.message for part in failed if not part.hidden]
    if exercise.id in NO_ARRAYS:
        assert verdict.correct, (verdict, failed)
        return
    assert len(failed) == 1, (verdict, failed)
    assert all(message.startswith(SAYS[0]) and message.endswith(SAYS[1]) for message in told)
