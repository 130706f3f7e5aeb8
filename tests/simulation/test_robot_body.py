"""Masses, limits and self-collision of the loaded robot."""

import numpy as np
import pytest

from vla_course.simulation.robot.description import HumanoidDescription
from vla_course.simulation.robot.humanoid import HOME_POSTURE, Humanoid
from vla_course.simulation.robot.layout import JOINT_NAMES
from vla_course.simulation.world.engine import pybullet
from vla_course.simulation.world.world import World

G = 9.81


@pytest.fixture
def world():
    with World() as world:
        yield world


def test_mass_scale_scales_and_the_soles_notice(world):
    robot = Humanoid(world, mass_scale={"pelvis": 1.2, "left_thigh": 0.9})
    plain = Humanoid(world, position=(0.0, 3.0))
    gain = 0.2 * plain.link_masses["pelvis"] - 0.1 * plain.link_masses["left_thigh"]
    assert robot.mass == pytest.approx(plain.mass + gain)
    loads = []
    for _ in range(400):
        world.step()
        loads.append(sum(sole.force for sole in robot.sole_contacts()))
    assert np.mean(loads[200:]) == pytest.approx(robot.mass * G, rel=5e-3)


def test_hands_collide_with_the_trunk(world):
    robot = Humanoid(world)
    target = HOME_POSTURE.copy()
    target[JOINT_NAMES.index("left_shoulder_roll")] = -0.4
    target[JOINT_NAMES.index("left_shoulder_yaw")] = -1.6
    target[JOINT_NAMES.index("left_elbow")] = -1.6
    robot.command(target)
    touched = False
    for _ in range(250):
        world.step()
        touched = touched or any(
            contact[9] > 0.0
            for contact in pybullet.getContactPoints(
                bodyA=robot.body, bodyB=robot.body, physicsClientId=world.client
            )
        )
    assert touched


def test_home_lies_well_inside_the_limits(world):
    robot = Humanoid(world)
    lower, upper = robot.joint_limits.T
    elbows = np.array(["elbow" in name for name in JOINT_NAMES])
    assert (lower + 0.2 < HOME_POSTURE).all()
    assert (upper - 0.2 > HOME_POSTURE)[~elbows].all()
    assert (robot.joint_efforts >= 15.0).all()


@pytest.mark.parametrize(
    "description",
    [
        HumanoidDescription(height=1.3, leg_length=0.70, shoulder_width=0.36),
        HumanoidDescription(height=1.7, leg_length=0.92, foot_length=0.26, trunk_mass=20.0),
    ],
)
def test_other_robots_stand_too(world, description):
    robot = Humanoid(world, description=description)
    world.run(0.5)
    assert not robot.has_fallen()
    assert robot.link_pose("head")[0][2] > 0.75 * description.height


def test_no_hidden_damping_slows_a_free_robot():
    with World(gravity=0.0) as world:
        robot = Humanoid(world, ground_height=3.0)
        robot.push((0.0, 20.0, 0.0), duration=0.01)
        world.run(0.1)
        before = robot.center_of_mass()
        world.run(0.5)
        middle = robot.center_of_mass()
        world.run(0.5)
        np.testing.assert_allclose(robot.center_of_mass() - middle, middle - before, atol=1e-4)
