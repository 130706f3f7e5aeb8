"""Actions and radians."""

import numpy as np
import pytest

from vla_course.learning.model.joint_range import JointRange, joint_range
from vla_course.simulation.robot.humanoid import Humanoid
from vla_course.simulation.robot.layout import ARMS
from vla_course.simulation.world.world import World


def test_the_limits_are_those_of_the_robot_in_the_engine():
    with World() as world:
        limits = Humanoid(world).joint_limits
    whole, arms = joint_range(), joint_range(14)
    np.testing.assert_allclose(np.stack((whole.lower, whole.upper), axis=1), limits, atol=1e-6)
    np.testing.assert_allclose(np.stack((arms.lower, arms.upper), axis=1), limits[ARMS], atol=1e-6)


def test_limits_are_minus_one_and_one_and_the_middle_is_zero():
    limits = joint_range()
    np.testing.assert_array_equal(limits.to_unit(limits.lower), -1.0)
    np.testing.assert_array_equal(limits.to_unit(limits.upper), 1.0)
    np.testing.assert_allclose(limits.to_unit((limits.lower + limits.upper) / 2), 0.0, atol=1e-6)
    np.testing.assert_array_equal(limits.to_unit(limits.upper + 1.0), 1.0)


def test_an_action_head_undoes_it():
    import torch

    from vla_course.reference.day1_fundamentals.action_head import ActionHead

    limits = joint_range()
    head = ActionHead(8, limits)
    acted = head(3.0 * torch.randn(50, 8))
    np.testing.assert_allclose(limits.to_unit(acted.targets.detach()), acted.actions.detach(), atol=1e-6)


def test_other_sizes_are_refused():
    with pytest.raises(ValueError, match="no limits of 33 joints .* expected 28 .* or 14"):
        joint_range(33)
    with pytest.raises(ValueError, match=r"\(2,\), \(3,\)"):
        JointRange(np.zeros(2), np.ones(3))
    with pytest.raises(ValueError, match="not below"):
        JointRange(np.zeros(2), np.array([1.0, 0.0]))
