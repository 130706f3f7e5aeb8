"""3.17: a robot pushed too hard for its ankles puts its foot where it is falling to."""

from dataclasses import replace

import numpy as np

from shown.day3_humanoid_balance.ground import signed_distance
from shown.day3_humanoid_balance.steering import nearest_inside
from shown.day3_humanoid_balance.strides import landing_case, landing_picture, pushed_off
from shown.slips import expect_all
from vla_course.course.checking.judging import expect, graded


def some_landing(rng, stride):
    """A planned landing (2,) m about a step away from the foot on the ground, and the time that is left."""
    angle = rng.uniform(-np.pi, np.pi)
    return stride.zmp_reference + 0.3 * np.array([np.cos(angle), np.sin(angle)]), float(rng.uniform(0.1, 0.4))


@graded(
    "3.17",
    points=3,
    says="what the ankles cannot take grows until the foot lands, and the foot is there to meet it",
)
def test_too_much_for_the_ankles(student, rng):
    cases = []
    for reach in (1.3, 2.0, 3.0, 4.0):
        stride = pushed_off(rng, reach)
        cases.append(landing_case(student, stride, *some_landing(rng, stride), "where the foot lands"))
    expect_all(*cases, unit="m")


@graded("3.17", points=2, says="a push that the ankles can take leaves the step where it was planned")
def test_ankles_suffice(student, rng):
    cases = []
    for reach in (0.0, 0.5, 0.9):
        stride = pushed_off(rng, reach)
        cases.append(landing_case(student, stride, *some_landing(rng, stride), "where the foot lands"))
    expect_all(*cases, unit="m")


@graded(
    "3.17",
    points=2,
    says="let fall until the foot lands, the robot is back on its plan but for what its ankles can take",
)
def test_back_on_the_plan(student, rng):
    tick = 0.01
    for reach in (1.5, 2.5, 4.0):
        stride = pushed_off(rng, reach)
        planned, time_left = some_landing(rng, stride)
        ticks = round(time_left / tick)
        controller = stride.controller(student)
        landed = np.asarray(controller.adjust_landing(planned, ticks * tick, stride.state), dtype=float)
        expect(
            landed.shape == (2,), "the landing should be a place on the ground", got=landed, expected="x, y"
        )
        end = stride
        for _ in range(ticks):
            end = end.moved_on(nearest_inside(end.needed, end.ankles, 0.0), tick)
        left = (end.dcm - landed) - (end.dcm_reference - planned)
        beyond = -float(signed_distance(end.zmp_reference + left, end.ankles))
        reference = (
            planned
            + (end.dcm - end.dcm_reference)
            - (nearest_inside(stride.needed, stride.ankles, 0.0) - stride.zmp_reference)
        )
        expect(
            beyond < 1e-6,
            "when the foot has landed, the DCM is farther off its plan than the ankles reach: the robot falls on",
            got=beyond,
            expected="0",
            unit="m too far",
            picture=landing_picture(replace(stride), planned, reference, landed),
        )
