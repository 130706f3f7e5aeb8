"""`import vla_course` is instant because it loads nothing: the big libraries come where they are used."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = {"IPython", "ipywidgets", "k3d", "matplotlib", "numpy", "pinocchio", "pybullet", "scipy", "torch"}


def loaded_by(statement: str) -> set[str]:
    """Top-level packages that a fresh interpreter holds after `statement`."""
    names = "sorted({name.split('.')[0] for name in sys.modules})"
    child = subprocess.run(
        [sys.executable, "-c", f"import sys; {statement}; print(*{names})"],
        capture_output=True,
        text=True,
        check=True,
    )
    return set(child.stdout.split())


@pytest.mark.parametrize(
    "statement",
    [
        "import vla_course",
        "import vla_course.course",
        "import vla_course.simulation",
        "import vla_course.motion",
        "import vla_course.doctor",
        "import vla_course.cli",
    ],
)
def test_import_loads_nothing_heavy(statement: str) -> None:
    assert not loaded_by(statement) & HEAVY
