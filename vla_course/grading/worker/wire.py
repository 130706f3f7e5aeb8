"""Frames over two pipes: four bytes of length, then one msgpack value. Bounded, with a deadline, never pickle."""

from __future__ import annotations

import os
import select
import struct
import time
from collections.abc import Callable
from typing import Any

import msgpack

from vla_course.grading.worker.values import MAX_ARRAY_BYTES, MAX_ELEMENTS, MAX_TEXT, WireError

MAX_FRAME = 2**26
_LENGTH = struct.Struct("<I")
_CHUNK = 2**18
_LOOK = 0.02  # seconds of waiting until whoever looks is asked again

Look = Callable[[], None]
"""asked again and again while the wire waits; raises where there is nothing to wait for any more"""

# What the grader asks ...
LOAD, GET, SET_ATTRIBUTE, CALL, FRAME, SEED = range(6)
# ... and how the worker answers.
VALUE, RAISED, NOT_ATTEMPTED, DOES_NOT_LOAD = range(4)


SHUT = 97
"""exit code of a worker whose wire is gone; a grader that has hung up itself does not ask for it"""


class Closed(Exception):
    """The other end of the wire is gone."""


class OutOfTime(Exception):
    """The deadline passed before the other side had answered."""


def pack(tree: Any) -> bytes:
    """One frame's bytes; raises `WireError` for a frame that is too large."""
    payload: bytes = msgpack.packb(tree, strict_types=True, unicode_errors="replace")
    if len(payload) > MAX_FRAME:
        raise WireError(f"a message of {len(payload) / 2**20:.0f} MiB, expected {MAX_FRAME >> 20} at most")
    return _LENGTH.pack(len(payload)) + payload


def unpack(payload: bytes | bytearray) -> Any:
    """The tree in a frame: None, bool, int, float, str, bytes and lists; raises `WireError` for anything else."""
    try:
        return msgpack.unpackb(
            payload,
            raw=False,
            use_list=True,
            max_map_len=0,
            max_ext_len=0,
            max_array_len=MAX_ELEMENTS + 8,
            max_str_len=4 * MAX_TEXT,
            max_bin_len=MAX_ARRAY_BYTES,
        )
    except Exception as fault:  # msgpack has many, with ValueError and Exception as bases
        raise WireError(f"not a message ({type(fault).__name__}: {fault})"[:300]) from None


class Wire:
    """One end: reads from one file descriptor, writes to another."""

    def __init__(self, read: int, write: int) -> None:
        self.read, self.write = read, write
        os.set_blocking(read, False)
        os.set_blocking(write, False)
        self._readable, self._writable = select.poll(), select.poll()
        self._readable.register(read, select.POLLIN)
        self._writable.register(write, select.POLLOUT)

    def send(self, frame: bytes, deadline: float | None = None, look: Look | None = None) -> None:
        """Write a packed frame; raises `Closed` or, past `deadline` (s, monotonic), `OutOfTime`."""
        view = memoryview(frame)
        while view:
            try:
                view = view[os.write(self.write, view) :]
            except BlockingIOError:
                self._wait(self._writable, deadline, look)
            except OSError as fault:
                raise Closed(str(fault)) from None

    def receive(self, deadline: float | None = None, look: Look | None = None) -> Any:
        """The next tree; raises `Closed`, `OutOfTime` or `WireError`."""
        (length,) = _LENGTH.unpack(self._exactly(4, deadline, look))
        if length > MAX_FRAME:
            raise WireError(f"a message of {length / 2**20:.0f} MiB, expected {MAX_FRAME >> 20} at most")
        return unpack(self._exactly(length, deadline, look))

    def _exactly(self, size: int, deadline: float | None, look: Look | None) -> bytes | bytearray:
        data = bytearray()
        while len(data) < size:
            try:
                chunk = os.read(self.read, min(size - len(data), _CHUNK))
            except BlockingIOError:
                self._wait(self._readable, deadline, look)
                continue
            except OSError as fault:
                raise Closed(str(fault)) from None
            if not chunk:
                raise Closed("the pipe has ended")
            if len(chunk) == size:
                return chunk
            data += chunk
        return data

    def _wait(self, poll: select.poll, deadline: float | None, look: Look | None) -> None:
        left = None if deadline is None else deadline - time.monotonic()
        if left is not None and left <= 0.0:
            raise OutOfTime
        if look is not None:
            look()
            poll.poll(1000.0 * (_LOOK if left is None else min(left, _LOOK)))
            return  # whoever called tries again
        if not poll.poll(None if left is None else 1000.0 * left):
            raise OutOfTime

    def close(self) -> None:
        os.close(self.read)
        os.close(self.write)
