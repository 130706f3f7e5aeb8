"""Grading many submissions at once: on this machine's processes, or on a Dask cluster; the same marks either way.

A task carries all that it depends on (the sources, the seed, the course's fingerprint), so that where, when and
in which order it runs cannot matter. Each runs in a process of its own: one that dies or hangs takes nothing
else with it, and is tried again.
"""

from __future__ import annotations

import base64
import contextlib
import importlib
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from vla_course.course.errors import CourseError
from vla_course.course.own_python import own_python
from vla_course.course.root import EXERCISES_VARIABLE, ISOLATE_VARIABLE, ROOT_VARIABLE, CourseRoot
from vla_course.grading.judging.verdicts import SubmissionVerdict, TooBusy
from vla_course.grading.walls.processes import become_grader
from vla_course.grading.walls.scratch import Scratch
from vla_course.grading.worker.stage import STAGE_VARIABLE, stage_of

if TYPE_CHECKING:
    from vla_course.grading.worker.sandbox import Sandbox

TRIES = 3
CONNECT_SECONDS = 20.0
GRADER = "vla_course.grading.judging.grade_one:grade_submission"
TAIL = 2000  # characters of a dead grader's last words
NO_TIME = 75  # exit code of a grader that this machine gave no time, EX_TEMPFAIL of sysexits.h


@dataclass(frozen=True)
class Task:
    """One submission to grade, as plain values."""

    key: str
    """names the result; also the name of the folder that is graded"""
    files: tuple[tuple[str, str], ...]
    """path and content (base64) of each source file"""
    seed: int
    exercises: tuple[str, ...]
    """none named: all, and what they do together"""
    level: str
    """the walls: `bubblewrap` required, or `limits` at least"""
    fingerprint: str
    """of the course that the marks are for"""
    seconds: float
    """after which the grader itself counts as lost"""
    grader: str = GRADER
    """`module:function`, with the signature of `grade_submission`"""

    @classmethod
    def read(cls, values: Mapping[str, Any]) -> Task:
        """The task from what `asdict` made of it, also by way of JSON."""
        files = tuple((path, content) for path, content in values["files"])
        return cls(**{**values, "files": files, "exercises": tuple(values["exercises"])})

    @classmethod
    def files_of(cls, files: Sequence[tuple[PurePosixPath, bytes]]) -> tuple[tuple[str, str], ...]:
        return tuple((str(path), base64.b64encode(data).decode("ascii")) for path, data in sorted(files))


class Lost(Exception):
    """A grader that ended without a verdict; says how."""


@dataclass(frozen=True)
class Done:
    """A finished task: its verdict, or why there is none after every try."""

    key: str
    verdict: SubmissionVerdict | None
    fault: str = ""


Backend = Callable[[Sequence[Task], CourseRoot], Iterator[Done]]


def on_this_machine(workers: int) -> Backend:
    """So many graders side by side, each in a process of its own."""

    def run(tasks: Sequence[Task], root: CourseRoot) -> Iterator[Done]:
        running = _Children()
        pool = ThreadPoolExecutor(workers)
        try:
            waiting = [pool.submit(_persist, task, root, running) for task in tasks]
            for future in as_completed(waiting):
                yield future.result()
        finally:  # also when whoever asked has lost interest, or pressed Ctrl-C
            pool.shutdown(wait=False, cancel_futures=True)
            running.kill()

    return run


def on_cluster(address: str) -> Backend:
    """The workers of the Dask cluster at that address; each needs this course at `VLA_COURSE_ROOT` or its own."""

    def run(tasks: Sequence[Task], root: CourseRoot) -> Iterator[Done]:
        try:
            from distributed import Client
            from distributed import as_completed as as_they_come
        except ImportError:
            raise CourseError('--scheduler needs Dask: pip install "vla-course[instructor]"') from None
        try:
            client = Client(address, timeout=CONNECT_SECONDS)
        except (OSError, ValueError) as fault:
            raise CourseError(f"no Dask scheduler answers at {address}: {fault}") from None
        with client:
            futures = {
                client.submit(run_in_worker, asdict(task), retries=TRIES - 1, pure=False): task.key
                for task in tasks
            }
            for future in as_they_come(futures):
                try:
                    verdict = SubmissionVerdict.from_json(future.result())
                except Exception as fault:  # whatever became of it over there
                    yield Done(futures[future], None, f"{type(fault).__name__}: {fault}")
                else:
                    yield Done(futures[future], verdict)
                future.release()

    return run


def run_in_worker(values: dict[str, Any]) -> dict[str, Any]:
    """What a Dask worker does: a task as plain values in, a verdict as plain values out."""
    task = Task.read(values)
    return grade_in_child(task, CourseRoot.current()).to_json()


def _persist(task: Task, root: CourseRoot, running: _Children) -> Done:
    fault = ""
    for _ in range(TRIES):
        if running.closed:
            break
        try:
            return Done(task.key, grade_in_child(task, root, running))
        except Lost as lost:
            fault = str(lost)
        except Exception as other:  # whatever it is, it is one submission's
            fault = f"{type(other).__name__}: {other}"
    return Done(task.key, None, fault)


class _Children:
    """The graders under way, so that they can be stopped together."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.processes: set[subprocess.Popen[bytes]] = set()
        self.closed = False

    @contextlib.contextmanager
    def hold(self, process: subprocess.Popen[bytes]) -> Iterator[None]:
        with self.lock:
            self.processes.add(process)
            if self.closed:
                _kill(process)
        try:
            yield
        finally:
            with self.lock:
                self.processes.discard(process)

    def kill(self) -> None:
        with self.lock:
            self.closed = True
            for process in self.processes:
                _kill(process)


def _kill(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)


def grade_in_child(task: Task, root: CourseRoot, running: _Children | None = None) -> SubmissionVerdict:
    """Grade in a fresh process; raises `Lost` where none comes back with a verdict."""
    running = running or _Children()
    with Scratch("grade") as scratch:
        answer, said = scratch.folder / "verdict.json", scratch.folder / "said"
        environment = os.environ | {
            "TMPDIR": str(scratch.folder),  # so that one that is killed leaves nothing behind
            ROOT_VARIABLE: str(root.folder),
            STAGE_VARIABLE: str(stage_of(root).folder),
        }
        for name in (EXERCISES_VARIABLE, ISOLATE_VARIABLE):
            environment.pop(name, None)
        with said.open("wb") as output:
            process = subprocess.Popen(
                [*own_python("vla_course.grading.class_run.scheduler"), str(answer), str(os.getpid())],
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=environment,
                start_new_session=True,
            )
            with running.hold(process):
                try:
                    process.communicate(json.dumps(asdict(task)).encode(), timeout=task.seconds)
                except subprocess.TimeoutExpired:
                    raise Lost(f"this machine is too busy: no verdict within {task.seconds:.0f} s") from None
                finally:
                    _kill(process)
                    process.wait()
        if answer.exists():
            return SubmissionVerdict.from_json(json.loads(answer.read_bytes()))
        last = said.read_text(errors="replace")[-TAIL:].strip().splitlines()
        if process.returncode == NO_TIME:
            raise Lost(last[-1])
        how = f"signal {-process.returncode}" if process.returncode < 0 else f"exit code {process.returncode}"
        raise Lost(f"the grader ended with {how}{': ' + last[-1] if last else ''}")


def grade_here(task: Task, root: CourseRoot) -> SubmissionVerdict:
    """Grade in this very process."""
    from vla_course.grading.intake.submission import Submission

    module, _, function = task.grader.partition(":")
    grade = getattr(importlib.import_module(module), function)
    files = {PurePosixPath(path): base64.b64decode(data) for path, data in task.files}
    with Scratch("submission") as scratch:
        folder = Submission(task.key, "", "", "", files).write(scratch.folder / "handed in" / task.key)
        verdict: SubmissionVerdict = grade(
            folder, seed=task.seed, sandbox=_sandbox(task.level), root=root, exercises=task.exercises or None
        )
    return verdict


def main(answer: Path) -> None:
    """The child: a task on standard input, its verdict into that file."""
    from vla_course.grading.class_run.state import fingerprint

    task = Task.read(json.load(sys.stdin))
    root = CourseRoot.current()
    if fingerprint(root) != task.fingerprint:
        raise SystemExit("this machine holds another version of the course or of its tests: bring them in step")
    try:
        verdict = grade_here(task, root)
    except TooBusy as fault:
        print(fault, file=sys.stderr, flush=True)
        sys.exit(NO_TIME)
    part = answer.with_suffix(".part")
    part.write_text(json.dumps(verdict.to_json()), encoding="utf-8")
    part.replace(answer)


def _sandbox(level: str) -> Sandbox:
    from vla_course.grading.worker.sandbox import choose_sandbox

    return choose_sandbox("bubblewrap" if level == "bubblewrap" else "limits")


if __name__ == "__main__":
    become_grader(int(sys.argv[2]))
    main(Path(sys.argv[1]))
