"""What the name of a file or folder tells: whose it is, when it came, and what the student called it."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from vla_course.grading.intake.whose.names import key_of


@dataclass(frozen=True)
class Named:
    """One entry among the submissions, as its platform or a person named it."""

    name: str
    """as a person reads it"""
    id: str = ""
    """as the platform knows the student, or a number in a name that people wrote"""
    platform: str = ""
    """nothing where people named it"""
    late: bool = False
    attempt: str = ""
    """entries with the same belong together; the greatest is the last one"""
    order: int = 0
    """among entries of one attempt: the later one has the greater"""
    file: str = ""
    """the file's own name, before the platform put the student's in front of it"""
    text: bool = False
    """what was typed into a field of the platform, or what it says about a file: never a submission"""
    submitted: datetime.datetime | None = None
    """when the platform says that it came; without a zone where it does not say which"""
    copy: int = 0
    """the number that a browser puts behind a file that it has loaded before"""
    email: str = ""
    remark: str = ""
    """what the instructor should know about the name"""

    @property
    def key(self) -> str:
        """One word for the student, for file names and tables; two students may still share it."""
        return key_of(self.name, self.id)

    @property
    def person(self) -> tuple[str, ...]:
        """Equal for entries of one student: the platform's id decides, and without one the name as it is written.

        Brightspace's first number has been seen to stand for the folder and not for the student, and a number that
        a person wrote may be a course's: there, the name counts as well.
        """
        if self.id and self.platform not in ("", "Brightspace"):
            return self.platform, self.id
        return self.platform, self.id, self.name
