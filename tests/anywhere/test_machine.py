"""How much of a machine is for this process: what it may run on, what its control groups allow, its own limits."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from vla_course import machine
from vla_course.course.checking import checking


@pytest.fixture
def groups(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A kernel's files on control groups, as on a server with 32 cores."""
    monkeypatch.setattr(machine, "CGROUPS", tmp_path)
    monkeypatch.setattr(machine, "OWN_CGROUP", tmp_path / "own")
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(32)))
    (tmp_path / "own").write_text("1:name=systemd:/\n0::/hub/student\n")
    (tmp_path / "hub" / "student").mkdir(parents=True)
    return tmp_path


@pytest.mark.parametrize(
    ("files", "cores"),
    [
        ({}, 32),
        ({"hub/student/cpu.max": "max 100000"}, 32),
        ({"hub/student/cpu.max": "400000 100000"}, 4),
        ({"hub/student/cpu.max": "150000 100000"}, 1),
        ({"hub/student/cpu.max": "50000 100000"}, 1),
        ({"hub/student/cpu.max": "400000 100000", "hub/cpu.max": "200000 100000"}, 2),
        ({"cpu.max": "300000 100000"}, 3),
        ({"cpu/cpu.cfs_quota_us": "200000", "cpu/cpu.cfs_period_us": "100000"}, 2),
        ({"cpu/cpu.cfs_quota_us": "-1", "cpu/cpu.cfs_period_us": "100000"}, 32),
    ],
)
def test_cores_are_those_that_the_control_groups_leave(groups: Path, files: dict[str, str], cores: int) -> None:
    for name, text in files.items():
        (groups / name).parent.mkdir(exist_ok=True)
        (groups / name).write_text(text + "\n")
    assert machine.cores() == cores


def test_memory_is_the_least_of_all_limits(groups: Path) -> None:
    there = machine.memory()
    (groups / "hub" / "memory.max").write_text(f"{2**31}\n")
    (groups / "hub" / "student" / "memory.max").write_text("max\n")
    assert machine.memory() == min(there, 2**31)


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="this system ties no process to a core")
def test_on_one_core_there_is_one() -> None:
    begin = f"import os; os.sched_setaffinity(0, {{{min(os.sched_getaffinity(0))}}})"
    told = f"{begin}; from vla_course.machine import cores; print(cores())"
    assert subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True).stdout == "1\n"


@pytest.mark.parametrize(
    ("there", "wanted", "held"),
    [
        ((150, 150), (100,), (100, 100)),
        ((150, 150), (100, 120), (100, 120)),
        ((150, 150), (100, 200), (100, 150)),  # one that is lower stays, for root as well
        ((80, 80), (100, 120), (80, 80)),
        ((80, 150), (100, 120), (100, 120)),
        ((50, 80), (100, 120), (80, 80)),
    ],
)
def test_a_limit_is_what_is_wanted_or_the_hard_one_that_is_lower(
    there: tuple[int, int], wanted: tuple[int, ...], held: tuple[int, int]
) -> None:
    told = f"""
import resource
from vla_course.machine import limit
resource.setrlimit(resource.RLIMIT_NOFILE, {there})
limit("RLIMIT_NOFILE", *{wanted})
limit("RLIMIT_NOT_KNOWN_HERE", 1)
print(resource.getrlimit(resource.RLIMIT_NOFILE))
"""
    ran = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert ran.stdout == f"{held}\n"


@pytest.mark.skipif(sys.platform != "linux", reason="macOS knows some limits by name only")
def test_a_worker_leaves_the_limits_that_are_lower_than_its_own() -> None:
    told = """
import resource
from vla_course.grading.walls.limits import limit_resources
kinds = [resource.RLIMIT_FSIZE, resource.RLIMIT_NOFILE, resource.RLIMIT_AS]
for kind, lower in zip(kinds, (2**20, 64, 2**31), strict=True):
    resource.setrlimit(kind, (lower, lower))
limit_resources(0.0)
print([resource.getrlimit(kind) for kind in kinds], resource.getrlimit(resource.RLIMIT_CORE))
"""
    ran = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert ran.stdout == f"{[(one, one) for one in (2**20, 64, 2**31)]} (0, 0)\n"


@pytest.mark.parametrize(("granted", "at_once"), [(1, 1), (2, 2), (32, 4)])
def test_no_more_checks_run_at_once_than_there_are_cores(
    course, monkeypatch: pytest.MonkeyPatch, granted: int, at_once: int
) -> None:
    asked = []

    class Pool(checking.ThreadPoolExecutor):
        def __init__(self, workers: int) -> None:
            asked.append(workers)
            super().__init__(workers)

    monkeypatch.setattr(checking, "cores", lambda: granted)
    monkeypatch.setattr(checking, "ThreadPoolExecutor", Pool)
    monkeypatch.setattr(checking, "run_tests", lambda *_, **__: (_stop(),))
    with pytest.raises(RuntimeError, match="enough"):
        list(checking.check_all(course.root))
    assert asked == [at_once]


def _stop() -> None:
    raise RuntimeError("enough")
