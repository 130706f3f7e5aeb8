"""Messages as msgpack, in openpi's form: bounded when they are written, distrusted when they are read."""

from collections.abc import Mapping
from math import isfinite
from typing import Any

import msgpack
import numpy as np
from numpy.typing import NDArray

from vla_course.serving.packets.arrays import (
    ARRAY_KEY,
    SCALAR_KEY,
    decode_array,
    decode_scalar,
    encode_array,
)
from vla_course.serving.packets.codes import Code, PacketError
from vla_course.serving.packets.limits import LIMITS, Limits

Tree = dict[str, Any]
"""a message: None, bool, int, float, str, bytes, arrays, and lists and maps of these, with keys that are text"""


def pack(tree: Mapping[str, object], limits: Limits = LIMITS) -> bytes:
    """Return a message as bytes, its arrays in the form that openpi's client reads.

    Raises:
        PacketError: something in it cannot cross (`wrong_type`, `bad_array`), or it is too long (`too_large`).
    """
    try:
        data: bytes = msgpack.packb(tree, default=_plain)
    except PacketError:
        raise
    except (TypeError, ValueError, OverflowError) as fault:
        raise PacketError(Code.WRONG_TYPE, "", f"cannot be packed: {fault}") from None
    if len(data) > limits.message:
        raise PacketError(
            Code.TOO_LARGE, "", f"a message of {len(data)} bytes, expected {limits.message} at most"
        )
    return data


def _plain(value: object) -> object:
    if isinstance(value, np.ndarray):
        return encode_array(value)
    if isinstance(value, np.generic):
        return value.item()
    raise TypeError(f"{type(value).__name__} is neither number, text, bytes, array, list nor map")


def unpack(data: bytes, limits: Limits = LIMITS) -> Tree:
    """Return what a message says; its arrays are the receiver's own.

    Memory is bounded by the length of the message, whatever its headers claim: msgpack is told how long lists, maps and
    texts may be, and all containers of a message are counted while it is read.

    Raises:
        PacketError: it is no map in msgpack (`malformed`), holds more or deeper than `limits` has (`too_large`,
            `too_deep`), a key that is no short text or is there twice (`bad_key`), a text that is too long
            (`bad_text`), a number that is none (`not_finite`), or an array that is none (`bad_array`).
    """
    if len(data) > limits.message:
        raise PacketError(
            Code.TOO_LARGE, "", f"a message of {len(data)} bytes, expected {limits.message} at most"
        )
    reader = _Reader(limits)
    try:
        tree = msgpack.unpackb(
            data,
            raw=False,
            use_list=True,
            object_pairs_hook=reader.map,
            list_hook=reader.list,
            max_map_len=limits.row,
            max_array_len=limits.row,
            max_str_len=4 * limits.text,
            max_bin_len=limits.message,
            max_ext_len=0,
        )
    except PacketError:
        raise
    except Exception as fault:  # msgpack has many, some of them plain Exceptions
        raise PacketError(Code.MALFORMED, "", f"no message ({type(fault).__name__}: {fault})"[:200]) from None
    if not isinstance(tree, dict):
        raise PacketError(Code.MALFORMED, "", f"a message that is {type(tree).__name__}, expected a map")
    found: Tree = checked(tree, "", 0, limits)
    return found


class _Reader:
    """Counts all values while msgpack reads them, and refuses keys that are there twice."""

    def __init__(self, limits: Limits) -> None:
        self._limits, self._values = limits, 0

    def map(self, pairs: list[tuple[Any, Any]]) -> dict[Any, Any]:
        self._count(len(pairs))
        found = dict(pairs)
        if len(found) != len(pairs):
            raise PacketError(Code.BAD_KEY, "", "a key is there twice")
        return found

    def list(self, values: list[Any]) -> list[Any]:
        self._count(len(values))
        return values

    def _count(self, more: int) -> None:
        self._values += more + 1
        if self._values > self._limits.values:
            raise PacketError(
                Code.TOO_LARGE, "", f"more than {self._limits.values} values; numbers in rows cross as arrays"
            )


def checked(value: Any, field: str, depth: int, limits: Limits) -> Any:
    """Return a value with the arrays in it read, all of it within the limits; raises as `unpack` does."""
    match value:
        case None | bool() | int() | bytes():
            return value
        case np.ndarray():
            return finite(value, field)
        case float():
            if not isfinite(value):
                raise PacketError(Code.NOT_FINITE, field, f"is {value}, expected a finite number")
            return value
        case str():
            if len(value) > limits.text:
                raise PacketError(
                    Code.BAD_TEXT, field, f"{len(value)} characters, expected {limits.text} at most"
                )
            return value
    if depth >= limits.depth:
        raise PacketError(Code.TOO_DEEP, field, f"nested deeper than {limits.depth}")
    if isinstance(value, list):
        return [checked(one, f"{field}[{i}]", depth + 1, limits) for i, one in enumerate(value)]
    if ARRAY_KEY in value:
        return finite(decode_array(value, field, limits), field)
    if SCALAR_KEY in value:
        return checked(decode_scalar(value, field), field, depth, limits)
    for key in value:
        if not isinstance(key, str) or not 0 < len(key) <= limits.key or not key.isprintable():
            shown = f"{key[:20]!r}" if isinstance(key, str | bytes) else type(key).__name__
            raise PacketError(
                Code.BAD_KEY, field, f"a key is {shown}, expected text of 1 to {limits.key} characters"
            )
    return {
        key: checked(one, f"{field}.{key}" if field else key, depth + 1, limits) for key, one in value.items()
    }


def finite(array: NDArray[Any], field: str) -> NDArray[Any]:
    """Return an array in which every number is one.

    Raises:
        PacketError: code `not_finite`, with the place of the first that is not.
    """
    if array.dtype.kind == "f" and not np.isfinite(array).all():
        where = tuple(int(index) for index in np.argwhere(~np.isfinite(array))[0])
        raise PacketError(Code.NOT_FINITE, field, f"{array[where]} at {list(where)}, expected finite numbers")
    return array
