"""Action heads with weights and limits by chance, and what they should say, worked out with NumPy."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.special import expit
from torch import Tensor

from shown.day1_fundamentals.weights import perceptron
from shown.slips import Case, either
from vla_course.course.checking.judging import expect
from vla_course.learning.model.answers import JointActions
from vla_course.learning.model.joint_range import JointRange

Array = NDArray[np.float64]
Answer = tuple[Array, Array, Array]
"""logits, actions, targets"""

NAMES = ("logits", "actions", "targets")


@dataclass(frozen=True)
class Head:
    """An action head of some width for n joints."""

    limits: JointRange
    weights: dict[str, Array]

    @property
    def width(self) -> int:
        return self.weights["perceptron.0.bias"].size

    def built(self, student: Any, dtype: torch.dtype = torch.float64) -> Any:
        """The student's, with these weights."""
        head = student.ActionHead(self.width, self.limits).to(dtype).eval()
        head.load_state_dict({name: torch.tensor(value, dtype=dtype) for name, value in self.weights.items()})
        return head

    def logits(self, features: Array) -> Array:
        return perceptron(self.weights, "perceptron", features)

    def targets(self, actions: Array) -> Array:
        """rad, read off the straight line of each joint; beyond its ends the line is flat."""
        flat = actions.reshape(-1, actions.shape[-1])
        ends = zip(flat.T, self.limits.lower, self.limits.upper, strict=True)
        columns = [np.interp(column, (-1.0, 1.0), (low, high)) for column, low, high in ends]
        return np.stack(columns, axis=1).reshape(actions.shape)

    def answer(self, features: Array) -> Answer:
        logits = self.logits(features)
        actions = 1.0 - 2.0 * expit(-2.0 * logits)
        return logits, actions, self.targets(actions)

    def slips(self, features: Array, got: JointActions) -> dict[str, Answer]:
        """What known mistakes say."""
        logits, actions, targets = self.answer(features)
        low, high = (np.asarray(end, dtype=float) for end in (self.limits.lower, self.limits.upper))
        twice, cut, share = np.tanh(actions), np.clip(logits, -1.0, 1.0), expit(logits)
        half = actions * (high - low) / 2.0
        return {
            "tanh-twice": (logits, twice, self.targets(twice)),
            "cut-not-bent": (logits, cut, self.targets(cut)),
            "unbounded": (logits, logits, self.targets(logits)),
            "sigmoid": (logits, share, either(got.targets, low + share * (high - low), self.targets(share))),
            "limits-swapped": (logits, actions, self.targets(-actions)),
            "degrees": (logits, actions, np.degrees(targets)),
            "range-doubled": (
                logits,
                actions,
                either(got.targets, targets + half, self.targets(2.0 * actions)),
            ),
            "middle-forgotten": (logits, actions, either(got.targets, half, np.clip(half, low, high))),
            "upper-limit-alone": (
                logits,
                actions,
                either(got.targets, actions * high, np.clip(actions * high, low, high)),
            ),
            "logits-bounded": (actions, actions, targets),
            "order-of-the-answer": (logits, targets, actions),
        }

    def cases(self, student: Any, features: Array, what: str) -> list[Case]:
        """Logits, actions and targets for these features."""
        got = asked(self.built(student), torch.tensor(features))
        right, slips = self.answer(features), self.slips(features, got)
        for name in NAMES[1:]:
            kind = getattr(got, name).dtype
            expect(
                kind is torch.float64,
                f"the {name} have not the type of the limits, float64 here",
                got=kind,
                expected=torch.float64,
                mistake="another-type",
            )
        return [
            Case(
                f"{what}: {name}",
                getattr(got, name),
                right[i],
                {slip: gives[i] for slip, gives in slips.items()},
            )
            for i, name in enumerate(NAMES)
        ]


def asked(head: Any, features: Tensor) -> JointActions:
    """What the student's head says."""
    got = head(features)
    expect(
        isinstance(got, JointActions),
        "a head answers with JointActions(logits, actions, targets)",
        got=type(got).__name__,
        mistake="bare-answer",
    )
    for name in NAMES:
        value = getattr(got, name)
        expect(isinstance(value, Tensor), f"the {name} are no tensor", got=type(value).__name__)
    return JointActions(got.logits.detach(), got.actions.detach(), got.targets.detach())


def some_head(rng: np.random.Generator, joints: int, width: int = 12) -> Head:
    """Its joints bend differently far to both sides, some to one side alone."""
    lower = rng.uniform(-2.5, 0.5, joints)
    shapes = {
        "0.weight": (width, width),
        "0.bias": (width,),
        "2.weight": (joints, width),
        "2.bias": (joints,),
    }
    return Head(
        JointRange(lower.astype(np.float32), (lower + rng.uniform(0.4, 3.0, joints)).astype(np.float32)),
        {f"perceptron.{name}": rng.normal(0.0, 0.4, shape) for name, shape in shapes.items()},
    )


def constant_head(rng: np.random.Generator, logits: Array) -> Head:
    """A head that says the same whatever it is asked."""
    head = some_head(rng, logits.size)
    silent = {name: np.zeros_like(value) for name, value in head.weights.items()}
    return Head(head.limits, {**silent, "perceptron.2.bias": logits})
