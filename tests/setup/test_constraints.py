"""The tested set of versions: complete, exact, and for every machine."""

from __future__ import annotations

import re
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.version import Version

from vla_course.doctor.installed import normal, read_constraints

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
CONSTRAINTS = ROOT / "constraints.txt"
LINES = [line for line in CONSTRAINTS.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
TESTED = read_constraints(CONSTRAINTS)

ASKED = [
    requirement
    for group in [PROJECT["dependencies"], *PROJECT["optional-dependencies"].values()]
    for text in group
    if (requirement := Requirement(text)).name != PROJECT["name"]
]


@pytest.mark.parametrize("requirement", ASKED, ids=lambda requirement: requirement.name)
def test_tested_version_is_what_the_project_asks_for(requirement: Requirement) -> None:
    assert requirement.specifier.contains(TESTED[normal(requirement.name)])


def test_every_line_pins_one_version_and_names_no_place() -> None:
    assert all(re.fullmatch(r"[A-Za-z0-9._-]+==[^\s+]+", line) for line in LINES)
    assert len(LINES) == len(TESTED)


def test_the_tested_set_installs_on_every_python_3_11() -> None:
    """Debian 12 has 3.11.2, Ubuntu 22.04 (Gradescope's default image) 3.11.0."""
    refuse = {
        name: wanted
        for name, version in TESTED.items()
        if (found := _installed(name)) is not None
        and found.version.split("+")[0] == version
        and "Requires-Python" in found.metadata
        and "3.11.0" not in SpecifierSet(wanted := found.metadata["Requires-Python"])
    }
    assert not refuse, "pin an older version of these"


def _installed(name: str) -> metadata.Distribution | None:
    try:
        return metadata.distribution(name)
    except metadata.PackageNotFoundError:
        return None


def test_the_file_is_sorted_and_says_how_it_is_refreshed() -> None:
    assert sorted(LINES, key=str.upper) == LINES
    assert "make constraints" in CONSTRAINTS.read_text(encoding="utf-8").splitlines()[0]


def test_torch_may_be_the_plain_or_the_cpu_build() -> None:
    pinned = Requirement(f"torch=={TESTED['torch']}")
    assert pinned.specifier.contains(Version(f"{TESTED['torch']}+cpu"))
    assert pinned.specifier.contains(Version(TESTED["torch"]))
