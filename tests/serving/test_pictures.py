"""Pictures from the wire: header first, pixels only where there are few enough."""

import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from vla_course.serving.packets.codes import Code, PacketError
from vla_course.serving.packets.limits import Limits
from vla_course.serving.packets.pictures import decode_picture, encode_picture, picture_size

PIXELS = np.random.default_rng(0).integers(0, 256, (24, 32, 3), dtype=np.uint8)


def saved(picture, form="PNG", **options):
    out = io.BytesIO()
    picture.save(out, form, **options)
    return out.getvalue()


def bomb(width, height):
    """Return a PNG of a few hundred bytes that says it is this large."""

    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress(b"\x00" * 100_000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def test_a_png_loses_nothing():
    np.testing.assert_array_equal(decode_picture(encode_picture(PIXELS, "PNG")), PIXELS)


def test_a_jpeg_loses_little():
    smooth = np.repeat(np.linspace(0, 255, 64).astype(np.uint8)[None, :, None], 48, 0).repeat(3, 2)
    got = decode_picture(encode_picture(smooth))
    assert got.shape == smooth.shape
    assert np.abs(got.astype(int) - smooth).max() < 12


def test_grey_and_alpha_and_palettes_come_as_three_colours():
    grey = np.arange(64, dtype=np.uint8).reshape(8, 8)
    np.testing.assert_array_equal(decode_picture(saved(Image.fromarray(grey))), np.stack([grey] * 3, -1))
    clear = np.dstack((PIXELS, np.zeros(PIXELS.shape[:2], np.uint8)))
    np.testing.assert_array_equal(decode_picture(saved(Image.fromarray(clear))), PIXELS)
    flat = Image.new("RGB", (8, 8), (10, 200, 30)).convert("P", palette=Image.Palette.ADAPTIVE)
    assert (decode_picture(saved(flat)) == (10, 200, 30)).all()


def test_the_size_is_in_the_header():
    assert picture_size(encode_picture(PIXELS)) == (24, 32)


def test_a_decompression_bomb_is_never_decoded(monkeypatch):
    monkeypatch.setattr(Image.Image, "convert", lambda *_: pytest.fail("it was decoded"))
    for width, height in ((65_535, 65_535), (2**20 + 1, 1), (1025, 1024)):
        with pytest.raises(PacketError, match=r"pixels.* expected 1048576") as caught:
            decode_picture(bomb(width, height), "observation/image/head")
        assert (caught.value.code, caught.value.fault.field) == (Code.TOO_LARGE, "observation/image/head")


def test_a_jpeg_of_a_thousand_passes_is_never_decoded(monkeypatch):
    data = saved(Image.fromarray(PIXELS), "JPEG", progressive=True)
    assert decode_picture(data).shape == PIXELS.shape
    last = data.rindex(b"\xff\xda")
    monkeypatch.setattr(Image.Image, "convert", lambda *_: pytest.fail("it was decoded"))
    with pytest.raises(PacketError, match="more than 32 passes"):
        decode_picture(data[:last] + data[last:-2] * 1000 + b"\xff\xd9")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"GIF89a" + b"\x00" * 40,
        b"\xff\xd8\xff",
        b"\x89PNG\r\n\x1a\n",
        b"not a picture at all",
        encode_picture(PIXELS)[:-60],
        encode_picture(PIXELS, "PNG")[:-60],
        encode_picture(PIXELS, "PNG")[:60] + b"\x00" * 20 + encode_picture(PIXELS, "PNG")[80:],
        saved(Image.fromarray(PIXELS), "BMP"),
        saved(Image.fromarray(PIXELS), "WEBP"),
        saved(Image.fromarray(np.zeros((4, 4), np.uint16))),  # 16 bits
        saved(Image.fromarray(PIXELS).convert("CMYK"), "JPEG"),
    ],
)
def test_what_is_no_picture_is_refused(data):
    with pytest.raises(PacketError) as caught:
        decode_picture(data, "observation/image/head")
    assert (caught.value.code, caught.value.fault.field) == (Code.BAD_PICTURE, "observation/image/head")


def test_more_bytes_than_the_limit_are_refused():
    with pytest.raises(PacketError, match="expected 100 at most") as caught:
        decode_picture(encode_picture(PIXELS), limits=Limits(picture=100))
    assert caught.value.code is Code.TOO_LARGE


@pytest.mark.parametrize("pixels", [PIXELS.astype(np.float32), PIXELS[..., 0], PIXELS[..., :2], PIXELS[:0]])
def test_what_is_no_picture_is_not_encoded(pixels):
    with pytest.raises(PacketError, match=r"expected uint8 \(h, w, 3\)"):
        encode_picture(pixels)
