"""Every change of a mark is a line: who, what, when, why; and no line is ever taken away."""

import csv

from tests.course.conftest import course as small_course
from tests.grading.class_run.conftest import grades, submission
from vla_course.course.manifest import load_manifest
from vla_course.grading.class_run.history import COLUMNS, keep_history, read_history
from vla_course.grading.marks.adjustments import Adjustment
from vla_course.grading.marks.policy import Policy
from vla_course.grading.reports.report import Pages

course = small_course
ADA, BOB = submission("Ada"), submission("Bob")


def told(changes) -> list[tuple[str, ...]]:
    return [(one.by, one.student, one.what, one.before, one.after, one.total, one.why) for one in changes]


def keep(out, found, when="now"):
    changes, remarks = keep_history(out, found, when)
    assert remarks == []
    return changes


def test_first_marks_are_no_change_and_nothing_new_is_no_line(tmp_path):
    assert keep(tmp_path, grades((ADA, 4, 2), (BOB, 4, 4))) == []
    assert keep(tmp_path, grades((ADA, 4, 2), (BOB, 4, 4))) == []
    assert not (tmp_path / "history.csv").exists()


def test_a_decision_is_a_line_and_taking_it_back_another(tmp_path):
    keep(tmp_path, grades((ADA, 4, 2)), "Monday")
    change = Adjustment(student="Ada", exercise="1.2", set=3, reason="told it", by="Prof. M")
    keep(tmp_path, grades((ADA, 4, 2), adjustments=[change]), "Tuesday")
    first = (tmp_path / "history.csv").read_text()
    keep(tmp_path, grades((ADA, 4, 2), adjustments=[change]), "Wednesday")
    assert (tmp_path / "history.csv").read_text() == first
    changes = keep(tmp_path, grades((ADA, 4, 2)), "Thursday")
    assert [one.when for one in changes] == ["Tuesday", "Thursday"]
    assert told(changes)[0] == ("Prof. M", "ada", "1.2", "2", "3", "7", "told it")
    assert told(changes)[1][2:] == ("1.2", "3", "2", "6", "taken back: told it")
    assert changes[1].by  # whoever runs it
    assert (tmp_path / "history.csv").read_text().startswith(first)


def test_decisions_of_before_the_first_run_are_lines_too(tmp_path):
    change = Adjustment(student="Ada", points=1.5, reason="found a mistake", by="M")
    assert told(keep(tmp_path, grades((ADA, 4, 2), adjustments=[change]))) == [
        ("M", "ada", "total", "6", "7.5", "7.5", "found a mistake (+1.5)")
    ]


def test_a_test_that_was_mended_an_extension_and_an_excuse_are_told_by_their_reason(tmp_path):
    keep(tmp_path, grades((ADA, 4, 2)))
    assert told(keep(tmp_path, grades((ADA, 4, 4))))[-1][2:] == (
        *("1.2", "2", "4", "8"),
        "graded anew: the answer, a test or a marker's points changed",
    )
    late = Policy.model_validate({"late": {"days_if_unknown": 1, "per_day": 0.5}})
    marked = submission("Ada", late_marker=True)
    changes = keep(tmp_path, grades((marked, 4, 4), policy=late))
    assert told(changes)[-1][2:6] == ("lateness", "0% deducted", "50% deducted", "4")
    assert "1 day late" in changes[-1].why
    excused = late.model_copy(update={"excused": {"ada": "certificate"}})
    last = keep(tmp_path, grades((marked, 4, 4), policy=excused))[-1]
    assert (last.what, last.before, last.after, last.why) == ("excused", "counts", "excused", "certificate")


def test_a_request_is_a_line_when_it_comes_and_when_it_is_answered(course, tmp_path):
    keep(tmp_path, grades((ADA, 4, 2)))
    asked = Adjustment(student="Ada", exercise="1.2", request="my sign is the book's")
    (grade,) = grades((ADA, 4, 2), adjustments=[asked])
    assert (asked.is_open, grade.points) == (True, 6.0)
    assert told(keep(tmp_path, [grade]))[-1][-1] == "asked: my sign is the book's"
    pages = Pages(load_manifest(course.root), Policy())
    assert "Not answered yet." in pages.of_student(grade)
    answered = asked.model_copy(update={"reason": "the book's is wrong", "by": "M"})
    (grade,) = grades((ADA, 4, 2), adjustments=[answered])
    changes = keep(tmp_path, [grade])
    assert "stays: the book's is wrong (asked: my sign is the book's)" in changes[-1].why
    page = pages.of_student(grade, changes)
    assert "Answer by M:" in page
    assert "The mark stays." in page


def test_a_student_reads_their_own_changes_and_no_others(course, tmp_path):
    both = [Adjustment(student=name, points=1, reason=f"for {name}", by="M") for name in ("Ada", "Bob")]
    found = grades((ADA, 4, 2), (BOB, 4, 4), adjustments=both)
    changes = keep(tmp_path, found, "Friday")
    page = Pages(load_manifest(course.root), Policy()).of_student(found[0], changes)
    assert "for Ada (+1)" in page
    assert "Friday" in page
    assert "for Bob" not in page


def test_a_file_that_others_rewrote_is_said_and_goes_on(tmp_path):
    change = Adjustment(student="Ada", points=1, reason="x")
    keep(tmp_path, grades((ADA, 4, 2), adjustments=[change]))
    path = tmp_path / "history.csv"
    path.write_text(path.read_text().replace(",x", ",y"))
    changes, (remark,) = keep_history(tmp_path, grades((ADA, 4, 2)), "later")
    assert remark.startswith("history.csv is not what was written there")
    assert len(changes) == 2
    keep(tmp_path, grades((ADA, 4, 2)))


def test_what_a_spreadsheet_takes_for_a_formula_is_text(tmp_path):
    change = Adjustment(student="Ada", points=1, reason='=HYPERLINK("x")')
    keep(tmp_path, grades((ADA, 4, 2), adjustments=[change]))
    with (tmp_path / "history.csv").open(newline="") as stream:
        head, row = csv.reader(stream)
    assert tuple(head) == COLUMNS
    assert row[-1].startswith("'=")
    assert len(read_history(tmp_path / "history.csv")) == 1
