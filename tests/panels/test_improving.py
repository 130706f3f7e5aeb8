"""What a notebook shows of getting better by trying."""

from dataclasses import replace

import numpy as np

from vla_course.learning.reinforcement.comparing import Attempt
from vla_course.learning.reinforcement.files import POINTING, load_clone
from vla_course.learning.reinforcement.improve import Progress
from vla_course.panels.model.improving import (
    BeforeAfter,
    Take,
    before_after_picture,
    learning_curve,
    new_residual,
)

FIRST = Progress(1, 4, 180, 5, 0.2, 0.02, 0.03, 0.1, 0.0, 0.04, 0.25, 8.0, 5.0)


def test_a_curve_grows_into_axes_that_are_there_from_the_beginning() -> None:
    begun = learning_curve([FIRST])
    second = replace(FIRST, round=2, decisions=360, success=0.6)
    grown = learning_curve([FIRST, second])
    for figure in (begun, grown):
        assert [round(axes.get_xlim()[1]) for axes in figure.axes] == [742, 742]
    assert grown.axes[0].lines[0].get_ydata().tolist() == [20.0, 60.0]
    assert "After 360 decisions 60 % of 5 episodes succeed" in grown.alt
    assert "in the first round 20 % did" in grown.alt
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


def test_what_is_learnt_live_begins_as_the_clone_that_ships() -> None:
    residual = new_residual(3)
    assert not any(weight.any() for weight in residual.actor.parameters())
    assert not load_clone().policy.training
    assert (POINTING / "clone" / "model.safetensors").stat().st_size < 500_000
