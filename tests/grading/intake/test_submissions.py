"""Taking submissions in: whatever is handed in becomes one record a student, and harms nobody."""

import io
import json
import os
import stat
import warnings
import zipfile
from pathlib import Path, PurePosixPath

import pytest

from tests.course.conftest import SCALE, STATS
from tests.course.conftest import course as small_course
from vla_course.course.errors import CourseError
from vla_course.course.manifest import load_manifest
from vla_course.grading.intake.contents import sources as intake_sources
from vla_course.grading.intake.contents.archives import read_any
from vla_course.grading.intake.intake import collect
from vla_course.grading.intake.submission import Submission
from vla_course.grading.intake.submit import pack, release_of, write_bytes, zip_bytes

course = small_course
STATS_PATH, SCALE_PATH = PurePosixPath("day1_numbers/stats.py"), PurePosixPath("day1_numbers/scale.py")
GOOD = {"day1_numbers/stats.py": STATS.encode(), "day1_numbers/scale.py": SCALE.encode()}


@pytest.fixture
def place(tmp_path: Path) -> Path:
    folder = tmp_path / "submissions"
    folder.mkdir()
    return folder


@pytest.fixture
def take(course, place):
    """Take in what lies in `place`, by key."""

    def taken(where: Path = place) -> dict[str, Submission]:
        return {one.key: one for one in collect(where, load_manifest(course.root), release_of(course.root))}

    return taken


def handed(place: Path, name: str, members: dict[str, bytes]) -> Path:
    write_bytes(place / name, zip_bytes(members))
    return place / name


@pytest.mark.parametrize(
    "below",
    [
        "",
        "homework/",
        "my homework/final/",
        "vla_course/exercises/",
        "clone/vla_course/exercises/",
        "exercises/",
    ],
)
def test_day_folders_are_found_wherever_they_lie(place, take, below):
    handed(place, "jane.zip", {below + name: data for name, data in GOOD.items()})
    assert set(take()["jane"].files) == {STATS_PATH, SCALE_PATH}


def test_a_folder_a_zip_and_a_clone_of_the_repository_give_the_same_content(course, place, take):
    for path, data in GOOD.items():
        write_bytes(place / "ann" / path, data)
        write_bytes(place / "bob" / "vla_course" / "exercises" / path, data)
        write_bytes(place / "bob" / "solutions" / path, b"the solutions")
        write_bytes(place / "bob" / "vla_course" / "reference" / "stubs" / path, b"stubs")
        write_bytes(place / "bob" / ".venv" / "lib" / path, b"no")
        write_bytes(place / "bob" / ".vla_course" / "backups" / "x" / path, b"old")
    write_bytes(place / "bob" / "notebooks" / "start.ipynb", b"{}")
    handed(place, "cid.zip", GOOD)
    taken = take()
    assert len({taken[key].content for key in ("ann", "bob", "cid")}) == 1
    assert taken["bob"].notes == ()


def test_the_solutions_of_a_clone_are_never_graded(place, take):
    write_bytes(place / "bob" / "vla_course" / "cli.py", b"")
    write_bytes(place / "bob" / "solutions" / "day1_numbers" / "stats.py", STATS.encode())
    assert take()["bob"].files == {}


def test_what_the_submit_command_writes_is_read_and_compared(course, place, take):
    pack(course.root, place / "jane.zip", checked=False)
    assert take()["jane"].notes == ()
    with zipfile.ZipFile(place / "jane.zip") as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    note = json.loads(members["submission.json"])
    note["course"]["release"] = "older"
    note["unofficial_score"] = {"1.1": {"status": "correct", "points": 4, "out_of": 4}}
    members["submission.json"] = json.dumps(note).encode()
    members["day1_numbers/stats.py"] += b"# later\n"
    handed(place, "jane.zip", members)
    found = take()["jane"]
    assert found.claimed == 4.0
    assert any("packed from release older" in text for text in found.notes)
    assert "day1_numbers/stats.py was changed after `vla-course submit`" in found.notes


def test_files_without_their_folder_are_put_where_they_belong(place, take):
    handed(place, "jane.zip", {"stuff/stats.py": b"a", "scale.py": b"b", "other.py": b"c"})
    found = take()["jane"]
    assert found.files == {STATS_PATH: b"a", SCALE_PATH: b"b"}
    assert "in no day folder" in found.notes[0]


def test_single_files_from_canvas_belong_together(place, take):
    write_bytes(place / "doejane_47_1_stats.py", b"a")
    write_bytes(place / "doejane_47_2_scale-1.py", b"b")
    assert take()["doejane-47"].files == {STATS_PATH: b"a", SCALE_PATH: b"b"}


def test_github_classroom_clones_bear_the_students_name(course, tmp_path, take):
    place = tmp_path / "day-1-submissions"
    write_bytes(place / "day-1-octocat" / "vla_course/exercises/day1_numbers/stats.py", b"a")
    assert set(take(place)) == {"octocat"}


def test_moodles_folder_with_a_zip_in_it_is_opened(place, take):
    handed(place, "Jane Doe_123456_assignsubmission_file_/homework (2).zip", GOOD)
    found = take()["jane-doe-123456"]
    assert (found.name, found.id, set(found.files)) == ("Jane Doe", "123456", {STATS_PATH, SCALE_PATH})


def test_the_last_of_several_attempts_counts(place, take):
    for hour in (9, 11, 10):
        name = f"Day 1_jdoe_attempt_2026-10-01-{hour:02}-00-00_work.zip"
        handed(place, name, {"day1_numbers/stats.py": str(hour).encode()})
    found = take()["jdoe"]
    assert found.files[STATS_PATH] == b"11"
    assert "handed in 3 times" in found.notes[-1]


def test_one_submission_may_be_named_itself(course, place, take):
    path = handed(place, "jane.zip", GOOD)
    assert set(take(path)) == {"jane"}
    assert set(take(course.root.stubs.parents[1])) == {"course"}


@pytest.mark.parametrize(
    ("make", "told"), [("nowhere", "is not there"), ("empty", "holds no submissions"), ("zips", "unpack it")]
)
def test_a_place_without_submissions_is_told(place, take, make, told):
    where = place / make
    if make == "empty":
        where.mkdir()
    if make == "zips":
        where = handed(place, "all.zip", {"a.zip": zip_bytes(GOOD), "b.zip": zip_bytes(GOOD)})
    with pytest.raises(CourseError, match=told):
        take(where)


def test_a_missing_file_and_a_submission_without_any_are_noted(place, take):
    handed(place, "jane.zip", {"day1_numbers/stats.py": b""})
    handed(place, "joe.zip", {"essay.txt": b"dear professor"})
    taken = take()
    assert taken["jane"].notes == ("day1_numbers/scale.py is missing",)
    assert taken["joe"].files == {}
    assert "no exercise file was found" in taken["joe"].notes[0]


@pytest.mark.parametrize("name", ["../../evil.py", "/etc/evil.py", "C:\\evil.py", "a\\..\\..\\evil.py"])
def test_a_path_that_leads_out_of_the_archive_is_not_followed(place, take, name):
    handed(place, "jane.zip", GOOD | {name: b"evil"})
    found = take()["jane"]
    assert set(found.files) == {STATS_PATH, SCALE_PATH}
    assert "leads out of the archive" in found.notes[0]
    assert not list(place.parent.rglob("evil.py"))


def test_links_in_archives_and_folders_are_not_followed(place, take, tmp_path):
    secret = tmp_path / "secret.py"
    secret.write_text("password = 1")
    stream = io.BytesIO(zip_bytes({"day1_numbers/stats.py": b"a"}))
    with zipfile.ZipFile(stream, "a") as archive:
        entry = zipfile.ZipInfo("day1_numbers/scale.py")
        entry.create_system = 3
        entry.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(entry, str(secret))
    (place / "jane.zip").write_bytes(stream.getvalue())
    write_bytes(place / "joe" / "day1_numbers" / "stats.py", b"a")
    (place / "joe" / "day1_numbers" / "scale.py").symlink_to(secret)
    (place / "joe" / "day2_home").symlink_to(tmp_path, target_is_directory=True)
    (place / "jim.zip").symlink_to(secret)
    taken = take()
    for key in ("jane", "joe"):
        assert set(taken[key].files) == {STATS_PATH}
        assert any("is a link: not followed" in note for note in taken[key].notes)
    assert taken["jim"].files == {}


def test_a_bomb_is_read_no_further_than_its_bound(place, take):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("day1_numbers/stats.py", bytes(64 * 2**20))
        archive.writestr("day1_numbers/scale.py", b"fine")
        archive.writestr("day1_numbers/huge.bin", bytes(64 * 2**20))
    (place / "jane.zip").write_bytes(stream.getvalue())
    found = take()["jane"]
    assert found.files == {SCALE_PATH: b"fine"}
    assert "day1_numbers/stats.py unpacks to more than 1 MB: not read" in found.notes


@pytest.mark.parametrize(
    ("limit", "value", "told"),
    [
        ("MAX_ENTRIES", 1, "more than 1"),
        ("MAX_FILES", 1, "the rest is not read"),
        ("MAX_SOURCES", 1000, "the rest is not read"),
        ("MAX_ARCHIVE", 10, "not opened"),
    ],
)
def test_counts_and_sizes_are_bounded(place, take, monkeypatch, limit, value, told):
    handed(place, "jane.zip", GOOD)
    monkeypatch.setattr(intake_sources, limit, value)
    assert any(told in note for note in take()["jane"].notes)


def test_what_is_damaged_is_noted(place, take):
    good = zip_bytes(GOOD)
    (place / "cut.zip").write_bytes(good[: len(good) // 2])
    (place / "text.zip").write_text("this is no zip")
    (place / "none.zip").write_bytes(b"")
    (place / "rar.rar").write_bytes(b"Rar!")
    damaged = bytearray(good)
    damaged[good.index(b"Measures values")] ^= 0xFF
    (place / "flip.zip").write_bytes(bytes(damaged))
    encrypted = bytearray(good)
    encrypted[encrypted.index(b"PK\x01\x02") + 8] |= 1
    (place / "locked.zip").write_bytes(bytes(encrypted))
    taken = take()
    assert "is not a zip that can be read" in taken["cut"].notes[0]
    assert "is not a zip that can be read" in taken["text"].notes[0]
    assert "is not a zip that can be read" in taken["none"].notes[0]
    assert "hand in what `vla-course submit` writes" in taken["rar"].notes[0]
    assert "is damaged" in taken["flip"].notes[0]
    assert "is encrypted: not read" in taken["locked"].notes[0]


def test_strange_files_are_noted_and_not_read(place, take, monkeypatch):
    write_bytes(place / "jane" / "day1_numbers" / "stats.py", b"a")
    os.mkfifo(place / "jane" / "day1_numbers" / "scale.py")
    assert "day1_numbers/scale.py is not a plain file: not read" in take()["jane"].notes


def test_a_file_twice_in_an_archive_counts_once(place, take):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        archive.writestr("day1_numbers/stats.py", b"one")
        archive.writestr("day1_numbers/stats.py", b"two")
    (place / "jane.zip").write_bytes(stream.getvalue())
    found = take()["jane"]
    assert found.files[STATS_PATH] == b"two"
    assert "is there twice" in found.notes[0]


def test_notes_are_printable_and_few(tmp_path):
    path = tmp_path / "x.zip"
    path.write_bytes(zip_bytes({f"../\x1b[31m{number}.py": b"" for number in range(100)}))
    notes = read_any(path).notes
    assert len(notes) <= intake_sources.MAX_NOTES
    assert all(note.isprintable() for note in notes)


@pytest.mark.parametrize("text", ["[]", "{", '{"course": 1}', '{"files": {"a": 1}}', "9" * 9999])
def test_a_note_that_is_none_is_ignored(place, take, text):
    handed(place, "jane.zip", GOOD | {"submission.json": text.encode()})
    assert take()["jane"].notes == ("submission.json is not what `vla-course submit` writes: ignored",)
