"""A child that has loaded torch before it knows what for: the next check need not wait a second and more for it.

It loads other people's libraries, and of the course what stands between it and its job: the frame, the tests and
the student's files are read when the job is there, as they are then. It ends when it is used, or when its parent does.
"""

from __future__ import annotations

import atexit
import contextlib
import importlib
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from vla_course.course.checking.child import Ended, heard_out, run_bounded

LIBRARIES = ("pytest", "torch")


class Standby:
    """Runs children as `run_bounded` does; from the second on each was started when the one before had ended.

    `child` is how their command lines begin: a module that calls `wait_for_job` when the rest is `--standby`.
    """

    def __init__(self, child: Sequence[str]) -> None:
        self.child = list(child)
        self._ready: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()

    def run(
        self,
        command: Sequence[str],
        *,
        cwd: Path,
        env: Mapping[str, str],
        seconds: float,
        output_bytes: int,
        begins: Callable[[], bool] | None = None,
    ) -> Ended:
        """Run the command, which begins with `child`, in the child that stands by, or else in a new one."""
        process = self._take()
        job = {"arguments": list(command[len(self.child) :]), "cwd": str(cwd), "environment": dict(env)}
        try:
            if process is not None and _hands_over(process, job):
                return heard_out(process, seconds=seconds, output_bytes=output_bytes, begins=begins)
            return run_bounded(
                command, cwd=cwd, env=env, seconds=seconds, output_bytes=output_bytes, begins=begins
            )
        finally:
            self._start(env)

    def close(self) -> None:
        """End the child that stands by, if there is one."""
        process = self._take()
        if process is not None:
            process.kill()
            process.wait()

    def _take(self) -> subprocess.Popen[bytes] | None:
        with self._lock:
            process, self._ready = self._ready, None
        if process is not None:
            atexit.unregister(process.kill)
        return process

    def _start(self, env: Mapping[str, str]) -> None:
        with self._lock:
            if self._ready is None:
                self._ready = subprocess.Popen(
                    [*self.child, "--standby"],
                    env=env,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )
                atexit.register(self._ready.kill)


def _hands_over(process: subprocess.Popen[bytes], job: Mapping[str, object]) -> bool:
    """Tell the child its job; False where it has died meanwhile."""
    assert process.stdin is not None
    with contextlib.suppress(BrokenPipeError):
        process.stdin.write(json.dumps(job).encode() + b"\n")
        process.stdin.close()
        return process.poll() is None
    process.wait()
    return False


def wait_for_job() -> list[str]:
    """Load the libraries, wait, and become the child that the job asks for; returns its arguments.

    The command line, folder and environment are then as if it had been started for this job.
    """
    for name in LIBRARIES:
        importlib.import_module(name)
    line = sys.stdin.buffer.readline()
    if not line:
        os._exit(0)  # the parent has gone
    job = json.loads(line)
    os.environ.clear()
    os.environ.update(job["environment"])
    os.chdir(job["cwd"])
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    arguments: list[str] = job["arguments"]
    return arguments
