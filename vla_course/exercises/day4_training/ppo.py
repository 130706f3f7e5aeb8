"""Getting better by trying, in steps that are not larger than the evidence."""

import torch
from torch import Tensor

from vla_course.course.exercise import NotAttempted, exercise
from vla_course.learning.reinforcement.policy_loss import PolicyLoss


@exercise("4.10")
def clipped_objective(
    log_probs: Tensor, old_log_probs: Tensor, advantages: Tensor, clip: float
) -> PolicyLoss:
    """Return the loss of proximal policy optimisation (Schulman et al. 2017, equation 7), and how far it has come.

    The robot has tried something and we know how much better than expected it was. Actions that were better are to
    become more probable - but the evidence is that of the old policy's trials: for a policy far from it, it says
    nothing, and a humanoid that takes one step too far in its weights falls from then on. So each sample has two
    surrogates: its advantage weighed by the ratio of the new policy's probability of the action to the old one's, and
    the same with the ratio held within `clip` of 1. What counts is the more pessimistic of the two, sample by
    sample: nothing is gained by leaving the neighbourhood, and what was lost by it can still be mended.

    Args:
        log_probs: (B,), natural logarithms of the new policy's probability densities of the actions taken.
        old_log_probs: (B,), those of the policy that took them.
        advantages: (B,), as they are: not normalised here.
        clip: above 0 and below 1.

    Returns:
        `loss`: a scalar to go downhill on, the mean over the samples. A gradient goes to `log_probs` alone.
        `clipped`: a number, the fraction of the samples whose ratio is farther than `clip` from 1, whether that
        changed anything or not. `kl`: a number, the mean of (ratio - 1 - log ratio), which is never negative and
        estimates the divergence of the old policy from the new without bias (Schulman 2020): when it grows, stop.

    Raises:
        ValueError: the three are not of one shape (B,), B at least 1 (torch would make a table of (B, 1) and (B,)),
            or `clip` is out of range.
    """
    raise NotAttempted("4.10")
