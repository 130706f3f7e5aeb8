"""The reference of a walk keeps to the plan from wherever it begins."""

from types import SimpleNamespace

import numpy as np
import pytest

from vla_course.motion.walking.gait import ZmpKnots
from vla_course.motion.walking.reference import WalkingReference
from vla_course.reference.day3_humanoid_balance.preview import PreviewController

TICK, HEIGHT = 0.004, 0.8
OMEGA = np.sqrt(9.81 / HEIGHT)
FAR = np.array([35.0, -36.0])
"""m: nothing may depend on where the world's origin is"""


def knots(elapsed):
    """Return a weight that goes over from one foot to the other, stays, and comes to rest between them."""
    times = np.array([0.2, 0.5, 0.9, 1.0]) - elapsed
    return ZmpKnots(times, FAR + [(0.0, 0.0), (0.0, 0.09), (0.0, 0.09), (0.1, 0.0)])


@pytest.fixture
def controller():
    return SimpleNamespace()


@pytest.fixture
def reference(controller):
    return WalkingReference(controller, PreviewController(TICK, HEIGHT, 1.6), TICK, OMEGA)


def test_it_begins_where_the_robot_is_with_the_dcm_that_the_plan_asks_for(reference, controller):
    reference.restart(knots(0.0), FAR + (0.01, -0.02))
    np.testing.assert_allclose(controller.dcm_reference, knots(0.0).dcm(OMEGA), atol=1e-9)
    np.testing.assert_allclose(reference.zmp, FAR, atol=1e-9)


def test_its_zero_moment_point_is_where_the_plan_has_it_and_it_ends_at_rest(reference, controller):
    reference.restart(knots(0.0), FAR + (0.0, -0.01))
    errors = []
    for k in range(1, round(3.0 / TICK)):
        reference.follow(knots(k * TICK))
        errors.append(controller.zmp_reference - knots(k * TICK).sample(np.zeros(1))[0])
    assert np.linalg.norm(errors, axis=1).max() < 0.02
    np.testing.assert_allclose(controller.dcm_reference, FAR + (0.1, 0.0), atol=1e-3)
    np.testing.assert_array_equal(controller.zmp_reference, reference.zmp)


def test_a_new_plan_on_the_way_is_followed_from_the_robot_as_it_is(reference, controller):
    reference.restart(knots(0.0), FAR)
    for k in range(100):
        reference.follow(knots(k * TICK))
    there = FAR + (0.05, 0.03)
    reference.restart(knots(0.4), there)
    np.testing.assert_allclose(controller.dcm_reference, knots(0.4).dcm(OMEGA), atol=1e-9)
