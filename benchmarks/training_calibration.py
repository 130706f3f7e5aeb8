"""Does the direct policy know beforehand whether it will succeed? Learned on every other scene, asked on the rest."""

from collections.abc import Mapping, Sequence
from typing import Final, get_args

import numpy as np
from report import Figure
from training_rollouts import Rollout

from vla_course.learning.evaluation.outcomes import Outcome
from vla_course.learning.evaluation.summary import calibration_error, reliability
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
    sure, rng = np.array([one.sure for one in held]), np.random.default_rng(0)
    lucky = [_error(sure, rng.random(len(sure)) < sure) for _ in range(_DRAWS)]
    done = np.array([one.done for one in held])
    return [
        Figure("confidence: calibration error", calibration_error(bins), "", "<= 0.05", n=len(held)),
        Figure("  of one that is right, by chance alone", float(np.mean(lucky)), "", n=len(held)),
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


def _error(sure: np.ndarray, done: np.ndarray) -> float:
    rows = zip(sure.tolist(), done.tolist(), strict=True)
    return calibration_error(reliability([Outcome(str(k), d, sure=s) for k, (s, d) in enumerate(rows)]))


def _mean(done: np.ndarray, which: np.ndarray) -> float:
    return float(done[which].mean()) if which.any() else float("nan")
