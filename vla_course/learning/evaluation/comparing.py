"""Which of two runs is better, over the same episodes; and how much of a difference a new training would make."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Final

import numpy as np
from scipy.stats import t

from vla_course.learning.evaluation.episodes import Episode, EvaluationFault, of_key
from vla_course.learning.evaluation.evaluating import Run
from vla_course.learning.evaluation.paired_result import PairedResult
from vla_course.learning.evaluation.parts import EvaluationParts

Z: Final = 1.959964
"""of a 95 % interval"""
Pairs = Sequence[tuple[bool, bool]]
"""whether each episode was done before and after"""


@dataclass(frozen=True)
class Stratum:
    """How two policies differ in the episodes of one family."""

    family: str
    n: int
    result: PairedResult


@dataclass(frozen=True)
class Comparison:
    """How two policies differ over the same episodes.

    Attributes:
        name: of the episodes: a split.
        n: how many.
        before, after: in how many each succeeded.
        result: over all of them (4.12).
        families: the same family by family.
        difference: the mean of the families' differences, each counted alike, -1 to 1.
        interval: its 95 % interval.
    """

    name: str
    n: int
    before: int
    after: int
    result: PairedResult
    families: tuple[Stratum, ...]
    difference: float
    interval: tuple[float, float]


def compare(before: Run, after: Run, parts: EvaluationParts | None = None) -> list[Comparison]:
    """Compare two runs over the episodes that both have, split by split.

    Args:
        before: the run to compare with.
        after: the run that is asked about.
        parts: of it that are exercises, by default the reference's.

    Raises:
        EvaluationFault: they have no episode in common, or were not told the same in one.
    """
    common = [key for key in after.outcomes if key in before.outcomes]
    if not common:
        raise EvaluationFault(
            f"{before.name} (seed {before.settings.seed}) and {after.name} (seed {after.settings.seed}) have no "
            "episode in common, expected some: evaluate the same splits with the same seed"
        )
    for key in common:
        one, two = before.outcomes[key].sentence, after.outcomes[key].sentence
        if one != two:
            raise EvaluationFault(
                f"{key} was told {one!r} in {before.name} and {two!r} in {after.name}, expected the same episodes"
            )
    pairs = {key: (before.outcomes[key].done, after.outcomes[key].done) for key in common}
    return _by_line(pairs, parts)


def factor_effects(run: Run, parts: EvaluationParts | None = None) -> list[Comparison]:
    """Compare what was done with a factor changed with the very same tasks as they are.

    A layout is another scene: it is no pair of the one without, and left out.
    """
    pairs = {}
    for one in run.episodes:
        plain = Episode(one.split, one.family, one.number, one.seed).key
        if one.factor and one.factor != "layout" and plain in run.outcomes:
            pairs[one.key] = (run.outcomes[plain].done, run.outcomes[one.key].done)
    return _by_line(pairs, parts)


def _by_line(pairs: Mapping[str, tuple[bool, bool]], parts: EvaluationParts | None) -> list[Comparison]:
    parts = parts or EvaluationParts.reference()
    episodes = sorted(map(of_key, pairs), key=lambda one: one.order)
    found = []
    for name in dict.fromkeys(one.line for one in episodes):
        strata: dict[str, list[tuple[bool, bool]]] = {}
        for one in episodes:
            if one.line == name:
                strata.setdefault(one.family, []).append(pairs[one.key])
        found.append(_comparison(name, strata, parts))
    return found


def _comparison(name: str, strata: Mapping[str, Pairs], parts: EvaluationParts) -> Comparison:
    every = [pair for pairs in strata.values() for pair in pairs]
    families = tuple(Stratum(family, len(pairs), _test(pairs, parts)) for family, pairs in strata.items())
    difference, interval = stratified(families)
    return Comparison(
        name,
        len(every),
        sum(one for one, _ in every),
        sum(two for _, two in every),
        _test(every, parts),
        families,
        difference,
        interval,
    )


def _test(pairs: Pairs, parts: EvaluationParts) -> PairedResult:
    before, after = (np.array([pair[k] for pair in pairs], dtype=np.bool_) for k in (0, 1))
    return parts.paired_test(before, after)


def stratified(families: Sequence[Stratum]) -> tuple[float, tuple[float, float]]:
    """Return the mean of the families' paired differences, each counted alike, and its 95 % interval.

    Families are apart in how easy they are, and a mean over families does not depend on how many episodes of each
    there happen to be. The interval is Wald's for paired proportions with two episodes added, one half to each of the
    four ways in which two policies can succeed and fail (Agresti and Min 2005, section 4), spread over the families:
    where no episode speaks, the interval is not without width.
    """
    count, difference, middle, variance = len(families), 0.0, 0.0, 0.0
    for one in families:
        more = 0.5 / count
        n, gained, lost = one.n + 4.0 * more, one.result.gained + more, one.result.lost + more
        difference += one.result.difference / count
        middle += (gained - lost) / n / count
        variance += (gained + lost - (gained - lost) ** 2 / n) / n**2 / count**2
    half = Z * sqrt(variance)
    return difference, (max(-1.0, middle - half), min(1.0, middle + half))


# ---- training seeds ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class SeedSpread:
    """The same policy, trained with several seeds and evaluated in the same episodes.

    Attributes:
        name: of the episodes: a split.
        n: how many each has.
        rates: success of each training.
        mean: over trainings.
        between: standard deviation of the trainings' rates.
        of_episodes: half of the 95 % interval of `mean` for other episodes and these very trainings.
        of_trainings: half of the 95 % interval of `mean` for other trainings and these very episodes; with few of them
            it is wide (Student's t).
    """

    name: str
    n: int
    rates: tuple[float, ...]
    mean: float
    between: float
    of_episodes: float
    of_trainings: float


def seed_spread(runs: Sequence[Run]) -> list[SeedSpread]:
    """Tell apart how much chance there is in episodes, and how much in training.

    Args:
        runs: of trainings that differ in their seeds alone, two or more.

    Raises:
        EvaluationFault: there are fewer than two, they have no episode in common, or are of policies of other names.
    """
    if len(runs) < 2:
        raise EvaluationFault(f"there is {len(runs)} run, expected those of two or more training seeds")
    names = {run.settings.policy for run in runs}
    if len(names) > 1:
        raise EvaluationFault(
            f"the runs are of {', '.join(sorted(names))}, expected one policy, trained several times"
        )
    common = [key for key in runs[0].outcomes if all(key in run.outcomes for run in runs)]
    if not common:
        raise EvaluationFault(
            f"{', '.join(run.name for run in runs)} have no episode in common, expected some"
        )
    found = []
    for name in dict.fromkeys(one.line for one in sorted(map(of_key, common), key=lambda one: one.order)):
        keys = [key for key in common if of_key(key).line == name]
        done = np.array([[run.outcomes[key].done for key in keys] for run in runs], dtype=float)
        count, n = done.shape
        rates = done.mean(axis=1)
        between = float(rates.std(ddof=1))
        by_episode = float(done.mean(axis=0).std(ddof=1)) if n > 1 else 0.5
        found.append(
            SeedSpread(
                name,
                n,
                tuple(rates.tolist()),
                float(rates.mean()),
                between,
                Z * by_episode / sqrt(n),
                float(t.ppf(0.975, count - 1)) * between / sqrt(count),
            )
        )
    return found
