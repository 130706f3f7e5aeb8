"""A trained reader as a folder: config.json says how it is built and what it can hear, beside it are its weights."""

from __future__ import annotations

import json
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from vla_course.learning.encoders.files import MODELS, WEIGHTS, check_folder
from vla_course.learning.encoders.weights import load_weights, save_weights
from vla_course.learning.reading.command_reader import CommandReader, ReaderConfig
from vla_course.learning.reading.fields import FIELDS

SHIPPED: Final = MODELS / "reader"
CONFIG: Final = "config.json"


def save_reader(reader: CommandReader, folder: Path, made: dict[str, Any] | None = None) -> None:
    """Write a reader as a folder, its weights in half precision.

    Args:
        reader: trained.
        folder: is made where it is not there.
        made: how it was trained, kept in config.json for whoever wants to know.
    """
    folder.mkdir(parents=True, exist_ok=True)
    config = {"reader": asdict(reader.config), "fields": FIELDS, "made": made or {}}
    save_weights(reader, folder)
    (folder / CONFIG).write_text(json.dumps(config, indent=1) + "\n", encoding="utf-8")


def load_reader(folder: Path = SHIPPED) -> CommandReader:
    """Read what `save_reader` wrote (default: what the course ships), in float32 and ready to hear.

    Raises:
        FileNotFoundError: a file is missing, or a part of it.
        ValueError: it answers other questions than `reading.fields`, or its weights are those of another size or not
            finite.
    """
    check_folder(folder)
    path = folder / CONFIG
    kept = json.loads(path.read_text(encoding="utf-8"))
    fields = {name: tuple(answers) for name, answers in kept.get("fields", {}).items()}
    if fields != dict(FIELDS):
        odd = next(
            (name for name in (*FIELDS, *fields) if fields.get(name) != FIELDS.get(name)), "their order"
        )
        raise ValueError(f"{path}: fields differ from those of this course in {odd!r}: train the reader anew")
    try:
        config = ReaderConfig(**kept["reader"])
        reader = CommandReader(config)
    except (KeyError, TypeError, ValueError) as fault:
        raise ValueError(f"{path}: 'reader' does not say how a reader is built ({fault})") from None
    load_weights(reader, folder)
    return reader.eval()


def take_over(reader: CommandReader, folder: Path) -> None:
    """Give a reader, in place, what another one has learned, as far as names and shapes are the same."""
    from safetensors.torch import load_file

    own, kept = reader.state_dict(), load_file(folder / WEIGHTS)
    same = {
        name: value.float() for name, value in kept.items() if name in own and value.shape == own[name].shape
    }
    reader.load_state_dict(own | same)


def fingerprint(folder: Path) -> str:
    """Return twelve letters that tell the weights of a folder from others."""
    return sha256((folder / WEIGHTS).read_bytes()).hexdigest()[:12]
