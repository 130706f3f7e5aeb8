"""The mark that makes a function an exercise, and what an unsolved one says."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from vla_course.course.root import ISOLATE_VARIABLE
from vla_course.course.shown import as_html, in_words

P = ParamSpec("P")
R = TypeVar("R")


def exercise(exercise_id: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Mark a function or method as the place where exercise `exercise_id` is solved.

    The function itself comes back, not a wrapper, so that a traceback shows the student's lines only. While
    another exercise is checked (`VLA_COURSE_ISOLATE` names one, or several with commas between them), the
    reference's function comes back instead: a mistake made here costs points here and nowhere else.
    """
    if not isinstance(exercise_id, str):
        raise TypeError(f'@exercise is {exercise_id!r}, expected the exercise\'s number: @exercise("3.1")')

    def mark(function: Callable[P, R]) -> Callable[P, R]:
        isolated = os.environ.get(ISOLATE_VARIABLE)
        stands_back = isolated and exercise_id not in isolated.split(",")
        if stands_back and function.__module__.startswith("vla_course.exercises."):
            from vla_course.course.isolation import reference_of, stand_in

            return stand_in(reference_of(function))
        function.__exercise__ = exercise_id  # type: ignore[attr-defined]
        return function

    return mark


class NotAttempted(Exception):
    """Raised by a stub. "Not attempted" is never the same as "wrong"."""

    def __init__(self, exercise_id: str) -> None:
        super().__init__(exercise_id)
        self.exercise_id = exercise_id
        self._card_shown = False  # IPython renders an exception twice: for the cell and for its history

    def __str__(self) -> str:
        return in_words(self) or f"exercise {self.exercise_id} is not solved yet"

    def _render_traceback_(self) -> list[str]:
        """IPython asks here: a card in a notebook, and one line in place of the traceback."""
        shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
        card = as_html(self) if hasattr(shell, "kernel") else None
        if card is None:
            return [str(self)]
        if not self._card_shown:
            self._card_shown = True
            from IPython.display import HTML, display

            display(HTML(card))
        return [f"NotAttempted: exercise {self.exercise_id}"]
