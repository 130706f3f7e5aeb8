"""The direct policy: it is given while it acts what it was given while it learned, and refuses what it cannot do."""

import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from vla_course.learning.demonstrations.episode import _Collector
from vla_course.learning.demonstrations.layout import STATE_KEY, TABLE_KEY, TARGET_KEY, THINGS_KEY, WAY_KEY
from vla_course.learning.demonstrations.plan import Settings, plan_episode
from vla_course.learning.encoders.weights import CONFIG
from vla_course.learning.environment.environment import HumanoidTaskEnv
from vla_course.learning.expert.scene_knowledge import TrueKnowledge
from vla_course.learning.policy.actor import Actor
from vla_course.learning.policy.chunk_policy import ChunkPolicy, ChunkPolicyConfig
from vla_course.learning.policy.direct import AT_HOME, DirectPolicy
from vla_course.learning.policy.files import load_policy, save_policy
from vla_course.learning.policy.step import PUTS
from vla_course.learning.policy.told import NAMES, left_of
from vla_course.learning.training.examples import _flagged, _known
from vla_course.simulation.robot.humanoid import HOME_POSTURE
from vla_course.simulation.robot.layout import ARMS, HEAD, SIDES
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
    collector._begin()
    row = collector._record(collector._policy.command())
    given = Actor(network, TrueKnowledge(env.stage), plan.instruction, None, env.robot).inputs()
    known = _known(row[TARGET_KEY].reshape(-1, 3))
    if skill in PUTS:
        known[1:] = 0.0  # it is to take the thing first
    assert np.allclose(given["places"], known, atol=1e-5)
    assert np.array_equal(given["left"], left_of(plan.instruction, row[STATE_KEY], row[WAY_KEY]))
    assert np.allclose(given["neighbours"], _known(row[THINGS_KEY].reshape(-1, 3)), atol=1e-5)
    assert np.allclose(given["table"], _flagged(row[TABLE_KEY][None])[0], atol=1e-5)
    assert np.array_equal(given["state"], row[STATE_KEY])
    assert given["places"][0, 3] == (plan.instruction.thing is not None)
    told = "pick up" if skill in PUTS else skill
    assert given["told"][NAMES.index(f"skill: {told}")] == 1.0
    env.close()


def test_the_first_actions_of_a_chunk_are_the_same_alone(network):
    plan = plan_episode(Settings(seed=3, skills=("reach for",), noise=0.0, variation=0.0, pictures=False), 0)
    env = HumanoidTaskEnv(cameras=())
    env.reset(seed=0, options={"task": plan.task})
    actor = Actor(network, TrueKnowledge(env.stage), plan.instruction, None, env.robot)
    assert np.array_equal(actor.chunk(2), actor.chunk()[:2])
    assert len(actor.chunk()) == SMALL.horizon
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


def test_it_begins_to_act_with_head_and_arms_where_demonstrations_began(network, monkeypatch):
    began, inputs = [], Actor.inputs

    def noted(self):
        began.append(self._robot.walker.body.upper_posture.copy())
        return inputs(self)

    monkeypatch.setattr(Actor, "inputs", noted)
    perform(network, "reach for the red cup", seconds=6.0)
    home = np.concatenate((HOME_POSTURE[ARMS], HOME_POSTURE[HEAD]))
    np.testing.assert_allclose(began[0], home, atol=AT_HOME)


@pytest.mark.parametrize("side", SIDES)
def test_the_hand_is_the_one_on_whose_side_the_thing_is_unless_one_was_chosen(network, side):
    plan = plan_episode(Settings(seed=3, skills=("place",), noise=0.0, variation=0.0, pictures=False), 0)
    env = HumanoidTaskEnv(cameras=())
    env.reset(seed=plan.seed, options={"task": plan.task})
    knowledge, thing = TrueKnowledge(env.stage), plan.instruction.thing
    leftward = knowledge.thing(thing).position[1] - env.stage.feet()[1]  # it looks along x
    near = "left" if leftward > 0.0 else "right"
    for hand, expected in ((None, near), (side, side)):
        said = Actor(network, knowledge, plan.instruction, hand, env.robot).inputs()["told"]
        assert said[NAMES.index(f"hand: {expected}")] == 1.0
    env.close()


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
    path.write_text(path.read_text().replace('"state": 75', '"state": 64'))
    with pytest.raises(ValueError, match="layout.state is 64, expected 75: train the policy anew"):
        load_policy(tmp_path)


def test_a_configuration_that_is_none_is_named(network, tmp_path):
    save_policy(network, tmp_path)
    (tmp_path / CONFIG).write_text("[1]")
    with pytest.raises(ValueError, match=f"{CONFIG} is list, expected an object"):
        load_policy(tmp_path)
