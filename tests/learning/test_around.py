"""What is round a robot, and what it is told: places in the pelvis frame, the nearest first, what is left to go."""

from dataclasses import replace
from math import cos, pi, radians, sin

import numpy as np
import pytest

from vla_course.learning.expert.aims import put_at
from vla_course.learning.expert.around import NEIGHBOURS, ROLES, around
from vla_course.learning.policy.told import NAMES, as_told, left_of, told
from vla_course.motion.arms.pose import Pose, rotation_about
from vla_course.motion.errands.ending import ErrandFailed
from vla_course.motion.hands.things import Graspable, Tabletop
from vla_course.simulation.tasks.instructions import Instruction
from vla_course.simulation.tasks.scenes import BARE_TURN, STEP_LENGTH

TABLE = Tabletop(np.array((1.0, 0.2, 0.7)), (0.5, 1.0), 0.04)
WHERE = {"red cup": (0.9, 0.1), "blue box": (0.95, 0.35), "green ball": (0.9, -0.2), "black bowl": (0.9, 0.6)}


class Scene:
    """A scene of four things on a table, and a person behind it."""

    table = TABLE
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
FEET = np.array((0.9, -0.4))


def round_about(instruction):
    return around(Scene(), instruction, PELVIS, FEET)


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
    found = put_at(instruction, Scene(), FEET)
    assert found is None if spot is None else found == pytest.approx(np.array(spot))


def test_beside_a_thing_and_in_a_third_a_spot_is_free_and_on_the_table():
    beside = put_at(
        Instruction("place", thing="red cup", relation="right of", other="black bowl"), Scene(), FEET
    )
    assert beside[2] == TABLE.height
    assert beside[1] < WHERE["black bowl"][1]
    left = put_at(Instruction("move to", thing="red cup", other="left side of the table"), Scene(), FEET)
    assert left[1] > TABLE.middle[1] + TABLE.size[1] / 6.0
    for spot in (beside, left):
        others = [where for name, where in WHERE.items() if name != "red cup"]
        assert min(np.hypot(*(spot[:2] - where)) for where in others) > 0.08
    # Of those in the third, the nearest to the feet comes first.
    elsewhere = put_at(
        Instruction("move to", thing="red cup", other="left side of the table"), Scene(), np.array((1.0, 2.0))
    )
    assert np.hypot(*(left[:2] - FEET)) <= np.hypot(*(elsewhere[:2] - FEET))


# ---- what is told ------------------------------------------------------------------------------


def test_what_is_left_of_a_turn_and_of_a_walk():
    odometry = np.array([[0.1, -0.2, radians(30.0), 3.0]])
    turn = Instruction("turn", direction="right", amount=90, unit="degrees")
    np.testing.assert_allclose(left_of(turn, odometry)[0], (-0.1, 0.2, radians(-120.0)), atol=1e-6)
    bare = left_of(Instruction("turn", direction="left"), np.zeros((1, 4)))
    np.testing.assert_allclose(bare[0], (0.0, 0.0, radians(BARE_TURN)), atol=1e-6)
    walk = Instruction("walk", direction="left", amount=2, unit="steps")
    np.testing.assert_allclose(
        left_of(walk, odometry)[0], (-0.1, 2 * STEP_LENGTH["left"] + 0.2, -pi / 6.0), atol=1e-6
    )
    assert not left_of(Instruction("pick up", thing="red cup"), odometry).any()


def test_a_hand_is_told_where_one_was_chosen_before_and_nowhere_else():
    reach, place = (
        Instruction("reach for", thing="red cup", where="left"),
        Instruction("place", thing="red cup", relation="on", other="blue box"),
    )
    assert as_told(reach, "left") == Instruction("reach for", thing="red cup", hand="left")
    assert as_told(replace(reach, hand="left"), "right").hand == "right"
    assert as_told(place, "left") == place
    two = replace(place, then=Instruction("turn", direction="left"))
    assert as_told(two, None).then is None


def test_each_number_of_what_is_told_says_what_its_name_says():
    vector = told(Instruction("turn", direction="left", amount=90, unit="degrees"))
    said = {name: float(value) for name, value in zip(NAMES, vector, strict=True) if value}
    assert said == {"skill: turn": 1.0, "direction: left": 1.0, "unit: degrees": 1.0, "degrees": 0.5}
    other = told(Instruction("place", thing="red cup", relation="on", other="blue box"))
    said = {name for name, value in zip(NAMES, other, strict=True) if value}
    assert said == {"skill: place", "relation: on", "other: thing", "shape: cup"}
