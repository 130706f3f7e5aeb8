"""Joints before their stops: how fast each may go, found by trying speeds and letting it brake."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq

Array = NDArray[np.float64]
MOST = 1e3
"""rad/s, faster than anything that is tried"""


@dataclass(frozen=True)
class Joints:
    """What `clip_rates` is asked."""

    rates: Array
    positions: Array
    lower: Array
    upper: Array
    fastest: Array
    deceleration: float
    gain: float
    period: float

    def asked(self, student: Any) -> Any:
        """The student's answer."""
        return student.clip_rates(
            self.rates, self.positions, self.lower, self.upper, self.fastest,
            self.deceleration, self.gain, self.period,
        )  # fmt: skip

    def truth(self, **faults: Any) -> Array:
        """What is right; or what comes of `faults`, as `_greatest` has them."""
        up = self._each(self.upper - self.positions, **faults)
        down = self._each(self.positions - self.lower, **faults)
        return np.minimum(np.maximum(self.rates, -down), up)

    def _each(self, rooms: Array, **faults: Any) -> Array:
        fastest = np.broadcast_to(self.fastest, rooms.shape)
        return np.array(
            [
                self._greatest(float(room), float(most), **faults)
                for room, most in zip(rooms, fastest, strict=True)
            ]
        )

    def _greatest(
        self,
        room: float,
        fastest: float,
        brakes: bool = True,
        waits: bool = True,
        way: float = 1.0,
        gain: bool = True,
        motor: bool = True,
    ) -> float:
        """Try speeds: how fast may a joint go that has so much room? Each bound can be left out."""
        if room <= 0.0:
            return max(self.gain * room, -fastest) if gain else 0.0
        period = self.period if waits else 0.0

        def too_far(speed: float) -> float:
            times = np.linspace(0.0, speed / self.deceleration, 9)
            braking = float(np.trapezoid(speed - self.deceleration * times, times))
            return speed * period + way * braking - room

        bounds = [MOST]
        if brakes:
            bounds.append(brentq(too_far, 0.0, MOST, xtol=1e-13, rtol=1e-14))
        if gain:
            bounds.append(self.gain * room)
        if motor:
            bounds.append(fastest)
        return min(bounds)


def some_joints(rng: np.random.Generator, count: int = 6, **given: Any) -> Joints:
    """Joints anywhere between their stops, asked for more than they may."""
    lower, upper = rng.uniform(-2.0, -1.0, count), rng.uniform(1.0, 2.0, count)
    room = rng.uniform(0.02, 0.2, count)
    above = np.arange(count) % 2 == 0
    rates = np.where(above, 1.0, -1.0) * rng.uniform(20.0, 40.0, count)
    joints = Joints(
        rates,
        np.where(above, upper - room, lower + room),
        lower,
        upper,
        np.full(count, 15.0),
        float(rng.uniform(10.0, 30.0)),
        1e4,
        float(rng.uniform(0.01, 0.03)),
    )
    return replace(joints, **given)


def braking_picture(joints: Joints, got: object) -> Callable[[], Any]:
    """The first joint with the speed that is right, and with yours: on for a period, then braking."""

    def draw() -> Any:
        from matplotlib.figure import Figure

        figure = Figure(figsize=(5.6, 3.2))
        axes = figure.subplots()
        answers = [("expected", joints.truth(), "#0072B2")]
        yours = np.asarray(got, dtype=float)
        if yours.shape == joints.rates.shape and np.isfinite(yours).all():
            answers.append(("yours", yours, "#D55E00"))
        for label, rates, colour in answers:
            speed, a, T = float(rates[0]), joints.deceleration, joints.period
            times = np.linspace(0.0, T + abs(speed) / a, 200)
            braked = np.maximum(times - T, 0.0)
            ways = speed * np.minimum(times, T) + speed * braked - np.sign(speed) * a * braked**2 / 2.0
            axes.plot(times, joints.positions[0] + ways, color=colour, label=label)
        axes.axhline(joints.upper[0], color="#7F7F7F", ls="--", label="upper stop")
        axes.set(xlabel="time [s]", ylabel="joint [rad]", title="One period at that speed, then brake")
        axes.legend(fontsize="small")
        return figure

    return draw
