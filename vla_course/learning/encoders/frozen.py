"""Pictures and sentences as the frozen encoders say them: for those who have no model."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, Self

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from vla_course.learning.encoders.encoders import (
    LanguageEncoder,
    VisionEncoder,
    load_language_encoder,
    load_vision_encoder,
)
from vla_course.learning.model.answers import Encoded


class Reads(Protocol):
    """Whoever reads sentences."""

    def read(self, sentences: Sequence[str]) -> tuple[Tensor, Tensor]:
        """Return tokens (B, L, width) and their mask (B, L)."""


class FrozenEncoders:
    """Both encoders, frozen; `encode` is what `HumanoidVLA.encode` does, from pictures as cameras give them."""

    def __init__(self, vision: VisionEncoder, language: LanguageEncoder) -> None:
        self.vision, self.language = vision.fine_tune(False).eval(), language.fine_tune(False).eval()
        self.vision.to(memory_format=torch.channels_last)  # type: ignore[call-overload]  # quickest on a CPU
        self._mean, self._std = (torch.tensor(part).view(3, 1, 1) for part in (vision.mean, vision.std))

    @classmethod
    def load(cls) -> Self:
        """Load the shipped ones."""
        return cls(load_vision_encoder(), load_language_encoder())

    @torch.no_grad()
    def encode(self, rgb: NDArray[np.uint8], sentences: Sequence[str]) -> Encoded:
        """Encode B moments, each with a sentence.

        Args:
            rgb: (B, cameras, size, size, 3) uint8.
            sentences: B of them.

        Raises:
            ValueError: pictures of another shape, another number of sentences, an empty one, an over-long one.
        """
        if rgb.ndim != 5 or len(rgb) != len(sentences):
            raise ValueError(f"rgb is {rgb.shape}, expected ({len(sentences)}, cameras, size, size, 3)")
        coarse, finer = self.see(rgb)
        words, mask = self.read(sentences)
        return Encoded(coarse.unbind(1), words, mask, finer.unbind(1))

    @torch.no_grad()
    def see(self, rgb: NDArray[np.uint8]) -> tuple[Tensor, Tensor]:
        """Return both stages, (B, cameras, P, width) and (B, cameras, 4 P, channels), of (B, cameras, size, size, 3).

        Raises:
            ValueError: the encoder has no finer stage.
        """
        shape = rgb.shape[:2]
        pixels = torch.from_numpy(rgb.reshape(-1, *rgb.shape[2:])).permute(0, 3, 1, 2).float() / 255.0
        pixels = ((pixels - self._mean) / self._std).contiguous(memory_format=torch.channels_last)
        coarse, finer = self.vision.stages(pixels)
        if finer is None:
            raise ValueError("the vision encoder has no stage with four patches in place of one")
        return coarse.unflatten(0, shape), finer.unflatten(0, shape)

    @torch.no_grad()
    def read(self, sentences: Sequence[str]) -> tuple[Tensor, Tensor]:
        """Return the tokens (B, L, width) of sentences and their mask (B, L)."""
        words = self.language.tokenize(sentences)
        return self.language(*words), words.attention_mask
