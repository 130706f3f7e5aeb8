"""Words that are taught: each is one row before a frozen language encoder, and that row may learn.

The encoder would spell a word that it does not know letter by letter. Here it gets one row of its own (textual
inversion, Gal et al. 2022): nothing else of the encoder changes, so no other word can mean anything else than before.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import torch
from torch import Tensor, nn

from vla_course.learning.encoders.frozen import FrozenEncoders, Reads
from vla_course.simulation.scene.things import SHAPES

if TYPE_CHECKING:
    from vla_course.learning.encoders.encoders import LanguageEncoder, Words

PLACE: Final = "[MASK]"
"""a piece of the tokenizer that no sentence has: it keeps the place of a taught word"""


class NewWords(nn.Module):
    """Reads sentences in which words stand that the language encoder has never heard.

    A row begins as the mean of the rows of the nouns that name shapes: a noun, of no kind that is known.

    Args:
        language: frozen; it is read, never changed.
        words: that are taught, each in small letters and none that the encoder knows.

    Attributes:
        rows: (words, width), what learns.

    Raises:
        ValueError: no word, a word twice, one that is no word of small letters, or one that is known already.
    """

    def __init__(self, language: LanguageEncoder, words: Sequence[str]) -> None:
        super().__init__()
        if not words or len(set(words)) < len(words):
            raise ValueError(f"words are {tuple(words)}, expected one or more different ones")
        known = language.tokenizer.get_vocab()
        for word in words:
            if not re.fullmatch("[a-z]{2,}", word):
                raise ValueError(f"word is {word!r}, expected one word of small letters")
            if word in known:
                raise ValueError(f"word is {word!r}, which is known already: expected one that is not")
        self.words = tuple(words)
        self._pattern = re.compile(rf"\b({'|'.join(self.words)})\b", re.IGNORECASE)
        self._language = (language,)  # no part of this module: its weights are neither moved nor saved
        self._mask = int(known[PLACE])
        nouns = self._embed(torch.tensor([known[shape] for shape in SHAPES]))
        self.rows = nn.Parameter(nouns.mean(0).repeat(len(self.words), 1))

    def copied(self) -> NewWords:
        """Return the same words before the same encoder, with rows of their own."""
        other = NewWords(self._language[0], self.words)
        other.rows.data.copy_(self.rows.data)
        return other

    def read(self, sentences: Sequence[str]) -> tuple[Tensor, Tensor]:
        """Return the tokens (B, L, width) of sentences and their mask (B, L); the gradient goes to `rows`.

        Raises:
            ValueError: a sentence is empty or too long, or has the piece that keeps places.
        """
        words, rows = self.embedded(sentences)
        model: Any = self._language[0].model
        tokens: Tensor = model(inputs_embeds=rows, attention_mask=words.attention_mask).last_hidden_state
        return tokens, words.attention_mask

    def embedded(self, sentences: Sequence[str]) -> tuple[Words, Tensor]:
        """Return sentences as numbers, and the rows (B, L, width) that they are embedded by. Raises as `read` does."""
        for sentence in sentences:
            if PLACE in sentence:
                raise ValueError(f"sentence is {sentence!r}, expected none with {PLACE}")
        said = [self.words.index(word.lower()) for text in sentences for word in self._pattern.findall(text)]
        words = self._language[0].tokenize([self._pattern.sub(PLACE, text) for text in sentences])
        rows, places = self._embed(words.input_ids), words.input_ids == self._mask
        if said:
            rows = rows.masked_scatter(places[..., None].expand_as(rows), self.rows[said])
        return words, rows

    def _embed(self, numbers: Tensor) -> Tensor:
        model: Any = self._language[0].model
        rows: Tensor = model.get_input_embeddings()(numbers).detach()
        return rows


class TaughtEncoders(FrozenEncoders):
    """The frozen encoders, for a robot that was taught new words."""

    def __init__(self, encoders: FrozenEncoders, words: Reads) -> None:
        super().__init__(encoders.vision, encoders.language)
        self.words = words

    @torch.no_grad()
    def read(self, sentences: Sequence[str]) -> tuple[Tensor, Tensor]:
        """Return the tokens (B, L, width) of sentences, with taught words or without, and their mask (B, L)."""
        return self.words.read(sentences)
