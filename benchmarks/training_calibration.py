"""Does the direct policy know beforehand whether it will succeed? Learned on every other scene, asked on the rest."""

from collections.abc import Mapping, Sequence
from typing import Final, get_args

import numpy as np
from report import Figure
from training_rollouts import Rollout

from vla_course.learning.evaluation.outcomes import Outcome
from vla_course.learning.evaluation.summary import BINS, calibration_error, reliability
from vla_course.learning.policy.confidence import fit_confidence
from vla_course.simulation.tasks.instructions import Skill

LEAST: Final = 20
"""episodes of each half, below which nothing is told"""
_DRAWS: Final = 1000


def calibration(rolled: Mapping[str, Rollout], names: Sequence[str]) -> list[Figure]:
    """Return the calibration error on held-out scenes of all trainings together, each with a confidence of its own."""
    held = [one for name in names for one in judged(rolled, name)]
    if not held:
        return []
    bins = reliability(held)
    sure = np.array([one.sure for one in held])
    done = np.array([one.done for one in held])
    return [
        Figure("confidence: calibration error", calibration_error(bins), "", "<= 0.05", n=len(held)),
        Figure(
            "  of one that is right, by chance alone",
            by_chance(sure, np.random.default_rng(0)),
            "",
            n=len(held),
        ),
        Figure("  done, where it is surer than half of the time", _mean(done, sure >= np.median(sure)), ""),
        Figure("  done, where it is not", _mean(done, sure < np.median(sure)), ""),
        *(Figure(f"  sure {one.sure:.2f}: done", one.done / one.n, "", n=one.n) for one in bins),
    ]


def judged(rolled: Mapping[str, Rollout], name: str) -> list[Outcome]:
    """Return the held-out episodes of one training with how sure it was; none where there are too few."""
    halves: tuple[list[tuple[Skill, Rollout]], ...] = ([], [])
    for key, one in rolled.items():
        of, skill, number = key.rsplit("/", 2)
        if of == name and one.doubt is not None:
            halves[int(number) % 2].append((_skill(skill), one))
    learn, held = halves
    if min(len(learn), len(held)) < LEAST:
        return []
    doubts = [one.doubt or 0.0 for _, one in learn]
    confidence = fit_confidence([skill for skill, _ in learn], doubts, [one.done for _, one in learn])
    return [
        Outcome(one.key, one.done, sure=confidence.sure(skill, one.doubt or 0.0), fell=one.fell)
        for skill, one in held
    ]


def _skill(name: str) -> Skill:
    return next(skill for skill in get_args(Skill) if skill == name)


def by_chance(sure: np.ndarray, rng: np.random.Generator) -> float:
    """Return the mean calibration error of a confidence (n,) that is right, over episodes that are drawn from it."""
    done = rng.random((_DRAWS, len(sure))) < sure
    of = np.minimum((BINS * sure).astype(int), BINS - 1)
    gaps = [np.abs((done[:, of == k] - sure[of == k]).sum(axis=1)) for k in range(BINS)]
    return float(np.mean(np.sum(gaps, axis=0)) / len(sure))


def _mean(done: np.ndarray, which: np.ndarray) -> float:
    return float(done[which].mean()) if which.any() else float("nan")
