"""What a check answers, whatever the student's file does."""

import statistics
import tempfile
import time
from pathlib import Path

import pytest

from vla_course.course import check
from vla_course.course.checking import effort
from vla_course.course.checking.checking import check_all, run_tests
from vla_course.course.errors import CourseError
from vla_course.course.source.keeping import read_state


def test_an_untouched_stub_is_not_attempted_rather_than_wrong(course):
    verdict = check("1.1")
    assert (verdict.status, verdict.points, verdict.out_of) == ("not attempted", 0.0, 4)
    assert "write mean in vla_course/exercises/day1_numbers/stats.py" in verdict.message
    assert verdict.hint.text == "Add them up."


def test_the_reference_earns_full_points(course, monkeypatch):
    monkeypatch.setenv("VLA_COURSE_EXERCISES", "solutions")
    for verdict in check_all(course.root):
        assert (verdict.status, verdict.points) == ("correct", verdict.out_of)
        assert verdict.hint is None


def test_a_partly_right_answer_earns_its_share_and_shows_expected_against_got(course):
    course.answer("1.1", "return sum(values) / 3")
    verdict = check("1.1")
    assert (verdict.status, verdict.points) == ("partly", 2.0)
    right, off, nothing = verdict.properties
    assert right.passed
    assert not off.passed
    assert off.message.startswith("mean is off by")
    assert off.expected != off.got
    assert nothing.expected == "ValueError"


def test_a_known_mistake_is_named_and_its_hint_comes_first(course):
    course.answer("1.1", "return sum(values)")
    verdict = check("1.1")
    assert verdict.hint.mistake == "forgot-to-divide"
    assert verdict.hint.text == "That is the sum: divide it."
    assert (verdict.properties[0].expected, verdict.properties[0].got, verdict.properties[0].unit) == (
        "3",
        "9",
        "m",
    )


def test_a_mistake_told_by_a_condition_is_named_too(course):
    course.answer("1.1", "return sum(values) / max(len(values), 1)")
    verdict = check("1.1")
    assert verdict.points == 3.0
    assert verdict.hint.mistake == "no-empty-check"


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("return None", "mean is None, expected a number"),
        ("return [1.0, 2.0]", "mean has shape (2,), expected a number"),
        ("return float('nan')", "mean is nan"),
        ("return 'three'", "mean is of type str, expected a number"),
        ("return 1 / 0", "ZeroDivisionError: division by zero (stats.py, line 11: return 1 / 0)"),
        ("import sys; sys.exit()", "SystemExit"),
        ("return [0.0] * 10**10", "out of memory"),
        ("input('?')", "EOFError"),
    ],
    ids=["none", "shape", "nan", "type", "exception", "exit", "memory", "input"],
)
def test_what_is_wrong_is_said_in_one_sentence(course, body, told):
    course.answer("1.1", body)
    verdict = check("1.1")
    assert (verdict.status, verdict.points) == ("wrong", 0.0)
    assert verdict.properties[0].message.startswith(told)
    assert "\n" not in verdict.properties[0].message


def test_a_loop_without_end_is_stopped_and_keeps_what_was_earned(course):
    course.answer("1.1", "while len(values) == 0:\n    pass\nreturn sum(values) / len(values)")
    (course.root.manifest).write_text(course.root.manifest.read_text().replace("seconds = 6", "seconds = 2"))
    verdict = check("1.1")
    assert (verdict.status, verdict.points) == ("timed out", 3.0)
    assert (
        verdict.message
        == 'stopped after 2 s of computing while checking "nothing has no mean": is there a loop without end?'
    )
    assert verdict.properties[2].message == "did not finish"


def test_an_answer_that_only_waits_is_no_loop(course):
    course.answer("1.1", "import time\ntime.sleep(1000)")
    course.root.manifest.write_text(course.root.manifest.read_text().replace("seconds = 6", "seconds = 2"))
    verdict = check("1.1")
    assert verdict.status == "timed out"
    assert "it only waits" in verdict.message


def test_a_machine_without_time_is_not_the_students_fault_and_changes_no_standing(course, monkeypatch):
    course.solve()
    check("1.1")
    text = course.file("stats.py").read_text()
    stop = "    import os, signal; os.kill(os.getpid(), signal.SIGSTOP)\n    if len(values)"
    course.file("stats.py").write_text(text.replace("    if len(values)", stop, 1))
    course.root.manifest.write_text(course.root.manifest.read_text().replace("seconds = 6", "seconds = 3"))
    monkeypatch.setattr(effort, "PATIENCE", 3.0)
    verdict = check("1.1")
    assert (verdict.status, verdict.hint) == ("too busy", None)
    assert "The machine is too busy; try again" in verdict.message
    assert "loop" not in verdict.message
    assert read_state(course.root, "progress")["1.1"]["status"] == "correct"


def test_an_answer_that_digs_deep_is_checked_as_any_other(course, tmp_path, monkeypatch):
    course.solve()
    dig = "import os\nhere = os.getcwd()\nfor _ in range(1200):\n    os.mkdir('deep')\n    os.chdir('deep')\n"
    path = course.file("stats.py")
    path.write_text(path.read_text() + "\n\n" + dig + "os.chdir(here)\n")
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    assert check("1.1").status == "correct"
    assert list(temporary.iterdir()) == []


def test_loading_libraries_is_nobodys_time(course, monkeypatch):
    course.solve()
    slow = "import time\nbegun = time.process_time()\nwhile time.process_time() < begun + 3.0:\n    pass\n"
    for path in course.root.graded.glob("shown/*/test_1_1_*.py"):
        head, mark, tail = path.read_text().partition("\nfrom ")
        path.write_text(f"{head}\n{slow}{mark}{tail}")
    course.root.manifest.write_text(course.root.manifest.read_text().replace("seconds = 6", "seconds = 2"))
    assert check("1.1").status == "correct"


def test_the_same_exception_is_said_once(course):
    course.answer("1.2", "return values.no_such_thing")
    told = [part.message for part in check("1.2").properties]
    assert told[0].startswith("AttributeError")
    course.answer("1.1", "return undefined")
    told = [part.message for part in check("1.1").properties[:2]]
    assert told[0].startswith("NameError")
    assert told[1] == "the same again"


def test_a_name_that_is_nearly_there_is_proposed(course):
    course.answer("1.1", "import numpy\nreturn numpy.meen(values)")
    assert "Did you mean `mean`?" in check("1.1").properties[0].message


def test_a_name_is_known_by_its_initials(course):
    course.answer("1.1", "import types\nreturn types.SimpleNamespace(center_of_mass=1.0).com")
    assert "Did you mean `center_of_mass`?" in check("1.1").properties[0].message


def test_a_misspelt_variable_is_proposed(course):
    course.answer("1.1", "return sum(value) / 3")
    assert "Did you mean `values`?" in check("1.1").properties[0].message


def test_an_object_that_does_not_say_what_it_holds_is_no_obstacle(course):
    body = "class Odd:\n    def __dir__(self):\n        raise RuntimeError\nreturn Odd().mean"
    course.answer("1.1", body)
    assert check("1.1").properties[0].message.startswith("AttributeError: 'Odd' object has no attribute 'mean' (")


def test_a_file_in_another_encoding_is_told(course):
    course.file("stats.py").write_text(course.file("stats.py").read_text(), encoding="utf-16")
    verdict = check("1.1")
    assert verdict.status == "does not load"
    assert verdict.message.startswith("stats.py is not a text in UTF-8")


@pytest.mark.parametrize(
    ("helper", "told"),
    [
        (None, "ModuleNotFoundError: No module named 'vla_course.exercises.day1_numbers.my_sums' (stats.py, line "),
        ("import nothing_here\n", "ModuleNotFoundError: No module named 'nothing_here' (my_sums.py, line 1: import"),
        ("def total(values:\n", "my_sums.py, line 1: '(' was never closed: def total(values:"),
        ("1 / 0\n", "ZeroDivisionError: division by zero (my_sums.py, line 1: 1 / 0)"),
    ],
    ids=["missing", "imports what is not there", "no Python", "raises"],
)
def test_what_is_wrong_in_a_helper_of_ones_own_is_told(course, helper, told):
    if helper is not None:
        course.file("my_sums.py").write_text(helper)
    course.file("stats.py").write_text("from .my_sums import total\n" + course.file("stats.py").read_text())
    verdict = check("1.1")
    assert verdict.status == "does not load"
    assert verdict.message.startswith(told)


def test_a_mark_without_its_number_is_told(course):
    text = course.file("stats.py").read_text()
    course.file("stats.py").write_text(text.replace('@exercise("1.1")', "@exercise"))
    verdict = check("1.1")
    assert verdict.status == "does not load"
    assert 'expected the exercise\'s number: @exercise("3.1")' in verdict.message


def test_a_flood_of_output_is_cut(course):
    course.answer("1.1", "while True:\n    print('spam' * 1000)")
    begun = time.monotonic()
    verdict = check("1.1")
    assert time.monotonic() - begun < 15
    assert verdict.status == "crashed"
    assert "printing more than 1 MB" in verdict.message
    assert len(verdict.output) <= 4000
    assert verdict.output.rstrip().endswith("spam")


def test_leaving_python_is_a_crash_of_that_exercise_only(course):
    course.answer("1.1", "import os; os._exit(0)")
    course.answer(
        "1.2", "return (sum((v - sum(values) / len(values)) ** 2 for v in values) / len(values)) ** 0.5"
    )
    first, second, _ = check_all(course.root)
    assert (first.status, first.points) == ("crashed", 0.0)
    assert "ended Python (exit code 0)" in first.message
    assert second.status == "correct"


def test_dying_of_a_signal_is_told(course):
    course.answer("1.1", "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)")
    assert "SIGSEGV" in check("1.1").message


def test_what_the_answer_started_dies_with_the_check(course):
    course.answer("1.1", "import subprocess; print(subprocess.Popen(['sleep', '60']).pid, flush=True)")
    verdict = check("1.1")
    pid = int(verdict.output.split()[0])
    for _ in range(50):
        state = Path(f"/proc/{pid}/stat")
        if not state.exists() or state.read_text().split()[2] == "Z":
            return
        time.sleep(0.02)
    pytest.fail("the child of the answer is still there")


def test_a_syntax_error_is_told_with_line_and_text(course):
    course.answer("1.2", "return ((")
    verdict = check("1.1")
    assert (verdict.status, verdict.points) == ("does not load", 0.0)
    assert verdict.message == "stats.py, line 17: '(' was never closed: return (("


def test_a_renamed_function_is_told(course):
    course.file("stats.py").write_text(course.file("stats.py").read_text().replace("def mean", "def average"))
    verdict = check("1.1")
    assert verdict.status == "does not load"
    assert "stats.py has no mean any more" in verdict.message


def test_a_missing_file_is_told(course):
    course.file("stats.py").unlink()
    verdict = check("1.1")
    assert verdict.status == "does not load"
    assert verdict.message.startswith("day1_numbers/stats.py is missing")


def test_an_unknown_id_lists_what_is_near(course):
    with pytest.raises(CourseError, match=r'no exercise "1\.11"; near it: 1\.1'):
        check("1.11")
    with pytest.raises(CourseError, match="in quotes"):
        check(1.1)


def test_a_mistake_costs_once(course):
    course.answer("1.1", "return 42.0")
    course.answer("1.2", "m = mean(values)\nreturn mean([(v - m) ** 2 for v in values]) ** 0.5")
    course.answer("1.3", "return (value - mean(self.values)) / spread(self.values)")
    assert [verdict.status for verdict in check_all(course.root)] == ["wrong", "correct", "correct"]


def test_a_file_that_does_not_load_costs_its_own_exercises_only(course):
    course.answer("1.3", "return (value - mean(self.values)) / spread(self.values)")
    course.file("stats.py").write_text("def broken(:\n")
    assert [verdict.status for verdict in check_all(course.root)] == [
        "does not load",
        "does not load",
        "correct",
    ]


def test_the_picture_is_drawn_only_on_failure(course):
    course.answer("1.2", "return 4.0")
    verdict = check("1.2")
    assert verdict.picture.startswith(b"\x89PNG")
    course.solve()
    assert check("1.2").picture is None


def test_a_picture_that_cannot_be_drawn_costs_nothing_else(course):
    test = course.root.graded / "shown" / "day1_numbers" / "test_1_2_spread.py"
    test.write_text(test.read_text().replace('return b"', 'raise RuntimeError("no pen") or b"'))
    course.answer("1.2", "return 4.0")
    verdict = check("1.2")
    assert verdict.picture is None
    assert verdict.hint.mistake == "variance"
    assert "the picture could not be drawn: RuntimeError: no pen" in verdict.output


def test_of_a_hidden_property_only_its_words_are_told(course):
    course.answer("1.2", "return 2.0")
    (verdict,) = run_tests("1.2", root=course.root, include_hidden=True)
    hidden = verdict.properties[-1]
    assert verdict.points == 2.0
    assert (hidden.says, hidden.passed, hidden.hidden) == ("any spread is right", False, True)
    assert (hidden.expected, hidden.got, hidden.message) == ("", "", "")


def test_each_seed_has_its_own_verdict(course):
    course.solve()
    verdicts = run_tests("1.1", root=course.root, seeds=(0, 1, 2))
    assert [verdict.points for verdict in verdicts] == [4.0, 4.0, 4.0]


def test_state_kept_by_an_answer_does_not_reach_the_next_seed(course):
    course.answer("1.1", "calls = globals().setdefault('calls', [])\ncalls.append(1)\nreturn len(calls)")
    first, second = run_tests("1.1", root=course.root, seeds=(0, 1))
    assert first.properties[0].got == second.properties[0].got == "1"


def test_a_broken_graded_test_is_the_courses_fault_not_the_students(course):
    test = course.root.graded / "shown" / "day1_numbers" / "test_1_1_mean.py"
    test.write_text("import nonsense_that_is_not_there\n")
    with pytest.raises(CourseError, match=r"the check of exercise 1.1 is itself broken"):
        check("1.1")


def test_a_warm_check_is_quick(course):
    course.solve()
    check("1.1")
    assert statistics.median(check("1.1").seconds for _ in range(5)) < 2.0
