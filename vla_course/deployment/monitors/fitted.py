"""What scores are fitted on: means, references and thresholds in a small file, for one pair of encoders alone."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from vla_course.deployment.monitors.body import INPUTS, POSITIONS, Hands
from vla_course.deployment.monitors.cusum import Threshold
from vla_course.deployment.monitors.measuring import Measured
from vla_course.deployment.monitors.parts import MonitorParts
from vla_course.learning.encoders.files import MODELS
from vla_course.learning.grounding.files import fingerprint
from vla_course.serving.packets.bounds import check_numbers

Array = NDArray[np.float64]

MONITORS: Final = MODELS / "monitors"
ARRAYS, CARD = "monitors.safetensors", "monitors.json"
ENCODERS: Final = "encoders"
SHRINKAGE: Final = 0.1
"""of the covariances: the part of a round one in them"""
BEYOND: Final = 10.0
"""standard deviations, that one decision counts at most: no single one shall raise an alarm"""
HOLD: Final = 10
"""decisions, for which arms have to miss before it is a load and no bump; two looks round are within as many"""
HANGS: Final = 0.0015
"""m, by which a hand is lower than it should be, in the mean over `HOLD` decisions, where something weighs on it"""
DETECTORS: Final = ("brightness", "view", "level", "kinds", "joints", "soles", "words", "chunks")
NEEDED: Final = (
    "brightness_middle",
    "brightness_scale",
    "view_middle",
    "view_axes",
    "view_known",
    "joints_step",
    "joints_known",
)
"""arrays without which there are no scores"""


@dataclass(frozen=True)
class Gauge:
    """How one score is standardised, and its CUSUM: z = (score - middle) / scale, S grows by z - slack."""

    middle: float
    scale: float
    slack: float
    threshold: Threshold


@dataclass(frozen=True, eq=False)
class Fitted:
    """All that detectors know of the usual.

    Attributes:
        arrays: `brightness_middle` and `brightness_scale` (cameras,); `view_middle` (cameras, width), `view_axes`
            (cameras, width, p) and `view_known` (cameras, n, p), of the embeddings; `joints_step` (1 + 45, 14), the
            regression of a step, and `joints_known` (n, 14), what it missed by; `usual_scores` (episodes, decisions,
            detectors), the raw scores of the episodes held out, nan where there was none.
        gauges: by detector; empty while they are being fitted.
        told: how it was made: seed, commit, command.
    """

    arrays: Mapping[str, Array]
    gauges: Mapping[str, Gauge]
    told: Mapping[str, Any]

    def scores(self, trace: Measured, parts: MonitorParts | None = None) -> dict[str, Array]:
        """Return each detector's raw score (decisions,) of a trace, nan where it has none.

        Args:
            trace: measurements one below the other, as `measuring.trace_of` has them.
            parts: whose distance counts, by default the reference's.
        """
        parts, arrays = parts or MonitorParts.reference(), self.arrays
        lit = (trace["brightness"] - arrays["brightness_middle"]) / arrays["brightness_scale"]
        return {
            "brightness": (-lit).max(axis=1),
            "view": self._strange(trace["embeddings"], parts),
            "level": _greatest(trace["slopes"]),
            "kinds": _twice(trace["strangest"][:, 0]),
            "joints": self.strain(self.missed(trace), self.raised(trace), parts),
            "soles": trace["twist"][:, 0],
            "words": trace["unknown"][:, 0],
            "chunks": trace["disagreement"][:, 0],
        }

    def missed(self, trace: Measured) -> Array:
        """Return by how much (decisions, 14) rad the arms missed where a step was predicted to bring them."""
        inputs, missed = trace["step"][:, :INPUTS], trace["step"][:, INPUTS:]
        predicted: Array = np.hstack((np.ones((len(inputs), 1)), inputs)) @ self.arrays["joints_step"]
        return missed - predicted

    def raised(self, trace: Measured) -> Array:
        """Return by how much (decisions, 2) m either hand is higher than where a step was predicted to bring it."""
        hands, missed = Hands(), np.nan_to_num(self.missed(trace))
        places = np.nan_to_num(trace["step"][:, POSITIONS])
        return np.array([hands.raised(*step) for step in zip(places, missed, strict=True)]).reshape(-1, 2)

    def strain(self, missed: Array, raised: Array, parts: MonitorParts) -> Array:
        """Return how far misses (decisions, 14) rad are from those known, the least of the last `HOLD` decisions.

        A load is there all the time, a bump against a thing is over in a moment: what is not strange for a whole second
        does not count. And a load pulls down: where no hand hangs lower than it should (`raised`, (decisions, 2) m),
        the distance is 0. An arm that is at work (nan) counts as one that misses nothing, and where both are, or the
        second is not over, there is no distance.
        """
        resting = np.asarray(np.isnan(missed).all(axis=1))
        rows = np.where(resting[:, None], np.nan, np.nan_to_num(missed))
        known = self.arrays["joints_known"]
        distances = _where_known(rows, lambda some: parts.distance(some, known, SHRINKAGE))
        least = np.full(len(distances), np.nan)
        if len(distances) >= HOLD:
            least[HOLD - 1 :] = _last(distances).min(axis=1)
            hangs = (_last(raised).mean(axis=-1) < -HANGS).any(axis=1)
            least[HOLD - 1 :] = np.where(hangs | np.isnan(least[HOLD - 1 :]), least[HOLD - 1 :], 0.0)
        return least

    def standardised(self, scores: Mapping[str, Array]) -> dict[str, Array]:
        """Return raw scores in standard deviations from what is usual, `BEYOND` at most either way."""
        return {
            name: np.clip((scores[name] - gauge.middle) / gauge.scale, -BEYOND, BEYOND)
            for name, gauge in self.gauges.items()
        }

    def _strange(self, embeddings: Array, parts: MonitorParts) -> Array:
        """Return how far embeddings (decisions, cameras, width) are from those known, the mean over cameras."""
        distances = [
            _where_known(
                (embeddings[:, camera] - self.arrays["view_middle"][camera])
                @ self.arrays["view_axes"][camera],
                lambda rows, known=self.arrays["view_known"][camera]: parts.distance(rows, known, SHRINKAGE),
            )
            for camera in range(embeddings.shape[1])
        ]
        return np.mean(distances, axis=0)


def _where_known(rows: Array, ask: Any) -> Array:
    """Ask of those rows (n, p) that hold no nan, and return an answer (n,) for each, nan for the others."""
    known = ~np.asarray(np.isnan(rows).any(axis=1))
    answers = np.full(len(rows), np.nan)
    if known.any():
        answers[known] = ask(rows[known])
    return answers


def _last(values: Array) -> Array:
    """Return of each decision from the tenth on what it and those before it had (..., HOLD)."""
    return np.lib.stride_tricks.sliding_window_view(values, HOLD, axis=0)


def _twice(values: Array) -> Array:
    """Return of each value the lesser of it and the one measured before it; nan where there was none."""
    measured, found = np.flatnonzero(~np.isnan(values)), np.full(len(values), np.nan)
    found[measured[1:]] = np.minimum(values[measured[1:]], values[measured[:-1]])
    return found


def _greatest(values: Array) -> Array:
    """Return the greatest of each row (n, cameras) that is not nan; nan where all are."""
    filled = np.where(np.isnan(values), -np.inf, values).max(axis=1)
    return np.where(np.isinf(filled), np.nan, filled)


def save_fitted(fitted: Fitted, folder: Path = MONITORS, encoders: Path = MODELS) -> None:
    """Write a folder: arrays in half precision, and beside them gauges and how it was made."""
    from safetensors.numpy import save_file

    folder.mkdir(parents=True, exist_ok=True)
    save_file(
        {name: np.ascontiguousarray(array, np.float16) for name, array in fitted.arrays.items()},
        folder / ARRAYS,
    )
    told = {
        **fitted.told,
        ENCODERS: fingerprint(encoders),
        "gauges": {name: asdict(gauge) for name, gauge in fitted.gauges.items()},
    }
    (folder / CARD).write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")


def load_fitted(folder: Path = MONITORS, encoders: Path = MODELS) -> Fitted:
    """Read what was fitted (default: what ships).

    Raises:
        FileNotFoundError: a file is missing: says which command makes it.
        ValueError: it was fitted on the embeddings of other encoders, or is not whole.
    """
    from safetensors import SafetensorError
    from safetensors.numpy import load_file

    for name in (CARD, ARRAYS):
        if not (folder / name).is_file():
            raise FileNotFoundError(
                f"{folder / name} is missing: `python -m vla_course.deployment.monitors.fit --out {folder}` makes it"
            )
    try:
        told = dict(json.loads((folder / CARD).read_text(encoding="utf-8")))
    except (ValueError, TypeError) as fault:
        raise ValueError(
            f"{folder / CARD} is not whole ({fault}), expected what `save_fitted` wrote"
        ) from None
    made_on, here = told.pop(ENCODERS, None), fingerprint(encoders)
    if made_on != here:
        raise ValueError(
            f"{folder / CARD}: {ENCODERS} is {made_on!r}, expected {here!r}: it was fitted on the embeddings of other "
            "encoders, and would call every picture strange or none"
        )
    try:
        gauges = {
            name: Gauge(**{**gauge, "threshold": Threshold(**gauge["threshold"])})
            for name, gauge in told.pop("gauges").items()
        }
        arrays = {name: array.astype(np.float64) for name, array in load_file(folder / ARRAYS).items()}
    except (KeyError, TypeError, AttributeError, SafetensorError) as fault:
        raise ValueError(f"{folder} is not whole ({fault}), expected what `save_fitted` wrote") from None
    if set(gauges) != set(DETECTORS):
        raise ValueError(f"{folder / CARD}: gauges are of {sorted(gauges)}, expected of {sorted(DETECTORS)}")
    for gauge in gauges.values():
        check_numbers(gauge, {"middle": None, "slack": 0})
        check_numbers(gauge.threshold, {"value": None, "rate": None})
    for name in NEEDED:
        if name not in arrays or not np.isfinite(arrays[name]).all():
            raise ValueError(
                f"{folder / ARRAYS}: {name} is missing or not finite, expected what `save_fitted` wrote"
            )
    return Fitted(arrays, gauges, told)
