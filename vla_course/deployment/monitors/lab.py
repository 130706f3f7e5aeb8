"""Recorded streams to try monitors on: every change in three sizes, and a day on which nothing happened.

python -m vla_course.deployment.monitors.lab [--seed 34] [--out FILE] [--keep DIR]

What is kept of a stream is small: the raw score of each detector, by how much joints missed their step, and what the
head's camera saw before the change and at the end.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from vla_course.deployment.monitors.changes import USUAL, Change
from vla_course.deployment.monitors.fitted import DETECTORS, MONITORS, load_fitted
from vla_course.deployment.monitors.measuring import Measurer, trace_of
from vla_course.deployment.monitors.reading import Reading
from vla_course.deployment.monitors.streams import ON_FOOT, Stream, episode_plan
from vla_course.learning.encoders.frozen import FrozenEncoders

Array = NDArray[np.float64]

LAB: Final = MONITORS / "lab.npz"
SIZES: Final[dict[str, tuple[float, ...]]] = {
    USUAL: (0.0,),
    "dark": (0.8, 0.6, 0.4),
    "camera moved": (3.0, 6.0, 12.0),
    "unknown thing": (1.0, 2.0, 3.0),
    "wrong mass": (0.1, 0.3, 1.0),
    "slippery floor": (0.4, 0.25, 0.15),
}
"""of each change, the gentlest first"""
AT, LASTS, SEED = 1.5, 5.0, 34
"""s, when the world changes and when the stream ends; and the seed of the episodes"""


@dataclass(frozen=True, eq=False)
class Recorded:
    """A stream that was.

    Attributes:
        kind, size: of the change; "" of none.
        times: (n,) s.
        scores: (n, detectors), raw, nan where there was none.
        missed: (n, 14) rad, by how much the arms missed where a step was predicted to bring them.
        raised: (n, 2) m, by how much that made the hands higher.
        pictures: (2, size, size, 3) uint8, of the head's camera: before, and at the end.
        note: what changed.
    """

    kind: str
    size: float
    times: Array
    scores: Array
    missed: Array
    raised: Array
    pictures: NDArray[np.uint8]
    note: str


def load_lab(path: Path = LAB) -> Mapping[tuple[str, float], Recorded]:
    """Read the recorded streams (default: those that ship), by kind and size of their change.

    Raises:
        FileNotFoundError: says which command makes them.
    """
    if not path.is_file():
        raise FileNotFoundError(f"{path} is missing: `python -m vla_course.deployment.monitors.lab` makes it")
    with np.load(path) as kept:
        parts = {name: kept[name] for name in kept.files}
    found = {}
    for kind, sizes in SIZES.items():
        for size in sizes:
            at = f"{kind}/{size:g}/"
            found[kind, size] = Recorded(
                kind,
                size,
                parts[at + "times"].astype(np.float64),
                parts[at + "scores"].astype(np.float64),
                parts[at + "missed"].astype(np.float64),
                parts[at + "raised"].astype(np.float64),
                parts[at + "pictures"],
                str(parts[at + "note"]),
            )
    return found


def record(kind: str, size: float, seed: int, measurer: Measurer) -> dict[str, Any]:
    """Let a stream go by, and return what is kept of it."""
    fitted = load_fitted()
    change = Change(kind, size, AT) if kind else None
    skills = ON_FOOT if kind in ("slippery floor", "wrong mass", USUAL) else ("reach for", "point at")
    stream = Stream(episode_plan(seed, 2, skills), change, LASTS)
    measurer.begin()
    readings: list[Reading] = []
    rows = []
    for reading in stream.readings():
        rows.append(measurer.measure(reading))
        readings.append(reading)
    trace, scores = trace_of(rows), fitted.scores(trace_of(rows))
    shown = [readings[round(AT / 0.1) - 1].pictures[0].rgb, readings[-1].pictures[0].rgb]
    return {
        "times": np.array([reading.time for reading in readings], dtype=np.float32),
        "scores": np.stack([scores[name] for name in DETECTORS], axis=1).astype(np.float32),
        "missed": fitted.missed(trace).astype(np.float32),
        "raised": fitted.raised(trace).astype(np.float32),
        "pictures": np.stack(shown),
        "note": np.array(stream.note or "nothing changed"),
    }


def main() -> None:
    reader = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    reader.add_argument("--seed", type=int, default=SEED)
    reader.add_argument("--out", type=Path, default=LAB)
    reader.add_argument(
        "--keep", type=Path, default=Path("build/monitors"), help="folder of streams that are done"
    )
    chosen = reader.parse_args()
    import torch

    torch.set_num_threads(1)
    measurer = Measurer(FrozenEncoders.load())
    everything: dict[str, Any] = {}
    for kind, sizes in SIZES.items():
        for size in sizes:
            path = chosen.keep / f"lab-{chosen.seed}-{(kind or 'usual').replace(' ', '-')}-{size:g}.npz"
            if not path.exists():
                path.parent.mkdir(parents=True, exist_ok=True)
                np.savez_compressed(path, **record(kind, size, chosen.seed, measurer))
            with np.load(path) as kept:
                everything |= {f"{kind}/{size:g}/{name}": kept[name] for name in kept.files}
    chosen.out.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(chosen.out, **everything)


if __name__ == "__main__":
    main()
