"""Writes each notebook from its percent script, and says where the two differ.

    python -m tests.setup.pairing [--check] [--out FOLDER]

The script is the source. The notebook is a pure function of it, down to the ids of its cells, so that
writing it again changes nothing; it carries no outputs. A notebook that somebody has run or written in is theirs
(`ownership`): it is not compared, and kept in the backups before it is written anew.
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

from vla_course.course.root import CourseRoot
from vla_course.course.source.keeping import back_up
from vla_course.course.source.ownership import is_own

ROOT = CourseRoot(Path(__file__).resolve().parents[2])
NOTEBOOKS = ROOT.notebooks

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


def stale() -> dict[Path, bool]:
    """Notebooks that are not what their script says, and whether they are so by a reader's own work."""
    return {
        notebook: is_own(ROOT, notebook, text)
        for script in scripts()
        if _read(notebook := script.with_suffix(".ipynb")) != (text := write(script))
    }


def _read(notebook: Path) -> str | None:
    return notebook.read_text(encoding="utf-8", errors="replace") if notebook.is_file() else None


def text_of(script: Path) -> str:
    """The notebook as it is in the course: what its script says, where a reader has worked on the file itself."""
    notebook, text = script.with_suffix(".ipynb"), write(script)
    found = _read(notebook)
    return text if found == text or found is None or is_own(ROOT, notebook, text) else found


def orphans() -> list[Path]:
    """Notebooks of the course without a script."""
    paired = {script.with_suffix(".ipynb") for script in scripts()}
    return sorted(path for path in NOTEBOOKS.glob("*.ipynb") if path not in paired and not is_own(ROOT, path, ""))


def main() -> int:
    parser = argparse.ArgumentParser(prog="pairing", description="Write each notebook from its script.")
    parser.add_argument("--check", action="store_true", help="write nothing; fail where one is out of step")
    parser.add_argument("--out", type=Path, help="write all of them there, and leave those in notebooks/ alone")
    arguments = parser.parse_args()
    if arguments.out:
        write_all(arguments.out)
        return 0
    differing = stale()
    for notebook, own in differing.items():
        if arguments.check:
            print(f"{notebook.name} is {'your own now' if own else 'not what its script says: run `make notebooks`'}")
            continue
        kept = back_up(ROOT, notebook) if own else None
        notebook.write_text(write(notebook.with_suffix(".py")), encoding="utf-8")
        print(f"wrote {notebook.name}" + (f"; yours is kept in {ROOT.shorten(kept)}" if kept else ""))
    for notebook in orphans():
        print(f"{notebook.name} has no script: jupytext --to py:percent {notebook.name}")
    return 1 if orphans() or (arguments.check and not all(differing.values())) else 0


def write_all(folder: Path) -> None:
    """Write every notebook to a folder, as its script says."""
    folder.mkdir(parents=True, exist_ok=True)
    for script in scripts():
        (folder / f"{script.stem}.ipynb").write_text(write(script), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
