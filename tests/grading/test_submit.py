"""What a student hands in: the sources and where they come from, in the same bytes every time."""

import json
import os
import zipfile
from pathlib import Path

import pytest

from tests.course.conftest import course as small_course
from vla_course import cli
from vla_course.course.errors import CourseError
from vla_course.grading.intake.submit import pack, release_of, zip_bytes

course = small_course


def names(path: Path) -> list[str]:
    with zipfile.ZipFile(path) as archive:
        return archive.namelist()


def note(path: Path) -> dict:
    with zipfile.ZipFile(path) as archive:
        return json.loads(archive.read("submission.json"))


def test_it_holds_the_sources_and_what_they_are_and_nothing_else(course, tmp_path):
    course.answer("1.1", "return 42.0")
    folder = course.root.stubs / "day1_numbers"
    (folder / "__pycache__").mkdir()
    (folder / "__pycache__" / "stats.cpython-311.pyc").write_bytes(b"cache")
    (folder / "notes.txt").write_text("mine")
    (folder / "helper.py").write_text("x = 1\n")
    packed = pack(course.root, tmp_path / "out.zip", checked=False)
    expected = [f"day1_numbers/{name}.py" for name in ("__init__", "helper", "scale", "stats")]
    assert names(packed.path) == [*expected, "submission.json"]
    assert [str(path) for path in packed.untouched] == ["day1_numbers/__init__.py", "day1_numbers/scale.py"]
    about = note(packed.path)
    assert about["course"] == {"version": "0.1.0", "release": release_of(course.root)}
    assert set(about["files"]) == set(expected)
    assert about["unofficial_score"] is None


def test_the_same_sources_give_the_same_bytes(course, tmp_path):
    first = pack(course.root, tmp_path / "a.zip", checked=False).path.read_bytes()
    for path in course.root.stubs.rglob("*.py"):
        os.utime(path, (1, 1))
    assert pack(course.root, tmp_path / "b.zip", checked=False).path.read_bytes() == first


def test_members_are_sorted_plain_and_without_times():
    data = zip_bytes({"b": b"2", "a": b"1"})
    assert data == zip_bytes({"a": b"1", "b": b"2"})
    assert b"\x00\x00\x21\x00" in data  # the first day that a zip knows


def test_the_unofficial_score_is_that_of_the_shown_tests(course, tmp_path, capsys, monkeypatch):
    course.answer("1.1", "return sum(values) / max(len(values), 1)")
    monkeypatch.chdir(tmp_path)
    assert cli.main(["submit"]) == 0
    score = note(tmp_path / "submission.zip")["unofficial_score"]
    assert score["1.1"] == {"status": "partly", "points": 3.0, "out_of": 4}
    assert score["1.3"]["status"] == "not attempted"
    told = capsys.readouterr().out
    assert "day1_numbers/scale.py  " in told
    assert "(as it was given)" in told
    assert "3 of 9 points by the tests that you can see (unofficial)" in told


def test_untouched_stubs_are_packed_with_a_remark(course, tmp_path, capsys):
    assert cli.main(["submit", "--no-check", "--out", str(tmp_path / "x.zip")]) == 0
    told = capsys.readouterr().out
    assert "no score is in it (--no-check)" in told
    assert "nothing in it has been written by you yet" in told


def test_the_release_is_the_same_in_a_student_edition(course, tmp_path):
    from vla_course.course.edition.student_edition import write_student_edition
    from vla_course.course.root import CourseRoot

    release = release_of(course.root)
    course.answer("1.1", "return 42.0")  # an answer changes nothing about it
    edition = write_student_edition(course.root, tmp_path / "edition")
    assert release_of(CourseRoot(edition.folder)) == release_of(course.root) == release


def test_a_folder_without_exercises_is_told(course, tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(CourseError, match="holds no exercises to pack"):
        pack(course.root, tmp_path / "x.zip", desk=tmp_path / "empty", checked=False)
