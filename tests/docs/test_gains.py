"""The page about gains is as the code is: every default, every unit, every figure."""

import json
import re
import sys
from dataclasses import fields
from pathlib import Path

import pytest

from vla_course.motion.standing.balance_config import STANDING, WALKING, BalanceConfig
from vla_course.motion.walking.gait import GaitConfig

ROOT = Path(__file__).parents[2]
sys.path.append(str(ROOT / "benchmarks"))

import gains_curves  # noqa: E402
import gains_page  # noqa: E402

PAGE = (ROOT / "docs" / "gains.md").read_text(encoding="utf-8")
CATALOGUE, GAINS = gains_curves.catalogue_and_gains()


def rows(title: str) -> dict[str, list[str]]:
    """Return the cells of the table whose first column is called `title`, by what its rows begin with."""
    table = PAGE[PAGE.index(f"| `{title}` |") :].split("\n\n")[0]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()[2:]]
    return {row[0].strip("`"): row[1:] for row in cells}


def unit_in_source(file: str, field: str) -> str:
    """Return what the docstring of a field begins with, read as text."""
    source = (ROOT / "vla_course" / "motion" / file).read_text(encoding="utf-8")
    found = re.search(rf'^    {field}: float = .*\n    """([^,"]*)', source, re.MULTILINE)
    assert found, f"{field} has no docstring in {file}"
    return found[1]


@pytest.mark.parametrize("field", [field.name for field in fields(BalanceConfig)])
def test_page_tells_defaults_and_unit_of_every_gain_of_balance(field):
    unit, *values = rows("BalanceConfig")[field]
    assert [float(value) for value in values] == [
        getattr(config, field) for config in (BalanceConfig(), WALKING, STANDING)
    ]
    assert unit == unit_in_source("standing/balance_config.py", field)


@pytest.mark.parametrize("field", [field.name for field in fields(GaitConfig)])
def test_page_tells_default_and_unit_of_every_gain_of_the_gait(field):
    unit, value = rows("GaitConfig")[field]
    assert float(value) == getattr(GaitConfig(), field)
    assert unit == unit_in_source("walking/gait.py", field)


def test_every_field_of_balance_and_gait_is_tried():
    tried = {gain.name for gain in GAINS if gain.owner in ("standing", "walking", "gait")}
    assert tried == {field.name for kind in (BalanceConfig, GaitConfig) for field in fields(kind)}


@pytest.mark.parametrize("gain", GAINS, ids=lambda gain: gain.key)
def test_what_is_said_of_a_gain_is_what_was_measured(gain):
    assert gains_page.disagreements(gain, gains_curves.curves().get(gain.key), CATALOGUE) == []


def test_words_that_no_curve_bears_out_are_found():
    gain = next(gain for gain in GAINS if gain.high)
    curve = gains_curves.curves()[gain.key]
    middle = curve.values.index(curve.default)
    flat = {key: (row[middle],) * len(row) for key, row in curve.outcomes.items()}
    told = gains_page.disagreements(
        gain, gains_curves.Curve(curve.default, curve.values, flat, 0, ""), CATALOGUE
    )
    assert any("nothing breaks when it is too high" in fault for fault in told)


def test_every_figure_of_the_page_exists_and_all_are_small():
    named = re.findall(r"\]\((gains/[^)]+)\)", PAGE)
    assert named
    assert sum((ROOT / "docs" / figure).stat().st_size for figure in named) < 400_000
    assert {path.name for path in (ROOT / "docs" / "gains").iterdir()} == {
        Path(figure).name for figure in named
    }


def test_every_gain_tried_has_its_row():
    for gain in GAINS:
        assert f"| `{gain.label}` {gain.default:g}" in PAGE, gain.key


def test_curves_hold_the_default_and_as_many_outcomes_as_values():
    data = json.loads(gains_curves.CURVES.read_text(encoding="utf-8"))["gains"]
    assert set(data) == {gain.key for gain in GAINS}
    for key, entry in data.items():
        assert entry["default"] in entry["values"], key
        assert entry["commit"], key
        for row in entry["outcomes"].values():
            assert len(row) == len(entry["values"]), key
