"""What Day 2's answers about chunks promise: percentile, ensemble, cross-fade, prefix."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vla_course.reference.day2_streaming_pipeline.chunks import (
    cross_fade,
    ensemble_weights,
    merge_prefix,
    steps_to_wait,
)


def test_one_slow_answer_of_many_does_not_make_the_robot_wait_longer():
    assert steps_to_wait([*[0.12] * 49, 5.0], 0.1) == 2


def test_most_answers_come_in_time_where_delays_differ():
    delays = np.random.default_rng(0).uniform(0.0, 0.4, 1000)
    waits = steps_to_wait(delays, 0.1)
    assert waits == 4
    assert (delays <= waits * 0.1).mean() >= 0.95
    assert steps_to_wait(delays, 0.1, 50.0) in (2, 3)


def test_an_answer_that_takes_no_time_is_not_waited_for_and_one_of_a_period_for_one():
    assert steps_to_wait([0.0], 0.1) == 0
    assert steps_to_wait([0.1 + 1e-12], 0.1) == 1
    assert steps_to_wait([0.3], 0.1) == 3


@pytest.mark.parametrize(
    ("delays", "period", "told"),
    [([], 0.1, "empty"), ([0.1, -0.1], 0.1, "-0.1"), ([np.nan], 0.1, "nan"), ([0.1], 0.0, "period is 0.0")],
)
def test_delays_that_are_none_are_refused(delays, period, told):
    with pytest.raises(ValueError, match=told):
        steps_to_wait(delays, period)


def test_the_oldest_prediction_weighs_most_whichever_order_they_come_in():
    weights = ensemble_weights([0.3, 0.1, 0.2], 0.5)
    np.testing.assert_allclose(weights[1] / weights[2], np.exp(0.5))
    np.testing.assert_allclose(weights[2] / weights[0], np.exp(0.5))


@given(st.lists(st.floats(0.0, 1e6), max_size=20), st.floats(-50.0, 50.0))
def test_weights_add_up_to_one_and_the_fewest_of_them_is_none(decided, m):
    weights = ensemble_weights(decided, m)
    assert weights.shape == (len(decided),)
    assert (weights >= 0.0).all()
    if decided:
        assert weights.sum() == pytest.approx(1.0)


def test_all_count_alike_with_m_0_and_the_newest_most_below():
    np.testing.assert_allclose(ensemble_weights([0.0, 0.1, 0.2], 0.0), 1 / 3)
    assert ensemble_weights([0.0, 0.1, 0.2], -1.0).argmax() == 2


def test_a_cross_fade_goes_by_the_clock():
    old, new = np.zeros((5, 2)), np.ones((5, 2))
    faded = cross_fade(old, new, [0.9, 1.0, 1.1, 1.2, 9.0], 1.0, 0.2)
    np.testing.assert_allclose(faded[:, 0], [0.0, 0.0, 0.5, 1.0, 1.0])
    np.testing.assert_allclose(cross_fade(old, new, np.arange(5), 2.0, 0.0)[:, 1], [0, 0, 1, 1, 1])


def test_a_cross_fade_of_chunks_of_other_shapes_is_refused():
    with pytest.raises(ValueError, match="expected that of old"):
        cross_fade(np.zeros((3, 2)), np.zeros((2, 2)), np.arange(3), 0.0, 0.1)
    with pytest.raises(ValueError, match="lasts is -0.1"):
        cross_fade(np.zeros((3, 2)), np.zeros((3, 2)), np.arange(3), 0.0, -0.1)


def test_what_was_committed_stays_as_it_was_to_the_bit_and_what_has_passed_is_left_out():
    rng = np.random.default_rng(0)
    committed, chunk = rng.normal(size=(3, 4)), rng.normal(size=(6, 4))
    whole = np.vstack((committed, chunk[3:]))
    for passed in range(8):
        assert np.array_equal(merge_prefix(committed, chunk, passed), whole[passed:])
    assert np.array_equal(merge_prefix(committed[:0], chunk, 0), chunk)


def test_a_prefix_longer_than_its_chunk_is_refused():
    with pytest.raises(ValueError, match="committed has shape"):
        merge_prefix(np.zeros((3, 4)), np.zeros((2, 4)), 0)
    with pytest.raises(ValueError, match="passed is -1"):
        merge_prefix(np.zeros((1, 4)), np.zeros((2, 4)), -1)
