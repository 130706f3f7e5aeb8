"""How many processors there are for a process: what it is bound to, and what its control groups allow."""

import os

import pytest

from vla_course.course.checking import processors as counted
from vla_course.course.checking.processors import processors


@pytest.fixture
def machine(tmp_path, monkeypatch):
    """A machine of 32 processors whose control groups are in files of ours."""
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(32)))
    monkeypatch.setattr(counted, "GROUPS", tmp_path / "cgroup")
    monkeypatch.setattr(counted, "MOUNTED", tmp_path / "mounted")

    def write(path, text):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)

    return write


def test_without_groups_those_count_that_the_process_is_bound_to(machine, monkeypatch):
    assert processors() == 32
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {7})
    assert processors() == 1


@pytest.mark.parametrize(
    ("quota", "expected"), [("max 100000", 32), ("100000 100000", 1), ("250000 100000", 2), ("50000 100000", 1)]
)
def test_a_quota_of_the_second_version_counts(machine, quota, expected):
    machine("cgroup", "0::/hub/user\n")
    machine("mounted/hub/user/cpu.max", quota + "\n")
    assert processors() == expected


def test_the_quota_of_a_group_above_counts_and_of_a_container_the_root(machine):
    machine("cgroup", "0::/hub/user\n")
    machine("mounted/hub/user/cpu.max", "max 100000\n")
    machine("mounted/hub/cpu.max", "300000 100000\n")
    assert processors() == 3
    machine("mounted/cpu.max", "200000 100000\n")
    assert processors() == 2


@pytest.mark.parametrize(("quota", "expected"), [("-1", 32), ("150000", 1), ("800000", 8)])
@pytest.mark.parametrize("mounted", ["cpu", "cpu,cpuacct"])
def test_a_quota_of_the_first_version_counts(machine, mounted, quota, expected):
    machine("cgroup", "5:memory:/else\n4:cpu,cpuacct:/docker/ab\n0::/\n")
    machine(f"mounted/{mounted}/docker/ab/cpu.cfs_quota_us", quota + "\n")
    machine(f"mounted/{mounted}/docker/ab/cpu.cfs_period_us", "100000\n")
    assert processors() == expected


def test_what_cannot_be_read_limits_nothing(machine):
    machine("cgroup", "0::/a\nnonsense\n:::\n")
    machine("mounted/a/cpu.max", "many\n")
    assert processors() == 32
