"""From features to joints: bounded actions, what they mean in radians, and how sure the model is."""

import torch
from torch import Tensor, nn

from vla_course.course.exercise import NotAttempted, exercise
from vla_course.learning.model.answers import JointActions
from vla_course.learning.model.exact_buffers import ExactBuffers
from vla_course.learning.model.joint_range import JointRange


class ActionHead(ExactBuffers):
    """Says where each joint should go.

    Args:
        hidden_size: of the features.
        limits: lower and upper limit of each of the n joints, rad.
    """

    def __init__(self, hidden_size: int, limits: JointRange) -> None:
        super().__init__()
        self.perceptron = nn.Sequential(
            nn.Linear(hidden_size, hidden_size), nn.GELU(), nn.Linear(hidden_size, len(limits.lower))
        )
        self.lower: Tensor
        self.upper: Tensor
        self.register_buffer("lower", torch.tensor(limits.lower), persistent=False)
        self.register_buffer("upper", torch.tensor(limits.upper), persistent=False)

    @exercise("1.5")
    def forward(self, features: Tensor) -> JointActions:
        """Return logits, actions and joint targets, each (..., n), of the features (..., hidden).

        The logits are what `perceptron` says, any numbers at all. The hyperbolic tangent bounds them: actions
        in [-1, 1]. An action of -1 means the lower limit of its joint, 1 the upper one (`lower`, `upper` (n,)
        rad), and what is between lies on a straight line:

            target = middle + action (upper - lower) / 2

        Actions and targets have the type of `lower` and `upper`, whatever the logits have. In a model of bfloat16
        the limits stay float32: bfloat16 keeps eight bits, and near the end of a joint's range that is half a
        degree. No rounding may carry a target over its limit.
        """
        raise NotAttempted("1.5")


class ConfidenceHead(nn.Module):
    """Says how probably what the model is about to do will succeed, (batch,) in (0, 1).

    It begins at 2 % by construction, whatever it sees: a model that has never been trained should not claim more.
    """

    UNTRAINED = -3.9
    """log-odds of 2 %"""

    def __init__(self, hidden_size: int) -> None:
        super().__init__()
        self.linear = nn.Linear(hidden_size, 1)
        nn.init.zeros_(self.linear.weight)
        nn.init.constant_(self.linear.bias, self.UNTRAINED)

    def forward(self, features: Tensor) -> Tensor:
        """Return the probability (batch,) float32 for features (batch, hidden)."""
        confidence: Tensor = torch.sigmoid(self.linear(features).float()).squeeze(-1)
        return confidence
