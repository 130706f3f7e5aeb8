"""Mutants: what is made of an answer, and that the graded tests kill all but those that are explained."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.grading.attacks import corpus
from vla_course.course.manifest import load_manifest
from vla_course.course.root import CourseRoot
from vla_course.grading.mutation.mutant_gate import explained, run_mutants
from vla_course.grading.mutation.mutants import mutants_of
from vla_course.machine import cores

ROOT = CourseRoot.current()
IDS = [exercise.id for exercise in load_manifest(ROOT).exercises]
PROCESSES = min(2, cores())
AT_LEAST = 0.95

ANSWER = '''
@exercise("1.1")
def mean(values):
    """Return the mean."""
    # BEGIN SOLUTION
    total: float = 0.0
    for index, value in enumerate(values):
        if value > 3 and index >= 1:
            raise ValueError(f"value {value + 1} is too large")
        total += np.sqrt(value) * 2 - value
    return float(min(total, 7.5)) / len(values)
    # END SOLUTION
'''


@pytest.fixture
def place(tmp_path: Path) -> corpus.Place:
    return corpus.make_place(tmp_path)


def changes(place: corpus.Place, answer: str) -> set[str]:
    head, _, _ = corpus.FIRST.partition('@exercise("1.1")')
    place.solution.write_text(head + answer.lstrip())
    exercise = load_manifest(place.root).exercise("1.1")
    found = mutants_of(place.root, exercise)
    for mutant in found:
        compile(mutant.module(), "mutant", "exec")
        assert ast.unparse(mutant.module()) != ast.unparse(ast.parse(place.solution.read_text()))
    return {mutant.change for mutant in found}


def test_every_kind_of_change_is_made(place: corpus.Place) -> None:
    assert changes(place, ANSWER) >= {
        "value > 3 -> value >= 3",
        "value > 3 -> value <= 3",
        "value > 3 and index >= 1 -> value > 3 or index >= 1",
        "value > 3 and index >= 1 -> value > 3",
        "3 -> 4",
        "3 -> 0",
        "3 -> -3",
        "total += np.sqrt(value) * 2 - value -> total -= np.sqrt(value) * 2 - value",
        "total += np.sqrt(value) * 2 - value -> total = np.sqrt(value) * 2 - value",
        "np.sqrt(value) * 2 - value -> np.sqrt(value) * 2 + value",
        "np.sqrt(value) * 2 - value -> value - np.sqrt(value) * 2",
        "np.sqrt(value) * 2 - value -> np.sqrt(value) * 2",
        "np.sqrt(value) * 2 - value -> -value",
        "np.sqrt(value) * 2 -> np.sqrt(value) / 2",
        "np.sqrt(value) -> value",
        "np.sqrt -> np.square",
        "min -> max",
        "min(total, 7.5) -> total",
        "float(min(total, 7.5)) / len(values) -> float(min(total, 7.5)) * len(values)",
        "return float(min(total, 7.5)) / len(values) -> return None",
        "raise ValueError(f'value {value + 1} is too large') -> pass",
    }


def test_text_annotations_and_conversions_are_left_alone(place: corpus.Place) -> None:
    found = changes(place, ANSWER)
    assert not [
        change
        for change in found
        if change.startswith(("value + 1", "float ->", "float(min(total, 7.5)) ->"))
    ]


def test_what_is_outside_of_the_answer_is_left_alone(place: corpus.Place) -> None:
    inside = corpus.FIRST.partition('@exercise("1.1")')[2]
    found = changes(place, '@exercise("1.1")' + inside + "\n\nLIMIT = 3 + 4\n")
    assert found
    assert not [change for change in found if "3 + 4" in change]


def test_survivors_are_told_with_their_place(place: corpus.Place) -> None:
    (kills,) = run_mutants(place.root, ["1.1"], seed=0, sample=None, processes=1)
    assert kills.made > 5
    assert kills.killed == kills.made, kills.survivors
    place.hidden.unlink()
    for path in (place.root.graded / "shown" / place.day).glob("test_1_1_*"):
        path.write_text(path.read_text().replace("student.mean", "(lambda values: values.mean())"))
    (kills,) = run_mutants(place.root, ["1.1"], seed=0, sample=3, processes=1)
    assert (kills.made, kills.killed, len(kills.unexplained)) == (3, 0, 3)
    assert "first.py:" in str(kills.survivors[0])


def told(found: list) -> str:
    return "\n".join(str(survivor) for kills in found for survivor in kills.unexplained)


def test_a_sample_of_every_answers_mutants_is_killed() -> None:
    quick = [name for name in IDS if name not in ("3.11", "3.12")]  # whose tests take seconds
    found = run_mutants(ROOT, quick, seed=1, sample=6, processes=PROCESSES)
    assert not told(found), told(found)


@pytest.mark.full
@pytest.mark.timeout(1800)
def test_nearly_all_mutants_are_killed_and_each_survivor_is_explained() -> None:
    found = run_mutants(ROOT, IDS, seed=0, sample=None, processes=PROCESSES)
    assert not told(found), told(found)
    killed, made = sum(kills.killed for kills in found), sum(kills.made for kills in found)
    assert killed >= AT_LEAST * made


def test_every_explanation_is_of_a_mutant_that_exists() -> None:
    manifest = load_manifest(ROOT)
    made = {
        (name, mutant.text, mutant.change)
        for name in IDS
        for mutant in mutants_of(ROOT, manifest.exercise(name))
    }
    stale = explained(ROOT).keys() - made
    assert not stale, f"tests/grading/equivalent_mutants.toml explains what no longer exists: {stale}"
