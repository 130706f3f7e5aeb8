"""A training that is cut off goes on to the same bits; how a learning rate rises and falls."""

from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from vla_course.learning.model.going_on import GoingOn, warm_cosine


def test_a_rate_rises_evenly_and_falls_as_a_cosine() -> None:
    rates = [warm_cosine(step, 100, warm=0.1) for step in range(100)]
    np.testing.assert_allclose(rates[:9], (np.arange(9) + 1) / 10)
    np.testing.assert_allclose(rates[20:], 0.5 * (1.0 + np.cos(np.pi * np.arange(20, 100) / 100)))
    assert warm_cosine(0, 3) == 1.0, "a short training has no warm steps but one"


def trained(checkpoint: Path | None, until: int, what: str = "this") -> list[float]:
    """Train a line on noise of both generators, as far as `until`; return its weights, and its steps."""
    torch.manual_seed(0)
    rng, model = np.random.default_rng(0), nn.Linear(2, 1)
    optimizer = torch.optim.Adam(model.parameters(), 0.1)
    run = GoingOn(what, (model, optimizer), rng, checkpoint)
    run.resume()
    for step in range(run.step, until):
        inputs = torch.from_numpy(rng.normal(size=(4, 2))).float()
        loss = (model(inputs) - torch.randn(4, 1)).square().mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        run.step = step + 1
    run.keep()
    return [*model.weight[0].tolist(), float(run.step)]


def test_a_training_that_was_cut_off_ends_with_the_same_bits(tmp_path: Path) -> None:
    whole, path = trained(None, 6), tmp_path / "run.pt"
    assert not list(tmp_path.iterdir())
    assert trained(path, 3) != whole
    assert trained(path, 6) == whole
    assert [one.name for one in tmp_path.iterdir()] == ["run.pt"]


def test_a_checkpoint_of_another_training_is_refused_and_nothing_is_taken_from_it(tmp_path: Path) -> None:
    path, model = tmp_path / "run.pt", nn.Linear(2, 1)
    trained(path, 3)
    run = GoingOn("that", (model,), np.random.default_rng(0), path)
    with pytest.raises(ValueError, match="run.pt is of this, expected that: delete it to begin anew"):
        run.resume()
    assert run.step == 0
