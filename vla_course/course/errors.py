"""What a user is told in one line, without a traceback."""

from __future__ import annotations


class CourseError(Exception):
    """Something a person can put right: the message says what was found and what to type or write instead.

    The command line prints the message alone; a notebook does the same.
    """

    def _render_traceback_(self) -> list[str]:
        return [str(self)]


class Unresolved(CourseError):
    """Raised with every problem found, one a line, so that an author mends them in one go."""

    def __init__(self, headline: str, problems: list[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n  ".join([headline, *problems]))
