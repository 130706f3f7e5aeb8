"""5.5: weights in 8 bits, each row with a scale of its own."""

import numpy as np

from shown.day5_deployment.matrices import asked, farthest, layer, nearest, picture
from vla_course.course.checking.judging import expect, expect_close, expect_raises, graded


@graded(
    "5.5",
    points=2,
    says="127 steps of a row's scale reach just as far as its largest number, to whichever side",
)
def test_scales(student, rng):
    numbers = layer(rng, 5, 8)
    numbers[2] = -np.abs(numbers[2])  # all of them on one side
    reach, got = farthest(numbers), asked(student, numbers)
    expect_close(
        127.0 * got.scales,
        reach,
        what="how far 127 steps reach",
        atol=1e-7,
        mistakes={
            "per-tensor": np.full(5, reach.max()),
            "one-for-all": reach.max(),
            "per-column": farthest(numbers.T),
            "signed-maximum": numbers.max(axis=1),
            "to-128": reach * 127 / 128,
            "inverse": 127.0 * 127.0 / reach,
        },
    )


@graded("5.5", points=2, says="each number becomes the nearest whole number of steps")
def test_values(student, rng):
    numbers = layer(rng, 4, 30)
    got, scales = asked(student, numbers), farthest(numbers) / 127.0
    steps = numbers / scales[:, None]
    expect_close(
        got.values,
        nearest(numbers, scales),
        what="the values",
        mistakes={"truncated": np.trunc(steps), "floored": np.clip(np.floor(steps), -127, 127)},
        picture=picture(numbers, got, scales),
    )
    expect(
        got.values.dtype == np.int8,
        "the values should be int8: a byte each is what all this is for",
        got=str(got.values.dtype),
        expected="int8",
        mistake="another-type",
    )


@graded("5.5", points=1, says="half-way between two steps, the even one is taken")
def test_ties(student):
    # The scale is 1/2 exactly, and every other number lies half-way between two steps.
    halves = np.array([0.5, 1.5, 2.5, 3.5, -0.5, -1.5, -2.5, -3.5])
    got = asked(student, np.array([[63.5, *halves / 2.0]]))
    expect_close(
        got.values[0, 1:],
        [0, 2, 2, 4, 0, -2, -2, -4],
        what="halves of a step",
        mistakes={
            "half-away": [1, 2, 3, 4, -1, -2, -3, -4],
            "half-up": [1, 2, 3, 4, 0, -1, -2, -3],
        },
    )


@graded("5.5", points=1, says="a row of nothing but zeros has scale 1 and values 0")
def test_nothing(student, rng):
    numbers = layer(rng, 3, 6)
    numbers[1] = 0.0
    got = asked(student, numbers)
    told = np.atleast_1d(got.scales).tolist(), got.values.tolist()
    expect(
        len(told[0]) == 3 and told[0][1] == 1.0 and told[1][1] == [0] * 6,
        "a row of zeros should have scale 1 and values 0",
        got=f"scales {told[0]}, values {told[1][1]}",
        expected=f"scale 1, values {[0] * 6}",
        mistake="zero-row",
    )


@graded(
    "5.5",
    points=1,
    says="what lies beyond a range that is given is cut off, and what lies within gets a finer step",
)
def test_ranges(student, rng):
    numbers = rng.normal(size=(3, 40))
    numbers[:, 7] = [9.0, -11.0, 14.0]  # an outlier in each
    ranges = np.array([2.0, 2.5, 3.0])
    got = asked(student, numbers, ranges)
    steps = numbers / (ranges / 127.0)[:, None]
    expect_close(
        got.scales * 127.0,
        ranges,
        what="how far 127 steps reach",
        atol=1e-7,
        mistakes={"ranges-ignored": farthest(numbers)},
    )
    expect_close(
        got.values,
        nearest(numbers, ranges / 127.0),
        what="the values",
        mistakes={
            "wraps": np.rint(steps).astype(np.int64).astype(np.int8),
            "to-128": np.clip(np.rint(steps), -128, 127),
        },
        picture=picture(numbers, got, ranges / 127.0),
    )


@graded("5.5", points=1, says="what is no matrix, not finite, or a range that cannot be, is refused")
def test_refusals(student, rng):
    numbers = layer(rng, 3, 4)
    hole, beyond = numbers.copy(), numbers.copy()
    hole[1, 2], beyond[0, 0] = np.nan, -np.inf
    for what, arguments in (
        ("a row alone", (numbers[0],)),
        ("three axes", (numbers[None],)),
        ("a number that is none", (hole,)),
        ("an infinite number", (beyond,)),
        ("a row alone, with ranges", (numbers[0], np.ones(4))),
        ("three axes, with a range", (numbers[None], np.ones(1))),
        ("a number that is none, with ranges", (hole, np.ones(3))),
        ("an infinite number, with ranges", (beyond, np.ones(3))),
        ("one range for three rows", (numbers, np.ones(1))),
        ("a range for each column", (numbers, np.ones(4))),
        ("a negative range", (numbers, np.array([1.0, -1.0, 1.0]))),
        ("an infinite range", (numbers, np.array([1.0, np.inf, 1.0]))),
        ("a range that is no number", (numbers, np.array([np.nan, 1.0, 1.0]))),
    ):
        expect_raises(ValueError, student.quantize_rows, *arguments, what=what, mistake="anything-accepted")
