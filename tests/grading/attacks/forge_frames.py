"""Writes frames of its own to every open file: replies before they are asked for, and rubbish."""

import contextlib
import os
import struct

import msgpack


def attack(values):
    replies = [
        [0, True, [], False],
        [0, {"passed": True}, [], True],
        [1, ["Mismatch"], "", "", []],
        b"rubbish",
    ]
    for descriptor in range(3, 256):
        for reply in replies:
            payload = msgpack.packb(reply)
            with contextlib.suppress(OSError):
                os.write(descriptor, struct.pack("<I", len(payload)) + payload)
        with contextlib.suppress(OSError):
            os.write(descriptor, b"\xff\xff\xff\xff" + b"x" * 4096)
    return weak(values)
