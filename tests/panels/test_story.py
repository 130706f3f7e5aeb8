"""The sentence under a run says what happened in it."""

from dataclasses import replace

import numpy as np
import pytest

from vla_course.motion.standing.record import MotionRecord
from vla_course.panels.balance.story import outcome
from vla_course.panels.balance.trial import Trial, run_trial
from vla_course.panels.drawing.traces import shoves


def test_statue_falls_and_the_sentence_says_when(fallen: MotionRecord) -> None:
    told = outcome(fallen)
    assert told.fell
    assert fallen.fell_at is not None
    assert told.fell_after == pytest.approx(fallen.fell_at - 0.5, abs=0.01)
    assert str(told).startswith(f"fell {told.fell_after:.1f} s after it was pushed")
    assert told.closest < 0.0


def test_controlled_robot_stands_and_comes_to_rest(kept: MotionRecord) -> None:
    told = outcome(kept)
    assert not told.fell
    assert told.calm_after is not None
    assert 0.0 < told.calm_after < 1.3
    assert 0.0 < told.closest < 0.11
    assert f"{100 * told.closest:.1f} cm of the edge" in str(told)


def test_a_robot_that_rocks_to_the_end_is_not_called_calm() -> None:
    told = outcome(run_trial(Trial(impulse=0.34, duration=2.0), "off"))
    assert not told.fell
    assert told.calm_after is None
    assert "still moving" in str(told)


def test_dcm_beyond_the_edge_is_told(kept: MotionRecord) -> None:
    fast = replace(kept, com_velocity=np.tile([0.5, 0.0, 0.0], (len(kept.time), 1)))
    assert "beyond the edge" in str(outcome(fast))


def test_pushes_are_found_as_they_were_given(kept: MotionRecord) -> None:
    push, pull = shoves(kept)
    assert push.begin == pytest.approx(0.5, abs=0.003)
    assert pull.begin == pytest.approx(0.9, abs=0.003)
    assert push.end - push.begin == pytest.approx(0.1, abs=0.003)
    for shove, heading in ((push, 0.0), (pull, np.pi)):
        assert shove.impulse_over_mass == pytest.approx(0.34, rel=1e-3)
        assert abs(shove.direction) == pytest.approx(heading, abs=1e-6)
    assert shoves(run_trial(Trial(impulse=0.0, duration=0.1), "off")) == []
