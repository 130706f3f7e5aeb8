"""The grounder that the course ships: how it is written and read, and that it fits the encoders beside it."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, fields
from pathlib import Path
from typing import Final

from vla_course.learning.encoders.files import MODELS, WEIGHTS, check_folder
from vla_course.learning.encoders.weights import CONFIG, load_weights, read_config, save_model
from vla_course.learning.grounding.config import GrounderConfig
from vla_course.learning.grounding.grounder import Grounder

GROUNDER: Final = MODELS / "grounder"
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
    save_model(grounder, folder, {**asdict(grounder.config), _NAMED: named, _ENCODERS: fingerprint(encoders)})


def named_in(folder: Path = GROUNDER) -> str:
    """Return which things the training of a grounder has named: "trained", without those held out, or "all".

    Raises:
        FileNotFoundError: the folder, or a file in it, is missing or was cut off.
        ValueError: the configuration does not say.
    """
    named = read_config(folder).get(_NAMED)
    if named not in ("trained", "all"):
        raise ValueError(f"{folder / CONFIG}: {_NAMED} is {named!r}, expected 'trained' or 'all'")
    return str(named)


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
    told = read_config(folder)
    trained_on, names = told.pop(_ENCODERS, None), {field.name for field in fields(GrounderConfig)}
    told.pop(_NAMED, None)
    if told.keys() != names:
        odd = sorted(told.keys() ^ names)
        raise ValueError(
            f"{folder / CONFIG} lacks or adds {', '.join(odd)}: expected a grounder's configuration"
        )
    try:
        grounder = Grounder(GrounderConfig(**told))
    except ValueError as fault:
        raise ValueError(f"{folder / CONFIG}: {fault}") from None
    load_weights(grounder, folder)
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
