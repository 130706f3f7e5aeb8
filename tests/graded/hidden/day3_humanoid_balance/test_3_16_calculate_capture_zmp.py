"""3.16, hidden: other pendulums, other planets, far away."""

from dataclasses import replace

import numpy as np

from shown.day3_humanoid_balance.strides import capture_case, some_stride
from shown.slips import expect_all
from vla_course.course.checking.judging import expect, graded


@graded(
    "3.16",
    points=1,
    says="the capture ZMP is right for any pendulum, gain and gravity, a little or far off the plan",
)
def test_giants_and_planets(student, rng):
    cases = []
    for height, gravity in ((4.0, 9.81), (0.845, 1.62), (0.3, 24.8)):
        stride = some_stride(rng, gravity=gravity)
        config = replace(stride.config, pendulum_height=height, dcm_gain=rng.uniform(0.0, 5.0))
        cases.append(capture_case(student, replace(stride, config=config), "the capture ZMP"))
    for size in (1e-3, 0.6):  # a nudge and a shove
        off = size * np.array([0.6, -0.8])
        cases.append(
            capture_case(student, some_stride(rng, off=off), f"the capture ZMP {size} m off the plan")
        )
    bare = some_stride(rng)
    bare = replace(bare, config=replace(bare.config, dcm_gain=0.0))
    cases.append(capture_case(student, bare, "the capture ZMP without any gain"))
    expect_all(*cases, unit="m")


@graded(
    "3.16",
    points=1,
    says="fifty metres away and at the origin it is the same, and what was handed in stays as it was",
)
def test_far_away(student, rng):
    stride, away = some_stride(rng), rng.uniform(40.0, 60.0, 2)
    state = replace(
        stride.state,
        center_of_mass=stride.state.center_of_mass + np.append(away, 0.0),
        support_polygon=stride.state.support_polygon + away,
    )
    stride = replace(
        stride,
        state=state,
        zmp_reference=stride.zmp_reference + away,
        dcm_reference=stride.dcm_reference + away,
    )
    before = state.center_of_mass.copy()
    expect_all(capture_case(student, stride, "the capture ZMP"), unit="m")
    controller = stride.controller(student)
    controller.calculate_capture_zmp(state)
    kept = np.array_equal(state.center_of_mass, before)
    expect(kept, "the centre of mass in the state has been changed")
    plan = np.array([controller.zmp_reference, controller.dcm_reference])
    expect(np.array_equal(plan, [stride.zmp_reference, stride.dcm_reference]), "the plan has been changed")
    start = some_stride(rng)
    start = replace(start, zmp_reference=np.zeros(2), dcm_reference=np.zeros(2))
    expect_all(capture_case(student, start, "the capture ZMP of a plan at the origin"), unit="m")
