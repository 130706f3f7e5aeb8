"""What README and issues tell people to type is there."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROMISED = [
    "setup",
    "course",
    "test",
    "notebooks",
    "demo",
    "bench",
    "gate",
    "lint",
    "clean",
    "doctor",
    "constraints",
]
needs_make = pytest.mark.skipif(shutil.which("make") is None, reason="there is no make on this machine")


def make(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["make", *arguments], cwd=ROOT, capture_output=True, text=True)


@needs_make
@pytest.mark.parametrize("target", PROMISED)
def test_target_exists_and_help_explains_it(target: str) -> None:
    dry = make("--dry-run", target)
    assert dry.returncode == 0, dry.stderr
    assert re.search(rf"^  make {target} +\S", make().stdout, flags=re.MULTILINE)


@needs_make
def test_a_missing_python_is_said_in_one_line(tmp_path: Path) -> None:
    for tool in ("make", "bash", "find", "id"):
        (tmp_path / tool).symlink_to(shutil.which(tool) or tool)
    told = subprocess.run(
        ["make", "setup", f"VENV={tmp_path}/venv"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        env={"PATH": str(tmp_path)},
    )
    assert told.returncode != 0
    complaints = [line for line in told.stderr.splitlines() if not line.startswith("make")]
    assert len(complaints) == 1
    assert "needs Python 3.11" in complaints[0]


@needs_make
def test_readme_promises_only_targets_that_exist() -> None:
    promised = set(re.findall(r"make ([a-z-]+)", (ROOT / "README.md").read_text(encoding="utf-8")))
    assert promised <= set(re.findall(r"^  make ([a-z-]+) ", make().stdout, flags=re.MULTILINE))
