"""A whole step of learning against stable-baselines3: the same weights, trials and numbers, the same new weights."""

from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from vla_course.learning.reinforcement.options import ImproveOptions, ImproveParts
from vla_course.learning.reinforcement.residual import Residual
from vla_course.learning.reinforcement.rollout import Tried
from vla_course.learning.reinforcement.update import learn_from

FEATURES, NUMBERS, STEPS, WIDTH = 3, 2, 48, 16


def test_a_step_of_learning_is_that_of_stable_baselines() -> None:
    ppo = pytest.importorskip("stable_baselines3").PPO
    logger = pytest.importorskip("stable_baselines3.common.logger")
    gymnasium = pytest.importorskip("gymnasium")
    rng = np.random.default_rng(0)
    torch.manual_seed(0)
    ours = Residual((FEATURES, 0, NUMBERS), WIDTH)
    nn.init.normal_(ours.actor.weight, std=0.3)
    tried = _tried(ours, rng)

    class Nowhere(gymnasium.Env):  # type: ignore[misc,name-defined]
        observation_space = gymnasium.spaces.Box(-9.0, 9.0, (FEATURES,))
        action_space = gymnasium.spaces.Box(-9.0, 9.0, (NUMBERS,))

    options = ImproveOptions(epochs=3, batch=STEPS, rate=0.01, penalty=0.0, farthest=1e9)
    theirs = ppo(
        "MlpPolicy",
        Nowhere(),
        learning_rate=options.rate,
        n_steps=STEPS,
        batch_size=STEPS,
        n_epochs=options.epochs,
        gamma=options.gamma,
        gae_lambda=options.lam,
        clip_range=options.clip,
        ent_coef=0.0,
        vf_coef=options.worth,
        max_grad_norm=options.max_norm,
        policy_kwargs={
            "net_arch": {"pi": [], "vf": [WIDTH, WIDTH]},
            "activation_fn": nn.Tanh,
            "ortho_init": False,
        },
        device="cpu",
    )
    theirs.set_logger(logger.configure(None, []))
    pairs = _counterparts(ours, theirs.policy)
    theirs.policy.action_net.bias.requires_grad_(False).zero_()  # ours has none
    with torch.no_grad():
        for one, other in pairs:
            other.copy_(one)
    _fill(theirs, tried)

    first = [one.detach().clone() for one, _ in pairs]
    optimiser = torch.optim.Adam(ours.parameters(), options.rate, eps=1e-5)
    learn_from(ours, optimiser, tried, options, ImproveParts.reference(), np.random.default_rng(0))
    theirs.train()
    for before, (one, other) in zip(first, pairs, strict=True):
        torch.testing.assert_close(one, other, atol=1e-4, rtol=1e-3)
        assert (one - before).abs().max() > 1e-3


def _tried(residual: Residual, rng: np.random.Generator) -> Tried:
    """Return a column of trials, with two falls in it."""
    features = rng.normal(size=(STEPS + 1, 1, FEATURES)).astype(np.float32)
    with torch.no_grad():
        mean = residual(torch.from_numpy(features[:-1, 0])).numpy()
    offsets = mean + residual.log_spread.detach().exp().numpy() * rng.normal(size=mean.shape)
    terminated = np.zeros((STEPS, 1), dtype=bool)
    terminated[[11, 30]] = True
    nothing = np.zeros((STEPS, 1), dtype=bool)
    return Tried(
        features=features,
        privileged=np.zeros((STEPS + 1, 1, 0), np.float32),
        offsets=offsets.astype(np.float32)[:, None],
        rewards=rng.normal(size=(STEPS, 1)).astype(np.float32),
        terminated=terminated,
        truncated=nothing,
        success=nothing,
        final_features=np.zeros((STEPS, 1, FEATURES), np.float32),
        final_privileged=np.zeros((STEPS, 1, 0), np.float32),
        seconds=np.zeros(1),
    )


def _counterparts(ours: Residual, theirs: Any) -> list[tuple[torch.Tensor, torch.Tensor]]:
    """Return which weight is which."""
    layers = [
        *zip(
            (ours.critic[0], ours.critic[2]), (theirs.mlp_extractor.value_net[k] for k in (0, 2)), strict=True
        ),
        (ours.actor, theirs.action_net),
        (ours.critic[4], theirs.value_net),
    ]
    return [
        *(
            (getattr(one, name), getattr(other, name))
            for one, other in layers
            for name, _ in one.named_parameters()
        ),
        (ours.log_spread, theirs.log_std),
    ]


def _fill(theirs: Any, tried: Tried) -> None:
    """Put a column into their buffer, as their own collecting would."""
    buffer, begins = theirs.rollout_buffer, np.ones(1, np.float32)
    with torch.no_grad():
        for step in range(STEPS):
            seen, offset = (torch.from_numpy(part[step]) for part in (tried.features, tried.offsets))
            value, chance, _ = theirs.policy.evaluate_actions(seen, offset)
            buffer.add(tried.features[step], tried.offsets[step], tried.rewards[step], begins, value, chance)
            begins = tried.terminated[step].astype(np.float32)
        last = theirs.policy.predict_values(torch.from_numpy(tried.features[-1]))
    buffer.compute_returns_and_advantage(last, begins)
