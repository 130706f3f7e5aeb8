"""What learns to see: a small head on frozen patches, or a small encoder that begins with nothing.

Both say of every picture 144 patches, 12 rows of 12, each `WIDTH` numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as F

from vla_course.learning.encoders.frozen import FrozenEncoders

WIDTH: Final = 64
GRID: Final = 12
Inputs = tuple[Tensor, ...]
"""what a model is given of N pictures"""


class PatchHead(nn.Module):
    """Two layers on what the frozen vision encoder says of each patch and of those around it."""

    def __init__(self, coarse: int = 128, finer: int = 64) -> None:
        super().__init__()
        self.layers = nn.Sequential(nn.Linear(coarse + finer, 96), nn.GELU(), nn.Linear(96, WIDTH))

    def forward(self, coarse: Tensor, finer: Tensor) -> Tensor:
        """Return (N, 144, WIDTH) of (N, 36, coarse) and (N, 144, finer)."""
        features: Tensor = self.layers(both_stages(coarse, finer))
        return features


class SmallEncoder(nn.Module):
    """Three convolutions, from pictures; it begins with nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv2d(3, 32, 4, stride=4),
            nn.GELU(),
            nn.Conv2d(32, WIDTH, 3, stride=2, padding=1),
            nn.GroupNorm(8, WIDTH),
            nn.GELU(),
            nn.Conv2d(WIDTH, WIDTH, 3, padding=1),
        )

    def forward(self, pixels: Tensor) -> Tensor:
        """Return (N, 144, WIDTH) of pictures (N, 3, 96, 96), -1 to 1."""
        features: Tensor = self.layers(pixels)
        return features.flatten(2).transpose(1, 2)


def both_stages(coarse: Tensor, finer: Tensor) -> Tensor:
    """Return (N, 144, coarse + finer): each finer patch with the coarse one that it lies in."""
    half = GRID // 2
    few = coarse.float().transpose(1, 2).unflatten(-1, (half, half))
    large = F.interpolate(few, scale_factor=2, mode="nearest").flatten(2).transpose(1, 2)
    return torch.cat([large, finer.float()], -1)


def as_patches(rgb: NDArray[np.uint8], encoders: FrozenEncoders, at_once: int = 64) -> Inputs:
    """Return what a `PatchHead` is given of pictures (N, size, size, 3): both frozen stages, float16."""
    parts = [encoders.see(rgb[k : k + at_once, None]) for k in range(0, len(rgb), at_once)]
    coarse, finer = (torch.cat([part[k][:, 0].half() for part in parts]) for k in range(2))
    return coarse, finer


def as_pixels(rgb: NDArray[np.uint8]) -> Inputs:
    """Return what a `SmallEncoder` is given of pictures (N, size, size, 3): -1 to 1, float32."""
    return (torch.from_numpy(rgb).permute(0, 3, 1, 2).float() / 127.5 - 1.0,)


def picked(inputs: Inputs, rows: Sequence[int] | NDArray[np.int64]) -> Inputs:
    """Return the inputs of some pictures."""
    at = torch.as_tensor(np.asarray(rows))
    return tuple(part[at].float() for part in inputs)
