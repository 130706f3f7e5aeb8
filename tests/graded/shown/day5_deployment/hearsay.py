"""Utterances with scores such as a recogniser gives them, and thresholds found by counting."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shown.slips import Case
from vla_course.course.checking.judging import Mismatch
from vla_course.deployment.voice.scores import SpeechScores

Array = NDArray[np.float64]


def some_speech(rng: np.random.Generator, n: int, ratio: float, spread: float = 0.4) -> SpeechScores:
    """Utterances of half a second to five, whose ratios per frame lie round one."""
    frames = rng.integers(50, 500, n)
    loop = -frames * rng.uniform(5.0, 8.0, n)
    return SpeechScores(loop + frames * rng.normal(ratio, spread, n), loop, frames)


def and_then(*some: SpeechScores) -> SpeechScores:
    """All of several, in turn."""
    return SpeechScores(
        *(np.concatenate([getattr(one, name) for one in some]) for name in ("grammar", "loop", "frames"))
    )


def unheard(silent: int, without_path: int) -> SpeechScores:
    """So many that were not loud enough, and so many that no path through the grammar explains.

    Of no frames the likelihoods add up to nothing, or are left at -inf; of the latter the loop's may be lost.
    """
    nothing = np.where(np.arange(silent) % 2, 0.0, -np.inf)
    lost = np.where(np.arange(without_path) % 2, -1234.5, -np.inf)
    return SpeechScores(
        np.concatenate([nothing, np.full(without_path, -np.inf)]),
        np.concatenate([nothing, lost]),
        np.array([0] * silent + [210] * without_path),
    )


def some_of(scores: SpeechScores, which: Array) -> SpeechScores:
    """Those that are meant."""
    return SpeechScores(scores.grammar[which], scores.loop[which], scores.frames[which])


def ratio(scores: SpeechScores) -> Array:
    """The log-likelihood ratio per frame; minus infinity of what was not heard."""
    return np.array(
        [
            (g - loop) / n if n and g > -np.inf else -np.inf
            for g, loop, n in zip(scores.grammar, scores.loop, scores.frames, strict=True)
        ]
    )


def threshold_by_counting(numbers: Array, keep: float) -> float:
    """The highest of the numbers that leaves at least so many of them standing."""
    standing = [number for number in numbers if np.mean(numbers >= number) >= keep - 1e-12]
    return float(max(standing))


@dataclass(frozen=True)
class Hearsay:
    """What was heard, and the commands to judge it by."""

    heard: SpeechScores
    commands: SpeechScores
    keep: float

    def asked(self, student: Any) -> tuple[NDArray[np.bool_], float]:
        """The student's answer, as two things."""
        answer = student.believed(self.heard, self.commands, self.keep)
        if not isinstance(answer, tuple | list) or len(answer) != 2:
            raise Mismatch("believed should return who is believed, and the threshold", got=repr(answer)[:80])
        return np.asarray(answer[0]), answer[1]

    @property
    def threshold(self) -> float:
        """The right one."""
        return threshold_by_counting(ratio(self.commands), self.keep)

    @property
    def believed(self) -> NDArray[np.bool_]:
        """Who is."""
        return ratio(self.heard) >= self.threshold

    def mistaken(self) -> Mapping[str, float]:
        """The thresholds that mistakes give."""
        c = self.commands
        heard = c.frames > 0

        def of(numbers: Callable[[SpeechScores], Array]) -> float:
            with np.errstate(divide="ignore", invalid="ignore"):
                return threshold_by_counting(np.where(heard, numbers(c), -np.inf), self.keep)

        finite = ratio(c)[np.isfinite(ratio(c))]
        return {
            "not-per-frame": of(lambda c: c.grammar - c.loop),
            "sign-swapped": of(
                lambda c: np.where(np.isfinite(c.grammar), (c.loop - c.grammar) / c.frames, -np.inf)
            ),
            "quotient": of(lambda c: np.where(np.isfinite(c.grammar), c.grammar / c.loop, -np.inf)),
            "grammar-alone": of(lambda c: c.grammar / c.frames),
            "from-the-heard": threshold_by_counting(ratio(self.heard), self.keep),
            "wrong-end": float(
                np.sort(ratio(c))[::-1][int(np.ceil((1.0 - self.keep) * len(c.frames) - 1e-9)) - 1]
            ),
            "no-path-forgotten": threshold_by_counting(finite, self.keep),
            "between-two": float(np.quantile(ratio(c), 1.0 - self.keep))
            if len(finite) == len(c.frames)
            else np.nan,
            "above-zero": 0.0,
        }

    def case(self, student: Any, what: str) -> Case:
        """The threshold, and that of mistakes."""
        return Case(what, self.asked(student)[1], self.threshold, self.mistaken())
