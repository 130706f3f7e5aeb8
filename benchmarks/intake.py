"""Does everybody of a class get one line, with the right id, attempt and lateness? And what is nothing said about?

python benchmarks/intake.py [--quick] [--json] [--seed N]

Six exports (Canvas, Moodle, Brightspace, Blackboard, Gradescope, names that people give) hold sixty people with what
real classes bring; they go through the whole of `vla-course grade`, but that a verdict is made up in place of grading.
In full, five classes with other names, spellings and systems.
"""

import csv
import dataclasses
import io
import resource
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from intake_class import DUE, EXERCISE, HOME, Export, Known, Maker
from report import Figure, arguments, report, share

from vla_course.course.manifest import load_manifest
from vla_course.course.root import CourseRoot
from vla_course.course.source.stubs import generate
from vla_course.grading.class_run.run import Run
from vla_course.grading.class_run.scheduler import Done, Task
from vla_course.grading.judging.verdicts import ExerciseVerdict, SubmissionVerdict
from vla_course.grading.pipeline.pipeline import grade_class

ROOT = CourseRoot.current()
PER_DAY = 0.1
CLASSES = 5

Row = dict[str, str]


@dataclasses.dataclass
class Found:
    """What became of one person."""

    person: Known
    one_line: bool
    right_id: bool
    right_attempt: bool
    right_lateness: bool
    said: bool


def graded(export: Export) -> tuple[Run, dict[str, list[Row]]]:
    """The export through the whole pipeline; and the rows of the files that it writes, by name."""
    for name, rows in (("roster.csv", export.roster), ("times.csv", export.times)):
        stream = io.StringIO()
        csv.writer(stream).writerows(rows)
        (export.folder / name).write_text(stream.getvalue(), encoding="utf-8")
    times = "times.csv" if len(export.times) > 1 else "names"
    extensions = "".join(f'"{name}" = {days}\n' for name, days in export.extensions.items())
    policy = export.folder / "policy.toml"
    policy.write_text(
        f'exercises = ["{EXERCISE}"]\nroster = "roster.csv"\n[late]\ndeadline = {DUE.isoformat()}\n'
        f'per_day = {PER_DAY}\ntimes = "{times}"\n[extensions]\n{extensions}',
        encoding="utf-8",
    )
    out = export.folder / "graded"
    run = grade_class(export.place, out, root=ROOT, policy=policy, seed=1, backend=made_up)
    return run, {
        name: list(csv.DictReader(io.StringIO((out / f"{name}.csv").read_text(encoding="utf-8"))))
        for name in ("grades", "canvas", "moodle")
    }


def made_up(tasks: Sequence[Task], root: CourseRoot) -> Iterator[Done]:
    """Full marks for every submission, without grading any."""
    exercise = load_manifest(root).exercise(EXERCISE)
    points = float(exercise.points)
    verdict = ExerciseVerdict(exercise.id, exercise.title, "correct", points, exercise.points, ())
    for task in tasks:
        yield Done(
            task.key, SubmissionVerdict("", (verdict,), points, exercise.points, task.seed, "", "limits", 0.1)
        )


def look(export: Export) -> tuple[list[Found], list[str]]:
    """What became of everybody, and what was expected to be said of the class and was not."""
    run, files = graded(export)
    by_sis: dict[str, list[Row]] = {}
    for row in files["canvas"][1:]:  # the first says how many points there are
        by_sis.setdefault(row["SIS User ID"], []).append(row)
    moodle = {row["ID number"]: row for row in files["moodle"]}
    found = [_became(person, export, run, by_sis, moodle) for person in export.people]
    strange = set(by_sis) - {person.sis_id for person in export.people}
    silent = [
        f"{export.platform}: {words}"
        for words in export.said
        if not any(words in text for text in run.remarks)
    ]
    return found, silent + [f"{export.platform}: a line for {name or 'nobody'}" for name in sorted(strange)]


def _became(
    person: Known, export: Export, run: Run, by_sis: dict[str, list[Row]], moodle: dict[str, Row]
) -> Found:
    rows = by_sis.get(person.sis_id, [])
    grades = [grade for grade in run.grades if grade.person and grade.person.sis_id == person.sis_id]
    canvas_id = person.number if export.platform == "Canvas" else ""
    participant = f"Participant {person.number}" if export.platform == "Moodle" else ""
    if person.absent:  # their number is the roster's, of the platform whose numbers the roster has
        line = [row for row in rows if float(row["VLA course"]) == 0]
        listed = next((row[0] for row in export.roster if row[3] == person.sis_id), "")
        canvas_id = listed if export.platform == "Canvas" else ""
        participant = f"Participant {listed}" if export.platform == "Moodle" else ""
        right = (
            bool(line) and line[0]["ID"] == canvas_id and moodle[person.sis_id]["Identifier"] == participant
        )
        return Found(person, len(rows) == len(line) == 1 and not grades, right, True, True, True)
    if len(rows) != 1 or len(grades) != 1:
        return Found(person, False, False, False, False, False)
    (grade,) = grades
    files = b"".join(grade.submission.files.values())
    mine = f"RIGHT {person.sis_id}".encode() in files and b"WRONG" not in files
    attempt = mine if person.answers else not grade.submission.files or b"RIGHT" not in files
    worth = 0.0 if not person.answers else grade.verdict.points * (1 - PER_DAY * person.days)
    told = [*grade.notes, *run.remarks]
    told += [mark.verdict.message for mark in grade.marks]
    return Found(
        person,
        one_line=True,
        right_id=rows[0]["ID"] == canvas_id and moodle[person.sis_id]["Identifier"] == participant,
        right_attempt=attempt,
        right_lateness=grade.late.days == person.days and abs(float(rows[0]["VLA course"]) - worth) < 1e-9,
        said=not person.said or any(person.said in text for text in told),
    )


def cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def main() -> None:
    options = arguments(__doc__ or "")
    stub = generate(ROOT)[load_manifest(ROOT).exercise(EXERCISE).path].replace(
        'NotAttempted("', 'ValueError("'
    )
    assert str(load_manifest(ROOT).exercise(EXERCISE).path) == HOME
    everybody: list[Found] = []
    silent: list[str] = []
    begun, classes = cpu(), 1 if options.quick else CLASSES
    for number in range(classes):
        with tempfile.TemporaryDirectory(prefix="vla-intake-") as scratch:
            for export in Maker(Path(scratch), stub, options.seed + number).build():
                found, unsaid = look(export)
                everybody += found
                silent += unsaid
                silent += [
                    f"{export.platform}, {one.person.kind}" for one in found if one.one_line and not one.said
                ]
    seconds = (cpu() - begun) / classes
    aims = {
        "one_line": "every person has one line",
        "right_id": "the id in the columns of its platform and in no other",
        "right_attempt": "the files that ought to be graded",
        "right_lateness": "days and marks by the right time",
    }
    figures = [share(aims[name], [getattr(one, name) for one in everybody], ">= 1") for name in aims]
    figures += [
        Figure("oddities that nothing is said about", len(silent), "", "<= 0", n=len(everybody)),
        Figure("people in a class", len(everybody) / classes, "", ">= 60", n=classes),
        Figure("processor time of taking a class in", seconds, "s", n=classes),
    ]
    wrong = [
        f"{one.person.kind} ({one.person.name}): not {aims[name]}"
        for one in everybody
        for name in aims
        if not getattr(one, name)
    ]
    for line in dict.fromkeys(wrong + [f"silent: {one}" for one in silent]):
        print(line)
    report("intake", figures, options, notes=list(dict.fromkeys(wrong + silent)))


if __name__ == "__main__":
    main()
