"""JPEG and PNG: written for the wire, and read from it by whoever sent them being unknown.

Size and kind are read from the header before a pixel is decoded: a PNG of a few kilobytes may say that it is a wall of
four billion pixels (a decompression bomb), a JPEG that it is drawn in a hundred thousand passes.
"""

import io
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from vla_course.serving.packets.codes import Code, PacketError
from vla_course.serving.packets.limits import LIMITS, Limits

Pixels = NDArray[np.uint8]

FORMATS: Final = ("JPEG", "PNG")
MODES: Final = ("L", "RGB", "RGBA", "LA", "P")
"""what Pillow calls pictures of grey, of colours, of either with transparency, and of colours from a palette"""
SCANS: Final = 32
"""passes of a progressive JPEG at most; encoders make about ten"""
_SCAN: Final = b"\xff\xda"
QUALITY: Final = 85


def encode_picture(pixels: Pixels, form: Literal["JPEG", "PNG"] = "JPEG", quality: int = QUALITY) -> bytes:
    """Return pixels (h, w, 3) as a JPEG, or without loss as a PNG.

    Args:
        pixels: uint8, red first.
        form: of the two.
        quality: of a JPEG, 1 to 95.

    Raises:
        PacketError: the pixels are something else (`bad_picture`).
    """
    if pixels.dtype != np.uint8 or pixels.ndim != 3 or pixels.shape[2] != 3 or not pixels.size:
        raise PacketError(
            Code.BAD_PICTURE, "", f"pixels are {pixels.dtype} {pixels.shape}, expected uint8 (h, w, 3)"
        )
    out = io.BytesIO()
    options: dict[str, Any] = {"quality": quality} if form == "JPEG" else {"compress_level": 1}
    Image.fromarray(pixels).save(out, form, **options)
    return out.getvalue()


def picture_size(data: bytes, field: str = "", limits: Limits = LIMITS) -> tuple[int, int]:
    """Return height and width in pixels as the header says; nothing is decoded.

    Raises:
        PacketError: no JPEG or PNG (`bad_picture`), or more bytes or pixels than `limits` has (`too_large`).
    """
    with _opened(data, field, limits) as picture:
        return picture.height, picture.width


def decode_picture(data: bytes, field: str = "", limits: Limits = LIMITS) -> Pixels:
    """Return the pixels (h, w, 3) uint8 of a JPEG or PNG, red first, as they are stored.

    Grey becomes three equal colours, and transparency is dropped: a camera has none. A rotation that the file asks for
    (EXIF) is not done, for the robot's cameras say theirs in their poses.

    Args:
        data: the file.
        field: where it stood, for the message of an error.
        limits: of bytes and pixels.

    Raises:
        PacketError: no JPEG or PNG of 8 bits, cut off or damaged (`bad_picture`), or more bytes or pixels than `limits`
            has (`too_large`).
    """
    with _opened(data, field, limits) as picture:
        try:
            return np.array(picture.convert("RGB"))
        except Exception as fault:  # Pillow's decoders raise what their libraries say
            raise _bad(field, f"cannot be read: {fault}") from None


def _opened(data: bytes, field: str, limits: Limits) -> Image.Image:
    """Return a picture of which only the header is read, with a size and a kind that may be decoded."""
    if not isinstance(data, bytes) or not data:
        raise _bad(field, f"is {type(data).__name__} without content, expected a JPEG or PNG")
    if len(data) > limits.picture:
        raise PacketError(
            Code.TOO_LARGE, field, f"a picture of {len(data)} bytes, expected {limits.picture} at most"
        )
    try:
        picture = Image.open(io.BytesIO(data), formats=FORMATS)
    except Image.DecompressionBombError as fault:  # even Pillow refuses to look at it
        raise PacketError(
            Code.TOO_LARGE, field, f"{fault}, expected {limits.pixels} pixels at most"[:200]
        ) from None
    except Exception as fault:
        raise _bad(field, f"is no JPEG or PNG ({type(fault).__name__})") from None
    width, height = picture.size
    if width * height > limits.pixels:
        raise PacketError(
            Code.TOO_LARGE, field, f"{width} x {height} pixels, expected {limits.pixels} at most"
        )
    if picture.mode not in MODES:
        raise _bad(field, f"is of mode {picture.mode}, expected 8 bits of grey or of red, green and blue")
    if picture.format == "JPEG" and data.count(_SCAN) > SCANS:
        raise _bad(field, f"is a JPEG of more than {SCANS} passes")
    return picture


def _bad(field: str, said: str) -> PacketError:
    return PacketError(Code.BAD_PICTURE, field, said[:200])
