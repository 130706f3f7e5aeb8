"""Make the dictionary that the reader of commands looks words up in.

    python -m vla_course.learning.reading.dictionary.make_dictionary WORDNET SPACY [--out FILE]

WORDNET is the folder of WordNet 3.0 (Princeton University; Debian's package wordnet-base, /usr/share/wordnet), SPACY
that of en_core_web_md 3.7.1 (Explosion, MIT licence). It has the words of the language, those of rewordings, and the
most frequent ones of English besides; of each what both sources know.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Sequence
from math import log
from pathlib import Path
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray

from vla_course.learning.reading.dictionary.dictionary import DICTIONARY
from vla_course.learning.reading.dictionary.word_vectors import (
    HELP,
    SOURCE,
    EnglishVectors,
    words_of_the_language,
)
from vla_course.learning.reading.dictionary.wordnet import Mark, WordNet
from vla_course.learning.reading.lessons import heard_words
from vla_course.learning.reading.rewording.rewording import all_words
from vla_course.learning.reading.rewording.words import OTHER_WORDS, VERBS

SOURCES: Final = (
    "WordNet 3.0, Copyright 2006 by Princeton University, its licence; Debian wordnet-base 1:3.0-37",
    SOURCE,
)
OFTEN: Final = 15
"""a word that texts have so often (WordNet's counts) is in the dictionary"""
WIDTH: Final = 96
"""numbers of a word that are from its vector: its first principal components"""
SAME: Final = 3.0
"""the number of a word for how alike it is to itself; the root of the likeness tells faint ones apart"""
UNLIKE: Final = 0.12
"""words that are less alike to all that the robot does or handles are for sentences that are no commands"""
_UNWANTED: Final = ("black.n.5", "white.n.1", "homosexual.n.1", "jew.n.1", "harlot.n.1")
"""senses whose words, and those of what is a kind of them, nobody needs here"""


def main() -> None:
    """Look all words up and write what was found."""
    from safetensors.torch import save_file

    options = _options()
    try:
        wordnet, english = WordNet(options.wordnet), EnglishVectors.read(options.spacy)
    except FileNotFoundError as fault:
        raise SystemExit(str(fault)) from None
    needed = words_of_the_language() | {word for word in all_words() if word.isalpha()}
    unwanted = {word for sense in _UNWANTED for word in wordnet.words(wordnet.sense(sense), 3)}
    common = {word for word in wordnet.all_words() if len(word) > 1 and wordnet.often(word) >= OFTEN}
    words = english.known(needed | (common - unwanted))
    known = sorted(heard_words() & {*words})
    meanings = told_apart([wordnet.meaning(word) for word in words])
    alike = likeness(meanings, [meanings[words.index(word)] for word in known])
    others = _others(words, meanings, wordnet, common - needed - unwanted)
    save_file(
        {
            "vectors": torch.tensor(_evened(_principal(english.of(words), WIDTH)), dtype=torch.float16),
            "alike": torch.tensor(SAME * alike**0.5, dtype=torch.float16),
        },
        options.out,
        metadata={
            "words": json.dumps(words),
            "known": json.dumps(known),
            "others": json.dumps(others),
            "sources": json.dumps(SOURCES),
        },
    )
    print(f"wrote {len(words)} words to {options.out}; no commands have {len(others['v'])} other verbs")


def told_apart(meanings: Sequence[dict[Mark, float]]) -> list[dict[Mark, float]]:
    """Weigh senses by how few words have them: that two words are both a colour says little (Sparck Jones 1972)."""
    having = Counter(synset for meaning in meanings for synset in meaning)
    return [
        {synset: weight * log(len(meanings) / having[synset]) for synset, weight in meaning.items()}
        for meaning in meanings
    ]


def likeness(words: Sequence[dict[Mark, float]], known: Sequence[dict[Mark, float]]) -> NDArray[np.float64]:
    """Return how alike (words, known) the meanings of words are: the cosine of what they may mean, 0 to 1."""
    senses = {synset: k for k, synset in enumerate({synset for one in known for synset in one})}

    def rows(meanings: Sequence[dict[Mark, float]]) -> NDArray[np.float64]:
        table = np.zeros((len(meanings), len(senses)))
        for row, meaning in zip(table, meanings, strict=True):
            for synset, weight in meaning.items():
                if synset in senses:
                    row[senses[synset]] = weight
            row /= max(sum(weight**2 for weight in meaning.values()) ** 0.5, 1e-9)
        return table

    return rows(words) @ rows(known).T


def _principal(vectors: NDArray[np.float64], width: int) -> NDArray[np.float64]:
    """Return the first principal components of vectors of unit length."""
    vectors = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    _, _, axes = np.linalg.svd(vectors - vectors.mean(axis=0), full_matrices=False)
    kept: NDArray[np.float64] = (vectors - vectors.mean(axis=0)) @ axes[:width].T
    return kept


def _evened(numbers: NDArray[np.float64]) -> NDArray[np.float64]:
    """Scale numbers to a root mean square of 1."""
    evened: NDArray[np.float64] = numbers / np.sqrt((numbers**2).mean())
    return evened


def _others(
    words: Sequence[str], meanings: Sequence[dict[Mark, float]], wordnet: WordNet, among: set[str]
) -> dict[str, list[str]]:
    """Return verbs and nouns that mean nothing that the robot does or handles."""
    asked = {word for of_kind in (*VERBS.values(), *OTHER_WORDS.values()) for word in of_kind} | heard_words()
    about = [meaning for word, meaning in zip(words, meanings, strict=True) if word in asked]
    nearest = likeness(meanings, about).max(axis=1)
    found: dict[str, list[str]] = {"v": [], "n": []}
    for word, near in zip(words, nearest, strict=True):
        senses = wordnet.senses(word)
        if word in among and near < UNLIKE and senses and not word.endswith(("ing", "ed")):
            share = {part: sum(often for (of, _), often in senses.items() if of == part) for part in found}
            part = max(share, key=lambda one: share[one])
            if share[part] > 0.8:
                found[part].append(word)
    return found


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("wordnet", type=Path, help="folder of WordNet's database")
    parser.add_argument("spacy", type=Path, help=HELP)
    parser.add_argument("--out", type=Path, default=DICTIONARY)
    return parser.parse_args()


if __name__ == "__main__":
    main()
