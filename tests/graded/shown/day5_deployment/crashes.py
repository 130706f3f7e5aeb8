"""Recordings of which everything is known: a robot that marches on the spot, drawn by hand, and what befalls it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vla_course.course.checking.judging import expect
from vla_course.deployment.recorder.accidents.evidence import Evidence

Array = NDArray[np.float64]
Told = tuple[str, float]
"""a cause and when it showed"""
Mistaken = Told | Callable[[Any], bool]
"""what a mistake tells, or how to know it"""

SAMPLE, PICTURE = 0.008, 0.012
"""s, from one to the next"""
STRIDE = 0.48
"""s, for which one sole carries while the other is in the air"""


@dataclass
class March:
    """A march whose evidence can be changed. Times are s on the robot's clock, forces N, torques N m."""

    rng: np.random.Generator
    lab_ahead: float
    begins: float = field(init=False)

    def __post_init__(self) -> None:
        self.begins = round(float(self.rng.uniform(0.5, 3.0)), 3)
        self.mass, self.gravity = float(self.rng.uniform(30.0, 60.0)), 9.81
        self.time = self.begins + SAMPLE * np.arange(300)
        self.seen = self.begins + PICTURE * np.arange(200)
        self.forces = np.zeros((300, 2, 3))
        weight = self.mass * self.gravity
        for k, time in enumerate(self.time):
            self.forces[k, self.stance(time), 2] = weight
        self.acceleration = np.zeros((300, 3))
        self.limits = self.rng.uniform(60.0, 120.0, 28)
        self.asked = self.rng.uniform(-40.0, 40.0, 28) * np.ones((300, 1))
        self.given = self.asked + self.rng.uniform(-0.5, 0.5, (300, 28))
        self.soles = np.zeros((200, 2, 3)) + [[0.0, 0.1, 0.0], [0.0, -0.1, 0.0]]
        for k in range(1, 200):
            # The sole in the air swings forward and is put down where it comes to: only a sole that rests stays.
            swings = 1 - self.stance(self.seen[k])
            self.soles[k] = self.soles[k - 1]
            if self._swings_between(swings, self.seen[k - 1], self.seen[k]):
                self.soles[k, swings, 0] += 0.5 * PICTURE

    def stance(self, time: float) -> int:
        """Which sole carries."""
        return int((time - self.begins + 1e-9) // STRIDE) % 2

    def _swings_between(self, sole: int, before: float, after: float) -> bool:
        return self.stance(before) != sole and self.stance(after + SAMPLE) != sole

    def sample(self, number: int) -> float:
        """When that sample was."""
        return float(self.time[number])

    def weak_motor(self, number: int, sign: float = 1.0) -> Told:
        """From a sample on a motor gives a part of what it is asked for."""
        joint = int(self.rng.integers(28))
        self.asked[number:, joint] = 45.0 * sign
        self.given[number:, joint] = 8.0 * sign
        return "motor", self.sample(number)

    def asked_too_much(self, number: int) -> float:
        """For some samples a motor is asked for more than its limit, and gives its limit."""
        joint = int(self.rng.integers(28))
        sign = float(self.rng.choice((-1.0, 1.0)))
        self.asked[number : number + 5, joint] = sign * (self.limits[joint] + 70.0)
        self.given[number : number + 5, joint] = sign * self.limits[joint]
        return self.sample(number)

    def pulled(self, number: int, force: tuple[float, float, float], samples: int = 40) -> float:
        """From a sample on something pulls at the robot, and it gives way."""
        self.acceleration[number : number + samples] += np.array(force) / self.mass
        return self.sample(number)

    def push(self, number: int) -> Told:
        """A push along the ground."""
        heading = self.rng.uniform(-np.pi, np.pi)
        return "push", self.pulled(number, (300.0 * np.cos(heading), 300.0 * np.sin(heading), 20.0), 15)

    def load(self, number: int) -> Told:
        """A load that hangs on a hand; the legs carry it."""
        self.forces[number:, :, 2] *= 1.0 + 130.0 / (self.mass * self.gravity)
        return "load", self.sample(number)

    def slip(self, picture: int) -> Told:
        """From a picture on both soles slide."""
        for k in range(picture, 200):
            self.soles[k:, :, 1] += 0.4 * PICTURE
        return "slip", float(self.seen[picture])

    def evidence(self) -> Evidence:
        """What the student gets."""
        return Evidence(
            self.time.copy(),
            self.acceleration.copy(),
            self.forces.copy(),
            self.asked.copy(),
            self.given.copy(),
            self.limits.copy(),
            self.seen + self.lab_ahead,
            self.soles.copy(),
            self.lab_ahead,
            self.mass,
            self.gravity,
        )


def expect_told(
    got: Any, right: Told, what: str, mistakes: Mapping[str, Mistaken] | None = None, within: float = 1e-6
) -> None:
    """Expect a cause and, within so many seconds, a moment; a mistake is named where it gives just what came."""

    def same(told: Told) -> bool:
        return got.cause == told[0] and abs(float(got.time) - told[1]) <= within

    gives = (mistakes or {}).items()
    named = next((name for name, told in gives if (told(got) if callable(told) else same(told))), None)
    said = f"{got.cause} at {float(got.time):.3f} s"
    wanted = f"{right[0]} at {right[1]:.3f} s"
    expect(same(right), f"{what}: another cause, or another moment", got=said, expected=wanted, mistake=named)


def slip_before(moment: float) -> Callable[[Any], bool]:
    """Whether a slip is told that was before a moment at which nothing had slipped."""
    return lambda got: bool(got.cause == "slip" and got.time < moment - 0.05)


def without(evidence: Evidence, until: float) -> Evidence:
    """What was recorded before a moment of the robot's clock."""
    kept = evidence.time < until
    seen = evidence.lab_time - evidence.lab_ahead < until
    return replace(
        evidence,
        time=evidence.time[kept],
        com_acceleration=evidence.com_acceleration[kept],
        sole_forces=evidence.sole_forces[kept],
        asked_torques=evidence.asked_torques[kept],
        given_torques=evidence.given_torques[kept],
        lab_time=evidence.lab_time[seen],
        sole_positions=evidence.sole_positions[seen],
    )
