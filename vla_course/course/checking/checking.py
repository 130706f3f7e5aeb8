"""`check("3.5")`: the shown tests of one exercise in a child process; a verdict whatever becomes of it."""

from __future__ import annotations

import base64
import json
import signal
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from vla_course.course.checking.child import Ended, run_bounded
from vla_course.course.checking.run_shown import NO_REPORT, graded_environment, graded_files
from vla_course.course.checking.standby import Standby
from vla_course.course.checking.tensors import uses_torch
from vla_course.course.checking.trees import remove_tree
from vla_course.course.errors import CourseError
from vla_course.course.helping.hints import hint_for
from vla_course.course.manifest import Exercise, load_manifest
from vla_course.course.own_python import own_python
from vla_course.course.root import EXERCISES_VARIABLE, ISOLATE_VARIABLE, CourseRoot
from vla_course.course.verdict import Property, Status, Verdict
from vla_course.machine import cores

OUTPUT_BYTES = 2**20
MEMORY_GIB = 4.0
NOT_REACHED = "not reached"
CHATTER = "pybullet build time:"
CHILD = own_python("vla_course.course.checking.run_shown")
STANDBY = Standby(CHILD)


def check(exercise_id: str) -> Verdict:
    """Check your answer to one exercise; the verdict shows itself as a card at the end of a notebook cell."""
    from vla_course.course.helping.progress import remember

    root = CourseRoot.current()
    verdict = run_tests(exercise_id, root=root, standby=STANDBY)[0]
    return _noted(verdict, remember(root, [verdict]))


def check_all(root: CourseRoot, *, workers: int | None = None) -> Iterator[Verdict]:
    """Check every exercise of the course, several at a time; verdicts come in the order of the manifest."""
    from vla_course.course.helping.progress import remember

    ids = [exercise.id for exercise in load_manifest(root).exercises]
    with ThreadPoolExecutor(workers or min(4, cores())) as pool:
        for (verdict,) in pool.map(lambda exercise_id: run_tests(exercise_id, root=root), ids):
            yield _noted(verdict, remember(root, [verdict]))


def _noted(verdict: Verdict, remark: str) -> Verdict:
    """The verdict with one more thing to be said beside it, if there is any."""
    return replace(verdict, remark=f"{verdict.remark} {remark}".strip())


def run_tests(
    exercise_id: str,
    *,
    root: CourseRoot,
    submission: Path | None = None,
    include_hidden: bool = False,
    seeds: Sequence[int] = (0,),
    standby: Standby | None = None,
) -> tuple[Verdict, ...]:
    """The verdict on one exercise under each seed, from one child process.

    `submission` is a tree of day folders; unset, the answers that `VLA_COURSE_EXERCISES` selects. `standby` keeps
    a child ready for the next check of a day that needs torch.
    """
    exercise = load_manifest(root).exercise(exercise_id)
    if not graded_files(root.graded, exercise.id, hidden=include_hidden):
        stem = f"test_{exercise.id.replace('.', '_')}_*.py"
        raise CourseError(f"exercise {exercise.id} has no tests: expected tests/graded/shown/*/{stem}")
    desk = submission.resolve() if submission else root.desk()
    limit = exercise.seconds * len(seeds)
    scratch = _scratch()
    try:
        report, cwd = scratch / "report.jsonl", scratch / "work"
        cwd.mkdir()
        job = [exercise.id, "--report", str(report), "--seeds", ",".join(map(str, seeds))]
        job += [f"--memory={MEMORY_GIB}", *(["--hidden"] if include_hidden else [])]
        run = standby.run if standby and uses_torch(desk / exercise.day.folder) else run_bounded
        environment = _environment(root, desk, exercise)
        ended = run(
            [*CHILD, *job],
            cwd=cwd,
            env=environment,
            seconds=limit,
            output_bytes=OUTPUT_BYTES,
            begins=lambda: _tests_have_begun(report),
        )
        events = _read(report)
        planned = any(event["event"] == "plan" for event in events)  # the student's code does not run before
        if ended.how == "by itself" and ended.returncode and (ended.returncode == NO_REPORT or not planned):
            last = (ended.output.strip().splitlines() or [f"exit code {ended.returncode}"])[-1]
            raise CourseError(f"exercise {exercise.id} could not be checked on this machine: {last}")
    finally:
        remove_tree(scratch)
    by_seed = {seed: _Findings.of(event for event in events if event["seed"] == seed) for seed in seeds}
    return tuple(findings.verdict(exercise, root, desk, ended) for findings in by_seed.values())


def _scratch() -> Path:
    """A folder for the child to work in."""
    try:
        return Path(tempfile.mkdtemp(prefix="vla-check-"))
    except OSError as fault:
        raise CourseError(
            f"a check needs a folder for what is in passing, and gets none ({fault.strerror}): "
            "make room, or let TMPDIR name a folder that can be written"
        ) from None


def _environment(root: CourseRoot, desk: Path, exercise: Exercise) -> dict[str, str]:
    """The child's environment: whose answers, and which exercise."""
    return graded_environment(root) | {
        EXERCISES_VARIABLE: str(desk),
        ISOLATE_VARIABLE: exercise.id,
        "PYTHONUNBUFFERED": "1",
        "PYTHONIOENCODING": "utf-8",  # whatever the terminal is told in: that is read here
        "PYTHONBREAKPOINT": "",  # Python's own; `no_debugger` sees to that
    }


def _tests_have_begun(report: Path) -> bool:
    """Whether the first test has: until then the child has loaded libraries and tests, nothing of the student's."""
    return report.exists() and b'"event": "start"' in report.read_bytes()


def _read(report: Path) -> list[dict[str, Any]]:
    """The events on record; a last line that was cut off in the middle is not one."""
    lines = report.read_text(encoding="utf-8").split("\n")[:-1] if report.exists() else []
    return [json.loads(line) for line in lines]


@dataclass(frozen=True)
class _Findings:
    """What the child put on record under one seed."""

    plan: dict[str, dict[str, Any]]
    outcomes: dict[str, dict[str, Any]]
    started: str | None
    broken: tuple[str, ...]
    remarks: tuple[str, ...]
    finished: bool

    @classmethod
    def of(cls, events: Iterable[dict[str, Any]]) -> _Findings:
        plan: dict[str, dict[str, Any]] = {}
        outcomes: dict[str, dict[str, Any]] = {}
        started, broken, remarks, finished = None, [], [], False
        for event in events:
            match event["event"]:
                case "plan":
                    plan[event["test"]] = event
                case "start":
                    started = event["test"]
                case "outcome":
                    outcomes.setdefault(event["test"], event)
                case "broken":
                    broken.append(event["message"])
                case "remark":
                    remarks.append(event["message"])
                case "end":
                    finished = True
        return cls(plan, outcomes, started, tuple(broken), tuple(remarks), finished)

    def verdict(self, exercise: Exercise, root: CourseRoot, desk: Path, ended: Ended) -> Verdict:
        if self.broken or (self.finished and not self.plan):
            fault = "; ".join(self.broken) or f"no test was found: {ended.output.strip()}"
            raise CourseError(f"the check of exercise {exercise.id} is itself broken: {fault}")
        status, message = self._status(exercise, ended)
        nothing = status in ("not attempted", "does not load")
        properties = () if nothing else _said_once(map(self._property, self.plan))
        total = sum(part.points for part in properties)
        passed = sum(part.points for part in properties if part.passed)
        return Verdict(
            id=exercise.id,
            title=exercise.title,
            place=f"{exercise.symbol} in {root.shorten(desk / exercise.path)}",
            status=status,
            points=round(exercise.points * passed / total, 2) if total else 0.0,
            out_of=exercise.points,
            properties=properties,
            message=message,
            hint=None if status in ("correct", "too busy") else hint_for(root, exercise, properties),
            seconds=round(ended.seconds, 2),
            output=without_chatter(ended.output),
            picture=self._picture(),
            remark=" ".join(self.remarks),
        )

    def _status(self, exercise: Exercise, ended: Ended) -> tuple[Status, str]:
        for outcome in self.outcomes.values():
            if outcome["outcome"] in ("not attempted", "does not load"):
                return outcome["outcome"], outcome["message"]
        complete = self.finished and self.plan.keys() <= self.outcomes.keys()
        if not complete:
            return _cut_short(exercise, ended, self.plan.get(self.started or "", {}).get("says"))
        passed = [outcome["outcome"] == "passed" for outcome in self.outcomes.values()]
        return ("correct" if all(passed) else "partly" if any(passed) else "wrong"), ""

    def _property(self, test: str) -> Property:
        plan = self.plan[test]
        outcome = self.outcomes.get(test)
        part = {"says": plan["says"], "points": plan["points"], "hidden": plan["hidden"]}
        if outcome is None:
            reached = test == self.started
            return Property(passed=False, message="did not finish" if reached else NOT_REACHED, **part)
        fields = () if plan["hidden"] else ("message", "expected", "got", "unit")
        told = {field: outcome[field] for field in fields if field in outcome}
        return Property(passed=outcome["outcome"] == "passed", mistake=outcome.get("mistake"), **told, **part)

    def _picture(self) -> bytes | None:
        for test, outcome in self.outcomes.items():
            if "picture" in outcome and not self.plan[test]["hidden"]:
                return base64.b64decode(outcome["picture"])
        return None


def _said_once(properties: Iterable[Property]) -> tuple[Property, ...]:
    """The same properties; a message that was read before is not read again."""
    said: set[str] = set()
    once = []
    for part in properties:
        again = part.message in said and not part.expected and not part.got
        said |= {part.message} - {"", NOT_REACHED}
        once.append(replace(part, message="the same again") if again else part)
    return tuple(once)


def without_chatter(output: str) -> str:
    """The output less what PyBullet prints when it is imported: that is not the student's."""
    return "".join(line for line in output.splitlines(keepends=True) if not line.startswith(CHATTER))


def _cut_short(exercise: Exercise, ended: Ended, says: str | None) -> tuple[Status, str]:
    """Why the tests did not come to their end."""
    during = f' while checking "{says}"' if says else ""
    stopped = f"stopped after {ended.seconds:.0f} s{during}"
    if ended.how == "time":
        return "timed out", f"stopped after {ended.processor:.0f} s of computing{during}: is there a loop without end?"
    if ended.how == "sleep":
        return "timed out", f"{stopped}, for it only waits: does it sleep, or wait for what never comes?"
    if ended.how == "busy" and not ended.begun:
        return "too busy", (
            f"the tests had not begun after {ended.seconds:.0f} s, of which this machine gave it {ended.processor:.0f} "
            "s to compute: that says nothing of your answer. The machine is too busy; try again"
        )
    if ended.how == "busy":
        return "too busy", (
            f"{stopped}, of which this machine gave it {ended.processor:.0f} s to compute: that says nothing of your "
            "answer. The machine is too busy; try again"
        )
    if ended.how == "output":
        return "crashed", f"stopped after printing more than {OUTPUT_BYTES >> 20} MB{during}: print less"
    if ended.returncode < 0:
        return "crashed", f"Python died of {signal.Signals(-ended.returncode).name}{during}"
    return "crashed", f"your code ended Python (exit code {ended.returncode}){during}: return instead"
