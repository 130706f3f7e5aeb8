"""The reference answers of Day 4's first part against libraries, and the given code around them."""

import numpy as np
import pytest
import torch
from torch import nn

from vla_course.learning.training.action_statistics import ActionStatistics
from vla_course.reference.day4_training.losses import chunk_loss
from vla_course.reference.day4_training.statistics import denormalise, fit_statistics, normalise
from vla_course.reference.day4_training.training_step import training_step
from vla_course.reference.day4_training.windows import chunk_windows

RANGES = ActionStatistics(np.float32([-0.4, 2.0, -1e-3]), np.float32([1.3, 5.0, 1e-3]))


def test_normalising_puts_the_range_on_minus_one_to_one() -> None:
    ends = np.stack([RANGES.low, RANGES.high])
    assert normalise(ends, RANGES) == pytest.approx(np.array([[-1.0] * 3, [1.0] * 3]), abs=1e-6)
    assert normalise(ends, RANGES).dtype == denormalise(ends, RANGES).dtype == np.float32


def test_what_is_normalised_comes_back_however_far_beyond_the_range_it_lies() -> None:
    rng = np.random.default_rng(0)
    middle, width = (RANGES.low + RANGES.high) / 2, RANGES.high - RANGES.low
    values = (middle + width * rng.normal(0.0, 8.0, (50, 4, 3))).astype(np.float32)
    assert np.abs(normalise(values, RANGES)).max() > 10.0
    back = denormalise(normalise(values, RANGES), RANGES)
    assert np.all(np.abs(back - values) <= 4e-7 * (np.abs(values) + width + np.abs(middle)))


def test_a_number_that_stands_still_is_normalised_to_nothing_and_its_moves_keep_their_size() -> None:
    values = np.float32([[0.6, 1.0], [0.6, 2.0], [0.6, 3.0]])
    statistics = fit_statistics(values)
    assert normalise(values, statistics)[:, 0] == pytest.approx(0.0, abs=1e-6)
    assert normalise(np.float32([0.85, 2.0]), statistics)[0] == pytest.approx(0.25, abs=1e-6)


def test_a_range_of_nothing_is_refused_by_its_number() -> None:
    empty = ActionStatistics(np.float32([0.0, 2.0]), np.float32([1.0, 2.0]))
    for way in (normalise, denormalise):
        with pytest.raises(ValueError, match="high is 2.0 for number 1"):
            way(np.zeros((4, 2), np.float32), empty)


def test_a_policy_that_says_the_chunks_has_no_loss_and_learns_nothing_from_padding() -> None:
    rng = np.random.default_rng(1)
    actions = rng.normal(size=(9, 3)).astype(np.float32)
    chunks, mask = chunk_windows(actions, np.arange(9), 4)
    target, there = torch.from_numpy(chunks), torch.from_numpy(mask)
    said = target.clone()
    said[~there] += 5.0
    assert float(chunk_loss(said, target, there, torch.zeros(9, dtype=torch.int64))) == 0.0


def tiny_policy() -> nn.Module:
    torch.manual_seed(0)

    class Policy(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.layers = nn.Sequential(nn.Linear(5, 8), nn.GELU(), nn.Linear(8, 2))

        def forward(self, batch: dict[str, torch.Tensor]) -> torch.Tensor:
            return (self.layers(batch["seen"]).float() - batch["done"]).abs().mean()

    return Policy()


def batches() -> list[dict[str, torch.Tensor]]:
    torch.manual_seed(1)
    return [{"seen": torch.randn(16, 5), "done": torch.randn(16, 2)} for _ in range(4)]


@pytest.mark.parametrize("precision", ["no", "bf16"])
def test_the_training_step_on_accelerate_is_that_of_plain_torch(precision: str) -> None:
    accelerate = pytest.importorskip("accelerate")
    accelerate.state.AcceleratorState._reset_state(reset_partial_state=True)  # one precision a process, else
    accelerator = accelerate.Accelerator(cpu=True, mixed_precision=precision)
    policy = tiny_policy()
    policy, optimiser = accelerator.prepare(policy, torch.optim.AdamW(policy.parameters(), 1e-2))
    losses = [training_step(policy, batch, optimiser, accelerator, max_norm=0.1) for batch in batches()]

    other = tiny_policy()
    plain = torch.optim.AdamW(other.parameters(), 1e-2)
    expected = []
    for batch in batches():
        with torch.autocast("cpu", torch.bfloat16, enabled=precision == "bf16"):
            loss = other(batch)
        plain.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(other.parameters(), 0.1)
        plain.step()
        expected.append(float(loss.detach()))
    assert losses == expected
    for one, another in zip(policy.parameters(), other.parameters(), strict=True):
        assert torch.equal(one, another)
    accelerate.state.AcceleratorState._reset_state(reset_partial_state=True)
