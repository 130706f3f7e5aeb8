"""The notebooks as a student meets them: in JupyterLab, in a browser."""

from __future__ import annotations

import pytest

from tests.browser.conftest import Serve
from tests.browser.lab import ROOT, browse

NOTEBOOKS = sorted(path.stem for path in (ROOT / "notebooks").glob("*.ipynb"))


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_notebook_runs_on_the_reference_answers(jupyter: Serve, name: str) -> None:
    with browse(jupyter("solutions"), f"notebooks/{name}.ipynb") as lab:
        lab.picture(f"{name}-opened")
        assert not lab.dialogs()
        cells = lab.run_all()
        lab.pictures(f"{name}-solutions")
        assert not [cell for cell in cells if cell.error]
        assert not lab.broken_views()
        assert not lab.dialogs()


def test_start_page_runs_where_nothing_is_written(jupyter: Serve) -> None:
    with browse(jupyter(None), "notebooks/start.ipynb") as lab:
        cells = lab.run_all()
        lab.pictures("start-stubs")
        assert not [cell for cell in cells if cell.error]
        assert "not attempted" in cells[1].text


@pytest.mark.parametrize("name", [name for name in NOTEBOOKS if name.startswith("day")])
def test_notebook_stops_at_a_friendly_card_where_nothing_is_written(jupyter: Serve, name: str) -> None:
    with browse(jupyter(None), f"notebooks/{name}.ipynb") as lab:
        cells = lab.run_all()
        lab.pictures(f"{name}-stubs")
        stopped = [cell for cell in cells if cell.error]
        assert len(stopped) == 1
        assert stopped[0].error is not None
        assert stopped[0].error.startswith("NotAttempted")
        # What is on the page is a card that names the exercise's file, not a traceback.
        seen = lab.page.locator(".jp-OutputArea-output:has-text('Traceback')")
        assert seen.count() == 0
        assert lab.page.locator(".vla-card:has-text('vla_course/exercises/')").count() >= 1
