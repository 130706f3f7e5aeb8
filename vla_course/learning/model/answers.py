"""What the parts of a vision-language-action model hand on and answer: records of exercises and frame alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True, eq=False)
class JointActions:
    """What an action head says."""

    logits: Tensor
    """(..., n), before they are bounded"""
    actions: Tensor
    """(..., n) in [-1, 1]: the lower and the upper limit of each joint"""
    targets: Tensor
    """(..., n) float32, rad, within the limits"""


@dataclass(frozen=True, eq=False)
class TaskPlan:
    """What the robot believes it is asked for, and the steps that it means to take."""

    task_probabilities: Tensor
    """(batch, tasks), each row adds up to 1"""
    task_sequence: Tensor
    """(batch, steps, words) logits: which word of the plan comes at each step"""


@dataclass(frozen=True, eq=False)
class HumanoidPrediction:
    """All that `HumanoidVLA` says at once."""

    actions: Tensor
    """(batch, steps, 28) in [-1, 1]"""
    targets: Tensor
    """(batch, steps, 28) float32, rad"""
    confidence: Tensor
    """(batch,) in (0, 1): how probable the model holds it that this will do what was asked"""


@dataclass(frozen=True, eq=False)
class Encoded:
    """What the encoders say of pictures and commands: with frozen encoders it can be kept and used again."""

    cameras: tuple[Tensor, ...]
    """of each camera (batch, patches, width)"""
    words: Tensor
    """(batch, words, width)"""
    word_mask: Tensor
    """(batch, words), 0 for padding"""
    finer: tuple[Tensor, ...] = ()
    """of each camera (batch, 4 * patches, channels): the stage before the last, where the encoder has one"""
