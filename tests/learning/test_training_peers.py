"""The peers of the direct policy: each is given the same, answers the same, and is what its name says."""

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from tests.learning.test_training import HORIZON, examples
from vla_course.learning.demonstrations.reader import Demonstrations
from vla_course.learning.expert.around import ROLES
from vla_course.learning.policy import spoken
from vla_course.learning.policy.actor import EXECUTE
from vla_course.learning.policy.chunk_policy import ChunkPolicy, ChunkPolicyConfig
from vla_course.learning.training.examples import examples_of
from vla_course.learning.training.learner import batch_of, normalise_by
from vla_course.learning.training.options import TrainingOptions
from vla_course.learning.training.parts import TrainingParts
from vla_course.learning.training.trainer import train_vla_model
from vla_course.simulation.robot.layout import ACTION

ROOT = Path(__file__).parents[2]
sys.path.append(str(ROOT / "benchmarks"))

from training_act import Act, JointsAlone, as_arrays  # noqa: E402
from training_peers import (  # noqa: E402
    HISTORY,
    NETWORKS,
    SENSED,
    Blind,
    Flow,
    FlowLearner,
    Perceptron,
    Recalled,
    Recurrent,
    Remembering,
)
from training_runs import Class, Row, recalled  # noqa: E402

CONFIG = ChunkPolicyConfig(horizon=HORIZON, width=32, layers=3, committed=2, blind=0.0)
SHIPPED = ROOT / "data" / "demonstrations"
LOSS = TrainingParts.reference().loss


def network(kind):
    torch.manual_seed(0)
    return kind(CONFIG)


def as_taken(policy, some):
    return recalled(some) if isinstance(policy, Recurrent) else some


@pytest.mark.parametrize("name", NETWORKS)
def test_each_answers_with_chunks_and_all_of_it_learns(name):
    policy = network(NETWORKS[name])
    some = as_taken(policy, examples(40, 0))
    normalise_by(policy, some, TrainingParts.reference().fit)
    if isinstance(policy, Flow):
        policy.learn_spread(some)
    learner = (FlowLearner if isinstance(policy, Flow) else policy_learner)(policy, LOSS)
    batch = batch_of(some, np.arange(8), policy, np.random.default_rng(0))
    learner.train()(batch).backward()
    still = [key for key, part in policy.named_parameters() if part.grad is None or not part.grad.any()]
    # Words begin to count once their layers have left zero.
    assert [key for key in still if not key.startswith("words") and "modulation" not in key] == []
    said = policy.eval()({**batch, "committed": torch.zeros(8, HORIZON, spoken.SIZE)})
    assert said.shape == (8, HORIZON, spoken.SIZE)


def policy_learner(policy, loss):
    from vla_course.learning.training.learner import Learner

    return Learner(policy, loss)


def inputs_of(some, rows):
    policy = network(ChunkPolicy)
    batch = batch_of(some, rows, policy, None)
    return {**batch, "committed": torch.zeros(len(rows), HORIZON, spoken.SIZE)}


def test_the_blind_twin_is_told_neither_what_to_do_nor_which_thing_is_meant():
    blind, sees = network(Blind).eval(), network(ChunkPolicy).eval()
    for part in (blind, sees):
        for block in part.blocks:
            torch.nn.init.normal_(block.film.modulation.weight, std=0.1)
    inputs = inputs_of(examples(6, 0), np.arange(6))
    inputs["neighbours"] = torch.rand(6, 4, 4)
    inputs["neighbours"][..., 3] = 1.0
    other = {name: part.clone() for name, part in inputs.items()}
    other["told"] = other["told"].roll(3, dims=1)
    other["left"] = other["left"] + 1.0
    other["places"][:, 0], other["neighbours"][:, 2] = inputs["neighbours"][:, 2], inputs["places"][:, 0]
    assert torch.equal(blind(inputs), blind(other))
    assert not torch.equal(sees(inputs), sees(other))
    moved = {**inputs, "neighbours": inputs["neighbours"] + 0.1}
    assert not torch.equal(blind(inputs), blind(moved))


def test_the_perceptron_has_as_many_parameters_as_ours():
    ours, theirs = (
        sum(part.numel() for part in network(kind).parameters()) for kind in (ChunkPolicy, Perceptron)
    )
    assert ours <= theirs < 1.05 * ours


def episodes():
    """Two episodes of 20 and 30 frames, in each of which every number tells how far it is."""
    some = examples(50, 0)
    of = np.repeat([3, 7], [20, 30])
    within = np.concatenate((np.arange(20), np.arange(30))) + 100.0 * of
    return replace(
        some, episodes=of, states=np.broadcast_to(within[:, None], some.states.shape).astype(np.float32)
    )


def test_what_is_recalled_was_before_it_in_its_own_episode():
    past = recalled(episodes()).of(np.array([2, 19, 20, 49])).states[:, :, 0]
    assert past.shape == (4, HISTORY)
    assert past[:, -1].tolist() == [302.0, 319.0, 700.0, 729.0]
    assert past[1].tolist() == [300.0, 300.0, 300.0, 303.0, 307.0, 311.0, 315.0, 319.0]
    assert (past[2] == 700.0).all()
    assert (np.diff(past[3])[-3:] == EXECUTE).all()


def test_a_recurrent_policy_is_given_while_it_acts_what_it_learns_from():
    policy, some = network(Recurrent).eval(), replace(episodes(), states=examples(50, 1).states)
    acting = Remembering(policy)
    for frame in range(20, 50, EXECUTE):
        now = inputs_of(some, np.array([frame]))
        said = acting(now)
    learned = inputs_of(recalled(some), np.array([frame]))
    assert torch.allclose(said, policy(learned), atol=1e-6)
    nothing_before = Remembering(policy)
    assert not torch.allclose(said, nothing_before(now), atol=1e-4)


def test_what_changes_from_decision_to_decision_comes_with_its_past_and_nothing_else_does():
    some = recalled(episodes())
    batch = batch_of(some, np.arange(5), network(ChunkPolicy), np.random.default_rng(0))
    plain = batch_of(episodes(), np.arange(5), network(ChunkPolicy), np.random.default_rng(0))
    for name, part in batch.items():
        expected = (5, HISTORY, *plain[name].shape[1:]) if name in SENSED else plain[name].shape
        assert part.shape == expected, name
    assert isinstance(some, Recalled)


def test_where_two_answers_are_equally_good_a_flow_draws_one_and_a_mean_error_goes_between():
    rng, some = np.random.default_rng(0), examples(512, 0)
    left = rng.uniform(0.5, 1.0, size=(HORIZON, spoken.SIZE)).astype(np.float32)
    sides = np.where(rng.random(512) < 0.5, -1.0, 1.0).astype(np.float32)
    # Nothing that could be learned by heart tells one from the other.
    blank = {name: np.zeros_like(getattr(some, name)) for name in ("places", "tools", "states")}
    some = replace(some, chunks=sides[:, None, None] * left, **blank)
    config = replace(CONFIG, committed=0, dropout=0.0, width=48)
    options = TrainingOptions(steps=150, batch=64, every=150, average=0.98, rate=3e-3)
    said = {}
    for kind, learner in ((Flow, FlowLearner), (ChunkPolicy, policy_learner)):
        torch.manual_seed(0)
        policy = kind(config)
        if isinstance(policy, Flow):
            policy.learn_spread(some)
        train_vla_model(policy, some, some, options, learner_of=learner)
        with torch.no_grad():
            chunks = policy.units(policy(inputs_of(some, np.arange(200))))
        said[kind] = (chunks / torch.from_numpy(left)).mean(dim=(1, 2))
    assert ((said[Flow].abs() - 1.0).abs() < 0.3).float().mean() > 0.9, said[Flow]
    assert 0.25 < (said[Flow] > 0).float().mean() < 0.75
    # The median of as many on either side lies anywhere between them, and is the same for all.
    assert said[ChunkPolicy].std() < 0.1


def test_lessons_differ_in_what_their_names_say(tmp_path):
    school = Class([SHIPPED], tmp_path, 1.0, config=CONFIG)
    shipped = Demonstrations(SHIPPED)
    learned, _ = shipped.split(school.options.held_out, np.random.default_rng(0))
    good = [shipped.episodes[number] for number in learned if shipped.episodes[number].success]
    quiet = school.lesson("without noise")
    assert len(quiet.learn) / 2 == sum(len(one) for one in good if one.noise_level == 0.0)
    assert np.array_equal(quiet.held_out.states, school.whole.held_out.states)
    rough = school.lesson("as few with noise")
    both = [{row.tobytes() for row in one.learn.states} for one in (quiet, rough)]
    assert len(both[0] & both[1]) <= len(shipped.episodes)  # those that begin alike, as in a mirror
    assert len(school.whole.learn) >= len(quiet.learn) + len(rough.learn)
    longest = max(map(len, shipped.episodes))
    held = [one for one in shipped.episodes if one.success and one not in good]
    assert abs(len(rough.learn) - len(quiet.learn)) / 2 <= longest + sum(map(len, held))
    assert "collect --learner" in school.has(Row("without DAgger", lesson="by the expert alone"))
    assert school.has(Row("ours")) == ""


def test_all_have_the_same_time_and_who_is_slower_has_fewer_steps(tmp_path):
    school = Class([SHIPPED], tmp_path, 2.0, config=CONFIG)
    assert school.steps(0.02, ours=0.01) == 6000
    assert school.steps(0.01, ours=0.01) == 12000
    counted = Class([SHIPPED], tmp_path, 2.0, steps=100, config=CONFIG)
    assert [counted.steps(pace, ours=0.01) for pace in (0.01, 0.02, 10.0)] == [100, 50, 1]


def test_what_was_trained_acts_as_it_did(tmp_path):
    school = Class([SHIPPED], tmp_path, 1.0, config=CONFIG)
    row = Row("flow matching", "flow")
    found = school.train(row, 3)
    assert (found.key, found.steps, found.frames) == ("flow matching", 3, len(school.whole.learn))
    assert found.error > 0.0
    loaded = school.load(row)
    assert isinstance(loaded, Flow)
    assert (loaded.spread != 1.0).any()


def test_act_is_shown_the_actions_that_the_robot_was_told_and_acts_as_it_says():
    shipped = Demonstrations(SHIPPED)
    good = [one.index for one in shipped.episodes if one.success][:4]
    some = examples_of(shipped, good, HORIZON)
    arrays, frames = as_arrays(some), shipped.frames_of(good)
    assert np.allclose(arrays["actions"][:, 0], shipped.actions[frames][:, spoken.SPOKEN], atol=1e-5)
    assert arrays["state"].shape == (len(some), some.states.shape[1] + some.told.shape[1])
    wanted, taken = arrays["actions"][5], some.of(np.array([5]))

    class Says:
        def __call__(self, state, around):
            assert around.shape == (1, arrays["around"].shape[1])
            return torch.from_numpy(wanted)[None]

    act = object.__new__(Act)
    act.config, act._model = CONFIG, Says()
    said = act.on(taken)(np.array([0]))[0].numpy()
    actions = spoken.acted(said, taken.states[0], taken.tools[0], JointsAlone(None))
    assert said.shape == (HORIZON, spoken.SIZE)
    assert np.allclose(actions[:, spoken.SPOKEN], np.clip(wanted, -1.0, 1.0), atol=1e-5)
    assert (actions[:, ACTION.legs] == 0.0).all()


def test_the_nearest_thing_comes_first_and_what_is_not_there_last():
    inputs = inputs_of(examples(1, 0), np.arange(1))
    inputs["neighbours"][0, 0] = torch.tensor([0.1, 0.0, 0.0, 1.0])
    inputs["places"][0, 0] = torch.tensor([0.4, 0.0, 0.0, 1.0])
    inputs["places"][0, 1:] = 0.0
    seen = {}

    class Looks(Blind):
        def sensed(self, given, words):
            seen.update(given)
            return super().sensed(given, words)

    network(Looks).eval()(inputs)
    assert [round(x, 3) for x in seen["places"][0, :, 0].tolist()] == [0.1, 0.4, 0.0, 0.0]
    assert len(seen["places"][0]) == len(ROLES)
    assert not seen["told"].any()
