"""4.9: how much better than expected each step turned out."""

from dataclasses import replace

import numpy as np

from shown.day4_training.surprises import some_rollout
from shown.slips import expect_all
from vla_course.course.checking.judging import expect_close, expect_raises, graded

WITHIN = 1e-4
"""of sums of a dozen numbers about 1, as float32 has them"""


@graded(
    "4.9", points=3, says="an advantage sums the surprises of its episode, and what ends in which way matters"
)
def test_episodes(student, rng):
    expect_all(
        *some_rollout(rng, 14, 3).cases(student, "three robots"),
        *some_rollout(rng, 11, 2).cases(student, "two robots"),
        unit="",
        atol=WITHIN,
    )


@graded("4.9", points=1, says="what comes after the last row is taken from the last row of values")
def test_open_end(student, rng):
    rollout = some_rollout(rng, 8, 2)
    never = np.zeros_like(rollout.terminated)
    running = replace(rollout, terminated=never, truncated=never)
    cut = replace(running, values=np.concatenate([running.values[:-1], 0.0 * running.values[-1:]]))
    got, _ = running.asked(student)
    expect_close(
        got,
        running.summed(),
        what="the advantages of episodes that go on",
        atol=WITHIN,
        mistakes={"last-row-ends": cut.summed()},
    )


@graded("4.9", points=1, says="shapes that do not belong together are refused")
def test_shapes(student, rng):
    rollout = some_rollout(rng, 8, 3)
    for what, some in (
        ("values of T rows", replace(rollout, values=rollout.values[:-1])),
        ("values of one robot", replace(rollout, values=rollout.values[:, :1])),
        ("ends of one robot", replace(rollout, terminated=rollout.terminated[:, :1])),
        ("final values of one row", replace(rollout, final_values=rollout.final_values[:1])),
        ("a row of truncations too few", replace(rollout, truncated=rollout.truncated[1:])),
    ):
        expect_raises(ValueError, some.asked, student, what=what, mistake="broadcast")
