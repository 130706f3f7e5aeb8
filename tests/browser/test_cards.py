"""Cards and buttons as a student meets them: a path on a card opens the file, a busy button's words fit."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest

from tests.browser.conftest import Serve
from tests.browser.lab import browse
from tests.setup.pairing import METADATA

CELLS = """
from vla_course.course import check
check("3.1")
#---
import ipywidgets
from vla_course.panels.drawing.busy import BusyButton
working = BusyButton("Push", "the robot is pushed, and pushed again ...", "hand-o-right")
working._busy = working.busy()
working._busy.__enter__()
ipywidgets.HBox([ipywidgets.VBox([working]), BusyButton("Push", "pushing ...", "hand-o-right")])
#---
from vla_course.panels.walking.bump_panel import BumpPanel
ipywidgets.VBox([BumpPanel()])
#---
from vla_course.exercises.day3_humanoid_balance.com import center_of_mass
center_of_mass([1.0], [[0.0, 0.0, 0.0]])
"""
FILE = "vla_course/exercises/day3_humanoid_balance/com.py"
OPEN = """() => [...window.jupyterapp.shell.widgets('main')].map(widget => widget.context?.path).filter(path => path)"""

SCROLLED = """() => [...document.querySelectorAll('.vla-bump-panel, .vla-bump-panel *')].filter(
  e => e.scrollWidth > e.clientWidth && ['auto', 'scroll'].includes(getComputedStyle(e).overflowX)
).map(e => [e.className, e.scrollWidth, e.clientWidth])"""


@pytest.fixture
def notebook(course_copy: Path) -> str:
    cells = [nbformat.v4.new_code_cell(source.strip()) for source in CELLS.split("#---")]
    path = "notebooks/cards.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=METADATA), course_copy / path)
    return path


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_path_on_a_card_opens_the_file_and_words_fit_their_button(jupyter: Serve, notebook: str, theme: str) -> None:
    with browse(jupyter(None), notebook) as lab:
        if theme == "dark":
            lab.page.evaluate("window.jupyterapp.commands.execute('apputils:change-theme', {theme: 'JupyterLab Dark'})")
        cells = lab.run_all()
        assert [bool(cell.error) for cell in cells] == [False, False, False, True]
        lab.picture(f"cards-{theme}")
        assert not lab.page.evaluate(SCROLLED)
        for words in lab.page.locator(".vla-busy-button").all():
            assert words.evaluate("button => button.scrollWidth <= button.clientWidth")
            assert words.evaluate("button => button.getBoundingClientRect().width") >= 148
        cards = lab.page.locator(".vla-card:has-text('3.1')")
        assert cards.count() >= 2
        for number in range(cards.count()):
            link = cards.nth(number).locator("a").first
            assert "underline" in link.evaluate("a => getComputedStyle(a).textDecorationLine")
            ink = "element => getComputedStyle(element).color"
            assert link.evaluate(ink) != cards.nth(number).evaluate(ink)
        assert FILE not in lab.page.evaluate(OPEN)
        cards.first.locator("a").first.click()
        lab.page.wait_for_function(f"() => ({OPEN})().includes('{FILE}')", timeout=20_000)
        lab.picture(f"cards-opened-{theme}")
