"""Child processes in which the student's code runs, with limits: what they write down, and how they end."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from vla_course.capstone.own.pieces import Whose
from vla_course.course.checking.child import Ended, run_bounded
from vla_course.course.checking.run_shown import graded_environment
from vla_course.course.manifest import load_manifest
from vla_course.course.own_python import own_python
from vla_course.course.root import EXERCISES_VARIABLE, ISOLATE_VARIABLE, CourseRoot

CHILD: Final = "vla_course.capstone.run_station"
OUTPUT: Final = 2_000_000
"""bytes that a child may print"""
LOADING: Final = 20.0
"""s of processor time, for all that is loaded at once"""


@dataclass(frozen=True)
class Told:
    """What a child wrote down, and in a sentence why it did not come to its end; empty where it did."""

    events: Sequence[Mapping[str, Any]]
    fault: str


def run_child(
    root: CourseRoot, arguments: Sequence[str], own: Sequence[str], whose: Whose, seconds: float, report: Path
) -> Told:
    """Run `run_station` with arguments, on the student's own exercises and otherwise the reference's.

    Args:
        root: of the course.
        arguments: of its command line, without those that say where it reports and whose code it runs.
        own: the ids of the exercises that are the student's.
        whose: whose files are loaded; "reference" passes the student's by.
        seconds: of processor time, from its first event on.
        report: the file that it writes its events to.
    """
    environment = graded_environment(root) | {
        "PYTHONIOENCODING": "utf-8",
        "PYTHONUNBUFFERED": "1",
        "PYTHONBREAKPOINT": "",
        "PYTHONWARNINGS": "ignore",
    }
    environment.pop(ISOLATE_VARIABLE, None)
    if own:
        environment |= {EXERCISES_VARIABLE: str(root.desk()), ISOLATE_VARIABLE: ",".join(own)}
    ended = run_bounded(
        [*own_python(CHILD), *arguments, "--report", str(report), "--whose", whose if own else "reference"],
        cwd=root.folder,
        env=environment,
        seconds=seconds,
        output_bytes=OUTPUT,
        begins=lambda: report.exists() and report.stat().st_size > 0,
    )
    events = read_events(report)
    faults = [str(event["says"]) for event in events if event["event"] == "fault"]
    if faults or any(event["event"] == "end" for event in events):
        return Told(events, faults[0] if faults else "")
    return Told(events, _cut_short(ended))


def read_events(report: Path) -> list[dict[str, Any]]:
    """Return the events on record; a last line that was cut off in the middle is none."""
    lines = report.read_text(encoding="utf-8").split("\n")[:-1] if report.exists() else []
    return [json.loads(line) for line in lines]


def _cut_short(ended: Ended) -> str:
    """Say why a child did not come to its end."""
    match ended.how:
        case "time":
            return f"stopped after {ended.processor:.0f} s of computing: is there a loop without end?"
        case "sleep":
            return f"stopped after {ended.seconds:.0f} s in which it only waited: does it sleep?"
        case "busy":
            return (
                f"stopped after {ended.seconds:.0f} s, of which this machine gave it {ended.processor:.0f} s to "
                "compute: that says nothing of your code. The machine is too busy; try again"
            )
        case "output":
            return f"stopped after printing more than {OUTPUT // 1_000_000} MB: print less"
        case "by itself":
            last = (ended.output.strip().splitlines() or [f"exit code {ended.returncode}"])[-1]
            return f"ended before it was done: {last}"


def faults_of_loading(root: CourseRoot, exercises: Sequence[str]) -> dict[str, str]:
    """Return, of exercises whose file does not load, why; each file is loaded beside others that may be broken.

    First all together; what fails then is tried once more by itself, for it may have been another file's fault.
    """
    manifest = load_manifest(root)
    modules = {one: manifest.exercise(one).module for one in exercises}
    faults: dict[str, str] = {}
    suspects = [module for module, fault in _load(root, modules).items() if fault]
    for module in suspects:
        alone = {one: its for one, its in modules.items() if its == module}
        fault = _load(root, alone)[module]
        faults |= {one: f"does not load: {fault}" for one in alone if fault}
    return faults


def _load(root: CourseRoot, modules: Mapping[str, str]) -> dict[str, str]:
    """Load the files of exercises in one child; return for each file why it fails, empty where it does not."""
    found: dict[str, str] = {}
    if not modules:
        return found
    with tempfile.TemporaryDirectory(prefix="vla-capstone-") as scratch:
        report = Path(scratch, "load.jsonl")
        told = run_child(root, ["load"], list(modules), "exercises", LOADING, report)
    for event in told.events:
        if event["event"] == "loads":
            found[event["module"]] = event["fault"]
    # Whoever was not come to: the first of them ended the child, or waits behind the one that did.
    return {module: found.get(module, told.fault or "it was not loaded") for module in modules.values()}
