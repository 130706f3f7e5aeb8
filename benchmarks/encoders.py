"""Do the shipped encoders know which words belong to which picture, where does that end, and what do they cost?

python benchmarks/encoders.py [--quick] [--json] [--seed N]

Retrieval is asked on newly rendered pictures, among 32 with different captions. The pairs held out are in no picture
and no word of training; "among all" means that half of the captions beside are of pairs that are. "One thing" is a
thing alone on a table, to be named among all 48 in circumstances that no training has shown (`encoders_outside.py`).
The card beside the encoders quotes what is kept: python benchmarks/encoders_card.py
"""

import argparse

import numpy as np
import torch
from encoders_outside import outside
from pace import median
from report import Figure, arguments, report, share

from vla_course.learning.encoders.dual_encoder import DualEncoder
from vla_course.learning.encoders.files import MODELS
from vla_course.learning.pretraining.model_card import made
from vla_course.learning.pretraining.retrieval import examine
from vla_course.learning.pretraining.train_encoders import weights

AMONG = 32
BARS = {"trained pairs": ">= 0.9", "held-out pairs among all": ">= 0.75"}
"""what was asked of each direction"""


def main() -> None:
    options = arguments(__doc__ or "")
    torch.set_num_threads(1)
    model = DualEncoder.load()
    figures = retrieval(model, options)
    figures += outside(model, 80_000 + options.seed, 1 if options.quick else 4)
    figures += size_and_speed(model, 20 if options.quick else 300)
    report("encoders", figures, options)


def retrieval(model: DualEncoder, options: argparse.Namespace) -> list[Figure]:
    """Ask the shipped encoders, chance beside them."""
    seed = 70_000 + options.seed
    size = {"pictures": 1, "scenes": 32} if options.quick else {}
    figures = []
    for question, answers in examine(model, seed, **size).items():
        bar = BARS.get(question.split(",")[0], "")
        figures.append(share(question, answers, bar))
    return [
        *figures,
        Figure(f"chance among {AMONG}", 1 / AMONG, ""),
        Figure("chance among eight captions of the same words", 1 / 8, ""),
    ]


def size_and_speed(model: DualEncoder, repeats: int) -> list[Figure]:
    """Measure what the shipped files weigh, and how long each encoder takes on one thread."""
    picture = np.random.default_rng(0).integers(0, 256, (1, 96, 96, 3), dtype=np.uint8)
    megabytes = sum(path.stat().st_size for path in weights(MODELS)) / 1e6
    return [
        Figure("size of all files", megabytes, "MB", "<= 20"),
        Figure("a picture, p50", median(lambda: model.pictures(picture), repeats), "ms", n=repeats),
        Figure(
            "a command, p50", median(lambda: model.words(["pick up the red cup"]), repeats), "ms", n=repeats
        ),
        Figure("training, as noted then", made().processor_minutes, "min of a core"),
    ]


if __name__ == "__main__":
    main()
