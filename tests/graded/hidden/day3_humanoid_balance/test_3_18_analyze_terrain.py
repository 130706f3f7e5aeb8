"""3.18, hidden: other cells, other windows, other edges; unknown neighbours make none."""

import numpy as np

from shown.day3_humanoid_balance.grounds import as_map, jumps, ramp, window_shapes
from shown.day3_humanoid_balance.test_3_18_analyze_terrain import analysed
from vla_course.course.checking.judging import expect, expect_close, graded


@graded("3.18", points=1, says="cells and windows may be of other sizes, and larger than the map")
def test_other_sizes(student, rng):
    for reach, cell in ((1, 0.05), (3, 0.01)):
        heights, _ = ramp(rng, (10, 8), cell)
        heights += rng.uniform(0.0, 0.01, heights.shape)
        heights[rng.integers(10), rng.integers(8)] = np.nan
        terrain = as_map(heights, cell)
        given = terrain.heights.copy()
        got = analysed(student, terrain, reach)
        normals, slopes, roughness = window_shapes(terrain, reach)
        expect_close(got.normals, normals, what="the normals", atol=1e-8)
        expect_close(got.slopes, slopes, what="the slopes", unit="rad", atol=1e-8)
        expect_close(got.roughness, roughness, what="the roughness", unit="m", atol=1e-9)
        expect(
            np.array_equal(terrain.heights, given, equal_nan=True),
            "the map that was handed in has been changed",
        )
    small = as_map(np.array([[0.0, 0.0, 0.1, 0.1]] * 3), 0.02)  # no window fits into it
    got = analysed(student, small)
    layers = np.dstack((got.normals, got.slopes, got.roughness))
    expect(
        layers.shape == (3, 4, 5) and np.isnan(layers).all(),
        "of a map smaller than a window only edges are known",
    )
    expect_close(np.asarray(got.edges), jumps(small.heights, 0.015), what="the edges of a small map")


@graded("3.18", points=1, says="an edge is what is asked for, and unknown ground makes none")
def test_other_edges(student, rng):
    limit = float(rng.uniform(0.004, 0.03))
    heights = rng.uniform(0.0, 3.0 * limit, (9, 7))
    heights[rng.integers(1, 8), rng.integers(1, 6)] = np.nan
    got = analysed(student, as_map(heights, 0.02), 2, limit)
    expect_close(np.asarray(got.edges), jumps(heights, limit), what="the map of edges")
    heights = rng.integers(0, 4, (8, 9)) / 64.0  # exact numbers: a jump of just the edge height is none
    got = analysed(student, as_map(heights, 0.02), 2, 1.0 / 64.0)
    expect_close(np.asarray(got.edges), jumps(heights, 1.0 / 64.0), what="the map of edges")
