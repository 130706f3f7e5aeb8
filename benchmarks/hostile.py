"""Malformed and hostile messages, drawn by kind, and what becomes of each: a code, a closed connection, or nothing.

The server must answer each or close the connection; what it says must be a known code. Used by
`streaming_hostile.py` (ten thousand) and by `tests/serving/test_hostile.py` (a few hundred).
"""

from __future__ import annotations

import asyncio
import base64
import json
import os
import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass

import msgpack
import numpy as np

from vla_course.serving.packets.codes import Code
from vla_course.serving.packets.pictures import encode_picture

Rng = np.random.Generator


@dataclass(frozen=True)
class Attack:
    """What is sent: bytes of a socket as they are, or a message in a connection that was opened well."""

    kind: str
    raw: bytes | None = None
    """of a socket, from its first byte"""
    frames: bytes | None = None
    """bytes after a good handshake"""
    waits: bool = False
    """nothing more comes of it: the server itself has to lose its patience"""


def observation(rng: Rng) -> dict[str, object]:
    """Return an observation with which nothing is wrong."""
    pixels = rng.integers(0, 256, (16, 16, 3), dtype=np.uint8)
    return {
        "prompt": "pick up the red cup",
        "observation/state": array(np.zeros(75, np.float32)),
        "observation/image/head": encode_picture(pixels),
        "observation/image/chest": array(pixels),
        "vla/version": 1,
        "vla/frame_id": int(rng.integers(2**40, 2**60)),
        "vla/correlation_id": "attack",
        "vla/timestamp": 1.0,
    }


def array(value: np.ndarray, **changes: object) -> dict[bytes, object]:
    """Return an array as openpi's client sends it, with some of it replaced."""
    sent = {
        b"__ndarray__": True,
        b"data": value.tobytes(),
        b"dtype": value.dtype.str,
        b"shape": list(value.shape),
    }
    return sent | {name.encode(): one for name, one in changes.items()}


# ---- frames of websockets ------------------------------------------------------------------------


def frame(
    payload: bytes, opcode: int = 2, *, mask: bool = True, end: bool = True, reserved: int = 0
) -> bytes:
    """Return a frame; a client's is masked."""
    head = bytes([(0x80 if end else 0) | (reserved << 4) | opcode])
    size, flag = len(payload), 0x80 if mask else 0
    if size < 126:
        head += bytes([flag | size])
    elif size < 2**16:
        head += bytes([flag | 126]) + struct.pack(">H", size)
    else:
        head += bytes([flag | 127]) + struct.pack(">Q", size)
    return head + (b"\x00" * 4 if mask else b"") + payload  # a mask of zeros leaves it as it is


def png(width: int, height: int, **header: int) -> bytes:
    """Return a PNG of a hundred bytes that says it is this large."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    size = struct.pack(">IIBBBBB", width, height, header.get("depth", 8), header.get("colour", 2), 0, 0, 0)
    rows = zlib.compress(b"\x00" * 200_000, 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", size) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


# ---- messages ------------------------------------------------------------------------------------


def _message(kind: str, data: bytes) -> Attack:
    return Attack(kind, frames=frame(data))


def noise(rng: Rng) -> Attack:
    return _message("noise", rng.bytes(int(rng.integers(0, 2000))))


def truncated(rng: Rng) -> Attack:
    data = msgpack.packb(observation(rng))
    return _message("truncated", data[: int(rng.integers(0, len(data)))])


def flipped(rng: Rng) -> Attack:
    data = bytearray(msgpack.packb(observation(rng)))
    for _ in range(int(rng.integers(1, 20))):
        data[int(rng.integers(0, min(len(data), 400)))] ^= 1 << int(rng.integers(0, 8))
    return _message("bit flips", bytes(data))


def oversized(rng: Rng) -> Attack:
    return _message("oversized", b"\xc6" + b"\x00" * int(rng.integers(4 * 2**20 + 1, 5 * 2**20)))


def wrong_type(rng: Rng) -> Attack:
    tree = observation(rng)
    values: list[object] = [
        *(
            None,
            True,
            -1,
            2**63,
            0.5,
            1e300,
            "",
            "x" * 5000,
            "a\x00b",
            b"",
            b"\xff" * 100,
            [],
            [[]],
            {},
            {"a": {"b": 1}},
        ),
        *(
            [True] * 75,
            ["1"] * 75,
            [1.0] * 74,
            array(np.zeros(75, bool)),
            array(np.zeros((75, 1), np.float32)),
        ),
    ]
    for key in rng.choice(sorted(tree), size=int(rng.integers(1, 4)), replace=False):
        tree[str(key)] = values[int(rng.integers(len(values)))]
    return _message("wrong types", msgpack.packb(tree))


def nested(rng: Rng) -> Attack:
    depth = int(rng.integers(7, 5000))
    opener = (b"\x91", b"\x81\xa1a", b"\xdc\x00\x01", b"\xdc\x03\xff")[int(rng.integers(4))]
    return _message("deep nesting", b"\x81\xa1a" + opener * depth + b"\x00")


def hostile_array(rng: Rng) -> Attack:
    changes: list[dict[str, object]] = [
        {"dtype": "|O"},
        {"dtype": "|O", "data": b"\x41" * 8 * 75},
        {"dtype": "O8"},
        {"dtype": "<M8[ns]"},
        {"dtype": "|V4"},
        {"dtype": "f4,O"},
        {"dtype": [["a", "O"]]},
        {"dtype": "x" * 1000},
        {"shape": [-1]},
        {"shape": [2**62, 4]},
        {"shape": [75, 2**62]},
        {"shape": [0, -5]},
        {"shape": [1] * 40},
        {"shape": [True] * 75},
        {"shape": [75.0]},
        {"shape": "75"},
        {"shape": None},
        {"data": b""},
        {"data": "text"},
        {"data": [0.0] * 75},
        {"__ndarray__": False},
        {"more": 1},
    ]
    tree = observation(rng)
    key = ("observation/state", "observation/image/head", "vla/committed")[int(rng.integers(3))]
    tree[key] = array(np.zeros(75, np.float32), **changes[int(rng.integers(len(changes)))])
    return _message("arrays", msgpack.packb(tree))


def size_lie(rng: Rng) -> Attack:
    header = (b"\xdd", b"\xdf", b"\xdb", b"\xc6", b"\xc9")[int(rng.integers(5))]
    size = struct.pack(">I", int(rng.integers(2**20, 2**32)))
    return _message("size lies", b"\x81\xa1a" + header + size + rng.bytes(int(rng.integers(0, 100))))


def containers(rng: Rng) -> Attack:
    inner = (b"\x80", b"\x90", b"\xc0", b"\xa0", b"\x81\xa1a\x80")[int(rng.integers(5))]
    rows, columns = int(rng.integers(100, 1024)), int(rng.integers(100, 1024))
    row = b"\xdc" + struct.pack(">H", columns) + inner * columns
    return _message("millions of values", b"\x81\xa1a\xdc" + struct.pack(">H", rows) + row * rows)


def keys(rng: Rng) -> Attack:
    made = (
        b"\x82\xa1a\x01\xa1a\x02",
        msgpack.packb({1: 1}),
        msgpack.packb({b"key": 1}),
        msgpack.packb({"k" * 70: 1}),
        msgpack.packb({f"key {i}": i for i in range(2000)}),
        msgpack.packb({"vla/": 1, "observation/image/": b"x"}),
        msgpack.packb(observation(rng) | {"observation/image/../../etc": b"x"}),
        msgpack.packb(observation(rng) | {f"observation/image/c{i}": b"x" for i in range(50)}),
    )
    return _message("keys", made[int(rng.integers(len(made)))])


def picture(rng: Rng) -> Attack:
    good = encode_picture(rng.integers(0, 256, (32, 32, 3), dtype=np.uint8))
    scan = good.rindex(b"\xff\xda")
    made = (
        png(65_535, 65_535),
        png(2**31 - 1, 2**31 - 1),
        png(20_000, 20_000),
        png(1, 2**24),
        png(1024, 1024),
        png(0, 0),
        png(64, 64, depth=16),
        png(64, 64, colour=3),
        good[: int(rng.integers(1, len(good)))],
        good[:scan] + good[scan:-2] * 500 + b"\xff\xd9",
        b"GIF89a\xff\xff\xff\xff" + b"\x00" * 50,
        b"RIFF\x00\x00\x00\x00WEBP" + b"\x00" * 50,
        b"%PDF-1.4 %!PS",
        b"\xff\xd8" + b"\xff\xe1\xff\xff" * 5000,
        rng.bytes(500),
    )
    tree = observation(rng) | {"observation/image/head": made[int(rng.integers(len(made)))]}
    return _message("pictures", msgpack.packb(tree))


def not_finite(rng: Rng) -> Attack:
    state = np.zeros(75, np.float32)
    state[int(rng.integers(75))] = rng.choice([np.nan, np.inf, -np.inf])
    tree = observation(rng)
    if rng.random() < 0.5:
        tree["observation/state"] = array(state)
    else:
        tree["vla/timestamp"] = float(rng.choice([np.nan, np.inf]))
    return _message("not finite", msgpack.packb(tree))


def text(rng: Rng) -> Attack:
    made = (b"hello", b"", b'{"prompt": "walk"}', b"\xff\xfe", b"{" * 10_000)
    return Attack("text frames", frames=frame(made[int(rng.integers(len(made)))], opcode=1))


def broken_frame(rng: Rng) -> Attack:
    made = (
        frame(b"unmasked", mask=False),
        frame(b"x", opcode=3),
        frame(b"x", opcode=15),
        frame(b"x", reserved=4),
        frame(b"x" * 200, opcode=9),
        frame(b"\x00", opcode=8),
        frame(b"\x03\xe7 reserved", opcode=8),
        frame(b"x", opcode=0),
        frame(b"x", end=False) + frame(b"y"),
        frame(b"x", end=False) + frame(b"y", opcode=0, end=False) * 6000,
        b"\x82\xff" + struct.pack(">Q", 2**63),
        b"\x82\xff" + struct.pack(">Q", 2**62) + b"\x00" * 4,
    )
    return Attack("frames", frames=made[int(rng.integers(len(made)))])


def flood(rng: Rng) -> Attack:
    ping = frame(rng.bytes(int(rng.integers(0, 100))), opcode=int(rng.choice([9, 10])))
    return Attack("floods of pings", frames=ping * 3000)


# ---- sockets -------------------------------------------------------------------------------------


def handshake(path: str = "/", **headers: str) -> bytes:
    """Return the request of a good client, with other headers as well."""
    key = base64.b64encode(os.urandom(16)).decode()
    said = {
        "Host": "127.0.0.1",
        "Upgrade": "websocket",
        "Connection": "Upgrade",
        "Sec-WebSocket-Key": key,
        "Sec-WebSocket-Version": "13",
    } | {name.replace("_", "-"): value for name, value in headers.items()}
    lines = "".join(f"{name}: {value}\r\n" for name, value in said.items())
    return f"GET {path} HTTP/1.1\r\n{lines}\r\n".encode()


def wrong_token(rng: Rng) -> Attack:
    token = rng.bytes(12).hex()
    made = (
        {},
        {"Authorization": f"Api-Key {token}"},
        {"Authorization": f"Bearer {token}"},
        {"Authorization": "Api-Key "},
    )
    return Attack("wrong token", raw=handshake(**made[int(rng.integers(len(made)))]))


def wrong_origin(rng: Rng) -> Attack:
    origin = ("http://evil.example", "null", "file://", "http://127.0.0.1.evil.example")[int(rng.integers(4))]
    return Attack("wrong origin", raw=handshake(Origin=origin))


def no_http(rng: Rng) -> Attack:
    made = (
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nabcd",
        b"GET /../../etc/passwd HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET / HTTP/9.9\r\nHost: x\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + rng.bytes(200),
        b"GET / HTTP/1.1\r\n" + b"X: " + b"a" * 20_000 + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\n" + b"X: a\r\n" * 2000 + b"\r\n",
        b"GET /" + b"a" * 20_000 + b" HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost x\r\n\r\n",
        handshake(Sec_WebSocket_Version="12"),
        handshake(Sec_WebSocket_Key="short"),
        handshake(path="/metrics"),
        rng.bytes(300) + b"\r\n\r\n",
    )
    return Attack("no handshake", raw=made[int(rng.integers(len(made)))])


def half_open(rng: Rng) -> Attack:
    whole = handshake()
    return Attack("half-open handshake", raw=whole[: int(rng.integers(0, len(whole) - 1))], waits=True)


KINDS: tuple[Callable[[Rng], Attack], ...] = (
    *(noise, truncated, flipped, oversized, wrong_type, nested, hostile_array, size_lie, containers, keys),
    *(picture, not_finite, text, broken_frame, flood, wrong_token, wrong_origin, no_http, half_open),
)
"""what is drawn from, all alike; `wrong_token` and `half_open` are told apart by what the server expects"""


# ---- what becomes of it --------------------------------------------------------------------------


async def outcome(attack: Attack, host: str, port: int, token: str, seconds: float) -> str:
    """Carry out an attack and return what became of it.

    Returns:
        A code of ours; a status of HTTP; `ok` where it was harmless after all; `closed` where the server closed the
        connection; `silence` where it did nothing in `seconds`.
    """
    reader, writer = await asyncio.open_connection(host, port)
    try:
        async with asyncio.timeout(seconds):
            if attack.raw is not None:
                writer.write(attack.raw)
                # An answer that must be read whole: the server closes behind it.
                said = await reader.read(100_000)
                return said.split(b" ", 2)[1].decode() if said.startswith(b"HTTP/1.1 ") else "closed"
            writer.write(handshake(Authorization=f"Api-Key {token}"))
            head = await reader.readuntil(b"\r\n\r\n")
            if b" 101 " not in head:
                return head.split(b" ", 2)[1].decode()
            await _frame(reader)  # metadata
            writer.write(attack.frames or b"")
            opcode, payload = await _frame(reader)
            while opcode in (9, 10):
                opcode, payload = await _frame(reader)
            return _said(opcode, payload)
    except TimeoutError:
        return "silence"
    except (ConnectionError, asyncio.IncompleteReadError):
        return "closed"
    finally:
        writer.transport.abort()


async def _frame(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    first, size = await reader.readexactly(2)
    if size == 126:
        (size,) = struct.unpack(">H", await reader.readexactly(2))
    elif size == 127:
        (size,) = struct.unpack(">Q", await reader.readexactly(8))
    return first & 15, await reader.readexactly(size)


def _said(opcode: int, payload: bytes) -> str:
    if opcode == 8:
        return "closed"
    if opcode == 2:
        return str(msgpack.unpackb(payload).get("vla/code", "ok"))
    code = json.loads(payload)["code"]
    assert code in set(Code), code
    assert b"Traceback" not in payload
    return str(code)
