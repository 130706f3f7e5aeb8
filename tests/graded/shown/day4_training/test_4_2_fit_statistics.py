"""4.2: where each number of an action lies, told from the frames that a policy may learn from."""

from dataclasses import replace

import numpy as np

from shown.day4_training.ranges import some_frames
from shown.slips import expect_all
from vla_course.course.checking.judging import expect_close, expect_raises, graded

WITHIN = 2e-5
"""of numbers up to 300, as float32 has them"""


@graded("4.2", points=2, says="each number has its quantiles over the frames of the training episodes alone")
def test_quantiles(student, rng):
    expect_all(
        some_frames(rng).case(student, "low and high"),
        some_frames(rng, 0.1, 0.75).case(student, "low and high of other quantiles"),
        unit="",
        atol=WITHIN,
    )


@graded("4.2", points=1, says="a number that does not move gets a range 2 wide around where it stands")
def test_still(student, rng):
    frames, value = some_frames(rng), float(rng.uniform(3.0, 6.0))
    for what, some in (
        ("a number that never moves", frames.with_still(1, value)),
        ("a number that moves in a single frame", frames.with_still(1, value, odd=value - 1.0)),
    ):
        got = some.asked(student)
        expect_close(
            [got.low[1], got.high[1]],
            [value - 1.0, value + 1.0],
            what=f"the range of {what}",
            atol=1e-5,
            mistakes={"range-of-nothing": [value, value], "around-zero": [-1.0, 1.0]},
        )


@graded("4.2", points=1, says="frames that are not finite, and quantiles that are not in order, are refused")
def test_refusals(student, rng):
    frames = some_frames(rng)
    row = int(np.flatnonzero(~np.isin(frames.episodes, frames.held_out))[0])
    for bad in (np.nan, np.inf):
        values = frames.values.copy()
        values[row, 2] = bad
        what = f"a frame that counts and holds {bad}"
        expect_raises(
            ValueError, replace(frames, values=values).asked, student, what=what, mistake="nan-skipped"
        )
    for lower, upper in ((0.9, 0.1), (0.5, 0.5), (-0.1, 0.9), (0.1, 1.5)):
        expect_raises(
            ValueError,
            student.fit_statistics,
            frames.values,
            lower,
            upper,
            what=f"quantiles from {lower} to {upper}",
            mistake="anything-accepted",
        )
