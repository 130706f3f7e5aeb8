"""Words that tell an eye what to look for: feature-wise linear modulation."""

import torch
from torch import Tensor, nn

from vla_course.course.exercise import NotAttempted, exercise


class FiLM(nn.Module):
    """Scales and shifts each channel of what is seen, by what is said (Perez et al. 2018).

    `modulation` makes 2 `width` numbers of the words: first how much more or less each channel counts, then by
    how much it is shifted. Its weights begin at zero, so that it begins by saying nothing.

    Args:
        width: W, channels of a feature.
        words: C, numbers that the command is given as.
    """

    def __init__(self, width: int, words: int) -> None:
        super().__init__()
        self.modulation = nn.Linear(words, 2 * width)
        nn.init.zeros_(self.modulation.weight)
        nn.init.zeros_(self.modulation.bias)

    @exercise("4.5")
    def forward(self, features: Tensor, words: Tensor) -> Tensor:
        """Return features (B, N, W) in which each channel is scaled and shifted as the words of its sample say.

        The same patch of red is what matters for "the red cup" and nothing but background for "the green box": the
        words decide which channels are loud before anything is chosen. Every patch of a sample is scaled and
        shifted alike; where to look is not decided here.

        An untrained `FiLM`, whose modulation says zero, returns the features as they are: a policy that has learnt
        to see is not blinded by being taught to listen. The numbers for scaling and shifting are not
        bounded; a channel may be turned off, or round.

        Args:
            features: (B, N, W), a row of N patches for each sample.
            words: (B, C), one vector for each sample's command.

        Raises:
            ValueError: there are not as many rows of words as of features. (Torch would broadcast a single command
                to all robots of the batch.)
        """
        raise NotAttempted("4.5")
