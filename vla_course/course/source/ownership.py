"""Whose work a generated file holds: a student's, which is nobody's business, or an author's, which is out of step.

A stub or a notebook that is not what its source gives looks the same in both cases; its history tells them apart.
What the source gives was committed here once: then somebody has worked on the file since. It never was: then the
source has moved on and the file has not. Where there is no history there is no author. `VLA_COURSE_AUTHOR` set
takes every difference for an author's; continuous integration sets it, so that none is ever let through.
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from vla_course.course.root import CourseRoot
from vla_course.course.source.source import with_plain_ends

AUTHOR_VARIABLE = "VLA_COURSE_AUTHOR"


def is_own(root: CourseRoot, path: Path, pristine: str | None = None) -> bool:
    """Whether the file, which is not `pristine`, is a student's own work.

    Args:
        root: the checkout that the file is in.
        path: the file; it need not be there any more.
        pristine: what its source gives. None: nobody can say, and what was committed last stands for it.
    """
    if os.environ.get(AUTHOR_VARIABLE):
        return False
    inside = root.shorten(path)
    if not _git(root, "log", "-1", "--format=%h", "--", inside):
        return path.exists() or not _git(root, "rev-parse", "HEAD")  # a file that never was, nobody has deleted
    if pristine is None:
        return bool(_git(root, "diff", "--name-only", "HEAD", "--", inside))
    blob = _git(root, "hash-object", "--stdin", "--no-filters", text=with_plain_ends(pristine))
    return bool(_git(root, "log", "-1", "--format=%h", f"--find-object={blob}", "--", inside))


def _git(root: CourseRoot, *arguments: str, text: str = "") -> str:
    """What git answers; nothing where there is no git, or no repository."""
    try:
        answer = subprocess.run(
            ["git", *arguments], cwd=root.folder, input=text.encode("utf-8"), capture_output=True, check=False
        )
    except OSError:
        return ""
    return answer.stdout.decode("utf-8", errors="replace").strip() if answer.returncode == 0 else ""
