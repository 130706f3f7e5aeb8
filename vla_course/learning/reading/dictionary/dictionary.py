"""What a dictionary says of words: which of those that the robot knows they are like.

Of each word there are the principal components of its vector, learnt from ordinary English (GloVe, Pennington, Socher
and Manning 2014, and their kin), and how alike WordNet (Fellbaum 1998) finds it to every word of the templates of
training. Nothing in it was learnt from commands.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Final

import torch
from torch import Tensor

from vla_course.learning.encoders.files import MODELS

DICTIONARY: Final = MODELS / "dictionary.safetensors"
"""see `make_dictionary.py`, which names its sources"""


@dataclass(frozen=True, eq=False)
class Dictionary:
    """A dictionary of N words.

    Attributes:
        words: all of them, sorted.
        known: those of them, K, that the templates of training have.
        vectors: (N, components) of each.
        alike: (N, K) how alike it is to each of `known`.
        others: verbs ("v") and nouns ("n") that mean nothing that the robot does or handles.
    """

    words: tuple[str, ...]
    known: tuple[str, ...]
    vectors: Tensor
    alike: Tensor
    others: Mapping[str, tuple[str, ...]]

    @property
    def width(self) -> int:
        """Numbers of a word."""
        return self.vectors.shape[1] + self.alike.shape[1]

    @cached_property
    def meanings(self) -> Tensor:
        """All numbers of each word, (N, width): its vector, then its likenesses."""
        return torch.cat([self.vectors, self.alike], dim=1)

    @cached_property
    def number(self) -> dict[str, int]:
        """Each word's number."""
        return {word: k for k, word in enumerate(self.words)}


@cache
def load_dictionary(path: Path = DICTIONARY) -> Dictionary:
    """Read a dictionary (default: the one that the course ships).

    Raises:
        FileNotFoundError: there is no such file, or a part of it.
    """
    from safetensors import SafetensorError, safe_open

    if not path.is_file():
        raise FileNotFoundError(f"{path} is missing: expected a dictionary, as make_dictionary.py writes it")
    try:
        with safe_open(path, framework="pt") as file:
            told = file.metadata()
            vectors, alike = (file.get_tensor(name).float() for name in ("vectors", "alike"))
    except SafetensorError as fault:
        raise FileNotFoundError(f"{path} is not whole ({fault}): fetch it again") from None
    others = {part: tuple(words) for part, words in json.loads(told["others"]).items()}
    words, known = (tuple(json.loads(told[name])) for name in ("words", "known"))
    return Dictionary(words, known, vectors, alike, others)
