"""The safety case says what the benchmark measured, and no more."""

import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.append(str(ROOT / "benchmarks"))

import safety_layer_case  # noqa: E402


def test_the_page_is_written_from_the_results() -> None:
    assert safety_layer_case.CASE.read_text(encoding="utf-8") == safety_layer_case.case()


def test_what_was_not_measured_is_said_to_be_so(tmp_path: Path) -> None:
    page = safety_layer_case.case(tmp_path / "none.json")
    assert "No stream was measured yet." in page
    assert page.count("not measured yet") == 4 * 6 + 3
