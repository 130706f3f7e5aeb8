"""The direct policy streamed: prefixes are anchored anew, states are rolled forward, and delay is a dial."""

import sys
from functools import partial
from pathlib import Path

import numpy as np
import pytest
import torch

from vla_course.learning.demonstrations.plan import Settings, plan_episode
from vla_course.learning.demonstrations.reader import Demonstrations
from vla_course.learning.environment.environment import HumanoidTaskEnv
from vla_course.learning.environment.proprioception import STATE
from vla_course.learning.expert.scene_knowledge import TrueKnowledge
from vla_course.learning.policy import spoken
from vla_course.learning.policy.actor import Actor
from vla_course.learning.policy.chunk_policy import ChunkPolicy, ChunkPolicyConfig
from vla_course.learning.policy.direct import DirectPolicy
from vla_course.learning.policy.files import load_policy
from vla_course.learning.training.examples import examples_of
from vla_course.learning.training.learner import batch_of
from vla_course.serving.chunks.deciding import UPPER, decide, joints_of, rolled_forward, said_of
from vla_course.serving.chunks.modes import MODES
from vla_course.serving.chunks.player import Ask
from vla_course.serving.chunks.streamed import StreamedPolicy, Streaming
from vla_course.simulation.robot.layout import ACTION, ARMS
from vla_course.simulation.tasks.tasks import task_for
from vla_course.simulation.tasks.understanding import understand
from vla_course.simulation.world.world import World

sys.path.append(str(Path(__file__).parents[2] / "benchmarks"))
from policy_oracles import SegmentationGrounder, hears

DEMONSTRATIONS = Path(__file__).parents[2] / "data" / "demonstrations"
SMALL = ChunkPolicyConfig(horizon=12, width=16, layers=1, committed=4)


@pytest.fixture(scope="module")
def network():
    torch.manual_seed(0)
    return ChunkPolicy(SMALL).eval()


@pytest.fixture(scope="module")
def acting():
    """Yield a robot that is about to act with the network that ships."""
    plan = plan_episode(Settings(seed=3, skills=("reach for",), noise=0.0, variation=0.0, pictures=False), 0)
    env = HumanoidTaskEnv(cameras=())
    env.reset(seed=plan.seed, options={"task": plan.task})
    yield Actor(load_policy(), TrueKnowledge(env.stage), plan.instruction, None, env.robot), env.robot
    env.close()


def shipped_examples():
    shipped = Demonstrations(DEMONSTRATIONS)
    return examples_of(shipped, range(len(shipped.episodes)), SMALL.horizon)


def perform(make, network, seconds=4.0):
    sentence = "reach for the red cup"
    task = task_for(understand(sentence), np.random.default_rng(0))
    with World(0) as world:
        stage = task.start(world)
        policy = make(hears, SegmentationGrounder(task, stage), network)
        for _ in policy.perform(stage.humanoid, sentence):
            if world.time > seconds:
                break
        return policy, stage.humanoid.state().joint_positions


def streamed(network, mode, delay, seconds=4.0, seed=0):
    streaming = Streaming(mode, delay)
    make = partial(StreamedPolicy, rng=np.random.default_rng(seed), streaming=streaming)
    return perform(make, network, seconds)


@pytest.mark.slow
def test_without_delay_it_does_what_the_policy_does_for_which_the_world_stands_still():
    network = load_policy()
    _, alone = perform(DirectPolicy, network)
    for mode in ("blocking", "switch"):
        policy, joints = streamed(network, mode, 0.0)
        assert policy.held == 0
        np.testing.assert_allclose(joints[ARMS], alone[ARMS], atol=0.03)


@pytest.mark.slow
def test_the_same_seed_gives_the_same_run_and_delays_of_a_seed_are_those_of_every_mode(network):
    runs = [streamed(network, mode, 0.2) for mode in ("prefix", "prefix", "rolled")]
    (one, joints), (two, again), (other, _) = runs
    assert np.array_equal(joints, again)
    assert np.array_equal(one.sent, two.sent)
    count = min(len(one.delays), len(other.delays))
    assert count >= 3
    assert one.delays[:count] == other.delays[:count]


def test_what_is_committed_is_told_relative_to_the_state_that_is_given(acting):
    """Said and carried out again it is the same action; told as it was said before the robot moved, it is another."""
    actor, _ = acting
    inputs = actor.inputs()
    actions = actor.chunk(4)
    told = said_of(actions, inputs)
    np.testing.assert_allclose(
        spoken.acted(told, inputs["state"], inputs["tools"])[:, ACTION.arms],
        actions[:, ACTION.arms],
        atol=1e-5,
    )
    moved = inputs | {"state": inputs["state"].copy()}
    moved["state"][STATE.positions][ARMS] += 0.1
    anew = said_of(actions, moved)
    assert np.abs(anew - told)[:, : ARMS.stop - ARMS.start].max() > 0.02
    np.testing.assert_allclose(
        spoken.acted(anew, moved["state"], moved["tools"])[:, ACTION.arms],
        actions[:, ACTION.arms],
        atol=1e-5,
    )


def test_the_network_that_ships_was_trained_with_a_prefix_and_errs_less_with_it():
    network, examples = load_policy(), shipped_examples()
    rows = np.arange(0, len(examples), 4)
    batch = batch_of(examples, rows, network, None)
    target, own = network.normal(batch["chunks"]), batch["own"]

    def error(given):
        with torch.no_grad():
            said = network({**batch, "committed": target, "given": torch.full((len(rows),), given)})
        return float((said - target).abs()[:, 4][own[:, 4]].mean())

    assert error(4) < 0.95 * error(0)


def test_a_prefix_is_taken_over_in_part_and_never_more_than_training_gave(acting):
    actor, _ = acting
    inputs, nothing = actor.inputs(), np.zeros((0, spoken.SIZE), dtype=np.float32)
    free = actor.decided(inputs)
    assert np.array_equal(actor.decided(inputs, nothing), free)
    higher, lower = (free[:3] + shift * np.eye(1, spoken.SIZE, dtype=np.float32) for shift in (0.06, -0.06))
    assert actor.decided(inputs, higher)[3, 0] > free[3, 0] > actor.decided(inputs, lower)[3, 0]
    with pytest.raises(ValueError, match="committed has 5 actions, expected at most 4"):
        actor.decided(inputs, np.zeros((5, spoken.SIZE), dtype=np.float32))


def test_a_state_rolled_forward_is_that_of_a_robot_that_did_what_was_committed(acting):
    actor, robot = acting
    inputs, doing = actor.inputs(), robot.as_it_is()
    committed = np.repeat(doing[None], 2, axis=0)
    committed[:, ARMS.start] += [0.1, 0.2]
    committed[:, ACTION.base_velocity.start] = 0.5
    ask = Ask(0.0, doing, committed, ahead=2)
    rolled = rolled_forward(inputs, ask, 0.1)
    moved = joints_of(committed[-1]) - joints_of(doing)
    np.testing.assert_allclose(
        (rolled["state"] - inputs["state"])[STATE.positions][UPPER], moved[UPPER], atol=1e-6
    )
    assert moved[ARMS.start] > 0.05
    np.testing.assert_allclose(inputs["left"] - rolled["left"], [0.5 * 0.4 * 0.2, 0.0, 0.0], atol=1e-6)
    assert np.abs(rolled["tools"][0] - inputs["tools"][0]).max() > 0.01
    np.testing.assert_array_equal(rolled["tools"][1], inputs["tools"][1])
    untouched = [STATE.grippers, STATE.gravity, STATE.odometry, STATE.footing]
    assert all(np.array_equal(rolled["state"][part], inputs["state"][part]) for part in untouched)
    assert decide(actor, ask, 0.1).shape == (12, ACTION.size)


def test_a_mode_that_is_none_is_told_before_anything_moves(network):
    with pytest.raises(ValueError, match="mode is 'naive', expected one of"):
        StreamedPolicy(hears, None, network, np.random.default_rng(0), Streaming("naive"))
    assert "prefix" in MODES
