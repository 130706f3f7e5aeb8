"""Arrays in the form of openpi's protocol: read by a decoder that believes nothing of what it is sent.

An array crosses as a map of four bytes keys, `__ndarray__` (True), `data`, `dtype` and `shape`; a NumPy scalar as
`__npgeneric__`, `data` and `dtype`. The decoder of openpi hands all of them to NumPy as they are: for a dtype of `|O`
the bytes are then taken for addresses of Python objects, and one small message ends the process.
"""

from collections.abc import Callable, Collection, Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from vla_course.serving.packets.codes import Code, PacketError
from vla_course.serving.packets.limits import LIMITS, Limits

DTYPES: Final = ("|b1", "|u1", "|i1", "<u2", "<i2", "<u4", "<i4", "<u8", "<i8", "<f2", "<f4", "<f8")
"""what may cross, as `dtype.str` writes it: little-endian numbers and nothing else"""
ReadArray = Callable[[object, object, object, Collection[str]], NDArray[Any]]
"""from dtype, shape, data and the dtypes that may be to an array; raises ValueError"""
ARRAY_KEY: Final = b"__ndarray__"
SCALAR_KEY: Final = b"__npgeneric__"
_ARRAY: Final = {ARRAY_KEY, b"data", b"dtype", b"shape"}
_SCALAR: Final = {SCALAR_KEY, b"data", b"dtype"}
_KINDS: Final[dict[str, tuple[type, ...]]] = {"b": (bool,), "u": (int,), "i": (int,), "f": (float, int)}


def encode_array(array: NDArray[Any]) -> dict[bytes, object]:
    """Return an array as the map of openpi's protocol.

    Raises:
        PacketError: its dtype is none that may cross (`bad_array`).
    """
    array = array.astype(array.dtype.newbyteorder("<"), copy=False)
    if array.dtype.str not in DTYPES:
        raise PacketError(
            Code.BAD_ARRAY, "", f"an array of {array.dtype} cannot cross, expected one of {DTYPES}"
        )
    return {
        ARRAY_KEY: True,
        b"data": array.tobytes(),
        b"dtype": array.dtype.str,
        b"shape": list(array.shape),
    }


def reference_read() -> ReadArray:
    """Return the reference's answer to the exercise of reading an array."""
    from vla_course.reference.day2_streaming_pipeline.arrays import read_array

    read: ReadArray = read_array
    return read


def decode_array(
    sent: Mapping[Any, Any], field: str = "", limits: Limits = LIMITS, read: ReadArray | None = None
) -> NDArray[Any]:
    """Return the array that a map of openpi's protocol says.

    Args:
        sent: as it came over the wire: any keys, any values.
        field: where it stood, for the message of an error.
        limits: of its bytes.
        read: reads dtype, shape and data (exercise), by default as the reference does.

    Returns:
        The receiver's own copy, writable, in the order of C.

    Raises:
        PacketError: code `bad_array` where keys are missing or too many, or what they say is none of `DTYPES`, no
            shape, or as many bytes as the shape has not; `too_large` where there are more bytes than `limits` has.
    """
    if set(sent) != _ARRAY or sent[ARRAY_KEY] is not True:
        raise _bad(
            field, f"an array with the keys {_keys(sent)}, expected __ndarray__, data, dtype and shape"
        )
    data = sent[b"data"]
    if isinstance(data, bytes) and len(data) > limits.array:
        raise PacketError(
            Code.TOO_LARGE, field, f"an array of {len(data)} bytes, expected {limits.array} at most"
        )
    try:
        return (read or reference_read())(sent[b"dtype"], sent[b"shape"], data, DTYPES)
    except ValueError as fault:
        raise _bad(field, str(fault)[:300]) from None


def decode_scalar(sent: Mapping[Any, Any], field: str = "") -> bool | int | float:
    """Return the number that a map of openpi's protocol says, as a number of Python's own.

    Raises:
        PacketError: code `bad_array`, as for arrays; or its value is no number of its dtype.
    """
    if set(sent) != _SCALAR or sent[SCALAR_KEY] is not True:
        raise _bad(field, f"a number with the keys {_keys(sent)}, expected __npgeneric__, data and dtype")
    dtype, value = _dtype(sent[b"dtype"], field), sent[b"data"]
    if type(value) not in _KINDS[dtype.kind]:
        raise _bad(field, f"data is {_kind(value)}, expected a number of {dtype.str}")
    if dtype.kind in "ui" and not np.iinfo(dtype).min <= value <= np.iinfo(dtype).max:
        raise _bad(field, f"data is {_short(value)}, expected a number of {dtype.str}")
    number: bool | int | float = float(value) if dtype.kind == "f" else value
    return number


def _dtype(name: object, field: str) -> np.dtype[Any]:
    """Return the dtype of a name that may cross; NumPy never sees any other name."""
    if not isinstance(name, str) or name not in DTYPES:
        raise _bad(field, f"dtype is {_short(name)}, expected one of {', '.join(DTYPES)}")
    return np.dtype(name)


def _bad(field: str, said: str) -> PacketError:
    return PacketError(Code.BAD_ARRAY, field, said)


def _kind(value: object) -> str:
    return "nothing" if value is None else f"of type {type(value).__name__}"


def _short(value: object) -> str:
    """Return a value as a message may repeat it: never much of what a stranger sent."""
    text = repr(value) if isinstance(value, str | int | float | bool | None) else type(value).__name__
    return text if len(text) <= 40 else f"{text[:37]}..."


def _keys(sent: Mapping[Any, Any]) -> str:
    return ", ".join(_short(key) if isinstance(key, str) else _short(str(key)) for key in list(sent)[:6])
