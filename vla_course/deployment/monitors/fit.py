"""Fit what monitors know of the usual, and calibrate their thresholds on whole episodes.

python -m vla_course.deployment.monitors.fit [--episodes 40] [--seed 31] [--out DIR] [--keep DIR]

What is usual of embeddings, brightness and steps comes from the demonstrations that ship. How scores spread, and from
where on their CUSUMs are alarms, comes from episodes of the policy itself, in worlds that nobody changed: of some the
spread, of others, which nothing was fitted to, the thresholds. Every second one goes blind: arms and soles vary more
than light and mounts do, and pictures take most of the time. An episode that is done is kept below --keep: whoever is
cut off goes on from there.
"""

from __future__ import annotations

import argparse
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from vla_course.deployment.monitors.body import OPENED, step_of
from vla_course.deployment.monitors.cusum import Threshold, path_of, threshold_of
from vla_course.deployment.monitors.fitted import DETECTORS, MONITORS, Fitted, Gauge, save_fitted
from vla_course.deployment.monitors.measuring import Measurer, trace_of
from vla_course.deployment.monitors.parts import MonitorParts
from vla_course.deployment.monitors.pictures import LUMA
from vla_course.deployment.monitors.streams import LASTS, Stream, episode_plan
from vla_course.learning.demonstrations.reader import Demonstrations
from vla_course.learning.encoders.files import MODELS
from vla_course.learning.encoders.frozen import FrozenEncoders
from vla_course.learning.environment.proprioception import STATE
from vla_course.simulation.scene.cameras import PLACES

Array = NDArray[np.float64]
Trace = Mapping[str, Array]

DEMONSTRATIONS: Final = MODELS.parent / "demonstrations"
EPISODES, SEED = 40, 31
TURN: Final = 20
"""episodes, in which every skill of demonstrations has its turn: so many of the spread, then as many held out, ..."""
AXES: Final = 32
"""principal axes of embeddings that are kept"""
RIDGE: Final = 1e-3
"""of the regression, in units of standardised inputs"""
QUIET: Final = 10 * 3600.0
"""s, in which all detectors together may raise one false alarm"""
MOST: Final = 0.99
"""of the spread's episodes, which slack and thresholds are to bear; in one of a hundred an arm may truly be stuck"""
BEYOND_USUAL: Final = 0.5
"""standard deviations of slack beyond the episode that is off most of those, and at least from 0"""
NONE: Final = Threshold(np.inf, 1.0, 0, modelled=False)
"""of a gauge that has no threshold yet"""
MARGIN: Final = 1.25
"""by which a threshold lies over the greatest sum of those episodes, at least"""
LEAST: Final = 12.0
"""standard deviations that have to add up, at least: more than one decision can bring"""
FLOORS: Final[dict[str, float]] = {
    "brightness": 0.3,
    "view": 0.3,
    "level": 0.004,
    "kinds": 0.003,
    "joints": 8.0,
    "soles": 2e-4,
    "words": 1.0,
    "chunks": 0.01,
}
"""of each score (deviations, rad, m, words, of -1 to 1): a spread that is less is taken for as much. Joints: an arm
that is stretched out to point misses by 20 deviations, in few episodes and for long."""


def known_from(demonstrations: Demonstrations, encoders: FrozenEncoders) -> dict[str, Array]:
    """Return the arrays of `Fitted` that demonstrations tell."""
    frames = np.arange(0, len(demonstrations), 2)
    rgb = np.stack([demonstrations.pictures(place, frames) for place in PLACES], axis=1)
    lit = np.log1p(rgb.mean(axis=(2, 3)) @ LUMA)
    embedded = np.concatenate(
        [encoders.see(rgb[k : k + 32])[0].mean(dim=2).numpy() for k in range(0, len(rgb), 32)]
    )
    middles, axes, known = [], [], []
    for camera in range(len(PLACES)):
        rows = embedded[:, camera].astype(np.float64)
        middles.append(rows.mean(axis=0))
        axes.append(np.linalg.svd(rows - middles[-1], full_matrices=False)[2][:AXES].T)
        known.append((rows - middles[-1]) @ axes[-1])
    inputs, missed = _steps(demonstrations)
    spread = inputs.std(axis=0) + 1e-6
    scaled = np.hstack((np.ones((len(inputs), 1)), inputs / spread))
    weights = np.linalg.solve(
        scaled.T @ scaled + RIDGE * len(scaled) * np.diag([0.0, *[1.0] * inputs.shape[1]]), scaled.T @ missed
    )
    weights[1:] /= spread[:, None]
    left = missed - np.hstack((np.ones((len(inputs), 1)), inputs)) @ weights
    return {
        "brightness_middle": lit.mean(axis=0),
        "brightness_scale": lit.std(axis=0),
        "view_middle": np.array(middles),
        "view_axes": np.array(axes),
        "view_known": np.array(known),
        "joints_step": weights,
        "joints_known": left,
    }


def _steps(demonstrations: Demonstrations) -> tuple[Array, Array]:
    """Return inputs and misses of those steps of the demonstrations in which both hands were free."""
    states, executed, episode = demonstrations.states, demonstrations.executed, demonstrations.episode_of
    steps = [
        step_of(states[k], executed[k], states[k + 1])
        for k in range(len(states) - 1)
        if episode[k] == episode[k + 1] and (states[k : k + 2, STATE.grippers] < OPENED).all()
    ]
    inputs, missed = zip(*steps, strict=True)
    return np.array(inputs), np.array(missed)


def recorded(stream: Stream, measurer: Measurer) -> tuple[Array, dict[str, Array]]:
    """Let a stream go by, and return the times (n,) s of its readings and their trace."""
    measurer.begin()
    times, rows = [], []
    for reading in stream.readings():
        times.append(reading.time)
        rows.append(measurer.measure(reading))
    return np.array(times), trace_of(rows)


def usual_trace(seed: int, number: int, measurer: Measurer, keep: Path) -> dict[str, Array]:
    """Return the trace of an episode in a world that nobody changed, from `keep` where it is there already."""
    path = keep / f"{seed}-{number}.npz"
    if not path.exists():
        _, trace = recorded(Stream(episode_plan(seed, number), sees=number % 2 == 0), measurer)
        keep.mkdir(parents=True, exist_ok=True)
        beside = path.with_suffix(".part")
        with beside.open("wb") as file:
            parts: dict[str, Any] = {name: part.astype(np.float32) for name, part in trace.items()}
            np.savez_compressed(file, **parts)
        beside.replace(path)
    with np.load(path) as kept:
        return {name: kept[name].astype(np.float64) for name in kept.files}


def is_held_out(number: int) -> bool:
    """Tell whether an episode is one of those that thresholds are calibrated on."""
    return number // TURN % 2 == 1


def gauged(
    arrays: Mapping[str, Array],
    spread: Sequence[Trace],
    held_out: Sequence[Trace],
    told: Mapping[str, Any],
    parts: MonitorParts | None = None,
) -> Fitted:
    """Return detectors whose scores are standardised by some episodes and whose thresholds are from others.

    Args:
        arrays: what demonstrations tell.
        spread: traces by which scores are standardised and slack is chosen.
        held_out: traces by which thresholds are, of other episodes.
        told: how it is made.
        parts: by default the reference's.
    """
    bare = Fitted(arrays, {}, told)
    first = [bare.scores(trace, parts) for trace in spread]
    rate = LASTS / QUIET / len(DETECTORS)
    gauges: dict[str, Gauge] = {}
    for name in DETECTORS:
        pooled = np.concatenate([scores[name] for scores in first])
        pooled = pooled[~np.isnan(pooled)]
        middle, high = np.quantile(pooled, (0.5, 0.95))
        scale = max(FLOORS[name], float(high - middle) / 1.645)
        means = [np.nanmean((one[name] - middle) / scale) for one in first if not np.isnan(one[name]).all()]
        gauges[name] = Gauge(float(middle), scale, BEYOND_USUAL + max(0.0, _most(means)), NONE)
    half = Fitted(arrays, gauges, told)
    raw = [half.scores(trace, parts) for trace in held_out]
    then = [half.standardised(scores) for scores in raw]
    for name, gauge in gauges.items():
        threshold = threshold_of([scores[name] for scores in then], gauge.slack, rate, parts)
        # No alarm either in nearly all episodes of the spread: they are as undisturbed, and more of them.
        rung = [max(path_of(half.standardised(one)[name], gauge.slack)) for one in first]
        value = max(LEAST, MARGIN * _most(rung), threshold.value)
        gauges[name] = replace(gauge, threshold=replace(threshold, value=value))
    return Fitted({**arrays, "usual_scores": _side_by_side(raw)}, gauges, told)


def _most(values: Sequence[float]) -> float:
    return float(np.quantile(values, MOST, method="lower"))


def _side_by_side(raw: Sequence[Mapping[str, Array]]) -> Array:
    """Return the raw scores of episodes (episodes, decisions, detectors), nan where an episode was over."""
    longest = max(len(scores[DETECTORS[0]]) for scores in raw)
    table = np.full((len(raw), longest, len(DETECTORS)), np.nan)
    for row, scores in zip(table, raw, strict=True):
        for column, name in enumerate(DETECTORS):
            row[: len(scores[name]), column] = scores[name]
    return table


def main() -> None:
    reader = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    reader.add_argument("--episodes", type=int, default=EPISODES, help="of the policy, half of them held out")
    reader.add_argument("--seed", type=int, default=SEED)
    reader.add_argument("--out", type=Path, default=MONITORS, help="folder of what is fitted")
    reader.add_argument(
        "--keep", type=Path, default=Path("build/monitors"), help="folder of episodes that are done"
    )
    chosen = reader.parse_args()
    import torch

    torch.set_num_threads(1)
    encoders = FrozenEncoders.load()
    measurer = Measurer(encoders)
    traces = [usual_trace(chosen.seed, number, measurer, chosen.keep) for number in range(chosen.episodes)]
    spread = [trace for number, trace in enumerate(traces) if not is_held_out(number)]
    held_out = [trace for number, trace in enumerate(traces) if is_held_out(number)]
    told = {
        "made": f"python -m vla_course.deployment.monitors.fit --episodes {chosen.episodes} --seed {chosen.seed}",
        "seed": chosen.seed,
        "commit": _commit(),
        "demonstrations": "data/demonstrations",
        "episodes": {"spread": len(spread), "held_out": len(held_out), "seconds": LASTS},
    }
    arrays = known_from(Demonstrations(DEMONSTRATIONS), encoders)
    fitted = gauged(arrays, spread, held_out, told)
    save_fitted(fitted, chosen.out)
    for name, gauge in fitted.gauges.items():
        print(
            f"{name}: slack {gauge.slack:.2f}, threshold {gauge.threshold.value:.1f}; {gauge.threshold.claim}"
        )


def _commit() -> str:
    told = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"],
        cwd=Path(__file__).parent,
        capture_output=True,
        text=True,
        check=False,
    )
    return told.stdout.strip() or "unknown"


if __name__ == "__main__":
    main()
