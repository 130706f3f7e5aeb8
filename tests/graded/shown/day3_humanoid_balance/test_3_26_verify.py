"""3.26: a plan is as safe as its worst step, wherever in the plan that is."""

import numpy as np

from shown.day3_humanoid_balance.looks import Look, expect_looks, holed, strides
from vla_course.course.checking.judging import expect, graded
from vla_course.motion.footsteps.footstep import Footstep
from vla_course.motion.footsteps.plan import Stance
from vla_course.motion.ground.obstacles import Pillar

LANE = (0.0, 0.7)
"""m, a hole as wide as this takes the left foot's lane, and all that it reaches beside it"""


def sole(step):
    """Points of the sole, as complex numbers."""
    ahead, left = np.meshgrid(np.linspace(-0.114, 0.105, 12), np.linspace(-0.055, 0.055, 7))
    return (np.exp(1j * step.yaw) * (ahead + 1j * left) + complex(step.x, step.y)).ravel()


@graded("3.26", points=2, says="a plan that is safe stays as it is, however far it leads")
def test_safe_plan_stays(student, rng):
    stride = float(rng.uniform(0.15, 0.3))
    expect_looks(
        student,
        Look(holed(), strides(stride, 7)),
        Look(holed(), strides(float(rng.uniform(0.2, 0.28)), 6, "right")),
        Look(holed(), strides(0.2, 4), step_time=1.3),
        Look(holed(), []),
    )


@graded("3.26", points=3, says="an unsafe step is replaced by the nearest safe one, and reported, wherever it is")
def test_worst_step(student, rng):
    at = 0.25 * int(rng.choice((3, 5)))
    hole = (at - 0.05, at + 0.05, 0.05, 0.15)
    over_the_hole = Look(holed(hole), strides(0.25, 7))
    too_far = strides(0.25, 6)
    k = int(rng.integers(2, 5))
    too_far[k] = Footstep(too_far[k].side, too_far[k].x + 0.2, too_far[k].y, swing_height=0.06)
    kicks = strides(0.2, 6)
    for k in (0, int(rng.integers(1, 5))):
        kicks[k] = Footstep(kicks[k].side, kicks[k].x, kicks[k].y, swing_height=0.0)
    post = Look(holed(), strides(0.25, 6), obstacles=(Pillar(1.0, float(rng.uniform(0.36, 0.4)), 0.05),))
    expect_looks(student, over_the_hole, Look(holed(), too_far), Look(holed(), kicks), post)
    x0, x1, y0, y1 = hole
    for number, step in enumerate(over_the_hole.ask(student).steps, start=1):
        points = sole(step)
        over = (points.real > x0) & (points.real < x1) & (points.imag > y0) & (points.imag < y1)
        expect(not over.any(), f"step {number} stands over ground that nobody has seen", got=step)


@graded("3.26", points=3, says="a mended step moves the foot from which the next one starts")
def test_later_steps(student, rng):
    stride = float(rng.uniform(0.29, 0.32))
    wide = Look(holed((3 * stride - 0.05, 3 * stride + 0.05, *LANE)), strides(stride, 7))
    aside = strides(0.25, 6)
    aside[2] = Footstep("left", aside[2].x, aside[2].y + 0.4, swing_height=0.06)
    expect_looks(student, wide, Look(holed(), aside))
    feet = {"left": wide.start.left, "right": wide.start.right}
    for number, step in enumerate(wide.ask(student).steps, start=1):
        ahead = step.x - feet["right" if step.side == "left" else "left"].x
        expect(
            ahead < 0.351, f"step {number} is {ahead:.2f} m ahead of the foot that bears the robot", got=step
        )
        feet[step.side] = step


@graded("3.26", points=2, says="where no safe step is left, the plan ends before it and says why")
def test_nothing_left(student, rng):
    stride = float(rng.uniform(0.31, 0.34))
    nothing = holed((0.12, 2.4, -0.03, 0.8))
    mends_first = strides(stride, 6)
    mends_first[0] = Footstep("left", 0.0, 0.13, swing_height=0.0)
    steps = [Footstep("right", stride, -0.1, swing_height=0.06), *strides(0.25, 4, place=(stride, 0.0))]
    expect_looks(
        student,
        Look(nothing, steps, Stance.at(0.0, 0.0)),
        Look(nothing, [*mends_first[:1], *steps]),
        Look(holed((0.2, 2.4, -0.8, 0.8)), strides(0.25, 3)),
    )


@graded("3.26", points=2, says="the quicker the pace, the shorter a step may be")
def test_pace(student, rng):
    hurries = strides(0.3, 4)
    hurries[1] = Footstep("right", hurries[1].x, hurries[1].y, swing_height=0.0)
    expect_looks(
        student,
        Look(holed(), hurries, step_time=float(rng.uniform(0.33, 0.38))),
        Look(holed(), strides(0.25, 3, "right"), step_time=float(rng.uniform(0.37, 0.39))),
        Look(holed(), strides(0.2, 4), step_time=1.3),
        Look(holed(), strides(0.15, 3), step_time=0.2),
    )
