"""Notebooks in the repository: paired with their scripts, without outputs, with links that lead somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
import pytest

from tests.setup.pairing import ROOT, orphans, scripts, stale, text_of, write

by_name = pytest.mark.parametrize("script", scripts(), ids=lambda path: path.stem)


def test_every_notebook_is_what_its_script_says_or_a_readers_own() -> None:
    assert all(stale().values()), "run `make notebooks`"


def test_every_notebook_has_a_script() -> None:
    assert scripts()
    assert not orphans()


def test_writing_a_notebook_twice_gives_the_same_text() -> None:
    assert write(scripts()[0]) == write(scripts()[0])


@by_name
def test_notebook_carries_no_outputs(script: Path) -> None:
    for cell in nbformat.reads(text_of(script), as_version=4).cells:
        assert not cell.get("outputs")
        assert cell.get("execution_count") is None


@by_name
def test_notebook_names_its_kernel(script: Path) -> None:
    assert nbformat.reads(text_of(script), as_version=4).metadata.kernelspec.name == "python3"


@by_name
def test_links_to_files_lead_somewhere(script: Path) -> None:
    prose = "\n".join(
        cell.source for cell in nbformat.reads(text_of(script), as_version=4).cells if cell.cell_type == "markdown"
    )
    links = re.findall(r"\]\((?!https?:|#)([^)#\s]+)", prose)
    assert not [link for link in links if not leads_somewhere((script.parent / link).resolve())]


@by_name
def test_a_link_looks_like_one(script: Path) -> None:
    """Code keeps its own colour inside a link, so that nobody would press it: links are words."""
    assert not re.findall(r"\[`[^]`]+`\]\([^)]*\)", script.read_text(encoding="utf-8"))


def leads_somewhere(target: Path) -> bool:
    """Whether the file is there, or would be if nobody had deleted it from the desk."""
    if target.is_relative_to(ROOT.stubs):
        return (ROOT.solutions / target.relative_to(ROOT.stubs)).exists()
    return target.exists()
