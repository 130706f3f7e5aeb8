"""A robot and a person on one line: how near they come, found by walking and braking."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import brentq

from vla_course.deployment.safety.limits import Separation

WALKS = 1.6
"""m/s, a person of whom nobody knows"""


@dataclass(frozen=True)
class Encounter:
    """A robot that stops as `separation` says, and a person `distance` m before it."""

    distance: float
    person: float | None
    separation: Separation

    def asked(self, student: Any) -> Any:
        """The student's answer."""
        return student.allowed_speed(self.distance, self.person, self.separation)

    def used_up(
        self,
        speed: float,
        person: float,
        reacts: float = 1.0,
        waits: float = 1.0,
        walks_on: float = 1.0,
        way: float = 1.0,
        unknown: float = 1.0,
    ) -> float:
        """What both use up until the robot stands, m: each piece can be left out, to see what follows."""
        s = self.separation
        times = np.linspace(0.0, speed / s.deceleration, 9)
        braking = float(np.trapezoid(speed - s.deceleration * times, times))
        robot = reacts * speed * s.reaction_time + way * braking
        walked = person * (waits * s.reaction_time + walks_on * float(times[-1]))
        return robot + walked + unknown * (s.intrusion + s.uncertainty)

    def truth(self, person: float | None = None, capped: bool = True, **faults: float) -> float:
        """The greatest speed of which all that is used up is not more than there is; or what comes of `faults`."""
        if person is None:
            person = WALKS if self.person is None else max(self.person, 0.0)

        def left(speed: float) -> float:
            return self.distance - self.used_up(speed, person, **faults)

        if left(0.0) <= 0.0:
            return 0.0
        most = float(brentq(left, 0.0, 1e3, xtol=1e-14, rtol=1e-14))
        return min(most, self.separation.fastest) if capped else most


def some_separation(rng: np.random.Generator, fastest: float = 50.0) -> Separation:
    """Some robot."""
    return Separation(
        reaction_time=float(rng.uniform(0.1, 0.6)),
        deceleration=float(rng.uniform(0.5, 5.0)),
        intrusion=float(rng.uniform(0.05, 0.2)),
        uncertainty=float(rng.uniform(0.02, 0.1)),
        fastest=fastest,
    )


def encounter_picture(encounter: Encounter, got: object) -> Callable[[], Any]:
    """What is used up at each speed, the distance that there is, and your speed."""

    def draw() -> Any:
        from matplotlib.figure import Figure

        figure = Figure(figsize=(5.6, 3.2))
        axes = figure.subplots()
        right = encounter.truth(capped=False)
        person = WALKS if encounter.person is None else max(encounter.person, 0.0)
        speeds = np.linspace(0.0, max(1.5 * right, 0.5), 60)
        axes.plot(speeds, [encounter.used_up(v, person) for v in speeds], color="#0072B2", label="S_p(v)")
        axes.axhline(encounter.distance, color="#7F7F7F", ls="--", label="distance")
        if isinstance(got, float | int) and np.isfinite(got):
            axes.axvline(float(got), color="#D55E00", label="your speed")
        axes.set(xlabel="speed of the robot [m/s]", ylabel="distance [m]")
        axes.legend(fontsize="small")
        return figure

    return draw
