"""Texts have the same line ends on every machine, also where git is told to write others."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from vla_course.course.edition.student_edition import COPIED
from vla_course.grading.intake.submit import release_of

from .conftest import ROOT

needs_git = pytest.mark.skipif(shutil.which("git") is None, reason="there is no git on this machine")
SCRIPTS = (".ci/run", "binder/postBuild", "binder/start")
TEXTS = (*SCRIPTS, "Makefile", "data/course.toml", "vla_course/exercises/day3_humanoid_balance/com.py")
NO_TEXTS = ("data/models/reader/model.safetensors",)


def git(folder: Path, *arguments: str) -> str:
    lone = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "HOME": str(folder)}
    given = ("user.name=a", "user.email=a@b", "init.defaultBranch=main", "safe.directory=*")
    command = ["git", *(part for one in given for part in ("-c", one)), *arguments]
    return subprocess.run(command, cwd=folder, env=os.environ | lone, capture_output=True, text=True, check=True).stdout


@pytest.fixture(scope="module")
def cloned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Some of the course in a clone made as by Git for Windows."""
    folder = tmp_path_factory.mktemp("git")
    origin = folder / "origin"
    for name in (".gitattributes", *TEXTS, *NO_TEXTS):
        (origin / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, origin / name)
    git(origin, "init", "--quiet")
    git(origin, "add", "--all")
    git(origin, "commit", "--quiet", "--message", "all")
    git(folder, "-c", "core.autocrlf=true", "-c", "core.eol=crlf", "clone", "--quiet", "origin", "clone")
    return folder / "clone"


@needs_git
@pytest.mark.parametrize("name", [*TEXTS, *NO_TEXTS])
def test_a_file_is_the_same_where_git_would_write_others(cloned, name):
    assert (cloned / name).read_bytes() == (ROOT / name).read_bytes()
    assert name in NO_TEXTS or b"\r" not in (cloned / name).read_bytes()


@needs_git
@pytest.mark.parametrize("name", SCRIPTS)
def test_a_script_starts(cloned, name):
    subprocess.run(["bash", "-n", cloned / name], check=True)
    assert (cloned / name).read_bytes().startswith(b"#!/usr/bin/env bash\n")


@needs_git
def test_every_kind_of_file_that_is_no_text_is_named():
    kinds = {}
    for line in git(ROOT, "ls-files", "--eol").splitlines():
        about, name = line.split("\t")
        kinds.setdefault("i/-text" in about, set()).add(Path(name).suffix)
    said = {line.split()[0][1:] for line in (ROOT / ".gitattributes").read_text().splitlines() if "binary" in line}
    assert kinds[True] <= said
    assert not kinds[False] & said


def test_students_get_it_as_well():
    assert ".gitattributes" in COPIED


def test_a_release_is_its_texts_whatever_their_line_ends(course):
    before = release_of(course.root)
    for path in [course.root.manifest, *course.root.solutions.rglob("*.py")]:
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert release_of(course.root) == before
    course.solution("stats.py").write_bytes(course.solution("stats.py").read_bytes() + b"# more\r\n")
    assert release_of(course.root) != before
