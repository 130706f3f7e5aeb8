"""Cut the vectors of the language's words out of a spaCy model.

    python -m vla_course.learning.reading.dictionary.word_vectors FOLDER --out data/models/word_vectors.safetensors

FOLDER is that of en_core_web_md 3.7.1 (Explosion, MIT licence: 20,000 vectors of 300 numbers for 514,157 words of
English). spaCy itself is not needed: its table is a list of rows by the hash of each word.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self

import numpy as np
import torch
from numpy.typing import NDArray

from vla_course.learning.reading.lexicon import VECTORS
from vla_course.simulation.tasks.saying import every_word

SOURCE: Final = "en_core_web_md 3.7.1, Explosion, MIT licence"
HELP: Final = "folder of en_core_web_md, with vocab/vectors and vocab/key2row"


def main() -> None:
    """Read the table, keep the words of the language, write them."""
    from safetensors.torch import save_file

    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path, help=HELP)
    parser.add_argument("--out", type=Path, default=VECTORS)
    options = parser.parse_args()
    try:
        english = EnglishVectors.read(options.folder)
    except FileNotFoundError as fault:
        raise SystemExit(str(fault)) from None
    words = english.known(words_of_the_language())
    save_file(
        {"vectors": torch.tensor(english.of(words), dtype=torch.float16)},
        options.out,
        metadata={"words": json.dumps(words), "source": SOURCE},
    )
    print(f"wrote {len(words)} words to {options.out}")


@dataclass(frozen=True, eq=False)
class EnglishVectors:
    """A spaCy model's table of vectors.

    Attributes:
        table: (N, 300) float32.
        rows: which of them a word has, by the hash of the word.
    """

    table: NDArray[Any]
    rows: Mapping[int, int]

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Read the table of en_core_web_md's folder.

        Raises:
            FileNotFoundError: a file is missing.
        """
        import msgpack

        vocab = folder / "vocab"
        for file in ("vectors", "key2row"):
            if not (vocab / file).is_file():
                raise FileNotFoundError(f"{vocab / file} is missing, expected the folder of en_core_web_md")
        rows = msgpack.unpackb((vocab / "key2row").read_bytes(), strict_map_key=False)
        return cls(np.load(vocab / "vectors"), rows)

    def known(self, words: Iterable[str]) -> list[str]:
        """Return those words that have a vector, sorted."""
        return sorted(word for word in words if murmur_hash(word) in self.rows)

    def of(self, words: Sequence[str]) -> NDArray[Any]:
        """Return the vectors of words that have one (words, 300), the mean of all English words taken off."""
        found = np.stack([self.table[self.rows[murmur_hash(word)]] for word in words])
        found -= self.table.mean(axis=0)
        return found


def words_of_the_language() -> set[str]:
    """Return every word that a command may have, those with a hyphen or an apostrophe in parts."""
    return {part for word in every_word() for part in re.split("[-']", word) if part.isalpha()}


def murmur_hash(word: str, seed: int = 1) -> int:
    """Return the 64-bit hash by which spaCy finds a word (MurmurHash64A, Appleby 2008)."""
    data, factor, mask = word.encode(), 0xC6A4A7935BD1E995, (1 << 64) - 1
    value = (seed ^ len(data) * factor) & mask
    for first in range(0, len(data) - 7, 8):
        part = int.from_bytes(data[first : first + 8], "little") * factor & mask
        part = (part ^ part >> 47) * factor & mask
        value = (value ^ part) * factor & mask
    if rest := data[len(data) // 8 * 8 :]:
        value = (value ^ int.from_bytes(rest, "little")) * factor & mask
    value = (value ^ value >> 47) * factor & mask
    return value ^ value >> 47


if __name__ == "__main__":
    main()
