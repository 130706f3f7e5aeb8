"""One step downhill on a policy of one layer: worked out by hand, and as others take it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from vla_course.course.checking.beside import beside
from vla_course.course.checking.judging import expect
from vla_course.learning.training.scripted_training import ScriptedTraining

Array = NDArray[np.float64]
RIGHT_ORDER = ("forward under autocast", "backward", "clip", "step")
SCALE = 8.0


@dataclass(frozen=True)
class Lesson:
    """What the policy sees (B, n) and should say (B,), and what is added to its loss whatever it says."""

    inputs: Array
    wanted: Array
    penalty: float = 0.0

    def batch(self) -> dict[str, torch.Tensor]:
        parts = {"inputs": self.inputs, "wanted": self.wanted, "penalty": self.penalty}
        return {name: torch.tensor(part, dtype=torch.float64) for name, part in parts.items()}

    def loss(self, weights: Array) -> float:
        """Root mean square of what is off."""
        return float(np.linalg.norm(self.inputs @ weights - self.wanted) / np.sqrt(len(self.wanted)))

    def gradient(self, weights: Array) -> Array:
        """By how much the loss grows with each weight."""
        off = self.inputs @ weights - self.wanted
        slope: Array = off @ self.inputs / (len(off) * self.loss(weights))
        return slope


@dataclass(frozen=True)
class Training:
    """The student's step on a training whose numbers are known."""

    student: Any
    work: Any
    weights: Array
    rate: float

    def step(self, lesson: Lesson, max_norm: float) -> Any:
        work = self.work
        return self.student.training_step(
            work.policy, lesson.batch(), work.optimiser, work.accelerator, max_norm=max_norm
        )

    def moved(self, weights: Array, gradient: Array, max_norm: float) -> Array:
        """Where one step from these weights leads."""
        norm = float(np.linalg.norm(gradient))
        return weights - self.rate * gradient * min(1.0, max_norm / norm)

    def clipped_scaled(self, weights: Array, gradient: Array, max_norm: float) -> Array:
        """Where it leads if the gradient is shortened while it is still scaled."""
        moved: Array = weights + (self.moved(weights, SCALE * gradient, max_norm) - weights) / SCALE
        return moved

    def now(self) -> Array:
        """The weights as they are."""
        found: Array = np.asarray(self.work.weights(), dtype=np.float64)
        return found


def some_training(student: Any, rng: np.random.Generator, scale: float = SCALE) -> Training:
    weights, rate = rng.normal(size=3), float(rng.uniform(0.05, 0.2))
    return Training(student, beside(student, ScriptedTraining)(weights.tolist(), rate, scale), weights, rate)


def some_lesson(rng: np.random.Generator, size: float = 1.0) -> Lesson:
    return Lesson(size * rng.normal(size=(6, 3)), size * rng.normal(2.0, 1.0, 6))


def expect_order(history: Sequence[str], clipped_scaled: bool) -> None:
    """Expect one forward under autocast, then gradients, clipping and a step, all outside of it.

    `clipped_scaled` says whether the weights are those of a gradient that was clipped while it was scaled.
    """
    found, mistake = list(history), None
    if "forward" in found:
        mistake = "autocast-forgotten"
    elif "forward under autocast" not in found:
        mistake = "forward-by-hand"
    elif (
        "backward under autocast" in found or "clip under autocast" in found or "step under autocast" in found
    ):
        mistake = "all-under-autocast"
    elif "backward" not in found:
        mistake = "backward-of-its-own"
    elif "step" not in found:
        mistake = "no-step"
    elif "clip" not in found:
        mistake = "not-unscaled" if clipped_scaled else "not-clipped"
    elif found.index("clip") > found.index("step"):
        mistake = "clipped-too-late"
    elif found.index("clip") < found.index("backward"):
        mistake = "clipped-too-early"
    elif found.count("forward under autocast") > 1:
        mistake = "loss-after-the-step"
    expect(
        found == list(RIGHT_ORDER),
        "the parts of the step come in another order, or not once each",
        got=", ".join(found),
        expected=", ".join(RIGHT_ORDER),
        mistake=mistake,
    )
