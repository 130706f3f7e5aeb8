"""Notebooks in the repository: paired with their scripts, without outputs, with links that lead somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
import pytest

from tests.setup.pairing import NOTEBOOKS, orphans, out_of_step, scripts, write

ALL = sorted(NOTEBOOKS.glob("*.ipynb"))
by_name = pytest.mark.parametrize("notebook", ALL, ids=lambda path: path.stem)


def test_every_notebook_is_what_its_script_says() -> None:
    assert not out_of_step(), "run `make notebooks`"


def test_every_notebook_has_a_script() -> None:
    assert scripts()
    assert not orphans()


def test_writing_a_notebook_twice_gives_the_same_text() -> None:
    assert write(scripts()[0]) == write(scripts()[0])


@by_name
def test_notebook_carries_no_outputs(notebook: Path) -> None:
    for cell in nbformat.read(notebook, as_version=4).cells:
        assert not cell.get("outputs")
        assert cell.get("execution_count") is None


@by_name
def test_notebook_names_its_kernel(notebook: Path) -> None:
    assert nbformat.read(notebook, as_version=4).metadata.kernelspec.name == "python3"


@by_name
def test_links_to_files_lead_somewhere(notebook: Path) -> None:
    prose = "\n".join(
        cell.source for cell in nbformat.read(notebook, as_version=4).cells if cell.cell_type == "markdown"
    )
    links = re.findall(r"\]\((?!https?:|#)([^)#\s]+)", prose)
    assert not [link for link in links if not (notebook.parent / link).exists()]
