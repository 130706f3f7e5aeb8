"""The truth about the ground, against rays shot at it."""

import numpy as np
import pytest

from vla_course.simulation.robot.humanoid import Humanoid
from vla_course.simulation.scene.terrain import Terrain
from vla_course.simulation.world.engine import pybullet
from vla_course.simulation.world.world import World

RNG = np.random.default_rng(0)
TERRAINS = [
    Terrain.flat(),
    Terrain.bumps(0.05, 0.1, RNG),
    Terrain.bumps(0.02, 0.25, RNG, start=-1.0, length=3.0, width=2.0),
    Terrain.slope(0.15, length=8.0),
    Terrain.stairs(0.10, 0.30),
    Terrain.kerb(0.08),
]


@pytest.mark.parametrize("terrain", TERRAINS, ids=lambda terrain: terrain.name)
def test_height_is_where_rays_hit(terrain):
    rng = np.random.default_rng(1)
    x, y = rng.uniform(-1.0, 6.0, 500), rng.uniform(-1.6, 1.6, 500)
    with World() as world:
        terrain.build(world)
        tops = [[a, b, 3.0] for a, b in zip(x, y, strict=True)]
        bottoms = [[a, b, -1.0] for a, b in zip(x, y, strict=True)]
        hits = pybullet.rayTestBatch(tops, bottoms, physicsClientId=world.client)
    np.testing.assert_allclose(terrain.height(x, y), [hit[3][2] for hit in hits], atol=1e-5)


@pytest.mark.parametrize("terrain", TERRAINS, ids=lambda terrain: terrain.name)
def test_a_robot_spawned_before_it_stands(terrain):
    with World() as world:
        terrain.build(world)
        lift = float(
            terrain.height(*np.meshgrid(np.linspace(-0.2, 0.2, 40), np.linspace(-0.2, 0.2, 40))).max()
        )
        robot = Humanoid(world, ground_height=lift)
        world.run(0.4)
        assert not robot.has_fallen()


def test_restore_is_exact_on_a_height_field():
    with World() as world:
        Terrain.bumps(0.01, 0.1, np.random.default_rng(0), start=-1.0, length=2.0, width=2.0).build(world)
        robot = Humanoid(world, ground_height=0.01)
        world.run(0.2)
        snapshot = world.save()
        world.run(0.4)
        expected = robot.state().joint_positions
        world.restore(snapshot)
        world.run(0.4)
        np.testing.assert_array_equal(robot.state().joint_positions, expected)


def test_lying_on_terrain_counts_as_fallen():
    with World() as world:
        Terrain.kerb(0.2, start=-2.0).build(world)
        robot = Humanoid(world, ground_height=0.2)
        robot.push((60.0, 0.0, 0.0))
        world.run(1.5)
        assert robot.has_fallen()


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Terrain.slope(1.0), "angle"),
        (lambda: Terrain.stairs(-0.1, 0.3), "step_height"),
        (lambda: Terrain.stairs(0.1, 0.3, count=0), "count"),
        (lambda: Terrain.bumps(0.1, 0.0, np.random.default_rng(0)), "cell"),
    ],
)
def test_impossible_terrain_is_refused_by_name(make, message):
    with pytest.raises(ValueError, match=message):
        make()
