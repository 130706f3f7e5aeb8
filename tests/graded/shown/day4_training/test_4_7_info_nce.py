"""4.7: how surely each row finds its partner."""

from dataclasses import replace

import torch

from shown.day4_training.pairings import some_pairs
from shown.slips import expect_all
from vla_course.course.checking.gradients import expect_gradients
from vla_course.course.checking.judging import expect_raises, graded


@graded("4.7", points=2, says="each row chooses its partner by cosine over temperature, in both directions")
def test_choice(student, rng):
    apart = some_pairs(rng, 5, same=False)
    expect_all(
        some_pairs(rng, 6, same=False).case(student, "the loss of six pairs"),
        some_pairs(rng, 9, same=False).case(student, "the loss of nine pairs"),
        some_pairs(rng, 5, same=False, size=1e-5).case(student, "the loss of five pairs of tiny numbers"),
        replace(apart, other=-apart.other, temperature=2.5).case(student, "the loss of five opposites"),
        unit="nat",
    )


@graded(
    "4.7", points=2, says="what means the same is neither a negative nor a second partner, in no direction"
)
def test_same(student, rng):
    expect_all(
        some_pairs(rng, 7).case(student, "the loss of seven pairs, some of which mean the same"),
        some_pairs(rng, 8).case(student, "the loss of eight others"),
        unit="nat",
    )


@graded("4.7", points=1, says="both sides are taught")
def test_gradients(student, rng):
    arguments = some_pairs(rng, 5, same=False).tensors()
    reach = {"one side": 0, "the other side": 1}
    expect_gradients(student.info_nce, arguments, reach=reach, rng=rng, detached="detached")


@graded("4.7", points=1, says="sides that do not fit, a single pair, and a temperature of 0 are refused")
def test_refusals(student, rng):
    one, other, temperature, _ = some_pairs(rng, 5, same=False).tensors()
    for what, arguments in (
        ("a side with a row too few", (one, other[:4], temperature)),
        ("a side of other numbers", (one, other[:, :5], temperature)),
        ("a single pair", (one[:1], other[:1], temperature)),
        ("a temperature of 0", (one, other, 0.0)),
        ("a temperature below 0", (one, other, -0.1)),
    ):
        expect_raises(ValueError, student.info_nce, *arguments, what=what, mistake="anything-accepted")
    three = torch.stack([one, one])
    expect_raises(
        ValueError, student.info_nce, three, three, 0.1, what="three axes", mistake="anything-accepted"
    )
