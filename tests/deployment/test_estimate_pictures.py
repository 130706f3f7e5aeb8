"""Pictures of what a robot believes of itself."""

import pytest

from vla_course.panels.deployment.belief_ladder import Rung, by_legs, with_noise
from vla_course.panels.deployment.estimate_pictures import ladder_picture, landing_picture, walk_picture
from vla_course.panels.deployment.estimated_walk import EstimatedWalk, walk_on_estimate


@pytest.fixture(scope="module")
def walk() -> EstimatedWalk:
    return walk_on_estimate(seconds=2.5)


def test_a_walk_is_told_with_its_drift_and_drawn_with_the_filters_promise(walk):
    assert not walk.fell
    assert walk.drift < 0.02
    drawn = walk_picture(walk, "A walk")
    assert drawn.alt == f"A walk. {walk.told()}"
    assert "It stood" in drawn.alt
    assert [axes.get_title(loc="left") for axes in drawn.axes][1:] == [
        f"Error of the {what}" for what in ("velocity", "place", "heading")
    ]


def test_landings_are_seen_in_the_accelerometer(walk):
    assert "each time a foot lands" in landing_picture(walk, (1.0, 2.4)).alt


def test_too_much_noise_and_too_long_a_memory_make_it_fall():
    (noisy,), (late,) = with_noise([0.15], 3.0), by_legs([0.1], 3.0)
    assert noisy.fell
    assert late.fell
    assert "fallen: 150 mm/s" in ladder_picture([Rung(0.01, 3.0, False, 0.01), noisy], [late], 0.001).alt
