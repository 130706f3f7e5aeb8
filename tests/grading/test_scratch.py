"""The grader's temporary folders: gone with whoever made them, swept after those that were killed."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from tests.grading.attacks import corpus
from vla_course.course.checking.trees import remove_tree
from vla_course.course.root import CourseRoot
from vla_course.grading.class_run.state import fingerprint
from vla_course.grading.judging.verdicts import SubmissionVerdict
from vla_course.grading.walls import scratch
from vla_course.grading.walls.scratch import Scratch, seal, sweep
from vla_course.grading.worker.sandbox import Sandbox

DEPTH = 1200  # beyond what Python recurses, and what a path may be long


@pytest.fixture(autouse=True)
def own_temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for what is temporary that nobody else uses."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr(tempfile, "tempdir", None)
    return folder


def deepen(folder: Path, depth: int) -> None:
    at = os.open(folder, os.O_RDONLY)
    for _ in range(depth):
        os.mkdir("deep" * 8, dir_fd=at)
        inner = os.open("deep" * 8, os.O_RDONLY, dir_fd=at)
        os.close(at)
        at = inner
    os.close(os.open("bottom", os.O_CREAT, dir_fd=at))
    os.close(at)


def test_a_folder_is_removed_however_deep_and_shut_it_is(tmp_path: Path) -> None:
    folder = tmp_path / "given"
    (folder / "shut" / "in").mkdir(parents=True)
    (folder / "shut" / "in" / "file").write_text("x")
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "kept").write_text("kept")
    (folder / "shut" / "link").symlink_to(outside)
    seal(folder)
    deepen(folder, DEPTH)
    (folder / "shut").chmod(0)
    assert remove_tree(folder)
    assert not folder.exists()
    assert (outside / "kept").read_text() == "kept"


def test_what_is_not_there_is_gone(tmp_path: Path) -> None:
    assert remove_tree(tmp_path / "nowhere")


def test_a_scratch_folder_is_gone_afterwards(own_temporary: Path) -> None:
    with Scratch("grade") as held:
        assert held.folder.parent == own_temporary
        assert stat.S_IMODE(held.folder.stat().st_mode) == 0o700
        deepen(held.folder, DEPTH)
    assert list(own_temporary.iterdir()) == []


def aged(folder: Path, seconds: float) -> Path:
    os.utime(folder, (time.time() - seconds,) * 2)
    return folder


def test_what_a_killed_process_left_is_swept_and_nothing_else(own_temporary: Path) -> None:
    script = (
        "from vla_course.grading.walls.scratch import Scratch\n"
        "import os, signal\n"
        "print(Scratch('stage').folder, flush=True)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    left = Path(ran.stdout.strip())
    assert left.is_dir()
    assert sweep() == []  # it is young: perhaps it is being made
    aged(left, 2 * scratch.YOUNG)
    with Scratch("grade") as alive:
        aged(alive.folder, 2 * scratch.FORGOTTEN)
        others = [own_temporary / name for name in ("vla-stage-mine", "vla-other-abcdefgh", "somebody's")]
        for other in others:
            other.mkdir()
            aged(other, 2 * scratch.FORGOTTEN)
        link = own_temporary / "vla-grade-abcdefgh"
        link.symlink_to(others[0])
        assert sweep() == [left]
        assert alive.folder.is_dir()
        assert all(path.is_dir() for path in others)
        assert link.is_symlink()


def test_one_that_was_never_locked_is_swept_when_it_is_forgotten(own_temporary: Path) -> None:
    folder = own_temporary / "vla-worker-abcdefgh"
    folder.mkdir()
    aged(folder, scratch.FORGOTTEN / 2)
    assert sweep() == []
    aged(folder, 2 * scratch.FORGOTTEN)
    assert sweep() == [folder]


def test_what_is_somebody_elses_stays_and_a_link_in_place_of_the_lock_is_not_followed(
    own_temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = own_temporary / "vla-worker-abcdefgh"
    folder.mkdir()
    with monkeypatch.context() as another:
        another.setattr(os, "getuid", lambda: folder.stat().st_uid + 1)
        aged(folder, 2 * scratch.FORGOTTEN)
        assert sweep() == []
    (folder / scratch.OWNER).symlink_to(Path(__file__))
    aged(folder, 2 * scratch.FORGOTTEN)
    assert sweep() == []


def sleeper(folder: Path, **_: object) -> SubmissionVerdict:
    """A grader that says that it is at work, and never ends."""
    place = Path(os.environ["SAY_WHERE"])
    place.with_suffix(".part").write_text(str(os.getpid()))
    place.with_suffix(".part").replace(place)
    time.sleep(600)
    raise AssertionError(folder)


def lives(process: Path) -> bool:
    """Tell whether a process of /proc lives: a dead one may wait there for whoever adopted it."""
    try:
        return process.joinpath("stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


@pytest.mark.skipif(sys.platform != "linux", reason="Linux knows how")
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM], ids=lambda number: number.name)
def test_graders_die_with_the_class_that_started_them(number: int, tmp_path: Path, own_temporary: Path) -> None:
    place = corpus.make_place(tmp_path / "course")
    pid = tmp_path / "pid"
    script = (
        "import sys\nfrom pathlib import Path\n"
        "from vla_course.course.root import CourseRoot\n"
        "from vla_course.grading.class_run.scheduler import Task, on_this_machine\n"
        f"task = Task('one', (), 1, (), 'limits', {fingerprint(place.root)!r}, 600.0,"
        " 'tests.grading.test_scratch:sleeper')\n"
        f"list(on_this_machine(2)([task], CourseRoot(Path({str(place.root.folder)!r}))))\n"
    )
    environment = os.environ | {"SAY_WHERE": str(pid), "PYTHONPATH": str(CourseRoot.current().folder)}
    with subprocess.Popen([sys.executable, "-c", script], env=environment) as started:
        until = time.monotonic() + 120.0
        while not pid.exists() and time.monotonic() < until:
            time.sleep(0.05)
        grader = Path("/proc", pid.read_text())
        assert grader.exists()
        started.send_signal(number)
    until = time.monotonic() + 30.0
    while lives(grader) and time.monotonic() < until:
        time.sleep(0.05)
    assert not lives(grader)
    for folder in own_temporary.glob("vla-*"):
        aged(folder, 2 * scratch.YOUNG)
    assert {path.name[:9] for path in sweep()} == {"vla-stage", "vla-grade"}
    assert list(own_temporary.glob("vla-*")) == []


def test_the_stage_is_read_only(tmp_path: Path) -> None:
    place = corpus.make_place(tmp_path / "course")
    with corpus._environment(place):
        corpus.grade_weak(place, Sandbox("limits"))
    for path in (place.folder / "temporary").glob("vla-stage-*/**/*"):
        assert not stat.S_IMODE(path.lstat().st_mode) & 0o222, path
