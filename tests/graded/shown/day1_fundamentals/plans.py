"""Tokens to be pooled and read, what the planning head should say of them, and what known mistakes say."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from shown.day1_fundamentals.weights import Array, Weights, array, linear, perceptron
from shown.slips import Case, in_float32
from vla_course.course.checking.judging import Mismatch, expect
from vla_course.learning.model.answers import TaskPlan
from vla_course.learning.model.vla_config import END, VLAConfig

CONFIG = VLAConfig(
    hidden_size=16,
    num_attention_heads=2,
    tasks=("look", "go to", "pick up"),
    plan_steps=(END, "walk", "reach", "grasp", "lift"),
    max_task_sequence_length=4,
)
STEPS, WORDS = CONFIG.max_task_sequence_length, CONFIG.vocab_size


@dataclass(frozen=True)
class Reading:
    """Fused tokens (batch, t, hidden) and the mask (batch, t) of those that are there."""

    tokens: torch.Tensor
    mask: torch.Tensor

    def answer(self, head: Any) -> TaskPlan:
        """The student's answer."""
        plan = head(self.tokens, self.mask)
        if not isinstance(plan, TaskPlan):
            raise Mismatch("the head should return a TaskPlan", got=type(plan).__name__)
        return plan

    def pooled(self) -> dict[str, Array]:
        """One vector for each row, and what is pooled by mistake."""
        rows = list(zip(array(self.tokens), self.mask.bool().numpy(), strict=True))
        return {
            "": np.array([row[there].mean(axis=0) for row, there in rows]),
            "padding-counted": np.array([row.mean(axis=0) for row, _ in rows]),
            "mask-inverted": np.array([row[~there].mean(axis=0) for row, there in rows]),
            "first-token-only": np.array([row[0] for row, _ in rows]),
        }

    def task_case(self, head: Any, weights: Weights) -> Case:
        """The probabilities of the tasks."""
        vectors = self.pooled()
        logits = linear(weights, "task_classifier", vectors[""])
        right = shares(logits)
        told = self.answer(head).task_probabilities
        kind = getattr(told, "dtype", type(told))
        expect(
            kind is self.tokens.dtype,
            "the probabilities are of another type than the tokens",
            got=kind,
            expected=self.tokens.dtype,
            mistake="another-type",
        )
        mistakes = {
            "logits-for-probabilities": logits,
            "logarithms-for-probabilities": np.log(right),
            "each-task-alone": 1.0 / (1.0 + np.exp(-logits)),
            "shared-among-samples": shares(logits.T).T,
            **{
                name: shares(linear(weights, "task_classifier", vector))
                for name, vector in vectors.items()
                if name
            },
        }
        return Case("task probabilities", told, right, {**mistakes, "another-type": in_float32(told, right)})

    def plan_case(self, head: Any, weights: Weights) -> Case:
        """The logits of the plan."""
        flat = perceptron(weights, "task_decoder", self.pooled()[""])
        right = np.array([np.split(row, STEPS) for row in flat])
        by_words = np.array([np.split(row, WORDS) for row in flat])
        mistakes = {
            "not-in-steps": flat,
            "words-before-steps": by_words,
            "word-after-word": by_words.transpose(0, 2, 1),
            "plan-of-probabilities": shares(right),
        }
        return Case("plan", self.answer(head).task_sequence, right, mistakes)


def shares(logits: Array) -> Array:
    """Numbers along the last axis that add up to 1 and are to each other as the exponentials of the logits."""
    with np.errstate(over="ignore"):
        return 1.0 / np.exp(logits[..., None, :] - logits[..., :, None]).sum(axis=-1)


def some_reading(
    rng: np.random.Generator, batch: int = 2, count: int = 6, dtype: torch.dtype = torch.float64
) -> Reading:
    """Rows of different lengths, at least one token there and one not; garbage where there is none."""
    there = rng.permuted(np.arange(count) < rng.integers(2, count, size=(batch, 1)), axis=1)
    tokens = rng.normal(size=(batch, count, CONFIG.hidden_size))
    return Reading(torch.from_numpy(tokens).to(dtype), torch.from_numpy(there))
