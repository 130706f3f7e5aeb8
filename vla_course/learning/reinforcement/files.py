"""A clone and what was learnt on it by trying, as files: weights in half precision beside their configuration."""

from __future__ import annotations

import json
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any, Final

import torch

from vla_course.learning.encoders.files import MODELS, check_folder
from vla_course.learning.encoders.weights import load_weights, save_weights
from vla_course.learning.policy.chunk_policy import ChunkPolicy, ChunkPolicyConfig
from vla_course.learning.reinforcement.clone import Clone
from vla_course.learning.reinforcement.pointing import PointingDecisions
from vla_course.learning.reinforcement.residual import Residual

POINTING: Final = MODELS / "pointing"
"""where the shipped clone is, and what was learnt on it"""
_CLONE, _RESIDUAL, _CONFIG = "clone", "residual", "config.json"


def save_clone(clone: Clone, folder: Path = POINTING) -> None:
    """Write a clone into `folder`/clone."""
    _write(clone.policy, asdict(clone.policy.config), folder / _CLONE)


def load_clone(folder: Path = POINTING) -> Clone:
    """Read a clone from `folder`/clone, by default the shipped one.

    Raises:
        FileNotFoundError: a file is missing.
        ValueError: the weights are not those of the configuration beside them.
    """
    told = _told(folder / _CLONE, {field.name for field in fields(ChunkPolicyConfig)})
    policy = ChunkPolicy(ChunkPolicyConfig(**told))
    load_weights(policy, folder / _CLONE)
    return Clone(policy)


def save_residual(residual: Residual, folder: Path = POINTING) -> None:
    """Write what was learnt into `folder`/residual."""
    _write(residual, {"width": residual.width}, folder / _RESIDUAL)


def load_residual(folder: Path = POINTING) -> Residual:
    """Read what was learnt from `folder`/residual, by default the shipped one.

    Raises:
        FileNotFoundError: a file is missing.
        ValueError: the weights are not those of the configuration beside them.
    """
    told = _told(folder / _RESIDUAL, {"width"})
    residual = Residual(PointingDecisions.sizes, int(told["width"]))
    load_weights(residual, folder / _RESIDUAL)
    return residual


class Pointing:
    """Makes episodes of pointing with a clone that is kept in a folder, in whatever process it is called."""

    def __init__(self, folder: Path = POINTING) -> None:
        self.folder = folder

    def __call__(self) -> PointingDecisions:
        return PointingDecisions(load_clone(self.folder))


def _write(module: torch.nn.Module, config: dict[str, Any], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / _CONFIG).write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")
    save_weights(module, folder)


def _told(folder: Path, names: set[str]) -> dict[str, Any]:
    """Return the configuration in a folder. Raises ValueError where it names other things than `names`."""
    check_folder(folder)
    told: dict[str, Any] = json.loads((folder / _CONFIG).read_text(encoding="utf-8"))
    if told.keys() != names:
        odd = ", ".join(sorted(told.keys() ^ names))
        raise ValueError(
            f"{folder / _CONFIG} lacks or adds {odd}: expected a configuration as it was written"
        )
    return told
