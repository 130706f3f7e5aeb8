"""What Day 4 draws of a word that is taught: who is asked, what counts as found, and the numbers of the exam."""

import numpy as np
import pytest

from vla_course.learning.finetuning.curve import Point
from vla_course.learning.finetuning.exam import Marks, Results
from vla_course.learning.finetuning.showing import EVERYTHING, demonstrate, moments
from vla_course.learning.grounding.sights import SHOWN, Sights
from vla_course.learning.planned.learned import LearnedGrounder
from vla_course.panels.training.new_word import (
    CLEAR,
    LiveShares,
    _asked,
    on,
    pointing_picture,
    shares_picture,
    shown_picture,
)


@pytest.fixture(scope="module")
def sights() -> Sights:
    return moments(7, "cone", 6, postures=1)


def test_the_new_thing_is_asked_for_where_it_shows_and_first_beside_one_of_its_colour(sights):
    asked = _asked(sights, "cone")
    assert asked
    assert len({moment for moment, _, _ in asked}) == len(asked)
    alike = []
    for moment, camera, thing in asked:
        colour, shape = EVERYTHING[thing].split()
        assert shape == "cone"
        assert sights.pixels[moment, camera, thing] >= CLEAR
        beside = [name for name in EVERYTHING if name.startswith(colour) and not name.endswith("cone")]
        alike.append(max(sights.pixels[moment, camera, EVERYTHING.index(name)] for name in beside) >= CLEAR)
    assert alike == sorted(alike, reverse=True)


def test_a_place_is_on_a_thing_where_its_pixels_are(sights):
    moment, camera, thing = _asked(sights, "cone")[0]
    u, v = sights.middle[moment, camera, thing].tolist()
    assert on(sights, moment, camera, thing, u, v)
    left, top, right, bottom = (int(edge) for edge in sights.box[moment, camera, thing])
    assert not on(sights, moment, camera, thing, left - 5.0, v)
    assert not on(sights, moment, camera, thing, u, bottom + 6.0)
    assert right > left
    assert bottom > top
    assert sights.pixels[moment, camera, thing] > SHOWN


def test_where_it_points_is_counted(sights):
    told = pointing_picture({"shipped": LearnedGrounder.load()}, sights, "cone", "cone", count=2)
    verdicts = [pane.get_xlabel() for pane in told.axes]
    assert set(verdicts) <= {"found", "not it"}
    assert f"shipped: {verdicts.count('found')} of 2 found" in told.alt


def test_a_demonstration_shows_where_the_hand_went():
    shown = demonstrate(0, "cone", "cone", count=2)
    drawn = shown_picture(shown, "cone", count=2)
    assert repr(shown.sentences[0]) in drawn.alt
    for number, pane in enumerate(drawn.axes):
        ring = pane.lines[0].get_xydata()[0]
        cameras = np.flatnonzero(shown.shows[number] == 1.0)
        assert any(np.allclose(ring, shown.middle[number, camera]) for camera in cameras)


def results(*shares: float) -> Results:
    return Results(*(Marks(np.arange(10) < 10 * share, np.zeros(10, dtype=np.int64)) for share in shares))


def test_what_is_found_is_written_at_its_bar():
    found = {"before": results(0.5, 0.2, 0.9, 1.0, 0.8), "after": results(0.9, 0.8, 0.9, 0.7, 0.8)}
    shown = shares_picture(found, {"after": 128})
    assert "before, new: 5 of 10" in shown.alt
    assert "after, beside: 7 of 10" in shown.alt
    written = [text.get_text() for pane in shown.axes for text in pane.texts]
    assert written == ["50 %", "90 %", "20 %", "80 %", "90 %", "90 %", "100 %", "70 %"]


def test_the_curve_draws_what_is_found_step_by_step():
    curve = LiveShares()
    for step, new in ((0, 0.5), (40, 0.8), (80, 0.9)):
        curve(Point(step, 80, 0.1, 0.1, new, 0.2, 0.9, 0.95, 0.8))
    shown = curve.picture()
    assert shown.axes[0].lines[0].get_ydata().tolist() == [50.0, 80.0, 90.0]
    assert (
        "After 80 of 80 steps 90 % of the new things are found and 95 % of the old ones beside them"
        in shown.alt
    )
