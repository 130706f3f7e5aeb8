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
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from vla_course.course.checking import effort
from vla_course.course.checking.effort import processor_seconds, sleeps

TAIL = 4000  # characters of output that are kept
POLL = 0.05  # seconds between looks at a process that neither writes nor ends
PATIENCE = 20.0
"""how much longer than its processor time a child may take by the clock"""

How = Literal["by itself", "time", "sleep", "busy", "output"]


@dataclass(frozen=True)
class Ended:
    """How a child ended: by itself, or cut off.

    `how` says why it was cut off: "time", it has used up its processor time; "sleep", it has waited for as long,
    for a lock or an alarm, and not for a processor; "busy", it got too little of a processor on this machine;
    "output", it wrote too much. `seconds` is by the clock, `processor` what it has computed, in s.
    """

    how: How
    returncode: int
    seconds: float
    processor: float
    output: str


def run_bounded(
    command: Sequence[str], *, cwd: Path, env: Mapping[str, str], seconds: float, output_bytes: int
) -> Ended:
    """Run the command in a session of its own until it ends, has had its time or has written its fill.

    `seconds` is processor time; see `Ended` for what else ends a child. Whatever it started in that session dies
    with it. Output and errors are read together; the tail is kept.
    """
    begun = time.monotonic()
    process = subprocess.Popen(
        command,
        cwd=cwd,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    return heard_out(process, begun, seconds=seconds, output_bytes=output_bytes)


def heard_out(
    process: subprocess.Popen[bytes], begun: float, *, seconds: float, output_bytes: int
) -> Ended:
    """The same for a child that leads its session and writes into one pipe; its clock has run since `begun`."""
    assert process.stdout is not None
    watch = _Watch(process.pid, begun, seconds)
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
    return Ended(how, process.returncode, time.monotonic() - begun, watch.processor, text)


@dataclass
class _Watch:
    """Looks at a process now and then, and says when it has had enough."""

    pid: int
    begun: float
    seconds: float
    processor: float = 0.0
    slept: float = 0.0
    before: float = field(init=False)
    looked: float = field(init=False)

    def __post_init__(self) -> None:
        self.before = processor_seconds(self.pid)  # a child that stood by has loaded torch already
        self.looked = time.monotonic()

    def look(self) -> None:
        """Note what it has computed, and whether it sleeps; one that is gone keeps what was noted last."""
        now = time.monotonic()
        done = processor_seconds(self.pid) - self.before if effort.KNOWN else now - self.begun
        self.processor = max(self.processor, done)
        if sleeps(self.pid):
            self.slept += min(now - self.looked, 4 * POLL)  # if nobody has looked for long, nobody knows
        self.looked = now

    def verdict(self) -> How | None:
        """Why it has to end, or nothing."""
        if time.monotonic() - self.looked < POLL:
            return None
        self.look()
        if self.processor >= self.seconds:
            return "time"
        if self.slept >= self.seconds:
            return "sleep"
        return "busy" if self.looked - self.begun >= PATIENCE * self.seconds else None
