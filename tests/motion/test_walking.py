"""The walker in real physics: it goes where it is told, stops, turns, and catches itself."""

from dataclasses import replace

import numpy as np
import pytest

from vla_course.motion.footsteps.footstep import Footstep
from vla_course.motion.standing.loop import Push
from vla_course.motion.walking.gait import GaitConfig, ZmpKnots
from vla_course.motion.walking.loop import walk
from vla_course.motion.walking.step_sources import PlannedSteps, VelocityCommand
from vla_course.motion.walking.strides import beside
from vla_course.motion.walking.walker import Walker
from vla_course.simulation.robot.humanoid import Humanoid
from vla_course.simulation.world.engine import pybullet
from vla_course.simulation.world.world import World

LEFT, RIGHT = Footstep("left", 0.0, 0.09), Footstep("right", 0.0, -0.09)


def stop_after(seconds, command):
    def each_tick(elapsed):
        if elapsed >= seconds:
            command.forward = command.leftward = command.turning = 0.0

    return each_tick


def middle(record, k):
    return record.center_of_mass[k, :2]


def heading(record, k):
    x, y, z, w = record.base_orientation[k]
    return np.arctan2(2 * (x * y + w * z), 1 - 2 * (y * y + z * z))


def test_walks_as_fast_as_told_and_stops():
    command = VelocityCommand(forward=0.4)
    with World(1) as world:
        record = walk(Humanoid(world), command, 7.0, each_tick=stop_after(4.0, command))
    assert not record.fell
    assert np.all(np.linalg.norm(record.com_velocity[-100:], axis=1) < 0.01)
    way = middle(record, -1) - middle(record, 0)
    assert 1.1 < way[0] < 1.8
    assert abs(way[1]) < 0.05


def test_the_zero_moment_point_stays_under_the_soles_and_is_where_the_ground_pushes():
    with World(2) as world:
        record = walk(Humanoid(world), VelocityCommand(forward=0.3), 4.0)
    from vla_course.reference.day3_humanoid_balance.zmp import zero_moment_point

    zmp = np.array(
        [
            zero_moment_point(record.mass, c, a, rate)
            for c, a, rate in zip(
                record.center_of_mass, record.com_acceleration, record.angular_momentum_rate, strict=True
            )
        ]
    )
    steady = (record.contact_force > 0.8 * record.mass * 9.81) & (record.time > 1.0)
    error = np.linalg.norm(zmp - record.center_of_pressure, axis=1)[steady]
    # The heel of a landing foot strikes: there a mean over a tick and the forces of one step differ.
    assert np.median(error) < 0.002


def test_walks_at_50_metres_with_any_heading_as_at_home():
    ways = []
    for position, facing in (((0.0, 0.0), 0.0), ((35.0, -36.0), 2.1)):
        with World(3) as world:
            record = walk(
                Humanoid(world, position=position, heading=facing), VelocityCommand(forward=0.4), 4.0
            )
        assert not record.fell
        ways.append(np.linalg.norm(middle(record, -1) - middle(record, 0)))
    assert ways[0] == pytest.approx(ways[1], abs=0.02)


def test_turns_in_place():
    command = VelocityCommand(turning=0.8)
    with World(4) as world:
        record = walk(Humanoid(world), command, 5.0, each_tick=stop_after(2.5, command))
    assert not record.fell
    assert heading(record, -1) > 0.8
    assert np.linalg.norm(middle(record, -1) - middle(record, 0)) < 0.05


def test_walks_sideways_and_backward():
    for command, axis, sign in (
        (VelocityCommand(leftward=-0.12), 1, -1.0),
        (VelocityCommand(forward=-0.3), 0, -1.0),
    ):
        with World(5) as world:
            record = walk(Humanoid(world), command, 4.0)
        assert not record.fell
        assert sign * (middle(record, -1) - middle(record, 0))[axis] > 0.2


def test_follows_a_plan_of_footsteps_to_the_centimetre():
    with World(6) as world:
        humanoid = Humanoid(world)
        walker = Walker(humanoid, PlannedSteps([]))
        plan, stance = [], walker.feet[0]
        for side in ("right", "left", "right", "left"):
            x, y, yaw = beside(stance, side, 0.2, (0.2, 0.0, 0.1))
            plan.append(Footstep(side, x, y, 0.0, yaw))
            stance = plan[-1]
        walker.source = PlannedSteps(plan)
        for _ in range(round(4.5 / walker.body.tick)):
            walker.tick()
        assert not humanoid.has_fallen()
        assert walker.phase == "stand"
        for foot, step in ((1, plan[2]), (0, plan[3])):
            place, yaw = walker.body.foot_pose(foot)
            assert np.linalg.norm(place[:2] - (step.x, step.y)) < 0.015
            assert yaw == pytest.approx(step.yaw, abs=0.03)


def test_a_push_that_the_ankles_cannot_take_makes_it_step_and_it_stays_up():
    fell = {}
    for moves in (True, False):
        with World(7) as world:
            humanoid = Humanoid(world)
            push = Push(0.5, (0.0, 0.0, 0.0))
            push = replace(push, impulse=(0.7 * humanoid.mass, 0.0, 0.0))
            record = walk(humanoid, VelocityCommand(), 4.0, [push], moves_steps=moves)
            fell[moves] = record.fell
    assert fell == {True: False, False: True}


def test_a_push_in_mid_swing_is_survived_by_a_step_elsewhere():
    fell = {}
    for moves in (True, False):
        with World(9) as world:
            humanoid = Humanoid(world)
            push = Push(2.2, (0.0, 0.4 * humanoid.mass, 0.0))
            record = walk(humanoid, VelocityCommand(forward=0.3), 4.5, [push], moves_steps=moves)
            fell[moves] = record.fell
    assert fell == {True: False, False: True}


def test_a_record_tells_heights_in_the_world_from_the_first_tick_on():
    with World(10) as world:
        humanoid = Humanoid(world)
        begin = humanoid.center_of_mass()
        record = walk(humanoid, VelocityCommand(forward=0.3), 0.2)
        end = humanoid.center_of_mass()
    np.testing.assert_allclose(record.center_of_mass[0], begin, atol=1e-6)
    np.testing.assert_allclose(record.center_of_mass[-1], end, atol=1e-6)


class Weight:
    """Something that hangs on the left hand in every step of the world."""

    def __init__(self, humanoid, newtons):
        self.humanoid, self.force = humanoid, (0.0, 0.0, -newtons)

    def before_step(self):
        robot = self.humanoid
        place = robot.link_pose("left_tool")[0]
        where = {"flags": pybullet.WORLD_FRAME, "physicsClientId": robot.client}
        pybullet.applyExternalForce(robot.body, robot.link_index("left_palm"), self.force, place, **where)


def test_a_walker_carries_what_it_knows_to_pull_at_its_hand():
    bent = {}
    for known in (True, False):
        with World(11) as world:
            humanoid = Humanoid(world)
            walker = Walker(humanoid, VelocityCommand(forward=0.2))
            weight = Weight(humanoid, 8.0)
            world.join(weight)
            if known:
                walker.body.hand_forces[0] = weight.force
            for _ in range(round(2.5 / walker.body.tick)):
                walker.tick()
            assert not humanoid.has_fallen()
            arm = walker.body.state.joint_positions[12:19] - walker.body.upper_posture[:7]
            bent[known] = np.abs(arm).max()
            # What nobody has told it of feels like a push.
            assert (np.linalg.norm(walker.body._push) < 4.0) == known
    assert bent[True] < 0.5 * bent[False]


def test_the_same_walk_has_the_same_bits():
    ends = []
    for _ in range(2):
        with World(8) as world:
            ends.append(walk(Humanoid(world), VelocityCommand(forward=0.3), 1.5).joint_positions[-1])
    np.testing.assert_array_equal(*ends)


def test_the_dcm_of_a_plan_is_the_one_that_comes_to_rest_at_its_end():
    knots = ZmpKnots(
        np.array([-0.2, 0.3, 0.8, 0.9]), np.array([[0.0, 0.0], [0.1, 0.05], [0.1, 0.05], [0.3, -0.1]])
    )
    omega, dt = 3.4, 1e-5
    dcm = knots.dcm(omega)
    for time in np.arange(0.0, 0.9, dt):
        dcm = dcm + dt * omega * (dcm - knots.sample(np.array([time]))[0])
    np.testing.assert_allclose(dcm, knots.points[-1], atol=2e-3)


def test_feet_do_not_cross_when_walking_sideways():
    left = Footstep("left", 0.0, 0.1)
    right = beside(left, "right", 0.2, (0.0, 0.1, 0.0))
    assert right[:2] == pytest.approx((0.0, -0.1))
    assert beside(Footstep("right", 0.0, -0.1), "left", 0.2, (0.0, 0.1, 0.0))[:2] == pytest.approx((0.0, 0.3))


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (
            lambda: VelocityCommand(forward=3.0).upcoming(Footstep("left", 0, 0.1), Footstep("right", 0, 0)),
            "forward is 3.0",
        ),
        (lambda: PlannedSteps([Footstep("left", 0, 0.1), Footstep("left", 0.1, 0.1)]), "twice in a row"),
        (lambda: GaitConfig(single_support=-1.0), "GaitConfig.single_support"),
        (lambda: Footstep("middle", 0.0, 0.0), "Footstep.side"),
        (lambda: Footstep("left", float("nan"), 0.0), "Footstep.x"),
    ],
)
def test_what_cannot_be_walked_is_named(make, says):
    with pytest.raises(ValueError, match=says):
        make()
