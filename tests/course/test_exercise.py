"""The mark, the switch that says whose answers run, and what an unsolved exercise says."""

import json
import subprocess
import sys

import pytest

from vla_course.course.errors import CourseError
from vla_course.course.exercise import NotAttempted, exercise
from vla_course.course.helping import waiting  # noqa: F401 - registers what is said
from vla_course.course.root import CourseRoot

WHOSE = "from vla_course.exercises.day1_numbers import stats; print(stats.__file__)"


def test_the_mark_hands_back_the_function_itself():
    def mean(values):
        return 1.0

    assert exercise("1.1")(mean) is mean
    assert mean.__exercise__ == "1.1"


def test_an_unsolved_exercise_names_file_symbol_and_what_to_do(course):
    told = str(NotAttempted("1.3"))
    assert told == (
        "exercise 1.3 (Scale) is not solved yet: write Scale.apply in "
        'vla_course/exercises/day1_numbers/scale.py, then run check("1.3") or `vla-course check 1.3`'
    )


def test_an_exercise_that_the_manifest_does_not_know_still_says_something(course):
    assert '@exercise("9.9")' in str(NotAttempted("9.9"))


def test_outside_a_notebook_ipython_shows_one_line_and_no_traceback(course):
    assert NotAttempted("1.1")._render_traceback_() == [str(NotAttempted("1.1"))]


def test_in_a_notebook_it_is_a_card_shown_once(course):
    script = """
import IPython, IPython.display
import vla_course.exercises
from vla_course.course.exercise import NotAttempted
class Shell: kernel = True
IPython.get_ipython = lambda: Shell()
IPython.display.display = lambda shown: print(shown.data)
fault = NotAttempted("1.1")
print(fault._render_traceback_(), fault._render_traceback_())
"""
    shown = course.python("-c", script).stdout
    assert shown.count("Exercise 1.1 (Mean) is waiting for you") == 1
    assert "check(&quot;1.1&quot;)" in shown
    assert shown.endswith("['NotAttempted: exercise 1.1'] ['NotAttempted: exercise 1.1']\n")


def test_the_stubs_run_where_nothing_is_selected(course):
    assert course.python("-c", WHOSE).stdout.strip() == str(course.file("stats.py"))


def test_the_solutions_run_where_they_are_selected(course):
    shown = course.python("-c", WHOSE, VLA_COURSE_EXERCISES="solutions").stdout
    assert shown.strip() == str(course.solution("stats.py"))


@pytest.mark.parametrize("inside", ["", "exercises", "vla_course/exercises"])
def test_a_submission_is_the_tree_of_days_or_a_checkout_that_holds_it(course, tmp_path, inside):
    days = tmp_path / "submission" / inside / "day1_numbers"
    days.mkdir(parents=True)
    (days / "stats.py").write_text("")
    shown = course.python("-c", WHOSE, VLA_COURSE_EXERCISES=str(tmp_path / "submission")).stdout
    assert shown.strip() == str(days / "stats.py")


def test_a_folder_that_is_no_submission_is_said(course, tmp_path, monkeypatch):
    monkeypatch.setenv("VLA_COURSE_EXERCISES", str(tmp_path / "nowhere"))
    with pytest.raises(CourseError, match=r'VLA_COURSE_EXERCISES is ".*nowhere": no such folder'):
        CourseRoot.current().desk()
    monkeypatch.setenv("VLA_COURSE_EXERCISES", str(tmp_path))
    with pytest.raises(CourseError, match="holds no day folder"):
        CourseRoot.current().desk()


def test_the_reference_is_always_the_solutions(course):
    script = "from vla_course.reference.day1_numbers.stats import mean; print(mean([1, 3]))"
    assert course.python("-c", script).stdout == "2.0\n"


def test_while_one_exercise_is_checked_the_others_are_the_references(course):
    script = """
from vla_course.exercises.day1_numbers import scale, stats
print(stats.mean.__module__, stats.spread.__module__, scale.Scale.apply.__module__)
print(scale.Scale([0.0, 4.0]).apply(6.0))
"""
    first, second = course.python("-c", script, VLA_COURSE_ISOLATE="1.1").stdout.splitlines()
    assert first.split() == [
        "vla_course.exercises.day1_numbers.stats",
        "vla_course.reference.day1_numbers.stats",
        "vla_course.reference.day1_numbers.scale",
    ]
    assert second == "2.0"


def test_several_exercises_may_be_the_students_own_at_once(course):
    script = """
from vla_course.exercises.day1_numbers import scale, stats
print(stats.mean.__module__, stats.spread.__module__, scale.Scale.apply.__module__)
"""
    found = course.python("-c", script, VLA_COURSE_ISOLATE="1.1,1.2").stdout.split()
    assert found == [
        "vla_course.exercises.day1_numbers.stats",
        "vla_course.exercises.day1_numbers.stats",
        "vla_course.reference.day1_numbers.scale",
    ]


def test_isolation_keeps_static_class_and_property_methods_whole(course):
    kinds = """
from vla_course.course.exercise import NotAttempted, exercise
from vla_course.course.helping import waiting  # noqa: F401 - registers what is said

class Kinds:
    @staticmethod
    @exercise("2.1")
    def fixed(): return {0}
    @classmethod
    @exercise("2.2")
    def named(cls): return {0}, cls.__name__
    @property
    @exercise("2.3")
    def value(self): return {0}
    @exercise("2.4")
    def renamed_{0}(self): return {0}
"""
    course.solution("kinds.py").write_text(kinds.replace("{0}", "1"))
    course.file("kinds.py").write_text(kinds.replace("{0}", "2"))
    script = """
from vla_course.exercises.day1_numbers.kinds import Kinds
print(Kinds.fixed(), Kinds().fixed(), Kinds.named(), Kinds().value, Kinds().renamed_2())
"""
    assert course.python("-c", script).stdout == "2 2 (2, 'Kinds') 2 2\n"
    assert course.python("-c", script, VLA_COURSE_ISOLATE="1.1").stdout == "1 1 (1, 'Kinds') 1 2\n"


def test_importing_the_course_loads_nothing_heavy():
    script = """
import json, sys
import vla_course, vla_course.course, vla_course.course.exercise
print(json.dumps(sorted(sys.modules)))
"""
    shown = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    modules = json.loads(shown)
    assert not {"numpy", "pytest", "rich", "typer", "IPython", "tomllib"} & set(modules)
