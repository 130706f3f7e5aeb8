"""How much better does a cloned skill get by trying, and at what price? Pointing, before and after, in the same scenes.

python benchmarks/reinforcement.py [--quick] [--json] [--seed N] [--run NAME] [--workers N] [--trainings N]
    [--pairs N] [--done] [--ship]

(1) The expert points at things a few times, as `vla-course collect --skills "point at" --no-pictures` has it; (2) the
course's direct policy, in a small size, is cloned from that; (3) proximal policy optimisation with the parts of
exercises 4.9 and 4.10 learns a correction of the hand on top of the frozen clone, once for each training seed; (4) the
clone alone and the clone corrected point in the same scenes, in none of which anything was tried before, judged by the
task's own rule within the fifteen seconds that it gives: pairs, compared by exercise 4.12. Where things are comes from
the simulator with the error of eyes. What is done is kept in build/reinforcement, and a run that was cut off goes on
from there. Processor time is that of all processes. --workers 0 does it all in this process, to the same bits. --ship
puts the clone and what the first training learnt into data/models.
"""

import json
from argparse import Namespace
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from shutil import copytree
from time import process_time
from typing import Any

import numpy as np
import torch
from kept import fill, run_folder
from report import Figure, parser, report, share

from vla_course.learning.demonstrations.collecting import collect_demonstrations
from vla_course.learning.demonstrations.collecting import on_this_machine as collecting
from vla_course.learning.demonstrations.plan import Settings
from vla_course.learning.policy.chunk_policy import ChunkPolicyConfig
from vla_course.learning.reinforcement.comparing import Attempt, compared
from vla_course.learning.reinforcement.files import (
    CLONE,
    POINTING,
    RESIDUAL,
    Pointing,
    load_residual,
    practice,
    save_residual,
)
from vla_course.learning.reinforcement.improve import Progress, improve
from vla_course.learning.reinforcement.options import ImproveOptions
from vla_course.learning.reinforcement.pointing import ATTEMPTS, SKILL, PointingDecisions
from vla_course.learning.reinforcement.residual import Residual
from vla_course.learning.training.options import TrainingOptions
from vla_course.learning.training.train_policy import train_policy
from vla_course.learning.workers.backends import here, on_this_machine
from vla_course.reference.day4_training.paired import paired_test

SHOWN, QUICK_SHOWN = 60, 4
"""demonstrations: few, so that the clone leaves something to be learnt by trying"""
FIRST = 4000
"""their seed, when --seed is 0"""
SMALL = ChunkPolicyConfig(horizon=8, width=96, layers=2, blind=0.0, committed=0)
CLONING = TrainingOptions(steps=1200, batch=128, every=200, average=0.99, held_out=0.35, patience=30)
QUICK_CLONING = TrainingOptions(steps=20, batch=32, every=20, held_out=0.5)
PAIRS, QUICK_PAIRS = 40, 2
QUICK = ImproveOptions(rounds=1, columns=1, length=10)
FRESH = 2**31 // ATTEMPTS
"""number of the first scene to compare in: trying draws its scenes below it"""
ALONE = "the clone"
JUDGED = 15.0
"""s, that an attempt has when both are compared: as many as the task's own rule gives; the expert needs 3"""


@dataclass(frozen=True)
class Scene:
    """What came of a scene by the clone alone and after each training, as dicts of `Attempt`."""

    key: str
    came: list[dict[str, Any]]


def main() -> None:
    reader = parser(__doc__ or "")
    reader.add_argument("--run", help="name of the folder with what is done already; default: the commit")
    reader.add_argument("--workers", type=int, default=2, help="processes that try")
    reader.add_argument("--trainings", type=int, default=3, help="training seeds")
    reader.add_argument("--pairs", type=int, default=PAIRS, help="scenes to compare in")
    reader.add_argument("--done", action="store_true", help="compare in no more scenes than are done already")
    reader.add_argument("--ship", action="store_true", help="put both policies into data/models")
    options = reader.parse_args()
    torch.set_num_threads(1)
    folder = run_folder("reinforcement", options)
    _cloned(folder, options)
    trainings = {
        f"corrected, training {k}": _improved(folder, options, k)
        for k in range(1 if options.quick else options.trainings)
    }
    outcomes = _attempts(folder, options, (ALONE, *trainings))
    if options.ship:
        copytree(folder / CLONE, POINTING / CLONE, dirs_exist_ok=True)
        copytree(_learnt(folder, 0) / RESIDUAL, POINTING / RESIDUAL, dirs_exist_ok=True)
    notes = [*(line for one in trainings.items() for line in _told(*one)), *_causes(outcomes)]
    figures, keep = [*_figures(folder, outcomes, trainings)], len(outcomes[ALONE]) >= PAIRS
    report("reinforcement", figures, options, notes=notes, keep=keep)


# ---- before ------------------------------------------------------------------------------------


def _cloned(folder: Path, options: Namespace) -> None:
    """Make the clone, unless it is there."""
    spent = folder / "spent.json"
    if spent.exists():
        return
    shown = QUICK_SHOWN if options.quick else SHOWN
    settings = Settings(seed=FIRST + options.seed, skills=(SKILL,), pictures=False)
    collect_demonstrations(folder / "demonstrations", shown, settings, collecting(max(1, options.workers)))
    begin, how = process_time(), QUICK_CLONING if options.quick else CLONING
    train_policy([folder / "demonstrations"], folder / CLONE, how, SMALL)
    spent.write_text(json.dumps({"shown": shown, "cloning": process_time() - begin}))


# ---- trying ------------------------------------------------------------------------------------


def _learnt(folder: Path, training: int) -> Path:
    return folder / f"training-{training}"


def _improved(folder: Path, options: Namespace, training: int) -> list[Progress]:
    """Let a residual learn the rounds that are left; return what came of all of them."""
    seed = options.seed + 1000 * training
    how, reports = QUICK if options.quick else ImproveOptions(seed=seed), list[Progress]()
    torch.manual_seed(seed)
    residual, there = Residual(PointingDecisions.sizes), _learnt(folder, training)
    for progress in improve(residual, practice(folder), how, there, workers=options.workers):
        print(_line(progress), flush=True)
        reports.append(progress)
    save_residual(residual, there)
    return reports


def _line(progress: Progress) -> str:
    return (
        f"round {progress.round} of {progress.rounds}: {progress.decisions} decisions, "
        f"{100.0 * progress.success:.0f} % of {progress.episodes} episodes succeeded while things were tried, "
        f"reward {progress.reward:.3f}, critic {progress.explained:.2f}, kl {progress.kl:.3f}, "
        f"correction {progress.correction:.2f}, spread {progress.spread:.2f}, "
        f"{progress.seconds:.0f} s of processor time"
    )


def _told(name: str, reports: Sequence[Progress]) -> Iterator[str]:
    """Tell how a training went, every few rounds."""
    for progress in (one for one in reports if one.round in (1, one.rounds) or one.round % 5 == 0):
        yield f"{name}: {_line(progress)}"


# ---- after -------------------------------------------------------------------------------------


def _attempts(folder: Path, options: Namespace, names: Sequence[str]) -> dict[str, list[Attempt]]:
    """Return what came of each scene by each of `names`."""
    pairs = QUICK_PAIRS if options.quick else options.pairs
    trainings = len(names) - 1
    path = folder / f"scenes-{trainings}.jsonl"
    scenes = {str(k): FRESH + 10_000 * options.seed + k for k in range(pairs)}
    carry_out = None if options.done else partial(_scene, folder, trainings, FRESH + 10_000 * options.seed)
    backend = on_this_machine(options.workers) if options.workers else here
    done = fill(path, Scene, scenes, carry_out, "before and after", backend)
    return {name: [Attempt(**scene.came[n]) for scene in done.values()] for n, name in enumerate(names)}


def _scene(folder: Path, trainings: int, first: int, number: int) -> Scene:
    """Compare in the scene of a number, of which the `first` has the key 0, in whatever process this is called."""
    torch.set_num_threads(1)
    learnt = [None, *(load_residual(_learnt(folder, k)) for k in range(trainings))]
    came = compared(Pointing(folder, JUDGED), learnt, ATTEMPTS * number)
    return Scene(str(number - first), [asdict(one) for one in came])


def _figures(
    folder: Path, outcomes: dict[str, list[Attempt]], trainings: dict[str, list[Progress]]
) -> Iterator[Figure]:
    before = [one.success for one in outcomes[ALONE]]
    spent = json.loads((folder / "spent.json").read_text())
    n = len(before)
    yield share(f"success, {ALONE}", before)
    for name, reports in trainings.items():
        after = [one.success for one in outcomes[name]]
        found = paired_test(np.array(before), np.array(after))
        yield share(f"success, {name}", after)
        yield Figure(f"difference, {name}", found.difference, "", ">= 0.15", n=n)
        yield Figure(f"only it succeeds, {name}", float(found.gained), "", n=n)
        yield Figure(f"only the clone succeeds, {name}", float(found.lost), "", n=n)
        yield Figure(f"p (McNemar, exact), {name}", found.p_value, "", "<= 0.01", n=n)
        yield Figure(f"trying, {name}", reports[-1].seconds / 60.0, "core-min", "<= 10")
        yield Figure(f"decisions tried, {name}", float(reports[-1].decisions), "")
    for name, some in outcomes.items():
        seconds = [one.seconds for one in some if one.success]
        yield Figure(f"falls, {name}", float(sum(one.fell for one in some)), "", "<= 0", n=n)
        yield Figure(
            f"median miss in the end, {name}", float(np.median([100.0 * one.miss for one in some])), "cm", n=n
        )
        if seconds:
            yield Figure(f"median time, {name}", float(np.median(seconds)), "s", n=len(seconds))
    yield Figure("cloning", spent["cloning"] / 60.0, "core-min", n=spent["shown"])


def _causes(outcomes: dict[str, list[Attempt]]) -> Iterator[str]:
    for name, some in outcomes.items():
        for cause, times in Counter(_cause(one.failure) for one in some if one.failure).most_common():
            yield f"{name}: {cause}, {times} of {len(some)}"


def _cause(failure: str) -> str:
    """Return a failure without the name of the thing."""
    return "moved a thing" if failure.startswith("moved") else failure


if __name__ == "__main__":
    main()
