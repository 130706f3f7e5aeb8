"""The frame's own functions and classes where the student's code runs: here in a notebook, in the worker in grading."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

FRAME = "vla_course."


def beside(student: object, frame: Callable[..., Any]) -> Callable[..., Any]:
    """A function or class of the frame, to be called beside the student's code.

    Objects that cannot cross (an encoder, a clock, a function to be timed) are made there with it and handed to
    the student's functions: `student.measure(beside(student, ScriptedClock)([0.0, 0.1]))`. `student` is the
    exercise's module or anything that came from it; `frame` stands at the top level of a module of `vla_course`,
    which a worker has as well; raises `ValueError` for any other. What it answers there passes the student's
    hands, so believe it no more than the student.
    """
    module, name = getattr(frame, "__module__", ""), getattr(frame, "__qualname__", "")
    if not module.startswith(FRAME) or not name.isidentifier():
        raise ValueError(f"beside: {module}.{name}, expected a function or class at the top level of {FRAME}*")
    elsewhere = getattr(type(student), "__beside__", None)
    return frame if elsewhere is None else elsewhere(student, module, name)


def shares_memory(function: Callable[..., Any], *arguments: Any) -> bool:
    """Whether the array that a function returns is, in part, one of those that it was given; to be called beside it."""
    import numpy as np

    answer = function(*arguments)
    arrays = [one for one in arguments if isinstance(one, np.ndarray)]
    return isinstance(answer, np.ndarray) and any(np.shares_memory(answer, one) for one in arrays)
