"""Reset: the stub of one exercise back in place, every other line and every old version kept."""

import pytest

from vla_course.course import reset
from vla_course.course.errors import CourseError

from .conftest import STATS


def backups(course):
    return [path.read_bytes() for path in (course.root.state / "backups").rglob("*.py")]


def test_only_the_exercise_asked_for_is_reset(course):
    stub = course.file("stats.py").read_text()
    course.answer("1.2", "return 7.0")
    with_second = course.file("stats.py").read_text()
    course.answer("1.1", "# my way\nreturn 42.0")
    mine = course.file("stats.py").read_bytes()
    restored = reset("1.1")
    assert course.file("stats.py").read_text() == with_second
    assert backups(course) == [mine]
    assert (course.root.folder / restored.backup).read_bytes() == mine
    assert str(restored).startswith(
        "1.1 Mean is as it was at first in vla_course/exercises/day1_numbers/stats.py"
    )
    reset("1.2")
    assert course.file("stats.py").read_text() == stub
    assert len(backups(course)) == 2


def test_a_method_is_reset_in_its_class(course):
    stub = course.file("scale.py").read_text()
    course.answer("1.3", "return value")
    reset("1.3")
    assert course.file("scale.py").read_text() == stub


def test_what_the_student_added_around_it_stays(course):
    course.answer("1.1", "return helper(values)")
    text = course.file("stats.py").read_text()
    text = text.replace('@exercise("1.1")', 'def helper(values):\n    return 1.0\n\n\n@exercise("1.1")')
    course.file("stats.py").write_text(text)
    reset("1.1")
    assert course.file("stats.py").read_text() == text.replace(
        "return helper(values)", 'raise NotAttempted("1.1")'
    )


@pytest.mark.parametrize(
    "body",
    [
        "return ((",
        "if values:\nreturn 1",
        "x = '''open",
        "return 1\n\t return 2",
        "def f(:\n    pass",
        "\x00",
    ],
    ids=["bracket", "indent", "string", "tab", "def", "null"],
)
def test_a_file_with_a_syntax_error_is_mended_by_resetting_the_faulty_exercise(course, body):
    course.answer("1.2", "return 7.0")
    healthy = course.file("stats.py").read_text()
    text = healthy.replace('    raise NotAttempted("1.1")', f"    {body}")
    course.file("stats.py").write_bytes(text.encode())
    reset("1.1")
    assert course.file("stats.py").read_text() == healthy
    assert backups(course) == [text.encode()]


def test_a_line_at_the_margin_does_not_end_a_broken_function(course):
    healthy = course.file("stats.py").read_text()
    broken = healthy.replace(
        '    raise NotAttempted("1.1")', "total = 0\nfor value in values\n    total += value"
    )
    course.file("stats.py").write_text(broken)
    reset("1.1")
    assert course.file("stats.py").read_text() == healthy


def test_a_fault_elsewhere_is_told(course):
    course.answer("1.2", "return ((")
    course.answer("1.1", "return 42.0")
    restored = reset("1.1")
    assert "42.0" not in course.file("stats.py").read_text()
    assert "another fault on line 17; `vla-course reset day1_numbers/stats.py`" in restored.remark


def test_the_last_exercise_of_a_broken_file_is_reset(course):
    healthy = course.file("stats.py").read_text()
    course.answer("1.2", "return ((")
    reset("1.2")
    assert course.file("stats.py").read_text() == healthy


@pytest.mark.parametrize(
    "target", ["stats.py", "day1_numbers/stats.py", "vla_course/exercises/day1_numbers/stats.py"]
)
def test_a_whole_file_is_reset_by_its_name(course, target):
    stub = course.file("stats.py").read_text()
    course.file("stats.py").write_bytes(b"\xff\xfe not text")
    reset(target)
    assert course.file("stats.py").read_text() == stub
    assert backups(course) == [b"\xff\xfe not text"]


def test_bytes_that_are_not_text_survive_in_the_rest_of_the_file(course):
    course.answer("1.1", "return 42.0")
    text = course.file("stats.py").read_bytes() + b"# \xff\n"
    course.file("stats.py").write_bytes(text)
    reset("1.1")
    assert course.file("stats.py").read_bytes() == text.replace(b"return 42.0", b'raise NotAttempted("1.1")')


def test_a_missing_file_comes_back(course):
    stub = course.file("stats.py").read_text()
    course.file("stats.py").unlink()
    assert reset("1.1").backup is None
    assert course.file("stats.py").read_text() == stub


def test_without_the_mark_nothing_is_touched_and_the_way_out_is_told(course):
    course.file("stats.py").write_text("mean = 3\n")
    with pytest.raises(
        CourseError, match=r"`vla-course reset day1_numbers/stats.py` puts the whole file back"
    ):
        reset("1.1")
    assert course.file("stats.py").read_text() == "mean = 3\n"


def test_an_unknown_file_lists_what_is_near(course):
    with pytest.raises(CourseError, match=r"write one of: day1_numbers/stats.py"):
        reset("stat.py")


def test_the_solutions_are_never_reset(course, monkeypatch):
    monkeypatch.setenv("VLA_COURSE_EXERCISES", "solutions")
    with pytest.raises(CourseError, match="unset it"):
        reset("1.1")
    assert course.solution("stats.py").read_text() == STATS
