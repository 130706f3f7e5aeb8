"""Whose is it? Names as Canvas, Moodle, Brightspace, Blackboard, Gradescope and GitHub Classroom write them."""

import datetime
from pathlib import Path

import pytest

from vla_course.grading.intake.whose.entries import by_person, entries_of
from vla_course.grading.intake.whose.named import Named
from vla_course.grading.intake.whose.platforms import read_export

AT = datetime.datetime(2026, 10, 1, 23, 59)


def read(*names: str) -> list[Named]:
    """As if files of these names lay in one folder."""
    return read_export([Path("/nowhere", name) for name in names])


@pytest.mark.parametrize(
    ("name", "student", "number", "platform", "late", "file"),
    [
        ("doejane_4711_99821_submission.zip", "doejane", "4711", "Canvas", False, "submission.zip"),
        ("doejane_LATE_4711_99821_zmp-1.py", "doejane", "4711", "Canvas", True, "zmp-1.py"),
        ("doe_jane_4711_99821_hw.zip", "doe_jane", "4711", "Canvas", False, "hw.zip"),
        ("anon_Ab3dE_99821_hw.zip", "anon_Ab3dE", "Ab3dE", "Canvas", False, "hw.zip"),
        ("Jane Doe_123456_assignsubmission_file_", "Jane Doe", "123456", "Moodle", False, ""),
        ("Jane Doe_123456_assignsubmission_file", "Jane Doe", "123456", "Moodle", False, ""),
        ("Jane Doe_123456_assignsubmission_file_hw.zip", "Jane Doe", "123456", "Moodle", False, "hw.zip"),
        ("Participant_123456_assignsubmission_file_", "Participant", "123456", "Moodle", False, ""),
        ("Day 3_jdoe_attempt_2026-10-01-23-59-00_hw.zip", "jdoe", "jdoe", "Blackboard", False, "hw.zip"),
        (
            *("39-25 - Mary-Ann Smith - Oct 1, 2026 1159 PM - hw.zip", "Mary-Ann Smith", "39"),
            *("Brightspace", False, "hw.zip"),
        ),
    ],
)
def test_each_platform_says_who_it_was(name, student, number, platform, late, file):
    (named,) = read(name)
    assert (named.name, named.id, named.platform) == (student, number, platform)
    assert (named.late, named.file) == (late, file)
    if platform in ("Blackboard", "Brightspace"):
        assert named.submitted == AT


@pytest.mark.parametrize(
    ("name", "number", "platform", "late"),
    [
        ("mallorym_LATE_4711_99821_Bob Smith_777777_assignsubmission_file_.zip", "4711", "Canvas", True),
        ("mallorym_4711_99821_eve_5_6_hw.zip", "4711", "Canvas", False),
        ("mallorym_4711_99821_Day 3_bob_attempt_2026-09-01-00-00-00_hw.zip", "4711", "Canvas", False),
        (
            "Mal Ory_111_assignsubmission_file_Bob Smith_777_assignsubmission_file_.zip",
            "111",
            "Moodle",
            False,
        ),
        ("mal_111_assignsubmission_file_bob_LATE_7_8_hw.zip", "111", "Moodle", False),
        (
            "Mal Ory_111_assignsubmission_file_7-8 - Bob - Oct 1, 2026 1159 PM - hw.zip",
            "111",
            "Moodle",
            False,
        ),
        ("Mal Ory_111_assignsubmission_file_hw (late).zip", "111", "Moodle", False),
        (
            "7-8 - Mal - Oct 9, 2026 100 AM - 9-9 - Bob - Oct 1, 2026 1159 PM - hw.zip",
            "7",
            "Brightspace",
            False,
        ),
        (
            *("Day 3_mal_attempt_2026-10-09-00-00-00_Day 3_bob_attempt_2026-10-01-00-00-00_hw.zip", "mal"),
            *("Blackboard", False),
        ),
    ],
)
def test_a_files_own_name_chooses_no_platform_no_id_and_no_lateness(name, number, platform, late):
    (named,) = read(name)
    assert (named.id, named.platform, named.late) == (number, platform, late)
    if named.submitted:
        assert named.submitted.day == 9


def test_of_several_readings_the_one_counts_that_most_of_the_export_has():
    own = "jane_1_assignsubmission_file_x_2_3_y.zip"
    assert read(own, "Bob Roe_5_assignsubmission_file_hw.zip")[0].platform == "Moodle"


def test_what_was_typed_in_and_what_a_platform_says_is_no_file():
    assert all(
        one.text
        for one in read(
            "doejane_LATE_4711_text.html",
            "doejane_4711_link.html",
            "Jane Doe_1_assignsubmission_onlinetext_",
            "Jane Doe_1_assignsubmission_onlinetext_onlinetext.html",
            "Day 3_jdoe_attempt_2026-10-01-23-59-00.txt",
        )
    )


def test_blackboards_usernames_are_what_follows_the_assignment(tmp_path):
    stem = "HW_3 final_{}_attempt_2026-10-01-23-59-00"
    assert [
        one.id for one in read(*(stem.format(name) + "_a_b.zip" for name in ("jdoe", "b.roe", "c_low")))
    ] == [
        *("jdoe", "b.roe", "c_low"),
    ]
    for name, who in (("stu_1", "Jane Doe"), ("stu_2", "Bob Roe")):
        told = f"Name: {who} ({name})\nAssignment: HW_3 final\nName: Eve (x)\n"
        (tmp_path / f"{stem.format(name)}.txt").write_text(told)
        (tmp_path / f"{stem.format(name)}_hw.zip").touch()
    people = by_person(entries_of(tmp_path, print), print)
    assert [(one.key, len(one.entries)) for one in people] == [("bob-roe-stu-2", 2), ("jane-doe-stu-1", 2)]


def test_brightspaces_number_is_no_students_where_all_have_it(tmp_path):
    for who in ("Mary-Ann Smith", "John Doe"):
        (tmp_path / f"397063-2557369 - {who} - Sep 24, 2024 926 PM").mkdir()
    (tmp_path / "index.html").touch()
    said: list[str] = []
    people = by_person(entries_of(tmp_path, said.append), said.append)
    assert [one.key for one in people] == ["john-doe", "mary-ann-smith"]
    assert people[0].entries[0].named.submitted == datetime.datetime(2024, 9, 24, 21, 26)
    assert said == ["left out, as no submission is a file of that kind: index.html"]


def test_gradescope_says_in_one_file_whose_each_folder_is(tmp_path):
    (tmp_path / "submission_metadata.yml").write_text(
        "---\n"
        "submission_11:\n  :submitters:\n  - :name: Jane Doe\n    :sid: '0123'\n    :email: jane@x.edu\n"
        "  :created_at: 2026-10-01 21:59:00.000000000 Z\n"
        "submission_12:\n  :submitters:\n  - :name: Bob Roe\n    :sid: '7'\n  - :name: Ann Low\n    :sid:\n"
        "    :email: ann@x.edu\n  :created_at: 2026-10-02 00:00:00.000000000 -04:00\n"
    )
    for number in (11, 12):
        (tmp_path / f"submission_{number}").mkdir()
    named = [entry.named for entry in entries_of(tmp_path, print)]
    assert [(one.name, one.id) for one in named] == [
        ("Jane Doe", "0123"),
        ("Bob Roe", "7"),
        ("Ann Low", "ann@x.edu"),
    ]
    assert named[1].submitted.isoformat() == "2026-10-02T00:00:00-04:00"


@pytest.mark.parametrize(
    "text", ["", "- 1", "a: [", "submission_1: 5", "submission_1: {':submitters': 3}", "\x00"]
)
def test_a_damaged_list_of_gradescopes_is_said_and_folders_are_names(tmp_path, text):
    (tmp_path / "submission_metadata.yml").write_text(text)
    (tmp_path / "submission_1").mkdir()
    said: list[str] = []
    assert [entry.named.name for entry in entries_of(tmp_path, said.append)] == ["submission 1"]
    assert "submission_metadata.yml" in said[0]


def test_classroom_clones_bear_the_students_login(tmp_path):
    clone = tmp_path / "day-1-submissions" / "day-1-octo_cat"
    clone.mkdir(parents=True)
    (named,) = read_export([clone])
    assert (named.name, named.platform) == ("octo_cat", "GitHub Classroom")
