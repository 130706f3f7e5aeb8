"""Where pydantic ends: what it finds wrong becomes a code of ours, and arrays are looked at by us."""

from collections.abc import Mapping
from typing import Annotated, Any, Final, NoReturn

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from vla_course.serving.packets.codes import Code, PacketError
from vla_course.serving.packets.wire import finite

Floats = NDArray[np.float32]

VERSION: Final = 1
"""of packets and responses; another one is refused, never guessed at"""
LARGEST: Final = float(np.finfo(np.float32).max)


class Message(BaseModel):
    """A packet or a response: cannot be changed, has no other fields, and no type is guessed."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, arbitrary_types_allowed=True)


def floats(columns: int | None = None, rows: int | None = None) -> Any:
    """Return what reads an array of float32 from an array or from lists of numbers.

    Args:
        columns: of its last axis, or any number.
        rows: None for an array (columns,), or how many rows (0 to rows, columns) there may be.
    """

    def read(value: object) -> object:
        dimensions, expected = (1, f"({columns or 'n'},)") if rows is None else (2, f"(n, {columns})")
        if isinstance(value, list | tuple):
            value = _array(value)
        if not isinstance(value, np.ndarray) or value.dtype.kind not in "fiu":
            what = f"an array of {value.dtype}" if isinstance(value, np.ndarray) else type(value).__name__
            raise PacketError(Code.WRONG_TYPE, "", f"is {what}, expected numbers {expected}")
        fits = value.ndim == dimensions and columns in (None, value.shape[-1])
        if not fits or (rows is not None and len(value) > rows):
            more = "" if rows is None else f", n up to {rows}"
            raise PacketError(Code.BAD_ARRAY, "", f"has shape {value.shape}, expected {expected}{more}")
        finite(value, "")
        if value.size and np.abs(value.astype(np.float64)).max() > LARGEST:
            raise PacketError(Code.OUT_OF_RANGE, "", "holds a number that float32 has not")
        copied = value.astype(np.float32)
        copied.flags.writeable = False
        return copied

    return BeforeValidator(read)


def _array(value: list[Any] | tuple[Any, ...]) -> NDArray[Any]:
    """Return lists of numbers as an array; a bool is no number here, though NumPy would take it for one."""
    stack = list(value)
    while stack:
        one = stack.pop()
        if isinstance(one, list | tuple):
            stack.extend(one)
        elif isinstance(one, bool) or not isinstance(one, int | float):
            raise PacketError(Code.WRONG_TYPE, "", f"holds {type(one).__name__}, expected numbers")
    try:
        return np.array(value, dtype=np.float64)
    except (ValueError, OverflowError):
        raise PacketError(
            Code.BAD_ARRAY, "", "has rows of different lengths, or a number beyond all"
        ) from None


FrameId = Annotated[int, Field(ge=0, lt=2**63)]
CORRELATION: Final = r"^[A-Za-z0-9._:\-]{1,64}$"
CorrelationId = Annotated[str, Field(pattern=CORRELATION)]
Seconds = Annotated[float, Field(ge=0.0, le=1e12, allow_inf_nan=False)]
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,31}$")]
"""of a camera or of a stage"""

_KINDS: Final[Mapping[str, Code]] = {
    "missing": Code.MISSING_FIELD,
    "extra_forbidden": Code.UNKNOWN_FIELD,
    "finite_number": Code.NOT_FINITE,
    "greater_than_equal": Code.OUT_OF_RANGE,
    "greater_than": Code.OUT_OF_RANGE,
    "less_than_equal": Code.OUT_OF_RANGE,
    "less_than": Code.OUT_OF_RANGE,
    "string_pattern_mismatch": Code.BAD_TEXT,
    "string_too_long": Code.BAD_TEXT,
    "string_too_short": Code.BAD_TEXT,
    "enum": Code.OUT_OF_RANGE,
    "literal_error": Code.OUT_OF_RANGE,
    "int_from_float": Code.WRONG_TYPE,
    "too_long": Code.TOO_LARGE,
    "too_short": Code.MISSING_FIELD,
}


def refuse(found: ValidationError, names: Mapping[str, str]) -> NoReturn:
    """Raise the first thing that pydantic found as a `PacketError`.

    Args:
        found: what pydantic raised.
        names: how fields are called on the wire, where they are called otherwise.
    """
    first = found.errors(include_url=False)[0]
    head, *rest = (str(one) for one in first["loc"]) if first["loc"] else ("",)
    field = "/".join((names.get(head, head), *rest))
    inner = first.get("ctx", {}).get("error")
    if isinstance(inner, PacketError):
        where = inner.fault.field or field
        raise PacketError(inner.code, where, inner.fault.said) from None
    code = _KINDS.get(first["type"], Code.WRONG_TYPE)
    came = repr(first["input"])
    shown = "" if code in (Code.MISSING_FIELD, Code.UNKNOWN_FIELD) or len(came) > 60 else f" (came {came})"
    raise PacketError(code, field, f"{first['msg']}{shown}"[:300]) from None
