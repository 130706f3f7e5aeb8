"""4.12: what the same episodes say of two policies."""

import numpy as np

from shown.day4_training.duels import some_duel
from shown.slips import expect_all
from vla_course.course.checking.judging import expect_close, expect_raises, graded


@graded("4.12", points=1, says="gained, lost and the difference of the success rates are told")
def test_counts(student, rng):
    expect_all(
        some_duel(rng, 50, int(rng.integers(9, 14)), int(rng.integers(2, 6))).counts_case(student, "a gain"),
        some_duel(rng, 30, int(rng.integers(1, 4)), int(rng.integers(5, 9))).counts_case(student, "a loss"),
        unit="",
    )


@graded("4.12", points=2, says="p is how probably coins fall at least as unevenly, to whichever side")
def test_p_value(student, rng):
    expect_all(
        some_duel(rng, 60, int(rng.integers(10, 15)), int(rng.integers(3, 7))).p_case(student, "p of a gain"),
        some_duel(rng, 40, int(rng.integers(2, 4)), int(rng.integers(5, 9))).p_case(student, "p of a loss"),
        some_duel(rng, 200, int(rng.integers(20, 28)), int(rng.integers(4, 9))).p_case(student, "p of 200"),
        unit="",
    )


@graded("4.12", points=1, says="where nothing speaks, or both sides speak alike, p is 1")
def test_even(student, rng):
    some = int(rng.integers(1, 6))
    for what, duel in (
        ("no episode differs", some_duel(rng, 20, 0, 0)),
        ("as much is gained as lost", some_duel(rng, 30, some, some)),
    ):
        got = duel.asked(student).p_value
        expect_close(
            got,
            1.0,
            what=f"p where {what}",
            mistakes={"more-than-one": 2.0 * float(duel.p_case(student, "").mistakes["one-sided"])},
        )


@graded("4.12", points=1, says="arrays that do not line up, of no episode, or not of bool are refused")
def test_refusals(student, rng):
    duel = some_duel(rng, 12, 3, 2)
    before, after = duel.before, duel.after
    for what, arguments in (
        ("an episode too few", (before, after[1:])),
        ("a single episode for many", (before, after[:1])),
        ("no episode", (before[:0], after[:0])),
        ("tables", (before[None], after[None])),
        ("success rates", (before.astype(float), 0.9 * after)),
        ("zeros and ones after", (before, after.astype(int))),
        ("zeros and ones before", (before.astype(int), after)),
    ):
        expect_raises(ValueError, student.paired_test, *arguments, what=what, mistake="anything-accepted")
    alone = np.array(True), np.array(False)
    expect_raises(ValueError, student.paired_test, *alone, what="single bools", mistake="anything-accepted")
