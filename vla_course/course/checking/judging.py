"""What a graded test is written with: `graded`, `expect`, `expect_close`, `expect_raises`.

Each failure is one `Mismatch` that carries what a card shows: one clear sentence, expected against got, the
unit, and the name of the mistake where the answer is the one that a known mistake gives.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
from numpy.typing import ArrayLike

from vla_course.course.checking.tensors import is_tensor, without_tensor
from vla_course.course.exercise import NotAttempted

Picture = Callable[[], Any]
"""Draws what explains a failure, only then: returns a matplotlib Figure or the bytes of a PNG."""

F = TypeVar("F", bound=Callable[..., None])

SHOWN_CHARACTERS = 160


@dataclass(frozen=True)
class Graded:
    """What a graded test is about: its exercise, its worth, and the property in words the student reads."""

    exercise_id: str
    points: int
    says: str


def graded(exercise_id: str, *, points: int, says: str) -> Callable[[F], F]:
    """Mark a test as one graded property of an exercise."""
    if not isinstance(points, int) or points < 1:
        raise ValueError(f"graded({exercise_id!r}): points is {points!r}, expected a whole number above 0")
    if not says.strip():
        raise ValueError(f"graded({exercise_id!r}): says is empty, expected the property in words")

    def mark(test: F) -> F:
        test.__graded__ = Graded(exercise_id, points, says)  # type: ignore[attr-defined]
        return test

    return mark


class Mismatch(AssertionError):
    """An answer that is not what it should be."""

    def __init__(
        self,
        message: str,
        *,
        expected: str = "",
        got: str = "",
        unit: str = "",
        mistake: str | None = None,
        picture: Picture | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.expected = expected
        self.got = got
        self.unit = unit
        self.mistake = mistake
        self.picture = picture


def expect(
    condition: bool,
    what: str,
    *,
    got: object = None,
    expected: object = None,
    unit: str = "",
    mistake: str | None = None,
    picture: Picture | None = None,
) -> None:
    """Expect something of an answer; `what` is the sentence the student reads when it does not hold.

    `mistake` names the known mistake that this failure gives away.
    """
    if not condition:
        raise Mismatch(
            what,
            expected="" if expected is None else _shown(expected),
            got="" if got is None else _shown(got),
            unit=unit,
            mistake=mistake,
            picture=picture,
        )


def expect_close(
    got: object,
    expected: ArrayLike,
    *,
    what: str,
    unit: str = "",
    atol: float = 1e-9,
    rtol: float = 0.0,
    mistakes: Mapping[str, ArrayLike | None] | None = None,
    picture: Picture | None = None,
) -> None:
    """Expect a number, an array or a tensor: |got - expected| <= atol + rtol |expected|, element by element.

    `what` names the quantity ("ZMP"). `mistakes` maps the name of each known mistake to the value it
    would give. Lists and tuples pass for arrays; None, other types, other shapes and NaN each get their own
    sentence.
    """
    wanted = _numbers(expected)
    fault = _fault(got, wanted, what, atol, rtol)
    if fault is None:
        return

    def is_given_by(value: ArrayLike | None) -> bool:
        if value is None or got is None:
            return value is got
        return _fault(got, _numbers(value), what, atol, rtol) is None

    named = (name for name, value in (mistakes or {}).items() if is_given_by(value))
    digits = 6 if _shown(got) != _shown(expected) else 15
    raise Mismatch(
        fault,
        expected=_shown(expected, digits),
        got=_shown(got, digits),
        unit=unit,
        mistake=next(named, None),
        picture=picture,
    )


def expect_raises(
    kind: type[Exception],
    call: Callable[..., object],
    *arguments: object,
    what: str,
    mistake: str | None = None,
) -> None:
    """Expect that the call refuses its arguments with that exception; `what` says which input it is."""
    try:
        got = call(*arguments)
    except NotAttempted:
        raise
    except kind:
        return
    except Exception as other:
        raised = f"{type(other).__name__}: {other}"
        message = f"{what} should raise {kind.__name__}, not {type(other).__name__}"
        raise Mismatch(message, expected=kind.__name__, got=raised, mistake=mistake) from other
    raise Mismatch(
        f"{what} should raise {kind.__name__}", expected=kind.__name__, got=_shown(got), mistake=mistake
    )


def _numbers(value: ArrayLike) -> np.ndarray:
    return np.asarray(without_tensor(value), dtype=np.float64)


def _fault(got: object, wanted: np.ndarray, what: str, atol: float, rtol: float) -> str | None:
    """What is wrong with the answer in one sentence, or nothing."""
    kind = f"an array of shape {wanted.shape}" if wanted.shape else "a number"
    if got is None:
        return f"{what} is None, expected {kind}: does every path of the function return its result?"
    try:
        values = np.asarray(without_tensor(got))
    except ValueError:  # rows of different lengths
        return f"{what} is ragged (rows of different lengths), expected {kind}"
    if values.dtype.kind not in "fiub":
        return f"{what} is of type {type(got).__name__}, expected {kind} of real numbers"
    if values.shape != wanted.shape:
        found = f"has shape {values.shape}" if values.shape else "is a single number"
        return f"{what} {found}, expected {kind}"
    values = values.astype(np.float64)
    strange = ~np.isfinite(values) & np.isfinite(wanted)
    if strange.any():
        at = tuple(int(i) for i in np.argwhere(strange)[0])
        return f"{what} is {values[at]}{_at(at)}: a division by zero, or a value never set?"
    close = np.isclose(values, wanted, rtol=rtol, atol=atol, equal_nan=True)
    if close.all():
        return None
    with np.errstate(invalid="ignore"):
        off = np.where(close, 0.0, np.nan_to_num(np.abs(values - wanted), nan=np.inf, posinf=np.inf))
    at = tuple(int(i) for i in np.unravel_index(int(off.argmax()), off.shape))
    return f"{what} is off by {off[at]:.3g}{_at(at)}"


def _at(index: tuple[int, ...]) -> str:
    if not index:
        return ""
    return f" at index {index[0]}" if len(index) == 1 else f" at index {index}"


def _shown(value: object, digits: int = 6) -> str:
    """A value as a card shows it: short, with the digits that matter."""
    if isinstance(value, np.ndarray | np.number) or is_tensor(value):
        value = value.tolist()
    text = _written(value, digits)
    return text if len(text) <= SHOWN_CHARACTERS else f"{text[:SHOWN_CHARACTERS]} ..."


def _written(value: object, digits: int) -> str:
    if isinstance(value, list | tuple):
        return f"[{', '.join(_written(element, digits) for element in value)}]"
    if isinstance(value, float):
        return f"{value:.{digits}g}"
    return value if isinstance(value, str) else repr(value)
