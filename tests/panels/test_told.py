"""Films of a robot that was told something say truthfully what came of it."""

import re

import numpy as np
import pytest

from vla_course.learning.expert.expert import Expert
from vla_course.motion.errands.ending import ErrandFailed
from vla_course.panels.model.lamp_pictures import LIGHTS, lamp_picture, lamp_trial
from vla_course.panels.model.told import tell, told_film
from vla_course.simulation.scene.cameras import PLACES
from vla_course.simulation.tasks.understanding import UnknownCommand


def test_what_is_told_is_done_and_photographed():
    told = tell("stand still", seed=1, every=1.5)
    assert told.reached == "done"
    times = [moment.time for moment in told.moments]
    assert times[0] < 0.01
    assert np.diff(times)[:-1] == pytest.approx(1.5, abs=0.01)
    assert all(moment.rgb[place].shape == (240, 320, 3) for moment in told.moments for place in PLACES)
    film = told_film(told, count=3, rows=("visitor", "head"))
    assert "stand still" in film.alt
    assert "done" in film.alt
    assert len(film.axes) == 6


def test_an_expert_that_gives_up_is_told_with_its_reason_and_time(monkeypatch):
    def gives_up(self):
        yield from self.stand("stand", 1.0)
        raise ErrandFailed("no plan", "no hand reaches it")

    monkeypatch.setattr(Expert, "_perform", gives_up)
    told = tell("pick up the red cup", seed=6, every=10.0)
    assert told.reached == "not done (no hand reaches it)"
    assert [moment.doing for moment in told.moments][-1] == "no plan"
    assert told.moments[-1].time > 1.0


def test_a_hand_misses_what_was_moved_after_it_was_seen():
    told = tell("pick up the red cup", seed=6, every=3.0, shoved=(0.09, 0.0))
    assert told.reached == "not taken (close: nothing is between the fingers)"


def test_what_is_no_command_is_refused():
    with pytest.raises(UnknownCommand):
        tell("dance", seed=0)


def test_the_lamp_misleads_a_detector_that_daylight_does_not():
    trial = lamp_trial("orange", scenes=4)
    day, evening = (sum(one.right for one in trial[name]) for name in LIGHTS)
    assert day == 4
    assert evening < 4
    assert re.search(
        rf"daylight: 4 of 4 right, evening lamp: {evening} of 4 right", lamp_picture("orange", trial).alt
    )
