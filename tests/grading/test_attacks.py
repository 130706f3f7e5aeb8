"""Attacks on the grader: nobody gains points, nothing is touched, nothing is left, honest work is paid."""

from __future__ import annotations

import sys

import pytest

from tests.grading.attacks import corpus
from vla_course.grading.worker.sandbox import Sandbox, choose_sandbox

BEST = choose_sandbox()
# Every third attack and these in `make test`, all of them in both walls in `make gate`.
ALWAYS = {"change_the_inputs", "import_reference", "linked_folder", "tell_hidden_inputs", "write_results"}
ALWAYS |= {"evil_metaclass", "hold_other_answers", "many_threads", "page_cache"}
IN_LIMITS = {"kill_the_grader", "network", "read_hidden_tests"}
IN_LIMITS |= {"change_modes", "deep_folder", "leave_a_word", "renice_the_grader", "signal_by_descriptor"}

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="other systems have plain limits only")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> corpus.Place:
    return corpus.make_place(tmp_path_factory.mktemp("attacked"))


@pytest.fixture(scope="module")
def weak_points(place: corpus.Place) -> float:
    verdict = corpus.grade_weak(place, BEST)
    assert [exercise.status for exercise in verdict.exercises] == ["partly", "correct"]
    return verdict.exercises[0].points


def check(name: str, place: corpus.Place, sandbox: Sandbox, weak_points: float) -> None:
    outcome = corpus.run(name, place, sandbox, weak_points)
    assert not outcome.faults, f"{outcome.faults} {outcome.attacked}"


def each(quick: set[str]) -> pytest.MarkDecorator:
    marks = [pytest.param(name, marks=() if name in quick else pytest.mark.full) for name in corpus.names()]
    return pytest.mark.parametrize("name", marks)


@each({*corpus.names()[::3], *ALWAYS})
def test_an_attack_gains_nothing(name: str, place: corpus.Place, weak_points: float) -> None:
    check(name, place, BEST, weak_points)


@pytest.mark.skipif(BEST.level == "limits", reason="that is what the test above runs in")
@each(IN_LIMITS)
def test_an_attack_gains_nothing_in_plain_limits(name: str, place: corpus.Place, weak_points: float) -> None:
    check(name, place, Sandbox("limits"), weak_points)


@pytest.mark.parametrize("level", ["bubblewrap", "limits"])
def test_children_do_not_outlive_a_worker_that_may_have_them(
    level: str, place: corpus.Place, weak_points: float
) -> None:
    if level == "bubblewrap" and BEST.level != "bubblewrap":
        pytest.skip("there is no bubblewrap here")
    check("lingering_children", place, Sandbox(level, filter_calls=False), weak_points)
