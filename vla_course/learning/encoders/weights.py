"""A small model of ours as a folder: config.json, and beside it its weights, in half precision, every one checked."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import torch
from torch import nn

from vla_course.learning.encoders.files import WEIGHTS, check_folder

CONFIG: Final = "config.json"


def save_model(module: nn.Module, folder: Path, config: Mapping[str, Any]) -> None:
    """Write a module as a folder, made where it is not there: what `config` says of it, and its weights as float16."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / CONFIG).write_text(json.dumps(config, indent=1) + "\n", encoding="utf-8")
    from safetensors.torch import save_file

    state = {name: value.half().contiguous() for name, value in module.state_dict().items()}
    save_file(state, folder / WEIGHTS, metadata={"format": "pt"})


def read_config(folder: Path) -> dict[str, Any]:
    """Return what the config.json in a folder says of the model there.

    Raises:
        FileNotFoundError: the folder, or a file in it, is missing or was cut off.
        ValueError: that is no object.
    """
    check_folder(folder)
    path = folder / CONFIG
    told = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(told, dict):
        raise ValueError(f"{path} is {type(told).__name__}, expected an object: a model's configuration")
    return told


def load_weights(module: nn.Module, folder: Path) -> None:
    """Read what `save_model` wrote into a module that was built by the configuration beside it, as float32.

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
