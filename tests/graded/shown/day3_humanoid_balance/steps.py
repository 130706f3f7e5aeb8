"""Steps of inverse kinematics as least squares: stacked equations, solved at once by numpy."""

import numpy as np
from numpy.typing import NDArray

from shown.slips import Case, either
from vla_course.motion.arms.ik_config import InverseKinematicsConfig

Array = NDArray[np.float64]


class Task:
    """What a step is asked: a chain somewhere, what is left to go, how far its joints may go."""

    def __init__(
        self,
        rng: np.random.Generator,
        size: int = 7,
        error: float = 0.2,
        room: float = 3.0,
        pull: float | None = None,
        damping: float | None = None,
    ) -> None:
        way = rng.normal(size=6)
        self.jacobian = rng.normal(scale=0.4, size=(6, size))
        self.error = error * way / np.linalg.norm(way)
        self.joints = rng.uniform(-1.0, 1.0, size)
        self.lower, self.upper = self.joints - room, self.joints + room
        self.rest = self.joints + rng.choice([-1.0, 1.0], size) * rng.uniform(0.3, 0.8, size)
        self.config = InverseKinematicsConfig(
            damping=rng.uniform(0.3, 0.6) if damping is None else damping,
            least_damping=rng.uniform(0.02, 0.04),
            pull=rng.uniform(0.05, 0.15) if pull is None else pull,
        )

    def ask(self, student) -> Array:
        """The student's step; what is handed over may be changed without harm."""
        given = (self.jacobian, self.error, self.joints, self.lower, self.upper, self.rest)
        return student.InverseKinematicsSolver(self.config).step(*(array.copy() for array in given))

    def free(self, held=None, *, pull=None, jacobian_pull=True, damping=None, left=None) -> Array:
        """The step without limits, the joints in `held` (index: change) apart: least squares, stacked."""
        held = held or {}
        rest = [k for k in range(len(self.joints)) if k not in held]
        pull = (self.config.pull if pull is None else pull) * (self.rest - self.joints)[rest]
        if left is None:
            left = self.error - sum((change * self.jacobian[:, k] for k, change in held.items()), np.zeros(6))
        square = self.square() if damping is None else damping
        part = self.jacobian[:, rest]
        rows = np.vstack((part, np.sqrt(square) * np.eye(len(rest))))
        wanted = np.concatenate((left - part @ pull if jacobian_pull else left, np.zeros(len(rest))))
        change = np.zeros(len(self.joints))
        change[rest] = pull + np.linalg.lstsq(rows, wanted, rcond=None)[0]
        for k, value in held.items():
            change[k] = value
        return change

    def square(self) -> float:
        """lambda squared."""
        return self.config.damping**2 * float((self.error**2).sum()) + self.config.least_damping**2

    def beyond(self, change: Array, held=()) -> dict[int, float]:
        """Joints that `change` takes out of their limits, each with the change that takes it just there."""
        end = self.joints + change
        return {
            k: float(np.clip(end[k], self.lower[k], self.upper[k]) - self.joints[k])
            for k in range(len(end))
            if k not in held and not self.lower[k] <= end[k] <= self.upper[k]
        }

    def right(
        self,
        rounds: int = 99,
        stay: bool = False,
        keep_error: bool = False,
        anew: bool = False,
        locked: bool = False,
    ) -> Array:
        """The step within the limits; the switches are mistakes."""
        at_a_limit = (self.joints <= self.lower) | (self.joints >= self.upper)
        held = {int(k): 0.0 for k in np.flatnonzero(at_a_limit)} if locked else {}
        change = self.free(held)
        for _ in range(rounds):
            more = self.beyond(change, held)
            if not more or len(held) + len(more) == len(self.joints):
                held |= more
                for k, value in more.items():
                    change[k] = 0.0 if stay else value
                return change
            held |= {k: 0.0 if stay else value for k, value in more.items()}
            left = self.error if keep_error else None
            damping = None
            if anew:
                still = self.error - sum((c * self.jacobian[:, k] for k, c in held.items()), np.zeros(6))
                damping = self.config.damping**2 * float(still @ still) + self.config.least_damping**2
            change = self.free(held, left=left, damping=damping)
        return change

    def block(self, joint: int, change: Array, share: float) -> None:
        """Leave a joint only a share of the room that `change` takes."""
        if change[joint] > 0.0:
            self.upper[joint] = self.joints[joint] + share * change[joint]
        else:
            self.lower[joint] = self.joints[joint] + share * change[joint]

    def case(self, student, what: str) -> Case:
        """The student's answer beside the right one and those of known mistakes."""
        got, right = self.ask(student), self.right()
        return Case(what, got, right, self.slips(got, right))

    def slips(self, got: object, right: Array) -> dict[str, Array]:
        """The steps that known mistakes give."""
        config, back = self.config, self.jacobian.T
        away = config.pull * (self.rest - self.joints)
        length = float(np.sqrt((self.error**2).sum()))
        unlimited = self.free()
        low, high = self.lower - self.joints, self.upper - self.joints
        roots = {
            "damping-not-squared": (
                config.damping * length + config.least_damping,
                config.damping * length**2 + config.least_damping,
                config.damping + config.least_damping,
            ),
            "damping-forgotten": (0.0,),
            "damping-everywhere": (config.damping**2 + config.least_damping**2, config.damping**2),
        }
        slips = {
            "limits-ignored": unlimited,
            "clipped-only": np.clip(unlimited, low, high),
            "limits-shared-once": either(got, self.right(rounds=1), np.clip(self.right(rounds=1), low, high)),
            "stays-put": self.right(stay=True),
            "locked-at-its-limit": self.right(locked=True),
            "error-kept": self.right(keep_error=True),
            "damping-anew": self.right(anew=True),
            "transpose-for-inverse": either(
                got,
                away + back @ (self.error - self.jacobian @ away),
                back @ self.error,
                np.clip(away + back @ (self.error - self.jacobian @ away), low, high),
                np.clip(back @ self.error, low, high),
            ),
            "pull-moves-the-hand": either(
                got, self.free(jacobian_pull=False), np.clip(self.free(jacobian_pull=False), low, high)
            ),
            "pull-forgotten": self.free(pull=0.0),
            "pull-sign": self.free(pull=-config.pull),
            "degrees-for-radians": either(
                got,
                np.degrees(right),
                np.radians(right),
                self._with_limits(np.degrees),
                self._with_limits(np.radians),
            ),
            "place-for-change": self.joints + right,
        }
        for name, squares in roots.items():
            slips[name] = either(got, *(self.free(damping=square) for square in squares))
        return slips

    def _with_limits(self, wrong) -> Array:
        """The step of one who takes the limits for another unit."""
        low, high = wrong(self.lower) - self.joints, wrong(self.upper) - self.joints
        return np.clip(self.free(), low, np.maximum(low, high))
