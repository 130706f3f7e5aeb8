"""The walls around a worker: what it sees of this machine, and that nothing of it stays."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.grading.attacks import corpus
from vla_course.course.errors import CourseError
from vla_course.course.manifest import load_manifest
from vla_course.course.root import CourseRoot
from vla_course.course.source.source import answers, read_source
from vla_course.grading.judging.take_in import take_in
from vla_course.grading.worker import sandbox as walls
from vla_course.grading.worker.sandbox import Job, Sandbox, choose_sandbox
from vla_course.grading.worker.session import Session
from vla_course.grading.worker.stage import ALL, build_stage, course_version, stage_of, with_holes

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="other systems have plain limits only")

BEST = choose_sandbox()
LEVELS = ["bubblewrap", "limits"] if BEST.level == "bubblewrap" else ["limits"]

SPY = """
import json, os, subprocess, sys

from vla_course.course.exercise import exercise

@exercise("1.1")
def mean(values):
    return 0.0

def attempt(name, *arguments):
    try:
        return str(ATTEMPTS[name](*arguments))
    except BaseException as fault:
        return type(fault).__name__

def connect(port):
    import socket
    socket.create_connection(("127.0.0.1", port), timeout=1.0)
    return "connected"

def child():
    pid = os.fork()
    if pid == 0:
        os.setsid()
        if os.fork() == 0:
            import time
            time.sleep(600)
        os._exit(0)
    os.waitpid(pid, 0)
    return "child"

def listing(path):
    return json.dumps(sorted(os.listdir(path)))

ATTEMPTS = {
    "environment": lambda: json.dumps(sorted(os.environ)),
    "descriptors": lambda: json.dumps([n for n in range(64) if os.path.exists(f"/proc/self/fd/{n}")]),
    "read": lambda path: open(path).read()[:10],
    "exists": os.path.exists,
    "write": lambda path: open(path, "w").write("x"),
    "list": listing,
    "run": lambda: subprocess.run(["true"]),
    "connect": connect,
    "kill": lambda pid: os.kill(pid, 0),
    "child": child,
    "parents": lambda: "pytest" in sys.modules or "vla_course.grading.judging.judge" in sys.modules,
}
"""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> corpus.Place:
    return corpus.make_place(tmp_path_factory.mktemp("walled"))


@pytest.fixture
def spy(place: corpus.Place, tmp_path: Path) -> Iterator[Callable[..., Session]]:
    stage = stage_of(place.root)
    with ExitStack() as stack:

        def start(sandbox: Sandbox) -> Session:
            day = tmp_path / "desk" / place.day
            day.mkdir(parents=True, exist_ok=True)
            (day / "first.py").write_text(SPY)
            job = Job(
                stage.course, day.parent, stage.reference("1.1"), "1.1", place.day, "first.py", "mean", 20.0
            )
            return stack.enter_context(Session(sandbox, job, 10.0))

        yield start


@pytest.mark.parametrize("level", LEVELS)
def test_a_worker_sees_nothing_of_the_grader(
    level: str, spy: Callable[..., Session], place: corpus.Place
) -> None:
    session = spy(Sandbox(level))
    attempt = session.student().attempt
    assert set(json.loads(attempt("environment"))) <= {
        *(
            "VLA_COURSE_ROOT",
            "VLA_COURSE_EXERCISES",
            "VLA_COURSE_ISOLATE",
            "HOME",
            "TMPDIR",
            "LANG",
            "PATH",
            "PWD",
        ),
        *("MPLBACKEND", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "LC_CTYPE"),
    }
    assert attempt("parents") == "False"
    for path in (place.solution, place.hidden, Path(__file__), "/etc/passwd", f"/proc/{os.getpid()}/environ"):
        assert attempt("read", str(path)) in ("FileNotFoundError", "PermissionError"), path
    for folder in (place.root.folder, CourseRoot.current().folder / "tests"):
        assert attempt("list", str(folder)) in ("FileNotFoundError", "PermissionError"), folder


@pytest.mark.parametrize("level", LEVELS)
def test_a_worker_writes_in_its_private_folder_only(
    level: str, spy: Callable[..., Session], place: corpus.Place
) -> None:
    attempt = spy(Sandbox(level)).student().attempt
    assert attempt("write", "notes.txt") == "1"
    stage = stage_of(place.root)
    for path in (place.outside / "x", stage.course / "x", "/course/x", "/desk/x", "/usr/x", "/etc/x"):
        assert attempt("write", str(path)) in ("FileNotFoundError", "PermissionError", "OSError"), path
    assert not (place.outside / "x").exists()


@pytest.mark.parametrize("level", LEVELS)
def test_a_worker_has_no_network_no_programs_and_no_signals(level: str, spy: Callable[..., Session]) -> None:
    import socket

    attempt = spy(Sandbox(level)).student().attempt
    with socket.create_server(("127.0.0.1", 0)) as server:
        assert attempt("connect", server.getsockname()[1]) == "PermissionError"
    assert attempt("run") == "PermissionError"
    assert attempt("child") == "PermissionError"
    assert attempt("kill", os.getpid()) in ("PermissionError", "ProcessLookupError")


def test_bubblewrap_alone_has_no_network(spy: Callable[..., Session]) -> None:
    if BEST.level != "bubblewrap":
        pytest.skip("there is no bubblewrap here")
    import socket

    attempt = spy(Sandbox("bubblewrap", filter_calls=False)).student().attempt
    with socket.create_server(("127.0.0.1", 0)) as server:
        assert attempt("connect", server.getsockname()[1]) == "ConnectionRefusedError"


@pytest.mark.parametrize("level", LEVELS)
def test_children_die_with_the_session(level: str, spy: Callable[..., Session], place: corpus.Place) -> None:
    walls.processes.become_orphanage()
    session = spy(Sandbox(level, filter_calls=False))
    assert session.student().attempt("child") == "child"
    assert len(corpus._running(place)) >= 2, "the child that this test is about does not run"
    session.close()
    time.sleep(0.1)
    assert corpus._running(place) == []


def test_the_level_can_be_required(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walls, "_bubblewrap_fault", lambda: "there is no bwrap")
    assert choose_sandbox() == Sandbox("limits", why="there is no bwrap")
    with pytest.raises(CourseError, match="there is no bwrap"):
        choose_sandbox("bubblewrap")


def test_the_lower_level_says_in_a_sentence_what_it_does_not_hold(
    monkeypatch: pytest.MonkeyPatch, spy: Callable[..., Session], place: corpus.Place
) -> None:
    assert Sandbox("bubblewrap").does_not_hold == ""
    limits = Sandbox("limits", why="there is no bwrap")
    assert "can see which files there are" in limits.does_not_hold
    attempt = spy(limits).student().attempt
    assert attempt("exists", str(place.hidden)) == "True"  # as it says
    assert attempt("read", str(place.hidden)) == "PermissionError"
    monkeypatch.setattr(walls.landlock, "supported", lambda: False)
    assert "can read and write what you can" in limits.does_not_hold
    if BEST.level == "bubblewrap":
        assert spy(BEST).student().attempt("exists", str(place.hidden)) == "False"


def test_the_stage_holds_no_test_no_solution_and_no_source_of_an_answer(tmp_path: Path) -> None:
    root = CourseRoot.current()
    stage = build_stage(root, tmp_path / "stage")
    staged = [path for path in stage.folder.rglob("*") if path.is_file()]
    assert not [path for path in staged if path.name.startswith("test_") or "hidden" in path.parts]
    lines = {
        line.strip()
        for path in root.solutions.rglob("*.py")
        for text in [read_source(path)]
        for block in answers(text, path.name)
        for line in text.split("\n")[block.begin : block.end - 1]
        if len(line.strip()) > 30
    }
    assert lines
    for path in staged:
        if path.suffix == ".py":
            assert not lines & {line.strip() for line in path.read_text().split("\n")}, path
    holes = {path.name for path in (stage.folder / "references").iterdir()}
    assert holes == {ALL, *(exercise.id for exercise in load_manifest(root).exercises)}


def test_a_reference_has_the_answers_it_is_built_on_and_holes_for_the_others() -> None:
    root = CourseRoot.current()
    text = read_source(root.solutions / "day3_humanoid_balance" / "zmp.py")
    later = with_holes(text, "zmp.py", "3.5", {"3.4"})
    assert later.count('raise NotAttempted("3.5")') == later.count("raise ") == 1
    earlier = with_holes(text, "zmp.py", "3.4", ())
    assert earlier.count('raise NotAttempted("3.4")') == earlier.count('raise LookupError("exercise 3.5 ') == 1
    assert with_holes(text, "zmp.py", ALL, ()).count("raise NotAttempted") == 2


def test_the_version_changes_with_what_decides_a_mark(place: corpus.Place, tmp_path: Path) -> None:
    before = course_version(place.root)
    assert course_version(place.root) == before
    text = place.hidden.read_text()
    place.hidden.write_text(text + "\n")
    assert course_version(place.root) != before
    place.hidden.write_text(text)


def test_only_plain_files_of_day_folders_are_taken_in(tmp_path: Path) -> None:
    given = tmp_path / "given" / "vla_course" / "exercises"
    day = given / "day1_numbers"
    day.mkdir(parents=True)
    (day / "first.py").write_text("honest")
    (day / "sub").mkdir()
    (day / "sub" / "more.py").write_text("more")
    (day / "link.py").symlink_to("/etc/passwd")
    (day / "folder").symlink_to("/etc")
    (given / "day2_linked").symlink_to("/etc")
    (day / "large.py").write_bytes(b"#" * (2**20 + 1))
    (day / "notes.exe").write_text("no")
    (given / "elsewhere.py").write_text("no")
    os.mkfifo(day / "pipe.py")
    notes = take_in(tmp_path / "given", tmp_path / "desk")
    taken = sorted(
        path.relative_to(tmp_path / "desk").as_posix() for path in (tmp_path / "desk").rglob("*.py")
    )
    assert taken == ["day1_numbers/first.py", "day1_numbers/sub/more.py"]
    assert notes == [
        "day2_linked is a link: left out",
        "day1_numbers/folder is a link: left out",
        "day1_numbers/large.py is larger than 1 MiB: left out",
        "day1_numbers/link.py is a link: left out",
        "day1_numbers/pipe.py is not a plain file: left out",
    ]


def test_a_folder_without_answers_is_said(tmp_path: Path) -> None:
    (tmp_path / "given").mkdir()
    assert "no day folder" in take_in(tmp_path / "given", tmp_path / "desk")[0]
