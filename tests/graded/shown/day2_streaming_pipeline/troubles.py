"""Troubles of a stream, and what is done: decided one after the other, and as others decide."""

from collections.abc import Callable
from typing import Any

import numpy as np

from vla_course.course.checking.judging import expect

OF_MODEL = ("deadline_missed", "model_failed", "overloaded")
OTHERS = ("superseded", "bad_array", "too_large", "internal")
OF_INPUT = ("stale", "bad_picture", "camera_lost", "not_finite")

WAYS = ("smaller_model", "last_chunk", "hold", "stand")

Trouble = tuple[str, float, float, float, bool]
"""code, what is left of the last chunk s, s since the last good answer, patience s, whether a smaller model is ready"""


def right(code: str, left: float, since: float, patience: float, smaller: bool) -> str:
    """What is done."""
    if not (smaller and code in OF_MODEL):
        return "last_chunk" if left > 0.0 else "stand" if since > patience else "hold"
    return WAYS[0]


SLIPS: dict[str, Callable[..., str]] = {
    "smaller-for-everything": lambda code, left, since, patience, smaller: (
        "smaller_model" if smaller else right(code, left, since, patience, False)
    ),
    "faults-of-input-listed": lambda code, left, since, patience, smaller: (
        "smaller_model" if smaller and code not in OF_INPUT else right(code, left, since, patience, False)
    ),
    "never-smaller": lambda code, left, since, patience, smaller: right(code, left, since, patience, False),
    "chunk-before-model": lambda code, left, since, patience, smaller: (
        "last_chunk" if left > 0.0 else right(code, left, since, patience, smaller)
    ),
    "holds-for-ever": lambda code, left, since, patience, smaller: right(code, left, 0.0, patience, smaller),
    "never-holds": lambda code, left, since, patience, smaller: right(code, left, 1e9, patience, smaller),
    "holds-at-once": lambda code, left, since, patience, smaller: right(code, 0.0, since, patience, smaller),
    "patience-by-the-chunk": lambda code, left, since, patience, smaller: right(
        code, left, -left, patience, smaller
    ),
}


def expect_all(student: Any, troubles: list[Trouble]) -> None:
    """Expect what is done in all of them; a mistake is named where it explains all answers."""
    found = [student.choose_fallback(*one) for one in troubles]
    slip = next((name for name, does in SLIPS.items() if [does(*one) for one in troubles] == found), None)
    for one, got in zip(troubles, found, strict=True):
        code, left, since, patience, smaller = one
        what = (
            f"{code}, {left:.2f} s of the chunk left, {since:.2f} s after the last good answer, patience "
            f"{patience:.2f} s, {'a' if smaller else 'no'} smaller model"
        )
        expect(got == right(*one), what, got=got, expected=right(*one), mistake=slip)


def some_troubles(
    rng: np.random.Generator, codes: tuple[str, ...], smaller: tuple[bool, ...]
) -> list[Trouble]:
    """Every kind of each: within a chunk, just behind it, long after it."""
    found: list[Trouble] = []
    for code in codes:
        for ready in smaller:
            patience, lasts = rng.uniform(0.9, 1.2), rng.uniform(0.3, 0.5)
            for since in (0.5 * lasts, lasts + 0.1, lasts + patience - 0.1, patience + lasts + 0.3):
                found.append((code, float(lasts - since), float(since), float(patience), ready))
    return found
