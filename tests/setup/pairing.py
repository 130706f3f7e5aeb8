"""Writes each notebook from its percent script, and says where the two differ.

    python -m tests.setup.pairing [--check]

The script is the source. The notebook is a pure function of it, down to the ids of its cells, so that
writing it again changes nothing; it carries no outputs.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from collections import Counter
from pathlib import Path

import jupytext
import nbformat
from nbformat import NotebookNode

NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"

# Without a kernelspec JupyterLab asks for a kernel in a dialog that blocks everything.
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def scripts() -> list[Path]:
    return sorted(NOTEBOOKS.glob("*.py"))


def write(script: Path) -> str:
    """The text of the notebook that belongs to a percent script."""
    source: NotebookNode = jupytext.read(script, fmt="py:percent")
    seen: Counter[str] = Counter()
    for cell in source.cells:
        seen[cell.source] += 1
        cell.id = hashlib.sha256(f"{seen[cell.source]}:{cell.source}".encode()).hexdigest()[:8]
    source.metadata = nbformat.from_dict(METADATA)
    source.nbformat, source.nbformat_minor = 4, 5
    nbformat.validate(source)
    return nbformat.writes(source) + "\n"


def out_of_step() -> list[Path]:
    """Notebooks that are not what their script says (edited by hand, run and saved, or never written)."""
    return [
        notebook
        for script in scripts()
        if not (notebook := script.with_suffix(".ipynb")).is_file()
        or notebook.read_text(encoding="utf-8") != write(script)
    ]


def orphans() -> list[Path]:
    """Notebooks without a script."""
    return sorted(set(NOTEBOOKS.glob("*.ipynb")) - {script.with_suffix(".ipynb") for script in scripts()})


def main() -> int:
    parser = argparse.ArgumentParser(prog="pairing", description="Write each notebook from its script.")
    parser.add_argument("--check", action="store_true", help="write nothing; fail where one is out of step")
    only_look = parser.parse_args().check
    stale = out_of_step()
    for notebook in stale:
        if only_look:
            print(f"{notebook.name} is not what {notebook.stem}.py says: run `make notebooks`")
        else:
            notebook.write_text(write(notebook.with_suffix(".py")), encoding="utf-8")
            print(f"wrote {notebook.name}")
    for notebook in orphans():
        print(f"{notebook.name} has no script: jupytext --to py:percent {notebook.name}")
    return 1 if orphans() or (only_look and stale) else 0


if __name__ == "__main__":
    sys.exit(main())
