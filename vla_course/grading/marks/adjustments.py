"""Marks changed by hand, and requests to have one looked at again: `adjustments.toml`, written by people."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from pydantic import Field, model_validator

from vla_course.course.manifest import Manifest
from vla_course.grading.marks.reading import Checked, read_toml

TEMPLATE = """# Marks changed by hand. Applied again each time the class is graded; never overwritten.
# What changes is told in the student's report and kept in history.csv: who, when, why.
#
# [[adjust]]
# student = "jane-doe-4711"        # as in the column "student" of grades.csv; the name or the id do as well
# exercise = "3.4"                 # leave it out to change the total
# points = 2.0                     # added to what was earned (or: set = 4.0, in place of it)
# reason = "right idea, told in the oral exam"     # printed in the student's report
# by = "A. Marker"                 # who decided; left out, whoever grades
# request = "my sign is the book's"                # what the student asked, if they did: printed as well
"""


class Adjustment(Checked):
    """One decision by hand: a change of a mark, the answer to a request, or a request that is still open."""

    student: str = Field(min_length=1)
    exercise: str | None = None
    points: float | None = None
    set: float | None = Field(default=None, ge=0)
    reason: str = ""
    by: str = ""
    request: str = ""

    @model_validator(mode="after")
    def _one_decision(self) -> Adjustment:
        if self.points is not None and self.set is not None:
            raise ValueError("expected either points (added) or set (in place of what was earned), not both")
        if not self.changes and not self.request.strip():
            raise ValueError(
                "expected either points (added) or set (in place of what was earned), or a request"
            )
        if self.changes and not self.reason.strip():
            raise ValueError("expected a reason: the student reads it")
        return self

    @property
    def changes(self) -> bool:
        return self.points is not None or self.set is not None

    @property
    def is_open(self) -> bool:
        """Whether a student asked and nobody has answered."""
        return bool(self.request.strip()) and not self.reason.strip()

    def apply(self, earned: float) -> float:
        return max(0.0, self.set if self.set is not None else earned + (self.points or 0.0))

    def beyond(self, result: float, worth: float) -> bool:
        """Whether it moves more points than there are, or leads to more than there are."""
        return self.changes and (result > worth or abs(self.points or 0.0) > worth)


class _Adjustments(Checked):
    adjust: tuple[Adjustment, ...] = ()


def read_adjustments(
    path: Path, manifest: Manifest, questions: Collection[str] = ()
) -> tuple[Adjustment, ...]:
    """The adjustments in that file; none where there is no file.

    Args:
        path: of `adjustments.toml`.
        manifest: knows the exercises that may be named.
        questions: ids of questions that people mark, which may be named as well.

    Raises:
        CourseError: where the file cannot be read, a field is wrong or an exercise is unknown.
    """
    if not path.exists():
        return ()
    found = read_toml(path, _Adjustments).adjust
    for one in found:
        if one.exercise is not None and one.exercise not in questions:
            manifest.exercise(one.exercise)
    return found
