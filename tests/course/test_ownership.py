"""A student's work is nobody's business, an author's drift is always found: what git knows tells them apart."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from vla_course import cli
from vla_course.course.source.leaks import find_leaks
from vla_course.course.source.stubs import Compared, compare, write_stubs

from .conftest import STATS, Course

ANSWER = "middle_of_all = mean(values)\nreturn mean([(value - middle_of_all) ** 2 for value in values]) ** 0.5"

needs_git = pytest.mark.skipif(shutil.which("git") is None, reason="there is no git on this machine")


def commit(course: Course, message: str = "as it is") -> None:
    for arguments in (
        ["init", "--quiet"],
        ["add", "--all"],
        ["-c", "user.name=n", "-c", "user.email=n@example.org", "commit", "--quiet", "--message", message],
    ):
        subprocess.run(["git", *arguments], cwd=course.root.folder, check=True)


@pytest.fixture
def clone(course: Course, monkeypatch: pytest.MonkeyPatch) -> Course:
    """The small course as a student clones it: committed, and nobody is its author here."""
    monkeypatch.delenv("VLA_COURSE_AUTHOR")
    commit(course)
    return course


def botch(course: Course, how: str) -> None:
    stats = course.file("stats.py")
    match how:
        case "solved":
            course.answer("1.2", ANSWER)
        case "half solved":
            stats.write_text(stats.read_text().replace("    raise", "    total = 1\n    raise", 1))
        case "a syntax error":
            stats.write_text("def mean(:\n")
        case "not even text":
            stats.write_bytes(b"\xff\xfe\x00def\x00")
        case "deleted":
            stats.unlink()
        case "a file more":
            course.file("mine.py").write_text("x = 1\n")


HOW = ["solved", "half solved", "a syntax error", "not even text", "deleted", "a file more"]


@needs_git
@pytest.mark.parametrize("how", HOW)
@pytest.mark.parametrize("committed", [False, True], ids=["", "committed"])
def test_whatever_a_student_does_is_named_and_not_compared(
    clone: Course, how: str, committed: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    botch(clone, how)
    if committed:
        commit(clone, "my work")
    name = "day1_numbers/mine.py" if how == "a file more" else "day1_numbers/stats.py"
    if (how, committed) == ("a file more", True):
        return  # an author's file of a solution that is gone looks just like it
    assert compare(clone.root) == Compared((), (name,))
    assert cli.main(["release", "--stubs", "--check"]) == 0
    assert f"not compared, because your own work is in them: {name}" in capsys.readouterr().out


@pytest.mark.parametrize("how", HOW)
def test_where_there_is_no_history_there_is_no_author(
    course: Course, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("VLA_COURSE_AUTHOR")
    botch(course, how)
    assert cli.main(["release", "--stubs", "--check"]) == 0


@needs_git
@pytest.mark.parametrize("how", HOW)
def test_continuous_integration_lets_no_difference_through(
    clone: Course, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    botch(clone, how)
    monkeypatch.setenv("VLA_COURSE_AUTHOR", "yes")
    assert compare(clone.root).drift
    assert cli.main(["release", "--stubs", "--check"]) == 1


@needs_git
@pytest.mark.parametrize("committed", [False, True], ids=["", "committed"])
def test_a_solution_that_has_moved_on_is_drift(clone: Course, committed: bool) -> None:
    clone.solution("stats.py").write_text(STATS.replace("Means and", "All means and"))
    if committed:
        commit(clone)
    assert compare(clone.root).drift[0] == "day1_numbers/stats.py: differs from what the solution gives"
    assert cli.main(["release", "--stubs", "--check"]) == 1


@needs_git
def test_a_stub_whose_solution_is_gone_or_not_yet_written_is_drift(clone: Course) -> None:
    clone.solution("more.py").write_text('"""More."""\n')
    write_stubs(clone.root)
    commit(clone)
    clone.solution("more.py").rename(clone.solution("most.py"))
    gone = "day1_numbers/more.py: extra, no solution gives it"
    assert compare(clone.root) == Compared((gone, "day1_numbers/most.py: missing"), ())


@needs_git
def test_a_students_own_lines_are_no_leak(clone: Course) -> None:
    clone.answer("1.2", ANSWER)
    (clone.root.notebooks / "scratch.py").write_text(ANSWER)
    assert find_leaks(clone.root) == []
    (clone.root.notebooks / "day1_numbers.py").write_text(ANSWER)  # the course's own
    assert [Path(leak.file).name for leak in find_leaks(clone.root)] == ["day1_numbers.py"] * 2


@needs_git
def test_a_notebook_that_was_worked_in_leaks_nothing(clone: Course) -> None:
    notebook = clone.root.notebooks / "day1_numbers.ipynb"
    notebook.write_text('{"cells": []}')
    commit(clone)
    notebook.write_text('{"cells": [{"source": ["middle_of_all = mean(values)"]}]}')
    assert find_leaks(clone.root) == []
    commit(clone)
    assert [Path(leak.file).name for leak in find_leaks(clone.root)] == ["day1_numbers.ipynb"]


@needs_git
def test_stubs_ask_before_answers_make_way_and_say_where_they_are_kept(clone: Course) -> None:
    botch(clone, "solved")
    refused = clone.run("release", "--stubs")
    assert refused.returncode == 2
    assert "Your own work is in day1_numbers/stats.py" in refused.stdout
    assert "nothing was changed" in refused.stderr
    assert "middle_of_all" in clone.file("stats.py").read_text()
    written = clone.run("release", "--stubs", "--yes")
    assert written.returncode == 0
    assert "Your own versions are in .vla_course/backups." in written.stdout
    assert "middle_of_all" not in clone.file("stats.py").read_text()
    (kept,) = (clone.root.state / "backups").rglob("stats.py")
    assert "middle_of_all" in kept.read_text()
