"""Whatever a terminal can show, a command says all it has to say."""

import subprocess
import sys

import pytest

from vla_course.course.showing.plain import SIGNS, plain

ASCII = {"PYTHONIOENCODING": "ascii", "NO_COLOR": "1"}
C_LOCALE = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": ""}


@pytest.mark.parametrize("terminal", [ASCII, C_LOCALE], ids=["ascii", "C"])
def test_a_check_in_ascii(course, terminal):
    course.answer("1.1", "print('größer')\nreturn sum(values)")
    ended = course.run("check", "1.1", **terminal)
    assert ended.stderr == ""
    assert "- the mean of a few numbers is right (50 %)" in ended.stdout
    assert "expected 3 m" in ended.stdout
    assert "grosser" in ended.stdout  # what the student's code prints is no fault of theirs
    assert ended.stdout.isascii()


@pytest.mark.full
@pytest.mark.parametrize(
    "command",
    [
        *(["--help"], ["check", "--help"], ["check", "--all"], ["hint", "1.1"], ["solution", "1.1"], ["progress"]),
        *(["reset", "1.1", "--yes"], ["submit", "--out", "é.zip"], ["release", "--stubs"], ["doctor"], ["chek"]),
        ["grade", "solutions", "--out", "märks", "--workers", "1"],
    ],
    ids=lambda command: " ".join(command[:2]),
)
def test_every_command_in_ascii(course, command):
    ended = course.run(*command, **ASCII)
    assert "Traceback" not in ended.stderr
    assert ended.stdout.isascii()
    assert ended.stdout + ended.stderr


def test_a_name_that_is_no_text_is_shown_all_the_same(course):
    name = b"m\xfcller.zip"  # of a system with another encoding
    told = [sys.executable, "-P", "-m", "vla_course.cli", "submit", "--no-check", "--out", name]
    ended = subprocess.run(told, cwd=course.root.folder, capture_output=True, check=False)
    assert (ended.returncode, ended.stderr) == (0, b"")
    assert b"m?ller.zip" in ended.stdout


def test_signs_of_the_course_have_a_plain_form():
    assert plain("✓ 3.1 Größe: 2 × 3 → 6 m², ‘naïve’ …") == "+ 3.1 Grosse: 2 x 3 -> 6 m2, 'naive' ..."
    assert plain("日本😀") == "???"
    assert all(plain(sign).isascii() and "?" not in plain(sign) for sign in SIGNS)
