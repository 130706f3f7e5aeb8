"""Reports go back under the names by which Canvas and Moodle find student and file again."""

import io
import re
import zipfile

from tests.grading.class_run.conftest import grades, submission
from vla_course.grading.marks.adjustments import Adjustment
from vla_course.grading.marks.groups import Group
from vla_course.grading.reports.feedback import CANVAS, MOODLE, write_feedback


def page(grade) -> str:
    return f"<p>{grade.name} {grade.points:g}</p>"


def entries(path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def canvas_finds(name: str) -> tuple[str, str]:
    """User and attachment, as Canvas reads a file's name: its first two parts that are digits alone."""
    user, attachment = [part for part in name.split("_") if re.fullmatch(r"\d+", part)][:2]
    return user, attachment


def moodle_finds(path: str) -> tuple[int, str, str]:
    """Participant, plugin and file, as Moodle reads a path: a folder's name in five parts."""
    folder, _, file = path.partition("/")
    name, number, kind, plugin, rest = folder.split("_", 4)
    assert name
    return int(number), f"{kind}_{plugin}", rest + file


def test_canvas_gets_back_the_original_name_and_in_it_a_file_of_that_kind(tmp_path):
    late = submission(
        "doejane", "4711", platform="Canvas", originals=("doejane_LATE_4711_99821_answers-2.zip",)
    )
    loose = submission(
        "turingalan",
        "12",
        platform="Canvas",
        originals=("turingalan_12_34_zmp.py", "turingalan_12_35_com.py"),
    )
    assert write_feedback(tmp_path, grades((late, 4, 2), (loose, 4, 4)), page) == []
    found = entries(tmp_path / CANVAS)
    assert set(found) == {"doejane_LATE_4711_99821_answers-2.zip", "turingalan_12_34_zmp.py"}
    assert [canvas_finds(name) for name in sorted(found)] == [("4711", "99821"), ("12", "34")]
    with zipfile.ZipFile(io.BytesIO(found["doejane_LATE_4711_99821_answers-2.zip"])) as inner:
        assert inner.read("report.html") == b"<p>doejane 6</p>"
    text = found["turingalan_12_34_zmp.py"].decode()
    assert text.startswith("# turingalan: 8 of 8 points\n")
    assert "# 1.1 Title 1.1: correct, 4 of 4\n#   holds: 1.1 holds\n" in text
    compile(text, "zmp.py", "exec")
    assert not (tmp_path / MOODLE).exists()


def test_a_kind_of_file_that_cannot_go_back_is_said(tmp_path):
    paper = submission("doejane", "4711", platform="Canvas", originals=("doejane_4711_99_report.pdf",))
    (remark,) = write_feedback(tmp_path, grades((paper, 0, 0)), page)
    assert "not doejane_4711_99_report.pdf: send the report" in remark
    assert not (tmp_path / CANVAS).exists()


def test_moodle_gets_a_folder_a_participant(tmp_path):
    jane = submission(
        "Jane Doe", "123456", platform="Moodle", originals=("Jane Doe_123456_assignsubmission_file_",)
    )
    joe = submission(
        "Joe O Neil", "7", platform="Moodle", originals=("Joe O Neil_7_assignsubmission_file_homework.zip",)
    )
    assert write_feedback(tmp_path, grades((jane, 4, 2), (joe, 4, 4)), page) == []
    found = entries(tmp_path / MOODLE)
    assert {moodle_finds(path) for path in found} == {
        (123456, "assignsubmission_file", "report.html"),
        (7, "assignsubmission_file", "report.html"),
    }
    assert found["Jane Doe_123456_assignsubmission_file_/report.html"] == b"<p>Jane Doe 6</p>"


def test_who_used_no_platform_is_in_no_zip_and_a_zip_of_earlier_goes(tmp_path):
    (tmp_path / MOODLE).write_text("of an earlier run")
    assert write_feedback(tmp_path, grades((submission("Ada"), 4, 2)), page) == []
    assert list(tmp_path.iterdir()) == []


def test_what_a_group_handed_in_goes_back_once_and_not_where_marks_differ(tmp_path):
    name = "Team Red_77_assignsubmission_file_"
    team = submission("Team Red", "77", platform="Moodle", originals=(name,))
    groups = [Group("Team Red", ("Ada", "Bob"))]
    assert write_feedback(tmp_path, grades((team, 4, 2), groups=groups), page) == []
    assert list(entries(tmp_path / MOODLE)) == [f"{name}/report.html"]
    adjust = [Adjustment(student="Bob", points=1, reason="did the talk")]
    (remark,) = write_feedback(tmp_path, grades((team, 4, 2), groups=groups, adjustments=adjust), page)
    assert remark == "Team Red: its members have different marks: send each their own report"
    assert not (tmp_path / MOODLE).exists()
