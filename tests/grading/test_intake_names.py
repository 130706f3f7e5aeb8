"""Whose is it? Names as Canvas, Moodle, GitHub Classroom and people write them."""

import pytest

from vla_course.grading.intake.names import read_name, slug


@pytest.mark.parametrize(
    ("name", "student", "number", "late", "attempt"),
    [
        ("jane-doe.zip", "jane-doe", "", False, 0),
        ("Jane Doe.zip", "Jane Doe", "", False, 0),
        ("Jane_Doe (late).zip", "Jane Doe", "", True, 0),
        ("s1234567_submission.zip", "", "s1234567", False, 0),
        ("Jane Doe 1234567.zip", "Jane Doe", "1234567", False, 0),
        ("student-2.zip", "student-2", "", False, 0),
        ("submission (2).zip", "(2)", "", False, 0),
        ("doejane_4711_99821_submission.zip", "doejane", "4711", False, 0),
        ("doejane_LATE_4711_99821_submission-3.zip", "doejane", "4711", True, 3),
        ("Jane Doe_123456_assignsubmission_file_", "Jane Doe", "123456", False, 0),
        ("Jane Doe_123456_assignsubmission_file_homework.zip", "Jane Doe", "123456", False, 0),
        ("山田 太郎.zip", "山田 太郎", "", False, 0),
        ("submission.zip", "submission", "", False, 0),
        ("plate.zip", "plate", "", False, 0),
    ],
)
def test_a_name_tells_who_when_and_which_attempt(name, student, number, late, attempt):
    named = read_name(name)
    assert (named.name, named.id, named.late, named.attempt) == (student, number, late, attempt)


def test_a_key_is_one_word_of_any_script():
    assert read_name("Jane Doe_123456_assignsubmission_file_").key == "jane-doe-123456"
    assert slug("Änne O'Neill / 山田") == "änne-o-neill-山田"
    assert "/" not in read_name("..").key


def test_canvas_keeps_the_name_that_the_student_gave():
    assert read_name("doejane_4711_99821_zmp-1.py").file == "zmp"
