"""Where nothing can be written, everything that only has something to say says it; the rest says why it cannot."""

import errno
import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tests.course.conftest import Course
from vla_course.cli import main
from vla_course.course import check, hint, progress, reset
from vla_course.course.checking.checking import run_tests
from vla_course.course.errors import CourseError, NotWritten
from vla_course.course.source import keeping

NOT_NOTED = "This could not be noted in .vla_course: "


@pytest.fixture
def no_state(course: Course) -> Course:
    """The small course, solved, where a file stands in place of the folder that remembers."""
    course.solve()
    course.root.state.write_text("")
    return course


def read_only(folder: Path, *command: str) -> list[str]:
    """The command, for whom that folder is mounted read-only."""
    walls = ["bwrap", "--dev-bind", "/", "/", "--ro-bind", str(folder), str(folder)]
    if not shutil.which("bwrap") or subprocess.run([*walls, "true"], capture_output=True, check=False).returncode:
        pytest.skip("bubblewrap, which mounts it read-only, does not work on this machine")
    return [*walls, *command]


def test_a_check_shows_its_verdict_and_one_line_says_that_it_was_not_noted(no_state, capsys):
    assert main(["check", "1.1"]) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert "1.1 Mean correct, 4 of 4 points" in told
    assert told.count(NOT_NOTED + "File exists.") == 1
    verdict = check("1.1")
    assert verdict.remark.startswith(NOT_NOTED)
    for shown in (verdict, hint("1.1")):
        assert shown._repr_html_().count(NOT_NOTED) == 1  # in a notebook, too


def test_checking_all_says_so_once(no_state, capsys):
    assert main(["check", "--all"]) == 0
    told = capsys.readouterr().out
    assert "9 of 9 points" in told
    assert told.count(NOT_NOTED) == 1


def test_hints_are_all_within_reach(no_state, capsys):
    assert main(["hint", "1.1"]) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert "Add them up." in told
    assert NOT_NOTED in told
    assert "For the next: vla-course hint 1.1 --number 2" in told
    assert main(["hint", "1.1", "--number", "2"]) == 0
    assert "Divide by how many there are." in capsys.readouterr().out
    assert main(["hint", "1.1", "--number", "3"]) == 2
    assert "has hints 1 to 2, and none of number 3" in capsys.readouterr().err


def test_a_notebook_goes_on_from_hint_to_hint_and_knows_its_checks(no_state):
    assert [hint("1.2").number, hint("1.3").number] == [1, 1]
    assert hint("1.1").number == 1
    second = hint("1.1")
    assert (second.number, second.remark.startswith(NOT_NOTED)) == (2, True)
    check("1.1")
    assert progress().points == 4.0


def test_what_can_be_written_again_is_written_again(no_state):
    hint("1.1")
    no_state.root.state.unlink()
    assert hint("1.1").remark == ""
    assert keeping.read_state(no_state.root, "hints") == {"1.1": 2}
    assert keeping.write_state(no_state.root, "hints", {}) == ""


def test_nothing_is_replaced_that_cannot_be_kept(no_state, capsys):
    mine = no_state.file("stats.py").read_bytes()
    with pytest.raises(NotWritten, match="could not be written: Not a directory"):
        reset("1.1")
    assert no_state.file("stats.py").read_bytes() == mine
    assert main(["reset", "1.1", "--yes"]) == 2
    assert capsys.readouterr().err.startswith("vla-course: ")


@pytest.mark.parametrize(("command", "code"), [(("check", "1.1"), 0), (("hint", "1.1"), 0)])
def test_on_a_read_only_disk(course, command, code):
    course.solve()
    told = read_only(course.root.folder, sys.executable, "-P", "-m", "vla_course.cli", *command)
    ended = subprocess.run(told, capture_output=True, text=True, check=False, timeout=240)
    assert (ended.returncode, ended.stderr) == (code, "")
    assert NOT_NOTED + "Read-only file system." in " ".join(ended.stdout.split())


@pytest.mark.parametrize(
    "command",
    [
        ("submit", "--no-check", "--out", "mine.zip"),
        ("reset", "1.1", "--yes"),
        ("release", "--stubs", "--yes"),
        ("release", "--student", "edition"),
        ("grade", "solutions", "--out", "marks"),
    ],
    ids=lambda command: " ".join(command[:2]),
)
@pytest.mark.full
def test_what_has_to_write_says_in_one_line_that_it_cannot(course, command):
    course.answer("1.1", "return 42.0")
    told = read_only(course.root.folder, sys.executable, "-P", "-m", "vla_course.cli", *command)
    ended = subprocess.run(told, cwd=course.root.folder, capture_output=True, text=True, check=False, timeout=240)
    assert ended.returncode == 2
    last = [line for line in ended.stderr.splitlines() if "━" not in line]  # a bar may have begun
    assert len(last) == 1
    assert last[0].startswith("vla-course: ")
    assert last[0].endswith("Read-only file system")


def test_a_full_disk_is_told_as_one(course, monkeypatch, capsys):
    course.solve()

    def full(*_, **__):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(keeping.os, "open", full)
    assert keeping.write_state(course.root, "hints", {}) == NOT_NOTED + "No space left on device."
    assert main(["submit", "--no-check", "--out", str(course.root.folder / "mine.zip")]) == 2
    assert capsys.readouterr().err.endswith("mine.zip could not be written: No space left on device\n")


def test_a_report_that_does_not_fit_on_the_disk_is_not_the_students_crash(course):
    command = ["-m", "vla_course.course.checking.run_shown", "1.1", "--report", "/dev/full"]
    ended = course.python(*command)
    assert (ended.returncode, ended.stdout) == (os.EX_IOERR, "No space left on device\n")


def test_a_child_that_does_not_come_to_its_tests_is_not_the_students_crash(course, monkeypatch):
    course.solve()
    monkeypatch.setattr("vla_course.course.checking.checking.MEMORY_GIB", "no number")
    with pytest.raises(CourseError, match="1.1 could not be checked on this machine: .*no number"):
        run_tests("1.1", root=course.root)


def test_a_machine_without_a_folder_for_what_is_in_passing(course, monkeypatch):
    def none(*_, **__):
        raise FileNotFoundError(errno.ENOENT, "No usable temporary directory found in ['/tmp']")

    monkeypatch.setattr("vla_course.course.checking.checking.tempfile.mkdtemp", none)
    with pytest.raises(CourseError, match="No usable temporary directory.*TMPDIR"):
        check("1.1")


def test_the_limit_of_files_may_be_lower_already(course):
    course.solve()
    limited = ["bash", "-c", 'ulimit -f 32768 && exec "$@"', "bash"]
    drops = ["setpriv", "--bounding-set", "-sys_resource"] if os.geteuid() == 0 else []
    if drops and (not shutil.which("setpriv") or subprocess.run([*drops, "true"], check=False).returncode):
        pytest.skip("root may raise its own limits, and there is no setpriv")
    command = [*drops, *limited, sys.executable, "-P", "-m", "vla_course.cli", "check", "1.1"]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, timeout=240)
    assert "4 of 4 points" in ended.stdout, ended.stdout + ended.stderr


@pytest.mark.parametrize(("umask", "mode"), [(0o077, 0o600), (0o027, 0o640), (0o022, 0o644)])
def test_a_new_file_is_for_those_whom_the_umask_leaves(tmp_path, umask, mode):
    before = os.umask(umask)
    try:
        keeping.write_atomically(tmp_path / "marks.csv", "1\n")
        keeping.write_atomically(tmp_path / "seed", "1\n", mode=0o600)
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "marks.csv").stat().st_mode) == mode
    assert stat.S_IMODE((tmp_path / "seed").stat().st_mode) == 0o600
    (tmp_path / "marks.csv").chmod(0o640)
    keeping.write_atomically(tmp_path / "marks.csv", "2\n")
    assert stat.S_IMODE((tmp_path / "marks.csv").stat().st_mode) == 0o640
    assert sorted(path.name for path in tmp_path.iterdir()) == ["marks.csv", "seed"]
