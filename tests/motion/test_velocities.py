"""Velocities are judged together and by direction, steps change bit by bit, and whatever comes the robot obeys."""

from itertools import pairwise, product
from math import ceil, cos, hypot, sin

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vla_course.learning.environment.action_space import VELOCITIES
from vla_course.motion.footsteps.footstep import Footstep
from vla_course.motion.walking.gait import GaitConfig
from vla_course.motion.walking.step_sources import PlannedSteps, VelocityCommand
from vla_course.motion.walking.strides import (
    CHANGES,
    LONGEST,
    beside,
    longest_step,
    motion_of_velocity,
    step_of,
)
from vla_course.motion.walking.walker import Walker
from vla_course.simulation.robot.humanoid import Humanoid
from vla_course.simulation.world.engine import pybullet
from vla_course.simulation.world.rotation import from_rpy, wrapped
from vla_course.simulation.world.world import World

GAIT = GaitConfig()
LEFT, RIGHT = Footstep("left", 0.0, 0.09), Footstep("right", 0.0, -0.09)
FASTEST = 8.0
"""rad/s, of a joint while commands change: the URDF's limit is 12, a robot that jerks reaches 20 to 100"""


def admitted(*velocity):
    try:
        motion_of_velocity(GAIT, *velocity)
    except ValueError:
        return False
    return True


GENTLE = 3.5
"""rad/s, of one that starts and stops"""


# ---- which velocities ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "velocity",
    [
        (0.86, 0.3, 0.95),
        (-0.86, 0.0, 0.0),
        (0.6, 0.3, -0.95),
        (2.0, 0.0, 0.0),
        (0.0, 0.5, 0.0),
        (0.0, 0.0, 1.2),
    ],
)
def test_what_cannot_be_walked_is_refused_and_what_can_be_is_named(velocity):
    with pytest.raises(ValueError, match="can be walked") as refused:
        VelocityCommand(*velocity).upcoming(LEFT, RIGHT)
    slower = [float(part) for part in str(refused.value).split("(")[1].split(")")[0].split(", ")]
    scale = hypot(*slower) / hypot(*velocity)
    assert 0.3 < scale < 1.0
    np.testing.assert_allclose(slower, scale * np.array(velocity), atol=0.01)
    assert admitted(*slower)
    assert not admitted(*(1.05 * part for part in slower))


@pytest.mark.parametrize("name", ["forward", "leftward", "turning"])
@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_a_velocity_that_is_no_number_is_refused(name, number):
    with pytest.raises(ValueError, match=f"VelocityCommand.{name} is {number}"):
        VelocityCommand(**{name: number}).upcoming(LEFT, RIGHT)


@given(st.floats(-1.0, 1.0), st.floats(-0.5, 0.5), st.floats(-1.2, 1.2))
def test_left_and_right_are_alike_and_slower_is_safer(forward, leftward, turning):
    here = admitted(forward, leftward, turning)
    assert here == admitted(forward, -leftward, -turning)
    assert not here or admitted(0.9 * forward, 0.9 * leftward, 0.9 * turning)


def test_forward_reaches_farther_than_backward():
    assert admitted(0.82, 0.0, 0.0)
    assert not admitted(-0.82, 0.0, 0.0)
    assert admitted(-0.69, 0.0, 0.0)


def test_everything_a_policy_can_ask_for_is_admitted():
    for signs in product((-1.0, 0.0, 1.0), repeat=3):
        assert admitted(*np.multiply(signs, VELOCITIES).tolist())


# ---- how steps change ------------------------------------------------------------------------------


def motions(stance, other, steps):
    """Return how far ahead (m) and round (rad) each of `steps` goes, read from where they land."""
    found = []
    for before, landed in pairwise((other, stance, *steps)):
        turn = wrapped(landed.yaw - before.yaw)
        middle = before.yaw + turn / 2.0
        found.append((cos(middle) * (landed.x - before.x) + sin(middle) * (landed.y - before.y), turn))
    return found


drawn = st.tuples(st.floats(-0.6, 0.85), st.floats(-0.3, 0.3), st.floats(-0.9, 0.9)).filter(
    lambda velocity: admitted(*velocity)
)


@given(st.lists(drawn, min_size=2, max_size=8))
def test_from_any_velocity_to_any_other_steps_change_bit_by_bit(velocities):
    command = VelocityCommand()
    command.first_side()
    other, stance = RIGHT, LEFT
    made = [(other, stance)]
    for velocity in velocities:
        command.forward, command.leftward, command.turning = velocity
        for _ in range(2):
            steps = command.upcoming(stance, other)
            assert steps == command.upcoming(stance, other), "to be asked twice is no step"
            if steps:
                stance, other = steps[0], stance
                made.append((other, stance))
    found = [motions(after, before, ())[0] for before, after in made]
    for (ahead, turn), (then_ahead, then_turn) in pairwise(found):
        # Aside and round at once, a little of the step aside looks like one ahead.
        assert abs(then_ahead - ahead) <= CHANGES[0] + 0.08
        assert abs(wrapped(then_turn - turn)) <= CHANGES[2] + 1e-9
    for (_, before), (_, after) in pairwise(made):
        assert hypot(after.x - before.x, after.y - before.y) <= LONGEST + 0.06


def test_a_walk_up_to_a_velocity_and_back_to_none():
    command = VelocityCommand(forward=0.6)
    command.first_side()
    other, stance = RIGHT, LEFT
    for _ in range(6):
        stance, other = command.upcoming(stance, other)[0], stance
    assert stance.x - other.x == pytest.approx(0.6 * (GAIT.single_support + GAIT.double_support))
    command.forward, ways = 0.0, []
    while steps := command.upcoming(stance, other):
        ways.append(steps[0].x - stance.x)
        stance, other = steps[0], stance
    assert len(ways) == ceil(0.6 * (GAIT.single_support + GAIT.double_support) / CHANGES[0])
    assert ways[-1] == pytest.approx(0.0)
    assert all(then < now for now, then in pairwise(ways))


def test_the_longest_step_is_measured_from_sole_to_sole():
    velocity = (0.5, 0.2, 0.3)
    motion = step_of(GAIT, velocity)
    x, y, _ = beside(RIGHT, "left", GAIT.step_width, motion)
    assert longest_step(GAIT, motion) == pytest.approx(hypot(x - RIGHT.x, y - RIGHT.y))
    mirrored = step_of(GAIT, (0.5, -0.2, -0.3))
    assert longest_step(GAIT, mirrored) == pytest.approx(longest_step(GAIT, motion))


# ---- the robot --------------------------------------------------------------------------------------


class Watched:
    """A walker, and how fast its joints ever were."""

    def __init__(self, world, source):
        self.humanoid, self.world = Humanoid(world), world
        self.walker = Walker(self.humanoid, source)
        self.fastest, self.phases = 0.0, [self.walker.phase]

    def go(self, seconds, until=lambda: False):
        end = self.world.time + seconds
        while self.world.time < end and not until():
            self.walker.tick()
            self.fastest = max(self.fastest, np.abs(self.humanoid.state().joint_velocities).max())
            if self.walker.phase != self.phases[-1]:
                self.phases.append(self.walker.phase)
        assert not self.humanoid.has_fallen()

    def expect_a_sound_stand(self):
        walker = self.walker
        assert walker.phase == "stand"
        assert np.abs(walker.body.balance.trunk_tilt).max() < 0.02
        left, right = (walker.body.foot_pose(foot)[0] for foot in (0, 1))
        assert hypot(*(left - right)[:2]) > GAIT.reach_inward
        assert self.fastest < GENTLE


def test_a_velocity_withdrawn_before_the_first_foot_lifts_ends_in_a_stand():
    with World(0) as world:
        command = VelocityCommand(forward=0.6)
        robot = Watched(world, command)
        robot.go(GAIT.first_shift - 0.01)
        command.forward = 0.0
        robot.go(2.5)
        robot.expect_a_sound_stand()
        # The weight was on one sole: it took a step, and none ahead.
        assert robot.phases[:3] == ["stand", "shift", "single"]
        assert abs(robot.walker.body.foot_pose(0)[0][0] - robot.walker.body.foot_pose(1)[0][0]) < 0.02


@pytest.mark.parametrize("made", [0, 1])
def test_a_plan_taken_away_when_the_weight_is_on_one_sole_ends_in_a_stand(made):
    with World(0) as world:
        robot = Watched(world, PlannedSteps([]))
        plan, stance = [], robot.walker.feet[0]
        for side in ("right", "left", "right", "left"):
            stance = Footstep(side, *beside(stance, side, 0.2, (0.2, 0.0, 0.0))[:2])
            plan.append(stance)
        robot.walker.source = source = PlannedSteps(plan)
        walker = robot.walker
        robot.go(
            3.0, lambda: len(source.left) == 4 - made and walker.phase == "shift" and walker.time_left < 0.05
        )
        source.left.clear()
        robot.go(3.0)
        robot.expect_a_sound_stand()


def test_twisted_soles_do_not_tip_when_the_command_changes_as_they_land():
    with World(0) as world:
        command = VelocityCommand()
        robot = Watched(world, command)
        for velocity, seconds in (
            ((0.7, 0.05, -0.67), 0.56),
            ((0.09, -0.26, 0.77), 1.64),
            ((-0.22, -0.07, -0.52), 1.5),
        ):
            command.forward, command.leftward, command.turning = velocity
            robot.go(seconds)
        assert robot.fastest < FASTEST


def test_commands_that_change_at_random_are_obeyed():
    rng = np.random.default_rng(3)
    with World(3) as world:
        command = VelocityCommand()
        robot = Watched(world, command)
        for _ in range(8):
            command.forward, command.leftward, command.turning = 0.0, 0.0, 0.0
            while rng.random() < 0.7:
                velocity = (rng.uniform(-1.0, 1.0, 3) * (0.8, 0.3, 0.9)).tolist()
                if admitted(*velocity):
                    command.forward, command.leftward, command.turning = velocity
                    break
            robot.go(rng.uniform(0.2, 1.5))
        assert robot.fastest < FASTEST


def test_who_is_refused_goes_on_as_if_nothing_had_been_asked():
    with World(0) as world:
        command = VelocityCommand(forward=0.3)
        robot = Watched(world, command)
        robot.go(2.0)
        command.forward = 1.5
        with pytest.raises(ValueError, match="can be walked"):
            robot.go(2.0)
        with pytest.raises(ValueError, match="can be walked"):
            robot.walker.tick()
        command.forward = 0.3
        start = robot.humanoid.state().base_position[0]
        robot.go(2.08)
        assert robot.humanoid.state().base_position[0] - start == pytest.approx(0.3 * 2.08, abs=0.06)
        assert robot.fastest < FASTEST


def on_its_own_foot(world):
    """Return a robot with its right foot on the left one: it stands like that for good, 10 degrees askew."""
    humanoid = Humanoid(world)
    legs = [0.05, -0.12, -0.96, 1.26, -0.53, 0.06, 0.29, -0.13, -1.06, 1.35, -0.55, 0.22]
    for joint, angle in zip(humanoid._body.joints, legs, strict=False):
        pybullet.resetJointState(humanoid.body, joint, angle, 0.0, physicsClientId=humanoid.client)
    turn = from_rpy((0.03, 0.24, 0.07))
    humanoid._body.place((0.0, 0.0, 0.0), turn)
    lowest = min(humanoid.link_pose(f"{side}_sole")[0][2] for side in ("left", "right"))
    humanoid._body.place((0.0, 0.0, -lowest), turn)
    return humanoid


def test_who_stands_askew_rights_itself_and_obeys_again():
    with World(0) as world:
        humanoid = on_its_own_foot(world)
        walker = Walker(humanoid, VelocityCommand(forward=0.3))
        tilts = []
        for _ in range(round(6.0 / walker.body.tick)):
            walker.tick()
            tilts.append(float(np.hypot(*walker.body.balance.trunk_tilt[:2])))
        assert min(tilts[:200]) > 0.15
        assert tilts[-1] < 0.02
        assert not walker.lost
        assert not humanoid.has_fallen()
        assert humanoid.state().base_linear_velocity[0] > 0.15


def test_who_cannot_right_itself_says_that_it_is_lost(monkeypatch):
    monkeypatch.setattr(Walker, "_right", lambda walker: None)
    with World(0) as world:
        humanoid = on_its_own_foot(world)
        walker = Walker(humanoid, VelocityCommand(forward=0.3))
        lost = []
        for _ in range(round(6.5 / walker.body.tick)):
            walker.tick()
            lost.append(walker.lost)
        assert walker.phase == "stand"
        assert not humanoid.has_fallen()
        assert lost[-1]
        assert not any(lost[: round(5.5 / walker.body.tick)])


@pytest.mark.parametrize("twist", [0.0, 0.4, -0.3])
def test_soles_share_a_load_that_neither_gets_beyond_its_edge(twist):
    rng = np.random.default_rng(0)
    with World(0) as world:
        walker = Walker(Humanoid(world), VelocityCommand())
        body = walker.body
        body.stands, body.swing = False, None
        c, s = cos(twist), sin(twist)
        body._sole_positions = np.array([[0.1, 0.12, 0.0], [-0.05, -0.08, 0.0]])
        body._sole_rotations = (np.array([[c, -s, 0.0], [s, c, 0.0], [0.0, 0.0, 1.0]]), np.eye(3))
        corners = [
            body._sole_positions[k, :2] + 0.9 * body._foot @ body._sole_rotations[k][:2].T for k in (0, 1)
        ]
        for _ in range(50):
            # Any mean of corners lies in the hull of both soles.
            weights = rng.dirichlet(np.full(8, 0.3))
            zmp = weights @ np.concatenate(corners)
            away = zmp - body.state.base_position[:2]
            height = float(body.state.base_position[2])
            force = np.zeros(34)
            force[2], force[3], force[4] = 400.0, 400.0 * away[1], -400.0 * away[0]
            assert height > 0.0
            share, loads = body._loads(force)
            places = body._sole_positions[:, :2] + loads
            np.testing.assert_allclose((1.0 - share) * places[0] + share * places[1], zmp, atol=0.004)
            for foot in (0, 1):
                local = loads[foot] @ body._sole_rotations[foot][:2, :2]
                assert np.all(local >= body._foot[0, :2] + 0.002)
                assert np.all(local <= body._foot[2, :2] - 0.002)
