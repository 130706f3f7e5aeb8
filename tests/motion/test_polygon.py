"""The nearest place inside a polygon: what a law of it must say, with or without an inside."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vla_course.motion.polygon import nearest_point

SQUARE = np.array([[0.0, 0.0], [2.0, 0.0], [2.0, 2.0], [0.0, 2.0]])

near = st.floats(-4.0, 6.0)


@given(near, near)
def test_nearest_in_a_box_is_each_coordinate_kept_within_it(x: float, y: float) -> None:
    assert nearest_point(SQUARE, np.array([x, y])) == pytest.approx(np.clip([x, y], 0.0, 2.0), abs=1e-12)


@given(near, near)
def test_a_polygon_shrunken_to_a_point_is_that_point(x: float, y: float) -> None:
    point = np.array([1.0, -0.5])
    assert nearest_point(np.tile(point, (4, 1)), np.array([x, y])) == pytest.approx(point)


@given(near)
def test_on_a_line_the_nearest_point_lies_between_its_ends(x: float) -> None:
    line = np.array([[0.0, 0.0], [2.0, 0.0]])
    assert nearest_point(line, np.array([x, 0.0])) == pytest.approx([min(max(x, 0.0), 2.0), 0.0], abs=1e-12)
