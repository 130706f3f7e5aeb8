"""The trunk of a walker follows its feet without overshoot."""

from math import pi

import numpy as np
import pytest

from vla_course.motion.footsteps.footstep import Footstep
from vla_course.motion.standing.balance_config import WALKING
from vla_course.motion.walking.trunk_goal import TrunkGoal
from vla_course.simulation.world.rotation import wrapped

TICK = 0.004


def followed(stance, begin, other, seconds, higher=0.0):
    """Return headings rad and the targets (n, 2) of a trunk whose other foot goes from `begin` to `other`."""
    goal = TrunkGoal(WALKING, stance, begin, WALKING.com_height + higher, 10.0)
    headings, targets = [goal.heading], []
    for k in range(round(seconds / TICK)):
        targets.append(goal.follow(stance, other, 10.0 + k * TICK, TICK))
        headings.append(goal.heading)
    return np.array(headings), np.array(targets)


def test_heading_and_ground_come_half_way_to_the_other_foot_without_overshoot():
    stance, begin = Footstep("left", 0.0, 0.1), Footstep("right", 0.0, -0.1)
    headings, targets = followed(stance, begin, Footstep("right", 0.2, -0.1, 0.08, 0.6), 2.0)
    assert np.all(np.diff(headings) >= 0.0)
    assert headings[-1] == pytest.approx(0.3, abs=1e-4)
    assert headings.max() <= 0.3
    np.testing.assert_allclose(targets[-1], (0.3, 0.04), atol=1e-4)


def test_what_is_asked_of_the_body_leads_while_the_trunk_turns():
    stance, begin = Footstep("left", 0.0, 0.1), Footstep("right", 0.0, -0.1)
    headings, targets = followed(stance, begin, Footstep("right", 0.0, -0.1, 0.0, 0.6), 0.2)
    assert np.all(targets[:, 0] > headings[1:])


def test_a_trunk_that_faces_backward_turns_the_short_way():
    stance, begin = Footstep("left", 0.0, 0.0, yaw=pi - 0.1), Footstep("right", 0.0, 0.2, yaw=pi - 0.1)
    headings, _ = followed(stance, begin, Footstep("right", 0.0, 0.2, yaw=0.1 - pi), 2.0)
    assert wrapped(headings[-1] - pi) == pytest.approx(0.0, abs=1e-4)
    assert np.ptp(headings) < 0.11


def test_a_robot_that_stands_higher_goes_down_to_its_walking_height():
    stance, other = Footstep("left", 0.0, 0.1, 0.3), Footstep("right", 0.0, -0.1, 0.3)
    _, targets = followed(stance, other, other, 1.0, higher=0.3 + 0.04)
    ground = targets[:, 1]
    assert ground[0] == pytest.approx(0.34)
    assert np.all(np.diff(ground) <= 0.0)
    assert ground[-1] == pytest.approx(0.3)
