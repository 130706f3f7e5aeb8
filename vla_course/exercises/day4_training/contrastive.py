"""Learning to see from pairs that belong together: pictures and words, or two moments of one rollout."""

import torch
from torch import Tensor
from torch.nn import functional

from vla_course.course.exercise import NotAttempted, exercise


@exercise("4.7")
def info_nce(one: Tensor, other: Tensor, temperature: float | Tensor, same: Tensor | None = None) -> Tensor:
    """Return the symmetric InfoNCE loss of pairs, a scalar (van den Oord et al. 2018; Radford et al. 2021).

    Row i of `one` and row i of `other` belong together: a picture and what was said of it, or two moments of a
    rollout that lie close together in time (Sermanet et al. 2018). Nobody has to name anything: it is enough to
    tell a pair from all the pairs that could be made of the batch. Each row of `one` picks its partner out of all
    rows of `other`, by a softmax over their cosines divided by the temperature; its loss is the negative log
    probability of the right one. Each row of `other` picks its partner out of `one` in the same way. The loss is the
    mean over both directions, and over all rows.

    A robot is told "the red cup" a hundred times a day. In a batch of many, other samples mean the same; pushing
    them away teaches that red cups differ. `same` says which: such a pair is no negative, and it does not take part in
    the choice, in neither direction. It is no second partner either.

    (The course's own encoders were trained with SigLIP's loss, `vla_course.learning.encoders.contrastive`: there each
    pair is a question of its own, and several texts may be true of a picture.)

    Args:
        one, other: (B, W), of any length: only their directions count. B is at least 2, or nothing is to be told
            from anything.
        temperature: above 0; the smaller, the more the hardest negatives matter. A tensor may be learnt.
        same: (B, B) bool, True where row i of `one` means the same as row j of `other`; what it says of a row and
            its own partner does not matter. None: every other row is a negative.

    Raises:
        ValueError: `one` and `other` are not of one shape (B, W) with B at least 2, or the temperature is not
            above 0.
    """
    raise NotAttempted("4.7")
