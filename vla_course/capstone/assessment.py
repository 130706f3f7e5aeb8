"""A capstone from beginning to end: whose code there is, every station in a child of its own, and what it is worth."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from functools import partial
from pathlib import Path
from typing import Final

from vla_course.capstone.judging.kept import Reference, kept_reference
from vla_course.capstone.judging.results import Measured, judge
from vla_course.capstone.judging.told import Assessment
from vla_course.capstone.own.children import faults_of_loading, read_events, run_child
from vla_course.capstone.own.desk import Whose, whose_are
from vla_course.capstone.stations.listing import STATIONS
from vla_course.capstone.stations.station import Station
from vla_course.course.manifest import load_manifest
from vla_course.course.root import CourseRoot
from vla_course.learning.evaluation.evaluating import commit
from vla_course.machine import cores

Progress = Callable[[int, int], None]
"""told how many scenes are over, and how many there are"""
LOOK: Final = 0.5
"""s between two looks at how far the children are"""


def assess(
    root: CourseRoot,
    films: Path,
    seed: int = 0,
    quick: bool = False,
    of_reference: bool = False,
    stations: Sequence[Station] = STATIONS,
    progress: Progress = lambda done, of: None,
) -> Assessment:
    """Assess what is on the desk, or the reference.

    Args:
        root: of the course; whose answers run says `VLA_COURSE_EXERCISES`.
        films: the folder in which films are to lie.
        seed: of all scenes; of one that nothing is kept of, the reference is measured first.
        quick: whether fewer scenes have to do.
        of_reference: whether the reference is assessed, as if all of it were the student's.
        stations: which; all by default.
        progress: told how far it is.
    """
    asked = sorted({exercise for one in stations for exercise in one.exercises})
    if of_reference:
        manifest = load_manifest(root)
        whose = {exercise: Whose(manifest.exercise(exercise)) for exercise in asked}
    else:
        found = whose_are(root, asked, partial(faults_of_loading, root))
        whose = {one.exercise.id: one for one in found}
    kept = kept_reference(root, seed, quick)
    runs = 1 + (kept is None and not of_reference)
    total = runs * sum(one.scenes[0 if quick else 1] for one in stations)
    half = partial(_measured, root, films, seed, quick, stations)
    now, done = commit(), 0
    if kept is None and not of_reference:
        numbers, _ = half({}, lambda over: progress(over, total))
        kept, done = Reference(numbers, now), total // 2
    own = {} if of_reference else whose
    measured, stood_in = half(own, lambda over: progress(done + over, total))
    if kept is None:
        kept = Reference(measured, now)
    results = [
        judge(
            one,
            measured[one.name],
            kept.stations[one.name],
            [_here(whose[exercise], stood_in.get(one.name, ())) for exercise in one.exercises],
            stood_in.get(one.name, ()),
        )
        for one in stations
    ]
    return Assessment(seed, quick, results, of_reference, kept.commit, now, films)


def _here(whose: Whose, stood_in: Sequence[str]) -> Whose:
    """Say of an exercise whose function ran at a station where the reference's stood in for some."""
    broke = whose.exercise.id in stood_in
    return Whose(whose.exercise, "broke down at another station") if broke else whose


def _measured(
    root: CourseRoot,
    films: Path,
    seed: int,
    quick: bool,
    stations: Sequence[Station],
    whose: Mapping[str, Whose],
    progress: Callable[[int], None],
) -> tuple[dict[str, Measured], dict[str, Sequence[str]]]:
    """Run all stations, as many at once as there are cores, those that need the whole robot at last.

    Returns:
        What was measured, and of the last ones the exercises that the reference's stood in for.
    """
    if films.exists():
        shutil.rmtree(films)
    films.mkdir(parents=True)
    measured: dict[str, Measured] = {}
    stood_in: dict[str, Sequence[str]] = {}
    with tempfile.TemporaryDirectory(prefix="vla-capstone-") as scratch:
        for whole in (False, True):
            broken = {
                exercise
                for one in stations
                if one.name in measured
                for exercise in _broken(root, one, measured[one.name].fault)
            }
            now = sorted((one for one in stations if one.whole == whole), key=lambda one: -one.seconds)
            with ThreadPoolExecutor(cores()) as pool:
                running = {}
                for one in now:
                    own = [
                        exercise for exercise in one.exercises if exercise in whose and whose[exercise].own
                    ]
                    stood_in[one.name] = [exercise for exercise in own if exercise in broken]
                    left = [exercise for exercise in own if exercise not in broken]
                    report = Path(scratch, f"{one.name}.jsonl")
                    running[one.name] = pool.submit(run_station, root, one, left, seed, quick, films, report)
                waiting = set(running.values())
                while waiting:
                    _, waiting = wait(waiting, LOOK)
                    progress(_scenes(scratch))
            measured |= {name: future.result() for name, future in running.items()}
    return measured, stood_in


def _broken(root: CourseRoot, station: Station, fault: str) -> Sequence[str]:
    """Return the exercises of a station that may be at fault: those of the file that a fault names, else all."""
    if not fault:
        return ()
    manifest = load_manifest(root)
    named = [one for one in station.exercises if f"{manifest.exercise(one).file}, line" in fault]
    return named or station.exercises


def run_station(
    root: CourseRoot, station: Station, own: Sequence[str], seed: int, quick: bool, films: Path, report: Path
) -> Measured:
    """Run one station in a child of its own, on these exercises of the student's and otherwise the reference's."""
    arguments = [station.name, "--seed", str(seed), "--films", str(films.absolute()), *(["--quick"] * quick)]
    told = run_child(root, arguments, own, "exercises", station.seconds, report)
    return Measured.of(told.events, told.fault)


def _scenes(scratch: str) -> int:
    """Return how many scenes are over by now."""
    return sum(
        event["event"] == "scene" for path in Path(scratch).glob("*.jsonl") for event in read_events(path)
    )
