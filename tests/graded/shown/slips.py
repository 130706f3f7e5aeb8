"""Which known mistake explains what came: one that explains all the answers of a test, not one by chance."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from vla_course.course.checking.judging import Mismatch, Picture, expect_close
from vla_course.course.checking.tensors import without_tensor


@dataclass(frozen=True)
class Case:
    """One answer, the one expected, and the one that each known mistake gives."""

    what: str
    got: object
    expected: ArrayLike
    mistakes: Mapping[str, ArrayLike]
    picture: Picture | None = None


def expect_all(*cases: Case, unit: str, atol: float = 1e-9, rtol: float = 0.0) -> None:
    """Expect every answer; a mistake is named only where it explains all of them, right ones included."""

    def explains(name: str) -> bool:
        return all(is_close(case.got, case.mistakes[name], atol, rtol) for case in cases)

    names = [name for name in cases[0].mistakes if explains(name)]
    for case in cases:
        expect_close(
            case.got,
            case.expected,
            what=case.what,
            unit=unit,
            atol=atol,
            rtol=rtol,
            mistakes={name: case.mistakes[name] for name in names},
            picture=case.picture,
        )


def either(got: object, *faces: ArrayLike, atol: float = 1e-9) -> ArrayLike:
    """Of the answers that one mistake can give, the one that came, else the first."""
    return next((face for face in faces if is_close(got, face, atol)), faces[0])


def in_float32(got: object, right: ArrayLike) -> ArrayLike:
    """The answer itself where each number of it is one of float32 and nearly right; else nothing that could come."""
    try:
        values = np.asarray(without_tensor(got), dtype=np.float64)
    except (TypeError, ValueError):
        return np.nan
    if values.shape != np.shape(right) or not np.array_equal(values, values.astype(np.float32)):
        return np.nan
    return values if np.allclose(values, right, rtol=0.0, atol=1e-5 * float(np.abs(right).max())) else np.nan


def is_close(got: object, value: ArrayLike, atol: float, rtol: float = 0.0) -> bool:
    """Whether the answer is this value, whatever it is."""
    if np.any(np.isnan(value)):
        return False
    try:
        expect_close(got, value, what="it", atol=atol, rtol=rtol)
    except Mismatch:
        return False
    return True
