"""One person one line, two people two; of what one handed in, what holds exercises counts."""

import os
import unicodedata

import pytest

from tests.grading.intake.conftest import GOOD, SCALE_PATH, STATS_PATH

STATS, SCALE = "day1_numbers/stats.py", "day1_numbers/scale.py"


@pytest.mark.parametrize(
    "names",
    [
        ("मोना.zip", "मीना.zip"),
        ("வள்ளி.zip", "வள்ளு.zip"),
        ("😀.zip", "🎉.zip"),
        ("!!!.zip", "(((.zip"),
        ("Jane Doe.zip", "jane_doe.zip"),
        ("Straße.zip", "Strasse.zip"),
        ("submission.zip", "submission (1).zip", "submission (2).zip"),
        ("Jane Doe_111111_assignsubmission_file_.zip", "Jane Doe_222222_assignsubmission_file_.zip"),
        ("doejane_4711_1_hw.zip", "doejane_4712_2_hw.zip"),
        (f"{'a' * 240}1.zip", f"{'a' * 240}2.zip"),
    ],
)
def test_two_people_are_two(inbox, names):
    for number, name in enumerate(names):
        inbox.zip(name, {STATS: str(number).encode()})
    taken = inbox.take().values()
    assert {one.files[STATS_PATH] for one in taken} == {str(number).encode() for number in range(len(names))}
    again = {one.content: one.key for one in inbox.take().values()}
    inbox.zip("aaron.zip")
    assert again.items() <= {one.content: one.key for one in inbox.take().values()}.items()


def test_names_that_are_nearly_alike_are_said(inbox):
    inbox.zip("Jane Doe.zip")
    inbox.zip("jane_doe.zip")
    inbox.take()
    assert "Jane Doe.zip, jane_doe.zip are alike but for capitals or signs" in inbox.said[0]


def test_a_number_in_several_names_is_said(inbox):
    inbox.zip("CS 10101 Jane Doe.zip")
    inbox.zip("CS 10101 Bob Roe.zip")
    assert set(inbox.take()) == {"cs-jane-doe-10101", "cs-bob-roe-10101"}
    assert inbox.said == ["the number 10101 is in the names of 2 students: CS Bob Roe, CS Jane Doe"]


@pytest.mark.parametrize(
    "names",
    [
        ("jane-doe.zip", "jane-doe (1).zip"),
        ("Jane Doe.zip", "Jane Doe - Copy.zip"),
        ("doejane_4711_1_hw.zip", "smithjane_4711_2_hw-1.zip"),
        ("Jürgen.zip", unicodedata.normalize("NFD", "Jürgen (1).zip")),
        ("D_jdoe_attempt_2026-10-01-10-00-00_a.zip", "D_jdoe_attempt_2026-10-02-10-00-00_b.zip"),
        ("7-8 - Jo - Oct 1, 2026 1159 PM - a.zip", "7-8 - Jo - Oct 2, 2026 1201 AM - a.zip"),
    ],
)
def test_one_person_is_one_and_the_later_counts(inbox, names):
    for number, name in enumerate(names):
        path = inbox.zip(name, {STATS: str(number).encode()})
        os.utime(path, (1e9 - number, 1e9 - number))  # the order in which they were unpacked says nothing
    (found,) = inbox.take().values()
    assert found.files[STATS_PATH] == b"1"
    assert any("times" in note or "came later" in note for note in found.notes)


def test_a_number_in_the_students_own_name_of_a_file_is_no_attempt(inbox):
    inbox.zip("doejane_4711_99820_hw-3.zip", {STATS: b"first"})
    inbox.zip("doejane_4711_99830_hw-3-1.zip", {STATS: b"second"})
    inbox.zip("roebob_4712_99820_hw-9.zip", {STATS: b"first"})
    inbox.zip("roebob_4712_99830_hw-2.zip", {STATS: b"second"})
    assert {one.files[STATS_PATH] for one in inbox.take().values()} == {b"second"}


@pytest.mark.parametrize(
    ("with_answers", "beside"),
    [
        ("roebob_4712_99830_submission.zip", ["roebob_4712_99831_report.pdf", "roebob_4712_99832_a.ipynb"]),
        ("roebob_4712_99830_submission.zip", ["roebob_4712_text.html"]),
        ("Bob Roe_7_assignsubmission_file_a.zip", ["Bob Roe_7_assignsubmission_file_b.pdf"]),
        (
            "Bob Roe_7_assignsubmission_file_/a.zip",
            ["Bob Roe_7_assignsubmission_onlinetext_/onlinetext.html"],
        ),
        ("Bob Roe_7_assignsubmission_file_a.zip", ["Bob Roe_7_assignsubmission_onlinetext.html"]),
        ("D_roe_attempt_2026-10-01-10-00-00_a.zip", ["D_roe_attempt_2026-10-01-10-00-00.txt"]),
        ("D_roe_attempt_2026-10-01-10-00-00_a.zip", ["D_roe_attempt_2026-10-02-10-00-00_b.pdf"]),
        ("7-8 - Bob Roe - Oct 1, 2026 1159 PM/a.zip", ["7-8 - Bob Roe - Oct 2, 2026 1159 PM/b.pdf"]),
        ("bob-roe.zip", ["bob-roe (1).zip"]),
        ("bob-roe.zip", ["bob-roe/report.pdf"]),
    ],
)
def test_what_holds_no_exercise_never_wins(inbox, with_answers, beside):
    old = inbox.zip(with_answers)
    os.utime(old, (1e9, 1e9))
    for name in beside:
        inbox.file(name)
    (found,) = inbox.take().values()
    assert set(found.files) == {STATS_PATH, SCALE_PATH}
    assert "is missing" not in " ".join(found.notes)


def test_files_of_one_attempt_belong_together(inbox):
    inbox.zip("doejane_47_1_part-one.zip", {STATS: b"one"})
    inbox.file("doejane_47_2_scale.py", b"two")
    inbox.zip("Bob Roe_7_assignsubmission_file_/part1.zip", {STATS: b"one"})
    inbox.zip("Bob Roe_7_assignsubmission_file_/part2.zip", {SCALE: b"two"})
    assert {tuple(sorted(one.files.values())) for one in inbox.take().values()} == {(b"one", b"two")}


def test_the_answers_win_over_the_stubs_of_an_earlier_copy(inbox, course):
    inbox.zip("jane-doe.zip", {STATS: course.file("stats.py").read_bytes()})
    inbox.zip("jane-doe (1).zip", GOOD)
    found = inbox.take()["jane-doe"]
    assert found.files[STATS_PATH] == GOOD[STATS]
    assert found.notes == ("handed in 2 times: jane-doe (1).zip is graded, not jane-doe.zip",)


def test_who_only_typed_a_text_has_a_line_that_says_so(inbox):
    inbox.file("Jane Doe_1_assignsubmission_onlinetext_/onlinetext.html", b"<p>see my repository</p>")
    (found,) = inbox.take().values()
    assert (found.name, found.files) == ("Jane Doe", {})
    assert found.notes[0].startswith("only text was typed in")


def test_an_id_knows_its_platform_and_the_time_is_the_one_of_what_is_graded(inbox):
    inbox.zip("D_jdoe_attempt_2026-10-01-10-00-00_a.zip")
    inbox.file("D_jdoe_attempt_2026-10-09-10-00-00_b.pdf")
    found = inbox.take()["jdoe"]
    assert (found.platform, found.submitted.day) == ("Blackboard", 1)
    assert "what came later holds no exercises" in found.notes[-1]


def test_a_group_on_gradescope_is_everybody_in_it(inbox):
    inbox.file(
        "submission_metadata.yml",
        b"submission_1:\n  :submitters:\n  - :name: A B\n    :sid: '1'\n  - :name: C D\n    :sid: '2'\n",
    )
    inbox.file(f"submission_1/{STATS}", b"ours")
    assert {(one.id, one.platform) for one in inbox.take().values()} == {
        ("1", "Gradescope"),
        ("2", "Gradescope"),
    }


def test_what_only_lies_there_is_nobody(inbox):
    inbox.zip("jane-doe.zip")
    junk = ["Thumbs.db", "desktop.ini", "jane-doe.zip:Zone.Identifier", "index.html", "grades.xlsx", "Icon\r"]
    for name in [
        *junk,
        "@eaDir/x.zip",
        "hw.crdownload",
        "~$notes.zip",
        ".DS_Store",
        "roster.csv",
        "policy.toml",
    ]:
        inbox.file(name)
    assert set(inbox.take()) == {"jane-doe"}
    (said,) = inbox.said
    assert said.startswith("left out, as no submission is a file of that kind: @eaDir, Icon, Thumbs.db")
    assert said.endswith("and 3 more")
    assert "\r" not in said


@pytest.mark.parametrize("name", ["jane.rar", "jane.7z", "jane.tar.xz"])
def test_an_archive_that_is_not_opened_is_somebodys_all_the_same(inbox, name):
    inbox.file(name, b"Rar!")
    assert "hand in what `vla-course submit` writes" in inbox.take()["jane"].notes[0]


def test_only_files_that_count_are_missed(inbox):
    inbox.zip("jane.zip", {STATS: b""})
    assert inbox.take(counting=["1.1"])["jane"].notes == ()
    assert inbox.take(counting=["1.3"])["jane"].notes == ("day1_numbers/scale.py is missing",)
