"""Sampled scenes: sound, settled, repeatable, visible."""

from itertools import combinations

import numpy as np
import pytest

from vla_course.simulation.robot.humanoid import HOME_POSTURE, Humanoid
from vla_course.simulation.scene.cameras import Camera, RobotMount
from vla_course.simulation.scene.scene import CLEARANCE, REACH, THINGS, Scene
from vla_course.simulation.scene.things import ALL_THINGS, EVERY_SHAPE, NEW_SHAPES, TRAINED
from vla_course.simulation.world.world import World


@pytest.mark.parametrize("seed", range(20))
def test_things_lie_apart_within_reach_and_stay_where_they_are(seed):
    with World(seed) as world:
        scene = Scene.build(world, Scene.sample(world.rng))
        world.run(1.0)
        shoulders = np.array([[0.0, 0.2, 1.14], [0.0, -0.2, 1.14]])
        places = {}
        for thing in scene.description.things:
            place, _ = scene.pose(thing.name)
            np.testing.assert_allclose(place, thing.position, atol=5e-3)
            assert scene.on_table(thing.name)
            assert 0.05 <= thing.mass <= 0.30
            assert np.linalg.norm(shoulders - place, axis=1).min() < REACH + 0.02
            places[thing.name] = place
        for one, other in combinations(places.values(), 2):
            assert np.linalg.norm(one[:2] - other[:2]) > CLEARANCE - 0.01


@pytest.mark.parametrize("shape", EVERY_SHAPE)
def test_a_thing_stands_with_its_middle_half_its_height_above_the_table(shape):
    with World(0) as world:
        scene = Scene.build(world, Scene.sample(world.rng, things=[f"red {shape}"]))
        world.run(0.5)
        (_, _, z), _ = scene.pose(f"red {shape}")
        assert z - scene.description.table.position[2] == pytest.approx(
            EVERY_SHAPE[shape].size[2] / 2, abs=2e-3
        )


def test_a_new_shape_is_among_no_things_and_as_tall_as_no_known_one() -> None:
    for new in NEW_SHAPES:
        assert not any(new in name for name in (*ALL_THINGS, *TRAINED))
        known = [shape.size[2] for name, shape in EVERY_SHAPE.items() if name not in NEW_SHAPES]
        assert min(abs(NEW_SHAPES[new].size[2] - height) for height in known) > 0.012


def test_the_same_seed_gives_the_same_scene_and_another_gives_another():
    one, same, other = (Scene.sample(np.random.default_rng(seed)) for seed in (3, 3, 4))
    assert one == same
    assert one != other


def test_the_robot_stands_clear_of_the_table_and_sees_everything():
    for seed in range(5):
        with World(seed) as world:
            robot = Humanoid(world)
            scene = Scene.build(world, Scene.sample(world.rng))
            look_down = HOME_POSTURE.copy()
            look_down[27] = 0.8
            robot.command(look_down)
            world.run(0.6)
            assert not robot.has_fallen()
            seen = set(np.unique(Camera(world, RobotMount(robot, "head")).capture().segmentation))
            chest = set(np.unique(Camera(world, RobotMount(robot, "chest")).capture().segmentation))
            assert {scene.bodies[name] for name in THINGS} <= seen | chest
            assert scene.bodies["table"] in seen


def test_a_scene_without_a_person_has_none():
    description = Scene.sample(np.random.default_rng(0), person=False)
    assert description.person is None
    with World() as world:
        assert set(Scene.build(world, description).bodies) == {"table", *THINGS}


def test_unknown_things_are_named():
    with World() as world:
        scene = Scene.build(world, Scene.sample(world.rng))
        with pytest.raises(ValueError, match="yellow duck"):
            scene.pose("yellow duck")


def test_a_whole_scene_restores_bit_for_bit():
    with World(2) as world:
        robot = Humanoid(world)
        scene = Scene.build(world, Scene.sample(world.rng))
        world.run(0.1)
        snapshot = world.save()

        def play():
            robot.push((3.0, 2.0, 0.0))
            world.run(0.3)
            return np.concatenate([robot.state().joint_positions, *(scene.pose(name)[0] for name in THINGS)])

        first = play()
        world.restore(snapshot)
        np.testing.assert_array_equal(play(), first)
