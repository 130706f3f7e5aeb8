"""Opening, closing and holding."""

import numpy as np
import pytest

from vla_course.simulation.robot.humanoid import HOME_POSTURE, Humanoid
from vla_course.simulation.robot.layout import JOINT_NAMES
from vla_course.simulation.scene import parts as scene_parts
from vla_course.simulation.scene.scene import load_thing
from vla_course.simulation.world.engine import pybullet
from vla_course.simulation.world.rotation import rotation_matrix
from vla_course.simulation.world.world import World


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


def taken(world, robot, link, mass):
    """Give `link` into the left hand: it is carried until the fingers have closed on it."""
    robot.grip(0.8, 0.0)
    world.run(0.8)
    thing = load_thing(world, link, *robot.link_pose("left_tool"))
    robot.grip(0.0, 0.0)
    for _ in range(100):
        lift = (0.0, 0.0, 9.81 * mass)
        middle, _ = pybullet.getBasePositionAndOrientation(thing, physicsClientId=world.client)
        pybullet.applyExternalForce(
            thing, -1, lift, middle, pybullet.WORLD_FRAME, physicsClientId=world.client
        )
        world.step()
    return thing


@pytest.mark.parametrize("mass", [0.05, 0.30])
def test_a_thing_between_the_fingers_is_held_by_friction_alone(world, mass):
    robot = Humanoid(world)
    target = HOME_POSTURE.copy()
    target[JOINT_NAMES.index("left_elbow")] = -1.4
    robot.command(target)
    box = taken(world, robot, scene_parts.box((0.2, 0.6, 0.2), mass), mass)

    def slip():
        middle, _ = pybullet.getBasePositionAndOrientation(box, physicsClientId=world.client)
        return np.array(middle) - robot.link_pose("left_tool")[0]

    before = slip()
    world.run(1.0)
    assert np.linalg.norm(slip() - before) < 2e-3
    assert robot.state().gripper_openings[0] == pytest.approx(0.5, abs=0.03)


def test_a_hand_that_turns_over_presses_straight_on_what_it_holds(world):
    robot = Humanoid(world)
    target, roll = HOME_POSTURE.copy(), JOINT_NAMES.index("left_wrist_roll")
    target[JOINT_NAMES.index("left_elbow")], target[roll] = -1.4, -1.2
    robot.command(target)
    cup = taken(world, robot, scene_parts.cup((0.6, 0.2, 0.2), 0.05), 0.05)
    for target[roll] in np.linspace(-1.2, 1.2, 600):
        robot.command(target)
        world.step()
    across = rotation_matrix(np.array(robot.link_pose("left_tool")[1]))[:, 1]
    contacts = pybullet.getContactPoints(robot.body, cup, physicsClientId=world.client)
    assert sum(contact[9] for contact in contacts) > 20.0
    assert all(abs(np.dot(contact[7], across)) > 0.95 for contact in contacts if contact[9] > 1.0)
