"""Beliefs about a pelvis, readings of it, and what follows from them, right or with one known mistake.

A correction is worked out in information form: certainties add up, covariance^-1 after = covariance^-1 before + that
of the measurement. No gain is in it.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation

from shown.slips import Case
from vla_course.course.checking.judging import expect
from vla_course.deployment.estimation.pelvis import PelvisBelief, PelvisNoise, PelvisReading

Array = NDArray[np.float64]

UP = np.array((0.0, 0.0, 9.81))
MEAN = (
    *("gravity-not-removed", "gravity-sign", "frame-not-rotated", "frame-turned-back", "bias-ignored"),
    *("bias-in-the-world", "position-misses-half", "velocity-first"),
)
"""mistakes about where the accelerometer says that the pelvis goes"""
SPREAD = ("no-noise-grows", "noises-apart", "not-carried-along")
"""mistakes about how uncertain that is"""
CORRECTION = ("covariance-stays", "gain-not-inverted", "velocity-not-corrected", "wrong-sign")
"""mistakes about what one sole tells"""
SOLES = ("air-sole-used", "one-sole-only")
GATE = (
    *("no-gate", "gate-on-the-wrong-side", "gate-not-squared", "gate-without-belief"),
    "both-at-once",
)
"""mistakes about which soles tell anything"""


@dataclass(frozen=True)
class Moment:
    """What goes into one step."""

    belief: PelvisBelief
    reading: PelvisReading
    noise: PelvisNoise

    def case(self, student, what: str, mistakes: tuple[str, ...]) -> list[Case]:  # type: ignore[no-untyped-def]
        """Ask the student; return what came of position, velocity and covariance beside what should have."""
        got = student.pelvis_step(self.belief, self.reading, self.noise)
        told = all(hasattr(got, name) for name in ("position", "velocity", "covariance"))
        expect(told, "the answer should be a PelvisBelief", got=type(got).__name__, expected="PelvisBelief")
        right = self.after()
        wrong = {name: self.after(name) for name in mistakes}
        return [
            Case(
                f"{quantity}, {what}",
                scale * getattr(got, quantity) if getattr(got, quantity) is not None else None,
                scale * getattr(right, quantity),
                {name: scale * getattr(one, quantity) for name, one in wrong.items()},
            )
            for quantity, scale in (("position", 1.0), ("velocity", 1.0), ("covariance", 1e6))
        ]

    def after(self, slip: str = "") -> PelvisBelief:
        """Return what is to be believed after the step, or what it is with a mistake."""
        state, covariance = self.predicted(slip)
        first = state, covariance
        for foot in (0,) if slip == "one-sole-only" else (0, 1):
            judged = first if slip == "both-at-once" else (state, covariance)
            if self.believes(foot, *judged, slip):
                state, covariance = self._corrected(foot, state, covariance, slip)
        return PelvisBelief(state[:3], state[3:], covariance)

    def predicted(self, slip: str = "") -> tuple[Array, Array]:
        """Return position and velocity (6,) before any sole speaks, and their covariance."""
        belief, dt = self.belief, self.reading.dt
        velocity = belief.velocity + dt * self.acceleration(slip)
        # Under a constant acceleration one goes as far as at the mean of both velocities.
        mean = {"position-misses-half": belief.velocity, "velocity-first": velocity}.get(
            slip, (belief.velocity + velocity) / 2.0
        )
        sigma = 0.0 if slip == "no-noise-grows" else self.noise.acceleration
        one = np.eye(3)
        if slip == "noises-apart":
            grown = np.diag([(sigma * dt**2 / 2.0) ** 2] * 3 + [(sigma * dt) ** 2] * 3)
            flow = np.block([[one, dt * one], [0.0 * one, one]])
            covariance = flow @ belief.covariance @ flow.T + grown
        else:
            # Position, velocity and what is wrong with the acceleration, all at once.
            carried = 0.0 if slip == "not-carried-along" else dt
            both = np.block([[one, carried * one, dt**2 / 2.0 * one], [0.0 * one, one, dt * one]])
            joint = np.zeros((9, 9))
            joint[:6, :6], joint[6:, 6:] = belief.covariance, sigma**2 * one
            covariance = both @ joint @ both.T
        return np.concatenate((belief.position + dt * mean, velocity)), covariance

    def acceleration(self, slip: str = "") -> Array:
        """Return the acceleration (3,) m/s^2 of the pelvis in the world."""
        reading = self.reading
        turn = {"frame-not-rotated": np.eye(3), "frame-turned-back": reading.rotation.T}.get(
            slip, reading.rotation
        )
        up = {"gravity-not-removed": 0.0, "gravity-sign": -1.0}.get(slip, 1.0) * UP
        if slip == "bias-in-the-world":
            return turn @ reading.specific_force - reading.bias - up
        bias = 0.0 if slip == "bias-ignored" else 1.0
        told: Array = turn @ reading.specific_force - bias * (turn @ reading.bias) - up
        return told

    def distance(self, foot: int, state: Array, covariance: Array, slip: str = "") -> float:
        """Return the squared Mahalanobis distance of what a sole says from what is believed."""
        missed = self.told(foot) - state[:3]
        believed = 0.0 if slip == "gate-without-belief" else 1.0
        values, axes = np.linalg.eigh(believed * covariance[:3, :3] + self.noise.sole**2 * np.eye(3))
        squared = float(((axes.T @ missed) ** 2 / values).sum())
        return np.sqrt(squared) if slip == "gate-not-squared" else squared

    def told(self, foot: int, slip: str = "") -> Array:
        """Return where a sole says that the pelvis is (3,) m."""
        reading = self.reading
        turn = {"frame-not-rotated": np.eye(3), "frame-turned-back": reading.rotation.T}.get(
            slip, reading.rotation
        )
        place: Array = reading.footholds[foot] - turn @ reading.soles[foot]
        return place

    def believes(self, foot: int, state: Array, covariance: Array, slip: str = "") -> bool:
        """Tell whether a sole is listened to."""
        loaded = slip == "air-sole-used" or self.reading.loads[foot] >= self.noise.least_load
        near = self.distance(foot, state, covariance, slip) <= self.noise.gate
        if slip == "gate-on-the-wrong-side":
            near = not near
        return bool(loaded and (near or slip == "no-gate"))

    def _corrected(self, foot: int, state: Array, covariance: Array, slip: str) -> tuple[Array, Array]:
        seen = np.zeros((6, 6))
        seen[:3, :3] = np.eye(3) / self.noise.sole**2
        after = np.linalg.inv(np.linalg.inv(covariance) + seen)
        moved = after @ np.append((self.told(foot) - state[:3]) / self.noise.sole**2, np.zeros(3))
        if slip == "gain-not-inverted":
            expected = covariance[:3, :3] + self.noise.sole**2 * np.eye(3)
            gain = covariance[:, :3] @ expected
            moved = gain @ (self.told(foot) - state[:3])
            kept = np.eye(6) - np.hstack((gain, np.zeros((6, 3))))
            after = kept @ covariance @ kept.T + self.noise.sole**2 * gain @ gain.T
        if slip == "velocity-not-corrected":
            moved[3:] = 0.0
            gain = after[:, :3] / self.noise.sole**2
            gain[3:] = 0.0
            kept = np.eye(6) - np.hstack((gain, np.zeros((6, 3))))
            after = kept @ covariance @ kept.T + self.noise.sole**2 * gain @ gain.T
        if slip == "wrong-sign":
            moved = -moved
        return state + moved, covariance if slip == "covariance-stays" else after


def some_moment(rng: np.random.Generator, loads: tuple[float, float] = (0.0, 0.0)) -> Moment:
    """Return a robot somewhere, turned somehow, on its way; its soles say just what is predicted."""
    size = rng.uniform(0.5, 1.0, 6) * np.array([0.01] * 3 + [0.05] * 3)
    mixed = rng.normal(size=(6, 6))
    alike = mixed @ mixed.T + 6.0 * np.eye(6)
    alike /= np.sqrt(np.outer(np.diag(alike), np.diag(alike)))
    belief = PelvisBelief(rng.normal(size=3), 0.5 * rng.normal(size=3), alike * np.outer(size, size))
    turn = Rotation.from_rotvec(rng.normal(size=3) * (0.2, 0.2, 1.5)).as_matrix()
    reading = PelvisReading(
        dt=float(rng.uniform(0.01, 0.04)),
        rotation=turn,
        specific_force=turn.T @ UP + 2.0 * rng.normal(size=3),
        bias=rng.uniform(0.2, 0.5, 3) * rng.choice((-1.0, 1.0), 3),
        soles=np.array(((0.0, 0.09, -0.72), (0.1, -0.09, -0.70))) + 0.02 * rng.normal(size=(2, 3)),
        footholds=np.zeros((2, 3)),
        loads=np.array(loads),
    )
    moment = Moment(belief, reading, PelvisNoise(acceleration=float(rng.uniform(0.5, 1.0)), sole=0.004))
    return standing_off(moment, np.zeros((2, 3)))


def standing_off(moment: Moment, missed: Array) -> Moment:
    """Return the same moment with soles that say the pelvis is `missed` (2, 3) m from where it is predicted."""
    state, _ = moment.predicted()
    seen = moment.reading.soles @ moment.reading.rotation.T
    return replace(moment, reading=replace(moment.reading, footholds=state[:3] + missed + seen))
