"""Opening, closing and holding."""

import numpy as np
import pytest

from vla_course.simulation import scene_parts
from vla_course.simulation.engine import pybullet
from vla_course.simulation.humanoid import HOME_POSTURE, Humanoid
from vla_course.simulation.layout import JOINT_NAMES
from vla_course.simulation.scene import load_thing
from vla_course.simulation.world import World


@pytest.fixture
def world():
    with World() as world:
        yield world


def test_grippers_open_at_their_speed_and_close_again(world):
    robot = Humanoid(world)
    robot.grip(1.0, 0.4)
    world.run(0.2)
    assert 0.3 < robot.state().gripper_openings[0] < 0.55
    world.run(0.5)
    np.testing.assert_allclose(robot.state().gripper_openings, [1.0, 0.4], atol=0.02)
    robot.grip(0.0, 0.0)
    world.run(0.7)
    np.testing.assert_allclose(robot.state().gripper_openings, [0.0, 0.0], atol=0.02)


@pytest.mark.parametrize("mass", [0.05, 0.30])
def test_a_thing_between_the_fingers_is_held_by_friction_alone(world, mass):
    robot = Humanoid(world)
    target = HOME_POSTURE.copy()
    target[JOINT_NAMES.index("left_elbow")] = -1.4
    robot.command(target)
    robot.grip(0.8, 0.0)
    world.run(0.8)
    place, turn = robot.link_pose("left_tool")
    box = load_thing(world, scene_parts.box((0.2, 0.6, 0.2), mass), place, turn)
    robot.grip(0.0, 0.0)
    for _ in range(100):  # carried until the fingers have closed on it
        lift = (0.0, 0.0, 9.81 * mass)
        middle, _ = pybullet.getBasePositionAndOrientation(box, physicsClientId=world.client)
        pybullet.applyExternalForce(box, -1, lift, middle, pybullet.WORLD_FRAME, physicsClientId=world.client)
        world.step()

    def slip():
        middle, _ = pybullet.getBasePositionAndOrientation(box, physicsClientId=world.client)
        return np.array(middle) - robot.link_pose("left_tool")[0]

    before = slip()
    world.run(1.0)
    assert np.linalg.norm(slip() - before) < 2e-3
    assert robot.state().gripper_openings[0] == pytest.approx(0.5, abs=0.03)
