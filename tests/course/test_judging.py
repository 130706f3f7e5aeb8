"""`expect`, `expect_close`, `expect_raises`: one clear sentence for each way to be wrong."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from vla_course.course.checking.judging import Mismatch, expect, expect_close, expect_raises, graded
from vla_course.course.exercise import NotAttempted

numbers = st.floats(-1e6, 1e6)


def fault(got, expected, **options):
    with pytest.raises(Mismatch) as caught:
        expect_close(got, expected, what="ZMP", **options)
    return caught.value


@pytest.mark.parametrize(
    ("got", "expected", "told"),
    [
        (None, 1.0, "ZMP is None, expected a number: does every path of the function return its result?"),
        (None, [1.0, 2.0], "ZMP is None, expected an array of shape (2,)"),
        ("left", 1.0, "ZMP is of type str, expected a number of real numbers"),
        ([1.0, None], [1.0, 2.0], "ZMP is of type list, expected an array of shape (2,) of real numbers"),
        ({"x": 1.0}, [1.0], "ZMP is of type dict"),
        (1j, 1.0, "ZMP is of type complex"),
        ([[1.0], [1.0, 2.0]], [1.0], "ZMP is ragged"),
        ([1.0, 2.0, 3.0], [1.0, 2.0], "ZMP has shape (3,), expected an array of shape (2,)"),
        ([[1.0, 2.0]], [1.0, 2.0], "ZMP has shape (1, 2)"),
        (1.0, [1.0, 2.0], "ZMP is a single number, expected an array of shape (2,)"),
        ([1.0], 1.0, "ZMP has shape (1,), expected a number"),
        ([1.0, np.nan], [1.0, 2.0], "ZMP is nan at index 1: a division by zero, or a value never set?"),
        (np.inf, 1.0, "ZMP is inf: a division"),
        ([[0.0, 0.0], [0.5, 0.0]], [[0.0, 0.0], [0.0, 0.0]], "ZMP is off by 0.5 at index (1, 0)"),
        (2.0, np.inf, "ZMP is off by inf"),
    ],
)
def test_each_way_to_be_wrong_has_its_sentence(got, expected, told):
    assert fault(got, expected).message.startswith(told)


@pytest.mark.parametrize(
    ("got", "expected"),
    [((1.0, 2.0), np.array([1.0, 2.0])), (np.float32(0.5), 0.5), (3, 3.0), (np.inf, np.inf), (True, 1.0)],
)
def test_other_ways_to_be_right_pass(got, expected):
    expect_close(got, expected, what="ZMP")


@given(arrays(float, (3,), elements=numbers))
def test_a_value_is_close_to_itself(values):
    expect_close(values.tolist(), values, what="ZMP", atol=0.0)


@given(arrays(float, (2,), elements=numbers), st.floats(1e-3, 1e3), st.floats(1e-4, 1.0))
def test_the_tolerance_is_a_border(values, off, tolerance):
    if off < tolerance * 0.99:
        expect_close(values + np.array([off, 0.0]), values, what="ZMP", atol=tolerance)
    elif off > tolerance * 1.01:
        assert "at index 0" in fault(values + np.array([off, 0.0]), values, atol=tolerance).message


def test_rtol_scales_with_what_is_expected():
    expect_close(1001.0, 1000.0, what="force", rtol=1e-2)
    assert fault(1.5, 1.0, rtol=1e-2)


def test_a_known_mistake_is_named_whatever_its_shape():
    mistakes = {"sign": [-1.0, 2.0], "three": [1.0, 2.0, 0.0], "forgot-return": None, "plain": 7.0}
    assert fault([-1.0, 2.0], [1.0, 2.0], mistakes=mistakes).mistake == "sign"
    assert fault([1.0, 2.0, 0.0], [1.0, 2.0], mistakes=mistakes).mistake == "three"
    assert fault(None, [1.0, 2.0], mistakes=mistakes).mistake == "forgot-return"
    assert fault(7.0, [1.0, 2.0], mistakes=mistakes).mistake == "plain"
    assert fault([0.0, 0.0], [1.0, 2.0], mistakes=mistakes).mistake is None


def test_what_is_shown_is_short_and_has_the_unit():
    found = fault(np.array([0.1 + 0.2, -1e-7]), [0.25, 0.0], unit="m")
    assert (found.expected, found.got, found.unit) == ("[0.25, 0]", "[0.3, -1e-07]", "m")
    assert len(fault(np.zeros((100, 3)), np.ones((100, 3))).got) < 200


def test_values_that_differ_late_are_shown_with_the_digits_that_differ():
    found = fault(1.00000001, 1.0, atol=1e-12)
    assert found.expected != found.got


def test_a_picture_is_asked_for_only_by_whoever_shows_it():
    drawn = []
    found = fault(1.0, 2.0, picture=lambda: drawn.append(1))
    assert drawn == []
    found.picture()
    assert drawn == [1]


def test_a_condition_tells_its_sentence_and_names_its_mistake():
    expect(True, "never told")
    with pytest.raises(Mismatch, match="corners come counter-clockwise") as caught:
        expect(False, "corners come counter-clockwise", got=[1.0], expected=2, mistake="clockwise")
    assert (caught.value.got, caught.value.expected, caught.value.mistake) == ("[1]", "2", "clockwise")


def test_a_refusal_is_expected_by_its_exception():
    expect_raises(ValueError, int, "x", what="a letter")
    with pytest.raises(Mismatch, match="a letter should raise TypeError, not ValueError"):
        expect_raises(TypeError, int, "x", what="a letter")
    with pytest.raises(Mismatch, match="a digit should raise ValueError") as caught:
        expect_raises(ValueError, int, "5", what="a digit")
    assert caught.value.got == "5"


def test_an_unsolved_exercise_is_never_a_mismatch():
    def stub():
        raise NotAttempted("1.1")

    with pytest.raises(NotAttempted):
        expect_raises(ValueError, stub, what="anything")


def test_a_graded_test_says_what_it_is_worth():
    with pytest.raises(ValueError, match="points is 0"):
        graded("1.1", points=0, says="something")
    with pytest.raises(ValueError, match="says is empty"):
        graded("1.1", points=1, says=" ")
