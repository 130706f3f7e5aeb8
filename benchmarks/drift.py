"""Do monitors keep quiet where nothing is wrong, and name what is wrong where something is?

python benchmarks/drift.py [--episodes 1800] [--runs 10] [--causes "dark,camera moved"] [--json] [--run NAME] [--done]

The direct policy acts. In distribution: episodes of 6 s, drawn as demonstrations are (another scene, command and robot
each); 1,800 are 3 hours. No alarm in n episodes bounds the rate of false alarms by 3 / n an episode (95 %, the rule of
three).

Of each cause so many runs: 1.5 s after the command the world changes by what `changes.KINDS` says. It is flagged if
within 3 s an alarm names that cause, and none named another before. Where a change cannot show it is not tried: floors
are walked on, and things are put where the robot looks (`streams.SHOWS`). Whatever was done is kept, and gone on from.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

import numpy as np
from kept import commits_of, fill, resumable_parser, run_folder, unfinished
from report import Figure, listed, report, share

from vla_course.deployment.monitors.changes import KINDS, Change
from vla_course.deployment.monitors.fit import recorded
from vla_course.deployment.monitors.fitted import Fitted, load_fitted
from vla_course.deployment.monitors.measuring import Measurer
from vla_course.deployment.monitors.monitor import GENERAL, Alarm, watch
from vla_course.deployment.monitors.streams import LASTS, SHOWS, Stream, episode_plan
from vla_course.learning.encoders.frozen import FrozenEncoders

EPISODES, QUICK_EPISODES = 1800, 2
RUNS, QUICK_RUNS = 10, 1
SEEDS = (32, 33)
"""of undisturbed episodes and of changed ones; what ships was fitted on another one"""
AT, WITHIN = 1.5, 3.0
"""s, when the world changes, and how soon an alarm has to come"""
WARNS = 0.05
"""s, the greatest rounding of a time"""


@dataclass(frozen=True)
class Case:
    """An episode, and the cause that is brought about in it; empty: none."""

    cause: str
    number: int
    seed: int

    @property
    def key(self) -> str:
        return f"{self.cause or 'usual'}/{self.seed}/{self.number}"

    @property
    def file(self) -> str:
        return f"{self.key.replace('/', '-').replace(' ', '-')}.npz"


@dataclass(frozen=True)
class Streamed:
    """What came of a case: how long it lasted, whether the robot fell, what changed. Its trace is a file beside."""

    key: str
    seconds: float
    fell: bool
    note: str


@dataclass(frozen=True)
class Watched:
    """A case, and the alarms that monitors raised in it."""

    case: Case
    streamed: Streamed
    alarms: list[Alarm]


@cache
def measurer() -> Measurer:
    import torch

    torch.set_num_threads(1)
    return Measurer(FrozenEncoders.load())


def carry_out(folder: Path, case: Case) -> Streamed:
    """Let a case happen, and keep its trace."""
    change = Change(case.cause, at=AT) if case.cause else None
    lasts = AT + WITHIN + WARNS if change else LASTS
    stream = Stream(episode_plan(case.seed, case.number, SHOWS.get(case.cause)), change, lasts)
    times, trace = recorded(stream, measurer())
    single = {name: part.astype(np.float32) for name, part in trace.items()}
    np.savez_compressed(folder / case.file, times=times, **single)
    return Streamed(case.key, float(times[-1]), stream.fell, stream.note)


def judged(folder: Path, case: Case, streamed: Streamed, fitted: Fitted) -> Watched:
    """Let monitors watch the trace of a case: what ships judges what was measured, whenever that was."""
    with np.load(folder / case.file) as kept:
        trace = {name: kept[name].astype(np.float64) for name in kept.files}
    return Watched(case, streamed, watch(fitted, trace.pop("times"), trace))


def flagged(cause: str, watched: Watched) -> float | None:
    """Return after how many s the cause was named; None where it was not, or another was named before."""
    known = [alarm for alarm in watched.alarms if alarm.detector not in GENERAL]
    if not known or known[0].cause != cause:
        return None
    after = known[0].time - AT
    return after if -WARNS < after <= WITHIN + WARNS else None


def main() -> None:
    reader = resumable_parser(__doc__ or "")
    reader.add_argument("--episodes", type=int, default=EPISODES, help="undisturbed ones")
    reader.add_argument("--runs", type=int, default=RUNS, help="of each cause")
    reader.add_argument("--causes", default=",".join(KINDS), help="which, separated by commas")
    chosen = reader.parse_args()
    causes = listed(reader, "causes", chosen.causes, list(KINDS))
    episodes, runs = (QUICK_EPISODES, QUICK_RUNS) if chosen.quick else (chosen.episodes, chosen.runs)
    usual, changed = (seed + 1000 * chosen.seed for seed in SEEDS)
    cases = [Case(cause, number, changed) for number in range(runs) for cause in causes]
    cases += [Case("", number, usual) for number in range(episodes)]
    folder = run_folder("drift", chosen)
    path = folder / f"seed-{chosen.seed}.jsonl"
    work = None if chosen.done else partial(carry_out, folder)
    streamed = fill(path, Streamed, {case.key: case for case in cases}, work, "watching")
    fitted = load_fitted()
    done = {
        case.key: judged(folder, case, streamed[case.key], fitted) for case in cases if case.key in streamed
    }
    measured = commits_of(path.with_suffix(".commits"), add=work is not None)
    figures, notes = _usual([done[case.key] for case in cases if not case.cause and case.key in done])
    for cause in causes:
        some = [done[case.key] for case in cases if case.cause == cause and case.key in done]
        if some:
            figures += _told(cause, some)
            notes += [
                f"{one.case.key} ({one.streamed.note}): {_alarms(one)}"
                for one in some
                if flagged(cause, one) is None
            ]
    groups = {case.key: case.cause or "usual" for case in cases}
    report("drift", figures, chosen, notes=[*notes, *unfinished(groups, done)], measured=measured)


def _usual(watched: Sequence[Watched]) -> tuple[list[Figure], list[str]]:
    """Return what is to be told of undisturbed episodes, and a note on each alarm."""
    if not watched:
        return [], []
    n, hours = len(watched), sum(one.streamed.seconds for one in watched) / 3600.0
    alarmed = [one for one in watched if one.alarms]
    bound = 3.0 / n if not alarmed else float("nan")
    figures = [
        Figure("in distribution: hours watched", hours, "h", ">= 3", n=n),
        Figure("in distribution: episodes with a false alarm", len(alarmed), "", "<= 0", n=n),
        Figure("in distribution: falls", sum(one.streamed.fell for one in watched), "", n=n),
    ]
    if not alarmed:
        figures.append(
            Figure("in distribution: false alarms an hour, at most (95 %)", bound * n / hours, "1/h", n=n)
        )
    return figures, [f"{one.case.key}: false alarm, {_alarms(one)}" for one in alarmed]


def _told(cause: str, watched: Sequence[Watched]) -> list[Figure]:
    after = [flagged(cause, one) for one in watched]
    soon = [one for one in after if one is not None]
    figures = [
        share(
            f"{cause}: named within 3 s, and nothing else before",
            [one is not None for one in after],
            ">= 0.9",
        )
    ]
    if soon:
        figures.append(Figure(f"{cause}: median time to the alarm", float(np.median(soon)), "s", n=len(soon)))
    return figures


def _alarms(watched: Watched) -> str:
    told = ", ".join(f"{one.cause} by {one.detector} at {one.time:.1f} s" for one in watched.alarms)
    return (told or "no alarm") + (", fell" if watched.streamed.fell else "")


if __name__ == "__main__":
    main()
