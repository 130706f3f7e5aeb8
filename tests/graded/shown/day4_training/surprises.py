"""Rollouts of several robots, and how much better each step turned out: summed up surprise by surprise."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shown.day4_training.pictures import credit_picture
from shown.slips import Case
from vla_course.course.checking.judging import Mismatch

Array = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Rollout:
    """Rewards (T, N), values (T + 1, N), how steps ended (T, N), values at the end of what was cut off (T, N)."""

    rewards: Array
    values: Array
    terminated: Bools
    truncated: Bools
    final_values: Array
    gamma: float
    lam: float

    def asked(self, student: Any) -> tuple[Any, Any]:
        """The student's advantages and returns."""
        arrays = (self.rewards, self.values)
        ends, final = (self.terminated, self.truncated), self.final_values.astype(np.float32)
        answer = student.advantages(
            *(part.astype(np.float32) for part in arrays), *ends, final, self.gamma, self.lam
        )
        if not isinstance(answer, tuple | list) or len(answer) != 2:
            raise Mismatch(
                "advantages should return two arrays, advantages and returns", got=type(answer).__name__
            )
        return answer[0], answer[1]

    def surprise(self, step: int, robot: int) -> float:
        """By how much the step turned out better than the value of where it began."""
        if self.terminated[step, robot]:
            after = 0.0
        elif self.truncated[step, robot]:
            after = float(self.final_values[step, robot])
        else:
            after = float(self.values[step + 1, robot])
        return float(self.rewards[step, robot] + self.gamma * after - self.values[step, robot])

    def summed(
        self,
        surprise: Callable[[int, int], float] | None = None,
        decay: float | None = None,
        ends: Bools | None = None,
    ) -> Array:
        """For each step its own surprise and those after it, each weighed down by how far it lies ahead."""
        surprise = surprise or self.surprise
        decay = self.gamma * self.lam if decay is None else decay
        ends = self.terminated | self.truncated if ends is None else ends
        steps, robots = self.rewards.shape
        found = np.zeros((steps, robots))
        for step, robot in np.ndindex(steps, robots):
            for later in range(step, steps):
                found[step, robot] += decay ** (later - step) * surprise(later, robot)
                if ends[later, robot]:
                    break
        return found

    def cases(self, student: Any, what: str) -> list[Case]:
        """Advantages and returns, and what known mistakes give where episodes end in both ways."""
        right, begun = self.summed(), self.values[:-1]
        fallen = replace(self, terminated=self.terminated | self.truncated)
        goes_on = replace(self, terminated=np.zeros_like(self.terminated))
        next_first = replace(self, final_values=np.where(self.truncated, self.values[1:], self.final_values))
        never = np.zeros_like(self.terminated)
        unmasked = replace(self, terminated=never, truncated=never)
        delayed = replace(self, values=np.concatenate([self.values[1:], self.values[-1:]]))
        gains = replace(self, values=0.0 * self.values, final_values=0.0 * self.final_values)
        only_gains = gains.summed(decay=self.gamma)
        wrong = {
            "truncation-is-a-fall": fallen.summed(),
            "fall-bootstraps": goes_on.summed(ends=self.terminated | self.truncated),
            "next-episodes-value": next_first.summed(),
            "carried-over": self.summed(ends=never),
            "ends-ignored": unmasked.summed(),
            "carried-over-truncation": self.summed(ends=self.terminated),
            "lam-forgotten": self.summed(decay=self.gamma),
            "gamma-forgotten": self.summed(decay=self.lam),
            "one-step-only": self.summed(decay=0.0),
            "undiscounted-after": self._undiscounted(),
            "values-one-late": delayed.summed(),
        }
        slips = {name: (value, value + begun) for name, value in wrong.items()}
        spread = max(float(right.std()), 1e-8)
        slips |= {
            "returns-of-rewards": (right, only_gains),
            "returns-without-values": (right, right),
            "normalised": ((right - right.mean()) / spread, (right - right.mean()) / spread + begun),
            "normalised-advantages": ((right - right.mean()) / spread, right + begun),
        }
        both = self.asked(student)
        return [
            Case(
                f"the {name} of {what}",
                both[i],
                (right, right + begun)[i],
                {slip: pair[i] for slip, pair in slips.items()},
                credit_picture(self.terminated, self.truncated, (right, right + begun)[i], both[i], name),
            )
            for i, name in enumerate(("advantages", "returns"))
        ]

    def _undiscounted(self) -> Array:
        """What comes after a step counted in full."""

        def surprise(step: int, robot: int) -> float:
            before = float(self.rewards[step, robot] - self.values[step, robot])
            return before + (self.surprise(step, robot) - before) / self.gamma

        return self.summed(surprise)


def some_rollout(rng: np.random.Generator, steps: int, robots: int) -> Rollout:
    """Episodes of which some end in a fall and some are cut off; final values are nan where nothing was cut off."""
    terminated, truncated = np.zeros((2, steps, robots), dtype=bool)
    for robot in range(robots):
        falls, cuts = rng.permutation(np.arange(1, steps - 2))[:4].reshape(2, 2)
        terminated[falls, robot], truncated[cuts, robot] = True, True
    values = rng.normal(1.0, 1.0, (steps + 1, robots)).astype(np.float32).astype(np.float64)
    rewards = rng.normal(0.2, 0.5, (steps, robots)).astype(np.float32).astype(np.float64)
    final = np.where(truncated & ~terminated, rng.normal(2.0, 1.0, (steps, robots)), np.nan)
    final = final.astype(np.float32).astype(np.float64)
    gamma, lam = float(rng.uniform(0.85, 0.95)), float(rng.uniform(0.6, 0.8))
    return Rollout(rewards, values, terminated, truncated, final, gamma, lam)
