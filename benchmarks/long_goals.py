"""Long goals: how often a drink is served and a table tidied, what comes of meddling, and whether the robot ever lies.

An outside hand moves the thing that the robot is about, takes it away, or puts another one before it, at a moment of
its own. What the robot says in the end is held against the goal's rule of physics.

    python benchmarks/long_goals.py [--quick] [--json] [--run NAME] [--done]
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

from kept import commits_of, fill, resumable, run_folder, unfinished
from report import Figure, report, share

from vla_course.deployment.executor.examining import SAID, Long, Meddling, Trial, Verdict, examine
from vla_course.deployment.executor.executor import VLAPlanExecutor
from vla_course.learning.planned.finding import Grounder
from vla_course.learning.planned.learned import ears_and_eyes
from vla_course.learning.planned.policy import Heard, PlannedPolicy

GOALS: Final[tuple[Long, ...]] = tuple(SAID)
MEDDLINGS: Final[tuple[Meddling, ...]] = ("moved", "taken", "blocked")
UNDISTURBED: Final = 30
"""trials of each goal"""
DISTURBED: Final = 10
"""trials of each goal with each kind of meddling"""


def trials(count: int, disturbed: int, seed: int) -> dict[str, Trial]:
    """Return all trials by their keys, in such an order that whoever stops has some of each."""
    wanted = [(number / count, Trial(goal, "", number, seed)) for goal in GOALS for number in range(count)]
    wanted += [
        (number / disturbed, Trial(goal, meddling, number, seed))
        for goal in GOALS
        for meddling in MEDDLINGS
        for number in range(disturbed)
    ]
    return {trial.key: trial for _, trial in sorted(wanted, key=lambda one: one[0])}


def carry_out(listen: Callable[[str], Heard], grounder: Grounder, trial: Trial) -> Verdict:
    """Let a new executor pursue the goal of a trial."""
    return examine(trial, VLAPlanExecutor(PlannedPolicy(listen, grounder), grounder))


def figures(found: dict[str, Verdict]) -> list[Figure]:
    """Say what came of them."""
    rows = []
    for goal in GOALS:
        plain = [one for key, one in found.items() if key.startswith(f"{goal}, undisturbed")]
        if plain:
            rows.append(
                share(
                    f"{goal}: done, nothing gone wrong",
                    [one.done and one.clean for one in plain],
                    ">= 0.7",
                    ">= 0.9",
                )
            )
    for meddling in MEDDLINGS:
        met = [one for key, one in found.items() if f", {meddling}, " in key and one.meddled >= 0.0]
        if met:
            rows.append(share(f"{meddling} mid-way: done all the same", [one.done for one in met]))
            rows.append(
                share(
                    f"{meddling} mid-way: done, or given up with the reason",
                    [one.honest for one in met],
                    ">= 1",
                )
            )
    every = list(found.values())
    if every:
        rows.append(
            Figure(
                "says done and is wrong",
                sum(one.false_success for one in every),
                "trials",
                "<= 0",
                n=len(every),
            )
        )
        wrong = [one for one in every if one.outcome != "done"]
        rows.append(
            Figure("gives up, and yet it is so", sum(one.true for one in wrong), "trials", n=len(wrong) or 1)
        )
        rows.append(Figure("falls", sum(one.fell for one in every), "trials", "<= 0", n=len(every)))
    return rows


def main() -> None:
    """Run what is missing, and report."""
    options = resumable(__doc__ or "")
    count, disturbed = (1, 0) if options.quick else (UNDISTURBED, DISTURBED)
    wanted, folder = trials(count, disturbed, options.seed), run_folder("long_goals", options)
    doer = None if options.done else partial(carry_out, *ears_and_eyes())
    found = fill(folder / "trials.jsonl", Verdict, wanted, doer, "long goals")
    measured = commits_of(folder / "commits.txt", add=not options.done)
    groups = {key: key.rpartition(", ")[0] for key in wanted}
    notes = [f"{one.key}: {one.reason}" for one in found.values() if one.outcome != "done"]
    report(
        "long_goals", figures(found), options, notes=[*unfinished(groups, found), *notes], measured=measured
    )


if __name__ == "__main__":
    main()
