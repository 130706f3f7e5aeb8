"""Hands at work in physics: taken, lifted, carried, placed by friction alone; hindered, and standing still."""

from dataclasses import replace

import numpy as np
import pytest

from vla_course.motion.arms.chain import ArmChain
from vla_course.motion.arms.pose import Pose
from vla_course.motion.arms.postures import hanging, ready, tucked
from vla_course.motion.hands.clearance import (
    arm_balls,
    clearance,
    distance_to_box,
    distance_to_table,
    distance_to_thing,
)
from vla_course.motion.hands.payload import PayloadEstimate
from vla_course.motion.hands.plan import NoPlan, Stage
from vla_course.motion.hands.scene import tabletop_in, thing_in
from vla_course.motion.hands.stance import Stance
from vla_course.motion.hands.standing_manipulator import StandingManipulator
from vla_course.motion.hands.things import Graspable, Tabletop
from vla_course.motion.hands.ways import Situation
from vla_course.simulation.robot.humanoid import HOME_POSTURE, Humanoid
from vla_course.simulation.scene.scene import THINGS, Scene
from vla_course.simulation.scene.things import EVERY_SHAPE
from vla_course.simulation.world.engine import pybullet
from vla_course.simulation.world.rotation import rotation_matrix
from vla_course.simulation.world.world import World


@pytest.fixture
def at_table():
    """A robot at a table with three things, as a seed draws it; one place is known to be free."""
    with World(3) as world:
        scene = Scene.build(world, Scene.sample(np.random.default_rng(3), person=False))
        robot = StandingManipulator(Humanoid(world))
        robot.stand(0.2)
        yield robot, scene


def situation(scene, name):
    return Situation(tabletop_in(scene), tuple(thing_in(scene, other) for other in THINGS if other != name))


def free_place(scene, thing):
    """A place on the robot's right, clear of everything on this table."""
    place = np.array([tabletop_in(scene).middle[0] - 0.12, -0.19])
    assert min(np.hypot(*(place - scene.pose(name)[0][:2])) for name in THINGS) > 0.14
    return place


def act(run, seconds=0.5):
    while not run.done:
        run.tick()
    for _ in range(round(seconds / run.body.tick)):
        run.tick()


def home(robot):
    return float(np.abs(robot.body.state.joint_positions[12:] - HOME_POSTURE[12:]).max()) < 0.05


def test_a_cup_is_lifted_held_carried_and_put_down(at_table):
    robot, scene = at_table
    constraints = pybullet.getNumConstraints(physicsClientId=scene.world.client)
    thing = thing_in(scene, "red cup")
    place = free_place(scene, thing)
    run = robot.start(robot.plan_pick_and_place(thing, place, situation(scene, "red cup"), hold=0.5))
    highest = 0.0
    while not run.done:
        run.tick()
        highest = max(highest, scene.pose("red cup")[0][2] - thing.position[2])
    act(run)
    assert not run.aborted
    assert highest > 0.1
    assert np.hypot(*(scene.pose("red cup")[0][:2] - place)) < 0.01
    assert scene.on_table("red cup")
    assert home(robot)
    assert not robot.humanoid.has_fallen()
    assert pybullet.getNumConstraints(physicsClientId=scene.world.client) == constraints == 0


def test_a_grasp_ends_holding_and_transport_goes_on_from_there(at_table):
    robot, scene = at_table
    thing = thing_in(scene, "red cup")
    around = situation(scene, "red cup")
    plan, held = robot.plan_grasp(thing, around, hold=0.2)
    reach = robot.planner(plan.side, around)
    onward = reach.transport(held, free_place(scene, thing))
    run = robot.start(plan)
    act(run, 0.0)
    assert scene.pose("red cup")[0][2] > thing.position[2] + 0.1
    run.go_on(onward)
    act(run)
    assert not run.aborted
    assert scene.on_table("red cup")
    assert home(robot)


def test_what_a_hand_holds_is_weighed_and_carried_by_the_servo(at_table):
    robot, scene = at_table
    cup = scene.bodies["red cup"]
    mass = pybullet.getDynamicsInfo(cup, -1, physicsClientId=scene.world.client)[0]
    plan, _ = robot.plan_grasp(thing_in(scene, "red cup"), situation(scene, "red cup"), hold=1.0)
    run = robot.start(plan)
    act(run, 0.0)
    assert run.payload.mass == pytest.approx(mass, abs=0.05)
    np.testing.assert_allclose(run.body.hand_forces.sum(axis=0), (0.0, 0.0, -9.81 * mass), atol=0.5)


@pytest.mark.parametrize("stage", ["approach", "hold", "back off", "home"])
def test_a_robot_told_to_stop_goes_home_or_stays_with_what_it_holds(at_table, stage):
    robot, scene = at_table
    thing = thing_in(scene, "green box")
    run = robot.start(
        robot.plan_pick_and_place(thing, free_place(scene, thing), situation(scene, "green box"))
    )
    while run.stage.name != stage:
        assert not run.done
        run.tick()
    for _ in range(40):
        run.tick()
    run.abort("told to stop")
    act(run)
    assert run.aborted == "told to stop"
    holds = stage == "hold"  # only a plan leads on from there, see `test_holding`
    assert (run.stranded, run.holding is not None, home(robot)) == (holds, holds, not holds)
    assert bool(scene.pose("green box")[0][2] > thing.position[2] + 0.1) is holds
    assert not robot.humanoid.has_fallen()


def test_a_hand_that_meets_something_gives_up(at_table):
    robot, scene = at_table
    thing = thing_in(scene, "red cup")
    plan = robot.plan_pick_and_place(thing, free_place(scene, thing), situation(scene, "red cup"))
    goal = next(stage.goal for stage in plan.stages if stage.name == "pregrasp")
    shape = pybullet.createCollisionShape(
        pybullet.GEOM_BOX, halfExtents=[0.03] * 3, physicsClientId=scene.world.client
    )
    ahead = goal.position + goal.rotation @ np.array([0.05, 0.05, 0.0])
    pybullet.createMultiBody(0.0, shape, basePosition=ahead.tolist(), physicsClientId=scene.world.client)
    run = robot.start(plan)
    act(run)
    assert "from where it should be" in run.aborted
    assert home(robot)
    assert not robot.humanoid.has_fallen()


def test_a_hand_that_misses_says_so(at_table):
    robot, scene = at_table
    thing = thing_in(scene, "green box")
    place = free_place(scene, thing)
    nowhere = replace(thing, position=np.array((*place, thing.position[2])))
    plan = robot.plan_pick_and_place(nowhere, place, situation(scene, "nothing"))
    run = robot.start(plan)
    act(run)
    assert "nothing is between the fingers" in run.aborted
    assert home(robot)


def test_what_is_out_of_reach_has_no_plan_and_says_why(at_table):
    robot, scene = at_table
    far = replace(thing_in(scene, "red cup"), position=np.array([1.5, 0.0, 0.8]))
    with pytest.raises(NoPlan, match="out of reach"):
        robot.plan_pick_and_place(far, np.array([1.4, 0.0]), Situation(tabletop_in(scene)))


def test_a_hand_is_withdrawn_straight_up_where_it_can_rise_and_by_its_joints_where_it_cannot(at_table):
    robot, _ = at_table
    planner = robot.planner("left", Situation())
    stretched = np.array((-2.4, 0.2, 0.0, -0.2, 0.0, 0.0, 0.0))  # up and ahead: there is no higher
    low, high = (np.append(joints, np.zeros(3)) for joints in (ready("left"), stretched))
    assert [stage.name for stage in planner.withdraw(low).stages] == ["rise", "tuck", "home"]
    assert [stage.name for stage in planner.withdraw(high).stages] == ["tuck", "home"]
    chain = ArmChain("left")
    chain.move(tucked("left"))
    in_the_way = Graspable("ball", (0.3,) * 3, robot.body.state.base_position + chain.pose.position)
    with pytest.raises(NoPlan, match="rise: .*; way back: not clear"):
        robot.planner("left", Situation(None, (in_the_way,))).withdraw(high)


def test_a_kind_of_thing_that_is_new_is_taken_for_an_upright_cylinder():
    with World(0) as world:
        scene = Scene.build(world, Scene.sample(world.rng, things=["red cone"], person=False))
        thing = thing_in(scene, "red cone")
        assert (thing.shape, thing.size) == ("cylinder", EVERY_SHAPE["cone"].size)
        assert thing.position[2] == pytest.approx(
            scene.description.table.position[2] + EVERY_SHAPE["cone"].size[2] / 2, abs=2e-3
        )


def test_a_reach_ends_at_its_target(at_table):
    robot, scene = at_table
    chain = ArmChain("left")
    chain.move(ready("left"))
    state = robot.body.state
    target = Pose(state.base_position + chain.pose.position + (0.0, 0.0, 0.05), chain.pose.rotation)
    run = robot.start(robot.plan_reach(target, Situation(tabletop_in(scene))))
    act(run)
    model_arm = ArmChain("left")
    model_arm.move(robot.body.state.joint_positions[12:19])
    state = robot.body.state
    at = state.base_position + rotation_matrix(state.base_orientation) @ model_arm.pose.position
    assert np.linalg.norm(at - target.position) < 0.01


def test_distances_are_those_of_geometry():
    points = np.array([[0.0, 0.0, 0.5], [0.2, 0.0, 0.0], [0.0, 0.0, 0.0]])
    np.testing.assert_allclose(distance_to_box(points, np.zeros(3), np.full(3, 0.1)), [0.4, 0.1, -0.1])
    ball = Graspable("ball", (0.1, 0.1, 0.1), np.zeros(3))
    np.testing.assert_allclose(distance_to_thing(points, ball), [0.45, 0.15, -0.05])
    can = Graspable("cylinder", (0.2, 0.2, 0.6), np.zeros(3))
    np.testing.assert_allclose(distance_to_thing(points, can), [0.2, 0.1, -0.1])
    table = Tabletop(np.array([0.0, 0.0, 0.4]), (1.0, 1.0))
    np.testing.assert_allclose(distance_to_table(points, table)[0], 0.1)


def test_clearance_sees_trunk_table_things_and_the_other_arm():
    chain, other, base = ArmChain("left"), ArmChain("right"), Pose(np.zeros(3), np.eye(3))
    chain.move(tucked("left"))
    other.move(tucked("right"))
    free = clearance(chain, base, other=arm_balls(other))
    assert free > 0.01
    hand = chain.pose.position
    assert clearance(chain, base, things=(Graspable("ball", (0.2,) * 3, hand),)) < 0.0
    assert clearance(chain, base, Tabletop(hand, (0.3, 0.3))) < 0.0
    across = hanging("left")
    across[1:4] = -0.4, -1.2, -1.5
    chain.move(across)
    assert clearance(chain, base) < free
    assert len(arm_balls(chain)[0]) == len(arm_balls(chain)[1])


def test_a_load_is_felt_by_what_the_arm_sags():
    estimate, sag = PayloadEstimate(), np.array([0.0, 0.0, 0.01])
    for _ in range(400):
        estimate.observe(sag - (0.0, 0.0, 0.01 * estimate.mass), True, 0.004)
    assert estimate.mass == pytest.approx(1.0, abs=0.05)
    for _ in range(500):
        estimate.observe(sag, False, 0.004)
    assert estimate.mass == 0.0


def test_stages_and_stances_refuse_nonsense():
    with pytest.raises(ValueError, match="joints"):
        Stage("x", np.zeros(6), Stance())
    with pytest.raises(ValueError, match="opening"):
        Stage("x", np.zeros(7), Stance(), opening=1.5)
    with pytest.raises(ValueError, match="finite"):
        Stance(bow=np.nan)
