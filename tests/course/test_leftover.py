"""An answer beside the stub's own `raise` is told which line to delete."""

from __future__ import annotations

import pytest

from vla_course.course import check
from vla_course.course.exercise import NotAttempted
from vla_course.course.source.leftover import leftover

from .conftest import Course

FILE = "vla_course/exercises/day1_numbers/stats.py"


def put(course: Course, before: str = "", after: str = "") -> None:
    file = course.file("stats.py")
    line = '    raise NotAttempted("1.1")\n'
    text = file.read_text()
    assert line in text
    file.write_text(text.replace(line, before + line + after))


def test_an_untouched_stub_has_nothing_left_over(course: Course) -> None:
    assert "is not solved yet: write mean in" in str(NotAttempted("1.1"))


def test_an_answer_below_the_raise(course: Course) -> None:
    put(course, after="    return sum(values) / len(values)\n")
    verdict = check("1.1")
    assert verdict.status == "not attempted"
    assert verdict.message == (
        f'exercise 1.1 (Mean) is begun, but line 11 of {FILE} still says `raise NotAttempted("1.1")`: '
        "it stands above your code, so that Python never gets there. Delete that line"
    )


@pytest.mark.parametrize(("below", "told"), [("", None), ("    yield 1\n", "below")])
def test_the_yield_that_a_stub_has_on_that_line_is_no_answer(below: str, told: str | None) -> None:
    stub = '@exercise("1.1")\nasync def numbers():\n    raise NotAttempted("1.1"); yield\n'
    found = leftover(stub + below, stub, "1.1")
    assert (found and found.code) == told


def test_half_an_answer_above_the_raise(course: Course) -> None:
    put(course, before="    total = sum(values)\n")
    assert "line 12 of" in check("1.1").message
    assert "Python gets there after your code" in check("1.1").message


@pytest.mark.parametrize("before", ["    # a thought\n", "\n"], ids=["comment", "blank"])
def test_a_comment_is_no_answer(course: Course, before: str) -> None:
    put(course, before=before)
    assert "is not solved yet" in check("1.1").message


def test_code_that_the_course_gives_is_no_answer(course: Course) -> None:
    solution = course.solution("stats.py")
    solution.write_text(solution.read_text().replace("    # BEGIN", "    values = list(values)\n    # BEGIN", 1))
    put(course, before="    values = list(values)\n")
    assert "is not solved yet" in check("1.1").message


def test_a_file_with_a_fault_elsewhere_has_nothing_left_over(course: Course) -> None:
    put(course, after="    return ((\n")
    assert "is not solved yet" in str(NotAttempted("1.1"))


def test_in_a_notebook_the_card_says_so_and_links_the_file(course: Course) -> None:
    put(course, after="    return sum(values) / len(values)\n")
    script = """
import os
os.chdir("notebooks")
import IPython, IPython.display
import vla_course.exercises
from vla_course.course.exercise import NotAttempted
class Shell: kernel = True
IPython.get_ipython = lambda: Shell()
IPython.display.display = lambda shown: print(shown.data)
NotAttempted("1.1")._render_traceback_()
"""
    shown = course.python("-c", script).stdout
    assert "Exercise 1.1 (Mean) is begun" in shown
    assert f'<a href="../{FILE}"' in shown
    assert "Delete that line" in shown
