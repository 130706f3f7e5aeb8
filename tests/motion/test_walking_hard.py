"""The walker in trouble: pushed at bad moments, on slippery floor, before stairs."""

from math import cos, pi, sin

import numpy as np
import pytest

from vla_course.motion.footsteps.footstep import Footstep
from vla_course.motion.footsteps.plan import GoalPose
from vla_course.motion.ground.footing import Footing
from vla_course.motion.ground.terrain_map import TerrainMap
from vla_course.motion.ground.terrain_sight import TerrainSight
from vla_course.motion.planning.sighted_steps import SightedSteps
from vla_course.motion.planning.swing_clearance import LEAST_LIFT, swing_height
from vla_course.motion.standing.loop import Push
from vla_course.motion.walking.gait import GaitConfig, zmp_knots
from vla_course.motion.walking.loop import walk
from vla_course.motion.walking.step_sources import VelocityCommand
from vla_course.motion.walking.swing_foot import lifted
from vla_course.motion.walking.walker import Walker
from vla_course.reference.day3_humanoid_balance.dcm import no_step_push_limit
from vla_course.reference.day3_humanoid_balance.terrain import analyze_terrain
from vla_course.simulation.robot.humanoid import Humanoid
from vla_course.simulation.scene.terrain import Terrain
from vla_course.simulation.world.world import World

GAIT = GaitConfig()
DOUBLE_STEP = 2.0 * (GAIT.single_support + GAIT.double_support)


def push(humanoid, time, direction, level):
    strength = humanoid.mass * level
    return Push(time, (strength * cos(direction), strength * sin(direction), 0.0))


@pytest.mark.parametrize(
    ("phase", "degrees", "level"),
    [
        (0.0, 300, 0.35),  # towards the carrying foot: the other comes down close by and the next goes far
        (0.125, 300, 0.35),  # the feet land aslant, and the load must not tip either
        (0.25, 120, 0.35),  # the landing is settled: a sole that rattles must not be taken for a push
        (0.375, 90, 0.4),  # both feet carry
        (0.5, 180, 0.4),
    ],
)
def test_a_push_at_a_bad_moment_is_survived(phase, degrees, level):
    with World(0) as world:
        humanoid = Humanoid(world)
        shove = push(humanoid, 2.5 + phase * DOUBLE_STEP, degrees * pi / 180.0, level)
        record = walk(humanoid, VelocityCommand(forward=0.3), 5.5, [shove])
    assert not record.fell


@pytest.mark.parametrize("degrees", [90, 120, 180, 240])
def test_who_stands_and_may_step_takes_more_than_who_may_not(degrees):
    direction = degrees * pi / 180.0
    with World(0) as world:
        humanoid = Humanoid(world)
        walker = Walker(humanoid, VelocityCommand())
        for _ in range(250):
            walker.tick()
        now = walker.body.balance
        towards = np.array([cos(direction), sin(direction)])
        limit = no_step_push_limit(now.center_of_mass, now.support_polygon, towards, now.gravity)
        humanoid.push(1.25 * limit * humanoid.mass * np.array([*towards, 0.0]))
        for _ in range(1000):
            walker.tick()
        assert not humanoid.has_fallen()


def test_a_slippery_floor_is_not_twisted_off_the_sole():
    with World(0) as world:
        record = walk(Humanoid(world, foot_friction=0.4), VelocityCommand(forward=0.7), 5.0)
    assert not record.fell
    assert record.base_position[-1, 0] > 2.3


def walk_by_sight(terrain, goal, sight, seconds):
    """Walk to a goal over ground that is seen on the way only; return the record and the last plan."""
    with World(0) as world:
        terrain.build(world)
        humanoid = Humanoid(world)
        steps = SightedSteps(humanoid, goal, sight)
        record = walk(humanoid, steps, seconds, until_done=True)
    assert not record.fell
    return record, steps.plan


def test_it_climbs_stairs_that_it_sees_on_the_way():
    stairs, sight = Terrain.stairs(0.08, 0.33, count=2), TerrainSight((-0.6, 2.2), (-0.8, 0.8))
    record, plan = walk_by_sight(stairs, GoalPose(1.4, 0.0), sight, 12.0)
    assert plan.reached
    assert record.base_position[-1, 0] > 1.3
    rise = record.center_of_mass[-1, 2] - record.center_of_mass[0, 2]
    assert rise == pytest.approx(0.16, abs=0.04)


def test_it_says_what_stands_in_the_way_and_stops_before_it():
    wall, sight = Terrain.stairs(0.25, 0.4, count=1), TerrainSight((-0.6, 2.0), (-0.6, 0.6))
    record, plan = walk_by_sight(wall, GoalPose(1.2, 0.0), sight, 6.0)
    assert not plan.reached
    assert plan.reason
    assert record.base_position[-1, 0] < 0.5


def test_a_swing_goes_up_over_and_down_smoothly():
    progress = np.linspace(0.0, 1.0, 2001)
    height, speed, bend = np.array([lifted(s, 0.1, 0.3, 0.2) for s in progress.tolist()]).T
    assert height[0] == pytest.approx(0.1)
    assert height[-1] == pytest.approx(0.2)
    assert height.max() == pytest.approx(0.3)
    np.testing.assert_allclose(np.gradient(height, progress), speed, atol=5e-3)
    np.testing.assert_allclose(np.gradient(speed, progress), bend, atol=0.1)


def test_a_step_up_has_more_time_than_one_on_the_level():
    here = Footstep("left", 0.0, 0.1)
    assert GAIT.swing_time(here, Footstep("left", 0.3, 0.1)) == GAIT.single_support
    assert GAIT.swing_time(here, Footstep("left", 0.3, 0.1, 0.05)) == GAIT.climbing_support
    assert GAIT.swing_time(here, Footstep("left", 0.3, 0.1, swing_height=0.12)) == GAIT.climbing_support


def test_the_zero_moment_point_waits_on_a_foot_for_as_long_as_the_other_swings():
    stance, landings = np.array([0.0, 0.1]), [np.array([0.3, -0.1]), np.array([0.6, 0.1])]
    knots = zmp_knots(GAIT, np.zeros(2), (-0.1, 0.2), stance, [0.4, 0.7], landings)
    both = GAIT.double_support
    np.testing.assert_allclose(knots.times, np.cumsum([-0.1, 0.3, 0.4, both, 0.7, both]))
    np.testing.assert_allclose(knots.sample(np.array([0.5]))[0], stance)
    np.testing.assert_allclose(knots.points[-1], (landings[0] + landings[1]) / 2.0)


def test_a_foot_close_before_a_kerb_is_lifted_higher():
    terrain = TerrainMap.of(Terrain.kerb(0.08), (-0.6, 1.5), (-0.5, 0.5))
    footing = Footing(terrain, analyze_terrain(terrain))
    landing = Footstep("left", 0.75, 0.1, 0.08)
    far, close = (swing_height(footing, Footstep("left", x, 0.1), landing) for x in (0.1, 0.385))
    assert far == LEAST_LIFT
    assert 0.08 < close < 0.25


@pytest.mark.parametrize(
    ("build", "says"),
    [
        (lambda: GaitConfig(upright=0.6), "GaitConfig.upright"),
        (lambda: GaitConfig(climbing_support=0.0), "GaitConfig.climbing_support"),
    ],
)
def test_bad_timing_is_named(build, says):
    with pytest.raises(ValueError, match=says):
        build()
