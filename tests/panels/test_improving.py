"""What a notebook shows of getting better by trying."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from vla_course.learning.policy.files import load_policy
from vla_course.learning.reinforcement.comparing import Attempt
from vla_course.learning.reinforcement.files import CLONE, POINTING
from vla_course.learning.reinforcement.improve import Progress
from vla_course.panels.model.improving import (
    BeforeAfter,
    Take,
    before_after_picture,
    correction_picture,
    learning_curve,
    misses_picture,
    new_residual,
)

FIRST = Progress(1, 4, 180, 5, 0.2, 0.02, 0.03, 0.1, 0.0, 0.04, 0.25, 8.0, 5.0)


def test_a_curve_grows_into_axes_that_are_there_from_the_beginning() -> None:
    begun = learning_curve([FIRST])
    second = replace(FIRST, round=2, decisions=360, reward=0.11, correction=0.3, spread=0.2)
    grown = learning_curve([FIRST, second])
    for figure in (begun, grown):
        assert [round(axes.get_xlim()[1]) for axes in figure.axes] == [742, 742]
    assert grown.axes[0].lines[0].get_ydata().tolist() == [0.02, 0.11]
    assert [line.get_ydata().tolist() for line in grown.axes[1].lines] == [[0.04, 0.3], [0.25, 0.2]]
    assert "After 360 decisions a decision brings 0.11, in the first round 0.02" in grown.alt
    assert "corrections are 0.30 large, and what is tried beside them is 0.20" in grown.alt
    assert learning_curve([]).alt == "Nothing was tried yet."


def test_before_and_after_are_shown_at_the_same_moments_and_say_what_came_of_them() -> None:
    shades = [tuple(np.full((4, 4, 3), 20 * k, np.uint8) for k in range(count)) for count in (9, 3)]
    lost, done = (
        Attempt(False, "time was up", False, 5.0, 0.13),
        Attempt(True, "", False, 2.6, 0.02),
    )
    pair = BeforeAfter(
        "point at the red cup", (Take("the clone", lost, shades[0]), Take("corrected", done, shades[1]))
    )
    figure = before_after_picture(pair, count=3)
    shown = [int(pane.images[0].get_array()[0, 0, 0]) for pane in figure.axes]
    assert shown == [0, 80, 160, 0, 40, 40]
    assert "the clone: time was up after 5.0 s, the line passes 13 cm beside it" in figure.alt
    assert "corrected: done after 2.6 s, the line passes 2 cm beside it" in figure.alt


def test_what_is_learnt_live_begins_as_nothing() -> None:
    residual = new_residual(3)
    assert not any(weight.any() for weight in residual.actor.parameters())


@pytest.mark.skipif(
    not (POINTING / CLONE).exists(),
    reason="`benchmarks/reinforcement.py --json --ship` has not been run to its end",
)
def test_the_clone_that_it_is_learnt_on_ships() -> None:
    assert not load_policy(POINTING / CLONE).training
    assert (POINTING / CLONE / "model.safetensors").stat().st_size < 500_000


def test_a_correction_is_drawn_as_a_turn_of_the_fingers_towards_the_thing() -> None:
    """Fingers move along y by a turn about z, and along z by one about y the other way round."""
    residual = new_residual()
    assert "towards the thing in 0." in correction_picture(residual).alt
    with torch.no_grad():
        residual.actor.weight[1, 0], residual.actor.weight[0, 1] = 1.0, -0.5
    figure = correction_picture(residual, farthest=20.0, count=3)
    assert "Of 9 places" in figure.alt
    assert "towards the thing in 8." in figure.alt  # not where it points at it already
    arrows = figure.axes[0].collections[0]
    np.testing.assert_allclose(arrows.U, 0.3 * np.tile((-20.0, 0.0, 20.0), 3), atol=1e-4)
    np.testing.assert_allclose(arrows.V, 0.15 * np.repeat((-20.0, 0.0, 20.0), 3), atol=1e-4)


def test_scenes_before_and_after_are_counted_and_told_apart() -> None:
    lost, done = Attempt(False, "time was up", False, 5.0, 0.13), Attempt(True, "", False, 2.6, 0.02)
    figure = misses_picture([(lost, done), (lost, lost), (done, done)])
    assert figure.alt == "The same 3 scenes: the clone succeeds in 1, corrected in 2."
    dots = [line for line in figure.axes[0].lines if line.get_marker() == "o" and len(line.get_xdata())]
    hollow = [line for line in dots if line.get_markerfacecolor() == "white"]
    assert len(dots) == 6
    assert [float(line.get_xdata()[0]) for line in hollow] == [13.0, 13.0, 13.0]
