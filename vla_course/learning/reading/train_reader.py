"""Train the reader of commands that the course ships.

    python -m vla_course.learning.reading.train_reader --out data/models/reader

Sentences are drawn as training goes on; nothing else is needed but the shipped encoder of words. A training that was
interrupted goes on where it was. What the reader understands is another question: `benchmarks/reading.py` asks it.
"""

from __future__ import annotations

import argparse
from dataclasses import asdict
from pathlib import Path
from typing import Final

import numpy as np
import torch
from rich.progress import BarColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bars

from vla_course.learning.encoders.encoders import load_language_encoder
from vla_course.learning.reading.calibration import calibrate
from vla_course.learning.reading.command_reader import CommandReader
from vla_course.learning.reading.files import SHIPPED, save_reader
from vla_course.learning.reading.lessons import lesson, nonsense
from vla_course.learning.reading.lexicon import load_lexicon
from vla_course.learning.reading.training import Progress, Recipe, train_reader

ROOT: Final = Path(__file__).resolve().parents[3]
BUILD: Final = ROOT / "build" / "reader"
CALIBRATION: Final = 4000
"""sentences to fit the confidence on, a third of them no commands; those with words never heard are left out"""


def main() -> None:
    """Train, calibrate and write, with a bar that says how far it is."""
    options = _options()
    recipe = Recipe(seed=options.seed, steps=options.steps)
    torch.set_num_threads(1)  # the same bits on every machine of this kind
    language = load_language_encoder()
    lexicon = load_lexicon(language)
    torch.manual_seed(recipe.seed)
    reader = CommandReader()
    BUILD.mkdir(parents=True, exist_ok=True)
    checkpoint = BUILD / f"checkpoint-{options.seed}.pt"
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:.0f} %"),
        TimeRemainingColumn(),
    )
    with Bars(*columns) as bars:
        bar = bars.add_task("training", total=recipe.steps)

        def show(at: Progress) -> None:
            bars.update(bar, completed=at.step, description=f"training, loss {at.loss:.3f}")

        try:
            seconds = train_reader(reader, language, recipe, lexicon, show, checkpoint)
        except ValueError as fault:
            raise SystemExit(str(fault)) from None
    rng = np.random.default_rng([recipe.seed, 1])
    draws = [nonsense(rng) if rng.random() < 1 / 3 else lesson(rng) for _ in range(CALIBRATION)]
    calibrate(reader, language, [one for one in draws if one.belongs is not None])
    save_reader(reader, options.out, {"recipe": asdict(recipe), "processor_minutes": round(seconds / 60, 1)})
    checkpoint.unlink()
    print(f"wrote {options.out}; python benchmarks/reading.py --json asks what it understands")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seed", type=int, default=0, help="of sentences and weights")
    parser.add_argument("--steps", type=int, default=Recipe().steps, help="of training")
    parser.add_argument("--out", type=Path, default=SHIPPED, help="folder to write to")
    options = parser.parse_args()
    if options.steps < 1:
        parser.error(f"--steps is {options.steps}, expected 1 or more")
    return options


if __name__ == "__main__":
    main()
