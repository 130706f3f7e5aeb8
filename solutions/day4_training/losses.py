"""How wrong a predicted chunk is: by what counts, and by nothing else."""

import torch
from torch import Tensor

from vla_course.course.exercise import NotAttempted, exercise


@exercise("4.3")
def chunk_loss(
    predicted: Tensor, target: Tensor, mask: Tensor, committed: Tensor, weights: Tensor | None = None
) -> Tensor:
    """Return the mean absolute error of predicted chunks over the numbers that count, a scalar.

    Two kinds of steps do not count. Padding: it never happened, and a policy that is praised for it learns to
    stand still near the end of every task, where it should grasp. And the committed prefix: while a robot thinks
    it goes on moving, so the first steps of its next chunk are decided already; they are given to the policy, not
    asked of it (Black, Ren, Equi and Levine 2025: training-time action conditioning).

    It is one mean over all numbers of the batch that count, each with its weight: neither a mean of the chunks'
    means, in which one step of a chunk that is nearly over would weigh as much as sixteen of another, nor a sum
    divided by how many numbers there would be without mask and prefix.

    Args:
        predicted: (B, H, A); under autocast it may be bfloat16.
        target: (B, H, A), what the expert did, normalised. Where it does not count it may be anything, nan too.
        mask: (B, H) bool, True where the step is the episode's own.
        committed: (B,) int64, how many first steps of each chunk are given: 0 for none, H or more for all.
        weights: (A,), not negative, how much each number of an action matters; None: all alike. Twice the weights
            are the same loss.

    Returns:
        A scalar of the type of `target`, with its gradient, which is finite even where a prediction is exactly
        right. Where nothing counts in the whole batch, or all weights are 0, it is 0, and so is its gradient: the
        step is wasted, the policy is not.

    Raises:
        ValueError: `predicted` has not the shape of `target`. (Torch would broadcast a chunk of one step over all
            of them.)
    """
    # BEGIN SOLUTION
    if predicted.shape != target.shape:
        raise ValueError(
            f"predicted is {tuple(predicted.shape)}, expected that of target, {tuple(target.shape)}"
        )
    steps = torch.arange(target.shape[1], device=target.device)
    counts = mask & (steps >= committed.unsqueeze(1))
    # Chosen before they are subtracted: an error of nan would come back with the gradient, times 0 or not.
    errors = (predicted[counts].to(target.dtype) - target[counts]).abs()
    weighing = target.new_ones(target.shape[2]) if weights is None else weights.to(target.dtype)
    total = weighing.sum() * len(errors)
    return (errors * weighing).sum() / torch.where(total > 0, total, 1.0)
    # END SOLUTION
