"""Replay and push panel as a student meets them: drawn, played and pressed in a browser."""

from __future__ import annotations

from pathlib import Path

import nbformat
import numpy as np
import pytest
from PIL import Image

from tests.browser.conftest import Serve
from tests.browser.lab import Lab, browse
from tests.setup.pairing import METADATA

CELLS = """
from vla_course.panels.balance.trial import Trial, run_trial
from vla_course.panels.drawing.replay import side_by_side
push = Trial(impulse=0.34, pull_back=True, duration=2.0)
shown = side_by_side({"statue": run_trial(push, "off"), "controlled": run_trial(push, "reference")}, height=420)
shown
#---
from vla_course.panels.balance.push_panel import PushPanel
PushPanel(controller="off")
"""


@pytest.fixture
def notebook(course_copy: Path) -> str:
    """A notebook with a replay and a panel, and nothing else."""
    cells = [nbformat.v4.new_code_cell(source.strip()) for source in CELLS.split("#---")]
    path = "notebooks/panels.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=METADATA), course_copy / path)
    return path


def colours(picture: Path) -> set[tuple[int, ...]]:
    """The colours of a picture, coarsely."""
    small = np.asarray(Image.open(picture).convert("RGB").resize((200, 120)))
    return {tuple(pixel) for pixel in (small // 24).reshape(-1, 3).tolist()}


def test_replay_is_drawn_and_the_panel_answers_a_press(jupyter: Serve, notebook: str) -> None:
    with browse(jupyter("solutions"), notebook) as lab:
        cells = lab.run_all()
        assert not [cell for cell in cells if cell.error]
        assert not lab.broken_views()
        # A view that draws nothing has one colour.
        assert len(colours(lab.picture("day3-replay", ".vla-replay canvas"))) > 12
        before = lab.picture("day3-replay-begin", ".vla-replay canvas").read_bytes()
        assert 1000 < wind_to(lab, 0.8) < 2000
        assert lab.picture("day3-replay-falling", ".vla-replay canvas").read_bytes() != before
        push_and_read(lab)


def wind_to(lab: Lab, share: float) -> int:
    """Click on the slider of time; returns the milliseconds that it then shows."""
    replay = lab.page.locator(".vla-replay").first
    replay.scroll_into_view_if_needed()
    track = replay.locator(".noUi-target, .widget-slider .slider-container").first
    box = track.bounding_box()
    assert box is not None
    track.click(position={"x": share * box["width"], "y": box["height"] / 2})
    lab.page.wait_for_timeout(2000)
    return int(replay.locator(".widget-readout").first.inner_text())


def push_and_read(lab: Lab) -> None:
    panel = lab.page.locator(".vla-push-panel").first
    panel.scroll_into_view_if_needed()
    lab.picture("day3-panel-before", ".vla-push-panel")
    panel.locator("label", has_text="and pull back").click()
    panel.locator("button", has_text="Push").click()
    panel.locator(".vla-card", has_text="fell").wait_for(timeout=60_000)
    panel.locator("canvas").first.wait_for(timeout=60_000)
    lab.page.wait_for_timeout(3000)
    lab.picture("day3-panel-fell", ".vla-push-panel")
    assert "the DCM left the support" in panel.inner_text()
