"""Copies inside of a submission: named, and not graded."""

import pytest

from tests.grading.intake.conftest import STATS_PATH
from vla_course.grading.intake.contents.locate import like

STATS = "day1_numbers/stats.py"


@pytest.mark.parametrize(
    "copy",
    [
        *(
            "day1_numbers/stats (1).py",
            "day1_numbers/stats 2.py",
            "day1_numbers/stats-1.py",
            "day1_numbers/STATS.py",
        ),
        *("day1_numbers/stats - Copy.py", "day1_numbers/Copy of stats.py", "day1_numbers/stats_old.py"),
        *(
            "day1_numbers (1)/stats.py",
            "Day1_Numbers/stats.py",
            "day1_numbers - Copy/stats.py",
            "stats copy.py",
        ),
    ],
)
def test_a_copy_of_an_exercises_file_is_named_and_not_graded(inbox, copy):
    inbox.zip("jane.zip", {STATS: b"stub", copy: b"answer"})
    found = inbox.take(counting=["1.1"])["jane"]
    assert found.files[STATS_PATH] == b"stub"
    (note,) = found.notes
    assert note.startswith(f"not graded, as no exercise is called so: {copy}")


@pytest.mark.parametrize(
    "name", ["stats.py", "statistics.py", "mystats.py", "stats_test.py", "helper.py", "1.py", "scales.py"]
)
def test_a_file_of_ones_own_is_no_copy(name):
    assert like(name, {"stats.py", "scale.py"}) == ""


def test_a_day_folder_by_another_name_is_read_by_the_names_of_its_files(inbox):
    inbox.zip("jane.zip", {"Day1_Numbers (1)/stats.py": b"answer"})
    found = inbox.take(counting=["1.1"])["jane"]
    assert found.files == {STATS_PATH: b"answer"}
    (note,) = found.notes
    assert note.startswith("in no day folder, taken for files of day1_numbers")
