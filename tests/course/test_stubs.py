"""Stubs: the solutions without their answers, byte for byte, and nothing else."""

import pytest

from vla_course import cli
from vla_course.course.errors import CourseError
from vla_course.course.source.leaks import find_leaks
from vla_course.course.source.stubs import Compared, compare, generate, stub_of, write_stubs

from .conftest import SCALE, STATS


def test_the_answer_becomes_one_line_and_all_else_stays():
    stub = stub_of(STATS, "stats.py")
    assert '    """Return the mean of `values`; raises ValueError if there are none."""\n' in stub
    assert stub.count("raise NotAttempted") == 2
    assert "SOLUTION" not in stub
    kept = [line for line in stub.splitlines() if "NotAttempted(" not in line]
    assert kept == [line for line in kept if line in STATS.splitlines()]


def test_a_method_keeps_its_indentation_and_what_follows():
    stub = stub_of(SCALE, "scale.py")
    assert '        raise NotAttempted("1.3")\n\n    def back(self, scaled):\n' in stub


STREAM = """
@exercise("1.1")
async def doubled(numbers):
    # BEGIN SOLUTION
    async for number in numbers:
        yield 2 * number
    # END SOLUTION


@exercise("1.2")
async def first(numbers):
    # BEGIN SOLUTION
    def of(number):
        yield number

    return next(of(await anext(numbers)))
    # END SOLUTION
"""


def test_an_async_generator_stays_one():
    stub = stub_of(STREAM, "stream.py")
    assert '    raise NotAttempted("1.1"); yield\n' in stub
    assert '    raise NotAttempted("1.2")\n' in stub


@pytest.mark.parametrize("end", ["\r\n", "\n"])
def test_line_ends_odd_characters_and_a_missing_last_newline_stay(end):
    text = STATS.replace("Means", "M\u00e9ans\x0c\u2028").rstrip("\n").replace("\n", end)
    stub = stub_of(text, "stats.py")
    assert stub.startswith(text[: text.index("    # BEGIN")])
    assert stub.count(end) == stub.count("\n")


def test_code_before_and_after_the_answer_is_given_to_the_student():
    text = STATS.replace(
        "    # BEGIN SOLUTION\n    middle", "    values = list(values)\n    # BEGIN SOLUTION\n    middle"
    )
    assert '    values = list(values)\n    raise NotAttempted("1.2")\n' in stub_of(text, "stats.py")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("    # END SOLUTION\n", "", r'stats.py:20: "# BEGIN SOLUTION" inside the answer begun on line 11'),
        ("    # BEGIN SOLUTION\n", "", r'stats.py:14: "# END SOLUTION" without'),
        ("    # BEGIN SOLUTION\n", "    # begin solution\n", r'stats.py:11: marker "# begin solution"'),
        ('@exercise("1.2")\n', "", r"stats.py:20: an answer block outside every function marked"),
        (
            "    return float(",
            "    # END SOLUTION\n    # BEGIN SOLUTION\n    return float(",
            r"mean \(exercise 1.1\) holds 2",
        ),
        ("def mean(values):", "def mean(values:", r"stats.py:9: not valid Python"),
    ],
)
def test_unsound_markers_are_told_with_file_and_line(old, new, told):
    assert old in STATS
    with pytest.raises(CourseError, match=told):
        stub_of(STATS.replace(old, new, 1), "stats.py")


def test_the_last_block_left_open_is_told():
    with pytest.raises(CourseError, match=r'stats.py:21: "# BEGIN SOLUTION" without an "# END'):
        stub_of("".join(STATS.rpartition("    # END SOLUTION\n")[::2]), "stats.py")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('@exercise("1.2")', '@exercise("1.1")', r"exercise 1.1: marked at mean .*, spread .*expected once"),
        (
            '@exercise("1.2")',
            '@exercise("1.7")',
            r'exercise 1.2: no function is marked(.|\n)*"1.7"\) is not in',
        ),
        ("def spread", "def width", r"exercise 1.2: marked at width .*expected once, at spread"),
        (
            "import numpy",
            "import vla_course.exercises.day1_numbers.scale\nimport numpy",
            "expected a relative import",
        ),
        (
            "import numpy",
            "from vla_course.reference.day1 import x\nimport numpy",
            "expected a relative import",
        ),
    ],
)
def test_solutions_and_manifest_must_agree(course, old, new, told):
    course.solution("stats.py").write_text(STATS.replace(old, new))
    with pytest.raises(CourseError, match=told):
        generate(course.root)


def test_what_was_written_does_not_drift(course):
    assert compare(course.root) == Compared((), ())
    assert write_stubs(course.root) == []


def test_one_character_is_drift_and_shown(course):
    text = course.file("stats.py").read_text()
    course.file("stats.py").write_text(text.replace("Means and", "means and"))
    first, *diff = compare(course.root).drift
    assert first == "day1_numbers/stats.py: differs from what the solution gives"
    assert '    +"""means and spreads."""' in diff


def test_a_blank_at_the_end_of_a_line_is_drift(course):
    course.file("stats.py").write_text(course.file("stats.py").read_text() + " ")
    assert len(compare(course.root).drift) > 1


def test_extra_and_missing_files_are_drift(course):
    course.file("mine.py").write_text("")
    course.file("scale.py").unlink()
    assert compare(course.root).drift == (
        "day1_numbers/mine.py: extra, no solution gives it",
        "day1_numbers/scale.py: missing",
    )


def test_writing_stubs_keeps_what_it_replaces(course):
    course.answer("1.1", "return 42")
    course.file("mine.py").write_text("my work")
    written = write_stubs(course.root)
    assert written == ["day1_numbers/mine.py (removed: no solution of that name)", "day1_numbers/stats.py"]
    kept = [path.read_text() for path in (course.root.state / "backups").rglob("*.py")]
    assert len(kept) == 2
    assert "my work" in kept
    assert any("return 42" in text for text in kept)
    assert compare(course.root) == Compared((), ())


def test_a_clean_course_leaks_nothing(course):
    assert find_leaks(course.root) == []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("day1_numbers.py", "# %%\n  middle_of_all = mean(values)\n"),
        ("day1_numbers.ipynb", '{"cells": [{"source": ["x = 1\\n", "  middle_of_all = mean(values)"]}]}'),
    ],
)
def test_a_planted_answer_line_is_found(course, name, text):
    (course.root.notebooks / name).write_text(text)
    (leak,) = find_leaks(course.root)
    assert (leak.line, leak.text) == (2, "middle_of_all = mean(values)")
    assert str(leak).startswith(
        f"notebooks/{name}:2: holds a line of an answer (solutions/day1_numbers/stats.py:22)"
    )


def test_a_planted_answer_line_in_a_stub_is_found(course):
    course.answer("1.2", "middle_of_all = mean(values)")
    assert [leak.file for leak in find_leaks(course.root)] == ["vla_course/exercises/day1_numbers/stats.py"]


def test_a_planted_answer_line_in_a_shown_test_is_found_and_told_what_to_do(course, capsys):
    oracle = course.root.graded / "shown" / "day1_numbers" / "oracle.py"
    oracle.write_text("def spread(mean, values):\n    middle_of_all = mean(values)\n    return values\n")
    assert cli.main(["release", "--stubs", "--check"]) == 1
    told = capsys.readouterr().out
    assert "tests/graded/shown/day1_numbers/oracle.py:2: holds a line of an answer" in told
    assert "students would read these lines: say the same in other words there" in told


def test_short_lines_comments_and_lines_given_elsewhere_are_no_leak(course):
    text = STATS.replace("    middle_of", "    # a comment of quite some length\n    middle_of")
    text += "\n\ndef given(values):\n    middle_of_all = mean(values)\n    return middle_of_all\n"
    course.solution("stats.py").write_text(text)
    write_stubs(course.root)
    (course.root.notebooks / "n.py").write_text(
        "# a comment of quite some length\nmiddle_of_all = mean(values)\nreturn x\n"
    )
    assert find_leaks(course.root) == []
