"""What a hand holds, in physics: put down before anything else when a run fails, and missed when it is taken away."""

import numpy as np
import pytest

from vla_course.motion.arms.pose import Pose
from vla_course.motion.arms.postures import ready
from vla_course.motion.hands.held import APART, RIM, free_spots
from vla_course.motion.hands.plan import ManipulationPlan, NoPlan, Stage
from vla_course.motion.hands.run import ASTRAY
from vla_course.motion.hands.scene import tabletop_in, thing_in
from vla_course.motion.hands.stance import Stance
from vla_course.motion.hands.standing_manipulator import StandingManipulator
from vla_course.motion.hands.things import Graspable, Tabletop
from vla_course.motion.hands.ways import Situation
from vla_course.simulation.robot.humanoid import HOME_POSTURE, Humanoid
from vla_course.simulation.scene.scene import THINGS, Scene
from vla_course.simulation.world.engine import pybullet
from vla_course.simulation.world.world import World

CUP = "red cup"


@pytest.fixture
def at_table():
    with World(3) as world:
        scene = Scene.build(world, Scene.sample(np.random.default_rng(3), person=False))
        robot = StandingManipulator(Humanoid(world))
        robot.stand(0.2)
        yield robot, scene


def looking(scene):
    def look():
        others = tuple(thing_in(scene, name) for name in THINGS if name != CUP)
        return thing_in(scene, CUP), Situation(tabletop_in(scene), others)

    return look


def place_of(scene):
    return np.array([tabletop_in(scene).middle[0] - 0.12, -0.19])


def pick_and_place(robot, scene, stage, at_stage, attempts=1):
    """Let the robot bring the cup to its place; `at_stage(run)` once, 80 ms into `stage`. Return all runs."""
    runs, waits = [], 20
    for run in robot.pick_and_place(looking(scene), place_of(scene), hold=0.5, attempts=attempts):
        runs.append(run)
        while not run.done:
            run.tick()
            waits -= run.stage.name == stage and len(runs) == 1
            if waits == 0:
                waits = -1
                at_stage(run)
    robot.stand(0.5)
    return runs


def home(robot):
    return float(np.abs(robot.body.state.joint_positions[12:] - HOME_POSTURE[12:]).max()) < 0.05


def away(scene, place):
    return float(np.hypot(*(scene.pose(CUP)[0][:2] - place[:2])))


@pytest.mark.parametrize("stage", ["close", "lower"])
def test_a_robot_told_to_stop_puts_back_what_it_holds(at_table, stage):
    robot, scene = at_table
    was = scene.pose(CUP)[0]
    runs = pick_and_place(robot, scene, stage, lambda run: run.abort("told to stop"))
    assert runs[-1].aborted == "told to stop"
    assert runs[-1].holding is None
    assert away(scene, was) < 0.01
    assert scene.on_table(CUP)
    assert home(robot)


def test_one_that_fails_on_its_way_begins_with_what_it_holds(at_table):
    robot, scene = at_table
    runs = pick_and_place(robot, scene, "carry", lambda run: run.abort("a gust of wind"), attempts=3)
    assert [run.aborted for run in runs] == ["a gust of wind", ""]
    assert runs[1].plan.stages[0].carries
    assert away(scene, place_of(scene)) < 0.01
    assert scene.on_table(CUP)
    assert home(robot)


def test_a_hand_that_can_put_nothing_down_keeps_it_and_says_so(at_table, monkeypatch):
    robot, scene = at_table

    def nowhere(*_):
        raise NoPlan("the table is full")

    monkeypatch.setattr(robot, "plan_put_down", nowhere)
    with pytest.raises(NoPlan, match="a gust of wind; the hand still holds the thing: the table is full"):
        pick_and_place(robot, scene, "hold", lambda run: run.abort("a gust of wind"))
    assert scene.pose(CUP)[0][2] > tabletop_in(scene).height + 0.1
    robot.stand(0.5)
    assert np.abs(robot.body.balance.trunk_tilt).max() < 0.05
    assert not robot.humanoid.has_fallen()


@pytest.mark.parametrize("stage", ["hold", "carry", "lower"])
def test_a_thing_taken_away_is_missed(at_table, stage):
    robot, scene = at_table

    def take_away(_):
        pybullet.resetBasePositionAndOrientation(
            scene.bodies[CUP], (3, 3, 0.05), (0, 0, 0, 1), physicsClientId=scene.world.client
        )

    runs = pick_and_place(robot, scene, stage, take_away)
    assert "slipped from between the fingers" in runs[-1].aborted
    assert runs[-1].aborted.startswith(stage)
    assert home(robot)
    assert not robot.humanoid.has_fallen()


def test_a_thing_taken_away_once_it_was_put_down_is_missed(at_table):
    """The hand has let go and is on its way home: only a last look tells."""
    robot, scene = at_table

    def steal(run):
        aside = scene.pose(CUP)[0] + (0.10, 0.0, 0.0)
        pybullet.resetBasePositionAndOrientation(
            scene.bodies[CUP], aside, (0.0, 0.0, 0.0, 1.0), physicsClientId=robot.humanoid.client
        )

    runs = pick_and_place(robot, scene, "rise", steal)
    assert runs[-1].aborted == "the thing is not where it was put down"
    assert home(robot)


def test_a_way_out_of_reach_is_waited_for_with_the_trunk_at_rest_and_then_given_up():
    with World() as world:
        robot = StandingManipulator(Humanoid(world))
        robot.stand(0.2)
        far = Pose(robot.body.state.base_position + (0.9, 0.0, 0.3), np.eye(3))
        ahead = Stage("ready", ready("right"), Stance(turn=0.5))
        beyond = Stage("go", ready("right"), Stance(bow=0.3), far)
        run = robot.start(ManipulationPlan("right", (ahead, beyond)))
        while run.stage.name == "ready":
            run.tick()
        assert run._balance.astray < ASTRAY  # a straight way begins with the trunk where it belongs
        for _ in range(round(2.0 / robot.body.tick)):
            run.tick()
        assert run.stage.name == "go"
        stance = run.stance
        run.tick()
        assert run.stance == stance
        assert not run._balance.rate.any()
        while not run.done:
            run.tick()
        assert "out of the arm's reach" in run.aborted
        assert not robot.humanoid.has_fallen()


def test_free_spots_are_on_the_table_apart_from_things_and_near():
    table = Tabletop(np.array([0.5, 0.1, 0.7]), (0.5, 1.1))
    things = (Graspable("ball", (0.06,) * 3, np.array((0.4, 0.1, 0.73))),)
    near = np.array((0.42, 0.1))
    spots = np.array(free_spots(table, things, near))
    assert len(spots) == 8
    assert (np.abs(spots - table.middle[:2]) <= np.array(table.size) / 2.0 - RIM + 1e-9).all()
    assert np.linalg.norm(spots - things[0].position[:2], axis=1).min() >= APART
    ways = np.linalg.norm(spots - near, axis=1)
    assert (np.diff(ways) >= 0.0).all()
    assert ways[0] < 0.2
    crowd = tuple(
        Graspable("ball", (0.06,) * 3, np.array((x, y, 0.73)))
        for x in np.arange(0.2, 0.9, 0.1)
        for y in np.arange(-0.5, 0.8, 0.1)
    )
    assert free_spots(table, crowd, near) == []
