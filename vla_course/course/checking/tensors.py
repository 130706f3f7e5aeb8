"""Torch tensors where there may be none: asked about without loading torch."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, TypeGuard

import numpy as np

if TYPE_CHECKING:
    import torch

_IMPORTS = re.compile(r"^\ufeff?[ \t]*(?:import|from)[ \t]+torch\b", re.MULTILINE)


def is_tensor(value: object) -> TypeGuard[torch.Tensor]:
    """Whether this is a torch tensor; where torch is not loaded, nothing is."""
    torch = sys.modules.get("torch")
    return torch is not None and isinstance(value, torch.Tensor)


def without_tensor(value: object) -> object:
    """A tensor as the array of its numbers, floating ones as float64; anything else as it is."""
    if not is_tensor(value):
        return value
    plain = value.detach().cpu()
    array: np.ndarray = (plain.double() if plain.is_floating_point() else plain).numpy()
    return array


def seed_torch(seed: int) -> None:
    """Start torch's chance anew, where torch is loaded: an untrained model has the same weights every time."""
    if "torch" in sys.modules:
        sys.modules["torch"].manual_seed(seed)


def uses_torch(day: Path) -> bool:
    """Whether a file of that day folder imports torch: then whoever runs it may load torch beforehand."""
    files = [path for path in day.glob("*.py") if path.is_file()]
    return any(_IMPORTS.search(path.read_text(encoding="utf-8", errors="replace")) for path in files)


def keep_tensor(tensor: torch.Tensor) -> torch.Tensor:
    """A copy of its numbers, for `same_tensor` and `put_tensor_back`."""
    return tensor.detach().clone()


def same_tensor(tensor: torch.Tensor, before: torch.Tensor) -> bool:
    """Whether it holds the same numbers still; nan is the same as nan."""
    if tensor.shape != before.shape:
        return False
    now = tensor.detach()
    return bool(((now == before) | ((now != now) & (before != before))).all())


def put_tensor_back(tensor: torch.Tensor, before: torch.Tensor) -> None:
    """Give it its numbers back in place."""
    tensor.data.resize_(before.shape).copy_(before)
