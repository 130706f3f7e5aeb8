"""A new task in a few thousand weights: low-rank adaptation of a layer that stays as it is."""

import math

import torch
from torch import Tensor, nn
from torch.nn import functional

from vla_course.course.exercise import NotAttempted, exercise
from vla_course.learning.training.layers import linear_of


class LoRALinear(nn.Module):
    """A layer that is frozen, and a change of low rank beside it that is learnt (Hu et al. 2021).

    `down` takes the input to `rank` numbers, `up` takes those to the output. `up` begins at zero, so that the
    layer begins as it was.

    Args:
        base: the layer that stays; its weights are frozen.
        rank: of the change, from 1 to the smaller side of the layer.
        alpha: how much the change weighs.

    Raises:
        ValueError: the rank is out of range.
    """

    def __init__(self, base: nn.Linear, rank: int, alpha: float) -> None:
        super().__init__()
        if not 1 <= rank <= min(base.in_features, base.out_features):
            sides = f"{base.in_features} inputs and {base.out_features} outputs"
            raise ValueError(f"rank is {rank}, expected 1 to the smaller of {sides}")
        self.base = base.requires_grad_(False)
        self.rank, self.alpha = rank, alpha
        self.down = nn.Parameter(base.weight.new_empty(rank, base.in_features))
        self.up = nn.Parameter(base.weight.new_zeros(base.out_features, rank))
        nn.init.kaiming_uniform_(self.down, a=math.sqrt(5.0))

    @exercise("4.8")
    def forward(self, x: Tensor) -> Tensor:
        """Return (..., out) of x (..., in): what `base` says, and the learnt change.

        A policy that can walk and grasp is to learn one thing more from twenty demonstrations. Let all of its weights
        follow those twenty and it forgets how to stand. Here the old layer is not touched: the new task gets
        two thin matrices beside it, and whoever leaves them out has the old robot back.

        The change is what `up` makes of what `down` makes of x, weighed by `alpha` over `rank`: so a learning rate
        that was found with one rank will do for another. The two products are taken one after the other; the
        change as a whole matrix is never needed here, and `base` is only ever read.
        """
        # BEGIN SOLUTION
        change = functional.linear(functional.linear(x, self.down), self.up)
        return self.base(x) + self.alpha / self.rank * change
        # END SOLUTION

    @torch.no_grad()
    def merged(self) -> nn.Linear:
        """Return one plain layer that says the same: a robot needs no trace of how it was taught.

        It is found by asking: a layer is known from what it makes of zero, and of each input alone.
        """
        bias = self(self.base.weight.new_zeros(self.base.in_features))
        each = self(torch.eye(self.base.in_features).to(self.base.weight))
        return linear_of((each - bias).T, None if self.base.bias is None else bias)
