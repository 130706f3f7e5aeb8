"""A moved step lands where the robot falls, as far as leg and time allow."""

from math import pi

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vla_course.motion.footsteps.footstep import Footstep
from vla_course.motion.walking.gait import GaitConfig
from vla_course.motion.walking.landing import moved_landing, within_reach
from vla_course.motion.walking.swing_foot import SwingFoot
from vla_course.reference.day3_humanoid_balance.swing import swing_motion

GAIT, OMEGA = GaitConfig(), 3.4
STANCE = Footstep("right", 0.0, -0.09)
PLANNED = np.array([0.2, 0.09])


def swing(progress=0.0):
    foot = SwingFoot(0, np.array([-0.2, 0.09, 0.0]), 0.0, swing_motion)
    foot.progress = progress
    return foot


def test_a_landing_out_of_reach_is_brought_within_it_and_one_within_it_left_alone():
    stance = Footstep("left", 1.0, 2.0, yaw=pi / 2)
    # The left foot faces +y: the right one's side is +x.
    np.testing.assert_allclose(within_reach(GAIT, stance, np.array([1.2, 2.1])), [1.2, 2.1])
    np.testing.assert_allclose(
        within_reach(GAIT, stance, np.array([0.9, 3.0])),
        [1.0 + GAIT.reach_inward, 2.0 + GAIT.reach_ahead],
    )


def test_what_is_within_reach_is_landed_at_and_in_time():
    shift = np.array([0.03, 0.02])
    landing, lands_in = moved_landing(GAIT, STANCE, swing(), PLANNED, shift, 0.45, OMEGA)
    np.testing.assert_allclose(landing, PLANNED + shift)
    assert lands_in == 0.45


def test_who_falls_farther_than_the_leg_reaches_lands_sooner_where_it_falls_by_then():
    shift, time_left = np.array([0.35, 0.0]), 0.6
    landing, lands_in = moved_landing(GAIT, STANCE, swing(), PLANNED, shift, time_left, OMEGA)
    assert GAIT.quickest_swing <= lands_in < time_left
    np.testing.assert_allclose(landing, PLANNED + shift * np.exp(-OMEGA * (time_left - lands_in)), atol=0.005)
    assert np.hypot(*(within_reach(GAIT, STANCE, PLANNED + shift) - PLANNED - shift)) == pytest.approx(0.1)


@given(
    shift=st.tuples(*[st.floats(-1.0, 1.0)] * 2),
    progress=st.floats(0.0, 0.9),
    time_left=st.floats(0.08, 0.45),
)
def test_no_landing_jolts_the_foot_or_comes_later_than_planned(shift, progress, time_left):
    landing, lands_in = moved_landing(
        GAIT, STANCE, swing(progress), PLANNED, np.array(shift), time_left, OMEGA
    )
    assert min(time_left, GAIT.quickest_swing * (1.0 - progress)) <= lands_in <= time_left
    # The quintic from rest to rest is steepest at (1 - 1/sqrt(3))/2: 10/sqrt(3) = 5.77 of way over time^2.
    jolt = 10.0 / np.sqrt(3.0) * np.hypot(*(landing - PLANNED)) / lands_in**2
    assert jolt <= 1.001 * GAIT.landing_jolt
