"""Errands on foot in physics: a thing walked up to, taken, carried round the table, put down - or given up."""

from dataclasses import replace

import numpy as np
import pytest

from vla_course.motion.arms.chain import ArmChain
from vla_course.motion.arms.pose import Pose
from vla_course.motion.arms.postures import ready, tucked
from vla_course.motion.errands.parts import ErrandParts
from vla_course.motion.errands.porter import Porter
from vla_course.motion.errands.way import straight_steps
from vla_course.motion.footsteps.plan import FootstepPlan, GoalPose, Stance
from vla_course.motion.hands.scene import tabletop_in, thing_in
from vla_course.motion.hands.ways import Situation
from vla_course.motion.standing.balance_config import WALKING
from vla_course.motion.standing.record import center_of_pressure
from vla_course.motion.walking.step_sources import PlannedSteps
from vla_course.motion.walking.walker import Walker
from vla_course.reference.day3_humanoid_balance.support import stability_margin
from vla_course.simulation.robot.humanoid import HOME_POSTURE, Humanoid
from vla_course.simulation.scene.scene import THINGS, Scene
from vla_course.simulation.world.engine import pybullet
from vla_course.simulation.world.world import World


@pytest.fixture
def before_table():
    """A robot half a metre before a table with three things, looking aside."""
    with World(3) as world:
        scene = Scene.build(world, Scene.sample(np.random.default_rng(3), person=False))
        yield Humanoid(world, position=(-0.4, 0.1), heading=0.5), scene


def looking(scene, name="red cup"):
    def look():
        others = tuple(thing_in(scene, other) for other in THINGS if other != name)
        return thing_in(scene, name), Situation(tabletop_in(scene), others)

    return look


def far_side(scene):
    """A place near the table's far edge, clear of everything."""
    middle = tabletop_in(scene).middle
    place = middle[:2] + (0.12, 0.0)
    assert min(np.hypot(*(place - scene.pose(name)[0][:2])) for name in THINGS) > 0.14
    return place


def stands(robot):
    speed = robot.body.balance.com_velocity
    return robot.body.stands and not robot.humanoid.has_fallen() and np.linalg.norm(speed) < 0.02


def test_a_cup_is_fetched_from_one_side_of_the_table_and_put_down_on_the_other(before_table):
    humanoid, scene = before_table
    robot, place = Porter(humanoid, [tabletop_in(scene)]), far_side(scene)
    heights, phases, handed_over = [], [], []
    for phase in robot.fetch(looking(scene), place):
        heights.append(scene.pose("red cup")[0][2])
        if not phases or phase != phases[-1]:
            phases.append(phase)
            handed_over.append(robot.body.balance)
    assert (robot.ending, robot.reason) == ("done", "")
    assert phases == ["stand", "tuck", "walk", "take", "carry", "put", "step back", "home", "stand"]
    for balance in handed_over[1:]:  # between walking and working: at rest, at one height
        assert balance.center_of_mass[2] == pytest.approx(WALKING.com_height, abs=0.004)
        assert np.linalg.norm(balance.com_velocity) < 0.03
    assert max(heights) > heights[0] + 0.1
    assert np.hypot(*(scene.pose("red cup")[0][:2] - place)) < 0.01
    assert scene.on_table("red cup")
    assert stands(robot)
    assert np.cos(robot.body.heading) < -0.9  # it has walked round the table
    np.testing.assert_allclose(robot.body.state.joint_positions[12:], HOME_POSTURE[12:], atol=0.05)
    assert pybullet.getNumConstraints(physicsClientId=scene.world.client) == 0


def test_a_thing_that_slips_out_of_the_hand_ends_the_errand_standing(before_table):
    humanoid, scene = before_table
    robot = Porter(humanoid, [tabletop_in(scene)])
    begun = None
    for phase in robot.fetch(looking(scene), far_side(scene)):
        begun = begun or (scene.world.time if phase == "carry" else None)
        if begun is not None and scene.world.time > begun + 2.0:
            pybullet.resetBasePositionAndOrientation(
                scene.bodies["red cup"], (2.0, 2.0, 0.05), (0, 0, 0, 1), physicsClientId=scene.world.client
            )
            begun = np.inf
    assert robot.ending == "dropped"
    assert "slipped" in robot.reason
    assert robot.holding is None
    assert stands(robot)


def test_a_robot_told_to_stop_with_a_thing_over_the_table_puts_it_down_and_stands(before_table):
    humanoid, scene = before_table
    robot = Porter(humanoid, [tabletop_in(scene)])
    for phase in robot.fetch(looking(scene), far_side(scene)):
        if phase == "take" and robot.run.stage.name == "lift" and robot.holding is not None:
            robot.stop("come back")
    assert (robot.ending, robot.reason) == ("stopped", "come back")
    assert robot.holding is None
    assert scene.on_table("red cup")
    assert stands(robot)
    np.testing.assert_allclose(robot.body.state.joint_positions[12:], HOME_POSTURE[12:], atol=0.05)


@pytest.mark.parametrize("what", ["thing", "place"])
def test_what_no_hand_reaches_is_refused_before_a_step_is_made(before_table, what):
    humanoid, scene = before_table
    robot, look = Porter(humanoid, [tabletop_in(scene)]), looking(scene)

    beside, place = tabletop_in(scene).middle + (0.4, 0.0, 0.05), far_side(scene)

    def look_there():
        thing, situation = look()
        return replace(thing, position=beside), situation

    errand = robot.fetch(look_there, place) if what == "thing" else robot.fetch(look, beside[:2])
    phases = set(errand)
    assert robot.ending == "no plan"
    assert f"the {what} at" in robot.reason
    assert "too far from the edge" in robot.reason
    assert phases == {"stand", "give up"}
    assert not robot.routes
    assert stands(robot)


def test_a_way_that_is_blocked_is_told_of_before_a_step_is_made(before_table):
    humanoid, scene = before_table

    class Walled:
        def __init__(self, terrain, obstacles):
            assert len(obstacles) == 1

        def plan_path(self, start, goal, next_side=None):
            return FootstepPlan((), False, goal, goal, "walls all round", 0.0, 0)

    robot = Porter(humanoid, [tabletop_in(scene)], ErrandParts(planner=Walled))
    phases = set(robot.fetch(looking(scene), far_side(scene)))
    assert (robot.ending, robot.reason) == ("no plan", "walls all round")
    assert phases == {"stand", "give up"}


def test_a_robot_told_to_stop_on_its_way_stands(before_table):
    humanoid, scene = before_table
    robot = Porter(humanoid, [tabletop_in(scene)])
    for phase in robot.fetch(looking(scene), far_side(scene)):
        if phase == "walk" and robot.walker.phase == "single":
            robot.stop("come back")
    assert (robot.ending, robot.reason) == ("stopped", "come back")
    assert stands(robot)


def test_a_standing_robot_sets_out_without_a_jerk():
    with World(0) as world:
        walker = Walker(Humanoid(world), PlannedSteps(()))
        for _ in range(300):
            walker.tick()
        feet = Stance(walker.measured(0), walker.measured(1))
        walker.source = PlannedSteps(straight_steps(feet, GoalPose(-0.17, 0.0)))
        margins = []
        while walker.phase != "single":
            walker.tick()
            balance = walker.body.balance
            margins.append(stability_margin(center_of_pressure(balance), balance.support_polygon))
    assert min(margins) > 0.045


def test_who_cannot_obey_any_more_says_so_and_tries_nothing_else(before_table, monkeypatch):
    humanoid, scene = before_table
    robot = Porter(humanoid, [tabletop_in(scene)])
    monkeypatch.setattr(Walker, "lost", property(lambda walker: walker.body.state.time > 0.5))
    doing = list(robot.fetch(looking(scene), far_side(scene)))
    assert robot.ending == "lost"
    assert "neither at rest nor on its way" in robot.reason
    assert humanoid.world.time < 0.7, "nothing is tried by a robot that cannot obey"
    assert "give up" not in doing


def reach_far(robot, situation):
    """Let the left hand reach so far ahead that the trunk goes along; the robot looks along +x."""
    chain = ArmChain("left")
    chain.move(ready("left"))
    far = robot.body.state.base_position + chain.pose.position + (0.12, 0.0, 0.05)
    robot.run = robot.hands.start(robot.hands.plan_reach(Pose(far, chain.pose.rotation), situation))
    list(robot.work("reach"))


def test_a_robot_that_has_bent_to_reach_straightens_up_evenly():
    with World(3) as world:
        scene = Scene.build(world, Scene.sample(np.random.default_rng(3), person=False))
        robot = Porter(Humanoid(world), [tabletop_in(scene)])
        list(robot.stand("stand", 0.3))
        reach_far(robot, Situation(tabletop_in(scene)))
        bent = robot.run.stance.array()
        assert np.abs(bent).max() > 0.02
        straightened = [bent]
        for _ in robot.bring_arms("tuck", tucked):
            straightened.append(robot.run.stance.array())
        assert np.abs(np.diff(straightened, axis=0)).max() < 0.01
        assert not straightened[-1].any()


def test_a_hand_that_is_out_is_withdrawn_and_one_that_is_home_stays():
    with World(3) as world:
        robot = Porter(Humanoid(world), [])
        list(robot.stand("stand", 0.3))
        assert list(robot.withdraw()) == []
        reach_far(robot, Situation())
        assert set(robot.withdraw()) == {"withdraw"}
        assert np.abs(robot.body.state.joint_positions[12:19] - HOME_POSTURE[12:19]).max() < 0.05
        assert not robot.run.stance.array().any()
        assert list(robot.withdraw()) == []
