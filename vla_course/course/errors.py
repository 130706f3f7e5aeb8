"""What a user is told in one line, without a traceback."""

from __future__ import annotations

from pathlib import Path


class CourseError(Exception):
    """Something a person can put right: the message says what was found and what to type or write instead.

    The command line prints the message alone; a notebook does the same.
    """

    def _render_traceback_(self) -> list[str]:
        return [str(self)]


class NotWritten(CourseError):
    """A file could not be written; `why` is what the operating system says of it."""

    def __init__(self, path: Path, fault: OSError) -> None:
        self.path = path
        self.why = fault.strerror or str(fault)
        super().__init__(f"{path} could not be written: {self.why}")


class Unresolved(CourseError):
    """Raised with every problem found, one a line, so that an author mends them in one go."""

    def __init__(self, headline: str, problems: list[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n  ".join([headline, *problems]))
