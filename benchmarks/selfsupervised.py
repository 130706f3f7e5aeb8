"""What does a robot learn to see from demonstrations that nobody labelled? Asked by linear probes.

python benchmarks/selfsupervised.py [--quick] [--json]

A small head on the shipped encoder's frozen patches, and a small encoder that begins with nothing, each learn from the
pictures of the shipped demonstrations: pictures and what was said ("image-text"), neighbours in time ("time"), and two
cameras at one moment ("views"), all by InfoNCE (exercise 4.7). "Place": a linear probe is told, on posed pictures,
where the red cup is, and asked on others; right is nearer to it than to any other thing. "Phase": another probe tells
from the mean of the patches what the expert is about, on held-out episodes. Beside them stand the same networks
untrained, and trained with the places as labels ("supervised"), and the frozen patches as they are. Intervals are 95 %
by bootstrap over scenes (episodes, for the phase) and seeds. What is done is kept in build/selfsupervised and not done
again; --run names the folder, by default the commit.
"""

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import torch
from clustered import as_digits, clustered
from kept import BUILD, fill, resumable, run_folder, unfinished
from report import Figure, report
from torch import nn

from vla_course.learning.demonstrations.reader import Demonstrations
from vla_course.learning.encoders.frozen import FrozenEncoders
from vla_course.learning.grounding.scenes import POSTURES, posed
from vla_course.learning.grounding.sights import Sights
from vla_course.learning.selfsupervised.models import (
    Inputs,
    PatchHead,
    SmallEncoder,
    as_patches,
    as_pixels,
    both_stages,
)
from vla_course.learning.selfsupervised.objectives import OBJECTIVES, learn
from vla_course.learning.selfsupervised.probe import Named, features_of, phase_probe, probe, supervised
from vla_course.learning.selfsupervised.rollouts import CAMERAS, Rollouts
from vla_course.simulation.scene.things import ALL_THINGS, TRAINED

SEEDS = {"head on frozen patches": 3, "encoder from nothing": 1}
"""how often each is trained; the weightiest first"""
STEPS, QUICK_STEPS = 200, 10
BASES = tuple(SEEDS)
AS_IT_IS = "frozen patches as they are"
HELD = 4
"""each so manieth episode is asked about, the others are fitted on: the phase"""


@dataclass(frozen=True)
class Run:
    """One training: on which base, towards what, with which seed."""

    base: str
    goal: str
    seed: int

    @property
    def key(self) -> str:
        """Its name in a file of results."""
        return f"{self.base}/{self.goal}/{self.seed}"

    @property
    def group(self) -> str:
        """What its seeds have in common, as figures are called."""
        return f"{self.base}, {self.goal}".removesuffix(", ")


@dataclass(frozen=True)
class Outcome:
    """What came of it: rows of 0 and 1, right or wrong; the median px off; seconds of the processor."""

    key: str
    place: str
    phase: str
    gap: float
    seconds: float


def grid(quick: bool) -> Iterator[Run]:
    """Yield all runs."""
    yield Run(AS_IT_IS, "", 0)
    for seed in range(1 if quick else max(SEEDS.values())):
        for base in BASES[:1] if quick else [base for base in BASES if seed < SEEDS[base]]:
            for goal in ("untrained", *OBJECTIVES, "supervised"):
                yield Run(base, goal, seed)


class Bench:
    """Pictures, with and without labels."""

    def __init__(self, quick: bool) -> None:
        self.encoders, self.steps = FrozenEncoders.load(), QUICK_STEPS if quick else STEPS
        shown = Demonstrations(Path(__file__).parents[1] / "data" / "demonstrations")
        self.rollouts = Rollouts.of(shown, self.encoders, every=20 if quick else 2)
        learnt = posed(BUILD / "grounding", 0, range(1 if quick else 4), TRAINED)
        asked = posed(BUILD / "finetuning", 700, range(1 if quick else 4), ALL_THINGS)
        self.known, self.test = (Sights.joined([Sights.load(p) for p in paths]) for paths in (learnt, asked))
        self.fitted_on, self.held = Named.of(self.known), Named.of(self.test)
        self.held_episodes = np.unique(self.rollouts.episode)[::HELD]

    @property
    def place_clusters(self) -> list[int]:
        """The scene of each question about a place."""
        return (self.held.moment // POSTURES).tolist()

    @property
    def phase_clusters(self) -> list[int]:
        """The episode of each question about a phase."""
        episode = self.rollouts.episode
        return episode[np.isin(episode, self.held_episodes)].tolist()

    def inputs(self, base: str) -> tuple[list[Inputs], Inputs, Inputs]:
        """Return what a model is given of the rollouts, camera by camera, and of the pictures of both probes."""
        return self._pixels if base == BASES[1] else self._patches

    @cached_property
    def _pixels(self) -> tuple[list[Inputs], Inputs, Inputs]:
        views = [as_pixels(self.rollouts.rgb[:, k]) for k in range(len(CAMERAS))]
        return views, as_pixels(_flat(self.known)), as_pixels(_flat(self.test))

    @cached_property
    def _patches(self) -> tuple[list[Inputs], Inputs, Inputs]:
        views = [as_patches(self.rollouts.rgb[:, k], self.encoders) for k in range(len(CAMERAS))]
        return (
            views,
            as_patches(_flat(self.known), self.encoders),
            as_patches(_flat(self.test), self.encoders),
        )

    def carry_out(self, run: Run) -> Outcome:
        """Train, and probe."""
        views, known, test = self.inputs(run.base)
        torch.manual_seed(run.seed)
        model: nn.Module = {BASES[0]: PatchHead, BASES[1]: SmallEncoder, AS_IT_IS: AsItIs}[run.base]()
        begin = time.process_time()
        if run.goal == "supervised":
            supervised(model, known, self.fitted_on, run.seed, self.steps)
        for objective in (one for one in OBJECTIVES if one == run.goal):
            both = (views[0], views[1])
            for _ in learn(model, objective, self.rollouts, both, seed=run.seed, steps=self.steps):
                pass
        seconds = time.process_time() - begin
        found = probe(features_of(model, known), self.fitted_on, features_of(model, test), self.held)
        moving = features_of(model, views[0])
        rollouts = self.rollouts
        phase = phase_probe(moving, rollouts.doing, rollouts.episode, self.held_episodes)
        place = as_digits(found.right.tolist())
        return Outcome(
            run.key, place, as_digits(phase.tolist()), float(np.median(found.gap)), round(seconds, 1)
        )


class AsItIs(nn.Module):
    """Nothing that learns."""

    def forward(self, *stages: torch.Tensor) -> torch.Tensor:
        """Return both stages of the frozen encoder."""
        return both_stages(*stages)


def _flat(sights: Sights) -> np.ndarray:
    """Return the pictures of both cameras, those of a moment after each other."""
    both = sights.rgb[:, : len(CAMERAS)]
    return both.reshape(-1, *both.shape[2:])


def main() -> None:
    options = resumable(__doc__ or "")
    torch.set_num_threads(1)
    path, bench = run_folder("selfsupervised", options) / "runs.jsonl", Bench(options.quick)
    runs = {run.key: run for run in grid(options.quick)}
    outcomes = fill(path, Outcome, runs, None if options.done else bench.carry_out, "training")
    figures = told(bench, [runs[key] for key in outcomes], outcomes)
    notes = unfinished({key: run.group for key, run in runs.items()}, outcomes)
    report("selfsupervised", figures, options, notes=notes)


def told(bench: Bench, runs: Sequence[Run], outcomes: Mapping[str, Outcome]) -> list[Figure]:
    """Return for each base and goal what both probes found, and what it cost."""
    groups: dict[str, list[Outcome]] = {}
    for run in runs:
        groups.setdefault(run.group, []).append(outcomes[run.key])
    figures = []
    for name, found in groups.items():
        figures += [
            clustered(f"{name}: place right", [one.place for one in found], bench.place_clusters),
            Figure(f"{name}: place, median error", float(np.mean([one.gap for one in found])), "px"),
            clustered(f"{name}: phase right", [one.phase for one in found], bench.phase_clusters),
            Figure(f"{name}: training", float(np.mean([one.seconds for one in found])), "s", n=len(found)),
        ]
    rollouts = bench.rollouts
    phases = np.bincount(rollouts.doing[np.isin(rollouts.episode, bench.held_episodes)])
    figures += [
        Figure("chance: place, one of the things that show", _chance(bench.held), ""),
        Figure("chance: phase, always the commonest", float(phases.max() / phases.sum()), ""),
        Figure("pictures to learn from", float(len(rollouts) * len(CAMERAS)), ""),
        Figure("questions that place probes are fitted on", float(len(bench.fitted_on)), ""),
    ]
    return figures


def _chance(held: Named) -> float:
    return float((1.0 / (1 + np.isfinite(held.others[..., 0]).sum(1))).mean())


if __name__ == "__main__":
    main()
