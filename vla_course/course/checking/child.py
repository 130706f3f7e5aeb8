"""A child process that can neither hang nor flood whoever waits for it."""

from __future__ import annotations

import contextlib
import os
import selectors
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

TAIL = 4000  # characters of output that are kept
POLL = 0.05  # seconds between looks at a process that neither writes nor ends


@dataclass(frozen=True)
class Ended:
    """How a child ended: by itself, or cut off because its time or its output ran over."""

    how: Literal["by itself", "time", "output"]
    returncode: int
    seconds: float
    output: str


def run_bounded(
    command: Sequence[str], *, cwd: Path, env: Mapping[str, str], seconds: float, output_bytes: int
) -> Ended:
    """Run the command in a session of its own until it ends, has had its time or has written its fill.

    Whatever it started in that session dies with it. Output and errors are read together; the tail is kept.
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
    """The same for a child that leads its session and writes into one pipe; its time runs from `begun` (monotonic)."""
    assert process.stdout is not None
    tail = b""
    written = 0
    how: Literal["by itself", "time", "output"] = "by itself"
    try:
        with selectors.DefaultSelector() as selector:
            selector.register(process.stdout, selectors.EVENT_READ)
            while True:
                left = begun + seconds - time.monotonic()
                if left <= 0:
                    how = "time"
                    break
                ended = process.poll() is not None  # before the read, so that nothing written is missed
                chunk = b""
                if selector.select(0 if ended else min(POLL, left)):
                    chunk = os.read(process.stdout.fileno(), 65536)
                    if not chunk:  # every holder of the pipe has closed it
                        with contextlib.suppress(subprocess.TimeoutExpired):
                            process.wait(timeout=max(0.0, left))
                            break
                        how = "time"
                        break
                elif ended:  # something it started still holds the pipe; it dies below
                    break
                written += len(chunk)
                tail = (tail + chunk)[-4 * TAIL :]
                if written > output_bytes:
                    how = "output"
                    break
    finally:
        with contextlib.suppress(ProcessLookupError):  # nothing of its session is left
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        process.stdout.close()
    text = tail.decode("utf-8", errors="replace")[-TAIL:]
    return Ended(how, process.returncode, time.monotonic() - begun, text)
