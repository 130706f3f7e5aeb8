"""What `training.py` tells: of trainings, of acting, of what a training costs."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from clustered import as_digits, clustered
from report import Figure, share
from training_course import Cost, Kill, StepTime, decision_pace, parameters
from training_rollouts import Rollout
from training_runs import ACT, OURS, Trained

from vla_course.learning.policy.chunk_policy import ChunkPolicy
from vla_course.learning.policy.files import load_policy
from vla_course.reference.day4_training.paired import paired_test
from vla_course.simulation.tasks.instructions import Skill

SHIPS, PRESET = "shipped", "course preset"
"""who acts as well, without being a row"""
Rollouts = Mapping[str, Rollout]


def trainings(trained: Mapping[str, Trained], pace: Mapping[str, StepTime]) -> list[Figure]:
    """Return what each row learned with, and how far what it says is from what was shown."""
    figures = [Figure(f"a step of {name}", 1e3 * one.seconds, "ms") for name, one in pace.items()]
    for name, one in trained.items():
        figures += [
            Figure(f"{name}: parameters", one.parameters / 1e6, "million"),
            Figure(f"{name}: frames", one.frames, ""),
            Figure(f"{name}: steps", one.steps, ""),
            Figure(f"{name}: error on held-out scenes", one.error, "of half a range"),
        ]
    if ACT in trained and OURS in trained:
        ratio = trained[OURS].parameters / trained[ACT].parameters
        figures.append(Figure(f"parameters of ours against {ACT}", ratio, "x", "<= 0.5"))
    return figures


def acting(
    names: Sequence[str], scenes: Sequence[str], skills: Sequence[Skill], rolled: Rollouts
) -> list[Figure]:
    """Return how often each does what it is told, skill by skill for ours, and how it differs from ours.

    Args:
        names: who acted.
        scenes: keys, in what.
        skills: of the scenes.
        rolled: what came of it, as far as it is done.
    """
    figures, of = [], {name: [key for key in scenes if f"{name}/{key}" in rolled] for name in names}
    for name in names:
        if of[name]:
            there = [rolled[f"{name}/{key}"] for key in of[name]]
            figures.append(share(f"{name}: success", [one.done for one in there]))
            figures.append(Figure(f"{name}: falls", sum(one.fell for one in there), "", n=len(there)))
    figures += _over_seeds([name for name in names if name.startswith(OURS)], scenes, rolled)
    for skill in skills:
        done = [rolled[f"{OURS}/{key}"].done for key in of.get(OURS, []) if key.startswith(f"{skill}/")]
        figures += [share(f"{OURS}, {skill}", done)] if done else []
    for name in names:
        if not name.startswith(OURS) and name not in (SHIPS, PRESET):
            figures += _against(name, [key for key in of[name] if f"{OURS}/{key}" in rolled], rolled)
    return figures


def _against(name: str, scenes: Sequence[str], rolled: Rollouts) -> list[Figure]:
    """Return how ours differs from one in the same scenes."""
    if not scenes:
        return []
    theirs, mine = (np.array([rolled[f"{one}/{key}"].done for key in scenes]) for one in (name, OURS))
    test = paired_test(theirs, mine)
    bar = ">= 0.2" if name == ACT else ""
    return [
        Figure(f"{OURS} minus {name}", test.difference, "", bar, n=len(scenes)),
        Figure(f"  p of a paired test, {name}", test.p_value, "", n=test.gained + test.lost),
    ]


def _over_seeds(names: Sequence[str], scenes: Sequence[str], rolled: Rollouts) -> list[Figure]:
    """Return the success over training seeds, in an interval over both seeds and scenes."""
    common = [key for key in scenes if all(f"{name}/{key}" in rolled for name in names)]
    if len(names) < 2 or not common:
        return []
    rights = [as_digits([rolled[f"{name}/{key}"].done for key in common]) for name in names]
    return [clustered(f"{OURS}, {len(names)} training seeds: success", rights, range(len(common)))]


def costs(found: Mapping[str, Cost], scenes: Sequence[str], rolled: Rollouts) -> list[Figure]:
    """Return what a student's training takes, and how much of the shipped policy's success it brings."""
    figures = []
    for name, one in found.items():
        figures += [
            Figure(f"{name}: time on one thread", one.minutes, "min", "<= 20", "<= 8"),
            Figure(f"{name}: memory at most", one.memory / 1e9, "GB", "<= 1.5"),
        ]
    for name, bar in ((PRESET, ">= 0.8"), (OURS, "")):
        both = [key for key in scenes if f"{name}/{key}" in rolled and f"{SHIPS}/{key}" in rolled]
        shipped = sum(rolled[f"{SHIPS}/{key}"].done for key in both)
        if shipped:
            part = sum(rolled[f"{name}/{key}"].done for key in both) / shipped
            figures.append(Figure(f"{name}: of the shipped policy's success", part, "", bar, n=len(both)))
    return figures


def kills(found: Mapping[str, Kill]) -> list[Figure]:
    """Return what differs between trainings that were killed and those that were not."""
    if not found:
        return []
    differ = sum(one.differ for one in found.values())
    return [Figure("bytes of weights that differ after a kill", differ, "", "<= 0", n=len(found))]


def decisions(shipped: Path, repeats: int) -> list[Figure]:
    """Return how big the direct policy is, and how long one of its decisions takes on one thread."""
    network = load_policy(shipped) if shipped.exists() else ChunkPolicy().eval()
    sizes, pace = parameters(network), decision_pace(network, repeats)
    parts = {"seeing": "three pictures", "deciding": "the network", "acting": "inverse kinematics"}
    return [
        Figure("parameters, encoders included", sum(sizes.values()) / 1e6, "million", "<= 10", "<= 3"),
        *(Figure(f"  {name}", size / 1e6, "million") for name, size in sizes.items()),
        Figure(
            "a decision in torch, three cameras, p95", pace.p95("seeing", "deciding"), "ms", "<= 15", "<= 8"
        ),
        Figure("  with inverse kinematics, p95", pace.p95(*parts), "ms", n=repeats),
        *(Figure(f"  {what}, p95", pace.p95(part), "ms", n=repeats) for part, what in parts.items()),
    ]
