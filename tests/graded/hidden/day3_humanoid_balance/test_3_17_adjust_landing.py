"""3.17, hidden: asked again on the way, other pendulums and planets, and what was handed in."""

from dataclasses import replace

import numpy as np

from shown.day3_humanoid_balance.steering import nearest_inside
from shown.day3_humanoid_balance.strides import landing_case, pushed_off
from shown.day3_humanoid_balance.test_3_17_adjust_landing import some_landing
from shown.slips import expect_all
from vla_course.course.checking.judging import expect, expect_close, graded


@graded("3.17", points=1, says="asked again while the foot is in the air, it names the same place")
def test_asked_again(student, rng):
    for reach in (1.5, 3.0):
        stride = pushed_off(rng, reach)
        planned, time_left = some_landing(rng, stride)
        first = np.array(
            stride.controller(student).adjust_landing(planned, time_left, stride.state), dtype=float
        )
        expect(first.shape == (2,), "the landing should be a place on the ground")
        for share in (0.3, 0.7, 1.0):
            seconds = share * time_left
            later = stride.moved_on(nearest_inside(stride.needed, stride.ankles, 0.0), seconds)
            again = later.controller(student).adjust_landing(planned, time_left - seconds, later.state)
            expect_close(again, first, what="where the foot lands, asked later", unit="m", atol=1e-8)
        controller = stride.controller(student)
        for _ in range(2):
            twice = np.array(controller.adjust_landing(planned, time_left, stride.state), dtype=float)
            expect_close(twice, first, what="where the foot lands, asked twice at once", unit="m")


@graded("3.17", points=1, says="the landing is right for any pendulum, any fraction of the sole and any gravity")
def test_giants_and_planets(student, rng):
    cases = []
    for height, gravity, share in ((2.0, 9.81, 0.95), (0.845, 1.62, 0.2), (0.5, 24.8, 0.6), (1.0, 9.81, 1.0)):
        stride = pushed_off(rng, 1.0, gravity=gravity)
        stride = replace(stride, config=replace(stride.config, pendulum_height=height, ankle_share=share))
        off = rng.uniform(0.2, 0.3) * np.array([np.cos(share * 9.0), np.sin(share * 9.0)])
        stride = replace(stride, dcm_reference=stride.dcm - off)
        cases.append(landing_case(student, stride, *some_landing(rng, stride), "where the foot lands"))
    expect_all(*cases, unit="m", atol=1e-8)


@graded(
    "3.17", points=1, says="the foot that lands now is put where the robot is off; what was handed in stays"
)
def test_no_time_left(student, rng):
    stride = pushed_off(rng, 2.0)
    planned, _ = some_landing(rng, stride)
    outside = 1.5 * stride.state.support_polygon[0] - 0.5 * stride.state.support_polygon.mean(axis=0)
    apart = replace(stride, zmp_reference=outside)
    apart = replace(apart, dcm_reference=apart.dcm - np.array([0.2, -0.1]))
    expect_all(
        landing_case(student, stride, planned, 0.0, "where the foot lands"),
        landing_case(student, apart, planned, 0.1, "where the foot lands, p_ref beside the sole"),
        unit="m",
    )
    given, polygon = planned.copy(), stride.state.support_polygon.copy()
    controller = stride.controller(student)
    controller.adjust_landing(given, 0.2, stride.state)
    kept = np.array_equal(given, planned) and np.array_equal(stride.state.support_polygon, polygon)
    expect(kept, "the arrays that were handed in have been changed")
    plan = np.array([controller.zmp_reference, controller.dcm_reference])
    expect(np.array_equal(plan, [stride.zmp_reference, stride.dcm_reference]), "the plan has been changed")
