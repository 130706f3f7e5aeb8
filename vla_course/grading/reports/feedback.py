"""All reports of a class as one zip for each platform, in the names by which it gives them back to the students.

Canvas ("Re-Upload Submissions" beside the assignment) finds student and attachment by the two numbers in the
original name, and shows what it gets under that attachment's own name: so a report goes back inside of a file of the
kind that was handed in. Moodle ("Upload multiple feedback files in a zip") finds the participant by the number in a
folder's name, and takes any file in it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path, PurePosixPath

from vla_course.grading.intake.submit import write_bytes, zip_bytes
from vla_course.grading.marks.gradebook import Grade

CANVAS, MOODLE = "feedback_canvas.zip", "feedback_moodle.zip"
REPORT = "report.html"


def write_feedback(out: Path, grades: Sequence[Grade], page: Callable[[Grade], str]) -> list[str]:
    """Write the zip of each platform that the class handed in on; one that is not needed any more goes.

    Args:
        out: the folder of the graded class.
        grades: of everybody.
        page: the report of one, as HTML.

    Returns:
        Remarks on whose report can go back by no zip.
    """
    remarks: list[str] = []
    files: dict[str, dict[str, bytes]] = {CANVAS: {}, MOODLE: {}}
    for grade in _one_a_submission(grades, remarks):
        platform = grade.submission.came_by
        if platform == "Moodle":
            files[MOODLE][f"{moodle_folder(grade)}/{REPORT}"] = page(grade).encode()
        elif platform == "Canvas":
            name = canvas_name(grade)
            if name is None:
                told = ", ".join(grade.submission.originals)
                remarks.append(
                    f"{grade.key}: Canvas gives back zips and Python files, not {told}: send the report"
                )
            else:
                files[CANVAS][name] = canvas_file(name, grade, page)
    for name, members in files.items():
        if members:
            write_bytes(out / name, zip_bytes(members))
        else:
            (out / name).unlink(missing_ok=True)
    return remarks


def _one_a_submission(grades: Sequence[Grade], remarks: list[str]) -> list[Grade]:
    """One grade for each name that a platform knows: what a group handed in goes back to the group, once."""
    found: dict[tuple[str, tuple[str, ...]], list[Grade]] = {}
    for grade in grades:
        found.setdefault((grade.group or grade.key, grade.submission.originals), []).append(grade)
    alone = []
    for theirs in found.values():
        if len({one.points for one in theirs}) == 1:
            alone.append(next((one for one in theirs if one.submission.platform), theirs[0]))
        else:
            remarks.append(f"{theirs[0].group}: its members have different marks: send each their own report")
    return alone


def moodle_folder(grade: Grade) -> str:
    """`Jane Doe_123456_assignsubmission_file_`, as Moodle called it; the underscore at its end is for older ones."""
    return f"{grade.submission.originals[0].partition('_assignsubmission_')[0]}_assignsubmission_file_"


def canvas_name(grade: Grade) -> str | None:
    """The original name to go back under: a zip's, else a Python file's; None where there is neither."""
    kinds = (".zip", ".py")
    return next(
        (one for kind in kinds for one in grade.submission.originals if one.lower().endswith(kind)), None
    )


def canvas_file(name: str, grade: Grade, page: Callable[[Grade], str]) -> bytes:
    """What the student opens: a zip with the report, or the report's words as a Python file's comments."""
    if PurePosixPath(name.lower()).suffix == ".zip":
        return zip_bytes({REPORT: page(grade).encode()})
    return "".join(f"# {line}".rstrip() + "\n" for line in in_words(grade)).encode()


def in_words(grade: Grade) -> list[str]:
    """The report as lines of text."""
    lines = [f"{grade.name}: {grade.points:g} of {grade.out_of:g} points", *grade.notes, ""]
    for mark in grade.marks:
        verdict = mark.verdict
        lines.append(
            f"{verdict.exercise_id} {verdict.title}: {verdict.status}, {mark.points:g} of {verdict.out_of:g}"
        )
        lines += [f"  {verdict.message}"] if verdict.message else []
        for test in verdict.tests:
            lines.append(f"  {'holds' if test.passed else 'does not hold'}: {test.says}")
            lines += [f"    {test.message}"] if test.message and not test.passed else []
        lines += [f"  changed by hand: {reason}" for reason in mark.reasons]
    for one in grade.written:
        lines.append(f"{one.question.id} {one.question.title}: {one.points:g} of {one.question.points:g}")
        lines += [f"  {one.comment}"] if one.comment else []
    return [part for line in lines for part in line.split("\n")]
