"""The humanoid as something to get better at: the mirror, the correction of its hand, episodes of pointing."""

import numpy as np
import pytest
import torch

from vla_course.learning.environment.action_space import read_action
from vla_course.learning.environment.environment import HumanoidTaskEnv
from vla_course.learning.environment.proprioception import STATE
from vla_course.learning.model.joint_range import joint_range
from vla_course.learning.policy.chunk_policy import ChunkPolicy
from vla_course.learning.reinforcement import pointing
from vla_course.learning.reinforcement.clone import ACTED, Clone, by_the_hand, glance
from vla_course.learning.reinforcement.cloning import SMALL, place_of
from vla_course.learning.reinforcement.hand import SIZE, HandFrame
from vla_course.learning.reinforcement.mirror import mirrored_action, mirrored_state
from vla_course.learning.reinforcement.pointing import ATTEMPTS, LOST, RISES, PointingDecisions
from vla_course.learning.reinforcement.residual import Residual
from vla_course.learning.training.examples import BLUR
from vla_course.motion.arms.chain import ArmChain
from vla_course.simulation.robot.humanoid import HOME_POSTURE
from vla_course.simulation.robot.layout import ACTION, LEFT_ARM, RIGHT_ARM
from vla_course.simulation.tasks.tasks import sample_task

Floats = np.ndarray


@pytest.fixture(scope="module")
def clone() -> Clone:
    """One that has learnt nothing: its arms wander about where they are."""
    torch.manual_seed(0)
    policy = ChunkPolicy(SMALL)
    policy.low.fill_(-0.01)  # less than would make it step
    policy.high.fill_(0.01)
    return Clone(policy)


def some_action(rng: np.random.Generator) -> Floats:
    return rng.uniform(-1.0, 1.0, ACTION.size).astype(np.float32)


# ---- the mirror --------------------------------------------------------------------------------


def test_a_mirror_in_a_mirror_shows_what_is_there() -> None:
    rng = np.random.default_rng(0)
    state, action = rng.normal(size=(3, STATE.size)).astype(np.float32), some_action(rng)
    assert np.array_equal(mirrored_state(mirrored_state(state)), state)
    assert np.array_equal(mirrored_action(mirrored_action(action)), action)


def test_the_tool_of_a_mirrored_arm_is_the_mirrored_tool() -> None:
    rng, joints = np.random.default_rng(1), joint_range()
    command = read_action(some_action(rng), joints)
    action = some_action(rng)
    seen, command = read_action(mirrored_action(action), joints), read_action(action, joints)
    left, right = ArmChain("left"), ArmChain("right")
    for chain, arm, other, its in ((left, LEFT_ARM, right, RIGHT_ARM), (right, RIGHT_ARM, left, LEFT_ARM)):
        chain.move(command.joints[arm])
        other.move(seen.joints[its])
        np.testing.assert_allclose(other.pose.position, chain.pose.position * (1.0, -1.0, 1.0), atol=1e-6)
        ahead = chain.pose.rotation[:, 0] * (1.0, -1.0, 1.0)
        np.testing.assert_allclose(other.pose.rotation[:, 0], ahead, atol=1e-6)
    np.testing.assert_allclose(seen.base_velocity, command.base_velocity * (1.0, -1.0, -1.0))
    np.testing.assert_array_equal(seen.grippers, command.grippers[::-1])
    assert seen.stance[0] == command.stance[0]
    assert np.sign(seen.stance[1]) == -np.sign(command.stance[1])


def test_the_mirror_turns_what_an_inertial_sensor_and_odometry_tell() -> None:
    state = np.zeros(STATE.size, dtype=np.float32)
    state[STATE.gravity], state[STATE.angular_velocity] = (0.1, 0.2, -0.9), (1.0, 2.0, 3.0)
    state[STATE.odometry] = (1.0, 2.0, 3.0, 4.0)
    seen = mirrored_state(state)
    np.testing.assert_allclose(seen[STATE.gravity], (0.1, -0.2, -0.9))
    np.testing.assert_allclose(seen[STATE.angular_velocity], (-1.0, 2.0, -3.0))
    np.testing.assert_allclose(seen[STATE.odometry], (1.0, -2.0, -3.0, 4.0))


# ---- the correction of the hand ----------------------------------------------------------------


def ready_action() -> Floats:
    """An arm that is bent before the chest, well within its limits."""
    joints = HOME_POSTURE.copy()
    joints[RIGHT_ARM] = (-0.3, -0.35, 0.0, -1.5, 0.0, 0.3, 0.0)
    action = np.zeros(ACTION.size, dtype=np.float32)
    action[ACTION.joints] = joint_range().to_unit(joints)
    return action


def tool_of(action: Floats) -> ArmChain:
    chain = ArmChain("right")
    chain.move(read_action(action, joint_range()).joints[RIGHT_ARM])
    return chain


def test_no_correction_leaves_every_bit_as_it_is() -> None:
    rng, hand = np.random.default_rng(2), HandFrame()
    for _ in range(20):
        action = some_action(rng)
        assert np.array_equal(hand.corrected(action, np.zeros(SIZE)), action)


@pytest.mark.parametrize(("turn", "axis"), [((0.2, 0.0), 1), ((0.0, 0.2), 2), ((0.0, -0.3), 2)])
def test_a_correction_turns_the_hand_where_it_is(turn: tuple[float, float], axis: int) -> None:
    action = ready_action()
    turned = HandFrame().corrected(action, np.array(turn))
    before, after = tool_of(action).pose, tool_of(turned).pose
    way = before.rotation.T @ after.rotation
    about = np.array((way[2, 1] - way[1, 2], way[0, 2] - way[2, 0], way[1, 0] - way[0, 1])) / 2.0
    assert about[axis] == pytest.approx(sum(turn), rel=0.2)
    assert np.abs(np.delete(about, axis)).max() < 0.06
    assert np.linalg.norm(after.position - before.position) < 0.03
    others = np.delete(np.arange(ACTION.size), np.arange(ACTION.size)[RIGHT_ARM])
    assert np.array_equal(turned[others], action[others])


def test_a_hand_sees_a_thing_where_it_is_and_where_it_will_be() -> None:
    action, hand = ready_action(), HandFrame()
    pose = tool_of(action).pose
    ahead = (pose.position + pose.rotation @ (0.3, 0.1, -0.05)).astype(np.float32)
    np.testing.assert_allclose(hand.then(ahead, action), (0.3, 0.1, -0.05), atol=1e-5)
    state = np.zeros(STATE.size, dtype=np.float32)
    state[STATE.positions] = read_action(action, joint_range()).joints
    np.testing.assert_allclose(hand.now(ahead, state), (0.3, 0.1, -0.05), atol=1e-5)


# ---- episodes ----------------------------------------------------------------------------------


@pytest.mark.parametrize("hand", ["left", "right"])
def test_with_a_new_residual_the_robot_does_what_the_clone_does_to_the_bit(clone: Clone, hand: str) -> None:
    scene = next(k for k in range(40) if sample_task(np.random.default_rng(k), "point at").hand == hand)
    residual, seed = Residual(PointingDecisions.sizes), ATTEMPTS * scene + 1
    with PointingDecisions(clone) as decisions:
        view = decisions.begin(seed)
        for _ in range(6):
            offset = residual(torch.from_numpy(view.features[None]))[0].detach().numpy()
            view = decisions.decide(offset).view
        corrected = decisions.env.robot.feel()
    task = sample_task(np.random.default_rng(scene), "point at")
    with HumanoidTaskEnv(skill="point at", cameras=()) as env:
        seen, _ = env.reset(seed=scene, options={"task": task})
        for eyes, steps in (((scene, 0), round(10 * RISES)), ((seed, 1), 6)):
            rng = np.random.default_rng(eyes)
            for step in range(steps):
                place = place_of(env) + rng.normal(scale=BLUR, size=3).astype(np.float32)
                if step % ACTED == 0:
                    chunk = clone.chunk(glance(task, place, seen["state"]))
                seen, *_ = env.step(by_the_hand(task, chunk[step % ACTED]))
    assert np.array_equal(seen["state"], corrected)


def test_episodes_that_begin_alike_differ_in_what_eyes_err_by_alone(clone: Clone) -> None:
    with PointingDecisions(clone) as decisions:
        first, alike = (decisions.begin(ATTEMPTS * 7 + k) for k in range(2))
        decisions.begin(ATTEMPTS * 8)
        again = decisions.begin(ATTEMPTS * 7)
    assert np.array_equal(first.privileged, alike.privileged)
    assert np.array_equal(first.privileged, again.privileged)
    assert np.array_equal(first.features, again.features)
    assert not np.array_equal(first.features, alike.features)


def potential(privileged: Floats) -> float:
    miss, far, _ = privileged.tolist()
    off = np.hypot(miss, max(0.0, 0.15 - far))
    return -float(min(off, pointing.MISSES) / pointing.MISSES)


def test_an_episode_is_a_function_of_its_seed_and_its_reward_of_where_it_led(
    clone: Clone, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Shaping by a potential adds up to its value at the end and at the beginning, whatever was done between."""
    monkeypatch.setattr(pointing, "MISSES", 2.0)  # nothing is so far off that it makes no difference
    rng = np.random.default_rng(3)
    offsets = rng.normal(size=(8, SIZE)).astype(np.float32)
    with PointingDecisions(clone, gamma=0.9) as decisions:
        runs = []
        for seed in (15, 18, 15):
            views, rewards = [decisions.begin(seed)], []
            for offset in offsets:
                outcome = decisions.decide(offset)
                views.append(outcome.view)
                rewards.append(outcome.reward)
                assert not outcome.terminated
            runs.append((views, rewards))
    assert runs[0][1] == runs[2][1] != runs[1][1]
    assert all(np.array_equal(a.features, b.features) for a, b in zip(runs[0][0], runs[2][0], strict=True))

    views, rewards = runs[0]
    total = sum(0.9**k * reward for k, reward in enumerate(rewards))
    ends = 0.9 ** len(rewards) * potential(views[-1].privileged) - potential(views[0].privileged)
    assert total == pytest.approx(ends, abs=1e-5)


def test_time_that_is_up_is_no_failure(clone: Clone) -> None:
    with PointingDecisions(clone, seconds=1.7) as decisions:
        decisions.begin(15)
        first, last = (decisions.decide(np.zeros(SIZE, dtype=np.float32)) for _ in range(2))
    assert not first.truncated
    assert last.truncated
    assert not last.terminated


def test_a_robot_that_fails_is_lost(clone: Clone) -> None:
    with PointingDecisions(clone) as decisions:
        view = decisions.begin(15)
        decisions.env.stage.failure = "hit the table"
        outcome = decisions.decide(np.zeros(SIZE, dtype=np.float32))
    assert outcome.terminated
    assert not outcome.success
    assert outcome.reward == pytest.approx(LOST - potential(view.privileged))
