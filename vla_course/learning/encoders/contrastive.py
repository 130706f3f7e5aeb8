"""Pictures and words in one space: projections, the similarity of both, and the loss that shapes them.

The loss is SigLIP's (Zhai, Mustafa, Kolesnikov and Beyer 2023, equation 1): every pair of a picture and a text is a
question of its own, true or false, answered by a sigmoid of scale * cosine + bias.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional as F


class SharedSpace(nn.Module):
    """Takes the features of two encoders into one space, where a text is near to the pictures that it is true of.

    A picture is compared twice: as a whole, and by that patch which fits best. The second finds things (its
    similarities are a heat map), the first knows how many and where.

    Args:
        vision_width: channels of a patch.
        patches: how many a picture has; each has a learnt position.
        language_width: channels of a token.
        width: of the shared space.
    """

    def __init__(self, vision_width: int, patches: int, language_width: int, width: int = 128) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(vision_width)
        self.patch = nn.Linear(vision_width, width)
        self.position = nn.Parameter(0.3 * torch.randn(patches, width))
        self.whole = nn.Linear(width, width)
        self.text = nn.Linear(language_width, width)
        self.scale = nn.Parameter(torch.full((2,), 2.3))  # exp: 10, as in the paper
        self.bias = nn.Parameter(torch.full((2,), -4.0))

    def picture(self, patches: Tensor, which: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """Return the whole picture (B, width) and its patches (B, T, width), of length 1, from (B, T, vision).

        Args:
            which: (B, T) int64: of a part of a picture, which patches of the whole these are; default all.
        """
        position = self.position if which is None else self.position[which]
        near = self.patch(self.norm(patches)) + position
        return F.normalize(self.whole(F.gelu(near).mean(1)), dim=-1), F.normalize(near, dim=-1)

    def words(self, tokens: Tensor, mask: Tensor) -> Tensor:
        """Return texts (P, width) of length 1: the mean of the tokens (P, L, language) that `mask` (P, L) keeps."""
        kept = mask.unsqueeze(-1).to(tokens.dtype)
        return F.normalize(self.text((tokens * kept).sum(1) / kept.sum(1)), dim=-1)

    def whole_logits(self, whole: Tensor, text: Tensor) -> Tensor:
        """Return the log odds (B, P) that each text is true of each picture, by the whole."""
        return self.scale[0].exp() * whole @ text.T + self.bias[0]

    def patch_logits(self, patches: Tensor, text: Tensor) -> Tensor:
        """Return the same by the best patch."""
        cosines = torch.einsum("btw,pw->bpt", patches, text)
        return self.scale[1].exp() * cosines.amax(-1) + self.bias[1]


def sigmoid_loss(logits: Tensor, true: Tensor, told: Tensor) -> Tensor:
    """Return SigLIP's loss of log odds (B, P): summed over texts that are told, averaged over pictures."""
    each = F.binary_cross_entropy_with_logits(logits.float(), true.float(), reduction="none")
    return (each * told).sum() / len(logits)
