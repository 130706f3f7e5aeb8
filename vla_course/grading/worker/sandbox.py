"""Where a worker runs: the walls around a student's code, and how high they are on this machine.

`bubblewrap`: namespaces of its own for processes, network, users and mounts; of the file system it sees Python,
the libraries, the staged course and the submission, all read-only, and a private folder in memory.
`limits`: plain resource limits, and what the kernel lets a process forbid itself (see `limits.confine`); what that
does not hold, `Sandbox.does_not_hold` says.
In both, the worker adds resource limits, drops its capabilities and filters its system calls.
"""

from __future__ import annotations

import contextlib
import functools
import json
import os
import shutil
import signal
import site
import subprocess
import sys
import sysconfig
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Literal

from vla_course.course.checking.run_shown import STEADY
from vla_course.course.checking.tensors import uses_torch
from vla_course.course.errors import CourseError
from vla_course.course.root import EXERCISES_VARIABLE, ISOLATE_VARIABLE, ROOT_VARIABLE
from vla_course.grading.walls import landlock, processes
from vla_course.grading.walls.scratch import Scratch
from vla_course.grading.worker.wire import Wire

Level = Literal["bubblewrap", "limits"]
LEVELS: tuple[Level, ...] = ("bubblewrap", "limits")

PRIVATE_BYTES = 2**26
_SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64")
_ETC = ("/etc/ld.so.cache", "/etc/localtime", "/etc/alternatives")
_DEVICES = ("/dev/urandom", "/dev/zero", "/proc/cpuinfo", "/proc/meminfo", "/sys/devices/system/cpu")
_START = """
import json, sys
sys.path[:0] = json.loads(sys.argv[-1])["path"]
from vla_course.grading.worker.worker import start
start()
"""
_SEALED = ["--remount-ro", "/", "--remount-ro", "/dev"]  # the root is in memory too, and would have no bound
_GRACE = 5.0


@dataclass(frozen=True)
class Sandbox:
    """The walls that workers are started in. `filter_calls` is off only where a test looks at the other walls."""

    level: Level
    filter_calls: bool = True
    why: str = ""
    """why the walls are not higher, where they could be"""

    @property
    def does_not_hold(self) -> str:
        """What a student's code can do behind these walls, in one sentence; nothing where it can do nothing."""
        if self.level == "bubblewrap":
            return ""
        if not landlock.supported():
            return (
                f"no bubblewrap here: {self.why}. Nor has this kernel Landlock: students' code can read and write what "
                "you can; grade in bubblewrap, or in the container of the autograder"
            )
        return (
            f"no bubblewrap here: {self.why}. Students' code can see which files there are, how large and how old, but "
            "not what is in them"
        )


@dataclass(frozen=True)
class Job:
    """One worker's task: whose answers, which exercise, and on which reference."""

    course: Path
    desk: Path
    reference: Path
    exercise_id: str
    folder: str
    """of the day"""
    file: str
    symbol: str
    cpu_seconds: float
    isolate: bool = True
    """whether the other exercises are the reference's"""


@dataclass
class Process:
    """A started worker, its wire, and what it printed."""

    wire: Wire
    output: IO[bytes]
    _popen: subprocess.Popen[bytes]
    _private: Scratch | None
    _spared: set[int]
    _inner: int | None = None
    """a descriptor of the first process inside, whose end is the end of all"""
    _ended: int | None = field(default=None, init=False)

    def end(self) -> int:
        """Kill the worker and whatever it started; returns its exit code, negative for a signal."""
        if self._ended is not None:
            return self._ended
        # It may have ended by itself: then that is what counts.
        code = self._popen.poll()
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._popen.pid, signal.SIGKILL)
        self._popen.wait()
        if self._inner is not None:
            # The kernel has killed the first process and with it the namespace; wait until all of it is gone.
            processes.wait_for(self._inner, _GRACE)
            os.close(self._inner)
        if self._private is not None:
            processes.end_children(self._spared)
            self._private.remove()
        self.wire.close()
        code = self._popen.returncode if code is None else code
        self._ended = 128 - code if self._inner is not None and code > 128 else code
        return self._ended

    @property
    def pid(self) -> int:
        """The process that is the worker, or that has it below itself."""
        return self._popen.pid

    def exit_code(self) -> int | None:
        """How it ended by itself, or None where it had to be ended; waits a moment for that."""
        try:
            self._popen.wait(_GRACE)
        except subprocess.TimeoutExpired:
            self.end()
            return None
        return self.end()


def choose_sandbox(require: Level = "limits") -> Sandbox:
    """The highest walls that this machine has; raises `CourseError` where they are lower than `require`."""
    fault = _bubblewrap_fault()
    if fault is None:
        return Sandbox("bubblewrap")
    if require == "bubblewrap":
        raise CourseError(f"grading without bubblewrap was refused, and bubblewrap does not work here: {fault}")
    return Sandbox("limits", why=fault)


@functools.cache
def _bubblewrap_fault() -> str | None:
    """Why bubblewrap cannot be used on this machine, or nothing."""
    if sys.platform != "linux":
        return "it is for Linux only"
    if not shutil.which("bwrap"):
        return "there is no bwrap (Debian, Ubuntu: install the package bubblewrap)"
    command = [*_bubblewrap_walls(), *_SEALED, "--", os.path.realpath(sys.executable), "-I", "-S", "-c", "pass"]
    try:
        tried = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    except subprocess.TimeoutExpired:
        return "it hangs"
    return None if tried.returncode == 0 else tried.stderr.strip()[-300:] or f"exit code {tried.returncode}"


def start(sandbox: Sandbox, job: Job) -> Process:
    """Start a worker; the first message on its wire tells the walls it raised itself."""
    with contextlib.ExitStack() as undo:
        to_worker, from_worker = os.pipe(), os.pipe()
        for descriptor in (to_worker[0], from_worker[1]):
            undo.callback(os.close, descriptor)
        wire = Wire(from_worker[0], to_worker[1])
        output = tempfile.TemporaryFile()  # noqa: SIM115  # the session closes it
        started = _in_bubblewrap if sandbox.level == "bubblewrap" else _in_limits
        try:
            return started(sandbox, job, wire, output, (to_worker[0], from_worker[1]))
        except BaseException:
            wire.close()
            output.close()
            raise


def _in_bubblewrap(sandbox: Sandbox, job: Job, wire: Wire, output: IO[bytes], ends: tuple[int, int]) -> Process:
    told, tells = os.pipe()
    command = [*_bubblewrap_walls(), "--info-fd", str(tells)]
    for source, place in ((job.course, "/course"), (job.desk, "/desk"), (job.reference, "/reference")):
        command += ["--ro-bind", str(source), place]
    for name, value in _environment(job, "/course", "/desk", "/tmp").items():
        command += ["--setenv", name, value]
    task = _task(sandbox, job, "/course", "/reference", ends) | {"readable": [], "writable": []}
    try:
        popen = subprocess.Popen(
            [*command, *_SEALED, "--", *_python(task)],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            env={},
            close_fds=True,
            pass_fds=(*ends, tells),
            start_new_session=True,
        )
    finally:
        os.close(tells)
    with os.fdopen(told, "rb") as information:
        try:
            inner = processes.open_process(json.loads(information.read())["child-pid"])
        except (ValueError, KeyError):
            inner = None  # it did not come so far; the wire says so as well
    return Process(wire, output, popen, None, set(), inner)


def _in_limits(sandbox: Sandbox, job: Job, wire: Wire, output: IO[bytes], ends: tuple[int, int]) -> Process:
    private = Scratch("worker")
    home = private.folder / "home"
    home.mkdir()
    spared = processes.children()
    open_paths = [job.course, job.desk, job.reference, *_libraries(), *_SYSTEM, *_ETC, *_DEVICES]
    task = _task(sandbox, job, str(job.course), str(job.reference), ends) | {
        "readable": list(map(str, open_paths)),
        "writable": [str(home), "/dev/null"],
    }
    popen = subprocess.Popen(
        _python(task),
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=output,
        cwd=home,
        env=_environment(job, str(job.course), str(job.desk), str(home)),
        close_fds=True,
        pass_fds=ends,
        start_new_session=True,
    )
    return Process(wire, output, popen, private, spared)


def _bubblewrap_walls() -> list[str]:
    """The command up to what differs from worker to worker."""
    walls = ["bwrap", "--unshare-all", "--die-with-parent", "--clearenv", "--uid", "65534", "--gid", "65534"]
    walls += ["--cap-drop", "ALL", "--hostname", "worker", "--proc", "/proc", "--dev", "/dev"]
    walls += ["--size", str(PRIVATE_BYTES), "--tmpfs", "/tmp", "--chdir", "/tmp"]
    for name in _SYSTEM:
        if os.path.islink(name):
            walls += ["--symlink", os.readlink(name), name]
        elif os.path.isdir(name):
            walls += ["--ro-bind", name, name]
    for name in _ETC:
        walls += ["--ro-bind-try", name, name]
    for library in _libraries():
        if not library.startswith("/usr/"):
            walls += ["--ro-bind", library, library]
    return walls


def _libraries() -> list[str]:
    """Where Python and its packages are, and nothing beside them."""
    base = {sys.base_prefix, sys.base_exec_prefix, os.path.realpath(sys.base_prefix)}
    packages = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    return sorted(path for path in base | packages if os.path.isdir(path))


def _package_path() -> list[str]:
    """The folders of packages on this process's path, those that `.pth` files add included."""
    folders = [*site.getsitepackages(), sysconfig.get_path("purelib")]
    return [path for path in sys.path if any(path.startswith(folder) for folder in folders) and os.path.isdir(path)]


def _task(sandbox: Sandbox, job: Job, course: str, reference: str, ends: tuple[int, int]) -> dict[str, Any]:
    return {
        "path": [course, *_package_path()],
        "read": ends[0],
        "write": ends[1],
        "cpu": job.cpu_seconds,
        "filter": sandbox.filter_calls,
        "preload": ["torch"] if uses_torch(job.desk / job.folder) else [],
        "reference": reference,
        "exercise": {"id": job.exercise_id, "folder": job.folder, "file": job.file, "symbol": job.symbol},
    }


def _python(task: dict[str, Any]) -> list[str]:
    return [os.path.realpath(sys.executable), "-I", "-S", "-B", "-u", "-c", _START, json.dumps(task)]


def _environment(job: Job, course: str, desk: str, home: str) -> dict[str, str]:
    """All that a worker's environment holds."""
    isolate = {ISOLATE_VARIABLE: job.exercise_id} if job.isolate else {}
    return isolate | STEADY | {
        ROOT_VARIABLE: course,
        EXERCISES_VARIABLE: desk,
        "HOME": home,
        "TMPDIR": home,
        "LANG": "C.UTF-8",
        "PATH": "/usr/bin:/bin",
    }
