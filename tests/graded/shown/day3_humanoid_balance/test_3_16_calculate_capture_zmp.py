"""3.16: the zero moment point that brings a walking robot back to its plan."""

from dataclasses import replace

import numpy as np

from shown.day3_humanoid_balance.strides import capture_case, some_stride
from shown.slips import expect_all
from vla_course.course.checking.judging import expect, graded


@graded(
    "3.16",
    points=2,
    says="off the plan, the ZMP goes beyond the error of the DCM, seen from where it was planned",
)
def test_off_the_plan(student, rng):
    cases = [capture_case(student, some_stride(rng), "the capture ZMP") for _ in range(4)]
    expect_all(*cases, unit="m")


@graded("3.16", points=1, says="as long as the DCM is where it should be, the ZMP is the planned one")
def test_on_the_plan(student, rng):
    cases = [capture_case(student, some_stride(rng, off=np.zeros(2)), "the capture ZMP") for _ in range(2)]
    expect_all(*cases, unit="m")


@graded(
    "3.16", points=1, says="steered so, a pushed robot's DCM comes back to its plan while the plan moves on"
)
def test_comes_back(student, rng):
    tick, ticks = 0.002, 150
    for _ in range(2):
        stride = some_stride(rng)
        step, gain = rng.uniform(-0.002, 0.002, 2), stride.config.dcm_gain
        before = stride.dcm - stride.dcm_reference
        controller = stride.controller(student)
        for _ in range(ticks):
            controller.zmp_reference, controller.dcm_reference = stride.zmp_reference, stride.dcm_reference
            zmp = np.asarray(controller.calculate_capture_zmp(stride.state), dtype=float)
            stride = stride.moved_on(zmp, tick)
            if not np.hypot(*(stride.dcm - stride.dcm_reference)) < 3.0:
                break
            stride = replace(stride, zmp_reference=stride.zmp_reference + step)
        left = float(np.hypot(*(stride.dcm - stride.dcm_reference)) / np.hypot(*before))
        due = float(np.exp(-gain / stride.lead * tick * ticks))
        expect(
            abs(left - due) < 0.03,
            f"with gain {gain:.1f} the DCM should be back but for the share exp(-{gain:.1f} omega t) of its error",
            got=left,
            expected=due,
        )
