"""Encoders by name: a shipped folder, any other folder, or a name on the hub, all with one face."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple, Self

import torch
from torch import Tensor, nn

from vla_course.learning.encoders.files import EncoderFiles, Sight, find_encoder, reading
from vla_course.learning.model.inputs import check_commands, check_pictures


class Words(NamedTuple):
    """A batch of commands as numbers, (batch, words) each."""

    input_ids: Tensor
    """int64"""
    attention_mask: Tensor
    """1 for a piece of a word, 0 for padding"""


class _Encoder(nn.Module):
    """A transformers model, frozen until it is told to learn."""

    def __init__(self, model: nn.Module) -> None:
        super().__init__()
        self.model = model
        self.fine_tune(False)

    @property
    def weights(self) -> Tensor:
        """One of the weights: all are on its device, and of its type."""
        return next(self.model.parameters())

    def fine_tune(self, on: bool = True) -> Self:
        """Let training reach the weights, or keep it from them. A frozen encoder stays in evaluation mode."""
        self.frozen = not on
        self.requires_grad_(on)
        return self.train(self.training)

    def train(self, mode: bool = True) -> Self:
        """Switch dropout and the like on for training, where this encoder takes part in it."""
        return super().train(mode and not self.frozen)


class VisionEncoder(_Encoder):
    """Pictures to tokens, one for each patch, row by row; a class token is dropped.

    Attributes:
        width: numbers of a token.
        image_size: pixels a side of the pictures it wants.
        mean, std: (3,) each, of the colours 0 to 1 that it was trained on.
        grid: rows and columns of patches.
    """

    def __init__(self, model: nn.Module, sight: Sight) -> None:
        super().__init__(model)
        self.image_size, self.mean, self.std = sight.image_size, sight.mean, sight.std
        with torch.no_grad():
            shown = self._seen(torch.zeros(1, 3, self.image_size, self.image_size))
        self.width: int
        self.grid: tuple[int, int]
        if shown.ndim == 4:
            self.width, self.grid = int(shown.shape[1]), (int(shown.shape[2]), int(shown.shape[3]))
        else:
            settings: Any = model.config
            patch = settings.patch_size
            side = self.image_size // (patch[0] if isinstance(patch, list | tuple) else int(patch))
            self.width, self.grid = int(shown.shape[2]), (side, side)

    def forward(self, pixel_values: Tensor) -> Tensor:
        """Return tokens (batch, rows * columns, width) of normalised pictures (batch, 3, image_size, image_size).

        Raises:
            ValueError: the pictures have another size, are no floats, or not finite.
        """
        check_pictures(pixel_values, self.image_size)
        return self._rows(self._seen(pixel_values))

    def stages(self, pixel_values: Tensor) -> tuple[Tensor, Tensor | None]:
        """Return what `forward` does, and the stage before it, which costs nothing: it is computed anyway.

        That one has four patches in place of one, (batch, 4 * rows * columns, channels) row by row; None where the
        encoder has no such stage. Raises as `forward` does.
        """
        check_pictures(pixel_values, self.image_size)
        pixels = pixel_values.to(self.weights.device, self.weights.dtype)
        told = self.model(pixel_values=pixels, output_hidden_states=True)
        twice = tuple(2 * side for side in self.grid)
        finer = [map_ for map_ in told.hidden_states or () if tuple(map_.shape[2:]) == twice]
        return self._rows(told.last_hidden_state), self._rows(finer[-1]) if finer else None

    def _rows(self, tokens: Tensor) -> Tensor:
        """Return tokens (batch, patches, channels), of a map or of a row that may have a class token before them."""
        if tokens.ndim == 4:
            return tokens.flatten(2).transpose(1, 2)
        return tokens[:, -self.grid[0] * self.grid[1] :]

    def _seen(self, pixel_values: Tensor) -> Tensor:
        pixels = pixel_values.to(self.weights.device, self.weights.dtype)
        tokens: Tensor = self.model(pixel_values=pixels).last_hidden_state
        return tokens


class LanguageEncoder(_Encoder):
    """Commands to tokens, one for each piece of a word.

    Attributes:
        width: numbers of a token.
        longest: pieces that a command may have, those that begin and end it included.
    """

    def __init__(self, model: nn.Module, tokenizer: Any) -> None:
        super().__init__(model)
        self.tokenizer = tokenizer
        config: Any = model.config
        self.width = int(config.hidden_size)
        self.longest = int(min(tokenizer.model_max_length, config.max_position_embeddings))

    def tokenize(self, commands: Sequence[str]) -> Words:
        """Return the commands as numbers, padded to the longest of them, on the encoder's device.

        Raises:
            ValueError: a command is empty, or longer than `longest` pieces.
        """
        check_commands(commands, len(commands))
        device = self.weights.device
        found = self.tokenizer(list(commands), padding=True, return_tensors="pt", return_attention_mask=True)
        words = Words(found["input_ids"].to(device), found["attention_mask"].to(device))
        for number, length in enumerate(found["attention_mask"].sum(dim=1).tolist()):
            if length > self.longest:
                raise ValueError(
                    f"command {number} has {length} pieces of words, expected {self.longest} at most: "
                    f"{commands[number][:40]!r}..."
                )
        return words

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        """Return tokens (batch, words, width); what they hold where the mask is 0 means nothing.

        Raises:
            ValueError: there are more than `longest` pieces.
        """
        if input_ids.shape[1] > self.longest:
            raise ValueError(f"input_ids is {tuple(input_ids.shape)}, expected {self.longest} pieces at most")
        tokens: Tensor = self.model(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        return tokens

    def pieces(self, input_ids: Tensor) -> list[list[str]]:
        """Return the pieces of words that those numbers (batch, words) stand for."""
        return [self.tokenizer.convert_ids_to_tokens(row) for row in input_ids.tolist()]


def load_vision_encoder(name: str = "vision", *, fine_tune: bool = False) -> VisionEncoder:
    """Load an encoder of pictures: "vision" (shipped), a folder, or a name on the hub.

    Of a model with two towers (CLIP, SigLIP) it is the one that sees. Weights are float32.

    Raises:
        ValueError: no such folder, and no such name on the hub or no way to it; or it does not see.
        FileNotFoundError: the folder lacks a file, or holds a part of one: a download that was cut off.
    """
    files = find_encoder(name, "vision_config")
    return VisionEncoder(_pretrained(files), files.sight()).fine_tune(fine_tune)


def load_language_encoder(name: str = "language", *, fine_tune: bool = False) -> LanguageEncoder:
    """Load an encoder of words with its tokenizer: "language" (shipped), a folder, or a name on the hub.

    Of a model with two towers it is the one that reads. (SigLIP learnt from texts that were all padded to one length,
    without a mask; here padding is masked, so that its tokens are not quite those of its training.) Raises as
    `load_vision_encoder` does.
    """
    from transformers import AutoTokenizer

    files = find_encoder(name, "text_config")
    files.expect_tokenizer()
    with reading(files.source):
        tokenizer = AutoTokenizer.from_pretrained(files.source)
    return LanguageEncoder(_pretrained(files), tokenizer).fine_tune(fine_tune)


def _pretrained(files: EncoderFiles) -> nn.Module:
    """Read the model of `files`; raises FileNotFoundError where its weights lack some that its config asks for."""
    import transformers

    readers = {  # AutoModel knows neither
        "siglip_text_model": transformers.SiglipTextModel,
        "siglip2_text_model": transformers.Siglip2TextModel,
    }
    kind: Any = readers.get(files.config.model_type, transformers.AutoModel)
    model: nn.Module
    with reading(files.source):
        model, found = kind.from_pretrained(
            files.source, config=files.config, dtype=torch.float32, output_loading_info=True
        )
    # Nobody asks for what a head would make of the tokens.
    missing = sorted(name for name in found["missing_keys"] if not name.startswith(("pooler.", "head.")))
    if missing:
        raise FileNotFoundError(
            f"the weights of {files.source} lack {len(missing)} that its config.json asks for, {missing[0]} first: "
            "expected a whole model"
        )
    return model.eval()
