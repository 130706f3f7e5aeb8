"""The safety layer in physics: what it keeps, what it leaves alone, and that it always has a way out."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from vla_course.deployment.safety.approval import Approval
from vla_course.deployment.safety.feet import outline, stopping_places
from vla_course.deployment.safety.layer import SafetyLayer
from vla_course.deployment.safety.limits import FEET, SafetyLimits
from vla_course.deployment.safety.surroundings import Person, Surroundings
from vla_course.learning.environment.action_space import BodyCommand, write_action
from vla_course.learning.environment.commanded_body import CommandedBody
from vla_course.learning.model.joint_range import joint_range
from vla_course.motion.hands.things import Tabletop
from vla_course.motion.walking.footing import here
from vla_course.simulation.robot.humanoid import HOME_POSTURE, Humanoid
from vla_course.simulation.robot.layout import ARMS, HEAD
from vla_course.simulation.world.world import World

Array = NDArray[np.float64]
HOME = BodyCommand(HOME_POSTURE, np.zeros(3), np.zeros(3), np.zeros(2))
TABLE = Tabletop(np.array((0.60, 0.0, 0.72)), (0.5, 1.1))


@pytest.fixture
def layer() -> Iterator[SafetyLayer]:
    world = World(0)
    yield SafetyLayer(CommandedBody(Humanoid(world)))
    world.close()


def slammed(k: int) -> BodyCommand:
    """All joints of arms and head from one stop to the other."""
    limits = joint_range()
    joints = np.array(limits.upper if k % 2 else limits.lower, dtype=np.float64)
    return replace(HOME, joints=joints)


def led(layer: SafetyLayer, command: Callable[[int], BodyCommand], decisions: int) -> Iterator[int]:
    """Carry out commands, ten a second; yields the number of the decision after every tick."""
    for k in range(decisions):
        for _ in layer.carry_out(command(k), 0.1):
            yield k


def test_joints_that_are_slammed_stay_off_their_stops_and_below_their_speeds(layer: SafetyLayer) -> None:
    stops = layer.walker.humanoid.joint_limits
    room, speed = np.inf, 0.0
    for _ in led(layer, slammed, 20):
        state = layer.walker.body.state
        room = min(
            room,
            (stops[:, 1] - state.joint_positions)[12:].min(),
            (state.joint_positions - stops[:, 0])[12:].min(),
        )
        speed = max(speed, np.abs(state.joint_velocities[ARMS]).max())
    assert room > 0.0
    assert 2.0 < speed < 3.0
    assert not layer.walker.humanoid.has_fallen()
    assert {one.limit for one in layer.interventions} >= {"joint position", "joint speed"}


def test_what_is_harmless_is_carried_out_as_it_was_asked(layer: SafetyLayer) -> None:
    goal = HOME_POSTURE.copy()
    goal[ARMS] += 0.2
    goal[20] -= 0.4  # the right arm outwards, too, and not onto its thigh
    goal[HEAD] += 0.1
    for _ in led(layer, lambda _: replace(HOME, joints=goal), 6):
        pass
    reached = layer.walker.body.state.joint_positions
    np.testing.assert_allclose(reached[12:], goal[12:], atol=5e-3)
    assert layer.interventions == ()
    assert layer.stopped == ""


def test_a_hand_sent_into_the_robots_own_head_stays_off_it(layer: SafetyLayer) -> None:
    inwards = HOME_POSTURE.copy()
    inwards[19:26] = (-2.2, 0.0, 1.2, -2.2, 0.0, 0.0, 0.0)
    inwards[12:19] = (-2.2, 0.0, -1.2, -2.2, 0.0, 0.0, 0.0)
    limits = layer.limits
    least = np.inf
    for _ in led(layer, lambda _: replace(HOME, joints=inwards), 20):
        layer._space.update(layer.walker.body.state)
        least = min(least, float(layer._space.near(layer.surroundings).distance.min()))
    assert 0.0 < least < limits.body_gap + 0.02
    assert "collision" in {one.limit for one in layer.interventions}


@pytest.mark.parametrize("bad", [np.full(36, np.nan), np.zeros(35), "walk", None, np.full(36, np.inf)])
def test_what_is_no_action_makes_the_robot_stand_with_the_reason(layer: SafetyLayer, bad: object) -> None:
    for _ in layer.carry_out(bad, 0.1):  # type: ignore[arg-type]
        pass
    assert layer.stopped.startswith("malformed action: ")
    assert np.abs(layer.walker.body.upper_velocity).max() < 1e-9


def test_a_command_in_units_that_is_not_finite_is_stopped_as_well(layer: SafetyLayer) -> None:
    for _ in layer.carry_out(replace(HOME, base_velocity=np.array((np.nan, 0.0, 0.0))), 0.1):
        pass
    assert layer.stopped.startswith("malformed action: BodyCommand.base_velocity is [nan")


def test_a_command_in_units_that_is_beyond_what_an_action_asks_is_cut(layer: SafetyLayer) -> None:
    wild = replace(HOME, base_velocity=np.array((9.0, 0.0, 0.0)), grippers=np.array((7.0, -1.0)))
    for _ in layer.carry_out(wild, 0.1):
        pass
    assert layer.stopped == ""
    assert layer.walker.humanoid.gripper_goals == (1.0, 0.0)


def test_feet_stop_clear_of_a_table_that_they_are_sent_into(layer: SafetyLayer) -> None:
    table = replace(TABLE, middle=np.array((1.3, 0.0, 0.72)))
    layer.surroundings = Surroundings(tables=(table,))
    ahead = replace(HOME, base_velocity=np.array((0.4, 0.0, 0.0)))
    for _ in led(layer, lambda _: ahead, 60):
        pass
    corners = outline(here(layer.walker))
    room = table.middle[0] - table.size[0] / 2.0 - corners[:, 0].max()
    assert 0.0 < room < 0.45
    assert layer.stopped.startswith("workspace: ")
    assert layer.walker.phase == "stand"


def test_where_a_walk_would_stop_is_where_it_stops(layer: SafetyLayer) -> None:
    ahead = replace(HOME, base_velocity=np.array((0.3, 0.0, 0.0)))
    for _ in led(layer, lambda _: ahead, 25):
        pass
    while layer.walker.phase != "shift":
        for _ in layer.carry_out(ahead, 0.004):
            pass
    foreseen = stopping_places(layer.walker, np.zeros(3))[-1]
    for _ in led(layer, lambda _: HOME, 25):
        pass
    stands = here(layer.walker)
    assert np.hypot(stands.x - foreseen.x, stands.y - foreseen.y) < 0.03


def test_a_robot_slows_down_as_a_person_comes_near_and_stands_within_the_protective_distance(
    layer: SafetyLayer,
) -> None:
    person = np.array([[3.0, 0.0, height] for height in (0.4, 0.8, 1.2)])
    ahead = replace(HOME, base_velocity=np.array((0.4, 0.0, 0.0)))
    layer.surroundings = Surroundings(people=(Person(person, 0.0),))
    for _ in led(layer, lambda _: ahead, 20):
        pass
    assert here(layer.walker).x > 0.2
    layer.surroundings = Surroundings(people=(Person(person - (1.6, 0.0, 0.0)),))
    for _ in led(layer, lambda _: ahead, 25):
        pass
    assert layer.stopped.startswith("people: a person ")
    assert "whose speed nobody knows" in layer.stopped
    assert layer.walker.phase == "stand"


def test_a_walking_robot_stops_no_later_than_its_separation_says(layer: SafetyLayer) -> None:
    ahead = replace(HOME, base_velocity=np.array((0.4, 0.0, 0.0)))
    for _ in led(layer, lambda _: ahead, 33):
        pass
    begin, speed = layer.walker.body.state.base_position[0], 0.4
    layer.emergency.press()
    for _ in led(layer, lambda _: ahead, 30):
        pass
    way = layer.walker.body.state.base_position[0] - begin
    assert 0.0 < way < speed * FEET.reaction_time + speed**2 / (2.0 * FEET.deceleration)


def test_an_arm_near_a_person_is_no_faster_than_their_distance_allows(layer: SafetyLayer) -> None:
    near = np.array([[0.45, 0.0, 0.9]])
    layer.surroundings = Surroundings(people=(Person(near),))
    tools = np.array([layer.walker.humanoid.link_pose(f"{side}_tool")[0] for side in ("left", "right")])
    fastest = 0.0
    for _ in led(layer, slammed, 8):
        before, tools = (
            tools,
            np.array([layer.walker.humanoid.link_pose(f"{side}_tool")[0] for side in ("left", "right")]),
        )
        fastest = max(fastest, float(np.linalg.norm(tools - before, axis=1).max()) / 0.004)
    assert fastest < 0.5
    assert "people" in {one.limit for one in layer.interventions}


def test_who_is_unsure_holds_still_until_somebody_says_yes() -> None:
    world, now = World(0), [0.0]
    approval = Approval(patience=5.0, holds=2.0, clock=lambda: now[0])
    layer = SafetyLayer(CommandedBody(Humanoid(world)), SafetyLimits(least_confidence=0.6), approval=approval)
    goal = HOME_POSTURE.copy()
    goal[ARMS] += 0.2
    action = write_action(replace(HOME, joints=goal), joint_range())

    def moved() -> float:
        for _ in range(5):
            for _ in layer.carry_out(action, 0.1, confidence=0.4):
                pass
        return float(np.abs(layer.walker.body.state.joint_positions[ARMS] - HOME_POSTURE[ARMS]).max())

    assert moved() < 0.01
    assert layer.stopped == "low confidence: 0.40, expected at least 0.60; somebody was asked"
    assert approval.pending is not None
    approval.approve(approval.pending.number)
    assert moved() > 0.15
    world.close()


def test_confidence_that_is_no_number_counts_as_none(layer: SafetyLayer) -> None:
    layer.limits = replace(layer.limits, least_confidence=0.5)
    for _ in layer.carry_out(HOME, 0.1, confidence=float("nan")):
        pass
    assert layer.stopped.startswith("low confidence")
