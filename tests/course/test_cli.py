"""The command line: every verb works, and what is typed wrong gets one line."""

import io
import json

import pytest

from vla_course import cli


@pytest.fixture
def say(course, capsys):
    """Type a command; returns exit code, output and errors."""

    def typed(*arguments):
        code = cli.main(arguments)
        return code, *capsys.readouterr()

    return typed


def test_check_tells_the_verdict(course, say):
    course.answer("1.1", "return sum(values)")
    code, out, _ = say("check", "1.1")
    assert code == 1
    assert "1.1 Mean  wrong, 0 of 4 points" in out
    assert "✗ the mean of a few numbers is right (50 %)" in out
    assert "expected 3 m" in out
    assert "got      9 m" in out
    assert "That is the sum: divide it." in out


def test_check_in_json_is_one_object(course, say):
    course.solve()
    code, out, _ = say("check", "1.1", "--json")
    assert code == 0
    assert json.loads(out)["status"] == "correct"


@pytest.mark.parametrize(
    ("whose", "points", "status"), [("", 0, "not attempted"), ("solutions", 9, "correct")]
)
def test_check_all_in_json_has_verdicts_and_totals(course, say, monkeypatch, whose, points, status):
    monkeypatch.setenv("VLA_COURSE_EXERCISES", whose)
    _, out, _ = say("check", "--all", "--json")
    found = json.loads(out)
    assert (found["points"], found["out_of"]) == (points, 9)
    assert {verdict["status"] for verdict in found["verdicts"]} == {status}


def test_hint_solution_and_progress(course, say):
    assert say("hint", "1.1")[1] == "Hint 1 of 2 for 1.1 Mean\nAdd them up.\n"
    assert "return float(np.sum(values))" in say("solution", "1.1")[1]
    assert "0 of 9 points" in say("progress")[1]
    assert json.loads(say("progress", "--json")[1])["exercises"]["1.3"]["status"] == "not checked"


def test_reset_asks_first_and_needs_no_asking_with_yes(course, say, monkeypatch):
    course.answer("1.1", "return 42.0")
    monkeypatch.setattr("sys.stdin", io.StringIO("n\n"))
    code, _, errors = say("reset", "1.1")
    assert (code, errors) == (2, "vla-course: nothing was changed\n")
    assert "42.0" in course.file("stats.py").read_text()
    code, out, _ = say("reset", "1.1", "--yes")
    assert (code, "your version is kept in .vla_course/backups/" in out) == (0, True)
    assert "42.0" not in course.file("stats.py").read_text()


def test_release_writes_and_compares(course, say):
    assert say("release", "--stubs", "--check")[:2] == (0, "the stubs are what the solutions give\n")
    course.answer("1.1", "return 42.0")
    code, out, _ = say("release", "--stubs", "--check")
    assert code == 1
    assert "stats.py: differs" in out
    assert say("release", "--stubs")[:2] == (0, "wrote day1_numbers/stats.py\n")
    (course.root.notebooks / "n.py").write_text("middle_of_all = mean(values)\n")
    assert say("release", "--stubs")[0] == 1


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        (["chek", "1.1"], "Did you mean 'check'? Type `vla-course --help`"),
        (["check"], "say which exercise (`vla-course check 3.5`) or `vla-course check --all`"),
        (["check", "1.1", "--all"], "say which exercise"),
        (["check", "9.9"], 'no exercise "9.9"; near it:'),
        (["check", "1.1", "--jsn"], "No such option: --jsn"),
        (["hint"], "Missing argument 'EXERCISE'. Type `vla-course hint --help`"),
        (["reset", "nothing.py", "--yes"], 'no single exercise file "nothing.py"'),
        (["release"], "`vla-course release --stubs`"),
    ],
)
def test_what_is_typed_wrong_gets_one_line(say, typed, told):
    code, out, errors = say(*typed)
    assert (code, out) == (2, "")
    assert told in errors
    assert errors.startswith("vla-course: ")
    assert errors.count("\n") == 1


@pytest.mark.parametrize(
    "verb", ["check", "hint", "solution", "reset", "progress", "release", "gate", "doctor"]
)
def test_every_verb_has_help_with_an_example(say, verb):
    code, out, _ = say(verb, "--help")
    assert code == 0
    assert f"Example: vla-course {verb}" in out


def test_help_comes_without_arguments(say):
    code, out, _ = say()
    assert code == 0
    assert "vla-course [OPTIONS] COMMAND" in out
