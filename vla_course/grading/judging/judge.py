"""Graded tests run against a worker, and what became of them as one verdict on one exercise."""

from __future__ import annotations

import dataclasses
import os
import time
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from vla_course.course.checking.checking import without_chatter
from vla_course.course.checking.plugin import Judge
from vla_course.course.checking.run_shown import graded_files, run_graded
from vla_course.course.checking.tensors import seed_torch
from vla_course.course.errors import CourseError
from vla_course.course.manifest import Exercise, Manifest
from vla_course.course.root import CourseRoot
from vla_course.grading.judging.verdicts import ExerciseVerdict, Status, TestVerdict, TooBusy
from vla_course.grading.worker.faults import StudentRaised, printable
from vla_course.grading.worker.session import Session, WorkerGone
from vla_course.grading.worker.stage import ALL

INPUT_CHANGED = "your code changes what it is given, which whoever passes it in still needs: work on a copy"


@dataclass(frozen=True)
class Task:
    """What is graded at one go, in one worker: an exercise, or a day's whole own chain."""

    exercise: Exercise
    files: tuple[Path, ...]
    integration: bool = False

    @property
    def hole(self) -> str:
        """Which answers the worker's reference lacks."""
        return ALL if self.integration else self.exercise.id


def tasks_of(root: CourseRoot, manifest: Manifest) -> list[Task]:
    """Every exercise, then every integration: `tests/graded/integration/dayN_topic/test_<file>.py`."""
    tasks = []
    for exercise in manifest.exercises:
        files = graded_files(root.graded, exercise.id, hidden=True)
        if not files:
            raise CourseError(f"exercise {exercise.id} has no tests below {root.shorten(root.graded)}")
        tasks.append(Task(exercise, tuple(files)))
    for path in sorted((root.graded / "integration").glob("*/test_*.py")):
        name = path.stem.removeprefix("test_")
        own = [e for e in manifest.exercises if e.day.folder == path.parent.name and e.file == f"{name}.py"]
        if not own:
            raise CourseError(f"{root.shorten(path)}: no exercise is in {path.parent.name}/{name}.py")
        title = path.read_text(encoding="utf-8").splitlines()[0].strip('"') or name
        chain = dataclasses.replace(own[0], id=f"day{own[0].day.number}-{name}", title=title)
        tasks.append(Task(chain, (path,), integration=True))
    return tasks


@dataclass
class _Record:
    """What one run of the tests put on record."""

    plan: dict[str, dict[str, Any]] = field(default_factory=dict)
    outcomes: dict[str, dict[str, Any]] = field(default_factory=dict)
    broken: list[str] = field(default_factory=list)
    reached: str = ""
    output: str = ""
    picture: str = ""


class GradingJudge(Judge):
    """The judge of a check, with a worker in place of the module and its record in place of a report."""

    def __init__(self, exercise: Exercise, session: Session, seed: int) -> None:
        super().__init__(exercise, seed=seed, load_student=lambda _: session.student(), emit=self._note)
        self.session = session
        self.record = _Record()
        self._before_hidden: str | None = None

    def _note(self, event: dict[str, Any]) -> None:
        record = self.record
        match event["event"]:
            case "plan":
                record.plan[event["test"]] = event
            case "broken":
                record.broken.append(event["message"])
            case "start":
                record.reached = event["test"]
                self.session.changed = False
                if record.plan[event["test"]]["hidden"] and self._before_hidden is None:
                    # What is printed from here on may hold the inputs of hidden tests.
                    self._before_hidden = self.session.output()
            case "outcome":
                record.outcomes.setdefault(event["test"], event)
                record.picture = record.picture or event.get("picture", "")

    def watch(self, student: Any) -> None:
        """The session does: nothing that a worker changes comes back."""

    def input_changed(self) -> str:
        return INPUT_CHANGED if self.session.changed else ""

    def seed_torch(self, ours: int, theirs: int) -> None:
        """What the worker draws from says nothing of what is drawn here."""
        seed_torch(ours)
        self.session.seed(theirs)

    def close(self) -> _Record:
        """The record, once the tests have run."""
        if self._before_hidden is None:
            self._before_hidden = self.session.output()
        self.record.output = without_chatter(self._before_hidden)
        return self.record

    def outcome(self, fault: BaseException | None) -> dict[str, Any]:
        if self.session.gone is not None:
            return {"outcome": "gone", "message": self.session.gone.message}
        if isinstance(fault, StudentRaised):
            return {"outcome": "failed", "message": fault.told}
        return super().outcome(fault)

    def is_over(self, outcome: str) -> bool:
        nothing_yet = all(noted["outcome"] != "passed" for noted in self.record.outcomes.values())
        return outcome in ("gone", "does not load") or (outcome == "not attempted" and nothing_yet)


def judge(task: Task, seed: int, graded: Path, start: Callable[[], Session]) -> ExerciseVerdict:
    """Run a task's tests in the session that `start` starts, and say what they found.

    Raises `TooBusy` where this machine had no time for them, `CourseError` where they are themselves broken.
    """
    begun = time.monotonic()
    with start() as session:
        judge = GradingJudge(task.exercise, session, seed)
        with open(os.devnull, "w") as nowhere, redirect_stdout(nowhere), redirect_stderr(nowhere):
            run_graded(task.files, graded, judge)
        record = judge.close()
    if session.gone is not None and session.gone.how == "too busy":
        raise TooBusy(session.gone.message)
    if record.broken or not record.plan:
        fault = "; ".join(record.broken) or "no test was found"
        raise CourseError(f"the tests of {task.exercise.id} are themselves broken: {fault}")
    return _verdict(task, record, session.gone, time.monotonic() - begun)


def _verdict(task: Task, record: _Record, gone: WorkerGone | None, seconds: float) -> ExerciseVerdict:
    exercise = task.exercise
    status, message = _status(record, gone)
    tests = tuple(_test(test, plan, record) for test, plan in record.plan.items())
    if status in ("not attempted", "does not load"):
        tests = ()
    worth = sum(plan["points"] for plan in record.plan.values())
    out_of = worth if task.integration else exercise.points
    earned = sum(test.points for test in tests if test.passed)
    return ExerciseVerdict(
        exercise_id=exercise.id,
        title=exercise.title,
        status=status,
        points=round(out_of * earned / worth, 2),
        out_of=out_of,
        tests=tests,
        integration=task.integration,
        message=message,
        output=record.output,
        picture=record.picture,
        seconds=round(seconds, 3),
    )


def _status(record: _Record, gone: WorkerGone | None) -> tuple[Status, str]:
    outcomes = record.outcomes.values()
    passed = [outcome["outcome"] == "passed" for outcome in outcomes]
    for outcome in outcomes:
        if outcome["outcome"] == "does not load":
            return "does not load", outcome["message"]
        if outcome["outcome"] == "not attempted" and not any(passed):
            return "not attempted", outcome["message"]
    if gone is not None and gone.how != "too busy":
        says = record.plan.get(record.reached, {}).get("says", "")
        return gone.how, f'{gone.message} (while checking "{says}")'
    return ("correct" if all(passed) else "partly" if any(passed) else "wrong"), ""


def _test(test: str, plan: dict[str, Any], record: _Record) -> TestVerdict:
    outcome = record.outcomes.get(test)
    reached = "did not finish" if test == record.reached else "not reached"
    passed = outcome is not None and outcome["outcome"] == "passed"
    told = "" if passed else reached if outcome is None else _told(outcome)
    return TestVerdict(
        test_id=test,
        says=plan["says"],
        hidden=plan["hidden"],
        points=plan["points"],
        passed=passed,
        message="" if plan["hidden"] else told,
        mistake=None if outcome is None or passed else outcome.get("mistake"),
        seconds=0.0 if outcome is None else outcome.get("seconds", 0.0),
    )


def _told(outcome: dict[str, Any]) -> str:
    """The message of a failure in one line, with what was expected and what came."""
    parts = [outcome.get("message", "")]
    for name in ("expected", "got"):
        if outcome.get(name):
            parts.append(f"{name} {outcome[name]} {outcome.get('unit', '')}".rstrip())
    return printable("; ".join(parts), length=1000)
