"""Contact forces on the soles, whatever they stand on."""

import numpy as np
import pytest

from vla_course.simulation.robot.humanoid import Humanoid
from vla_course.simulation.robot.model import RobotModel
from vla_course.simulation.scene.terrain import Terrain
from vla_course.simulation.world.engine import pybullet
from vla_course.simulation.world.world import World

G = 9.81


@pytest.fixture
def world():
    with World() as world:
        yield world


def _box(world):
    shape = pybullet.createCollisionShape(
        pybullet.GEOM_BOX, halfExtents=[2, 2, 0.25], physicsClientId=world.client
    )
    pybullet.createMultiBody(0.0, shape, basePosition=[0, 0, 0.25], physicsClientId=world.client)


def _momentum(robot, model):
    model.update(robot.state())
    return model.com_velocity * model.mass


@pytest.mark.parametrize("ground", ["plane", "box made before", "box made after", "height field"])
def test_push_and_contacts_account_for_every_newton_second(world, ground):
    if ground == "box made before":
        _box(world)
    if ground == "height field":
        Terrain.bumps(0.004, 0.05, np.random.default_rng(0), start=-1.0, length=2.0, width=2.0).build(world)
    robot = Humanoid(world, ground_height={"plane": 0.0, "height field": 0.004}.get(ground, 0.5))
    if ground == "box made after":
        _box(world)
    model = RobotModel.of(robot)
    world.run(0.4)
    before = _momentum(robot, model)
    robot.push((12.0, 6.0, 3.0), duration=0.1)
    received = np.array([12.0, 6.0, 3.0])
    for _ in range(60):
        world.step()
        received += sum(sole.forces.sum(axis=0) for sole in robot.sole_contacts()) * world.timestep
        received[2] -= robot.mass * G * world.timestep
    np.testing.assert_allclose(_momentum(robot, model) - before, received, atol=0.02)


def test_only_points_that_press_are_reported(world):
    robot = Humanoid(world, ground_height=0.005)
    world.step()
    left, right = robot.sole_contacts()
    assert left.force == right.force == 0.0
    assert left.points.shape == left.forces.shape == (0, 3)
    world.run(0.3)
    left, _ = robot.sole_contacts()
    assert left.side == "left"
    assert (left.normal_forces > 0.0).all()
    np.testing.assert_allclose(left.points[:, 2], 0.0, atol=1e-3)
