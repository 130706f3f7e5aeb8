"""The humanoid as something to get better at: the correction of its hand, and eyes that err."""

import numpy as np
import pytest

from vla_course.learning.environment.action_space import read_action
from vla_course.learning.model.joint_range import joint_range
from vla_course.learning.reinforcement.hand import SIZE, HandFrame
from vla_course.learning.reinforcement.sight import ErringKnowledge
from vla_course.learning.training.examples import BLUR
from vla_course.motion.arms.chain import ARMS_IN_JOINTS, ArmChain
from vla_course.simulation.robot.humanoid import HOME_POSTURE
from vla_course.simulation.robot.layout import ACTION, SIDES
from vla_course.simulation.robot.state import Side
from vla_course.simulation.tasks.tasks import sample_task
from vla_course.simulation.world.world import World

Floats = np.ndarray
ARM = {"right": (-0.3, -0.35, 0.0, -1.5, 0.0, 0.3, 0.0), "left": (-0.3, 0.35, 0.0, -1.5, 0.0, 0.3, 0.0)}
"""rad, bent before the chest, well within its limits: one is the other in a mirror"""


def ready_action(side: Side) -> Floats:
    joints = HOME_POSTURE.copy()
    joints[ARMS_IN_JOINTS[side]] = ARM[side]
    action = np.zeros(ACTION.size, dtype=np.float32)
    action[ACTION.joints] = joint_range().to_unit(joints)
    return action


def tool_of(action: Floats, side: Side) -> ArmChain:
    chain = ArmChain(side)
    chain.move(read_action(action, joint_range()).joints[ARMS_IN_JOINTS[side]])
    return chain


@pytest.mark.parametrize("side", SIDES)
def test_no_correction_leaves_every_bit_as_it_is(side: Side) -> None:
    rng, hand = np.random.default_rng(2), HandFrame(side)
    for _ in range(20):
        action = rng.uniform(-1.0, 1.0, ACTION.size).astype(np.float32)
        assert np.array_equal(hand.corrected(action, np.zeros(SIZE)), action)


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize(("turn", "axis"), [((0.2, 0.0), 1), ((0.0, 0.2), 2), ((0.0, -0.3), 2)])
def test_a_correction_turns_the_hand_where_it_is(turn: tuple[float, float], axis: int, side: Side) -> None:
    action = ready_action(side)
    turned = HandFrame(side).corrected(action, np.array(turn))
    before, after = tool_of(action, side).pose, tool_of(turned, side).pose
    way = before.rotation.T @ after.rotation
    about = np.array((way[2, 1] - way[1, 2], way[0, 2] - way[2, 0], way[1, 0] - way[0, 1])) / 2.0
    mirror = -1.0 if side == "left" and axis == 2 else 1.0
    assert about[axis] == pytest.approx(mirror * sum(turn), rel=0.2)
    assert np.abs(np.delete(about, axis)).max() < 0.06
    assert np.linalg.norm(after.position - before.position) < 0.03
    others = np.delete(np.arange(ACTION.size), np.arange(ACTION.size)[ARMS_IN_JOINTS[side]])
    assert np.array_equal(turned[others], action[others])


@pytest.mark.parametrize("side", SIDES)
def test_a_hand_sees_a_thing_where_it_will_be(side: Side) -> None:
    action, hand = ready_action(side), HandFrame(side)
    pose = tool_of(action, side).pose
    ahead = (pose.position + pose.rotation @ (0.3, 0.1, -0.05)).astype(np.float32)
    expected = (0.3, 0.1 if side == "right" else -0.1, -0.05)
    np.testing.assert_allclose(hand.then(ahead, action), expected, atol=1e-5)


def test_what_one_hand_learns_the_other_can_do() -> None:
    """The same turn, the same thing in a mirror: both hands see, and come to see, the same."""
    seen = []
    for side, across in (("right", 1.0), ("left", -1.0)):
        action, hand = ready_action(side), HandFrame(side)
        place = np.array((0.6, -0.1 * across, 0.1), dtype=np.float32)
        turned = hand.corrected(action, np.array((0.1, 0.2)))
        seen.append((hand.then(place, action), hand.then(place, turned)))
    np.testing.assert_allclose(seen[0], seen[1], atol=1e-5)


def test_eyes_err_by_as_much_as_training_blurs_and_stay_with_it() -> None:
    task = sample_task(np.random.default_rng(0), "point at")
    errors = []
    with World(0) as world:
        stage = task.start(world)
        for seed in range(60):
            knowledge = ErringKnowledge(stage, np.random.default_rng(seed))
            for name in knowledge.names:
                off = knowledge.place(name) - stage.place(name)
                np.testing.assert_array_equal(knowledge.place(name) - stage.place(name), off)
                np.testing.assert_allclose(knowledge.thing(name).position - stage.place(name), off, atol=1e-9)
                errors.append(off)
    assert np.std(errors) == pytest.approx(BLUR, rel=0.15)
    assert np.abs(np.mean(errors)) < BLUR / 4.0
