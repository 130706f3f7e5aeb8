"""What a robot has tried, and the loss that it should learn from: sample by sample."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from shown.slips import Case
from vla_course.course.checking.judging import Mismatch
from vla_course.learning.reinforcement.policy_loss import PolicyLoss

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Trials:
    """Log probabilities (B,) of the new and the old policy, advantages (B,), and the clip."""

    new: Array
    old: Array
    gains: Array
    clip: float

    def tensors(self) -> list[Any]:
        """As `clipped_objective` takes them."""
        return [torch.tensor(self.new), torch.tensor(self.old), torch.tensor(self.gains), self.clip]

    def gone_far(self) -> Trials:
        """The same, two actions of which are e^5 times as probable as before or less, and one advantage is 0."""
        new, gains = self.new.copy(), self.gains.copy()
        new[:2], gains[:3] = self.old[:2] + [5.0, -5.0], [-1.0, 1.0, 0.0]
        return replace(self, new=new, gains=gains)

    def of_many_joints(self) -> Trials:
        """The same, with densities that are too small for a number, as those of many joints are."""
        return replace(self, new=self.new - 900.0, old=self.old - 900.0)

    def just_beyond(self) -> Trials:
        """The same, three ratios of which are beyond the clip, and their logarithms are not."""
        new = self.new.copy()
        new[:3] = self.old[:3] + np.log((1.0 + self.clip + math.exp(self.clip)) / 2.0)
        return replace(self, new=new)

    def asked(self, student: Any) -> PolicyLoss:
        """The student's answer."""
        answer = student.clipped_objective(*self.tensors())
        if not isinstance(answer, PolicyLoss):
            raise Mismatch("clipped_objective should return a PolicyLoss", got=type(answer).__name__)
        return answer

    def ratios(self) -> list[float]:
        """How much more probable each action has become."""
        return [math.exp(new - old) for new, old in zip(self.new, self.old, strict=True)]

    def mean(self, each: Callable[[float, float], float]) -> float:
        """The mean over the samples of something of ratio and advantage."""
        pairs = list(zip(self.ratios(), self.gains.tolist(), strict=True))
        return math.fsum(each(ratio, gain) for ratio, gain in pairs) / len(pairs)

    def held(self, ratio: float) -> float:
        """The ratio, no farther than the clip from 1."""
        low, high = 1.0 - self.clip, 1.0 + self.clip
        return low if ratio < low else high if ratio > high else ratio

    def loss(self) -> float:
        """Worked out by where the ratio lies, and whether the action was better or worse than expected."""

        def each(ratio: float, gain: float) -> float:
            stops = ratio > 1.0 + self.clip if gain > 0.0 else ratio < 1.0 - self.clip
            return -(self.held(ratio) if stops else ratio) * gain

        return self.mean(each)

    def loss_case(self, student: Any, what: str) -> Case:
        """The loss, and what known mistakes give."""
        gains = self.gains.tolist()
        turned = Trials(self.old, self.new, self.gains, self.clip)
        logs = [min(new - old, 1e9) for new, old in zip(self.new, self.old, strict=True)]
        of_logs = [-min((log * gain), self.held(log) * gain) for log, gain in zip(logs, gains, strict=True)]
        quotients = (self.new / self.old).tolist()
        of_quotients = [
            -min(ratio * gain, self.held(ratio) * gain) for ratio, gain in zip(quotients, gains, strict=True)
        ]
        around_zero = self.mean(lambda r, g: -min(r * g, max(-self.clip, min(self.clip, r)) * g))
        spread = self.gains.std() + 1e-8
        levelled = Trials(self.new, self.old, (self.gains - self.gains.mean()) / spread, self.clip)
        mistakes = {
            "uphill": -self.loss(),
            "ratio-inverted": turned.loss(),
            "ratio-of-logs": float(np.mean(of_quotients)),
            "not-exponentiated": float(np.mean(of_logs)),
            "not-clipped": self.mean(lambda r, g: -r * g),
            "always-clipped": self.mean(lambda r, g: -self.held(r) * g),
            "the-better-one": self.mean(lambda r, g: -max(r * g, self.held(r) * g)),
            "held-around-zero": around_zero,
            "summed": self.loss() * len(gains),
            "normalised": levelled.loss(),
            "log-probability": float(-np.mean(self.new * self.gains)),
        }
        return Case(what, self.asked(student).loss, self.loss(), mistakes)

    def rest_case(self, student: Any, what: str) -> Case:
        """Fraction clipped and divergence (2,), and what known mistakes give."""
        count = len(self.new)
        far = sum(abs(ratio - 1.0) > self.clip for ratio in self.ratios()) / count
        stopped = self.mean(lambda r, g: float(min(r * g, self.held(r) * g) != r * g))
        kl = self.mean(lambda r, g: r - 1.0 - math.log(r))
        plain = float(np.mean(self.old - self.new))
        inverse = self.mean(lambda r, g: 1.0 / r - 1.0 + math.log(r))
        mistakes = {
            "clipped-where-it-stops": [stopped, kl],
            "clipped-counted": [far * count, kl],
            "not-far-but-near": [1.0 - far, kl],
            "clipped-by-logarithm": [float(np.mean(np.abs(self.new - self.old) > self.clip)), kl],
            "plain-divergence": [far, plain],
            "squared-divergence": [far, 0.5 * float(np.mean((self.new - self.old) ** 2))],
            "divergence-turned-round": [far, inverse],
            "divergence-negative": [far, -kl],
        }
        got = self.asked(student)
        return Case(what, [got.clipped, got.kl], [far, kl], mistakes)


def some_trials(rng: np.random.Generator, count: int, spread: float = 0.35) -> Trials:
    """Samples of which some are far from the old policy on either side, with gains of either sign."""
    old = rng.normal(-2.0, 0.5, count)
    ratio = np.exp(spread * rng.normal(size=count))
    ratio[:4], gains = [1.6, 1.7, 0.5, 0.4], rng.normal(0.3, 1.0, count)
    gains[:4] = np.abs(gains[:4]) * [1.0, -1.0, 1.0, -1.0]
    order = rng.permutation(count)
    return Trials((old + np.log(ratio))[order], old[order], gains[order], float(rng.uniform(0.15, 0.3)))
