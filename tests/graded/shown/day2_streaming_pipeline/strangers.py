"""What a stranger may say of an array: arrays that are sound, and fields of which one is not."""

from collections.abc import Collection, Sequence
from typing import Any

import numpy as np

from vla_course.course.checking.judging import expect

DTYPES = ["|b1", "|u1", "|i1", "<i2", "<i4", "<i8", "<f2", "<f4", "<f8"]
"""that may be"""
LONG = 1000
"""characters, that no refusal has"""


def some_array(rng: np.random.Generator, dtype: str, shape: Sequence[int]) -> np.ndarray:
    """An array of that dtype and shape, its numbers drawn."""
    if dtype == "|b1":
        return rng.random(shape) < 0.5
    return (100.0 * rng.random(shape)).astype(dtype)


def expect_read(
    student: Any, array: np.ndarray, kind: type = list, allowed: Collection[str] = DTYPES
) -> None:
    """Expect that an array that is sound is read."""
    sent = (array.dtype.str, kind(array.shape), array.tobytes())
    what = f"{array.dtype.str} of shape {list(array.shape)}"
    try:
        got = student.read_array(*sent, allowed)
    except ValueError as fault:
        wide = "numbers-for-bytes" if array.dtype.itemsize > 1 and array.size else None
        wide = wide if array.dtype.str in DTYPES else "list-of-ones-own"
        expect(False, f"{what} is sound, and refused", got=str(fault), mistake=wide)
    expect(isinstance(got, np.ndarray), f"{what} should come as an array", got=type(got).__name__)
    found = (got.dtype.str, list(got.shape), got.tobytes())
    expect(
        found == (array.dtype.str, list(array.shape), array.tobytes()),
        f"{what} comes as another array",
        got=f"{found[0]} of shape {found[1]}: {got.ravel()[:6]}",
        expected=f"{array.dtype.str} of shape {list(array.shape)}: {array.ravel()[:6]}",
    )
    expect(
        bool(got.flags.writeable),
        f"{what} cannot be written to: it is a view of the message",
        mistake="view-returned",
    )


def expect_refused(
    student: Any, what: str, field: str, mistake: str, *fields: object, allowed: Collection[str] = DTYPES
) -> None:
    """Expect that dtype, shape and data are refused, and that the message begins with the field that is not sound."""
    try:
        got = student.read_array(*fields, set(allowed))
    except ValueError as fault:
        told = str(fault)
    except (TypeError, OverflowError, AttributeError, MemoryError, LookupError) as fault:
        name = next(one.__name__ for one in type(fault).__mro__ if one.__module__ == "builtins")
        expect(
            False,
            f"{what} should be refused with ValueError",
            got=f"{name}: {fault}",
            mistake=mistake,
        )
    else:
        expect(False, f"{what} is accepted", got=got, expected="ValueError", mistake=mistake)
    expect(
        told.startswith(field),
        f"the refusal of {what} should begin with the field that is wrong",
        got=told,
        expected=f"{field} ...",
        mistake=mistake if mistake == "overflows" else "field-not-told",
    )
    expect(
        len(told) <= LONG,
        f"the refusal of {what} repeats all that was sent",
        got=f"a message of {len(told)} characters",
        expected=f"{LONG} at most",
        mistake="repeats-it-all",
    )
