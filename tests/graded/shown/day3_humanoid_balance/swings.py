"""The way of a swing foot, drawn as a Bezier curve, and the ways that known mistakes give."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shown.slips import Case, either
from vla_course.course.checking.judging import expect

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Swing:
    """A foot in the air: where it is, m, how it moves, m/s and m/s^2, and where it must rest in `time_left` s."""

    position: Array
    velocity: Array
    acceleration: Array
    goal: Array
    time_left: float

    def at(self, ahead: float) -> Array:
        """Position, velocity and acceleration (3, n) `ahead` s from now, while there is time left.

        Six control points (Bezier 1962): the first three hold where it is and how it moves, the last three lie
        on the goal, so that it arrives at rest. Halving them again and again (de Casteljau) gives the curve.
        """
        T = self.time_left
        second = self.position + T / 5.0 * self.velocity
        third = 2.0 * second - self.position + T**2 / 20.0 * self.acceleration
        points = np.array([self.position, second, third, self.goal, self.goal, self.goal])
        speeds = 5.0 / T * np.diff(points, axis=0)
        pulls = 4.0 / T * np.diff(speeds, axis=0)
        return np.array([_casteljau(ring, ahead / T) for ring in (points, speeds, pulls)])

    def resting(self) -> Array:
        """On the goal, at rest: (3, n)."""
        return np.array([self.goal, 0.0 * self.goal, 0.0 * self.goal])

    def ask(self, student: Any, ahead: float) -> Array:
        """The student's position, velocity and acceleration (3, n), once it is sure that there are three."""
        given = [part.copy() for part in (self.position, self.velocity, self.acceleration, self.goal)]
        got = student.swing_motion(*given, self.time_left, ahead)
        rows = isinstance(got, tuple | list | np.ndarray) and [np.shape(row) for row in got]
        shape = self.goal.shape
        expect(
            rows == [shape] * 3,
            f"three things should come back, each of shape {shape}: position, velocity and acceleration",
            got=got,
            expected=f"position {shape}, velocity {shape}, acceleration {shape}",
        )
        return np.array(got, dtype=float)

    def case(self, student: Any, ahead: float, what: str) -> Case:
        """One look ahead in mid-swing."""
        got, T = self.ask(student, ahead), self.time_left
        v, acceleration, none = self.velocity, self.acceleration, np.zeros_like(self.goal)
        right = self.at(ahead)
        a, b, c = _bends(self.goal - self.position, v, acceleration, T)
        still = _bends(self.goal - self.position, none, none, T)

        def along(a: Array, b: Array, c: Array, t: float = ahead) -> Array:
            return _along(self.position, v, acceleration, (a, b, c), t)

        bare = np.array(
            [
                right[0],
                v + acceleration * ahead + a * ahead**2 + b * ahead**3 + c * ahead**4,
                acceleration + a * ahead + b * ahead**2 + c * ahead**3,
            ]
        )
        powers = ((0, 1, 2), (1, 1, 1), (-1, -1, -1), (0, 0, 0), (2, 1, 0), (3, 4, 5))
        return Case(
            what,
            got,
            right,
            {
                "starts-over-at-rest": _along(self.position, none, none, still, ahead),
                "velocity-ignored": either(
                    got,
                    _along(
                        self.position,
                        none,
                        acceleration,
                        _bends(self.goal - self.position, none, acceleration, T),
                        ahead,
                    ),
                    along(*_bends(self.goal - self.position, none, acceleration, T)),
                ),
                "acceleration-ignored": either(
                    got,
                    _along(self.position, v, none, _bends(self.goal - self.position, v, none, T), ahead),
                    along(*_bends(self.goal - self.position, v, none, T)),
                ),
                "misses-the-goal": along(*still),
                "wrong-power": either(
                    got,
                    *(along(a * T**i, b * T**j, c * T**k) for i, j, k in powers if (i, j, k) != (0, 0, 0)),
                    along(a, b * T, c * T**2),
                ),
                "time-as-a-share": either(
                    got,
                    along(a, b, c, ahead / T),
                    right * np.array([[1.0], [T], [T**2]]),
                    right * np.array([[1.0], [1.0], [T]]),
                ),
                "derivative-factors": either(got, bare, np.array([*right[:2], bare[2]])),
                "goal-for-distance": along(*_bends(self.goal, v, acceleration, T)),
                "rests-early": self.resting(),
                "from-the-origin": right - np.array([self.position, none, none]),
            },
        )

    def late_case(self, student: Any, ahead: float, what: str) -> Case:
        """One look beyond the landing: the foot rests."""
        got, bends = (
            self.ask(student, ahead),
            _bends(self.goal - self.position, self.velocity, self.acceleration, self.time_left),
        )
        onward = _along(self.position, self.velocity, self.acceleration, bends, ahead)
        moving = np.array([self.goal, *onward[1:]])
        return Case(what, got, self.resting(), {"never-rests": either(got, onward, moving)})


def some_swing(rng: np.random.Generator, axes: int = 3) -> Swing:
    """A foot in the middle of its way, in which nothing is zero by chance."""
    signs = rng.choice((-1.0, 1.0), (4, axes))
    return Swing(
        rng.uniform(0.1, 0.5, axes) * signs[0],
        rng.uniform(0.4, 1.5, axes) * signs[1],
        rng.uniform(2.0, 6.0, axes) * signs[2],
        rng.uniform(0.1, 0.5, axes) * signs[3],
        float(rng.uniform(0.2, 0.45)),
    )


def _casteljau(points: Array, share: float) -> Array:
    while len(points) > 1:
        points = points[:-1] + share * np.diff(points, axis=0)
    return points[0]


def _bends(distance: Array, velocity: Array, acceleration: Array, T: float) -> tuple[Array, Array, Array]:
    """The bends a, b, c of the quintic, found from where it must be and rest at T: three equations for three."""
    rows = np.array([[T**3, T**4, T**5], [3 * T**2, 4 * T**3, 5 * T**4], [6 * T, 12 * T**2, 20 * T**3]])
    missing = [
        distance - velocity * T - acceleration * T**2 / 2,
        -velocity - acceleration * T,
        -acceleration,
    ]
    a, b, c = np.linalg.solve(rows, np.array(missing))
    return a, b, c


def _along(
    position: Array, velocity: Array, acceleration: Array, bends: tuple[Array, ...], t: float
) -> Array:
    """Where a polynomial with these bends is after t: its value and its first two derivatives."""
    numbers = zip(position, velocity, acceleration / 2, *bends, strict=True)
    line = [np.polynomial.Polynomial(axis) for axis in numbers]
    return np.array([[curve.deriv(order)(t) for curve in line] for order in range(3)])
