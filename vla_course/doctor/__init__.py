"""`vla-course doctor`: what is installed, what works on this machine, and what to do where it does not.

Whatever loads compiled libraries is probed in a child process, so that a library that crashes the interpreter
costs one line of the report and not the report.
"""

from __future__ import annotations

import json as jsonlib
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from vla_course.doctor import installed
from vla_course.doctor.findings import REINSTALL, Finding, Report

if TYPE_CHECKING:
    from rich.console import Console

PROBES = ("physics", "rendering", "kinematics", "notebooks", "video", "GPU")
PROBE_SECONDS = 60.0  # a cold disk may take this long to load torch


def report(console: Console, json: bool = False) -> int:
    """Print the report, a table or with `json` one JSON object; 1 where something failed, else 0."""
    if json:
        found = examine()
        print(jsonlib.dumps(found.as_json()))
    else:
        with console.status("looking around ..."):
            found = examine()
        found.print(console)
    return 0 if found.runs else 1


def examine() -> Report:
    """Look at everything; takes a few seconds."""
    with ThreadPoolExecutor(max_workers=2) as pool:
        probes = [pool.submit(_in_child, name) for name in PROBES]
        direct = [look() for look in installed.LOOKS]
        return Report((*direct, *(probe.result() for probe in probes)))


def _in_child(name: str) -> Finding:
    """The finding of one probe; a crash, an error or silence of the child is a finding too."""
    command = [sys.executable, "-m", "vla_course.doctor.probes", name]
    try:
        child = subprocess.run(
            command,
            capture_output=True,
            text=True,
            timeout=PROBE_SECONDS,
            cwd=installed.ROOT,
            stdin=subprocess.DEVNULL,
        )
    except subprocess.TimeoutExpired:
        return Finding(
            name, "fail", f"no answer within {PROBE_SECONDS:g} s", "try again; if it stays so, " + REINSTALL
        )
    if child.returncode < 0:
        crash = signal.Signals(-child.returncode).name
        return Finding(
            name, "fail", f"crashed ({crash})", "the packages may not suit this machine; " + REINSTALL
        )
    if child.returncode:
        lines = child.stderr.strip().splitlines() or [f"exit code {child.returncode}"]
        return Finding(name, "fail", lines[-1], REINSTALL)
    return Finding(**jsonlib.loads(child.stdout.splitlines()[-1]))
