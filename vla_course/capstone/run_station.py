"""The child process of a capstone: runs one station on the student's code, and writes down what comes of it.

    python -P -m vla_course.capstone.run_station balance --report FILE --whose exercises --seed 0 --films DIR
    python -P -m vla_course.capstone.run_station load --report FILE --whose exercises

The report is one JSON object a line, written as things happen. Whose answers run comes through the environment.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from vla_course.capstone.own.pieces import Pieces
from vla_course.capstone.stations.listing import station
from vla_course.capstone.stations.station import Emit, Notes
from vla_course.course.checking.no_debugger import without_debugger
from vla_course.course.checking.run_shown import MAX_FILE
from vla_course.course.checking.student import DoesNotLoad, describe, load_student
from vla_course.course.exercise import NotAttempted
from vla_course.course.manifest import load_manifest
from vla_course.course.root import ISOLATE_VARIABLE, CourseRoot
from vla_course.machine import limit

MEMORY: Final = 6 * 2**30
"""bytes of address space: encoders, reader and grounder, and a simulator"""


def main() -> int:
    arguments = _arguments()
    limit("RLIMIT_AS", MEMORY)
    limit("RLIMIT_FSIZE", MAX_FILE)
    limit("RLIMIT_CORE", 0)
    with arguments.report.open("w", encoding="utf-8") as report:

        def emit(event: dict[str, Any]) -> None:
            report.write(json.dumps(event) + "\n")
            report.flush()

        without_debugger(lambda message: emit({"event": "remark", "message": message}))
        emit({"event": "begin"})
        if arguments.station == "load":
            load(emit)
        else:
            measure(
                arguments.station,
                Pieces(arguments.whose),
                Notes(emit, arguments.seed, arguments.quick, arguments.films),
                emit,
            )
    sys.stdout.flush()
    os._exit(0)  # what the student left behind (threads, atexit hooks) has no say in how this ends


def measure(name: str, pieces: Pieces, notes: Notes, emit: Emit) -> None:
    """Run a station; whatever the student's code raises is written down in a sentence."""
    module = import_module(f"vla_course.capstone.stations.{station(name).measure}")
    try:
        module.measure(pieces, notes)
    except (Exception, SystemExit) as fault:
        emit({"event": "fault", "says": describe(fault, "in the course's own code")})
    else:
        emit({"event": "end"})


def load(emit: Emit) -> None:
    """Load the files of all exercises that `VLA_COURSE_ISOLATE` names."""
    manifest = load_manifest(CourseRoot.current())
    exercises = [manifest.exercise(one) for one in os.environ[ISOLATE_VARIABLE].split(",")]
    for one in {exercise.module: exercise for exercise in exercises}.values():
        try:
            load_student(one)
            fault = ""
        except (DoesNotLoad, NotAttempted) as why:
            fault = str(why)
        emit({"event": "loads", "module": one.module, "fault": fault})
    emit({"event": "end"})


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="run_station", description="The child process of a capstone.")
    parser.add_argument("station")
    parser.add_argument("--report", type=Path, required=True)
    parser.add_argument("--whose", choices=("exercises", "reference"), required=True)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--films", type=Path, default=Path())
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
