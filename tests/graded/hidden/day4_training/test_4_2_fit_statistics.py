"""4.2, hidden: no split, a split of everything, a nan that does not count, types."""

from dataclasses import replace

import numpy as np

from shown.day4_training.ranges import some_frames
from vla_course.course.checking.judging import expect, expect_close, expect_raises, graded


@graded("4.2", points=1, says="without a split every frame counts, by 1 % and 99 % if nothing else is said")
def test_defaults(student, rng):
    frames = replace(some_frames(rng), held_out=())
    got = student.fit_statistics(frames.values)
    right = frames.ends(frames.counted())
    expect_close(np.stack([got.low, got.high]), right, what="low and high without a split", atol=2e-5)
    single = student.fit_statistics(frames.values[:1])
    alone = frames.values[0].astype(np.float64) + np.array([[-1.0], [1.0]])
    expect_close(np.stack([single.low, single.high]), alone, what="low and high of a single frame", atol=2e-5)
    whole = replace(frames, lower=0.0, upper=1.0)
    got, right = whole.asked(student), whole.ends(whole.counted())
    expect_close(np.stack([got.low, got.high]), right, what="low and high from 0 to 1", atol=2e-5)


@graded("4.2", points=1, says="what is held out does not count at all, be it nan; and something must count")
def test_held_out(student, rng):
    frames = some_frames(rng)
    values = frames.values.copy()
    values[int(np.flatnonzero(np.isin(frames.episodes, frames.held_out))[0])] = np.nan
    got = replace(frames, values=values).asked(student)
    right = frames.ends(frames.counted())
    expect_close(
        np.stack([got.low, got.high]), right, what="low and high beside nan that is held out", atol=2e-5
    )
    for what, kind in (("a set", set), ("a list", list)):
        named = {"episodes": frames.episodes, "held_out": kind(frames.held_out)}
        got = student.fit_statistics(frames.values, frames.lower, frames.upper, **named)
        expect_close(
            np.stack([got.low, got.high]),
            right,
            what=f"low and high where what is held out is {what}",
            atol=2e-5,
            mistakes={"set-not-opened": frames.ends(frames.values.astype(np.float64))},
        )
    everything = replace(frames, held_out=tuple(np.unique(frames.episodes).tolist()))
    for what, some in (
        ("a split that holds everything out", everything),
        ("a number of an episode too few", replace(frames, episodes=frames.episodes[1:])),
        ("values of one axis", replace(frames, values=frames.values[:, 0])),
    ):
        expect_raises(ValueError, some.asked, student, what=what, mistake="anything-accepted")
    none = np.zeros((0, 3), np.float32)
    expect_raises(ValueError, student.fit_statistics, none, what="no frame", mistake="anything-accepted")


@graded(
    "4.2", points=1, says="both ends are float32; a range is widened where it is rounding, and only there"
)
def test_narrow(student, rng):
    frames = some_frames(rng)
    middle = float(rng.uniform(0.5, 1.0))
    rocking = np.where(np.arange(len(frames.values)) % 2, 1.0, -1.0)
    for width, wide, where in ((1e-7, True, middle), (1e-7, True, 1e-3 * middle), (1e-4, False, middle)):
        values = frames.values.astype(np.float64)
        values[:, 3] = where + 0.5 * width * rocking
        got = student.fit_statistics(values, 0.1, 0.9)
        right = 2.0 if wide else width
        found = float(got.high[3]) - float(got.low[3])
        expect_close(found, right, what=f"the width of numbers {width:g} apart", atol=2e-7)
        kinds = {np.asarray(got.low).dtype, np.asarray(got.high).dtype}
        expect(
            kinds == {np.dtype(np.float32)},
            "low and high should be float32",
            got=sorted(map(str, kinds)),
            mistake="another-type",
        )
