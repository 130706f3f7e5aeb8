"""Day 3, your own balance in a walk: it steers and moves its steps while the humanoid is on its way."""

import numpy as np

from shown.day3_humanoid_balance.strolls import expect_walks
from vla_course.course.checking.judging import graded


@graded("day3-walking", points=2, says="your own controller walks the humanoid, and takes a nudge on its way")
def test_walks_and_takes_a_nudge(student, rng):
    heading, angle = rng.uniform(-np.pi, np.pi, 2)
    impulse = rng.uniform(6.0, 8.0)
    push = (float(impulse * np.cos(angle)), float(impulse * np.sin(angle)))
    expect_walks(student.WalkingController(), forward=0.3, seconds=2.8, heading=float(heading), push=push)
