"""Episodes of pointing: with a new residual they are the clone's own, and their reward is what it is said to be."""

import numpy as np
import pytest
import torch

from vla_course.learning.environment.environment import HumanoidTaskEnv
from vla_course.learning.policy.actor import EXECUTE, Actor
from vla_course.learning.policy.chunk_policy import ChunkPolicy, ChunkPolicyConfig
from vla_course.learning.reinforcement.comparing import attempt, compared
from vla_course.learning.reinforcement.files import practice
from vla_course.learning.reinforcement.hand import SIZE
from vla_course.learning.reinforcement.pointing import (
    ASKEW,
    ATTEMPTS,
    DONE,
    LOST,
    RISES,
    SHAPED,
    PointingDecisions,
)
from vla_course.learning.reinforcement.residual import Residual
from vla_course.learning.reinforcement.sight import ErringKnowledge
from vla_course.simulation.tasks.goals_hands import AWAY
from vla_course.simulation.tasks.tasks import sample_task

Floats = np.ndarray


@pytest.fixture(scope="module")
def clone() -> ChunkPolicy:
    """One that has learnt nothing: its arms wander about where they are."""
    torch.manual_seed(0)
    policy = ChunkPolicy(ChunkPolicyConfig(horizon=4, width=32, layers=1, committed=0))
    policy.low.fill_(-0.01)  # less than would make it step
    policy.high.fill_(0.01)
    return policy.requires_grad_(False).eval()


@pytest.mark.parametrize("hand", ["left", "right"])
def test_with_a_new_residual_the_robot_does_what_the_clone_does_to_the_bit(
    clone: ChunkPolicy, hand: str
) -> None:
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
        env.reset(seed=scene, options={"task": task})
        for eyes, steps in (((scene, 0), round(10 * RISES)), ((seed, 1), 6)):
            knowledge = ErringKnowledge(env.stage, np.random.default_rng(eyes))
            actor = Actor(clone, knowledge, task.parts[0].instruction, task.hand, env.robot)
            for step in range(steps):
                if step % EXECUTE == 0:
                    chunk = actor.chunk()
                env.step(chunk[step % EXECUTE])
        alone = env.robot.feel()
    assert np.array_equal(alone, corrected)


def test_episodes_that_begin_alike_differ_in_what_eyes_err_by_alone(clone: ChunkPolicy) -> None:
    with PointingDecisions(clone) as decisions:
        first, alike = (decisions.begin(ATTEMPTS * 7 + k) for k in range(2))
        decisions.begin(ATTEMPTS * 8)
        again = decisions.begin(ATTEMPTS * 7)
    assert np.array_equal(first.privileged, alike.privileged)
    assert np.array_equal(first.privileged, again.privileged)
    assert np.array_equal(first.features, again.features)
    assert not np.array_equal(first.features, alike.features)


def test_where_things_are_tried_a_hand_begins_askew_and_the_same_seed_as_askew(clone: ChunkPolicy) -> None:
    angles = []
    with PointingDecisions(clone) as straight:
        ahead = straight.begin(ATTEMPTS * 7).features
    with PointingDecisions(clone, askew=0.3) as decisions:
        for seed in (21, 22, 23, 21):
            angles.append(decisions.begin(seed).features)
    assert np.array_equal(angles[0], angles[3])
    beside = np.array(angles[:3]) - ahead
    assert (np.abs(beside).max(axis=1) > 0.02).all()


def potential(privileged: Floats) -> float:
    miss, far, _ = privileged.tolist()
    beside = np.arcsin(min(1.0, miss / far))
    return -SHAPED * float(np.hypot(beside, max(0.0, 1.0 - far / AWAY)))


def test_an_episode_is_a_function_of_its_seed_and_its_reward_of_where_it_led(clone: ChunkPolicy) -> None:
    """Shaping by a potential adds up to its value at the end and at the beginning, whatever was done between."""
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


def test_time_that_is_up_is_no_failure(clone: ChunkPolicy) -> None:
    with PointingDecisions(clone, seconds=1.7) as decisions:
        decisions.begin(15)
        first, last = (decisions.decide(np.zeros(SIZE, dtype=np.float32)) for _ in range(2))
    assert not first.truncated
    assert last.truncated
    assert not last.terminated


def test_a_robot_that_fails_is_lost(clone: ChunkPolicy) -> None:
    with PointingDecisions(clone) as decisions:
        view = decisions.begin(15)
        decisions.env.stage.failure = "hit the table"
        outcome = decisions.decide(np.zeros(SIZE, dtype=np.float32))
    assert outcome.terminated
    assert not outcome.success
    assert outcome.reward == pytest.approx(LOST - potential(view.privileged))


def test_a_robot_that_points_has_its_reward(clone: ChunkPolicy, monkeypatch: pytest.MonkeyPatch) -> None:
    with PointingDecisions(clone) as decisions:
        view, carry_out = decisions.begin(15), decisions._carry_out

        def points(offset: Floats) -> tuple[bool, bool]:
            carry_out(offset)
            decisions.info = {**decisions.info, "success": True}
            return True, False

        monkeypatch.setattr(decisions, "_carry_out", points)
        outcome = decisions.decide(np.zeros(SIZE, dtype=np.float32))
    assert outcome.terminated
    assert outcome.success
    assert outcome.reward == pytest.approx(DONE - potential(view.privileged))
    assert DONE > 0.5 > -0.5 > LOST


def test_things_are_tried_with_a_hand_askew() -> None:
    with practice()() as decisions:
        assert decisions._askew == ASKEW > 0.1


def test_a_comparison_is_of_the_same_moment(clone: ChunkPolicy) -> None:
    new, turned = (Residual(PointingDecisions.sizes) for _ in range(2))
    torch.nn.init.constant_(turned.actor.weight, 2.0)
    moments = []
    with PointingDecisions(clone, seconds=2.0) as decisions:
        attempt(decisions, None, 15, look=lambda: moments.append(decisions.info["time"]))
    assert np.allclose(np.diff(moments), 0.1)  # before every decision, and after the last
    assert moments[0] == pytest.approx(RISES)
    assert moments[-1] == pytest.approx(2.0)
    alone, same, other = compared(lambda: PointingDecisions(clone, seconds=2.0), (None, new, turned), 15)
    assert alone == same
    assert (alone.success, alone.failure, alone.fell) == (False, "time was up", False)
    assert alone.seconds == pytest.approx(2.0)
    assert other.miss != alone.miss
