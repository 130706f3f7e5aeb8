"""The stage is built once: graders that are started from here use the one there is, if it is of their version."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.grading.attacks import corpus
from vla_course.grading.class_run import scheduler
from vla_course.grading.class_run.scheduler import Task, grade_in_child
from vla_course.grading.class_run.state import fingerprint
from vla_course.grading.worker import stage
from vla_course.grading.worker.sandbox import choose_sandbox


@pytest.fixture
def place(tmp_path: Path) -> corpus.Place:
    return corpus.make_place(tmp_path)


@pytest.fixture
def new_process(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """As in a process that has no stage yet."""
    monkeypatch.setattr(stage, "_stages", {})
    return None


@pytest.mark.usefixtures("new_process")
def test_a_stage_that_is_handed_on_is_used(place, monkeypatch):
    first = stage.stage_of(place.root)
    monkeypatch.setattr(stage, "_stages", {})
    monkeypatch.setenv(stage.STAGE_VARIABLE, str(first.folder))
    assert stage.stage_of(place.root) == first


@pytest.mark.usefixtures("new_process")
def test_one_of_another_version_or_of_no_version_is_not(place, monkeypatch, tmp_path):
    first = stage.stage_of(place.root)
    monkeypatch.setenv(stage.STAGE_VARIABLE, str(first.folder))
    monkeypatch.setattr(stage, "_stages", {})
    place.solution.write_text(place.solution.read_text() + "\n# another version\n")
    second = stage.stage_of(place.root)
    assert second != first
    for empty in (tmp_path / "nowhere", tmp_path):
        monkeypatch.setattr(stage, "_stages", {})
        monkeypatch.setenv(stage.STAGE_VARIABLE, str(empty))
        assert stage.stage_of(place.root).folder != empty


def test_a_grader_is_handed_the_stage_of_whoever_starts_it(place, monkeypatch):
    handed = []
    really = subprocess.Popen

    def popen(words, **options):
        if "vla_course.grading.class_run.scheduler" in words:
            handed.append(options["env"][stage.STAGE_VARIABLE])
        return really(words, **options)

    monkeypatch.setattr(scheduler.subprocess, "Popen", popen)
    files = Task.files_of([(place.solution.relative_to(place.root.solutions), place.solution.read_bytes())])
    task = Task("one", files, 1, (), choose_sandbox().level, fingerprint(place.root), 60.0)
    verdict = grade_in_child(task, place.root)
    assert [one.status for one in verdict.exercises] == ["correct", "does not load"]
    assert handed == [str(stage.stage_of(place.root).folder)]
