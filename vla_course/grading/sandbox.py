"""Where a worker runs: the walls around a student's code, and how high they are on this machine."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import Literal

from vla_course.course.errors import CourseError

Level = Literal["bubblewrap", "limits"]


@dataclass(frozen=True)
class Sandbox:
    """The walls that a worker is started in."""

    level: Level


def choose_sandbox(require: Level = "limits") -> Sandbox:
    """The highest walls that this machine has; raises `CourseError` where they are lower than `require`."""
    if shutil.which("bwrap"):
        return Sandbox("bubblewrap")
    if require == "bubblewrap":
        raise CourseError("bubblewrap is asked for, but there is no bwrap here (Debian, Ubuntu: install bubblewrap)")
    return Sandbox("limits")
