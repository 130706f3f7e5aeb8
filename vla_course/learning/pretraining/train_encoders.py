"""Train the encoders that the course ships.

    python -m vla_course.learning.pretraining.train_encoders --out data/models

Pictures that are not there yet are rendered first and kept under `build/encoders`. Then both encoders are trained and
written, with the space in which they meet and a note of how they were made. What they know is another question:
`benchmarks/encoders.py --json` asks it, and `benchmarks/encoders_card.py` writes both into the card.
"""

from __future__ import annotations

import argparse
import subprocess
from pathlib import Path
from typing import Final

from rich.progress import Progress as Bars
from torch import nn

from vla_course.learning.encoders.dual_encoder import SPACE, DualEncoder
from vla_course.learning.encoders.encoders import LanguageEncoder, VisionEncoder
from vla_course.learning.encoders.files import MODELS, Sight
from vla_course.learning.pretraining.album import rendered
from vla_course.learning.pretraining.captions import PLACES, phrase
from vla_course.learning.pretraining.model_card import Made
from vla_course.learning.pretraining.pretraining import Progress, Recipe, pretrain
from vla_course.learning.pretraining.snapshots import PICTURE_SIZE, SCENES_A_SESSION
from vla_course.learning.reading.lexicon import lend, load_lexicon
from vla_course.simulation.scene.things import ALL_THINGS, TRAINED
from vla_course.simulation.tasks.saying import every_word, sentences

ROOT: Final = Path(__file__).resolve().parents[3]
PICTURES: Final = ROOT / "build" / "encoders"


def main() -> None:
    """Do all of it, with bars that say how far it is."""
    options = _options()
    recipe, commit = Recipe(seed=options.seed), _commit()
    with Bars() as bars:
        sessions = -(-options.pictures // (2 * SCENES_A_SESSION))
        bar = bars.add_task("rendering", total=sessions)
        album = rendered(
            PICTURES, options.seed, sessions, TRAINED, lambda done: bars.update(bar, completed=done)
        )
        model = untrained(small_resnet(options.seed), options.seed)
        bar = bars.add_task("training", total=None)

        def show(at: Progress) -> None:
            bars.update(bar, completed=at.step, total=at.steps, description=f"training, loss {at.loss:.1f}")

        checkpoint = PICTURES / f"checkpoint-{options.seed}.pt"
        seconds = pretrain(model, album, recipe, show, checkpoint)
        lend(model.language, load_lexicon(model.language))
        model.save(options.out)
        checkpoint.unlink()
    Made(
        commit=commit,
        recipe=recipe,
        pictures=len(album),
        processor_minutes=seconds / 60,
        vision_parameters=_count(model.vision),
        language_parameters=_count(model.language),
    ).write(options.out)
    print(f"wrote {options.out}; python benchmarks/encoders.py --json asks what it knows")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seed", type=int, default=0, help="of pictures, weights and batches")
    parser.add_argument("--pictures", type=int, default=10_000, help="to render and learn from")
    parser.add_argument("--out", type=Path, default=MODELS, help="folder to write to")
    return parser.parse_args()


def untrained(vision: VisionEncoder, seed: int) -> DualEncoder:
    """Return a dual encoder of these eyes and of a text encoder with fresh weights."""
    import torch

    from vla_course.learning.encoders.text_encoder import untrained_bert, word_tokenizer

    torch.manual_seed(seed)
    tokenizer = word_tokenizer(vocabulary())
    language = LanguageEncoder(untrained_bert(len(tokenizer)), tokenizer).fine_tune()
    vision.to(memory_format=torch.channels_last)  # type: ignore[call-overload]  # quickest on a CPU
    return DualEncoder(vision, language)


def small_resnet(seed: int) -> VisionEncoder:
    """Return the eyes that the course ships, untrained: a ResNet (He et al. 2016) half as wide as the usual ones."""
    import torch
    from transformers import ResNetConfig, ResNetModel

    torch.manual_seed(seed)
    config = ResNetConfig(embedding_size=32, hidden_sizes=[32, 64, 128], depths=[2, 2, 2], layer_type="basic")
    half = (0.5, 0.5, 0.5)
    return VisionEncoder(ResNetModel(config), Sight(PICTURE_SIZE, half, half)).fine_tune()


def vocabulary() -> list[str]:
    """Return sentences with every word of the course: of its commands, held-out ones too, and of captions."""
    captions = [phrase(name, where) for name in ALL_THINGS for where in PLACES]
    return [*sentences(), *sentences(held_out=True), *every_word(), *captions, "something", "an empty table"]


def weights(folder: Path) -> list[Path]:
    """Return the files of both encoders and of their space below `folder`."""
    return [*(folder / "vision").iterdir(), *(folder / "language").iterdir(), folder / SPACE]


def _count(model: nn.Module) -> int:
    return sum(part.numel() for part in model.parameters())


def _commit() -> str:
    head = subprocess.run(
        ["git", "describe", "--always", "--dirty"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return head.stdout.strip() or "unknown"


if __name__ == "__main__":
    main()
