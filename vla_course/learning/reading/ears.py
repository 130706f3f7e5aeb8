"""From sentences to the tokens that a reader reads: an encoder's layers, and what a dictionary says of each word.

A word that the encoder spells letter by letter, but the dictionary has, is one token: its row of the embedding is lent
by the words of training that the dictionary finds most like it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from weakref import WeakKeyDictionary

import torch
from torch import Tensor

from vla_course.learning.encoders.encoders import LanguageEncoder, Words
from vla_course.learning.reading.dictionary.dictionary import Dictionary, load_dictionary
from vla_course.learning.reading.lessons import STRANGER
from vla_course.learning.reading.lexicon import NEIGHBOURS, OWN, UNTRAINED, Lexicon, load_lexicon

if TYPE_CHECKING:
    from tokenizers import Tokenizer


BLUR: Final = 0.1
"""standard deviation of the noise on what the dictionary says, in practice: a word is never quite another one"""
SMEAR: Final = 0.7
"""and on the vector of a word that is hidden: it is about as far from itself then as words are that mean the same"""
FAINT: Final = 0.6
"""how much fainter, at most, the likeness of a word that is hidden is, to itself and to each of the others"""
LENDING: Final = 0.3
"""a word whose likeness is so much smaller (`make_dictionary.SAME` is that to itself) lends a factor e less"""
NOBODY: Final = 0.5
"""a likeness from which on words lend more than nothing does"""


class Encoding(NamedTuple):
    """What is heard of B sentences before anything is understood."""

    tokens: Tensor
    """(B, W, layers x width + width of the dictionary)"""
    mask: Tensor
    """(B, W), 0 for padding"""
    hidden: Tensor
    """(B,) bool: a word of it was hidden behind what its neighbours lend it, and smeared"""


class Ears:
    """A frozen encoder with a dictionary beside it.

    Args:
        language: the encoder of words.
        dictionary: default: the one that the course ships.
    """

    def __init__(self, language: LanguageEncoder, dictionary: Dictionary | None = None) -> None:
        dictionary = dictionary or load_dictionary()
        known: dict[str, int] = language.tokenizer.get_vocab()
        added = [word for word in dictionary.words if word not in known]
        self.dictionary = dictionary
        self.language = LanguageEncoder(language.model, _knowing(language.tokenizer, added))
        self.stranger = known[STRANGER]
        self.meanings = torch.zeros(len(known) + len(added), dictionary.width)
        numbers = torch.tensor([known.get(word, -1) for word in dictionary.words])
        numbers[numbers < 0] = len(known) + torch.arange(len(added))
        self.meanings[numbers] = dictionary.meanings
        self._lend(load_lexicon(language), numbers, len(known))

    @classmethod
    def of(cls, language: LanguageEncoder) -> Ears:
        """Return the ears of an encoder, made once, with the dictionary that the course ships."""
        if language not in _EARS:
            _EARS[language] = cls(language)
        return _EARS[language]

    def _lend(self, lexicon: Lexicon, numbers: Tensor, known: int) -> None:
        """Find out what is lent to the words that were added, and to those that practice hides."""
        model: Any = self.language.model
        rows: Tensor = model.get_input_embeddings().weight.detach()
        number: dict[str, int] = self.language.tokenizer.get_vocab()
        lenders = torch.tensor([number[word] for word in self.dictionary.known])
        lends = lenders < known  # a word of training that the encoder spells has no row to lend
        lenders, alike = lenders[lends], self.dictionary.alike[numbers >= known][:, lends]
        best = alike.topk(NEIGHBOURS, dim=-1)
        worth = torch.nn.functional.pad(best.values, (0, 1), value=NOBODY) / LENDING
        shares = worth.softmax(dim=-1)[:, :-1]
        own = torch.randn(len(shares), rows.shape[1], generator=torch.Generator().manual_seed(1))
        lent = (shares.unsqueeze(-1) * rows[lenders[best.indices]]).sum(dim=1)
        self.added = lent + OWN * UNTRAINED * own
        nothing = torch.zeros(len(lent), dtype=torch.bool)
        self.lexicon = Lexicon(
            torch.cat([lexicon.lent, lent]),
            torch.cat([lexicon.heard, nothing]),
            torch.cat([lexicon.strange, ~nothing]),
        )

    @torch.no_grad()
    def hear(self, sentences: Sequence[str]) -> Encoding:
        """Return the tokens of B sentences.

        Raises:
            ValueError: a sentence is empty, or longer than the encoder reads.
        """
        return self._encoded(self.language.tokenize(sentences), 0.0)

    @torch.no_grad()
    def practise(self, sentences: Sequence[str], hide: float = 0.0) -> Encoding:
        """Return the tokens of sentences to learn from; a sentence that is too long is cut off.

        In place of each `STRANGER` stands a word that nobody has heard and no dictionary has: a vector as those of
        words that the encoder was never trained on. Chance is that of torch's own generator.

        Args:
            sentences: B of them.
            hide: share of sentences in which words are hidden behind what their neighbours lend them; with 0 nothing
                is hidden or blurred.
        """
        found = self.language.tokenizer(
            list(sentences),
            padding=True,
            truncation=True,
            max_length=self.language.longest,
            return_tensors="pt",
        )
        return self._encoded(Words(found["input_ids"], found["attention_mask"]), hide)

    def _encoded(self, words: Words, hide: float) -> Encoding:
        numbers, mask = words
        model: Any = self.language.model
        rows = torch.cat([model.get_input_embeddings().weight, self.added])[numbers]
        strange = numbers == self.stranger
        rows[strange] = UNTRAINED * torch.randn_like(rows[strange])
        hidden = torch.zeros_like(numbers, dtype=torch.bool)
        meanings = self.meanings[numbers]
        if hide:
            rows, hidden = self.lexicon.hide(numbers, rows, hide)
            meanings = self._smeared(meanings, hidden) + BLUR * torch.randn_like(meanings)
        tokens = torch.cat([words_of(self.language, words, rows), meanings], dim=-1)
        return Encoding(tokens, mask, hidden.any(dim=1))

    def _smeared(self, meanings: Tensor, hidden: Tensor) -> Tensor:
        """Smear what the dictionary says of the words that are hidden (B, W), as of one never heard."""
        own, alike = meanings.split(
            [table.shape[1] for table in (self.dictionary.vectors, self.dictionary.alike)], -1
        )
        own, alike = own + SMEAR * torch.randn_like(own), alike * (1.0 - FAINT * torch.rand_like(alike))
        return torch.where(hidden.unsqueeze(-1), torch.cat([own, alike], dim=-1), meanings)


_EARS: Final[WeakKeyDictionary[LanguageEncoder, Ears]] = WeakKeyDictionary()


def _knowing(tokenizer: Any, added: Sequence[str]) -> Any:
    """Return a tokenizer that knows words besides those of another one, with the numbers that follow."""
    from tokenizers import Tokenizer

    kept = json.loads(tokenizer.backend_tokenizer.to_str())
    vocabulary = kept["model"]["vocab"]
    vocabulary |= {word: len(vocabulary) + k for k, word in enumerate(added)}
    larger: Tokenizer = Tokenizer.from_str(json.dumps(kept))
    return type(tokenizer)(
        tokenizer_object=larger,
        model_max_length=tokenizer.model_max_length,
        **{
            f"{name}_token": tokenizer.special_tokens_map[f"{name}_token"]
            for name in ("pad", "unk", "mask", "cls", "sep")
        },
    )


@torch.no_grad()
def words_of(language: LanguageEncoder, words: Words, rows: Tensor | None = None) -> Tensor:
    """Return what each layer of an encoder says of each word (B, W, layers x width), its embedding first.

    Args:
        language: the frozen encoder.
        words: of B sentences.
        rows: (B, W, width) to embed them by; default: the encoder's own.
    """
    model: Any = language.model
    if rows is None:
        rows = model.get_input_embeddings()(words.input_ids)
    found = model(inputs_embeds=rows, attention_mask=words.attention_mask, output_hidden_states=True)
    return torch.cat(found.hidden_states, dim=-1)
