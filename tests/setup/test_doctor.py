"""`vla-course doctor`: a report on every machine, whatever is broken on it."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest
from rich.console import Console

from vla_course import doctor
from vla_course.doctor import installed, probes
from vla_course.doctor.findings import Finding, Report, Status


def test_everything_is_looked_at_and_nothing_fails_here() -> None:
    report = doctor.examine()
    names = [finding.name for finding in report.findings]
    assert names == [
        *("system", "Python", "versions", "command", "machine", "disk", "answers", "widgets"),
        *("physics", "rendering", "kinematics", "notebooks", "video", "GPU"),
    ]
    assert report.runs, report.findings
    assert tuple(probes.CHILD_PROBES) == doctor.PROBES


def test_a_probe_that_raises_is_a_finding(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "pybullet.py").write_text("raise ImportError('libGL.so.1: no such file')")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    found = doctor._in_child("physics")
    assert found.status == "fail"
    assert "libGL.so.1" in found.found
    assert found.advice


def test_a_probe_that_kills_its_process_is_a_finding(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "av.py").write_text("import os; os.abort()")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    found = doctor._in_child("video")
    assert found.status == "fail"
    assert "SIGABRT" in found.found


def test_a_probe_that_hangs_is_a_finding(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "av.py").write_text("import time; time.sleep(60)")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setattr(doctor, "PROBE_SECONDS", 2.0)
    found = doctor._in_child("video")
    assert found.status == "fail"
    assert "no answer" in found.found


def test_another_version_than_the_tested_one_is_a_remark(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "constraints.txt").write_text("numpy==0.0.1\n")
    monkeypatch.setattr(installed, "ROOT", tmp_path)
    found = installed.versions()
    assert found.status == "warn"
    assert "tested: 0.0.1" in found.found


@pytest.mark.parametrize(("name", "processor"), [("Darwin", "arm64"), ("Linux", "aarch64"), ("Windows", "AMD64")])
def test_another_system_is_a_remark_that_names_a_way(
    monkeypatch: pytest.MonkeyPatch, name: str, processor: str
) -> None:
    monkeypatch.setattr(installed.platform, "system", lambda: name)
    monkeypatch.setattr(installed.platform, "machine", lambda: processor)
    found = installed.system()
    assert (found.status, found.found) == ("warn", f"{name} on {processor}")
    assert "container" in found.advice


def test_windows_subsystem_for_linux_is_linux(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(installed.platform, "system", lambda: "Linux")
    monkeypatch.setattr(installed.platform, "machine", lambda: "x86_64")
    monkeypatch.setattr(installed.platform, "release", lambda: "5.15.167.4-microsoft-standard-WSL2")
    assert installed.system() == Finding("system", "ok", "Linux on x86_64, in WSL")


def test_a_terminal_that_does_not_find_the_command_is_told_how(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    found = installed.command()
    assert found.status == "warn"
    assert f"source {Path(sys.prefix, 'bin', 'activate')}" in found.advice
    other = tmp_path / "vla-course"
    other.write_text("#!/bin/sh\n")
    other.chmod(0o755)
    assert "another one" in installed.command().found
    monkeypatch.setenv("PATH", str(Path(sys.prefix, "bin")))
    assert installed.command().status == "ok"


def test_no_torch_is_a_failure_because_day_1_needs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    version = installed.metadata.version

    def without(name: str) -> str:
        if name == "torch":
            raise installed.metadata.PackageNotFoundError(name)
        return version(name)

    monkeypatch.setattr(installed.metadata, "version", without)
    found = installed.versions()
    assert (found.status, found.found) == ("fail", "missing: torch")
    assert found.advice.startswith("Days 1 and 4 cannot do without torch; run `make setup`")


def test_a_switch_left_on_is_a_remark(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("VLA_COURSE_EXERCISES", "solutions")
    assert installed.answers().status == "warn"
    monkeypatch.setenv("VLA_COURSE_EXERCISES", str(tmp_path / "nowhere"))
    assert installed.answers().status == "fail"


@pytest.mark.parametrize(("status", "code"), [("ok", 0), ("warn", 0), ("fail", 1)])
def test_only_failure_sets_the_exit_code(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], status: Status, code: int
) -> None:
    finding = Finding("physics", status, "[a <box>]", "mend it")
    monkeypatch.setattr(doctor, "examine", lambda: Report((finding,)))
    screen = io.StringIO()
    assert doctor.report(Console(file=screen, width=80)) == code
    assert "[a <box>]" in screen.getvalue()
    assert "mend it" in screen.getvalue()

    assert doctor.report(Console(), json=True) == code
    assert json.loads(capsys.readouterr().out) == {
        "ok": code == 0,
        "findings": [{"name": "physics", "status": status, "found": "[a <box>]", "advice": "mend it"}],
    }


def test_the_card_escapes_what_was_found() -> None:
    card = Report((Finding("physics", "fail", "<b>", "x < y"),))._repr_html_()
    assert "&lt;b&gt;" in card
    assert "x &lt; y" in card
