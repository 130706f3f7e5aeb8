"""How much better does a cloned skill get by trying, and at what price? Pointing, before and after, in the same scenes.

python benchmarks/reinforcement.py [--quick] [--json] [--seed N] [--pairs N] [--workers N] [--ship]

The humanoid in PyBullet points at things, judged by the task's own rule within five seconds. (1) The expert shows it;
(2) the course's direct policy, in a small size, is cloned from that; (3) proximal policy optimisation with the parts
of exercises 4.9 and 4.10 learns a correction of the hand on top of the frozen clone; (4) clone and corrected clone
try the same scenes, none of which were used before, without trying anything: pairs, compared by exercise 4.12. What
is done is kept in build/reinforcement, and a run that was cut off goes on from there. Processor time is that of all
processes. --workers 0 does it all in this process, to the same bits. --ship puts both policies into data/models.
"""

import json
from argparse import Namespace
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from shutil import copytree
from time import process_time

import numpy as np
import torch
from report import Figure, parser, report, share
from rich.progress import track

from vla_course.learning.reinforcement.cloning import (
    NOISE,
    QUIET,
    Demonstration,
    clone_of,
    demonstrate,
)
from vla_course.learning.reinforcement.comparing import Attempt, pair
from vla_course.learning.reinforcement.files import (
    POINTING,
    Pointing,
    load_residual,
    save_clone,
    save_residual,
)
from vla_course.learning.reinforcement.improve import Progress, improve
from vla_course.learning.reinforcement.options import ImproveOptions
from vla_course.learning.reinforcement.pointing import ATTEMPTS, SKILL, PointingDecisions
from vla_course.learning.reinforcement.residual import Residual
from vla_course.reference.day4_training.paired import paired_test
from vla_course.simulation.tasks.tasks import sample_task

KEPT = Path(__file__).parent.parent / "build" / "reinforcement"
CALM, DISTURBED = 24, 40
"""demonstrations without noise, and with"""
PAIRS, QUICK_PAIRS = 200, 4
QUICK = ImproveOptions(rounds=1, columns=2, length=30)
BASE = 1_000_000
"""seeds of one --seed; scenes of the comparison are the last of them"""


@dataclass(frozen=True)
class Pair:
    """What came of a scene by the clone and with what was learnt."""

    seed: int
    before: Attempt
    after: Attempt


def main() -> None:
    reader = parser(__doc__ or "")
    reader.add_argument("--pairs", type=int, help="scenes to compare in")
    reader.add_argument("--workers", type=int, default=2, help="processes that try")
    reader.add_argument("--ship", action="store_true", help="put both policies into data/models")
    options = reader.parse_args()
    torch.set_num_threads(1)
    folder = KEPT / f"{'quick' if options.quick else 'seed'}-{options.seed}"
    folder.mkdir(parents=True, exist_ok=True)
    _cloned(folder, options)
    reports = _improved(folder, options)
    count = options.pairs or (QUICK_PAIRS if options.quick else PAIRS)
    pairs = _compared(folder, options, count)
    if options.ship:
        for part in ("clone", "residual"):
            copytree(folder / part, POINTING / part, dirs_exist_ok=True)
    notes = [*map(_line, reports), *_causes(pairs)]
    for line in notes:
        print(line)
    report("reinforcement", _figures(pairs, reports, folder), options, notes=notes, keep=count >= PAIRS)


# ---- before ------------------------------------------------------------------------------------


def _cloned(folder: Path, options: Namespace) -> None:
    """Make the clone, unless it is there."""
    if (folder / "clone").exists():
        return
    calm, disturbed = (2, 2) if options.quick else (CALM, DISTURBED)
    asked = [(5000 + k, QUIET) for k in range(calm)] + [(6000 + k, NOISE) for k in range(disturbed)]
    shown = [
        _shown(folder / "demonstrations", BASE * options.seed + seed, noise)
        for seed, noise in track(asked, "the expert shows it")
    ]
    begin = process_time()
    clone = clone_of([one for one, _ in shown])
    spent = {"demonstrating": sum(seconds for _, seconds in shown), "cloning": process_time() - begin}
    good = sum(one.success for one, _ in shown)
    (folder / "cloned.json").write_text(json.dumps({**spent, "shown": good}))
    save_clone(clone, folder)


def _shown(folder: Path, seed: int, noise: tuple[float, float]) -> tuple[Demonstration, float]:
    """Return a demonstration and the processor time it took, as they were kept or else anew."""
    folder.mkdir(exist_ok=True)
    path, names = folder / f"{seed}.npz", ("places", "states", "actions", "success")
    if not path.exists():
        begin, one = process_time(), demonstrate(SKILL, seed, noise)
        np.savez(path, seconds=process_time() - begin, **{name: getattr(one, name) for name in names})
    with np.load(path) as kept:
        task = sample_task(np.random.default_rng(seed), SKILL)
        shown = Demonstration(task, *(kept[name] for name in names[:3]), success=bool(kept["success"]))
        return shown, float(kept["seconds"])


# ---- trying ------------------------------------------------------------------------------------


def _improved(folder: Path, options: Namespace) -> list[Progress]:
    """Let the residual learn the rounds that are left; return what came of all of them."""
    how, reports = QUICK if options.quick else ImproveOptions(seed=options.seed), list[Progress]()
    torch.manual_seed(options.seed)
    residual = Residual(PointingDecisions.sizes)
    for progress in improve(residual, Pointing(folder), how, folder, workers=options.workers):
        print(_line(progress), flush=True)
        reports.append(progress)
    save_residual(residual, folder)
    return reports


def _line(progress: Progress) -> str:
    return (
        f"round {progress.round} of {progress.rounds}: {progress.decisions} decisions, "
        f"{100.0 * progress.success:.0f} % of {progress.episodes} episodes succeeded while things were tried, "
        f"reward {progress.reward:.3f}, critic {progress.explained:.2f}, kl {progress.kl:.3f}, "
        f"correction {progress.correction:.2f}, spread {progress.spread:.2f}, "
        f"{progress.seconds:.0f} s of processor time"
    )


# ---- after -------------------------------------------------------------------------------------


def _compared(folder: Path, options: Namespace, count: int) -> list[Pair]:
    """Compare in the scenes that are left; keep every pair as soon as it is there."""
    file = folder / "pairs.jsonl"
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    known = [_read(line) for line in lines]
    first = (BASE * (options.seed + 1) - 100_000) // ATTEMPTS
    seeds = [ATTEMPTS * (first + k) for k in range(count)]
    left = [seed for seed in seeds if seed not in {one.seed for one in known}]
    if left:
        residual = load_residual(folder)
        with Pointing(folder)() as decisions, file.open("a", encoding="utf-8") as kept:
            for seed in track(left, "before and after"):
                one = Pair(seed, *pair(decisions, residual, seed))
                known.append(one)
                kept.write(json.dumps(asdict(one)) + "\n")
                kept.flush()
    return [one for one in known if one.seed in set(seeds)]


def _read(line: str) -> Pair:
    told = json.loads(line)
    return Pair(told["seed"], Attempt(**told["before"]), Attempt(**told["after"]))


def _figures(pairs: list[Pair], reports: list[Progress], folder: Path) -> list[Figure]:
    before, after = [one.before for one in pairs], [one.after for one in pairs]
    found = paired_test(np.array([one.success for one in before]), np.array([one.success for one in after]))
    cloned = json.loads((folder / "cloned.json").read_text())
    minutes, n = reports[-1].seconds / 60.0, len(pairs)
    figures = [
        share("success, the clone", [one.success for one in before]),
        share("success, corrected", [one.success for one in after]),
        Figure("difference, paired", found.difference, "", ">= 0.15", n=n),
        Figure("  only corrected succeeds", float(found.gained), "", n=n),
        Figure("  only the clone succeeds", float(found.lost), "", n=n),
        Figure("  p (McNemar, exact)", found.p_value, "", "<= 0.01", n=n),
        Figure("falls, both", float(sum(one.fell for one in (*before, *after))), "", "<= 0", n=2 * n),
        Figure("time of learning by trying, two cores", minutes, "core-min", "<= 10"),
        Figure("  decisions tried", float(reports[-1].decisions), ""),
        Figure("time of demonstrating", cloned["demonstrating"] / 60.0, "core-min", n=cloned["shown"]),
        Figure("time of cloning", cloned["cloning"] / 60.0, "core-min"),
    ]
    for name, some in (("clone", before), ("corrected", after)):
        seconds = [one.seconds for one in some if one.success]
        miss = [100.0 * one.miss for one in some]
        figures.append(Figure(f"median miss in the end, {name}", float(np.median(miss)), "cm", n=n))
        if seconds:
            figures.append(Figure(f"median time, {name}", float(np.median(seconds)), "s", n=len(seconds)))
    return figures


def _causes(pairs: list[Pair]) -> Iterator[str]:
    for name, some in (
        ("the clone", [one.before for one in pairs]),
        ("corrected", [one.after for one in pairs]),
    ):
        for cause, times in Counter(_cause(one.failure) for one in some if one.failure).most_common():
            yield f"{name}: {cause}, {times} of {len(some)}"


def _cause(failure: str) -> str:
    """Return a failure without the name of the thing."""
    return "moved a thing" if failure.startswith("moved") else failure


if __name__ == "__main__":
    main()
