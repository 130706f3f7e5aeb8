"""5.5, hidden: laws that hold whatever the matrix."""

import numpy as np

from shown.day5_deployment.matrices import asked, layer
from vla_course.course.checking.judging import expect, expect_close, graded


@graded("5.5", points=1, says="a product with the quantised matrix is off by half a step an input at most")
def test_products(student, rng):
    numbers, inputs = layer(rng, 20, 300), rng.normal(size=300)
    got = asked(student, numbers)
    off = np.abs((got.values * got.scales[:, None] - numbers) @ inputs)
    most = got.scales / 2.0 * np.abs(inputs).sum()
    expect(
        bool(
            (off <= most * (1.0 + 1e-6)).all() and (got.scales <= np.abs(numbers).max(axis=1) / 126.9).all()
        ),
        "an output is off by more than half a step for each input",
        got=float((off / most).max()),
        expected="at most 1",
    )


@graded("5.5", points=1, says="a matrix and its negative are quantised alike, in float32 as in float64")
def test_signs(student, rng):
    numbers = rng.integers(-60, 60, size=(6, 9)) / 64.0  # the same in both
    ways = [asked(student, way) for way in (numbers, -numbers, numbers.astype(np.float32))]
    expect_close(ways[1].values, -ways[0].values.astype(int), what="values of the negative")
    expect_close(ways[1].scales, ways[0].scales, what="scales of the negative", atol=1e-12)
    expect_close(ways[2].scales, ways[0].scales, what="scales of float32", rtol=1e-6)
    close = np.abs(ways[2].values.astype(int) - ways[0].values) <= 1
    expect(bool(close.all()), "float32 and float64 should be quantised alike")


@graded("5.5", points=1, says="ranges of 0, and ranges larger than any number, are ranges like others")
def test_odd_ranges(student, rng):
    numbers = rng.integers(-20, 20, size=(3, 5)).astype(float)
    got = asked(student, numbers, np.array([0.0, 254.0, 127.0]))
    expect_close(got.scales, [1.0, 2.0, 1.0], what="scales for ranges 0, 254 and 127", atol=1e-12)
    expect_close(got.values[0], np.zeros(5), what="values for range 0", mistakes={"zero-row": None})
    expect_close(got.values[2], numbers[2], what="whole numbers at a step of 1")
