"""The manifest: every fault in it is named with its exercise and field."""

import tomllib

import pytest

from vla_course.course.errors import CourseError, Unresolved
from vla_course.course.manifest import load_manifest, read_manifest
from vla_course.course.root import CourseRoot

from .conftest import MANIFEST


def tables(old="", new=""):
    assert old in MANIFEST
    return tomllib.loads(MANIFEST.replace(old, new, 1))


def test_the_courses_own_manifest_is_sound():
    assert load_manifest(CourseRoot.current()).exercises


def test_an_exercise_knows_where_it_is_written():
    scale = read_manifest(tables()).exercise("1.3")
    assert (str(scale.path), scale.module) == ("day1_numbers/scale.py", "day1_numbers.scale")
    assert (scale.seconds, scale.mistakes["no-centre"]) == (6.0, "Subtract the mean first.")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            "points = 4",
            'points = "4"',
            "exercise 1.1: field points is '4', expected a whole number from 1 to 100",
        ),
        ("points = 4", "points = true", "exercise 1.1: field points is True"),
        ("points = 4\n", "", "exercise 1.1: field points is missing"),
        ("points = 4", "pionts = 4", "exercise 1.1: unknown field pionts, did you mean points?"),
        (
            "difficulty = 1",
            "difficulty = 6",
            "exercise 1.1: field difficulty is 6, expected a whole number from 1 to 5",
        ),
        ('hints = ["Take the mean first."]', "hints = []", "exercise 1.2: field hints is []"),
        ('"Divide by how', '" "]#', "exercise 1.1: field hints is ['Add them up.', ' ']"),
        ("variance =", "Variance_ =", 'exercise 1.2: field mistakes names "Variance_"'),
        ('"That is its square."', '""', "exercise 1.2: field mistakes.variance is ''"),
        (
            'prerequisites = ["1.1"]',
            'prerequisites = ["1.3"]',
            'exercise 1.2: field prerequisites holds "1.3"',
        ),
        ('id = "1.2"', 'id = "1.1"', "exercise 1.1: field id is used twice"),
        ('id = "1.2"', 'id = "2.2"', "exercise 2.2: field id is '2.2', expected the number of a [[day]]"),
        ('file = "scale.py"', 'file = "../scale.py"', "exercise 1.3: field file is '../scale.py'"),
        ('symbol = "Scale.apply"', 'symbol = "a.b.c"', "exercise 1.3: field symbol is 'a.b.c'"),
        ('systems = ["S1"]', 'systems = ["x"]', "exercise 1.1: field systems is ['x']"),
        ("seconds = 6", "seconds = -1", "exercise 1.1: field seconds is -1"),
        ("seconds = 6", "core = 1", "exercise 1.1: field core is 1, expected true or false"),
        ('folder = "day1_numbers"', 'folder = "day2_numbers"', "day: field folder is 'day2_numbers'"),
    ],
)
def test_a_fault_is_named_with_exercise_and_field(old, new, told):
    with pytest.raises(Unresolved) as caught:
        read_manifest(tables(old, new))
    assert any(problem.startswith(told) for problem in caught.value.problems), caught.value


def test_all_faults_are_told_at_once():
    faulty = tables("points = 4", "points = 0")
    faulty["exercise"][2]["minutes"] = 0
    with pytest.raises(Unresolved) as caught:
        read_manifest(faulty)
    assert len(caught.value.problems) == 2


def test_a_missing_or_unreadable_manifest_is_one_line(course):
    course.root.manifest.write_text("[[day")
    with pytest.raises(CourseError, match=r"data/course.toml is not valid TOML"):
        load_manifest(course.root)
    course.root.manifest.unlink()
    with pytest.raises(CourseError, match=r"data/course.toml is missing"):
        load_manifest(course.root)
