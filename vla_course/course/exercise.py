"""The mark that makes a function an exercise, and what an unsolved one says."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from html import escape
from typing import ParamSpec, TypeVar

from vla_course.course.root import ISOLATE_VARIABLE

P = ParamSpec("P")
R = TypeVar("R")


def exercise(exercise_id: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Mark a function or method as the place where exercise `exercise_id` is solved.

    The function itself comes back, not a wrapper, so that a traceback shows the student's lines only. While
    another exercise is checked (`VLA_COURSE_ISOLATE`), the reference's function comes back instead: a mistake
    made here costs points here and nowhere else.
    """
    if not isinstance(exercise_id, str):
        raise TypeError(f'@exercise is {exercise_id!r}, expected the exercise\'s number: @exercise("3.1")')

    def mark(function: Callable[P, R]) -> Callable[P, R]:
        isolated = os.environ.get(ISOLATE_VARIABLE)
        if isolated and isolated != exercise_id and function.__module__.startswith("vla_course.exercises."):
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
        title, path, what, _ = self._whereabouts()
        if what:
            return f"exercise {self.exercise_id}{title} is begun, but {what}"
        return (
            f"exercise {self.exercise_id}{title} is not solved yet: {path}, "
            f'then run check("{self.exercise_id}") or `vla-course check {self.exercise_id}`'
        )

    def _whereabouts(self) -> tuple[str, str, str, str]:
        """Title, what to write, what is left over in an answer, and the file; the manifest knows them, if anybody."""
        from vla_course.course.errors import CourseError
        from vla_course.course.helping.restoring import pristine
        from vla_course.course.manifest import load_manifest
        from vla_course.course.root import CourseRoot
        from vla_course.course.source.leftover import leftover

        root = CourseRoot.current()
        try:
            found = load_manifest(root).exercise(self.exercise_id)
            file = root.desk() / found.path
            path, stub = root.shorten(file), pristine(root, found.path)
            rest = leftover(file.read_text(encoding="utf-8", errors="replace"), stub, self.exercise_id)
        except (CourseError, OSError):
            return "", f'look for @exercise("{self.exercise_id}") and write your answer there', "", ""
        says = f'`raise NotAttempted("{self.exercise_id}")`'
        what = f"line {rest.line} of {path} still says {says}: {rest.advice}" if rest else ""
        return f" ({found.title})", f"write {found.symbol} in {path}", what, path

    def _render_traceback_(self) -> list[str]:
        """IPython asks here: a card in a notebook, and one line in place of the traceback."""
        shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
        if not hasattr(shell, "kernel"):
            return [str(self)]
        if not self._card_shown:
            self._card_shown = True
            from IPython.display import HTML, display

            from vla_course.course.showing.card import card, code, prose
            from vla_course.course.showing.links import linked

            title, write, what, path = self._whereabouts()
            check, hint = (code(f'{verb}("{self.exercise_id}")') for verb in ("check", "hint"))
            if what:
                todo = linked(prose(what[0].upper() + what[1:]), path)
            else:
                stub = code("raise NotAttempted(...)")
                todo = f"{linked(prose(write[0].upper() + write[1:]), path)} in place of {stub}"
            body = f"<p>{todo}, then run {check}. Stuck? {hint} helps.</p>"
            waits = "is begun" if what else "is waiting for you"
            headline = f"Exercise {self.exercise_id}{escape(title)} {waits}"
            display(HTML(card(headline, body, tone="info")))
        return [f"NotAttempted: exercise {self.exercise_id}"]
