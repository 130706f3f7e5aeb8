"""Weights of a small model of ours beside its configuration: written in half precision, read with every one checked."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import nn

from vla_course.learning.encoders.files import WEIGHTS


def save_weights(module: nn.Module, folder: Path) -> None:
    """Write the weights of a module into a folder, as float16."""
    from safetensors.torch import save_file

    state = {name: value.half().contiguous() for name, value in module.state_dict().items()}
    save_file(state, folder / WEIGHTS, metadata={"format": "pt"})


def load_weights(module: nn.Module, folder: Path) -> None:
    """Read what `save_weights` wrote into a module that was built by the configuration beside it, as float32.

    Raises:
        ValueError: a weight is missing, one too many, of another shape, or not finite.
    """
    from safetensors.torch import load_file

    found, wanted = load_file(folder / WEIGHTS), module.state_dict()
    for name in (*wanted, *(name for name in found if name not in wanted)):
        has, needs = (tuple(of[name].shape) if name in of else None for of in (found, wanted))
        if has != needs:
            raise ValueError(
                f"{folder / WEIGHTS}: {name} is {has or 'missing'}, expected {needs or 'no such weight'} by config.json"
            )
        if not found[name].isfinite().all():
            raise ValueError(f"{folder / WEIGHTS}: {name} has a number that is not finite, expected weights")
    module.load_state_dict({name: value.to(torch.float32) for name, value in found.items()})
