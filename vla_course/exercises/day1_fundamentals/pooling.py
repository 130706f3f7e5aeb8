"""One vector for many tokens."""

import torch
from torch import Tensor

from vla_course.course.exercise import NotAttempted, exercise


@exercise("1.2")
def masked_mean(tokens: Tensor, mask: Tensor) -> Tensor:
    """Return the mean (batch, width) of the tokens (batch, t, width) that are there.

    `mask` (batch, t), bool or 0 and 1, is true where there is a token and false where a short sentence was
    padded. What stands in the padding must not matter, not even inf or nan; in a token that is there they come
    through, for whoever hides them hides what is broken. A row without any token gives zeros. The answer has the
    type of `tokens`, and is made in no coarser one.
    """
    raise NotAttempted("1.2")
