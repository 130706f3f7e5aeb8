"""What is round a robot, and what it is told: places in the pelvis frame, the nearest first, what is left to go."""

from dataclasses import replace
from itertools import pairwise
from math import atan2, cos, pi, radians, sin

import numpy as np
import pytest
from numpy.typing import NDArray

from vla_course.learning.environment.proprioception import STATE
from vla_course.learning.expert.aims import put_at
from vla_course.learning.expert.approach import BEHIND, CORRIDOR, STRAIGHT, TURNS, next_stop, places_before
from vla_course.learning.expert.around import NEIGHBOURS, ROLES, around
from vla_course.learning.expert.feet import BEFORE, before_person
from vla_course.learning.policy.told import NAMES, left_of, told
from vla_course.motion.arms.pose import Pose, rotation_about
from vla_course.motion.errands.ending import ErrandFailed
from vla_course.motion.errands.way import ASIDE, CLEAR, STAND_OFF, obstacle_of
from vla_course.motion.footsteps.plan import GoalPose
from vla_course.motion.hands.things import Graspable, Tabletop
from vla_course.simulation.tasks.instructions import Instruction
from vla_course.simulation.tasks.scenes import BARE_TURN, STEP_LENGTH
from vla_course.simulation.world.rotation import wrapped

Floats = NDArray[np.float32]

TABLE = Tabletop(np.array((1.0, 0.2, 0.7)), (0.5, 1.0), 0.04)
WHERE = {"red cup": (0.9, 0.1), "blue box": (0.95, 0.35), "green ball": (0.9, -0.2), "black bowl": (0.9, 0.6)}


class Scene:
    """A scene of four things on a table, and a person behind it."""

    table = TABLE
    person: NDArray[np.float64] | None = None
    names = tuple(WHERE)

    def thing(self, name):
        if name not in WHERE:
            raise ErrandFailed("no plan", f"the {name} is nowhere in sight")
        return Graspable("box", (0.06, 0.06, 0.1), np.array((*WHERE[name], 0.75)))

    def place(self, name):
        return np.array((2.0, 0.0, 1.5)) if name == "person" else self.thing(name).position

    def rest(self, *names):
        return tuple(self.thing(name) for name in WHERE if name not in names)


YAW = radians(90.0)
PELVIS = Pose(np.array((0.9, -0.4, 0.6)), rotation_about(np.array((0.0, 0.0, YAW))))
"""faces along y: what is ahead of it lies towards +y, what is on its left towards -x"""
HERE = GoalPose(0.9, -0.4, YAW)


def round_about(instruction):
    return around(Scene(), instruction, PELVIS, HERE)


def test_a_thing_is_told_as_the_pelvis_has_it():
    found = round_about(Instruction("pick up", thing="red cup"))
    np.testing.assert_allclose(found.places[0], (0.5, 0.0, 0.15, 1.0), atol=1e-6)
    assert not found.places[1:].any()
    np.testing.assert_allclose(found.table, (0.6, -0.1, 0.1, cos(YAW), -sin(YAW), 1.0), atol=1e-6)


def test_neighbours_of_a_thing_are_told_the_nearest_first():
    found = round_about(Instruction("pick up", thing="red cup"))
    ahead = [0.75, 0.2, 1.0]  # blue box, green ball, black bowl
    np.testing.assert_allclose(found.neighbours[:3, 0], ahead, atol=1e-6)
    assert found.neighbours[:, 3].tolist() == [1.0] * 3 + [0.0] * (NEIGHBOURS - 3)


def test_person_and_other_thing_have_rows_of_their_own_and_what_is_not_there_has_none():
    assert round_about(Instruction("go to", other="person")).places[ROLES.index("person"), 3] == 1.0
    both = round_about(Instruction("place", thing="red cup", relation="on", other="blue box")).places
    np.testing.assert_allclose(both[ROLES.index("other"), :2], (0.75, -0.05), atol=1e-6)
    gone = round_about(Instruction("pick up", thing="white cup"))
    assert not gone.places.any()
    assert not gone.neighbours.any()


@pytest.mark.parametrize(
    ("instruction", "spot"),
    [
        (Instruction("place", thing="red cup", relation="on", other="blue box"), (0.95, 0.35, 0.8)),
        (Instruction("place", thing="red cup", relation="on", other="table"), None),
        (Instruction("pick up", thing="red cup"), None),
    ],
)
def test_where_a_thing_is_to_be_put(instruction, spot):
    found = put_at(instruction, Scene(), HERE)
    assert found is None if spot is None else found == pytest.approx(np.array(spot))


def test_beside_a_thing_and_in_a_third_a_spot_is_free_and_on_the_table():
    beside = put_at(
        Instruction("place", thing="red cup", relation="right of", other="black bowl"), Scene(), HERE
    )
    assert beside[2] == TABLE.height
    assert beside[1] < WHERE["black bowl"][1]
    left = put_at(Instruction("move to", thing="red cup", other="left side of the table"), Scene(), HERE)
    assert left[1] > TABLE.middle[1] + TABLE.size[1] / 6.0
    for spot in (beside, left):
        others = [where for name, where in WHERE.items() if name != "red cup"]
        assert min(np.hypot(*(spot[:2] - where)) for where in others) > 0.08
    # Of those in the third, the nearest to the feet comes first.
    elsewhere = put_at(
        Instruction("move to", thing="red cup", other="left side of the table"), Scene(), GoalPose(1.0, 2.0)
    )
    here = (HERE.x, HERE.y)
    assert np.hypot(*(left[:2] - here)) <= np.hypot(*(elsewhere[:2] - here))


# ---- what is told ------------------------------------------------------------------------------


def felt(odometry: tuple[float, ...] = (0.0,) * 4, footing: tuple[float, ...] = (0.0,) * 4) -> Floats:
    state = np.zeros((1, STATE.size), dtype=np.float32)
    state[0, STATE.odometry], state[0, STATE.footing] = odometry, footing
    return state


NOWHERE = np.zeros((1, 3), dtype=np.float32)


def test_what_is_left_of_a_turn_and_of_a_walk():
    come = felt((0.1, -0.2, radians(90.0), 3.0))
    turn = Instruction("turn", direction="right", amount=90, unit="degrees")
    np.testing.assert_allclose(left_of(turn, come, NOWHERE)[0], (0.2, 0.1, -pi), atol=1e-6)
    bare = left_of(Instruction("turn", direction="left"), felt(), NOWHERE)
    np.testing.assert_allclose(bare[0], (0.0, 0.0, radians(BARE_TURN)), atol=1e-6)
    walk = Instruction("walk", direction="left", amount=2, unit="steps")
    far = 2 * STEP_LENGTH["left"]
    np.testing.assert_allclose(left_of(walk, come, NOWHERE)[0], (far + 0.2, 0.1, -pi / 2.0), atol=1e-6)
    assert not left_of(Instruction("pick up", thing="red cup"), come, NOWHERE).any()


def test_what_is_left_counts_from_where_feet_would_stand():
    walk = Instruction("walk", direction="forward", amount=1, unit="metres")
    # It looks to the left by now; closed, its feet would stand 10 cm ahead of it, turned on by another 90 degrees.
    state = felt((0.3, 0.0, pi / 2.0, 2.0), (0.1, 0.0, pi / 2.0, 1.0))
    np.testing.assert_allclose(left_of(walk, state, NOWHERE)[0], (-0.7, 0.1, -pi), atol=1e-6)


def test_what_is_left_of_going_somewhere_eyes_tell():
    way = np.array([[1.0, 0.5, -0.2]], dtype=np.float32)
    state = felt((0.3, 0.1, 0.5, 2.0), (0.1, 0.0, 0.1, 1.0))
    np.testing.assert_array_equal(left_of(Instruction("go to", other="person"), state, way), way)


TO_CUP, TO_TABLE = Instruction("go to", thing="red cup"), Instruction("go to", other="table")
TO_PERSON = Instruction("go to", other="person")
EDGE = TABLE.middle[0] - TABLE.size[0] / 2.0


def test_the_way_to_a_thing_leads_before_the_table_and_then_straight_to_its_edge():
    far = next_stop(TO_CUP, Scene(), GoalPose(-1.0, 0.0))
    assert (far.x, far.yaw) == (pytest.approx(EDGE - CLEAR), 0.0)
    assert abs(far.y - WHERE["red cup"][1]) == pytest.approx(ASIDE[0])
    at = next_stop(TO_CUP, Scene(), GoalPose(far.x - 0.02, far.y + 0.03, radians(4.0)))
    assert (at.x, at.y, at.yaw) == (pytest.approx(EDGE - STAND_OFF), far.y, 0.0)


@pytest.mark.parametrize("beside", [GoalPose(0.0, -CORRIDOR - 0.01), GoalPose(0.0, 0.0, STRAIGHT + 0.01)])
def test_who_is_too_near_to_turn_and_not_lined_up_goes_back_first(beside):
    far = next_stop(TO_CUP, Scene(), GoalPose(-1.0, 0.0))
    here = GoalPose(EDGE - STAND_OFF, far.y + beside.y, beside.yaw)
    back = next_stop(TO_CUP, Scene(), here)
    assert back.x == pytest.approx(EDGE - CLEAR, abs=0.01)
    assert (back.y, back.yaw) == (pytest.approx(here.y), here.yaw)


def test_to_the_table_one_goes_straight_and_the_goal_stays_where_it_is():
    here = GoalPose(-0.6, 0.1)
    stops = [next_stop(TO_TABLE, Scene(), GoalPose(x, here.y)) for x in (-0.6, -0.1, EDGE - CLEAR - BEHIND + 0.01)]
    assert [stop.y for stop in stops] == [pytest.approx(here.y)] * 3
    assert [stop.x for stop in stops] == pytest.approx([EDGE - CLEAR] * 2 + [EDGE - STAND_OFF])


def test_a_table_between_is_walked_round_by_its_nearer_corner():
    behind = Scene()
    behind.person = np.array((2.6, 0.35))
    here = GoalPose(-0.5, 0.3)
    stop = next_stop(TO_PERSON, behind, here)
    block = obstacle_of(TABLE)
    assert block.distance(stop.x, stop.y) > TURNS
    assert stop.y > TABLE.middle[1] + TABLE.size[1] / 2.0  # the left end is the nearer one
    assert stop.yaw == pytest.approx(atan2(stop.y - here.y, stop.x - here.x))
    walked = [here]
    while (walked[-1].x, walked[-1].y) != (stop.x, stop.y) and len(walked) < 9:
        walked.append(stop)
        stop = next_stop(TO_PERSON, behind, stop)
    assert np.hypot(walked[-1].x - 2.6, walked[-1].y - 0.35) == pytest.approx(BEFORE)
    for one, other in pairwise(walked):
        x, y = np.linspace((one.x, one.y), (other.x, other.y), 50).T
        assert block.distance(x, y).min() > TURNS - 0.02


def test_before_a_person_at_the_table_one_stands_clear_of_it():
    beside = Scene()
    beside.person = np.array((0.1, 0.2))  # so near that straight before them is the table
    here = GoalPose(2.0, 0.2)
    block = obstacle_of(TABLE)
    straight = next(before_person((0.1, 0.2), here))
    assert block.distance(straight.x, straight.y) < TURNS
    places = places_before(beside.person, TABLE, here)
    assert all(block.distance(one.x, one.y) > TURNS for one in places)
    assert places_before(beside.person, None, here)[0] == straight


def test_the_way_is_told_as_the_feet_look():
    seen = around(Scene(), TO_CUP, PELVIS, HERE)
    stop = next_stop(TO_CUP, Scene(), HERE)
    # It faces along y: what is ahead of it lies towards +y, what is on its left towards -x.
    np.testing.assert_allclose(seen.way, (stop.y - HERE.y, HERE.x - stop.x, wrapped(stop.yaw - YAW)), atol=1e-6)
    for other in (Instruction("pick up", thing="red cup"), TO_PERSON):
        assert not around(Scene(), other, PELVIS, HERE).way.any()  # nobody is there


def said(*of: object) -> dict[str, float]:
    return {name: float(value) for name, value in zip(NAMES, told(*of), strict=True) if value}


def test_the_hand_that_is_to_do_it_is_told_and_of_what_no_hand_does_none():
    reach = Instruction("reach for", thing="red cup", where="left")
    place = Instruction("place", thing="red cup", relation="on", other="blue box")
    assert "left" in {name.split(": ")[1] for name in said(reach, "left") if name.startswith("hand")}
    assert said(replace(reach, hand="right")) == said(reach, "right") != said(reach, "left")
    assert said(place, "left") == {**said(place), "hand: left": 1.0}
    for alone in (Instruction("turn", direction="left"), Instruction("go to", thing="red cup")):
        assert said(alone, "left") == said(alone)


def test_which_side_a_thing_is_on_and_what_comes_afterwards_is_nothing_to_a_policy():
    place = Instruction("place", thing="red cup", relation="on", other="blue box")
    assert said(replace(place, then=Instruction("turn", direction="left"))) == said(place)
    reach = Instruction("reach for", thing="red cup")
    assert said(replace(reach, where="left")) == said(reach)


def test_each_number_of_what_is_told_says_what_its_name_says():
    turn = said(Instruction("turn", direction="left", amount=90, unit="degrees"))
    assert turn == {"skill: turn": 1.0, "direction: left": 1.0, "unit: degrees": 1.0, "degrees": 0.5}
    other = said(Instruction("place", thing="red cup", relation="on", other="blue box"))
    assert set(other) == {"skill: place", "relation: on", "other: thing", "shape: cup"}
