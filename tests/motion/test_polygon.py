"""Convex polygons: what a law of the nearest place must say, and corners that are none."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vla_course.motion.polygon import nearest_point, without_flat_corners

SQUARE = np.array([[0.0, 0.0], [2.0, 0.0], [2.0, 2.0], [0.0, 2.0]])

near = st.floats(-4.0, 6.0)


@given(near, near)
def test_nearest_in_a_box_is_each_coordinate_kept_within_it(x: float, y: float) -> None:
    # Two places whose squared distances differ by less than a float can tell are equally near.
    assert nearest_point(SQUARE, np.array([x, y])) == pytest.approx(np.clip([x, y], 0.0, 2.0), abs=1e-7)


@given(near, near)
def test_a_polygon_shrunken_to_a_point_is_that_point(x: float, y: float) -> None:
    point = np.array([1.0, -0.5])
    assert nearest_point(np.tile(point, (4, 1)), np.array([x, y])) == pytest.approx(point)


@given(near)
def test_on_a_line_the_nearest_point_lies_between_its_ends(x: float) -> None:
    line = np.array([[0.0, 0.0], [2.0, 0.0]])
    assert nearest_point(line, np.array([x, 0.0])) == pytest.approx([min(max(x, 0.0), 2.0), 0.0], abs=1e-12)


@given(st.floats(-0.0015, 0.0015), st.floats(-0.0015, 0.0015))
def test_feet_side_by_side_have_four_corners_however_their_inner_ones_lie(toe: float, heel: float) -> None:
    outer = [[-0.11, -0.15], [0.11, -0.15], [0.11, 0.15], [-0.11, 0.15]]
    inner = [[0.11 + max(toe, 0.0), 0.04], [-0.11 - max(heel, 0.0), -0.04]]
    polygon = np.array([*outer[:2], inner[0], *outer[2:], inner[1]])
    np.testing.assert_allclose(without_flat_corners(polygon), outer)


def test_a_foot_ahead_of_the_other_keeps_its_corners() -> None:
    polygon = np.array(
        [[-0.11, -0.15], [0.11, -0.15], [0.21, 0.04], [0.21, 0.15], [-0.01, 0.15], [-0.11, -0.04]]
    )
    np.testing.assert_array_equal(without_flat_corners(polygon), polygon)
