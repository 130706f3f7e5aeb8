"""A child process that can neither hang nor flood whoever waits for it.

What is limited is the work of the child, not the patience of whoever waits: on a machine that forty others use, the
same work takes twenty times as long, and is no loop without end.
"""

from __future__ import annotations

import contextlib
import os
import selectors
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from vla_course.course.checking import effort
from vla_course.course.checking.effort import POLL, Watch

TAIL = 4000  # characters of output that are kept

How = Literal["by itself", "time", "sleep", "busy", "output"]


@dataclass(frozen=True)
class Ended:
    """How a child ended: by itself, or cut off.

    `how` says why it was cut off: "time", it has used up its processor time; "sleep", it has waited for as long,
    for a lock or an alarm, and not for a processor; "busy", it got too little of a processor on this machine;
    "output", it wrote too much. `seconds` is by the clock; `processor` what it has computed, in s, since it began in
    earnest; where `begun` is false it has not come so far.
    """

    how: How
    returncode: int
    seconds: float
    processor: float
    output: str
    begun: bool = True


def run_bounded(
    command: Sequence[str],
    *,
    cwd: Path,
    env: Mapping[str, str],
    seconds: float,
    output_bytes: int,
    begins: Callable[[], bool] | None = None,
) -> Ended:
    """Run the command in a session of its own until it ends, has had its time or has written its fill.

    Whatever it started in that session dies with it. Output and errors are read together; the tail is kept.

    Args:
        command: the words of the command line.
        cwd: the folder that it runs in.
        env: all of its environment.
        seconds: processor time that it may take, in s; see `Ended` for what else ends a child.
        output_bytes: how much it may write.
        begins: whether it has begun in earnest by now; what it computes before (loading libraries) does not count.
    """
    process = subprocess.Popen(
        command,
        cwd=cwd,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    return heard_out(process, seconds=seconds, output_bytes=output_bytes, begins=begins)


def heard_out(
    process: subprocess.Popen[bytes],
    *,
    seconds: float,
    output_bytes: int,
    begins: Callable[[], bool] | None = None,
) -> Ended:
    """The same for a child that leads its session and writes into one pipe; its clock starts now."""
    assert process.stdout is not None
    started = time.monotonic()
    watch = _Start(process.pid, seconds, begins)
    tail = b""
    written = 0
    how: How | None = None
    try:
        with selectors.DefaultSelector() as selector:
            selector.register(process.stdout, selectors.EVENT_READ)
            while how is None:
                ended = process.poll() is not None  # before the read, so that nothing written is missed
                chunk = b""
                if selector.get_map() and selector.select(0 if ended else POLL):
                    chunk = os.read(process.stdout.fileno(), 65536)
                    if not chunk:  # every holder of the pipe has closed it
                        selector.unregister(process.stdout)
                elif ended:  # something it started still holds the pipe; it dies below
                    how = "by itself"
                elif not selector.get_map():
                    time.sleep(POLL)
                written += len(chunk)
                tail = (tail + chunk)[-4 * TAIL :]
                if written > output_bytes:
                    how = "output"
                elif how is None and not ended:
                    how = watch.verdict()
    finally:
        watch.look()
        with contextlib.suppress(ProcessLookupError):  # nothing of its session is left
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        process.stdout.close()
    text = tail.decode("utf-8", errors="replace")[-TAIL:]
    return Ended(how, process.returncode, time.monotonic() - started, watch.processor, text, watch.begun)


class _Start:
    """A watch whose clock starts anew when the child has begun in earnest."""

    def __init__(self, pid: int, seconds: float, begins: Callable[[], bool] | None) -> None:
        self.begins = begins
        self.begun = begins is None
        self.watch = Watch(pid, seconds)

    def look(self) -> None:
        if self.begins is not None and not self.begun and self.begins():
            self.begun, self.watch = True, Watch(self.watch.pid, self.watch.seconds)
        self.watch.look()

    def verdict(self) -> How | None:
        if not self.begun:
            self.look()
            # Until then it is our own code that runs: only the clock can say that it takes too long.
            return "busy" if self.watch.waited >= effort.PATIENCE * self.watch.seconds else None
        return self.watch.verdict()

    @property
    def processor(self) -> float:
        return self.watch.processor
