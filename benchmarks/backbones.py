"""Which backbone sees best for its price?

python benchmarks/backbones.py [--quick] [--json] [--seed N]

Four of transformers' own classes with one to two million parameters and 6 x 6 tokens a picture each, from fresh
weights, with the same words, the same 2,000 pictures and the same processor time to learn from. Then each is asked
for one of 32 captions and pictures of trained pairs. One training each: a few points are chance.
"""

import numpy as np
import torch
from pace import median
from report import Figure, arguments, report, share

from vla_course.learning.encoders.backbones import BACKBONES, Backbone, backbone
from vla_course.learning.encoders.dual_encoder import DualEncoder
from vla_course.learning.model.machine import count_flops
from vla_course.learning.pretraining.album import Album, rendered
from vla_course.learning.pretraining.pretraining import Recipe, pretrain
from vla_course.learning.pretraining.retrieval import Gallery, retrieve, single_things
from vla_course.learning.pretraining.train_encoders import PICTURES, untrained
from vla_course.simulation.scene.things import TRAINED

GLIMPSING = 0.6
"""share of the time for glimpses of single things; the rest is for whole pictures"""


def main() -> None:
    options = arguments(__doc__ or "")
    torch.set_num_threads(1)
    seconds, sessions, pictures = (4.0, 5, 1) if options.quick else (60.0, 100, 2)
    things = TRAINED[::3] if options.quick else TRAINED
    album = rendered(PICTURES, 0, sessions, TRAINED)
    gallery = single_things(71_000 + options.seed, things, pictures)
    figures = []
    for kind in BACKBONES:
        figures += measured(kind, options.seed, album, gallery, seconds)
    report("backbones", figures, options)


def measured(kind: Backbone, seed: int, album: Album, gallery: Gallery, seconds: float) -> list[Figure]:
    """Train a backbone for so many seconds of processor time; say what it costs and what it has learnt."""
    trained(kind, seed, album, 2, 2)  # the very first steps choose their algorithms
    glimpse_steps = round(4 * GLIMPSING * seconds / trained(kind, seed, album, 4, 0)[1])
    steps = round(4 * (1 - GLIMPSING) * seconds / trained(kind, seed, album, 0, 4)[1])
    model, spent = trained(kind, seed, album, glimpse_steps, steps)
    hits = retrieve(model, gallery, np.random.default_rng(seed))
    picture = np.zeros((1, 96, 96, 3), dtype=np.uint8)
    rows, columns = model.vision.grid
    return [
        Figure(f"{kind}: parameters", sum(part.numel() for part in model.vision.parameters()) / 1e6, "M"),
        Figure(f"{kind}: operations", count_flops(lambda: model.pictures(picture)) / 1e6, "Mflop"),
        Figure(f"{kind}: tokens", rows * columns, ""),
        Figure(f"{kind}: a picture, p50", median(lambda: model.pictures(picture), 100), "ms", n=100),
        Figure(f"{kind}: learnt for", spent, "s"),
        Figure(f"{kind}: glimpses seen meanwhile", glimpse_steps * Recipe().glimpses, ""),
        Figure(f"{kind}: whole pictures seen meanwhile", steps * Recipe().pictures, ""),
        share(f"{kind}: text to image", hits.text_to_image),
        share(f"{kind}: image to text", hits.image_to_text),
    ]


def trained(
    kind: Backbone, seed: int, album: Album, glimpse_steps: int, steps: int
) -> tuple[DualEncoder, float]:
    """Return a model after so many steps, and the seconds of processor time that they took."""
    torch.manual_seed(seed)
    model = untrained(backbone(kind), seed)
    return model, pretrain(model, album, Recipe(seed=seed, glimpse_steps=glimpse_steps, steps=steps))


if __name__ == "__main__":
    main()
