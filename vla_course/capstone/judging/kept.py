"""What the reference reaches in the scenes of a seed: measured once, and kept with seed and commit."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vla_course.capstone.judging.results import Measured
from vla_course.course.root import CourseRoot


@dataclass(frozen=True)
class Reference:
    """What the reference reached, station by station, and at which commit of the course that was measured."""

    stations: Mapping[str, Measured]
    commit: str


def kept_reference(root: CourseRoot, seed: int, quick: bool) -> Reference | None:
    """Return what is kept of a seed; None where nothing is."""
    told = _read(_path(root)).get(_name(seed, quick))
    if told is None:
        return None
    return Reference({name: Measured.kept(one) for name, one in told["stations"].items()}, told["commit"])


def keep_reference(root: CourseRoot, seed: int, quick: bool, reference: Reference) -> Path:
    """Keep what the reference reached, in place of what was kept of that seed before; returns the file."""
    path = _path(root)
    told = _read(path)
    told[_name(seed, quick)] = {
        "commit": reference.commit,
        "stations": {name: one.as_kept() for name, one in reference.stations.items()},
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    return path


def _path(root: CourseRoot) -> Path:
    return root.folder / "data" / "capstone" / "reference.json"


def _name(seed: int, quick: bool) -> str:
    return f"seed {seed}{', quick' if quick else ''}"


def _read(path: Path) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return found
