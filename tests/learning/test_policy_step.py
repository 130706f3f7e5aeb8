"""Who is to put a thing somewhere takes it first: when, and what a policy is told of it."""

from pathlib import Path

import numpy as np
import pytest

from vla_course.learning.demonstrations.layout import SUBTASKS
from vla_course.learning.demonstrations.reader import Demonstrations
from vla_course.learning.environment.proprioception import STATE
from vla_course.learning.expert.around import PLACE, ROLES, TABLE
from vla_course.learning.policy.step import LIFTED, PUTS, THERE, is_taken
from vla_course.learning.policy.told import NAMES
from vla_course.learning.training.examples import examples_of, hand_of
from vla_course.motion.arms.pose import rotation_about
from vla_course.simulation.robot.layout import ACTION, SIDES
from vla_course.simulation.scene.things import SHAPES

FOLDER = Path(__file__).parents[2] / "data" / "demonstrations"
HEIGHT = SHAPES["cup"].size[2]
TABLE_TOP = np.array((0.5, 0.1, -0.2))


def taken(above: float, beside: float = 0.3, tilt: float = 0.0, known: bool = True, spot: bool = True) -> bool:
    """Tell it of a cup whose bottom is `above` m over the table, `beside` m from its spot, seen by one that bows."""
    turn = rotation_about(np.array((0.0, tilt, 0.0))).T
    cup = np.array((0.4, 0.0, TABLE_TOP[2] + above + HEIGHT / 2.0))
    places, table = np.zeros((len(ROLES), PLACE)), np.zeros(TABLE)
    places[0, :3], places[0, 3] = turn @ cup, known
    places[3, :3], places[3, 3] = turn @ (cup[0], beside, TABLE_TOP[2]), spot
    table[:3] = turn @ TABLE_TOP
    state = np.zeros(STATE.size)
    state[STATE.gravity] = turn @ (0.0, 0.0, -1.0)
    arrays = (array.astype(np.float32)[None] for array in (places, table, state))
    return bool(is_taken("red cup", *arrays)[0])


@pytest.mark.parametrize("tilt", [0.0, 0.25, -0.25])
def test_a_thing_is_taken_once_it_is_lifted_however_the_robot_bows(tilt):
    assert not taken(0.0, tilt=tilt)
    assert not taken(LIFTED - 0.002, tilt=tilt)
    assert taken(LIFTED + 0.002, tilt=tilt)


@pytest.mark.parametrize("tilt", [0.0, 0.25])
def test_a_thing_at_its_spot_is_not_taken_again(tilt):
    assert taken(0.0, beside=THERE - 0.002, tilt=tilt)
    assert not taken(0.0, beside=THERE + 0.002, tilt=tilt)
    assert not taken(0.0, beside=0.0, tilt=tilt, spot=False)


def test_nothing_is_said_of_a_thing_that_nobody_sees():
    assert not taken(0.3, known=False)


def test_the_hand_of_an_episode_is_the_one_that_was_opened_where_none_was_chosen():
    demonstrations = Demonstrations(FOLDER)
    opened = 0
    for one in demonstrations.episodes:
        actions = demonstrations.actions[one.start : one.stop]
        hand = hand_of(one, actions)
        if one.skill in PUTS:
            other = 1 - SIDES.index(hand)
            assert actions[:, ACTION.grippers][:, SIDES.index(hand)].max() > 0.0
            assert not (actions[:, ACTION.grippers][:, other] > 0.0).any()
            opened += 1
        elif one.about["hand"]:
            assert hand == one.about["hand"]
        else:
            assert hand is None
    assert opened > 2


def test_a_policy_learns_to_take_before_it_learns_to_put():
    demonstrations = Demonstrations(FOLDER)
    puts = [one.index for one in demonstrations.episodes if one.skill in PUTS and one.success]
    examples = examples_of(demonstrations, puts, 4)
    skill = np.array(NAMES)[examples.told[:, :12].argmax(axis=1)]
    about = np.array(SUBTASKS)[demonstrations.subtasks[demonstrations.frames_of(puts)]]
    assert set(skill[np.isin(about, ("reach", "grasp"))]) == {"skill: pick up"}
    assert "skill: pick up" not in skill[np.isin(about, ("put down", "let go"))]
    taking = skill == "skill: pick up"
    assert not examples.places[taking][:, 1:].any()
    assert examples.places[~taking][:, ROLES.index("spot"), 3].all()
    assert (examples.told[taking][:, [NAMES.index("hand: left"), NAMES.index("hand: right")]].sum(axis=1) == 1).all()
