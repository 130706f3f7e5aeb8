"""A new thing from ten to thirty demonstrations: what is learnt, what is forgotten, and by which way of fine-tuning.

python benchmarks/finetuning.py [--quick] [--json]

The shipped grounder is taught what a cone is (and a mushroom), which neither it nor the encoders have ever seen. "New":
the cone that was named, by colour and its new name, is found among the things that a picture shows. "Alike": of
these answers those where the picture shows something else of its colour, so that the name decides. "Old": the same for
things known before, in scenes without cones. "Beside": for those that lie beside cones. "Absent": of a cone that is
named where none is, a picture says so. Ways: nothing learnt at all ("before"), the nearest prototype on frozen
features, the row of the new word alone, the last layers, LoRA (exercise 4.8) beside the linear layers, everything; with
120 old moments rehearsed; and six steps from weights that Reptile has meta-trained on known shapes. Intervals are 95 %
by bootstrap over scenes and seeds: where one seed is done, they know of scenes alone. In the end the robot is told to
point at a cone, in physics. What is done is kept in build/finetuning and not done again; --run names the folder, by
default the commit. Notes say what is not measured yet.
"""

import time
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

import numpy as np
import torch
from clustered import clustered
from finetuning_episodes import Pointed, Pointing, after, before, pointings, points
from finetuning_runs import PARTS, Outcome, Run, Teacher, grid
from kept import fill, resumable, run_folder, unfinished
from report import Figure, report, share

from vla_course.learning.planned.policy import PlannedPolicy
from vla_course.reference.day4_training.paired import paired_test

EPISODES = 12
SHOWN_WAYS = ("word", "everything")
"""the ways that are shown in physics"""


def main() -> None:
    options = resumable(__doc__ or "")
    torch.set_num_threads(1)
    folder = run_folder("finetuning", options)
    teacher = None if options.done else Teacher(*((6, 1) if options.quick else (40, 4)))
    runs = {run.key: run for run in grid(options.quick)}
    carry_out = teacher and teacher.carry_out
    outcomes = fill(folder / "runs.jsonl", Outcome, runs, carry_out, "fine-tuning")
    figures = compared([runs[key] for key in outcomes], outcomes)
    notes = unfinished({key: run.group for key, run in runs.items()}, outcomes)
    if not options.quick:
        told, troubles = in_physics(teacher, folder / "episodes.jsonl")
        figures, notes = figures + told, notes + troubles
    report("finetuning", figures, options, notes=notes)


# ---- fine-tuning ------------------------------------------------------------------------------------


def compared(runs: Sequence[Run], outcomes: Mapping[str, Outcome]) -> list[Figure]:
    """Return for each kind of thing, number of demonstrations and way what was found, and what it cost."""
    groups: dict[str, list[Outcome]] = {}
    for run in sorted(runs, key=lambda run: (run.shape, run.count)):
        groups.setdefault(run.group, []).append(outcomes[run.key])
    figures = []
    for told, found in groups.items():
        figures += [
            clustered(f"{told}: {part}", [one.right[part] for one in found], found[0].scene[part])
            for part in PARTS
        ]
        if told.endswith("before"):
            continue
        figures += [
            Figure(f"{told}: numbers that learn", float(found[0].size), ""),
            Figure(f"{told}: time", float(np.mean([one.seconds for one in found])), "s", n=len(found)),
        ]
    return figures


# ---- in physics -------------------------------------------------------------------------------------


def in_physics(teacher: Teacher | None, path: Path) -> tuple[list[Figure], list[str]]:
    """Point at a cone, and at something known of its colour: before and after, in the same scenes.

    Args:
        teacher: fine-tunes; None: nothing more is done.
        path: where outcomes are kept.
    """

    @cache
    def policy(way: str) -> PlannedPolicy:
        assert teacher is not None
        if way == "before":
            return before(teacher.encoders, "cone")
        return after(teacher.encoders, teacher.pupil(Run("cone", 0, 20, way))[0])

    def carry_out(trial: tuple[str, Pointing]) -> Pointed:
        way, one = trial
        robot, begin = policy(way), time.process_time()
        done, trouble = points(one, robot)
        return Pointed(f"{way}/{one.key}", done, trouble, round(time.process_time() - begin, 1))

    return pointed(fill(path, Pointed, trials(), carry_out if teacher else None, "pointing"))


def trials() -> dict[str, tuple[str, Pointing]]:
    """Return each way's episodes by their keys; who has learnt the word alone does nothing known in another way."""
    return {
        f"{way}/{one.key}": (way, one)
        for way in ("before", *SHOWN_WAYS)
        for one in pointings("cone", EPISODES)
        if one.new or way != "word"
    }


def pointed(outcomes: Mapping[str, Pointed]) -> tuple[list[Figure], list[str]]:
    """Return what came of episodes, the same ones before and after; and what is missing, and what went wrong."""
    figures, every = [], trials()
    for name in dict.fromkeys(one.name for _, one in every.values()):
        for way in ("before", *SHOWN_WAYS):
            mine = [one.key for of, one in every.values() if (of, one.name) == (way, name)]
            there = [key for key in mine if f"{way}/{key}" in outcomes]
            if there:
                figures += _against_before(f"in physics, {name}", way, there, outcomes)
    notes = unfinished({key: f"in physics, {one.name}: {way}" for key, (way, one) in every.items()}, outcomes)
    notes += [f"{key}: {one.trouble}" for key, one in sorted(outcomes.items()) if not one.done]
    return figures, notes


def _against_before(
    name: str, way: str, keys: Sequence[str], outcomes: Mapping[str, Pointed]
) -> list[Figure]:
    was, now = (np.array([outcomes[f"{when}/{key}"].done for key in keys]) for when in ("before", way))
    if way == "before":
        return [share(f"{name}: before", was.tolist())]
    test = paired_test(was, now)
    return [
        share(f"{name}: after, {way}", now.tolist()),
        Figure(f"{name}: after, {way}, gained", float(test.gained), "", n=len(keys)),
        Figure(f"{name}: after, {way}, lost", float(test.lost), "", n=len(keys)),
        Figure(f"{name}: after, {way}, p of a paired test", test.p_value, "", n=len(keys)),
    ]


if __name__ == "__main__":
    main()
