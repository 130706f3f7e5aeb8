"""The course works in any folder, however it is called: checks, grades, and all that hands a path on."""

import csv
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from vla_course.course.own_python import own_python

from .conftest import ODD, ROOT, Checkout


@pytest.mark.parametrize(
    "name", ["Kurs [WS26]", "Luca's course", "a::b", "$HOME", "two  words 😀", 'say "5 %"', "-p no", "#1?"]
)
def test_a_check_in_a_folder_of_that_name(course_in, name):
    course = course_in(name)
    course.answer("1.1", "return sum(values)")
    ended = course.run("check", "1.1", "--json")
    verdict = json.loads(ended.stdout)
    assert (ended.returncode, verdict["status"]) == (1, "wrong"), ended.stderr
    assert verdict["properties"][0]["says"] == "the mean of a few numbers is right"


def test_random_inputs_are_the_same_wherever_the_course_is(course_in):
    shown = []
    for name in ("plain", "Kurs [WS26]"):
        course = course_in(name)
        course.answer("1.1", "return 0.0")
        verdict = json.loads(course.run("check", "1.1", "--json").stdout)
        shown.append(verdict["properties"][1]["expected"])
    assert shown[0] == shown[1] != ""


def test_a_check_of_the_whole_course(checkout: Checkout):
    ended = checkout.run("check", "3.1", "--json", VLA_COURSE_EXERCISES="solutions")
    assert json.loads(ended.stdout)["status"] == "correct", ended.stderr


def test_grading_a_folder_of_submissions(checkout: Checkout, tmp_path: Path):
    here = tmp_path / "class [b]::2 $HOME 'x'"
    (here / "handed in" / "jane").mkdir(parents=True)
    answer = (checkout.folder / "solutions" / "day3_humanoid_balance" / "com.py").read_text(encoding="utf-8")
    # A debugger's line that was left in costs nothing.
    answer = answer.replace("    # BEGIN SOLUTION", "    breakpoint()\n    # BEGIN SOLUTION", 1)
    (here / "handed in" / "jane" / "com.py").write_bytes(b"\xef\xbb\xbf" + answer.replace("\n", "\r\n").encode())
    (here / "policy.toml").write_text('exercises = ["3.1"]\n', encoding="utf-8")
    told = ["grade", "handed in", "--out", "marks [b]", "--policy", "policy.toml", "--workers", "1"]
    ended = checkout.run(*told, cwd=here)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "marks [b]/grades.csv" in ended.stdout
    with (here / "marks [b]" / "grades.csv").open(encoding="utf-8", newline="") as stream:
        (jane,) = csv.DictReader(stream)
    assert (jane["name"], float(jane["points"])) == ("jane", 4.0)
    report = (here / "marks [b]" / "students" / "jane.html").read_text(encoding="utf-8")
    assert "take out `breakpoint()`, which did nothing here" in report


@pytest.mark.full
def test_the_gate_in_such_a_folder(checkout: Checkout):
    ended = checkout.run("gate", "3.1", "--seeds", "1")
    assert ended.returncode == 0, ended.stdout[-2000:]


def test_a_child_runs_this_very_package_with_its_arguments_and_nothing_of_the_folder_it_is_in(tmp_path: Path):
    (tmp_path / "vla_course").mkdir()  # another package of that name, where the child runs
    told = subprocess.run(
        [*own_python("vla_course.doctor.probes"), "video"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert json.loads(told.stdout)["name"] == "video", told.stderr
    assert own_python("x")[0] == sys.executable


@pytest.mark.skipif(shutil.which("make") is None, reason="there is no make on this machine")
def test_make_course_serves_that_very_folder(tmp_path: Path):
    folder = tmp_path / ODD
    (folder / ".venv" / "bin").mkdir(parents=True)
    for name in ("Makefile", "pyproject.toml", "constraints.txt"):
        shutil.copy(ROOT / name, folder / name)
    shutil.copytree(ROOT / "jupyter", folder / "jupyter")
    for name in ("python", "jupyter"):
        (folder / ".venv" / "bin" / name).write_text('#!/bin/sh\nprintf "%s\\n" "$@"\n', encoding="utf-8")
        (folder / ".venv" / "bin" / name).chmod(0o755)
    (folder / ".venv" / ".installed").touch()
    told = subprocess.run(["make", "-s", "course"], cwd=folder, capture_output=True, text=True, check=True)
    assert f"--ServerApp.root_dir={folder}" in told.stdout.splitlines()


def test_jupyter_serves_a_folder_of_that_name(tmp_path: Path):
    from jupyter_server.serverapp import ServerApp

    folder = tmp_path / ODD
    (folder / "notebooks").mkdir(parents=True)
    (folder / "notebooks" / "start.ipynb").write_text("{}", encoding="utf-8")
    server = ServerApp()
    server.parse_command_line([f"--ServerApp.root_dir={folder}"])
    assert server.root_dir == str(folder)
