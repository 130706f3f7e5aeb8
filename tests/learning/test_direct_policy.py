"""The direct policy: it is given while it acts what it was given while it learned, and refuses what it cannot do."""

import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from vla_course.learning.demonstrations.episode import _Collector
from vla_course.learning.demonstrations.layout import STATE_KEY, TABLE_KEY, TARGET_KEY, THINGS_KEY
from vla_course.learning.demonstrations.plan import Settings, plan_episode
from vla_course.learning.environment.environment import HumanoidTaskEnv
from vla_course.learning.expert.scene_knowledge import TrueKnowledge
from vla_course.learning.policy.actor import Actor
from vla_course.learning.policy.chunk_policy import ChunkPolicy, ChunkPolicyConfig
from vla_course.learning.policy.direct import DirectPolicy
from vla_course.learning.policy.files import CONFIG, load_policy, save_policy
from vla_course.learning.training.examples import _flagged, _known
from vla_course.simulation.tasks.tasks import task_for
from vla_course.simulation.tasks.understanding import understand
from vla_course.simulation.world.world import World

ROOT = Path(__file__).parents[2]
sys.path.append(str(ROOT / "benchmarks"))
from policy_oracles import SegmentationGrounder, hears  # noqa: E402

SMALL = ChunkPolicyConfig(horizon=4, width=16, layers=1, committed=2)


@pytest.fixture(scope="module")
def network():
    torch.manual_seed(0)
    return ChunkPolicy(SMALL).eval()


@pytest.mark.parametrize("skill", ["reach for", "place", "move to", "go to"])
def test_what_it_is_given_while_it_acts_is_what_it_learns_from(network, skill):
    settings = Settings(seed=3, skills=(skill,), noise=0.0, variation=0.0, pictures=False)
    plan = plan_episode(settings, 0)
    env = HumanoidTaskEnv(things=settings.things, cameras=())
    collector = _Collector(env, plan, settings)
    row = collector._record()
    given = Actor(network, TrueKnowledge(env.stage), plan.instruction, None, env.robot).inputs()
    assert np.allclose(given["places"], _known(row[TARGET_KEY].reshape(-1, 3)), atol=1e-5)
    assert np.allclose(given["neighbours"], _known(row[THINGS_KEY].reshape(-1, 3)), atol=1e-5)
    assert np.allclose(given["table"], _flagged(row[TABLE_KEY][None])[0], atol=1e-5)
    assert np.array_equal(given["state"], row[STATE_KEY])
    assert given["places"][0, 3] == (plan.instruction.thing is not None)
    assert given["places"][3, 3] == (skill in ("place", "move to"))
    env.close()


def perform(network, sentence, seconds=1.0):
    task = task_for(understand(sentence), np.random.default_rng(0))
    with World(0) as world:
        stage = task.start(world)
        policy = DirectPolicy(hears, SegmentationGrounder(task, stage), network)
        for _ in policy.perform(stage.humanoid, sentence):
            task.observe(stage)
            if world.time > seconds:
                break
        return policy, stage.fell


def test_it_looks_round_finds_what_is_meant_and_then_acts(network):
    policy, fell = perform(network, "reach for the red cup", seconds=3.0)
    assert policy.refusal == ""
    assert policy.robot is not None
    assert policy.named[0].instruction.thing == "red cup"
    assert not fell


@pytest.mark.parametrize(
    ("sentence", "says"),
    [
        ("turn left and walk forward", "one thing at a time"),
        ("serve a drink", "never learned to serve a drink"),
    ],
)
def test_it_refuses_what_it_has_not_learned(network, sentence, says):
    policy, _ = perform(network, sentence)
    assert says in policy.refusal
    assert policy.robot is None


def test_more_actions_than_a_chunk_has_are_refused(network):
    with pytest.raises(ValueError, match="execute is 5, expected 1 to 4"):
        DirectPolicy(hears, None, network, execute=5)


def test_a_policy_is_read_back_as_it_was_written(network, tmp_path):
    save_policy(network, tmp_path, {"frames": [1, 2]})
    read = load_policy(tmp_path)
    assert read.config == network.config
    for name, value in network.state_dict().items():
        assert torch.allclose(value, read.state_dict()[name], atol=1e-3), name


def test_a_policy_of_another_layout_is_refused(network, tmp_path):
    save_policy(network, tmp_path)
    path = tmp_path / CONFIG
    path.write_text(path.read_text().replace('"state": 71', '"state": 64'))
    with pytest.raises(ValueError, match="layout.state is 64, expected 71: train the policy anew"):
        load_policy(tmp_path)
