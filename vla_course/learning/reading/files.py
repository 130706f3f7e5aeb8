"""A trained reader as a folder: config.json says how it is built and what it can hear, beside it are its weights."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from vla_course.learning.encoders.files import MODELS
from vla_course.learning.encoders.weights import CONFIG, load_weights, read_config, save_model
from vla_course.learning.reading.command_reader import CommandReader, ReaderConfig
from vla_course.learning.reading.fields import FIELDS

SHIPPED: Final = MODELS / "reader"


def save_reader(reader: CommandReader, folder: Path, made: dict[str, Any] | None = None) -> None:
    """Write a reader as a folder, its weights in half precision.

    Args:
        reader: trained.
        folder: is made where it is not there.
        made: how it was trained, kept in config.json for whoever wants to know.
    """
    save_model(reader, folder, {"reader": asdict(reader.config), "fields": FIELDS, "made": made or {}})


def load_reader(folder: Path = SHIPPED) -> CommandReader:
    """Read what `save_reader` wrote (default: what the course ships), in float32 and ready to hear.

    Raises:
        FileNotFoundError: a file is missing, or a part of it.
        ValueError: it answers other questions than `reading.fields`, or its weights are those of another size or not
            finite.
    """
    kept, path = read_config(folder), folder / CONFIG
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
