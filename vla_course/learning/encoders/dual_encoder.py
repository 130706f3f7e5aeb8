"""The dual encoder: pictures and words encoded apart and compared in one space, kept as folders of transformers."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, Self

import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from vla_course.learning.encoders.contrastive import SharedSpace
from vla_course.learning.encoders.encoders import (
    LanguageEncoder,
    VisionEncoder,
    load_language_encoder,
    load_vision_encoder,
)
from vla_course.learning.encoders.files import MODELS, quiet

SPACE: Final = "projection.safetensors"
"""beside the folders of both encoders"""


class DualEncoder(nn.Module):
    """An encoder of pictures, an encoder of words, and the space in which they meet.

    Args:
        space: default: an untrained one that fits both.
    """

    def __init__(
        self, vision: VisionEncoder, language: LanguageEncoder, space: SharedSpace | None = None
    ) -> None:
        super().__init__()
        rows, columns = vision.grid
        self.vision, self.language = vision, language
        self.space = space or SharedSpace(vision.width, rows * columns, language.width)
        self._mean: Tensor
        self._std: Tensor
        self.register_buffer("_mean", torch.tensor(vision.mean).view(3, 1, 1), persistent=False)
        self.register_buffer("_std", torch.tensor(vision.std).view(3, 1, 1), persistent=False)

    def pictures(self, rgb: NDArray | Tensor) -> tuple[Tensor, Tensor]:
        """Return whole pictures (B, width) and their patches (B, T, width) from (B, size, size, 3) uint8."""
        return self.space.picture(self.vision(self._pixels(rgb)))

    def glimpses(self, rgb: NDArray | Tensor, which: NDArray | Tensor) -> tuple[Tensor, Tensor]:
        """Return the same from parts of pictures of T patches; `which` (B, T) says of which these are."""
        model: Any = self.vision.model
        # A ViT has a position for each patch of a whole picture: it spreads them over the part.
        spread = {"interpolate_pos_encoding": True} if model.config.model_type == "vit" else {}
        features: Tensor = model(pixel_values=self._pixels(rgb), **spread).last_hidden_state
        tokens = features.flatten(2).transpose(1, 2) if features.ndim == 4 else features[:, 1:]
        return self.space.picture(tokens, torch.as_tensor(which))

    def _pixels(self, rgb: NDArray | Tensor) -> Tensor:
        shares = torch.as_tensor(rgb, device=self._mean.device).permute(0, 3, 1, 2).to(torch.float32) / 255.0
        return (shares - self._mean) / self._std

    def words(self, texts: Sequence[str]) -> Tensor:
        """Return texts (P, width)."""
        words = self.language.tokenize(texts)
        return self.space.words(self.language(*words), words.attention_mask)

    @torch.no_grad()
    def similarity(self, rgb: NDArray | Tensor, texts: Sequence[str]) -> Tensor:
        """Return how well each text fits each picture (B, P): log odds by the whole and by the best patch, added."""
        (whole, near), text = self.pictures(rgb), self.words(texts)
        return self.space.whole_logits(whole, text) + self.space.patch_logits(near, text)

    def save(self, folder: Path) -> None:
        """Write both encoders as folders that transformers loads, in half precision, and the space beside them."""
        from safetensors.torch import save_file

        _save(self.vision.model, folder / "vision")
        size = {"height": self.vision.image_size, "width": self.vision.image_size}
        preprocessor = {
            "image_processor_type": "ViTImageProcessor",
            "do_resize": True,
            "size": size,
            "resample": 2,
            "do_rescale": True,
            "rescale_factor": 1 / 255,
            "do_normalize": True,
            "image_mean": self.vision.mean,
            "image_std": self.vision.std,
        }
        path = folder / "vision" / "preprocessor_config.json"
        path.write_text(json.dumps(preprocessor, indent=2) + "\n", encoding="utf-8")
        _save(self.language.model, folder / "language")
        self.language.tokenizer.save_pretrained(folder / "language")
        space = {name: value.contiguous() for name, value in self.space.state_dict().items()}
        save_file(space, folder / SPACE)

    @classmethod
    def load(cls, folder: Path = MODELS) -> Self:
        """Read what `save` wrote (default: what the course ships), in float32.

        Raises:
            FileNotFoundError: a file is missing, or a part of it.
        """
        from safetensors.torch import load_file

        vision = load_vision_encoder(str(folder / "vision"))
        language = load_language_encoder(str(folder / "language"))
        if not (folder / SPACE).is_file():
            raise FileNotFoundError(f"{folder / SPACE} is missing: expected it beside both encoders")
        model = cls(vision, language)
        model.space.load_state_dict(load_file(folder / SPACE))
        return model.eval()


def _save(model: Any, folder: Path) -> None:
    """Write weights as float16; the configuration says float32, and so they are read."""
    state = {
        name: value.half() if value.is_floating_point() else value
        for name, value in model.state_dict().items()
    }
    with quiet():
        model.save_pretrained(folder, state_dict=state)
