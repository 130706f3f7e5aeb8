"""Delays of answers, and for how many actions to wait: counted up, and as others reckon."""

from dataclasses import dataclass
from math import ceil, floor
from typing import Any

import numpy as np

from shown.day2_streaming_pipeline.stages import by_rank
from shown.slips import Case, either
from vla_course.course.checking.judging import expect


@dataclass(frozen=True)
class Waits:
    """Delays, s, the period of an action, s, and which part of all answers is to come in time, percent."""

    delays: list[float]
    period: float
    percent: float

    @property
    def bound(self) -> float:
        """The delay, s, that so many answers do not exceed."""
        return by_rank(self.delays, self.percent)

    def enough(self) -> int:
        """The first number of actions that lasts as long, give or take a thousandth of one."""
        actions = 0
        while actions * self.period < self.bound - 0.001 * self.period:
            actions += 1
        return actions

    def case(self, student: Any, what: str) -> Case:
        """How many actions, and what known mistakes give."""

        def periods(seconds: float) -> float:
            return seconds / self.period

        got = student.steps_to_wait(np.array(self.delays), self.period, self.percent)
        slips = {
            "not-interpolated": either(
                got,
                ceil(periods(float(np.percentile(self.delays, self.percent, method="higher")))),
                ceil(periods(float(np.percentile(self.delays, self.percent, method="lower")))),
                ceil(by_rank([ceil(periods(one)) for one in self.delays], self.percent)),
            ),
            "worst-ever-seen": ceil(periods(max(self.delays))),
            "mean": ceil(periods(sum(self.delays) / len(self.delays))),
            "rounded-down": floor(periods(self.bound)),
            "rounded": round(periods(self.bound)),
            "one-more": ceil(periods(self.bound)) + 1,
            "in-seconds": self.bound,
            "multiplied": ceil(self.bound * self.period),
            "percentile-ignored": ceil(periods(by_rank(self.delays, 95.0))),
        }
        if isinstance(got, float | np.floating) and float(got) == self.enough():
            expect(
                False,
                f"{what} should be a whole number",
                got=repr(got),
                expected=self.enough(),
                mistake="no-int",
            )
        return Case(what, got, self.enough(), slips)


def some_waits(rng: np.random.Generator, beyond: float, percent: float = 95.0) -> Waits:
    """Fifty quick answers, nine of `beyond` periods more than some number of periods, and the first call of a model."""
    period = float(rng.uniform(0.03, 0.12))
    quick = rng.uniform(0.3, 0.9, 50)
    slow = int(rng.integers(4, 8)) + beyond + rng.uniform(-0.05, 0.05, 9)
    delays = period * rng.permutation(np.concatenate((quick, slow, [40.0 + beyond])))
    return Waits([float(delay) for delay in delays], period, percent)
