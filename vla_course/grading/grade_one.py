"""Grade one submission: every exercise in a worker of its own, verdicts made on this side."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from vla_course.course.root import CourseRoot
from vla_course.grading.sandbox import Sandbox
from vla_course.grading.verdicts import SubmissionVerdict


def grade_submission(
    folder: Path,
    *,
    seed: int,
    sandbox: Sandbox,
    root: CourseRoot,
    exercises: Sequence[str] | None = None,
) -> SubmissionVerdict:
    """Grade the answers in `folder` (day folders, or a checkout that holds them); never raises for their sake.

    The folder's name becomes the `submission_id`. `seed` is secret: all inputs of the tests are drawn from it.
    `exercises` are ids of the manifest, all of them where None. Nothing in `folder` is written to.
    """
    raise NotImplementedError
