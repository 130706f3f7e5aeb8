"""The browser of demonstrations as a student meets it: leafed through, wound, in light and in dark."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest

from tests.browser.conftest import Serve
from tests.browser.lab import Lab, browse
from tests.setup.pairing import METADATA

CELL = """
from vla_course.course.root import CourseRoot
from vla_course.learning.demonstrations.reader import Demonstrations
from vla_course.panels.demonstrations.browser import DemonstrationBrowser
shown = DemonstrationBrowser(Demonstrations(CourseRoot.current().folder / "data/demonstrations"), episode=14)
shown
"""
PANEL = ".vla-demonstrations"


@pytest.fixture
def notebook(course_copy: Path) -> str:
    path = "notebooks/demonstrations.ipynb"
    cells = [nbformat.v4.new_code_cell(CELL.strip())]
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=METADATA), course_copy / path)
    return path


def test_three_cameras_words_and_a_line_in_the_curves_move_together(jupyter: Serve, notebook: str) -> None:
    with browse(jupyter("solutions"), notebook, height=1500) as lab:
        cells = lab.run_all()
        assert not [cell for cell in cells if cell.error]
        assert not lab.broken_views()
        panel = lab.page.locator(PANEL).first
        before, at_first = panel.inner_text(), line_of(lab)
        lab.picture("demonstrations-light", PANEL)
        heads = [lab.picture("demonstrations-head", f"{PANEL} img.widget-image").read_bytes()]
        wind(lab, 0.8)
        heads.append(lab.picture("demonstrations-head-later", f"{PANEL} img.widget-image").read_bytes())
        assert heads[0] != heads[1]
        assert panel.inner_text() != before
        assert line_of(lab) > at_first + 200.0
        dark(lab)
        lab.picture("demonstrations-dark", PANEL)
        curves = lab.page.locator(f'{PANEL} img[alt^="Actions against time"]').first.bounding_box()
        assert curves is not None
        assert curves["x"] < line_of(lab) < curves["x"] + curves["width"]


def line_of(lab: Lab) -> float:
    """Return where the line in the curves is, pixels from the left."""
    box = lab.page.locator(f"{PANEL}-line div div div div").last.bounding_box()
    assert box is not None
    return float(box["x"])


def wind(lab: Lab, share: float) -> None:
    """Click on the slider."""
    track = lab.page.locator(f"{PANEL} .widget-hslider .slider-container").first
    box = track.bounding_box()
    assert box is not None
    track.click(position={"x": share * box["width"], "y": box["height"] / 2})
    lab.page.wait_for_timeout(2500)


def dark(lab: Lab) -> None:
    """Switch the lights off."""
    lab.page.evaluate("document.body.dataset.jpThemeLight = 'false'")
    lab.page.evaluate("window.jupyterapp.commands.execute('apputils:change-theme', {theme: 'JupyterLab Dark'})")
    lab.page.wait_for_timeout(2500)
