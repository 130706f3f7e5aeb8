"""The system-call filter by itself: what it refuses, what it lets, and that libraries of the course load in it."""

from __future__ import annotations

import json
import platform
import signal
import subprocess
import sys

import pytest

from vla_course.grading.walls.calls import REFUSED, Numbers

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="a filter of Linux")
COLUMN = 1 if platform.machine() == "aarch64" else 0
X32 = 0x40000000

FILTERED = """
import ctypes, errno, fcntl, json, os, resource, signal, socket, sys, tempfile, threading
from vla_course.grading.walls import kernel_filter

libc = ctypes.CDLL(None, use_errno=True)
libc.prctl(38, 1, 0, 0, 0)
assert kernel_filter.install(libc)

def name_of(code):
    return errno.errorcode.get(code, str(code)) if code else "let"

def tried(call, *arguments):
    try:
        call(*arguments)
    except OSError as fault:
        return name_of(fault.errno)
    return "let"

def call(number, *arguments):
    ctypes.set_errno(0)
    return "let" if libc.syscall(number, *map(ctypes.c_long, arguments)) >= 0 else name_of(ctypes.get_errno())
"""


def filtered(code: str, *words: str) -> object:
    """What the code leaves in `answer`, run in a process of its own behind the filter, without any other wall."""
    text = FILTERED + code + "\nprint(json.dumps(answer))\n"
    ran = subprocess.run([sys.executable, "-c", text, *words], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr[-2000:]
    return json.loads(ran.stdout.splitlines()[-1])  # PyBullet says hello when it is imported


def test_every_call_that_is_named_is_refused() -> None:
    numbers = {name: pair[COLUMN] for name, pair in REFUSED.items() if pair[COLUMN] is not None}
    code = "answer = {name: call(number, -1, -1, -1, -1, -1, -1) for name, number in json.loads(sys.argv[1]).items()}"
    assert filtered(code, json.dumps(numbers)) == dict.fromkeys(numbers, "EPERM")


@pytest.mark.parametrize(
    ("call", "what"),
    [
        ("fcntl.fcntl(pipe[0], fcntl.F_SETOWN, os.getppid())", "the signal SIGIO to another process"),
        ("fcntl.fcntl(pipe[0], fcntl.F_SETSIG, 9)", "another signal than SIGIO"),
        ("fcntl.fcntl(pipe[0], 15, bytes(8))", "F_SETOWN_EX"),
        ("fcntl.lockf(file, fcntl.LOCK_EX)", "a lock"),
        ("fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_RDLCK)", "a lease"),
        ("fcntl.ioctl(pair[0], 0x8901, bytes(4))", "FIOSETOWN"),
        ("fcntl.ioctl(pair[0], 0x5452, bytes(4))", "FIOASYNC"),
        ("fcntl.ioctl(file, 0x40086602, bytes(8))", "FS_IOC_SETFLAGS"),
        ("os.chmod(file.name, 0o600)", "a mode"),
        ("os.utime(file.name)", "a time"),
        ("os.chown(file.name, os.getuid(), -1)", "an owner"),
        ("os.setxattr(file.name, 'user.note', b'x')", "an attribute"),
        ("os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)", "the page cache"),
        ("os.preadv(file.fileno(), [bytearray(1)], 0, os.RWF_NOWAIT)", "what is in the page cache"),
        ("os.truncate(file.name, 0)", "to cut off by name"),
        ("os.open(file.name, os.O_RDONLY | os.O_TRUNC)", "to cut off what is only read"),
        ("os.open(file.name, 3 | os.O_TRUNC)", "to cut off what is not even read"),
        # What they have already, so that a hole in the filter does the test run no harm.
        ("os.setpriority(os.PRIO_PROCESS, above, os.getpriority(os.PRIO_PROCESS, above))", "another's priority"),
        ("os.sched_setaffinity(above, os.sched_getaffinity(above))", "another's processors"),
        ("resource.prlimit(above, resource.RLIMIT_CPU, resource.prlimit(above, resource.RLIMIT_CPU))", "its limits"),
        ("resource.prlimit(0, resource.RLIMIT_CPU, resource.prlimit(0, resource.RLIMIT_CPU))", "one's own"),
        ("os.kill(os.getppid(), 0)", "a signal to another"),
        ("os.kill(os.getpid(), 19)", "to stand still"),
        ("signal.raise_signal(20)", "to stand still"),
        ("os.fork()", "a process"),
    ],
)  # fmt: skip
def test_what_reaches_beyond_the_worker_is_refused(call: str, what: str) -> None:
    code = f"""
pipe, pair, file = os.pipe(), socket.socketpair(), tempfile.NamedTemporaryFile()
above = os.getppid()
answer = tried(lambda: {call})
"""
    assert filtered(code) == "EPERM", what


@pytest.mark.parametrize(
    ("numbers", "arguments", "answer"),
    [
        ((302, 261), "os.getppid(), resource.RLIMIT_CPU, 1 << 32, 0", "EPERM"),  # a pointer, its low half null
        ((234, 131), "os.getppid(), os.getppid(), 0", "EPERM"),
        ((2, None), "ctypes.addressof(name), os.O_RDONLY | os.O_TRUNC", "EPERM"),
        ((X32 | 39, None), "", "EPERM"),
        ((435, 435), "0, 0", "ENOSYS"),
        ((437, 437), "0, 0, 0, 0", "ENOSYS"),
    ],
    ids=["prlimit", "tgkill", "open", "getpid as of x32", "clone3", "openat2"],
)
def test_a_call_that_the_c_library_does_not_make_so_is_seen_as_well(
    numbers: Numbers, arguments: str, answer: str
) -> None:
    number = numbers[COLUMN]
    if number is None:
        pytest.skip("this processor has no such call")
    code = f"""
file = tempfile.NamedTemporaryFile()
name = ctypes.create_string_buffer(os.fsencode(file.name))
answer = call(*[{number}, {arguments}])
"""
    assert filtered(code) == answer


@pytest.mark.skipif(platform.machine() != "x86_64", reason="of processors that were 32-bit ones")
def test_the_calls_of_another_architecture_are_the_end() -> None:
    code = """
import ctypes, mmap
page = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
page.write(bytes.fromhex("b814000000cd80c3"))  # getpid as of i386: mov eax, 20; int 0x80; ret
ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(page)))()
"""
    ended = [
        subprocess.run([sys.executable, "-c", before + code], capture_output=True, check=False).returncode
        for before in ("", FILTERED)
    ]
    if ended[0] != 0:
        pytest.skip("this kernel has no calls of i386")
    assert ended[1] == -signal.SIGSYS


@pytest.mark.parametrize("option", [1, 4, 22, 36, 0x59616D61], ids=lambda option: f"prctl {option:#x}")
def test_a_worker_keeps_dying_with_its_grader(option: int) -> None:
    code = "ctypes.set_errno(0); libc.prctl(int(sys.argv[1]), 0, 0, 0, 0); answer = name_of(ctypes.get_errno())"
    assert filtered(code, str(option)) == "EPERM"


@pytest.mark.parametrize("advice", [20, 21])
def test_nobody_is_made_to_forget_a_page(advice: int) -> None:
    code = """
import mmap
answer = tried(mmap.mmap(-1, 4096).madvise, int(sys.argv[1]))
"""
    assert filtered(code, str(advice)) == "EPERM"


@pytest.mark.parametrize("end", ["os.abort()", "os.kill(os.getpid(), 9)", "os.kill(os.getpid(), 15)"])
def test_one_may_end_oneself(end: str) -> None:
    ran = subprocess.run([sys.executable, "-c", FILTERED + end], capture_output=True, check=False)
    assert ran.returncode < 0


def test_files_threads_and_memory_work_as_ever() -> None:
    code = """
import asyncio, mmap, shutil
here = tempfile.mkdtemp()
def files():
    with open(os.path.join(here, "a"), "w+") as file:
        file.write("text")
        file.truncate(2)
    os.rename(os.path.join(here, "a"), os.path.join(here, "b"))
    os.open(os.path.join(here, "b"), os.O_RDWR | os.O_TRUNC)
    shutil.copyfile(os.path.join(here, "b"), os.path.join(here, "c"))
    shutil.rmtree(here)
def threads():
    heard = []
    thread = threading.Thread(target=heard.append, args=(1,), name="a name")
    thread.start()
    thread.join()
    assert heard
def pipes():
    one, other = os.pipe()
    os.set_blocking(one, False)
    os.set_inheritable(one, True)
    os.dup(other)
def limits():
    resource.getrlimit(resource.RLIMIT_CPU)
    resource.prlimit(os.getppid(), resource.RLIMIT_CPU)
def memory():
    mmap.mmap(-1, 2**20).madvise(mmap.MADV_DONTNEED)
answer = [tried(one) for one in (files, threads, pipes, limits, memory, lambda: asyncio.run(asyncio.sleep(0)))]
"""
    assert filtered(code) == ["let"] * 6


def test_the_libraries_of_the_course_load_and_compute_behind_the_filter() -> None:
    code = """
import numpy, scipy.linalg, pybullet, pinocchio, torch
a = torch.ones(64, 64, requires_grad=True)
(a @ a).sum().backward()
client = pybullet.connect(pybullet.DIRECT)
pybullet.stepSimulation(client)
answer = [float(a.grad[0, 0]), float(scipy.linalg.inv(numpy.eye(3))[0, 0]), pinocchio.__name__]
"""
    assert filtered(code) == [128.0, 1.0, "pinocchio"]
