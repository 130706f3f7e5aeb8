"""How well does the robot know itself, and what does it cost that it does not know everything?

python benchmarks/estimation.py [--quick] [--json] [--seed N] [--run NAME] [--done]

*Errors*: a robot that balances on its own estimate stands, is pushed, walks, turns, walks on ice; estimate against
truth. *Cost*: the same walks, pushes and tasks on the simulator's truth and on the estimate, seed by seed. *Limits*:
how noisy a velocity may be, how late one that the legs tell alone, and how bad all sensors together, before the robot
falls. What is done is kept in build/ and not done again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from math import ceil, degrees, isfinite, pi
from typing import cast

from estimation_episodes import (
    BACK,
    CURVE,
    GO,
    STAND,
    Course,
    Errors,
    Pushed,
    PushLimit,
    Source,
    Stood,
    TaskRun,
    Walk,
    find_push_limit,
    run_course,
    run_task,
    spread,
    walk,
)
from kept import commits_of, fill, resumable, run_folder
from report import Figure, report, share

from vla_course.simulation.tasks.instructions import Skill

SEEDS, WALKS, LADDER_SEEDS, TASKS = 8, 20, 5, 8
SOURCES: tuple[Source, Source] = ("truth", "estimate")
NOISES = (0.0, 0.01, 0.02, 0.03, 0.05, 0.07, 0.1)
"""m/s, white, on every reading of the velocity"""
MEMORIES = (0.0, 0.002, 0.004, 0.008, 0.016, 0.032, 0.064)
"""s"""
WORSE = (1.0, 3.0, 6.0, 10.0, 20.0, 30.0)
"""times the errors of all sensors"""
SKILLS: tuple[Skill, ...] = ("walk", "turn", "reach for", "pick up", "place")
DIRECTIONS = {"ahead": 0.0, "left": pi / 2.0, "back": pi, "right": -pi / 2.0}


def courses(seeds: int, first: int) -> dict[str, Course]:
    """Return what there is to be measured of errors, by key."""
    kinds = {
        "standing": dict(velocities=((STAND, 10.0),)),
        "pushed": dict(velocities=((STAND, 10.0),), impulses=8.0),
        "walking 5 m": dict(velocities=((STAND, 1.0), (GO, 12.3), (STAND, 2.0))),
        "turning": dict(velocities=((STAND, 1.0), (CURVE, 8.0), (BACK, 8.0), (STAND, 2.0))),
        "walking 3 m on ice (friction 0.25)": dict(
            velocities=((STAND, 1.0), (GO, 8.5), (STAND, 2.0)), friction=0.25
        ),
    }
    return {
        f"{name}/{seed}": Course(seed, **kind)  # type: ignore[arg-type]
        for seed in range(first, first + seeds)
        for name, kind in kinds.items()
    }


@dataclass(frozen=True)
class Wanted:
    """All there is to be done, by file and key."""

    errors: dict[str, Course]
    walks: dict[str, Walk]
    pushes: dict[str, Pushed]
    limits: dict[str, Walk]
    tasks: dict[str, TaskRun]

    @classmethod
    def of(cls, part: float, first: int) -> "Wanted":
        """Return a part of it, some of all: a run that is cut short has measured something of everything."""
        seeds, walks, ladder, tasks = (
            range(first, first + ceil(part * count)) for count in (SEEDS, WALKS, LADDER_SEEDS, TASKS)
        )
        ladders = (("noise", NOISES), ("legs", MEMORIES), ("sensors", WORSE))
        return cls(
            courses(len(seeds), first),
            {f"{source}/{seed}": Walk(seed, source) for seed in walks for source in SOURCES},
            {
                f"{source}/{name}": Pushed(first, source, angle)
                for name, angle in DIRECTIONS.items()
                for source in SOURCES
            },
            {
                f"{kind}/{amount}/{seed}": Walk(seed, kind, amount)
                for seed in ladder
                for kind, amounts in ladders
                for amount in amounts
            },
            {
                f"{skill}/{source}/{seed}": TaskRun(seed, source, skill)
                for seed in tasks
                for skill in SKILLS
                for source in SOURCES
            },
        )

    @classmethod
    def quick(cls, first: int) -> "Wanted":
        """Return a sample of a minute, without tasks."""
        one = cls.of(0.01, first)
        few = {"truth/ahead", "estimate/ahead"}
        some = {f"noise/0.1/{first}", f"legs/0.004/{first}", f"legs/0.064/{first}"}
        return cls(
            dict(islice(one.errors.items(), 3)),
            one.walks,
            {key: piece for key, piece in one.pushes.items() if key in few},
            {key: piece for key, piece in one.limits.items() if key in some},
            {},
        )


def main() -> None:
    """Measure and report."""
    options = resumable(__doc__ or "")
    folder = run_folder("estimation", options)

    def done(kind, name, wanted, carry_out):  # type: ignore[no-untyped-def]
        work = {key: partial(carry_out, piece, key) for key, piece in wanted.items()}
        doing = None if options.done else lambda piece: piece()
        return fill(folder / f"{name}.jsonl", kind, work, doing, name)

    commits = folder / "commits.txt"
    parts = (
        [Wanted.quick(options.seed)]
        if options.quick
        else [Wanted.of(k / 8, options.seed) for k in range(1, 9)]
    )
    for wanted in parts:
        measured = commits_of(commits, not options.done)
        errors = done(Errors, "errors", wanted.errors, run_course)
        pushes = done(PushLimit, "pushes", wanted.pushes, find_push_limit)
        tasks = done(Stood, "tasks", wanted.tasks, run_task)
        limits = done(Stood, "limits", wanted.limits, walk)
        walks = done(Stood, "walks", wanted.walks, walk)
    figures = [
        *_errors(errors),
        *_paired("10 s of walking", walks),
        *_pushes(pushes),
        *_limits(limits, "noise", NOISES, 1000.0, "mm/s of white noise on the velocity"),
        *_limits(limits, "legs", MEMORIES, 1000.0, "ms of memory, velocity by the legs alone"),
        *_limits(limits, "sensors", WORSE, 1.0, "times the errors of all sensors"),
        *_tasks(tasks),
    ]
    report(
        "estimation",
        figures,
        options,
        measured=measured,
        notes=(
            "The sensors' errors are those of vla_course/deployment/estimation/sensors.py. Soles and joints of the "
            "simulation neither bend nor have play: drift on a real robot is larger.",
            "A fraction is of episodes that ended on their feet (walks) or in success (tasks).",
        ),
    )


def _errors(done: dict[str, Errors]) -> list[Figure]:
    figures: list[Figure] = []
    for name in dict.fromkeys(key.split("/")[0] for key in done):
        some = [one for key, one in done.items() if key.split("/")[0] == name]
        n, errors = len(some), [one.errors for one in some]
        figures += [
            share(f"{name}: upright", [not one.fell for one in some]),
            Figure("  velocity, rms", 1000 * spread([e.velocity for e in errors]), "mm/s", n=n),
            Figure("  velocity, worst", 1000 * max(e.fastest for e in errors), "mm/s", n=n),
            Figure("  tilt, rms", degrees(spread([e.tilt for e in errors])), "degrees", n=n),
            Figure("  yaw drift, rms", degrees(spread([e.yaw for e in errors])), "degrees", n=n),
            Figure("  position drift, rms", 1000 * spread([e.drift for e in errors]), "mm", n=n),
            Figure("  height drift, rms", 1000 * spread([e.height for e in errors]), "mm", n=n),
            Figure("  slips noticed", sum(one.slips for one in some) / n, "a run", n=n),
        ]
        way = sum(one.walked for one in some)
        if way > n:
            drift = sum(e.drift for e in errors) / way
            figures.append(Figure("  position drift over the way walked", 100 * drift, "%", n=n))
    return figures


def _paired(name: str, done: dict[str, Stood]) -> list[Figure]:
    by = {source: [one.stood for key, one in done.items() if key.startswith(source)] for source in SOURCES}
    bars = {"truth": "", "estimate": ">= 0.95"}
    return [share(f"{name} on the {source}", by[source], bars[source]) for source in SOURCES if by[source]]


def _pushes(done: dict[str, PushLimit]) -> list[Figure]:
    return [
        Figure(f"hardest push {name}, {source}", done[f"{source}/{name}"].impulse, "N s")
        for name in DIRECTIONS
        for source in SOURCES
        if f"{source}/{name}" in done
    ]


def _limits(
    done: dict[str, Stood], kind: str, amounts: Sequence[float], shown: float, unit: str
) -> list[Figure]:
    figures = []
    for amount in amounts:
        some = [one for key, one in done.items() if key.startswith(f"{kind}/{amount}/")]
        if some:
            figures.append(share(f"{shown * amount:g} {unit}: upright", [one.stood for one in some]))
            errors = [one.velocity_error for one in some if isfinite(one.velocity_error)]
            if errors:
                figures.append(Figure("  velocity, rms", 1000 * spread(errors), "mm/s", n=len(errors)))
    return figures


def _tasks(done: dict[str, Stood]) -> list[Figure]:
    figures = []
    for skill in cast("tuple[str, ...]", SKILLS):
        for source in SOURCES:
            some = [one.stood for key, one in done.items() if key.startswith(f"{skill}/{source}/")]
            if some:
                figures.append(share(f"the expert's {skill} on the {source}", some))
    return figures


if __name__ == "__main__":
    main()
