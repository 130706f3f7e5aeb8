"""Films of an episode say truthfully what came of it."""

import re

import numpy as np
import pytest

from vla_course.learning.expert.expert import Expert
from vla_course.motion.errands.ending import ErrandFailed
from vla_course.panels.model.episode import film, run_expert
from vla_course.panels.model.lamp_pictures import LIGHTS, lamp_picture, lamp_trial
from vla_course.simulation.scene.cameras import PLACES
from vla_course.simulation.tasks.understanding import UnknownCommand


def test_what_is_asked_is_done_and_photographed():
    episode = run_expert("stand still", seed=1, every=1.5)
    assert episode.reached == "done"
    times = [moment.time for moment in episode.moments]
    assert times[0] < 0.01
    assert np.diff(times)[:-1] == pytest.approx(1.5, abs=0.01)
    assert all(moment.rgb[place].shape == (240, 320, 3) for moment in episode.moments for place in PLACES)
    shown = film(episode, count=3, rows=("visitor", "head"))
    assert "stand still" in shown.alt
    assert "done" in shown.alt
    assert len(shown.axes) == 6


def test_an_expert_that_gives_up_is_shown_with_its_reason_and_time(monkeypatch):
    def gives_up(self):
        yield from self.stand("stand", 1.0)
        raise ErrandFailed("no plan", "no hand reaches it")

    monkeypatch.setattr(Expert, "_perform", gives_up)
    episode = run_expert("pick up the red cup", seed=6, every=10.0)
    assert episode.reached == "not done (no hand reaches it)"
    assert [moment.doing for moment in episode.moments][-1] == "no plan"
    assert episode.moments[-1].time > 1.0


def test_a_hand_misses_what_was_moved_after_it_was_seen():
    episode = run_expert("pick up the red cup", seed=6, every=3.0, shoved=(0.09, 0.0))
    assert episode.reached == "not taken (close: nothing is between the fingers)"


def test_what_is_no_command_is_refused():
    with pytest.raises(UnknownCommand):
        run_expert("dance", seed=0)


def test_the_lamp_misleads_a_detector_that_daylight_does_not():
    trial = lamp_trial("orange", scenes=4)
    day, evening = (sum(one.right for one in trial[name]) for name in LIGHTS)
    assert day == 4
    assert evening < 4
    assert re.search(
        rf"daylight: 4 of 4 right, evening lamp: {evening} of 4 right", lamp_picture("orange", trial).alt
    )
