"""Train the reader of commands that the course ships.

    python -m vla_course.learning.reading.train_reader --out data/models/reader

Sentences are drawn as training goes on; nothing else is needed but the shipped encoder of words and dictionary. A
training that was interrupted goes on where it was. With `--begin FOLDER` it begins with the weights of a reader that
was trained before, as far as names and shapes are the same. Then confidence is fitted, on sentences of which some are
reworded as no training was. What the reader understands in the templates that are kept for tests is another question:
`benchmarks/reading.py` asks it.
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

from vla_course.learning.encoders.encoders import LanguageEncoder, load_language_encoder
from vla_course.learning.encoders.files import WEIGHTS
from vla_course.learning.reading.calibration import calibrate, kept, least_to_act_on, missed, validation
from vla_course.learning.reading.command_reader import CommandReader
from vla_course.learning.reading.files import SHIPPED, fingerprint, load_reader, save_reader, take_over
from vla_course.learning.reading.training import Progress, Recipe, train_reader
from vla_course.learning.reading.trials import ask

ROOT: Final = Path(__file__).resolve().parents[3]
BUILD: Final = ROOT / "build" / "reader"
CALIBRATION: Final = 2000
"""sentences to fit the confidence on"""
KEPT: Final = 300
"""commands of each kind, reworded as no training was, to see what comes of them"""
NEAR_MISSES: Final = 1200
"""to see how sure a robot must be"""


def main() -> None:
    """Train, calibrate and write, with a bar that says how far it is."""
    options = _options()
    begun = fingerprint(options.begin) if options.begin else ""
    recipe = Recipe(seed=options.seed, steps=options.steps, rate=options.rate, begun=begun)
    torch.set_num_threads(1)  # the same bits on every machine of this kind
    language = load_language_encoder()
    torch.manual_seed(recipe.seed)
    reader = CommandReader()
    if options.begin:
        take_over(reader, options.begin)
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
            steps, seconds = train_reader(reader, language, recipe, show, checkpoint, options.stop)
        except ValueError as fault:
            raise SystemExit(str(fault)) from None
    calibrate(reader, language, validation(np.random.default_rng([recipe.seed, 1]), CALIBRATION))
    made: dict[str, object] = {
        "recipe": asdict(recipe),
        "steps_done": steps,
        "processor_minutes": round(seconds / 60, 1),
    }
    save_reader(reader, options.out, made)
    made["validation"] = _validated(load_reader(options.out), language, recipe.seed)  # as it is kept
    save_reader(reader, options.out, made)
    checkpoint.unlink()
    print(f"wrote {options.out}; python benchmarks/reading.py --json asks what it understands")


def _validated(reader: CommandReader, language: LanguageEncoder, seed: int) -> dict[str, float]:
    """Return what part is right of commands reworded as no training was, and how sure a robot must be to act."""
    rng = np.random.default_rng([seed, 2])
    shares = {}
    for pair, name in ((False, "one command"), (True, "two commands")):
        asked = ask(reader, language, [kept(rng, pair) for _ in range(KEPT)])
        shares[name] = round(float(np.mean([one.right for one in asked])), 3)
    heard = ask(reader, language, [missed(rng) for _ in range(NEAR_MISSES)])
    shares["least confidence to act on"] = least_to_act_on(heard)
    return shares


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seed", type=int, default=0, help="of sentences and weights")
    parser.add_argument("--steps", type=int, default=Recipe().steps, help="of training")
    parser.add_argument("--rate", type=float, default=Recipe().rate, help="greatest learning rate")
    parser.add_argument("--begin", type=Path, help="folder of a reader to begin with")
    parser.add_argument("--stop", type=int, help="stop early, after so many steps")
    parser.add_argument("--out", type=Path, default=SHIPPED, help="folder to write to")
    options = parser.parse_args()
    if options.begin and not (options.begin / WEIGHTS).is_file():
        parser.error(f"--begin is {options.begin}, expected the folder of a reader, with {WEIGHTS}")
    if not 0.0 < options.rate < 1.0:
        parser.error(f"--rate is {options.rate:g}, expected more than 0 and less than 1")
    if options.steps < 1:
        parser.error(f"--steps is {options.steps}, expected 1 or more")
    if options.stop is not None and options.stop < 1:
        parser.error(f"--stop is {options.stop}, expected 1 or more")
    return options


if __name__ == "__main__":
    main()
