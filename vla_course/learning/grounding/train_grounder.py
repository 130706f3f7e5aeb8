"""Train the grounder that the course ships.

    python -m vla_course.learning.grounding.train_grounder --out data/models/grounder

Moments that are not there yet are posed, photographed and encoded first, and kept under `build/grounding`; a training
that was interrupted goes on where it was. What the grounder can do is another question:
`benchmarks/grounding.py --json` asks it.
"""

from __future__ import annotations

import argparse
import json
import subprocess
from dataclasses import asdict
from pathlib import Path
from typing import Final

from rich.progress import Progress as Bars

from vla_course.learning.encoders.files import MODELS
from vla_course.learning.grounding.config import GrounderConfig
from vla_course.learning.grounding.files import GROUNDER, save_grounder
from vla_course.learning.grounding.scenes import POSTURES, SCENES, posed
from vla_course.learning.grounding.training import Progress, Recipe, train
from vla_course.simulation.scene.things import ALL_THINGS, TRAINED

ROOT: Final = Path(__file__).resolve().parents[3]
BUILD: Final = ROOT / "build" / "grounding"
MADE: Final = "training.json"
"""beside the weights: how they were made"""
NAMED: Final = {"trained": TRAINED, "all": ALL_THINGS}
"""strict: no sentence names a pair that is held out, and no place of one is learnt; grounded: all are"""


def main() -> None:
    """Do all of it, with bars that say how far it is."""
    import torch

    from vla_course.learning.encoders.frozen import FrozenEncoders
    from vla_course.learning.grounding.grounder import Grounder
    from vla_course.learning.grounding.lessons import lessons

    options = _options()
    recipe = Recipe(seed=options.seed, steps=options.steps)
    encoders = FrozenEncoders.load()
    with Bars() as bars:
        sessions = range(-(-options.moments // (SCENES * POSTURES)))
        bar = bars.add_task("photographing", total=len(sessions))
        paths = posed(BUILD, 0, sessions, TRAINED, lambda done: bars.update(bar, completed=done))
        bar = bars.add_task("encoding", total=len(paths))
        known = lessons(paths, encoders, progress=lambda done: bars.update(bar, completed=done))
        bar = bars.add_task("training", total=recipe.steps)

        def show(at: Progress) -> None:
            told = f"training, where {at.where:.2f} shows {at.shows:.2f}"
            bars.update(bar, completed=at.step, description=told)

        torch.manual_seed(options.seed)
        grounder = Grounder(GrounderConfig(scores=options.scores))
        checkpoint = BUILD / f"checkpoint-{options.scores}-{options.named}-{options.seed}.pt"
        seconds = train(grounder, known, encoders, NAMED[options.named], recipe, show, checkpoint)
        save_grounder(grounder, options.out, options.named, MODELS)
        note = {
            "commit": _commit(),
            "recipe": asdict(recipe),
            "moments": len(known),
            "processor_minutes": round(seconds / 60, 1),
        }
        (options.out / MADE).write_text(json.dumps(note, indent=1) + "\n", encoding="utf-8")
        checkpoint.unlink()
    print(
        f"wrote {options.out} after {seconds / 60:.1f} processor minutes of training on {len(known)} moments"
    )


def _commit() -> str:
    head = subprocess.run(
        ["git", "describe", "--always", "--dirty"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return head.stdout.strip() or "unknown"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seed", type=int, default=0, help="of weights and questions")
    parser.add_argument(
        "--moments", type=int, default=5600, help="to pose; each comes in a looking glass as well"
    )
    parser.add_argument("--steps", type=int, default=Recipe().steps, help="of training")
    parser.add_argument(
        "--named", choices=sorted(NAMED), default="trained", help="the things that sentences name"
    )
    parser.add_argument("--scores", choices=("factored", "dot", "film"), default="factored")
    parser.add_argument("--out", type=Path, default=GROUNDER, help="folder to write to")
    return parser.parse_args()


if __name__ == "__main__":
    main()
