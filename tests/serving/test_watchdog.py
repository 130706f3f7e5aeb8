"""The watchdog's ladder, on the robot's clock alone."""

import numpy as np
import pytest

from vla_course.serving.packets.codes import Code
from vla_course.serving.packets.response import VLAResponse
from vla_course.serving.remote.watchdog import Watchdog, WatchdogSettings
from vla_course.simulation.robot.layout import ACTION

SETTINGS = WatchdogSettings(holds=0.3, stands=0.6, latches=1.2, fresh=3)


def answer(frame, taken, code=Code.OK):
    fields = {"actions": np.zeros((1, 36))} if code is Code.OK else {"message": "why"}
    return VLAResponse(frame_id=frame, correlation_id="a", timestamp=taken, code=code, **fields)


def walking(value):
    action = np.full(36, value, np.float32)
    action[ACTION.base_velocity] = 0.8
    return action


def test_it_goes_down_rung_by_rung_and_counts():
    watch = Watchdog(10.0, SETTINGS)
    assert [watch.rung(10.0 + age) for age in (0.0, 0.29, 0.31, 0.59, 0.61, 1.19, 1.21)] == [
        *("acts", "acts", "holds", "holds", "stands", "stands", "latched")
    ]
    assert watch.downs == {"holds": 1, "stands": 1, "latched": 1}


def test_an_answer_lifts_it_up_again_by_the_age_of_its_picture_not_by_when_it_came():
    watch = Watchdog(0.0, SETTINGS)
    assert watch.rung(0.7) == "stands"
    watch.hears(answer(0, taken=0.25), 0.8)  # came just now, and is old
    assert watch.rung(0.8) == "holds"
    watch.hears(answer(1, taken=0.75), 0.85)
    assert watch.rung(0.85) == "acts"


def test_once_latched_it_takes_answers_in_a_row():
    watch = Watchdog(0.0, SETTINGS)
    assert watch.rung(2.0) == "latched"
    watch.hears(answer(1, 2.0), 2.05)
    watch.hears(answer(2, 2.05), 2.1)
    assert watch.rung(2.1) == "latched"
    watch.hears(answer(3, 0.0, Code.MODEL_FAILED), 2.12)  # the row is broken
    watch.hears(answer(4, 2.12), 2.15)
    watch.hears(answer(5, 2.15), 2.2)
    assert watch.rung(2.2) == "latched"
    watch.hears(answer(5, 2.15), 2.2)  # the same one again is no other
    assert watch.rung(2.2) == "latched"
    watch.hears(answer(6, 2.2), 2.25)
    assert watch.rung(2.25) == "acts"


def test_a_packet_that_the_robot_itself_replaced_breaks_no_row():
    watch = Watchdog(0.0, SETTINGS)
    assert watch.rung(2.0) == "latched"
    for frame, taken in enumerate((2.0, 2.05, 2.1)):
        watch.hears(answer(10 * frame, taken), taken + 0.03)
        watch.hears(answer(10 * frame + 1, taken + 0.03, Code.SUPERSEDED), taken + 0.04)
    assert watch.rung(2.15) == "acts"


def test_errors_and_answers_from_the_future_keep_nobody_acting():
    watch = Watchdog(0.0, SETTINGS)
    watch.hears(answer(0, 0.5, Code.DEADLINE_MISSED), 0.5)
    watch.hears(answer(1, 99.0), 0.5)
    assert watch.rung(0.5) == "holds"


def test_what_it_lets_through():
    watch = Watchdog(0.0, SETTINGS)
    np.testing.assert_array_equal(watch.guards(walking(0.1), 0.1), walking(0.1))
    np.testing.assert_array_equal(watch.guards(walking(0.2), 0.4), walking(0.1))
    standing = walking(0.1)
    standing[ACTION.base_velocity] = 0.0
    for now in (0.7, 1.5, 3.0):
        np.testing.assert_array_equal(watch.guards(walking(0.3), now), standing)


@pytest.mark.parametrize("times", [(0.0, 1.0, 2.0), (1.0, 0.5, 2.0), (0.5, 1.0, 1.0)])
def test_times_that_do_not_rise_are_refused(times):
    with pytest.raises(ValueError, match="expected rising|more than 0"):
        WatchdogSettings(*times)


@pytest.mark.parametrize("now", [float("nan"), 9.0, -1e9, 1e9, float("inf")])
def test_with_a_clock_that_tells_no_age_nothing_is_fresh(now):
    watch = Watchdog(10.0, SETTINGS)
    watch.guards(walking(0.2), 10.0)
    assert watch.rung(now) == "latched"
    assert (watch.guards(walking(0.2), now)[ACTION.base_velocity] == 0.0).all()
    for frame in range(3):
        watch.hears(answer(frame, taken=10.1 + 0.1 * frame), 10.2 + 0.1 * frame)
    assert watch.rung(10.4) == "acts"
