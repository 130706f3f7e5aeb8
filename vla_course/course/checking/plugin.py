"""The judge as a pytest plugin: gives graded tests their `student` and `rng`, and notes what became of each.

One judge runs one exercise under one seed. Where the student comes from is the caller's affair: in a check it
is the module itself, in grading a proxy to a process that cannot touch the verdict.
"""

from __future__ import annotations

import base64
import io
import zlib
from collections.abc import Callable, Generator
from typing import Any

import numpy as np
import pytest

from vla_course.course.checking.judging import Graded, Mismatch, Picture
from vla_course.course.checking.student import DoesNotLoad, describe
from vla_course.course.checking.tensors import seed_torch
from vla_course.course.checking.untouched import spoilt, watch
from vla_course.course.exercise import NotAttempted
from vla_course.course.helping.waiting import waiting_line
from vla_course.course.manifest import Exercise

Emit = Callable[[dict[str, Any]], None]
"""Takes one event, plain enough for JSON: {"event": "plan" | "start" | "outcome" | "broken", ...}."""


class Judge:
    """Runs the graded tests of one exercise: emits their plan, then a start and an outcome for each."""

    def __init__(
        self, exercise: Exercise, *, seed: int, load_student: Callable[[Exercise], Any], emit: Emit
    ) -> None:
        self.exercise = exercise
        self.seed = seed
        self.load_student = load_student
        self.emit = emit
        self.drawn = False
        self.changed: list[str] = []
        self.changes_told = False

    @pytest.fixture
    def student(self, request: pytest.FixtureRequest) -> Any:
        """The student's side of the exercise: its functions and classes as attributes."""
        student = self.load_student(self.exercise)
        self.watch(student)
        ours, theirs = self._chance(request, 1).integers(2**63, size=2)
        self.seed_torch(int(ours), int(theirs))
        return student

    @pytest.fixture
    def rng(self, request: pytest.FixtureRequest) -> np.random.Generator:
        """Chance that depends on the run's seed and on the test, and on nothing else."""
        return self._chance(request)

    def _chance(self, request: pytest.FixtureRequest, *stream: int) -> np.random.Generator:
        return np.random.default_rng([self.seed, zlib.crc32(request.node.nodeid.encode()), *stream])

    def seed_torch(self, ours: int, theirs: int) -> None:
        """Start torch's chance anew, so that an untrained model has the same weights each time; here it is one."""
        seed_torch(theirs)

    def watch(self, student: Any) -> None:
        """Note in `changed` what the student's function changes of its input, and keep it from doing harm."""
        watch(student, self.exercise.symbol, self.changed.append)

    def input_changed(self) -> str:
        """What the test that has just run saw changed of its inputs, in a sentence; empty if nothing."""
        return spoilt(list(dict.fromkeys(self.changed))) if self.changed else ""

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        for item in items:
            mark = _mark(item)
            if mark is None or mark.exercise_id != self.exercise.id:
                self.broken(f'{item.nodeid} is not marked @graded("{self.exercise.id}", ...)')
            elif hasattr(item, "callspec"):
                self.broken(f"{item.nodeid} is parametrised, expected one property a test")
            else:
                self.emit(
                    {
                        "event": "plan",
                        "test": item.nodeid,
                        "says": mark.says,
                        "points": mark.points,
                        "hidden": _hidden(item),
                    }
                )

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.broken(str(report.longrepr).strip().splitlines()[-1])

    def broken(self, message: str) -> None:
        self.emit({"event": "broken", "message": message})

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        self.changed.clear()
        self.emit({"event": "start", "test": nodeid})

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        report = yield
        if call.when == "call" or call.excinfo is not None:
            fault = call.excinfo.value if call.excinfo else None
            outcome = self._with_changes(self.outcome(fault)) | {"seconds": round(call.duration, 4)}
            if isinstance(fault, Mismatch) and fault.picture and not self.drawn and not _hidden(item):
                self.drawn = True  # drawing is slow, and a card shows the first picture only
                outcome |= _picture(fault.picture)
            self.emit({"event": "outcome", "test": item.nodeid, **outcome})
            if self.is_over(outcome["outcome"]):
                item.session.shouldstop = outcome["outcome"]
        return report

    def _with_changes(self, outcome: dict[str, Any]) -> dict[str, Any]:
        """The outcome, failed if the input was changed; once, because a mistake costs once."""
        changes = self.input_changed()
        if not changes or self.changes_told or outcome["outcome"] not in ("passed", "failed"):
            return outcome
        self.changes_told = True
        said, names = outcome.get("message"), [_mistake_of(name) for name in self.changed]
        known = next((name for name in names if name in self.exercise.mistakes), None)
        return outcome | {
            "outcome": "failed",
            "message": f"{said}; and {changes}" if said else changes,
            "mistake": outcome.get("mistake") or known,
        }

    def outcome(self, fault: BaseException | None) -> dict[str, Any]:
        """What became of a test that ended so."""
        return _outcome(fault)

    def is_over(self, outcome: str) -> bool:
        """Whether that outcome is the one of every other test as well."""
        return outcome in ("not attempted", "does not load")


def _mark(item: pytest.Item) -> Graded | None:
    return getattr(getattr(item, "function", None), "__graded__", None)


def _mistake_of(parameter: str) -> str:
    """The name of the mistake of changing that parameter; names of mistakes are joined by hyphens."""
    return f"{parameter.replace('_', '-')}-changed"


def _hidden(item: pytest.Item) -> bool:
    return "hidden" in item.path.parts[-3:-1]


def _outcome(fault: BaseException | None) -> dict[str, Any]:
    """One of "passed", "failed", "not attempted", "does not load", and what there is to say about it."""
    match fault:
        case None:
            return {"outcome": "passed"}
        case NotAttempted():
            return {"outcome": "not attempted", "message": waiting_line(fault)}
        case DoesNotLoad():
            return {"outcome": "does not load", "message": str(fault)}
        case Mismatch():
            return {
                "outcome": "failed",
                "message": fault.message,
                "expected": fault.expected,
                "got": fault.got,
                "unit": fault.unit,
                "mistake": fault.mistake,
            }
    return {"outcome": "failed", "message": describe(fault)}


def _picture(picture: Picture) -> dict[str, str]:
    """The PNG in base64; a picture that cannot be drawn is told in the output, and costs nothing else."""
    try:
        drawn = picture()
        if not isinstance(drawn, bytes):
            stream = io.BytesIO()
            drawn.savefig(stream, format="png", dpi=96, bbox_inches="tight")
            drawn = stream.getvalue()
    except Exception as fault:
        print(f"the picture could not be drawn: {describe(fault)}")
        return {}
    return {"picture": base64.b64encode(drawn).decode("ascii")}
