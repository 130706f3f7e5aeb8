"""Messages as JSON, for people: to read in a log, to write by hand. Robots speak msgpack."""

import base64
import binascii
import json
import math
from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from vla_course.serving.packets.arrays import ARRAY_KEY, decode_array, encode_array
from vla_course.serving.packets.codes import Code, PacketError
from vla_course.serving.packets.limits import LIMITS, Limits
from vla_course.serving.packets.wire import Tree, checked

BYTES: Final = "base64"
LISTED: Final = 4096
"""numbers of an array that are still written out in lists; of a larger one its bytes are"""


def to_json(tree: Mapping[str, object], indent: int | None = None) -> str:
    """Return a message as JSON: bytes as `{"base64": ...}`, arrays as lists, or large ones by dtype, shape and bytes.

    Raises:
        PacketError: something in it cannot be written (`wrong_type`), or a number is none (`not_finite`).
    """
    try:
        return json.dumps(tree, default=_plain, indent=indent, allow_nan=False)
    except TypeError as fault:
        raise PacketError(Code.WRONG_TYPE, "", f"cannot be written as JSON: {fault}") from None
    except ValueError as fault:
        raise PacketError(Code.NOT_FINITE, "", f"cannot be written as JSON: {fault}") from None


def _plain(value: object) -> object:
    if isinstance(value, bytes):
        return {BYTES: base64.b64encode(value).decode("ascii")}
    if isinstance(value, np.ndarray) and value.size <= LISTED:
        return value.tolist()
    if isinstance(value, np.ndarray):
        sent = encode_array(value)
        return {"dtype": sent[b"dtype"], "shape": sent[b"shape"], **_bytes(sent[b"data"])}
    if isinstance(value, np.generic):
        return value.item()
    raise TypeError(f"{type(value).__name__} is neither number, text, bytes, array, list nor map")


def _bytes(data: Any) -> dict[str, str]:
    return {BYTES: base64.b64encode(data).decode("ascii")}


def from_json(text: str, limits: Limits = LIMITS) -> Tree:
    """Return what a message in JSON says, within the same limits as one in msgpack. Lists of numbers stay lists.

    Raises:
        PacketError: as `wire.unpack`.
    """
    longest = limits.message + limits.message // 2  # base64 takes a third more
    if len(text) > longest:
        raise PacketError(Code.TOO_LARGE, "", f"{len(text)} characters of JSON, expected {longest} at most")
    try:
        tree = json.loads(text, parse_constant=_no_number, parse_float=_number, object_pairs_hook=_map)
    except PacketError:
        raise
    except (ValueError, RecursionError) as fault:
        raise PacketError(Code.MALFORMED, "", f"no JSON ({type(fault).__name__}: {fault})"[:200]) from None
    if not isinstance(tree, dict):
        raise PacketError(Code.MALFORMED, "", f"a message that is {type(tree).__name__}, expected a map")
    found: Tree = checked(tree, "", 0, limits)
    return found


def _no_number(name: str) -> float:
    raise PacketError(Code.NOT_FINITE, "", f"holds {name}, expected finite numbers")


def _number(text: str) -> float:
    value = float(text)
    return value if math.isfinite(value) else _no_number(text[:20])


def _map(pairs: list[tuple[str, Any]]) -> Any:
    """Return a map, or the bytes or the array that it stands for."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise PacketError(Code.BAD_KEY, "", "a key is there twice")
    if BYTES not in found or set(found) - {BYTES, "dtype", "shape"}:
        return found
    try:
        data = base64.b64decode(found[BYTES], validate=True)
    except (binascii.Error, ValueError, TypeError) as fault:
        raise PacketError(Code.MALFORMED, "", f"no base64: {fault}") from None
    if set(found) == {BYTES}:
        return data
    if set(found) != {BYTES, "dtype", "shape"}:
        raise PacketError(Code.BAD_ARRAY, "", "an array without its dtype or its shape")
    return decode_array({ARRAY_KEY: True, b"data": data, b"dtype": found["dtype"], b"shape": found["shape"]})
