"""The clone that ships, and what was learnt on it by trying: read back, small, and told of as it was measured."""

import shutil
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from vla_course.learning.policy.files import load_policy
from vla_course.learning.reinforcement.files import CLONE, POINTING, RESIDUAL, load_residual, save_residual
from vla_course.learning.reinforcement.pointing import PointingDecisions
from vla_course.learning.reinforcement.residual import Residual

ROOT = Path(__file__).parents[2]
sys.path.append(str(ROOT / "benchmarks"))

import reinforcement_card  # noqa: E402

learnt = pytest.mark.skipif(
    not (POINTING / RESIDUAL).exists(),
    reason="`benchmarks/reinforcement.py --json --ship` has not been run to its end",
)


@learnt
def test_they_are_read_and_small() -> None:
    clone, residual = load_policy(POINTING / CLONE), load_residual()
    assert not clone.training
    assert not any(weight.requires_grad for weight in clone.parameters())
    features = torch.zeros(1, PointingDecisions.sizes[0])
    assert residual(features).shape == (1, PointingDecisions.sizes[2])
    sizes = {part: (POINTING / part / "model.safetensors").stat().st_size for part in (CLONE, RESIDUAL)}
    assert sizes[RESIDUAL] < 200_000
    assert sizes[CLONE] < 500_000


@learnt
@pytest.mark.parametrize("angle", np.radians([0, 60, 120, 180, 240, 300]))
def test_what_was_learnt_turns_the_hand_towards_the_thing(angle: float) -> None:
    """On whichever side of the fingers' line the thing is: turning about z leads to the left, about y down."""
    across, up = 0.4 * np.cos(angle), 0.4 * np.sin(angle)
    with torch.no_grad():
        y, z = load_residual()(torch.tensor([[across, up]], dtype=torch.float32))[0].tolist()
    assert z * across - y * up > 0.5 * float(np.hypot(y, z)) * 0.4  # within 60 degrees of it


@learnt
def test_the_card_is_written_from_the_results() -> None:
    assert reinforcement_card.CARD.read_text(encoding="utf-8") == reinforcement_card.card()


def test_what_is_written_is_read_back_and_what_is_missing_is_named(tmp_path: Path) -> None:
    torch.manual_seed(0)
    residual = Residual(PointingDecisions.sizes, width=8)
    save_residual(residual, tmp_path)
    read = load_residual(tmp_path)
    for name, weight in residual.state_dict().items():
        np.testing.assert_allclose(read.state_dict()[name], weight, atol=1e-3)
    (tmp_path / RESIDUAL / "config.json").write_text('{"breadth": 8}')
    with pytest.raises(ValueError, match=r"config\.json: width is None, expected a whole number from 1"):
        load_residual(tmp_path)
    shutil.rmtree(tmp_path / RESIDUAL)
    with pytest.raises(FileNotFoundError):
        load_residual(tmp_path)
