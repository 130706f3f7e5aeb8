"""The README's numbers are those of the results."""

import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_table_is_that_of_the_results(monkeypatch):
    monkeypatch.setattr(sys, "path", [str(ROOT / "benchmarks"), *sys.path])
    import readme_table

    assert readme_table.table() in (ROOT / "README.md").read_text(encoding="utf-8")
