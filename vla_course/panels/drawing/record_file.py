"""A record as a file: numbers only, no pickle, so that it can be looked at wherever NumPy is."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np

from vla_course.motion.standing.record import MotionRecord

_RAGGED = "support_polygons"


def save_record(record: MotionRecord, path: Path) -> None:
    """Write a record to `path` (.npz)."""
    values: dict[str, Any] = {f.name: getattr(record, f.name) for f in fields(record) if f.name != _RAGGED}
    values["fell_at"] = np.nan if record.fell_at is None else record.fell_at
    values["corner_counts"] = [len(corners) for corners in record.support_polygons]
    values["corners"] = np.concatenate([np.reshape(c, (-1, 2)) for c in record.support_polygons])
    np.savez(path, **values)


def load_record(path: Path) -> MotionRecord:
    """Read a record that `save_record` wrote. Raises ValueError where something is missing."""
    with np.load(path, allow_pickle=False) as archive:
        values: dict[str, Any] = {name: archive[name] for name in archive.files}
    expected = {f.name for f in fields(MotionRecord)} - {_RAGGED} | {"corner_counts", "corners"}
    if set(values) != expected:
        raise ValueError(f"{path.name} holds {sorted(values)}, expected {sorted(expected)}")
    counts, corners = values.pop("corner_counts"), values.pop("corners")
    fell_at = float(values.pop("fell_at"))
    plain: dict[str, Any] = {name: value if value.ndim else float(value) for name, value in values.items()}
    return MotionRecord(
        **plain,
        support_polygons=tuple(np.split(corners, np.cumsum(counts)[:-1])),
        fell_at=None if np.isnan(fell_at) else fell_at,
    )
