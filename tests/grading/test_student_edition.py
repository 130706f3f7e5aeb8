"""What students get: everything to work with, and no answer in any form."""

import importlib.util
import inspect
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from tests.course.conftest import SCALE, SHOWN_1_2, STATS
from tests.course.conftest import course as small_course
from vla_course import cli
from vla_course.course.checking.checking import run_tests
from vla_course.course.edition.compiled import compile_source, read_compiled
from vla_course.course.edition.scan import scan
from vla_course.course.edition.student_edition import (
    SHARED_SECTIONS,
    student_makefile,
    student_readme,
    write_student_edition,
)
from vla_course.course.errors import CourseError, Unresolved
from vla_course.course.root import CourseRoot

course = small_course
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def edition(course, tmp_path) -> CourseRoot:
    return CourseRoot(write_student_edition(course.root, tmp_path / "edition").folder)


def test_it_holds_stubs_notebooks_shown_tests_and_the_compiled_reference(edition):
    files = {
        path.relative_to(edition.folder).as_posix() for path in edition.folder.rglob("*") if path.is_file()
    }
    assert {
        "README.md",
        ".ci/run",
        "data/course.toml",
        "notebooks/day1_numbers.py",
        "tests/graded/shown/day1_numbers/test_1_1_mean.py",
        "tests/test_edition.py",
        "vla_course/exercises/day1_numbers/stats.py",
        "vla_course/reference/compiled/day1_numbers/stats.pyc",
        "vla_course/reference/stubs/day1_numbers/stats.py",
    } <= files
    assert not [name for name in files if "hidden" in name or "variants" in name or "solutions" in name]


def test_every_shown_test_goes_out_as_it_is(course, edition):
    shown = course.root.graded / "shown"
    sources = {path.relative_to(shown): path.read_bytes() for path in shown.rglob("*.py")}
    there = edition.graded / "shown"
    assert {
        path.relative_to(there): path.read_bytes() for path in there.rglob("*") if path.is_file()
    } == sources


def test_answers_on_the_instructors_desk_do_not_get_into_it(course, tmp_path):
    course.answer("1.1", "return 42.0")
    (course.root.state / "backups").mkdir(parents=True)
    edition = write_student_edition(course.root, tmp_path / "edition").folder
    stubs = (edition / "vla_course/exercises/day1_numbers/stats.py").read_text()
    assert 'raise NotAttempted("1.1")' in stubs
    assert not (edition / ".vla_course").exists()


def test_checks_run_on_it_without_sources(edition, monkeypatch):
    monkeypatch.setenv("VLA_COURSE_ROOT", str(edition.folder))
    for exercise_id in ("1.1", "1.2", "1.3"):
        (solved,) = run_tests(exercise_id, root=edition, submission=edition.compiled_reference)
        assert solved.correct, solved.message
        (untouched,) = run_tests(exercise_id, root=edition)
        assert untouched.status == "not attempted"


def test_a_mistake_costs_once_in_it_too(edition, monkeypatch):
    """While one exercise is checked, the compiled reference stands in for the others."""
    monkeypatch.setenv("VLA_COURSE_ROOT", str(edition.folder))
    stats = edition.stubs / "day1_numbers" / "stats.py"
    text = stats.read_text().replace('raise NotAttempted("1.1")', "return 42.0")
    answer = "m = mean(values)\n    return mean([(v - m) ** 2 for v in values]) ** 0.5"
    stats.write_text(text.replace('raise NotAttempted("1.2")', answer))
    assert run_tests("1.2", root=edition)[0].correct


def test_reset_puts_the_untouched_stub_back(edition, monkeypatch, capsys):
    monkeypatch.setenv("VLA_COURSE_ROOT", str(edition.folder))
    stats = edition.stubs / "day1_numbers" / "stats.py"
    pristine = stats.read_text()
    stats.write_text(pristine.replace('raise NotAttempted("1.1")', "return 42.0"))
    assert cli.main(["reset", "1.1", "--yes"]) == 0
    assert stats.read_text() == pristine
    stats.unlink()
    assert cli.main(["reset", "stats.py", "--yes"]) == 0
    assert stats.read_text() == pristine


def test_what_only_instructors_do_is_told_in_one_line(edition, monkeypatch, capsys):
    monkeypatch.setenv("VLA_COURSE_ROOT", str(edition.folder))
    for command, told in (
        (["release", "--student", "x"], "holds no solutions to release from"),
        (["gate"], "the gate is not part of this edition"),
        (["solution", "1.1"], "is not part of this edition"),
    ):
        assert cli.main(command) == 2
        assert told in capsys.readouterr().err


def loaded(source: str, tmp_path: Path) -> ModuleType:
    """The module that the compiled source makes, loaded without it."""
    path = tmp_path / "compiled.pyc"
    path.write_bytes(compile_source(source))
    spec = importlib.util.spec_from_file_location("vla_course.reference.compiled_here", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


SOURCE = '''"""Secret module docstring."""
import functools


def outer(first, *rest, scale=2.0, **named):
    """Secret docstring of a function."""
    hidden_name = first * scale
    total = sum(value * hidden_name for value in rest)

    def inner(step):
        nonlocal total
        total += step + hidden_name
        return total, sorted(named)

    @functools.lru_cache
    def fib(n):
        return n if n < 2 else fib(n - 1) + fib(n - 2)

    try:
        [hidden_name / zero for zero in rest if zero == 0]
    except ZeroDivisionError as secret_fault:
        return inner(fib(10)), str(secret_fault)
    return inner(1)


class Base:
    """Secret."""

    def value(self):
        return 1


class Child(Base):
    def value(self):
        secret_local = super().value()
        return [lambda: secret_local + 1][0]()
'''


def test_compiled_code_does_what_its_source_does(tmp_path):
    plain: dict = {"__name__": "plain"}
    exec(SOURCE, plain)
    module = loaded(SOURCE, tmp_path)
    for arguments in ((1, 2, 3), (1.5, 0), (4,)):
        assert module.outer(*arguments, b=1, a=2) == plain["outer"](*arguments, b=1, a=2)
    assert module.Child().value() == plain["Child"]().value() == 2


def test_compiled_code_tells_neither_docstrings_nor_lines_nor_names_of_variables(tmp_path):
    data = compile_source(SOURCE)
    for secret in (b"Secret", b"hidden_name", b"secret_fault", b"secret_local", b"test_student_edition"):
        assert secret not in data
    assert compile_source(SOURCE) == data
    module = loaded(SOURCE, tmp_path)
    assert module.outer.__doc__ is None
    assert list(inspect.signature(module.outer).parameters) == ["first", "rest", "scale", "named"]
    with pytest.raises(TypeError) as caught:
        module.outer("a", "b", scale="c")
    frame = caught.traceback[-1]
    assert (str(frame.frame.code.raw.co_filename), frame.lineno + 1) == ("<reference>", 1)


PLANTED = {
    "line in a script": (
        "notebooks/x.py",
        "    middle_of_all  =  mean(values)\n",
        "holds a line of an answer",
    ),
    "line in a text": (
        "README.md",
        "    middle_of_all = mean(values)\n",
        "README.md:1: holds a line of an answer",
    ),
    "line in a notebook": (
        "notebooks/x.ipynb",
        json.dumps({"cells": [{"source": ["a\n", "middle_of_all = mean(values)"]}]}),
        "x.ipynb, cell 1, line 2: holds a line",
    ),
    "output in a notebook": (
        "notebooks/x.ipynb",
        '{"cells": [{"source": [], "outputs": [1]}]}',
        "has outputs",
    ),
    "mark of a solution": ("tests/x.py", "    # BEGIN SOLUTION\n", "holds the mark of a solution"),
    "hidden tests": ("tests/graded/hidden/x.py", "", "is not for students"),
    "line in a binary": (
        "data/x.bin",
        b"\xff\x00 middle_of_all = mean(values) \xfe",
        "holds a line of an answer",
    ),
    "usual bytecode": (
        "vla_course/reference/compiled/day1_numbers/stats.pyc",
        bytes(16) + __import__("marshal").dumps(compile(STATS, "/home/me/solutions/stats.py", "exec")),
        "tells files or lines of its source",
    ),
}


@pytest.mark.parametrize(("place", "content", "told"), PLANTED.values(), ids=PLANTED)
def test_the_scan_finds_what_is_planted(course, edition, place, content, told):
    assert scan(course.root, edition.folder) == []
    path = edition.folder / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    found = scan(course.root, edition.folder)
    assert any(told in line for line in found), found


def test_ordinary_bytecode_is_found_wanting_in_every_way(course, edition):
    import marshal

    path = edition.compiled_reference / "day1_numbers" / "stats.pyc"
    path.write_bytes(bytes(16) + marshal.dumps(compile(STATS, "<reference>", "exec")))
    found = "\n".join(scan(course.root, edition.folder))
    assert "has a docstring" in found
    assert "tells the names of its variables: middle_of_all" in found


def test_an_edition_that_would_leak_is_not_written(course, tmp_path):
    (course.root.notebooks / "day1_numbers.py").write_text("# %%\nmiddle_of_all = mean(values)\n")
    with pytest.raises(Unresolved, match=r"notebooks/day1_numbers.py:2: holds a line of an answer"):
        write_student_edition(course.root, tmp_path / "edition")
    assert not (tmp_path / "edition").exists()
    assert not list(tmp_path.glob(".edition-*"))


def test_a_shown_test_with_a_line_of_an_answer_stops_the_release(course, tmp_path, capsys):
    shown = course.root.graded / "shown" / "day1_numbers"
    oracle = "\n\ndef oracle(mean, values):\n    middle_of_all = mean(values)\n    return middle_of_all\n"
    (shown / "test_1_2_spread.py").write_text(SHOWN_1_2 + oracle)
    (shown / "rings.py").write_text(
        "def f(mean, values):\n    middle_of_all = mean(values)\n    return 4.0\n"
    )
    assert cli.main(["release", "--student", str(tmp_path / "edition")]) == 2
    told = capsys.readouterr().err
    assert "so it was not written; say the same in other words there" in told
    assert "tests/graded/shown/day1_numbers/rings.py:2: holds a line of an answer" in told
    assert "tests/graded/shown/day1_numbers/test_1_2_spread.py:" in told
    assert not (tmp_path / "edition").exists()


def test_it_replaces_an_earlier_one_and_nothing_else(course, tmp_path):
    target = tmp_path / "edition"
    write_student_edition(course.root, target)
    (target / ".git").mkdir()
    (target / "old.py").write_text("")
    assert cli.main(["release", "--student", str(target), "--classroom"]) == 0
    assert (target / ".git").is_dir()
    assert not (target / "old.py").exists()
    assert (target / ".github/workflows/classroom.yml").exists()
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "thesis.txt").write_text("years of work")
    with pytest.raises(CourseError, match="is not empty and holds no student edition"):
        write_student_edition(course.root, mine)
    assert (mine / "thesis.txt").exists()


def test_two_editions_of_the_same_course_are_equal(course, tmp_path):
    one, two = (write_student_edition(course.root, tmp_path / name).folder for name in ("one", "two"))
    for path in one.rglob("*"):
        if path.is_file():
            assert path.read_bytes() == (two / path.relative_to(one)).read_bytes(), path


def test_the_makefile_keeps_the_set_up_and_loses_what_authors_do():
    text = student_makefile((ROOT / "Makefile").read_text())
    for kept in (
        "setup: $(STAMP)",
        "course: $(STAMP)",
        "$(STAMP): pyproject.toml",
        "notebooks-run:",
        "test: tests",
    ):
        assert kept in text
    for gone in ("stubs:", "gate:", "bench:", "mypy", "ruff", "architecture.md"):
        assert gone not in text
    with pytest.raises(CourseError, match="the student edition is cut there"):
        student_makefile("all:\n\techo\n")


def test_what_a_machine_needs_is_told_as_in_the_courses_own_readme():
    told = student_readme(CourseRoot(ROOT))
    own = (ROOT / "README.md").read_text(encoding="utf-8")
    for title in SHARED_SECTIONS:
        section = own[own.index(f"## {title}\n") :]
        assert section[: section.index("\n## ")] in told
    assert "<!--" not in told


@pytest.mark.parametrize("file", ["Dockerfile", ".dockerignore", ".devcontainer/devcontainer.json"])
def test_the_container_goes_out_as_well(course, tmp_path, file):
    (course.root.folder / file).parent.mkdir(exist_ok=True)
    (course.root.folder / file).write_bytes((ROOT / file).read_bytes())
    edition = write_student_edition(course.root, tmp_path / "edition").folder
    assert (edition / file).read_bytes() == (ROOT / file).read_bytes()


def test_all_that_goes_into_the_real_one_is_code_that_this_python_reads(course):
    """The compiled reference of every exercise, as it would be released."""
    from vla_course.course.source.stubs import day_files

    for path in day_files(ROOT / "solutions"):
        read_compiled(compile_source((ROOT / "solutions" / path).read_text()))
    assert STATS
    assert SCALE


@pytest.mark.slow
def test_the_real_edition_leaks_nothing_and_works(tmp_path):
    made = write_student_edition(CourseRoot(ROOT), tmp_path / "edition")
    shown = list((made.folder / "tests/graded/shown").rglob("*"))
    assert {path.suffix for path in shown if path.is_file()} == {".py"}
    environment = {name: value for name, value in os.environ.items() if not name.startswith("VLA_COURSE")}
    environment |= {"PYTHONPATH": str(made.folder), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}

    def python(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=made.folder,
            env=environment,
            capture_output=True,
            text=True,
            timeout=250,
        )

    where = python("-c", "import vla_course; print(vla_course.__file__)")
    assert where.stdout.strip() == str(made.folder / "vla_course" / "__init__.py")
    done = python(
        *("-m", "pytest", "-q", "-c", os.devnull, "--rootdir", ".", "-p", "no:cacheprovider"),
        *("tests/test_edition.py", "-k", "3.1] or 3.7] or reset"),
    )
    assert done.returncode == 0, done.stdout + done.stderr
    graded = python("-m", "vla_course.cli", "grade", "x", "--out", "y")
    assert "this is the student edition" in graded.stderr
    packed = python("-m", "vla_course.cli", "submit", "--no-check")
    assert packed.returncode == 0, packed.stderr
    assert (
        shutil.which("make") is None
        or "submit" in subprocess.run(["make"], cwd=made.folder, capture_output=True, text=True).stdout
    )
