"""Grading a class: what changed is graded, what is lost is tried again, and marks depend on nothing else."""

import errno
import json
import os
import signal
import tempfile
import time
from pathlib import Path

import pytest

from tests.course.conftest import course as small_course
from vla_course import cli
from vla_course.course.errors import CourseError
from vla_course.course.manifest import load_manifest
from vla_course.course.root import CourseRoot
from vla_course.grading.class_run import scheduler
from vla_course.grading.class_run.run import Run
from vla_course.grading.class_run.scheduler import Done, grade_here, on_cluster, on_this_machine
from vla_course.grading.class_run.state import fingerprint, seed_of
from vla_course.grading.judging.verdicts import ExerciseVerdict, SubmissionVerdict, TestVerdict, TooBusy
from vla_course.grading.pipeline.pipeline import STEPS, grade_class

course = small_course
FAKE = "tests.grading.test_pipeline:fake_grade"
LOG = "VLA_TEST_LOG"


def fake_grade(folder: Path, *, seed, sandbox, root, exercises=None) -> SubmissionVerdict:
    """Full points for what is no stub. A submission may say in a comment what becomes of its grader."""
    texts = {path.name: path.read_text() for path in folder.rglob("*.py")}
    everything = "\n".join(texts.values())
    log = Path(os.environ[LOG])
    with log.open("a") as stream:
        stream.write(f"{folder.name} {seed}\n")
    tries = log.read_text().count(folder.name)
    if "# always lost" in everything or ("# lost once" in everything and tries == 1):
        os.kill(os.getpid(), signal.SIGKILL)
    if "# too busy" in everything:
        raise TooBusy("this machine is too busy: it gave next to no time")
    if "# never ends" in everything:
        time.sleep(60)
    if "# slow" in everything:
        time.sleep(1.5)
    verdicts = []
    for exercise in load_manifest(root).exercises:
        if exercises is not None and exercise.id not in exercises:
            continue
        text = texts.get(exercise.file)
        solved = text is not None and f'NotAttempted("{exercise.id}")' not in text
        status = "correct" if solved else "does not load" if text is None else "not attempted"
        test = TestVerdict("hidden/t", "it holds", True, exercise.points, solved)
        points = float(exercise.points if solved else 0)
        verdicts.append(
            ExerciseVerdict(
                exercise.id, exercise.title, status, points, exercise.points, (test,), seconds=0.1
            )
        )
    total, out_of = sum(one.points for one in verdicts), sum(one.out_of for one in verdicts)
    return SubmissionVerdict(folder.name, tuple(verdicts), total, out_of, seed, "0.1.0", "limits", 0.3)


def here(tasks, root):
    """Grades in the test's own process."""
    for task in tasks:
        yield Done(task.key, grade_here(task, root))


class Class:
    """A class in a folder, and what tests do with it."""

    def __init__(self, course, tmp_path: Path) -> None:
        self.course, self.place, self.out = course, tmp_path / "submissions", tmp_path / "graded"
        self.log = tmp_path / "log"
        self.log.touch()

    def hand_in(self, name: str, *solved: str, remark: str = "") -> Path:
        for file in ("stats.py", "scale.py"):
            text = self.course.file(file).read_text()
            for exercise_id in solved:
                text = text.replace(f'raise NotAttempted("{exercise_id}")', f"return {exercise_id}")
            path = self.place / name / "day1_numbers" / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text + remark)
        return self.place / name

    def grade(self, workers: int = 0, **options) -> Run:
        options.setdefault("backend", on_this_machine(workers) if workers else here)
        options.setdefault("seed", 7)
        return grade_class(self.place, self.out, root=self.course.root, grader=FAKE, **options)

    def graded(self) -> int:
        """How often a grader ran so far."""
        return len(self.log.read_text().splitlines())

    def points(self, run: Run) -> dict[str, float]:
        return {grade.key: grade.points for grade in run.grades}


@pytest.fixture
def room(course, tmp_path, monkeypatch) -> Class:
    found = Class(course, tmp_path)
    monkeypatch.setenv(LOG, str(found.log))
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).resolve().parents[2]))
    return found


def test_marks_are_those_of_the_grader_and_everything_is_written(room):
    room.hand_in("ann", "1.1", "1.2", "1.3")
    room.hand_in("bob", "1.1")
    run = room.grade(workers=2)
    assert room.points(run) == {"ann": 9.0, "bob": 4.0}
    written = {path.relative_to(room.out).as_posix() for path in room.out.rglob("*") if path.is_file()}
    assert {name for name in written if not name.startswith("state/")} == {
        *("adjustments.toml", "canvas.csv", "class.html", "grades.csv", "moodle.csv"),
        *("items.csv", "tests.csv"),
        *("gradescope/ann.json", "gradescope/bob.json", "students/ann.html", "students/bob.html"),
    }


def test_only_what_changed_is_graded_again(room):
    room.hand_in("ann", "1.1")
    room.hand_in("bob", "1.2")
    assert room.grade().fresh == 2
    assert room.grade().fresh == 0
    room.hand_in("bob", "1.2", "1.3")
    run = room.grade()
    assert (run.fresh, room.points(run)) == (1, {"ann": 4.0, "bob": 5.0})
    hidden = room.course.root.graded / "hidden" / "day1_numbers" / "test_1_2_spread.py"
    hidden.write_text(hidden.read_text() + "# another test\n")
    assert room.grade().fresh == 2
    assert room.grade(seed=8).fresh == 2
    assert room.grade(seed=8).fresh == 0


def test_a_report_or_a_rule_changes_no_mark_so_nobody_is_graded_again(room, tmp_path):
    room.hand_in("ann", "1.1")
    room.grade()
    policy = tmp_path / "policy.toml"
    policy.write_text('assignment = "Numbers"\n')
    assert room.grade(policy=policy).fresh == 0


def test_equal_submissions_are_graded_once_and_get_equal_marks(room):
    room.hand_in("ann", "1.1")
    room.hand_in("bob", "1.1")
    assert room.points(room.grade()) == {"ann": 4.0, "bob": 4.0}
    assert room.graded() == 1


def test_the_seed_of_a_submission_depends_on_the_secret_and_on_what_is_graded(room):
    room.hand_in("ann", "1.1")
    room.hand_in("zoe", "1.2")
    first = {grade.key: grade.verdict.seed for grade in room.grade().grades}
    room.hand_in("bob", "1.3")
    run = room.grade(workers=1)
    again = {grade.key: grade.verdict.seed for grade in run.grades}
    assert first.items() <= again.items()
    assert len(set(again.values())) == 3
    other = {one.key: seed_of(one, 8) for one in run.submissions}
    assert not set(other.values()) & set(again.values())
    assert all(0 <= seed < 2**53 for seed in again.values())


def test_an_unset_seed_is_drawn_once_and_kept_from_others_eyes(room):
    room.hand_in("ann", "1.1")
    first = room.grade(seed=None)
    assert room.grade(seed=None).seed == first.seed
    assert (room.out / "state" / "seed").stat().st_mode & 0o077 == 0


def test_a_lost_grader_is_tried_again(room):
    room.hand_in("ann", "1.1", remark="# lost once\n")
    room.hand_in("bob", "1.2")
    run = room.grade(workers=2)
    assert room.points(run) == {"ann": 4.0, "bob": 3.0}
    assert room.graded() == 3


def test_a_grader_that_is_always_lost_gives_no_marks_rather_than_none_earned(room):
    room.hand_in("ann", "1.1", remark="# always lost\n")
    room.hand_in("bob", "1.2")
    run = room.grade(workers=2)
    assert room.points(run) == {"bob": 3.0}
    assert "signal 9" in run.ungraded["ann"]
    assert room.graded() == 1 + scheduler.TRIES
    rows = (room.out / "grades.csv").read_text().splitlines()
    assert rows[-1].startswith("ann,,,,")
    assert "ann" not in (room.out / "canvas.csv").read_text()
    room.hand_in("ann", "1.1")
    assert room.points(room.grade()) == {"ann": 4.0, "bob": 3.0}


def test_a_grader_that_is_killed_leaves_nothing_behind(room, monkeypatch, tmp_path):
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    monkeypatch.setattr("vla_course.grading.worker.stage._stages", {})
    room.hand_in("ann", "1.1", remark="# always lost\n")
    room.grade(workers=1)
    assert room.graded() == scheduler.TRIES
    assert [path.name.split("-")[1] for path in temporary.iterdir()] == ["stage"]  # goes with this process


def test_a_machine_without_time_gives_no_marks_and_says_why(room):
    room.hand_in("ann", "1.1", remark="# too busy\n")
    room.hand_in("bob", "1.1")
    run = room.grade(workers=1)
    assert run.ungraded == {"ann": "not graded: this machine is too busy: it gave next to no time"}
    assert room.points(run)["bob"] == 4.0


def test_a_grader_without_end_is_given_up(room, monkeypatch):
    monkeypatch.setattr("vla_course.grading.pipeline.grading.SECONDS_FOR_THE_GRADER", 2.0)
    monkeypatch.setattr("vla_course.grading.pipeline.grading.SLACK", 0.0)
    monkeypatch.setattr(scheduler, "TRIES", 1)
    room.hand_in("ann", "1.1", remark="# never ends\n")
    begun = time.monotonic()
    assert "no verdict within 2 s" in room.grade(workers=1).ungraded["ann"]
    assert time.monotonic() - begun < 60


def test_an_interruption_keeps_what_was_graded(room):
    class Impatient:
        def step(self, title): ...
        def total(self, total, done): ...
        def advance(self, what):
            raise KeyboardInterrupt

    for number, name in enumerate(("ann", "bob", "cid")):
        room.hand_in(name, "1.1", remark=f"# {number}\n" + ("" if name == "ann" else "# slow\n"))
    with pytest.raises(KeyboardInterrupt):
        room.grade(workers=1, progress=Impatient())
    kept = list((room.out / "state" / "verdicts").iterdir())
    assert len(kept) == 1
    assert room.grade().fresh == 2


def test_a_damaged_verdict_is_made_again(room):
    room.hand_in("ann", "1.1")
    room.grade()
    (kept,) = (room.out / "state" / "verdicts").iterdir()
    kept.write_text(kept.read_text()[:40])
    assert room.grade().fresh == 1


def test_another_version_of_the_course_on_the_worker_is_refused(room, monkeypatch):
    room.hand_in("ann", "1.1")
    monkeypatch.setattr(scheduler, "TRIES", 1)
    monkeypatch.setattr("vla_course.grading.pipeline.grading.fingerprint", lambda root: "of another checkout")
    assert "another version of the course" in room.grade(workers=1).ungraded["ann"]


def test_the_fingerprint_is_of_contents_not_of_places(course, tmp_path):
    import shutil

    before = fingerprint(course.root)
    shutil.copytree(course.root.folder, tmp_path / "elsewhere")
    assert fingerprint(CourseRoot(tmp_path / "elsewhere")) == before
    course.file("stats.py").write_text("an answer is no part of it")
    assert fingerprint(course.root) == before
    course.solution("stats.py").write_text(course.solution("stats.py").read_text() + "\n")
    assert fingerprint(course.root) != before


def test_nothing_that_is_handed_in_stops_the_class(room):
    room.hand_in("ann", "1.1")
    (room.place / "bob.zip").write_text("this is no zip")
    (room.place / "cid").mkdir()
    run = room.grade()
    assert room.points(run) == {"ann": 4.0, "bob": 0.0, "cid": 0.0}
    bob = next(grade for grade in run.grades if grade.key == "bob")
    assert "is not a zip that can be read" in bob.marks[0].verdict.message
    assert {mark.verdict.status for mark in bob.marks} == {"does not load"}


def test_whatever_is_handed_in_everybody_else_has_marks_and_reports(room):
    room.hand_in("ann", "1.1")
    room.hand_in("eve", "1.1")
    (room.place / "eve" / "day1_numbers" / os.fsdecode(b"hilfe_\xfcbung.py")).write_text("x = 1")
    score = {"unofficial_score": {"1.1": {"points": 10**400}}, "course": {"release": ""}, "files": {}}
    (room.place / "eve" / "submission.json").write_text(json.dumps(score))
    (room.place / f"{'l' * 246}.zip").write_bytes(b"PK")
    (room.place / os.fsdecode(b"b\xf6b\x1b[31m\xe2.zip")).write_bytes(b"PK")
    os.mkfifo(room.place / "fifo.zip")
    run = room.grade(workers=2)
    points = room.points(run)
    assert (points["ann"], points["eve"], len(points)) == (4.0, 4.0, 5)
    for kind, suffix in (("students", "html"), ("gradescope", "json")):
        assert {path.name for path in (room.out / kind).iterdir()} == {f"{key}.{suffix}" for key in points}
    for path in (room.out / name for name in ("grades.csv", "canvas.csv", "moodle.csv", "class.html")):
        assert "\x1b" not in path.read_text(encoding="utf-8")


FAULTS = (RecursionError("deep"), ValueError("odd"), OSError(36, "File name too long"), KeyError("x"))


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("what", ["of_student", "results_of"])
def test_a_report_that_cannot_be_made_is_said_and_keeps_nobody_from_theirs(room, monkeypatch, fault, what):
    from vla_course.grading.pipeline import pipeline
    from vla_course.grading.reports.report import Pages

    place = Pages if what == "of_student" else pipeline
    make = getattr(place, what)

    def fails(*given):
        if any(getattr(one, "key", "") == "ann" for one in given):
            raise fault
        return make(*given)

    monkeypatch.setattr(place, what, fails)
    room.hand_in("ann", "1.1")
    room.hand_in("bob", "1.1")
    run = room.grade()
    assert any(remark.startswith("ann: ") for remark in run.remarks)
    assert {path.name for path in (room.out / "students").iterdir()} == {"ann.html", "bob.html"}
    assert "4 of 9 points" in (room.out / "students" / "ann.html").read_text() or what == "results_of"
    assert (room.out / "gradescope" / "bob.json").exists()
    assert "ann" in (room.out / "canvas.csv").read_text()


def test_a_group_that_handed_in_once_does_not_resemble_itself(room):
    from tests.grading.test_similarity import COPIED, OWN

    for number, text in ((1, OWN), (2, COPIED)):
        (room.hand_in(f"submission_{number}") / "day1_numbers" / "stats.py").write_text(text)
    who = "submission_{}:\n  :submitters:\n  - :name: {}\n    :sid: 'a{}'\n"
    listed = who.format(1, "Ann", 1) + "  - :name: Bob\n    :sid: 'b1'\n" + who.format(2, "Cid", 2)
    (room.place / "submission_metadata.yml").write_text(listed)
    run = room.grade()
    assert {grade.key for grade in run.grades} == {"ann-a1", "bob-b1", "cid-a2"}
    assert len(run.pairs) == 1
    assert "cid-a2" in (run.pairs[0].left, run.pairs[0].right)


@pytest.mark.parametrize("number", ["ENOSPC", "EDQUOT", "EROFS"])
def test_a_full_disk_is_one_sentence_and_what_is_graded_is_kept(room, monkeypatch, number):
    from vla_course.grading.pipeline import pipeline

    def full(path, results):
        raise OSError(getattr(errno, number), "No space left on device", str(path))

    room.hand_in("ann", "1.1")
    monkeypatch.setattr(pipeline, "write_results", full)
    with pytest.raises(CourseError, match=r"writing Gradescope results: No space left on device .*ann.json"):
        room.grade()
    monkeypatch.undo()
    monkeypatch.setenv(LOG, str(room.log))
    assert room.grade().fresh == 0


def test_a_wrong_path_leaves_nothing_behind(room, tmp_path):
    for place in (tmp_path / "nowhere", tmp_path / "empty"):
        if place.name == "empty":
            place.mkdir()
        with pytest.raises(CourseError):
            grade_class(place, room.out, root=room.course.root)
        assert not room.out.exists()


def test_a_slip_of_the_instructors_is_told_before_anybody_is_graded(room, tmp_path):
    room.hand_in("Jane Doe_1_assignsubmission_file_", "1.1")
    room.hand_in("Jane Doe_2_assignsubmission_file_", "1.1")
    policy = tmp_path / "policy.toml"
    policy.write_text('[extensions]\n"Jane Doe" = 3\n')
    with pytest.raises(CourseError, match="means several, write one of jane-doe-1, jane-doe-2"):
        room.grade(policy=policy)
    assert room.graded() == 0
    policy.write_text('[extensions]\n"Jan Doe" = 3\n"jane-doe-1" = 3\n')
    assert 'policy.toml, extensions: nobody of this class is "Jan Doe"' in room.grade(policy=policy).remarks


def test_marks_are_for_the_eyes_that_the_umask_says(room):
    room.hand_in("ann", "1.1")
    before = os.umask(0o077)
    try:
        room.grade()
    finally:
        os.umask(before)
    files = [path for path in room.out.rglob("*") if path.is_file()]
    assert {path.stat().st_mode & 0o077 for path in files} == {0}


def test_an_answer_in_a_notebook_is_named(room):
    place = room.hand_in("ann", "1.2").parent / "ann"
    cell = {"cell_type": "code", "source": ["%matplotlib inline\n", "def mean(values):\n", "    return 1.0\n"]}
    (place / "work.ipynb").write_text(json.dumps({"cells": [{"cell_type": "markdown", "source": "def mean"}, cell]}))
    (place / "broken.ipynb").write_text("{")
    (submission,) = room.grade().submissions
    assert submission.notes[-1].endswith("in the file, which is what is graded: 1.1 (cell 2 of work.ipynb)")
    room.hand_in("ann", "1.1", "1.2")
    (submission,) = room.grade().submissions
    assert submission.notes == ()


def test_what_is_no_longer_handed_in_leaves_no_reports(room):
    room.hand_in("ann", "1.1")
    gone = room.hand_in("bob", "1.2")
    room.grade()
    gone.rename(room.place.parent / "bob")
    room.grade()
    assert [path.name for path in (room.out / "students").iterdir()] == ["ann.html"]


def test_only_the_exercises_of_the_policy_count(room, tmp_path):
    policy = tmp_path / "policy.toml"
    policy.write_text('exercises = ["1.1", "1.3"]\n')
    room.hand_in("ann", "1.1", "1.2")
    (grade,) = room.grade(policy=policy).grades
    assert (grade.points, grade.out_of) == (4.0, 6)


def test_a_step_can_be_left_out(room):
    room.hand_in("ann", "1.1")
    room.grade(steps=[step for step in STEPS if step.title != "writing reports"])
    assert not (room.out / "class.html").exists()


def test_the_command_tells_what_is_wrong_in_one_line(room, tmp_path, capsys, monkeypatch):
    assert cli.main(["grade", str(tmp_path / "nowhere"), "--out", str(room.out)]) == 2
    assert "nowhere is not there" in capsys.readouterr().err
    room.hand_in("ann", "1.1")
    monkeypatch.setattr(scheduler, "CONNECT_SECONDS", 0.5)
    with pytest.raises(CourseError, match="no Dask scheduler answers"):
        room.grade(backend=on_cluster("tcp://127.0.0.1:9"))


@pytest.mark.slow
def test_marks_are_the_same_one_by_one_in_parallel_and_on_a_cluster_that_loses_a_worker(room):
    from distributed import LocalCluster

    for number in range(6):
        room.hand_in(
            f"student-{number}", *("1.1", "1.2", "1.3")[: number % 4], remark=f"# {number}\n# slow\n"
        )

    def rows() -> str:
        return (room.out / "grades.csv").read_text()

    def regrade(**options) -> str:
        for kept in (room.out / "state" / "verdicts").glob("*"):
            kept.unlink()
        assert room.grade(**options).fresh == 6
        return rows()

    alone = regrade(workers=1)
    assert regrade(workers=3) == alone
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:

        class KillsAWorker:
            killed = False

            def step(self, title): ...
            def total(self, total, done): ...
            def advance(self, what):
                if not self.killed:
                    self.killed = True
                    worker = next(iter(cluster.workers.values()))
                    os.kill(worker.process.pid, signal.SIGKILL)

        assert regrade(backend=on_cluster(cluster.scheduler_address), progress=KillsAWorker()) == alone


@pytest.mark.parametrize("verb", ["submit", "grade", "release"])
def test_the_commands_have_help_with_an_example(capsys, verb):
    assert cli.main([verb, "--help"]) == 0
    assert f"Example: vla-course {verb}" in capsys.readouterr().out
