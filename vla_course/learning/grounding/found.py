"""What a grounder finds: where the named thing is in each picture, whether it shows there, and how sure that is."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True, eq=False)
class Grounding:
    """One role of B sentences in the pictures of C cameras.

    The place is a mixture: each of P patches says with its share how probable it is that the thing is near, and where.
    """

    logits: Tensor
    """(B, C, P), of patches row by row; their softmax are the shares"""
    pixels: Tensor
    """(B, C, 2) float32, (u, v) of the most probable place, in pixels of the picture"""
    shows: Tensor
    """(B, C) in (0, 1): how probable it is that the thing shows in the picture"""
    confidence: Tensor
    """(B, C) in (0, 1): how probable it is that it shows and the pixel is on it"""
    features: Tensor
    """(B, C, width), of the patches, weighted by their shares"""
    centres: Tensor
    """(B, C, P, 2) pixels, where each patch holds the thing to be"""
    spread: Tensor
    """(B, C, P) pixels, the mean deviation of that, along each axis"""

    def score(self, camera: int, pixels: Tensor, sample: int = 0) -> Tensor:
        """Return the log of the probability density (N,), 1/pixel^2, that the thing's middle is at `pixels` (N, 2).

        Given that it shows: weigh it with `shows` to compare cameras.

        Args:
            camera: index of the camera.
            pixels: (u, v), any number.
            sample: which of the B.

        Raises:
            ValueError: pixels of another shape, or no such camera.
        """
        if pixels.ndim != 2 or pixels.shape[1] != 2:
            raise ValueError(f"pixels are {tuple(pixels.shape)}, expected (N, 2)")
        if not 0 <= camera < self.logits.shape[1]:
            raise ValueError(f"camera is {camera}, expected 0 to {self.logits.shape[1] - 1}")
        return log_density(
            self.logits[sample, camera], self.centres[sample, camera], self.spread[sample, camera], pixels
        )


def log_density(logits: Tensor, centres: Tensor, spread: Tensor, pixels: Tensor) -> Tensor:
    """Return the log density (N,) of a mixture of P two-sided exponentials (Laplace) at `pixels` (N, 2)."""
    gap = (pixels[:, None, :] - centres[None]).abs().sum(-1)
    each = -gap / spread - 2.0 * (2.0 * spread).log()
    return torch.logsumexp(logits.log_softmax(-1) + each, -1)
