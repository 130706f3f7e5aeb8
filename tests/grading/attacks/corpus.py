"""Hostile submissions: each is graded beside an honest one that knows as little, and must gain nothing by it.

A file NAME.py beside this one is put in front of an otherwise honest solution of a small course, whose exercise
1.1 then answers `attack(values)`. It may use `weak`, the answer of somebody who does not know better, and
`right`, which it calls only once it has stolen what it needed. `{{WORDS}}` are filled in.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import secrets
import shutil
import socket
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from vla_course.course.root import CourseRoot
from vla_course.grading.judging.grade_one import grade_submission
from vla_course.grading.judging.verdicts import ExerciseVerdict, SubmissionVerdict
from vla_course.grading.worker.sandbox import Sandbox
from vla_course.grading.worker.stage import stage_of

HERE = Path(__file__).parent
HIDDEN_NUMBER = "1234567"

MANIFEST = """
[[day]]
number = 1
folder = "FOLDER"
title = "Numbers"

[[exercise]]
id = "1.1"
title = "Mean"
file = "first.py"
symbol = "mean"
points = 4
minutes = 5
difficulty = 1
objective = "Average."
hints = ["Add them up."]
seconds = 2

[[exercise]]
id = "1.2"
title = "Double"
file = "second.py"
symbol = "double"
points = 2
minutes = 5
difficulty = 1
objective = "Twice."
hints = ["Two of it."]
seconds = 4
"""

FIRST = '''"""Means."""

import numpy as np

from vla_course.course.exercise import NotAttempted, exercise


@exercise("1.1")
def mean(values):
    """Return the mean."""
    # BEGIN SOLUTION
    return float(np.sum(values)) / len(values)
    # END SOLUTION
'''

SECOND = '''"""Doubles."""

from vla_course.course.exercise import NotAttempted, exercise


@exercise("1.2")
def double(value):
    """Return twice the value."""
    # BEGIN SOLUTION
    return value + value
    # END SOLUTION
'''

KNOWN = """

def weak(values):
    return float(values[0])


def right(values):
    return float(sum(values)) / len(values)

"""

SHOWN_1_1 = '''"""Shown tests of 1.1; the second one measures an answer by an array that it has handed out."""

import numpy as np

from vla_course.course.checking.judging import expect_close, graded


@graded("1.1", points=1, says="the mean of equal numbers is that number")
def test_equal(student, rng):
    number = rng.uniform(1.0, 9.0)
    expect_close(student.mean(np.full(4, number)), number, what="the mean")


@graded("1.1", points=2, says="any mean is right")
def test_any(student, rng):
    values = rng.normal(size=5)
    got = student.mean(values)
    expect_close(got, values.mean(), what="the mean")
'''

HIDDEN_1_1 = '''"""Hidden test of 1.1."""

import numpy as np

from vla_course.course.checking.judging import expect_close, graded


@graded("1.1", points=1, says="the mean of large numbers is right")
def test_large(student, rng):
    values = NUMBER + 0.01 * rng.integers(1, 90, 6)
    expect_close(student.mean(values), sum(values) / 6, what="the mean")
'''

SHOWN_1_2 = '''"""Shown test of 1.2."""

from vla_course.course.checking.judging import expect_close, graded


@graded("1.2", points=2, says="twice a number is right")
def test_any(student, rng):
    number = rng.normal()
    expect_close(student.double(number), 2.0 * number, what="the double")
'''


@dataclass(frozen=True)
class Place:
    """A small course, a folder for submissions, and things outside that nobody may touch."""

    folder: Path
    day: str

    @property
    def root(self) -> CourseRoot:
        return CourseRoot(self.folder / "course")

    @property
    def submission(self) -> Path:
        return self.folder / "submission"

    @property
    def outside(self) -> Path:
        return self.folder / "outside"

    @property
    def solution(self) -> Path:
        return self.root.solutions / self.day / "first.py"

    @property
    def hidden(self) -> Path:
        return self.root.graded / "hidden" / self.day / "test_1_1_mean.py"


@dataclass(frozen=True)
class Outcome:
    """What an attack came to."""

    name: str
    level: str
    attacked: ExerciseVerdict
    honest: ExerciseVerdict
    weak_points: float
    faults: tuple[str, ...]
    seconds: float


def names() -> list[str]:
    """Every attack of the corpus."""
    return sorted(
        [path.stem for path in HERE.glob("*.py") if path.stem not in ("__init__", "corpus")] + [*_BUILT]
    )


def make_place(folder: Path) -> Place:
    """Write the small course; its day has a name of its own, by which its workers can be found."""
    place = Place(folder, f"day1_{secrets.token_hex(6)}")
    files = {
        place.root.manifest: MANIFEST.replace("FOLDER", place.day),
        place.solution: FIRST,
        place.solution.with_name("second.py"): SECOND,
        place.solution.with_name("__init__.py"): '"""Day 1."""\n',
        place.root.graded / "shown" / place.day / "test_1_1_mean.py": SHOWN_1_1,
        place.root.graded / "shown" / place.day / "test_1_2_double.py": SHOWN_1_2,
        place.hidden: HIDDEN_1_1.replace("NUMBER", f"{HIDDEN_NUMBER}.0"),
        place.outside / "canary": "alive",
    }
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return place


def grade_weak(place: Place, sandbox: Sandbox) -> SubmissionVerdict:
    """The honest submission that knows as little as the attackers."""
    _write(place, KNOWN, "weak")
    return grade_submission(place.submission, seed=1, sandbox=sandbox, root=place.root)


def run(name: str, place: Place, sandbox: Sandbox, weak_points: float) -> Outcome:
    """Grade one attack and look at what it did."""
    begun = time.monotonic()
    with _listener() as (port, heard), _environment(place):
        if name in _BUILT:
            _BUILT[name](place)
        else:
            words = {
                "ROOT": place.root.folder,
                "DAY": place.day,
                "SUBMISSION": place.submission,
                "OUTSIDE": place.outside,
                "SOLUTION": place.solution,
                "HIDDEN": place.hidden,
                "PORT": port,
                "HOST": socket.gethostname(),
            }
            text = (HERE / f"{name}.py").read_text()
            for word, value in words.items():
                text = text.replace(f"{{{{{word}}}}}", str(value))
            _write(place, KNOWN + text, "attack")
        stage_of(place.root)
        before = _digest(place)
        verdict = grade_submission(place.submission, seed=1, sandbox=sandbox, root=place.root)
        running = _running(place)
        if running:  # what a killed namespace leaves takes the kernel a moment
            time.sleep(0.2)
            running = _running(place)
        attacked, honest = verdict.exercises
        faults = []
        if attacked.points > weak_points:
            faults.append(f"gained points: {attacked.points} where an honest answer has {weak_points}")
        if honest.status != "correct":
            faults.append(f"the honest exercise was not paid: {honest.status} {honest.message}")
        if _digest(place) != before:
            faults.append("a file outside of the worker's folder was touched: contents, mode, owner, time or attribute")
        if running:
            faults.append(f"left running: {running}")
        if heard:
            faults.append("reached the network")
        told = json.dumps([exercise.to_json() for exercise in verdict.exercises] + list(verdict.notes))
        if HIDDEN_NUMBER in told:
            faults.append("an input of a hidden test is told in the verdict")
        if any("the grader" in note for note in verdict.notes):
            faults.append(f"the grader fell: {verdict.notes}")
    seconds = time.monotonic() - begun
    return Outcome(name, sandbox.level, attacked, honest, weak_points, tuple(faults), seconds)


def _write(place: Place, prelude: str, function: str) -> None:
    """An honest submission, but for exercise 1.1, which answers by `function` of the prelude."""
    shutil.rmtree(place.submission, ignore_errors=True)
    shutil.copytree(
        place.solution.parent, place.submission / place.day, ignore=shutil.ignore_patterns("__pycache__")
    )
    answered = FIRST.replace("float(np.sum(values)) / len(values)", f"{function}(values)")
    head, mark, tail = answered.partition('@exercise("1.1")')
    (place.submission / place.day / "first.py").write_text(head + prelude + "\n\n" + mark + tail)


def _linked_answer(place: Place) -> None:
    """Links in place of answers: to the solution, and of the day folder itself to all of them."""
    _write(place, KNOWN, "weak")
    answer = place.submission / place.day / "first.py"
    answer.unlink()
    answer.symlink_to(place.solution)


def _linked_folder(place: Place) -> None:
    """A folder of helpers that is a link to the hidden tests, and an answer that imports from it."""
    steal = "\nfrom .helpers import test_1_1_mean\n\n\ndef attack(values):\n    return right(values)\n"
    _write(place, KNOWN + steal, "attack")
    (place.submission / place.day / "helpers").symlink_to(place.hidden.parent)


def _pipe_for_answer(place: Place) -> None:
    """A named pipe in place of the answer: whoever opens it waits for ever."""
    _write(place, KNOWN, "weak")
    answer = place.submission / place.day / "first.py"
    answer.unlink()
    os.mkfifo(answer)


def _enormous_answer(place: Place) -> None:
    """A file of fifty megabytes."""
    _write(place, KNOWN + "# " + "x" * 50_000_000 + "\n", "weak")


_BUILT: dict[str, Callable[[Place], None]] = {
    "linked_answer": _linked_answer,
    "linked_folder": _linked_folder,
    "pipe_for_answer": _pipe_for_answer,
    "enormous_answer": _enormous_answer,
}


@contextlib.contextmanager
def _listener() -> Iterator[tuple[int, list[bytes]]]:
    """A helper on the network: its port, and what reached it."""
    heard: list[bytes] = []
    with socket.create_server(("0.0.0.0", 0)) as server:

        def listen() -> None:
            with contextlib.suppress(OSError):
                while True:
                    connection, _ = server.accept()
                    heard.append(connection.recv(100))
                    connection.close()

        threading.Thread(target=listen, daemon=True).start()
        yield server.getsockname()[1], heard
        server.shutdown(socket.SHUT_RDWR)


@contextlib.contextmanager
def _environment(place: Place) -> Iterator[None]:
    """A secret in the grader's environment, and a folder of its own for what is temporary."""
    temporary = place.folder / "temporary"
    temporary.mkdir(exist_ok=True)
    kept = {name: os.environ.get(name) for name in ("SECRET_TOKEN", "TMPDIR")}
    os.environ.update(SECRET_TOKEN="hush", TMPDIR=str(temporary))
    tempfile.tempdir = None
    try:
        yield
    finally:
        for name, value in kept.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})
        tempfile.tempdir = None


def _digest(place: Place) -> str:
    """All that lies about: names, contents, modes, owners, times and attributes.

    Of the stage, which is the grader's, and of the folder that it lies in no times: there the grader works.
    """
    digest = hashlib.sha256()
    for path in sorted([place.folder, *place.folder.rglob("*")]):
        about = path.lstat()
        grader_s = "temporary" in path.relative_to(place.folder).parts
        digest.update(repr((str(path), about.st_mode, about.st_uid, about.st_gid)).encode())
        if not grader_s:
            digest.update(repr(about.st_mtime_ns).encode())
        for name in os.listxattr(path, follow_symlinks=False):
            digest.update(name.encode() + os.getxattr(path, name, follow_symlinks=False))
        if path.is_file():
            digest.update(path.read_bytes())
    return digest.hexdigest()


def _running(place: Place) -> list[str]:
    """The commands of processes of this course's workers, or of their children."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            if int(folder.name) != os.getpid() and (place.day in command or str(place.outside) in command):
                found.append(command[:200])
    return found
