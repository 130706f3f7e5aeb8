"""GitHub Classroom: what a student edition needs to be a Classroom template.

`.github/workflows/classroom.yml` is the workflow that Classroom documents (one `autograding-command-grader` step an
exercise and the reporter at the end); `.github/classroom/autograding.json` is the form it had before, which older
assignments still read. Both run the shown tests in the student's own repository: quick feedback, and unofficial.
The marks come from `vla-course grade` on the clones, where the hidden tests are.
"""

from __future__ import annotations

import json
import math
from pathlib import PurePosixPath

from vla_course.course.manifest import Exercise, Manifest

WORKFLOW = PurePosixPath(".github/workflows/classroom.yml")
TESTS = PurePosixPath(".github/classroom/autograding.json")

HEAD = """# Runs the shown tests of each exercise at every push: quick feedback, unofficial.
name: Autograding Tests
on:
  - push
  - workflow_dispatch
  - repository_dispatch
permissions:
  checks: write
  actions: read
  contents: read
jobs:
  run-autograding-tests:
    runs-on: ubuntu-latest
    if: github.actor != 'github-classroom[bot]'
    steps:
      - name: Checkout code
        uses: actions/checkout@v4
      - name: Python
        uses: actions/setup-python@v5
        with:
          python-version: "3.11"
          cache: pip
      - name: Install the course
        run: make setup
"""


def classroom_files(manifest: Manifest) -> dict[PurePosixPath, str]:
    """Both files, by their path in the template repository."""
    return {WORKFLOW: _workflow(manifest), TESTS: _tests(manifest)}


def _workflow(manifest: Manifest) -> str:
    steps = "".join(_step(exercise) for exercise in manifest.exercises)
    results = "".join(
        f"          {_step_id(exercise).upper()}_RESULTS: ${{{{ steps.{_step_id(exercise)}.outputs.result }}}}\n"
        for exercise in manifest.exercises
    )
    runners = ",".join(map(_step_id, manifest.exercises))
    report = (
        "      - name: Autograding Reporter\n"
        "        uses: classroom-resources/autograding-grading-reporter@v1\n"
        f"        env:\n{results}        with:\n          runners: {runners}\n"
    )
    return HEAD + steps + report


def _step(exercise: Exercise) -> str:
    name = json.dumps(f"{exercise.id} {exercise.title}", ensure_ascii=False)  # a JSON text is a YAML text
    return (
        f"      - name: {name}\n"
        f"        id: {_step_id(exercise)}\n"
        "        uses: classroom-resources/autograding-command-grader@v1\n"
        "        with:\n"
        f"          test-name: {name}\n"
        f"          command: {_command(exercise)}\n"
        f"          timeout: {_minutes(exercise)}\n"
        f"          max-score: {exercise.points}\n"
    )


def _tests(manifest: Manifest) -> str:
    tests = [
        {
            "name": f"{exercise.id} {exercise.title}",
            "setup": "make setup",
            "run": _command(exercise),
            "input": "",
            "output": "",
            "comparison": "included",
            "timeout": 10 + _minutes(exercise),  # the set-up counts here
            "points": exercise.points,
        }
        for exercise in manifest.exercises
    ]
    return json.dumps({"tests": tests}, indent=2, ensure_ascii=False) + "\n"


def _command(exercise: Exercise) -> str:
    return f".venv/bin/vla-course check {exercise.id}"


def _minutes(exercise: Exercise) -> int:
    return 1 + math.ceil(exercise.seconds / 60)


def _step_id(exercise: Exercise) -> str:
    return f"exercise_{exercise.id.replace('.', '_')}"
