"""From a packet to what a model reads: pictures, words and the robot's state; nothing is guessed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from vla_course.learning.demonstrations.layout import STATE_NAMES
from vla_course.serving.packets.codes import Code, PacketError
from vla_course.serving.packets.limits import LIMITS, Limits
from vla_course.serving.packets.packet import NAMES
from vla_course.serving.packets.pictures import decode_picture

if TYPE_CHECKING:
    from torch import Tensor

    from vla_course.learning.encoders.encoders import LanguageEncoder, Words

Floats = NDArray[np.float32]
Preprocess = Callable[[NDArray[np.uint8], int, Sequence[float], Sequence[float]], "Tensor"]

STATE_FIELD: Final = NAMES["robot_state"]
QUERY_FIELD: Final = NAMES["query"]


def preprocess_image(
    picture: bytes | NDArray[Any],
    image_size: int,
    mean: Sequence[float],
    std: Sequence[float],
    field: str = "",
    preprocess: Preprocess | None = None,
    limits: Limits = LIMITS,
) -> Tensor:
    """Return a camera's picture as an encoder expects it, float32 (3, image_size, image_size).

    Grey becomes three equal colours, and transparency is dropped: a camera has none, but what stores its pictures may
    add it.

    Args:
        picture: a JPEG or PNG, or pixels uint8: (h, w), (h, w, 1), (h, w, 3) or (h, w, 4), red first.
        image_size: pixels a side.
        mean, std: (3,), of the encoder's training, for colours from 0 to 1.
        field: where it stood, for the message of an error.
        preprocess: cuts, scales and normalises three colours, by default the reference's answer to 1.1.
        limits: of bytes and pixels.

    Raises:
        PacketError: it is no picture (`bad_picture`), or too large (`too_large`).
    """
    if isinstance(picture, bytes):
        pixels = decode_picture(picture, field, limits)
    else:
        pixels = _coloured(picture, field)
    if preprocess is None:
        from vla_course.reference.day1_fundamentals.preprocessing import preprocess_image as reference

        preprocess = reference
    return preprocess(pixels, image_size, mean, std)


def _coloured(pixels: NDArray[Any], field: str) -> NDArray[np.uint8]:
    """Return pixels of grey or of colours, with transparency or without, as (h, w, 3)."""
    grey = pixels.ndim == 2 or (pixels.ndim == 3 and pixels.shape[2] == 1)
    coloured = pixels.ndim == 3 and pixels.shape[2] in (3, 4)
    if pixels.dtype != np.uint8 or not pixels.size or not (grey or coloured):
        raise PacketError(
            Code.BAD_PICTURE,
            field,
            f"is {pixels.dtype} {pixels.shape}, expected uint8 (h, w) of grey or (h, w, 3 or 4) of colours",
        )
    if grey:
        return np.repeat(pixels.reshape(*pixels.shape[:2], 1), 3, axis=2)
    return np.ascontiguousarray(pixels[..., :3])


def tokenize_command(query: str, language: LanguageEncoder) -> Words:
    """Return a command as the numbers (1, n) of its pieces, on the device of the encoder that will read them.

    Args:
        query: what the robot was told.
        language: the encoder, with its tokenizer.

    Raises:
        PacketError: it is blank, or has more pieces than the encoder reads (`bad_text`): cut short it may say something
            else.
    """
    if not query.strip():
        raise PacketError(Code.BAD_TEXT, QUERY_FIELD, "is blank, expected a command")
    try:
        return language.tokenize([query])
    except ValueError as fault:
        raise PacketError(Code.BAD_TEXT, QUERY_FIELD, str(fault)[:200]) from None


def encode_robot_state(felt: Mapping[str, float] | NDArray[Any]) -> Floats:
    """Return a robot's state (75,) float32, in the order of `demonstrations.layout.STATE_NAMES`.

    A joint that is missing is not at 0: a knee at 0 is a stretched leg, and the robot would act on a posture that it
    never had.

    Args:
        felt: every number of a state by its name, or all of them in their order.

    Raises:
        PacketError: a number is missing (`missing_field`), unknown (`unknown_field`), none (`wrong_type`), or not
            finite (`not_finite`); the message names it.
    """
    if isinstance(felt, Mapping):
        for name in felt:
            if name not in _KNOWN:
                raise PacketError(
                    Code.UNKNOWN_FIELD, STATE_FIELD, f"has {str(name)[:60]!r}, which no state has"
                )
        missing = [name for name in STATE_NAMES if name not in felt]
        if missing:
            more = f" and {len(missing) - 1} more" if missing[1:] else ""
            raise PacketError(
                Code.MISSING_FIELD, STATE_FIELD, f"has no {missing[0]}{more}, expected all of 75"
            )
        values: Sequence[object] = [felt[name] for name in STATE_NAMES]
        for name, value in zip(STATE_NAMES, values, strict=True):
            if isinstance(value, bool) or not isinstance(value, int | float | np.number):
                raise PacketError(
                    Code.WRONG_TYPE, STATE_FIELD, f"{name} is {type(value).__name__}, expected a number"
                )
        numbers = np.array(values, dtype=np.float64)
    else:
        numbers = np.asarray(felt)
        if numbers.shape != (len(STATE_NAMES),) or numbers.dtype.kind not in "fiu":
            raise PacketError(
                Code.BAD_ARRAY,
                STATE_FIELD,
                f"is {numbers.dtype} {numbers.shape}, expected ({len(STATE_NAMES)},) numbers",
            )
    wrong = np.flatnonzero(~np.isfinite(numbers))
    if wrong.size:
        name = STATE_NAMES[int(wrong[0])]
        raise PacketError(Code.NOT_FINITE, STATE_FIELD, f"{name} is {numbers[wrong[0]]}, expected it finite")
    return numbers.astype(np.float32)


_KNOWN: Final = frozenset(STATE_NAMES)
