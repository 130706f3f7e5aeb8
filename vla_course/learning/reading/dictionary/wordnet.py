"""WordNet as files: the senses of words, the words of a sense, and what is a kind of what.

The format is that of WordNet 3.0 (Fellbaum 1998; manual pages wndb(5WN) and cntlist(5WN)), as Debian's package
`wordnet-base` lays it out.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

KINDS: Final = {"noun": "n", "verb": "v", "adj": "a", "adv": "r"}
"""the files there are, and how the part of speech is called"""
_TYPES: Final = {"1": "n", "2": "v", "3": "a", "4": "r", "5": "a"}
_ENDINGS: Final = (
    ("ing", ""),
    ("ing", "e"),
    ("ed", ""),
    ("ed", "e"),
    ("ies", "y"),
    ("es", ""),
    ("s", ""),
    ("er", ""),
)

Synset = tuple[str, int]
"""part of speech and place in its file"""
Mark = tuple[str, int | str]
"""what a word may mean: a sense, or ("word", the stem of one that stands in the definition of a sense)"""
GLOSS: Final = 0.3
"""what it is worth that a word stands in the definition of a sense (Lesk 1986), beside the sense's own worth"""
_IDLE: Final = frozenset(
    re.findall(
        "[a-z]+",
        "a an and any are as at be been being but by can either etc especially for from has have having in into is it"
        " its more most no not of on one or other out over so some someone something such than that the their they"
        " this to used usually very when which who whose with you",
    )
)
"""words of definitions that say nothing"""


@dataclass(frozen=True, eq=False)
class WordNet:
    """A folder of WordNet's database, read when it is first asked.

    Args:
        folder: with index.noun, data.noun and their kin, and cntlist.rev.

    Raises:
        FileNotFoundError: a file is missing.
    """

    folder: Path

    def __post_init__(self) -> None:
        names = [f"{part}.{kind}" for kind in KINDS for part in ("index", "data")]
        for name in (*names, "cntlist.rev"):
            if not (self.folder / name).is_file():
                raise FileNotFoundError(f"{self.folder / name} is missing, expected a folder of WordNet 3.0")

    @cached_property
    def _index(self) -> dict[str, list[Synset]]:
        """Every word with its senses, the most frequent of each part of speech first; keys are word.part."""
        index: dict[str, list[Synset]] = {}
        for kind, part in KINDS.items():
            for line in self._lines("index", kind):
                words = line.split()
                senses = int(words[2])
                index[f"{words[0]}.{part}"] = [(part, int(place)) for place in words[-senses:]]
        return index

    @cached_property
    def _synsets(self) -> dict[Synset, tuple[tuple[str, ...], tuple[Synset, ...]]]:
        """Of each sense its words, and what it is a kind of."""
        found = {}
        for kind, part in KINDS.items():
            for line in self._lines("data", kind):
                words = line.partition(" | ")[0].split()
                count = int(words[3], 16)
                lemmas = tuple(word.partition("(")[0].lower() for word in words[4 : 4 + 2 * count : 2])
                pointers = words[5 + 2 * count :]
                above = tuple(
                    (pointers[k + 2].replace("s", "a"), int(pointers[k + 1]))
                    for k in range(0, 4 * int(words[4 + 2 * count]), 4)
                    if pointers[k] == "@" or (pointers[k] == "&" and words[2] == "s")  # a kind of; like
                )
                found[part, int(words[0])] = (lemmas, above)
        return found

    @cached_property
    def _definitions(self) -> dict[Synset, frozenset[str]]:
        """Of each sense the stems of the words by which it is defined, without examples."""
        found = {}
        for kind, part in KINDS.items():
            for line in self._lines("data", kind):
                head, _, gloss = line.partition(" | ")
                defined = re.findall("[a-z]+", gloss.partition('"')[0].lower())
                found[part, int(head.split()[0])] = frozenset(
                    self.stem(word) for word in defined if word not in _IDLE
                )
        return found

    @cached_property
    def _counts(self) -> dict[tuple[str, int], int]:
        """How often texts meant a word.part by its sense of a number."""
        counts = {}
        for line in (self.folder / "cntlist.rev").read_text(encoding="utf-8").splitlines():
            key, number, count = line.split()
            lemma, _, rest = key.partition("%")
            counts[f"{lemma}.{_TYPES[rest[0]]}", int(number)] = int(count)
        return counts

    @cached_property
    def _below(self) -> dict[Synset, list[Synset]]:
        below: dict[Synset, list[Synset]] = defaultdict(list)
        for synset, (_, above) in self._synsets.items():
            for one in above:
                below[one].append(synset)
        return below

    def _lines(self, part: str, kind: str) -> Iterator[str]:
        for line in (self.folder / f"{part}.{kind}").read_text(encoding="utf-8").splitlines():
            if not line.startswith("  "):  # the licence
                yield line

    def sense(self, name: str) -> Synset:
        """Return the sense that is called word.part.number, as "lift.v.1".

        Raises:
            KeyError: there is none.
        """
        word, _, number = name.rpartition(".")
        senses = self._index.get(word, [])
        if not number.isdigit() or not 1 <= int(number) <= len(senses):
            raise KeyError(f"{name!r} is no sense of WordNet, expected as in 'lift.v.1'")
        return senses[int(number) - 1]

    def words(self, synset: Synset, depth: int = 0) -> tuple[str, ...]:
        """Return the words of a sense and of those that are kinds of it, down to a depth; no compounds, no names."""
        found, level = [synset], [synset]
        for _ in range(depth):
            level = [one for above in level for one in self._below[above]]
            found += level
        words = (word for one in found for word in self._synsets[one][0])
        return tuple(dict.fromkeys(word for word in words if word.isalpha()))

    def senses(self, word: str) -> dict[Synset, float]:
        """Return the senses of a word, each by how often texts mean it (together 1); of an inflected one its stem's."""
        found: dict[Synset, float] = {}
        for part in KINDS.values():
            for k, synset in enumerate(self._index.get(f"{self.stem(word)}.{part}", ())):
                found[synset] = self._counts.get((f"{self.stem(word)}.{part}", k + 1), 0) + 0.5
        total = sum(found.values())
        return {synset: count / total for synset, count in found.items()}

    def stem(self, word: str) -> str:
        """Return the word of WordNet that a word is a form of; itself where there is none."""
        return next((one for one in (word, *_stems(word)) if self._has(one)), word)

    def _has(self, word: str) -> bool:
        return any(f"{word}.{part}" in self._index for part in KINDS.values())

    def often(self, word: str) -> int:
        """Return how often texts have a word, in any of its senses."""
        return sum(
            self._counts.get((f"{word}.{part}", k + 1), 0)
            for part in KINDS.values()
            for k in range(len(self._index.get(f"{word}.{part}", ())))
        )

    def all_words(self) -> list[str]:
        """Return every single word there is, sorted."""
        words = {name.rpartition(".")[0] for name in self._index}
        return sorted(word for word in words if word.isalpha() and word.isascii())

    def meaning(self, word: str, fade: float = 0.6, height: int = 3) -> dict[Mark, float]:
        """Return what a word may mean: its senses, fainter what they are kinds of, and words that define them.

        Args:
            word: a single one.
            fade: what each step up is worth.
            height: steps.

        Returns:
            Weights; two words are as alike as the cosine of their weights.
        """
        weights: dict[Mark, float] = defaultdict(float)
        weights["word", self.stem(word)] = 1.0
        for synset, often in self.senses(word).items():
            for defining in self._definitions[synset]:
                weights["word", defining] += GLOSS * often**0.5
            level, worth = [synset], often**0.5
            for _ in range(height + 1):
                for one in level:
                    weights[one] += worth
                level, worth = [above for one in level for above in self._synsets[one][1]], worth * fade
        return dict(weights)


def _stems(word: str) -> Iterator[str]:
    for ending, instead in _ENDINGS:
        if word.endswith(ending) and len(word) > len(ending) + 2:
            stem = word.removesuffix(ending) + instead
            yield stem
            if len(stem) > 2 and stem[-1] == stem[-2]:
                yield stem[:-1]
