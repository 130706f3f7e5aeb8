"""The grounder that the course ships: how it is written and read, and that it fits the encoders beside it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any, Final

import torch

from vla_course.learning.encoders.files import MODELS, WEIGHTS, check_folder
from vla_course.learning.grounding.config import GrounderConfig
from vla_course.learning.grounding.grounder import Grounder

GROUNDER: Final = MODELS / "grounder"
_CONFIG: Final = "config.json"
_ENCODERS: Final = "encoders"
_NAMED: Final = "named"


def save_grounder(grounder: Grounder, folder: Path, named: str, encoders: Path = MODELS) -> None:
    """Write a grounder: weights in half precision, and its configuration.

    Args:
        grounder: a trained one.
        folder: where to; it is made.
        named: which things its training has named.
        encoders: the folder of those whose features it was trained on.
    """
    from safetensors.torch import save_file

    folder.mkdir(parents=True, exist_ok=True)
    config = {**asdict(grounder.config), _NAMED: named, _ENCODERS: fingerprint(encoders)}
    (folder / _CONFIG).write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")
    save_file(
        {name: part.half().contiguous() for name, part in grounder.state_dict().items()}, folder / WEIGHTS
    )


def load_grounder(folder: Path = GROUNDER, encoders: Path = MODELS) -> Grounder:
    """Read a grounder (default: the shipped one), frozen and in evaluation mode.

    Args:
        folder: with config.json and model.safetensors.
        encoders: the folder with the encoders "vision" and "language" that it is to be used with.

    Raises:
        FileNotFoundError: the folder, or a file in it, is missing or was cut off.
        ValueError: the configuration is none of a grounder, the weights are of another one, or it was trained on the
            features of other encoders.
    """
    from safetensors.torch import load_file

    check_folder(folder)
    told: dict[str, Any] = json.loads((folder / _CONFIG).read_text(encoding="utf-8"))
    trained_on, names = told.pop(_ENCODERS, None), {field.name for field in fields(GrounderConfig)}
    told.pop(_NAMED, None)
    if told.keys() != names:
        odd = sorted(told.keys() ^ names)
        raise ValueError(
            f"{folder / _CONFIG} lacks or adds {', '.join(odd)}: expected a grounder's configuration"
        )
    try:
        grounder = Grounder(GrounderConfig(**told))
    except ValueError as fault:
        raise ValueError(f"{folder / _CONFIG}: {fault}") from None
    weights = {name: part.to(torch.float32) for name, part in load_file(folder / WEIGHTS).items()}
    wanted = grounder.state_dict()
    for name in sorted(weights.keys() | wanted.keys()):
        has, needs = (tuple(of[name].shape) if name in of else None for of in (weights, wanted))
        if has != needs:
            raise ValueError(
                f"{folder / WEIGHTS} has {name} of shape {has}, expected {needs}: of another grounder"
            )
    grounder.load_state_dict(weights)
    if trained_on != fingerprint(encoders):
        raise ValueError(
            f"{folder} was trained on other encoders than those in {encoders}: train it anew "
            "(python -m vla_course.learning.grounding.train_grounder)"
        )
    return grounder.requires_grad_(False).eval()


def fingerprint(encoders: Path) -> str:
    """Return what tells the weights of these encoders from others.

    Raises:
        FileNotFoundError: one is missing.
    """
    digest = hashlib.sha256()
    for name in ("vision", "language"):
        check_folder(encoders / name)
        digest.update((encoders / name / WEIGHTS).read_bytes())
    return digest.hexdigest()[:16]
