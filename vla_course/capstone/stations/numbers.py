"""Numbers: what an evaluation claims is true as often as it says."""

from __future__ import annotations

from typing import Final

import numpy as np

from vla_course.capstone.own.pieces import Pieces
from vla_course.capstone.stations.station import Notes
from vla_course.learning.evaluation.parts import EvaluationParts

RUNS: Final = 2000
"""evaluations that are drawn: of fewer, chance alone would miss a bar now and then"""
EPISODES: Final = 60
GAIN: Final = 0.7
"""of the failures that the better of two policies turns into successes"""
SURE: Final = 0.05
SCENES: Final = (2, 2)


def measure(pieces: Pieces, notes: Notes) -> None:
    """Draw evaluations of policies whose success rate is known, and see how often what is claimed of them holds."""
    parts, rng = pieces.parts(EvaluationParts), notes.rng(10)
    inside, wide = [], []
    for _ in range(RUNS):
        truth, n = float(rng.uniform(0.02, 0.98)), int(rng.integers(8, 60))
        low, high = parts.success_interval(int(rng.binomial(n, truth)), n)
        inside.append(low <= truth <= high)
        wide.append(high - low)
    notes.number("covers", float(np.mean(inside)))
    notes.number("wide", float(np.mean(wide)))
    notes.done()
    false, seen = [], []
    for _ in range(RUNS // 4):
        before = rng.random(EPISODES) < 0.6
        alike, better = rng.random(EPISODES) < 0.6, before | (rng.random(EPISODES) < GAIN)
        false.append(parts.paired_test(before, alike).p_value <= SURE)
        seen.append(parts.paired_test(before, better).p_value <= SURE)
    notes.done()
    notes.number("false", float(np.mean(false)))
    notes.number("seen", float(np.mean(seen)))
