"""Makes the direct policy from nothing: demonstrations, a first policy, episodes that it begins, and a second one.

    python -m vla_course.learning.training.make_direct --out build/direct

Each stage is what `vla-course collect` or `vla-course train` does, and goes on from where it was cut off: run it again.
It takes hours of one core; `--workers` divides what is collected.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from vla_course.learning.demonstrations.collecting import (
    collect_demonstrations,
    collect_episode,
    on_this_machine,
)
from vla_course.learning.demonstrations.plan import DIRECT, Settings
from vla_course.learning.training.options import TrainingOptions
from vla_course.machine import cores
from vla_course.simulation.tasks.instructions import Skill

if TYPE_CHECKING:
    from rich.console import Console


@dataclass(frozen=True)
class Collect:
    """A stage that collects demonstrations."""

    name: str
    """of its folder"""
    episodes: int
    seed: int
    skills: tuple[Skill, ...] = DIRECT
    learner: str = ""
    """the stage whose policy begins each episode (DAgger); empty: the expert acts alone"""


@dataclass(frozen=True)
class Train:
    """A stage that trains a policy from all demonstrations there are by then."""

    name: str
    """of its folder"""
    options: TrainingOptions = TrainingOptions(steps=9000)  # noqa: RUF009, it is frozen


Stage = Collect | Train

STAGES: Final[tuple[Stage, ...]] = (
    Collect("expert", 450, 1),
    Collect("hands", 500, 2, ("reach for", "point at", "pick up", "place", "move to")),
    Collect("going", 160, 3, ("go to",)),
    Collect("looking", 150, 4, ("look at", "stand still")),
    Train("first"),
    Collect("putting again", 220, 21, ("place", "move to"), learner="first"),
    Collect("going again", 80, 25, ("walk", "turn", "look at", "go to"), learner="first"),
    Train("policy"),
)


def make_direct(
    out: Path, workers: int = 1, stages: Sequence[Stage] = STAGES, console: Console | None = None
) -> list[str]:
    """Carry out stages, those that are done already left as they are.

    Args:
        out: the folder in which each stage has its own.
        workers: processes that collect.
        stages: in order.
        console: shows progress; None: nothing is shown.

    Returns:
        The names of the stages that had something left to do.

    Raises:
        DemonstrationFault: a folder holds something else, or workers keep dying.
        ValueError: a checkpoint is of another training, or nothing succeeded that could be learned from.
    """
    from vla_course.learning.encoders.weights import CONFIG
    from vla_course.learning.training.takeover import collect_after_learner
    from vla_course.learning.training.train_policy import train_policy

    done, folders = list[str](), list[Path]()
    for stage in stages:
        folder = out / stage.name.replace(" ", "_")
        if isinstance(stage, Collect):
            learner = str(out / stage.learner) if stage.learner else ""
            settings = Settings(seed=stage.seed, skills=stage.skills, pictures=False, learner=learner)
            backend = on_this_machine(workers, collect_after_learner if learner else collect_episode)
            if collect_demonstrations(folder, stage.episodes, settings, backend, console):
                done.append(stage.name)
            folders.append(folder)
        elif not (folder / CONFIG).exists():
            if console is not None:
                console.print(f"trains {folder} from {len(folders)} folders", markup=False)
            train_policy(folders, folder, stage.options, checkpoints=folder / "training")
            done.append(stage.name)
    return done


def main() -> None:
    """Make it, and say where it is."""
    from rich.console import Console

    reader = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    reader.add_argument("--out", type=Path, default=Path("build/direct"))
    reader.add_argument("--workers", type=int, default=cores())
    chosen = reader.parse_args()
    make_direct(chosen.out, chosen.workers, console=Console(stderr=True))
    print(f"the policy is in {chosen.out / STAGES[-1].name}")


if __name__ == "__main__":
    main()
