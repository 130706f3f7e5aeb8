"""What editors and debugging leave in a student's file: marks, line ends, encodings, breakpoints, folders."""

import pytest

from tests.course.conftest import Course
from vla_course.cli import main
from vla_course.course import check, reset
from vla_course.course.errors import CourseError
from vla_course.course.exercise import NotAttempted
from vla_course.course.helping.waiting import waiting_line
from vla_course.grading.intake.submit import pack

MARK = b"\xef\xbb\xbf"
RIGHT = "    if len(values) == 0:"


def as_windows_writes(text: str, *, mark: bool = True, ends: str = "\r\n") -> bytes:
    return MARK * mark + text.replace("\n", ends).encode()


@pytest.mark.parametrize("mark", [True, False], ids=["mark", "no mark"])
@pytest.mark.parametrize("ends", ["\r\n", "\n"], ids=["crlf", "lf"])
def test_reset_keeps_byte_order_mark_and_line_ends(course, mark, ends):
    stub = course.file("stats.py").read_text()
    course.answer("1.2", "return 7.0")
    kept = course.file("stats.py").read_text()
    course.answer("1.1", "return 42.0")
    text = course.file("stats.py").read_text()
    course.file("stats.py").write_bytes(as_windows_writes(text, mark=mark, ends=ends))
    restored = reset("1.1")
    assert restored.remark == ""
    assert course.file("stats.py").read_bytes() == as_windows_writes(kept, mark=mark, ends=ends)
    reset("stats.py")
    assert course.file("stats.py").read_bytes() == as_windows_writes(stub, mark=mark, ends=ends)


def test_reset_of_a_broken_file_with_a_mark_tells_of_its_own_fault_only(course):
    course.answer("1.1", "return ((")
    course.answer("1.2", "return ]")
    course.file("stats.py").write_bytes(as_windows_writes(course.file("stats.py").read_text()))
    assert "another fault on line 17" in reset("1.1").remark
    assert reset("1.2").remark == ""


def test_an_answer_from_windows_is_checked_and_one_that_waits_is_told_as_ever(course):
    course.solve()
    solved = as_windows_writes(course.file("stats.py").read_text())
    course.file("stats.py").write_bytes(solved)
    assert check("1.1").correct
    text = course.file("stats.py").read_text(encoding="utf-8-sig")
    left = text.replace(RIGHT, f'    raise NotAttempted("1.1")\n{RIGHT}', 1)
    course.file("stats.py").write_bytes(as_windows_writes(left))
    assert "is begun, but line 12" in waiting_line(NotAttempted("1.1"))


def test_untouched_stubs_of_another_system_are_untouched(course):
    for name in ("stats.py", "scale.py"):
        course.file(name).write_bytes(as_windows_writes(course.file(name).read_text()))
    packed = pack(course.root, course.root.folder / "mine.zip", checked=False)
    assert {path.name for path in packed.untouched} == {"stats.py", "scale.py", "__init__.py"}


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32", "latin-1"])
def test_another_encoding_is_named_as_what_to_change(course, encoding):
    course.solve()
    text = course.file("stats.py").read_text() + 'NAME = "größer"\n'
    course.file("stats.py").write_bytes(text.encode(encoding))
    verdict = check("1.1")
    assert verdict.status == "does not load"
    assert "UTF-8" in verdict.message
    assert "save it as" in verdict.message
    assert "\n" not in verdict.message


@pytest.mark.parametrize(
    ("stop", "told"),
    [
        ("breakpoint()", "breakpoint()"),
        ("import pdb; pdb.set_trace()", "import pdb; pdb.set_trace()"),
        ("from pdb import Pdb; Pdb().set_trace()", "from pdb import Pdb; Pdb().set_trace()"),
    ],
)
def test_a_breakpoint_does_nothing_and_is_told_once(course, capsys, stop, told, monkeypatch):
    monkeypatch.setenv("PYTHONBREAKPOINT", "no_such_debugger.stop")  # as some have it for their own work
    course.solve()
    text = course.file("stats.py").read_text().replace(RIGHT, f"    {stop}\n{RIGHT}", 1)
    course.file("stats.py").write_text(text)
    verdict = check("1.1")
    assert verdict.correct
    assert verdict.remark == f"stats.py, line 12 stops for a debugger: take out `{told}`, which did nothing here."
    assert main(["check", "1.1"]) == 0
    assert " ".join(capsys.readouterr().out.split()).count("stops for a debugger") == 1


def folder_in_place(course: Course) -> None:
    course.solve()
    path = course.file("stats.py")
    text = path.read_text()
    path.unlink()
    path.mkdir()
    (path / "stats.py").write_text(text)


def test_a_folder_in_place_of_a_file_is_told_as_one(course, capsys):
    folder_in_place(course)
    assert main(["check", "1.1"]) == 1
    told = " ".join(capsys.readouterr().out.split())
    assert "does not load" in told
    assert "day1_numbers/stats.py is a folder, expected a file: move it away" in told
    with pytest.raises(CourseError, match="stats.py is a folder, expected a file"):
        reset("1.1")
    with pytest.raises(CourseError, match="stats.py is a folder, expected a file"):
        reset("stats.py")
    assert main(["progress"]) == 0
    assert main(["submit", "--no-check", "--out", str(course.root.folder / "mine.zip")]) == 0
    assert main(["check", "--all"]) == 1
