"""A monitor: every detector's CUSUM side by side, and when one passes its threshold, what that means.

monitor = Monitor(load_fitted(), Measurer(encoders))
for reading in stream:
    for alarm in monitor.update(reading):
        print(alarm.says)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from vla_course.deployment.monitors.cusum import Cusum
from vla_course.deployment.monitors.fitted import HOLD, Fitted
from vla_course.deployment.monitors.measuring import Measured, Measurer, trace_of
from vla_course.deployment.monitors.parts import MonitorParts
from vla_course.deployment.monitors.reading import Reading

MEANS: Final[dict[str, tuple[str, str]]] = {
    "brightness": ("dark", "pictures are darker than any known: a lamp is out, or a lens is covered"),
    "level": (
        "camera moved",
        "level ground slopes in a picture: a camera was knocked, or its mount is loose",
    ),
    "kinds": ("unknown thing", "something on the table is as tall as no thing that the robot knows"),
    "joints": (
        "wrong mass",
        "a hand hangs lower than it is sent: something weighs more than the robot believes",
    ),
    "soles": ("slippery floor", "a sole turns under the foot that stands on it: the floor does not hold it"),
    "words": ("unknown words", "the command has words that nobody taught the robot"),
    "view": ("unfamiliar view", "pictures are unlike those of demonstrations, and nothing says why"),
    "chunks": ("unsteady policy", "the policy contradicts what it said a moment ago"),
}
"""of each detector, the cause that its alarm names and what it says"""
GENERAL: Final = ("view", "chunks")
"""detectors that many causes set off: they name one only where none that knows better has"""


@dataclass(frozen=True)
class Alarm:
    """A CUSUM has passed its threshold.

    Attributes:
        time: s.
        detector: which one.
        value: S, and `threshold`, h.
    """

    time: float
    detector: str
    value: float
    threshold: float

    @property
    def cause(self) -> str:
        """What it means, in a word or two."""
        return MEANS[self.detector][0]

    @property
    def says(self) -> str:
        """What it means, in a sentence that names the detector."""
        cause, why = MEANS[self.detector]
        return f"{self.time:.1f} s, {self.detector}: {cause}. It seems that {why}."


class Monitor:
    """Watches a robot, command by command.

    Args:
        fitted: what is usual.
        measurer: measures its readings; None for one that is given measurements.
        parts: whose distance counts, by default the reference's.

    Attributes:
        sums: the CUSUM of each detector.
        alarms: since the command, each detector's first.
    """

    def __init__(
        self, fitted: Fitted, measurer: Measurer | None = None, parts: MonitorParts | None = None
    ) -> None:
        self._fitted, self._measurer, self._parts = fitted, measurer, parts
        self.begin()

    def begin(self) -> None:
        """Begin anew: the robot gets another command."""
        self.sums = {name: Cusum(gauge.slack) for name, gauge in self._fitted.gauges.items()}
        self.alarms: list[Alarm] = []
        self._recent: list[Measured] = []
        if self._measurer is not None:
            self._measurer.begin()

    def update(self, reading: Reading) -> list[Alarm]:
        """Take in a reading, and return the alarms that it raised.

        Raises:
            ValueError: there is no measurer.
        """
        if self._measurer is None:
            raise ValueError("measurer is None, expected one to measure readings with")
        return self.weigh(reading.time, self._measurer.measure(reading))

    def weigh(self, time: float, measured: Measured) -> list[Alarm]:
        """Take in what was measured at a time s, and return the alarms that it raised."""
        self._recent = [*self._recent, measured][-HOLD:]
        scores = self._fitted.standardised(self._fitted.scores(trace_of(self._recent), self._parts))
        return self.judge(time, {name: float(score[-1]) for name, score in scores.items()})

    def judge(self, time: float, scores: dict[str, float]) -> list[Alarm]:
        """Take in standardised scores of one decision, nan where there is none; return the alarms that they raised."""
        raised, fired = [], {alarm.detector for alarm in self.alarms}
        for name, score in scores.items():
            value, most = self.sums[name].add(score), self._fitted.gauges[name].threshold.value
            if value > most and name not in fired:
                raised.append(Alarm(time, name, value, most))
        self.alarms += raised
        return raised

    @property
    def cause(self) -> str:
        """What is wrong: what the first alarm says whose detector knows one cause, else the first; empty: nothing."""
        known = [alarm for alarm in self.alarms if alarm.detector not in GENERAL] or self.alarms
        return known[0].cause if known else ""


def watch(
    fitted: Fitted, times: np.ndarray, trace: Measured, parts: MonitorParts | None = None
) -> list[Alarm]:
    """Return the alarms that a recorded trace raises."""
    monitor = Monitor(fitted, parts=parts)
    scores = fitted.standardised(fitted.scores(trace, parts))
    for k, time in enumerate(times):
        monitor.judge(float(time), {name: float(score[k]) for name, score in scores.items()})
    return monitor.alarms
