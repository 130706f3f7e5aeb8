"""Day 4's reference answers against the libraries of the field: PPO, LoRA, intervals, paired tests, relabelling."""

import numpy as np
import pytest
import torch
from scipy.stats import binom, chi2_contingency
from torch import nn

from vla_course.learning.training.scripted_world import ScriptedWorld
from vla_course.reference.day4_training.advantages import advantages
from vla_course.reference.day4_training.dagger import dagger_round
from vla_course.reference.day4_training.film import FiLM
from vla_course.reference.day4_training.intervals import success_interval
from vla_course.reference.day4_training.lora import LoRALinear
from vla_course.reference.day4_training.paired import paired_test
from vla_course.reference.day4_training.ppo import clipped_objective


@pytest.mark.parametrize("seed", range(5))
def test_advantages_are_those_of_stable_baselines(seed: int) -> None:
    """Its buffer knows no truncation: what would have come after is added to the reward, as its PPO does."""
    buffers = pytest.importorskip("stable_baselines3.common.buffers")
    spaces = pytest.importorskip("gymnasium.spaces")
    rng, (steps, robots), (gamma, lam) = np.random.default_rng(seed), (40, 3), (0.97, 0.9)
    rewards, final = rng.normal(size=(2, steps, robots)).astype(np.float32)
    values = rng.normal(size=(steps + 1, robots)).astype(np.float32)
    terminated, cut = rng.random((2, steps, robots)) < 0.08
    truncated = cut & ~terminated
    box = spaces.Box(-1.0, 1.0, (1,))
    buffer = buffers.RolloutBuffer(steps, box, box, "cpu", gae_lambda=lam, gamma=gamma, n_envs=robots)
    begins = np.zeros(robots, np.float32)
    for step in range(steps):
        paid = rewards[step] + gamma * np.where(truncated[step], final[step], 0.0)
        none = np.zeros((robots, 1), np.float32)
        buffer.add(none, none, paid, begins, torch.from_numpy(values[step]), torch.zeros(robots))
        begins = (terminated[step] | truncated[step]).astype(np.float32)
    buffer.compute_returns_and_advantage(torch.from_numpy(values[-1]), begins)
    found, returns = advantages(rewards, values, terminated, truncated, final, gamma, lam)
    np.testing.assert_allclose(found, buffer.advantages, atol=1e-5)
    np.testing.assert_allclose(returns, buffer.returns, atol=1e-5)


def test_a_policy_gets_better_by_the_clipped_objective_and_stays_near() -> None:
    """A one-dimensional task whose best action is known: 0.7."""
    torch.manual_seed(0)
    mean = nn.Parameter(torch.zeros(()))
    optimiser = torch.optim.SGD([mean], lr=0.1)
    farthest = 0.0
    for _ in range(60):
        with torch.no_grad():
            old = torch.distributions.Normal(mean.detach(), 0.3)
            tried = old.sample((256,))
            reward = -(tried - 0.7).abs()
            gain, seen = reward - reward.mean(), old.log_prob(tried)
        for _ in range(8):
            told = clipped_objective(torch.distributions.Normal(mean, 0.3).log_prob(tried), seen, gain, 0.2)
            optimiser.zero_grad()
            told.loss.backward()
            optimiser.step()
        farthest = max(farthest, told.kl)
    assert abs(float(mean.detach()) - 0.7) < 0.05
    assert farthest < 0.1


def test_a_thin_change_is_that_of_peft() -> None:
    peft = pytest.importorskip("peft")
    torch.manual_seed(0)
    base = nn.Sequential(nn.Linear(6, 4))
    ours = LoRALinear(nn.Linear(6, 4), rank=3, alpha=8.0)
    ours.base.load_state_dict(base[0].state_dict())
    theirs = peft.get_peft_model(
        base, peft.LoraConfig(r=3, lora_alpha=8, target_modules=["0"], lora_dropout=0.0)
    )
    layer = theirs.base_model.model[0]
    x = torch.randn(5, 6)
    torch.testing.assert_close(ours(x), theirs(x))  # both begin as the frozen layer
    with torch.no_grad():
        layer.lora_B["default"].weight.normal_()
        ours.down.copy_(layer.lora_A["default"].weight)
        ours.up.copy_(layer.lora_B["default"].weight)
    torch.testing.assert_close(ours(x), theirs(x))
    torch.testing.assert_close(ours.merged()(x), theirs.merge_and_unload()(x))


def test_of_a_thin_change_only_two_thin_matrices_are_taught_and_merging_changes_nothing() -> None:
    layer = LoRALinear(nn.Linear(6, 4, bias=False), rank=2, alpha=4.0)
    taught = {name for name, weight in layer.named_parameters() if weight.requires_grad}
    assert taught == {"down", "up"}
    nn.init.normal_(layer.up)
    before = {name: weight.clone() for name, weight in layer.state_dict().items()}
    merged = layer.merged()
    assert merged.bias is None
    assert isinstance(merged, nn.Linear)
    assert all(torch.equal(weight, before[name]) for name, weight in layer.state_dict().items())
    for rank in (0, 5):
        with pytest.raises(ValueError, match=f"rank is {rank}, expected 1 to the smaller of 6 inputs and 4"):
            LoRALinear(nn.Linear(6, 4), rank, 1.0)


def test_a_modulation_can_turn_a_channel_off_and_begins_by_saying_nothing() -> None:
    layer, features, words = FiLM(3, 2), torch.randn(2, 4, 3), torch.ones(2, 2)
    assert torch.equal(layer(features, words), features)
    with torch.no_grad():
        layer.modulation.bias[1] = -1.0
    assert torch.equal(layer(features, words)[..., 1], torch.zeros(2, 4))


def test_intervals_cover_the_true_rate_about_as_often_as_they_promise() -> None:
    n, covered = 60, []
    intervals = [success_interval(k, n) for k in range(n + 1)]
    for rate in np.linspace(0.05, 0.95, 181):
        inside = [k for k, (low, high) in enumerate(intervals) if low <= rate <= high]
        covered.append(binom.pmf(inside, n, rate).sum())
    assert np.mean(covered) == pytest.approx(0.95, abs=0.01)
    assert np.min(covered) > 0.91


def test_nine_of_ten_happens_to_a_robot_of_sixty_per_cent_once_in_twenty() -> None:
    assert binom.sf(8, 10, 0.6) == pytest.approx(1.0 / 20.0, abs=0.005)


def test_pairs_show_what_unrelated_episodes_hide_as_the_exercise_says() -> None:
    before = np.repeat([False, True, True, False], [22, 8, 152, 18])
    after = np.repeat([True, False, True, False], [22, 8, 152, 18])
    assert (before.sum(), after.sum(), len(before)) == (160, 174, 200)
    assert paired_test(before, after).p_value == pytest.approx(0.02, abs=0.005)
    table = [[160, 40], [174, 26]]
    assert chi2_contingency(table, correction=False).pvalue == pytest.approx(0.06, abs=0.005)


def test_chance_alone_is_hardly_ever_called_a_difference_and_a_true_one_mostly_is() -> None:
    rng, n, rounds = np.random.default_rng(0), 200, 400
    shared = rng.random((rounds, n)) < 0.7  # most scenes are easy or hopeless for both
    easy = rng.random((rounds, n)) < 0.8
    called = {}
    for gain in (0.0, 0.3):
        before = np.where(shared, easy, rng.random((rounds, n)) < 0.6)
        after = np.where(shared, easy, rng.random((rounds, n)) < 0.6 + gain)
        p_values = [paired_test(one, other).p_value for one, other in zip(before, after, strict=True)]
        called[gain] = float(np.mean(np.array(p_values) < 0.05))
    assert called[0.0] <= 0.05
    assert called[0.3] >= 0.6


def test_a_round_of_relabelling_goes_where_the_policy_goes_and_says_what_the_expert_would_have_done() -> None:
    world = ScriptedWorld([12], seed=0)
    data = dagger_round([], world.reset, world.step, world.policy, world.expert, 1.0, 3, world.rng)
    assert world.actors.count("expert") == len(data) == 36
    more = dagger_round(data, world.reset, world.step, world.policy, world.expert, 0.0, 5, world.rng)
    assert more[:36] == data
    assert len(more) == 36 + 60

    def farthest(some: list[tuple[np.ndarray, np.ndarray]]) -> float:
        return max(float(observation[0]) for observation, _ in some)

    assert farthest(data) < 3.1 < 6.0 < farthest(more[36:])
    for observation, label in more:
        assert label[0] == pytest.approx(-0.5 * observation[0] - 0.01 * (observation[1] + 1.0), abs=1e-5)
