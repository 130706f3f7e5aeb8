"""1.4: a patch knows its place, a step its time."""

import numpy as np
import torch

from shown.day1_fundamentals.arrays import array_of
from shown.day1_fundamentals.waves import TOLERANCE, likeness_picture, some_places
from shown.slips import expect_all
from vla_course.course.checking.judging import expect_close, expect_raises, graded


@graded("1.4", points=3, says="every axis has its own part of the waves: first its sines, then its cosines")
def test_waves(student, rng):
    expect_all(
        some_places(rng, 6, 1, 4, 10_000.0).case(student, "the waves of steps in time"),
        some_places(rng, 5, 3, 4, 100.0).case(student, "the waves of camera, row and column"),
        some_places(rng, 5, 2, 3, float(rng.uniform(20.0, 5000.0))).case(
            student, "the waves of row and column"
        ),
        some_places(rng, 4, 2, 1, 100.0).case(student, "the only sine and cosine of row and column"),
        unit="",
        atol=TOLERANCE,
    )


@graded("1.4", points=2, says="the scalar product of two positions' waves depends on their difference alone")
def test_likeness(student, rng):
    steps, width = torch.arange(24.0)[:, None], 32
    got = array_of(student.sinusoidal_encoding(steps, width, 100.0), (24, width), "the waves of 24 steps")
    turns = np.subtract.outer(np.arange(24.0), np.arange(24.0))[..., None] * 100.0 ** -(np.arange(16) / 16)
    picture = likeness_picture(got, np.concatenate([f(turns[:, 0]) for f in (np.sin, np.cos)], axis=1))
    products = got @ got.T
    for away in range(24):
        along = np.diagonal(products, away)
        expect_close(
            along,
            np.cos(turns[0, away]).sum() * np.ones(24 - away),
            what=f"the scalar product of positions {away} apart",
            atol=1e-3,
            picture=picture,
        )
    some = some_places(rng, 7, 3, 5, 100.0)
    positions = torch.tensor(some.positions, dtype=torch.float32)
    here, there = (
        array_of(student.sinusoidal_encoding(places, 30, 100.0), (7, 30), "the waves of seven positions")
        for places in (positions, positions + torch.tensor([1.0, 3.0, -7.0]))
    )
    expect_close(
        there @ there.T, here @ here.T, what="the scalar products of positions all moved alike", atol=1e-3
    )


@graded("1.4", points=1, says="a width that does not hold a sine and a cosine for every axis is refused")
def test_refusals(student, rng):
    for axes, width in ((1, 7), (2, 6), (3, 16), (3, 20)):
        positions = torch.zeros(4, axes)
        expect_raises(
            ValueError,
            student.sinusoidal_encoding,
            positions,
            width,
            what=f"a width of {width} for {axes} axes",
            mistake="any-width-accepted",
        )
    for axes, width in ((1, 8), (2, 8), (3, 18), (1, 98)):
        got = student.sinusoidal_encoding(torch.zeros(4, axes), width)
        array_of(got, (4, width), f"the waves of {axes} axes, which fit a width of {width},")
