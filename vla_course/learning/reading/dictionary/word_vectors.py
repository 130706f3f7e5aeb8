"""Cut the vectors of the language's words out of a spaCy model.

    python -m vla_course.learning.reading.dictionary.word_vectors FOLDER --out data/models/word_vectors.safetensors

FOLDER is that of en_core_web_md 3.7.1 (Explosion, MIT licence: 20,000 vectors of 300 numbers for 514,157 words of
English). spaCy itself is not needed: its table is a list of rows by the hash of each word.
"""

from __future__ import annotations

import argparse
import json
import re
from pathlib import Path
from typing import Final

import numpy as np
import torch

from vla_course.learning.reading.lexicon import VECTORS
from vla_course.simulation.tasks.saying import every_word

SOURCE: Final = "en_core_web_md 3.7.1, Explosion, MIT licence"


def main() -> None:
    """Read the table, keep the words of the language, write them."""
    import msgpack
    from safetensors.torch import save_file

    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path, help="of en_core_web_md, with vocab/vectors and vocab/key2row")
    parser.add_argument("--out", type=Path, default=VECTORS)
    options = parser.parse_args()
    vocab = options.folder / "vocab"
    for file in ("vectors", "key2row"):
        if not (vocab / file).is_file():
            parser.error(f"{vocab / file} is missing, expected the folder of en_core_web_md")
    vectors = np.load(vocab / "vectors")
    rows = msgpack.unpackb((vocab / "key2row").read_bytes(), strict_map_key=False)
    words = sorted({part for word in every_word() for part in re.split("[-']", word) if part.isalpha()})
    words = [word for word in words if murmur_hash(word) in rows]
    kept = np.stack([vectors[rows[murmur_hash(word)]] for word in words]) - vectors.mean(axis=0)
    save_file(
        {"vectors": torch.tensor(kept, dtype=torch.float16)},
        options.out,
        metadata={"words": json.dumps(words), "source": SOURCE},
    )
    print(f"wrote {len(words)} words to {options.out}")


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
