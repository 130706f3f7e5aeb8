"""3.18: a ramp is tilted and smooth, gravel is level and rough, a kerb is an edge."""

import numpy as np

from shown.day3_humanoid_balance.grounds import as_map, edge_slips, first_given, jumps, ramp, window_shapes
from vla_course.course.checking.judging import expect, expect_close, graded


def analysed(student, terrain, *more):
    """The student's answer, and whether it is one."""
    got = student.analyze_terrain(terrain, *more)
    layers = all(hasattr(got, name) for name in ("normals", "slopes", "roughness", "edges"))
    expect(layers, "the answer should be a TerrainAnalysis", got=type(got).__name__)
    return got


@graded("3.18", points=3, says="a smooth ramp has one normal, one slope and no roughness")
def test_ramp(student, rng):
    cell = 0.02
    heights, rise = ramp(rng, (9, 11), cell)
    got = analysed(student, as_map(heights, cell))
    inside = (slice(2, -2), slice(2, -2))
    steep = np.hypot(*rise)
    whole = np.ones((5, 7))
    expect_close(
        np.asarray(got.slopes)[inside],
        np.arctan(steep) * whole,
        what="the slope",
        unit="rad",
        mistakes={
            "tangent-for-angle": steep * whole,
            "slope-in-cells": np.arctan(steep * cell) * whole,
        },
    )
    normal = np.array([-rise[0], -rise[1], 1.0])
    unit = normal / np.sqrt(1.0 + steep**2)
    expect_close(
        np.asarray(got.normals)[inside],
        unit * whole[..., None],
        what="the normal",
        mistakes={
            "normal-not-unit": normal * whole[..., None],
            "normal-downhill": unit * [-1.0, -1.0, 1.0] * whole[..., None],
            "axes-swapped": unit[[1, 0, 2]] * whole[..., None],
        },
    )
    about_mean = np.asarray([np.std(heights[i : i + 5, j : j + 5]) for i in range(5) for j in range(7)])
    expect_close(
        np.asarray(got.roughness)[inside],
        0.0 * whole,
        what="the roughness of a smooth ramp",
        unit="m",
        mistakes={"roughness-about-the-mean": about_mean.reshape(5, 7)},
    )


@graded("3.18", points=2, says="the roughness is what remains of gravel when its plane is taken off")
def test_gravel(student, rng):
    heights, _ = ramp(rng, (8, 7), 0.02)
    terrain = as_map(heights + rng.uniform(0.0, 0.012, heights.shape), 0.02)
    got = analysed(student, terrain)
    normals, slopes, roughness = window_shapes(terrain, 2)
    worst, spread = np.full(heights.shape, np.nan), np.full(heights.shape, np.nan)
    x, y = (part * 0.02 for part in np.mgrid[-2:3, -2:3])
    for i, j in np.argwhere(np.isfinite(slopes)):
        window = terrain.heights[i - 2 : i + 3, j - 2 : j + 3]
        tilt = -normals[i, j] / normals[i, j, 2]
        residual = window - window.mean() - tilt[0] * x - tilt[1] * y
        worst[i, j], spread[i, j] = np.abs(residual).max(), window.std()
    mistakes = {"roughness-of-the-worst": worst, "roughness-about-the-mean": spread}
    expect_close(got.roughness, roughness, what="the roughness", unit="m", atol=1e-9, mistakes=mistakes)
    expect_close(got.slopes, slopes, what="the slope of gravel", unit="rad", atol=1e-8)
    expect_close(got.normals, normals, what="the normals of gravel", atol=1e-8)


@graded("3.18", points=1, says="where part of the window is unknown, nothing is said")
def test_unknown(student, rng):
    heights, _ = ramp(rng, (10, 12), 0.02)
    i, j = rng.integers(3, 7), rng.integers(3, 9)
    heights[i, j] = np.nan
    got = analysed(student, as_map(heights, 0.02))
    unknown = np.ones(heights.shape, dtype=bool)
    unknown[2:-2, 2:-2] = False
    unknown[i - 2 : i + 3, j - 2 : j + 3] = True
    for name in ("slopes", "roughness", "normals"):
        said = np.isfinite(np.asarray(getattr(got, name), dtype=float))
        said = said.any(axis=-1) if name == "normals" else said
        wrong = said & unknown
        expect(
            not wrong.any(),
            f"{name} judges {int(wrong.sum())} cells whose window is not known",
            mistake="guesses-the-unknown",
        )
        missing = ~said & ~unknown
        expect(not missing.any(), f"{name} says nothing of {int(missing.sum())} cells whose window is known")


@graded(
    "3.18",
    points=2,
    says="a jump of the height makes an edge of the cells on both sides of it, a ramp makes none",
)
def test_edges(student, rng):
    for turned in (False, True):
        heights = np.zeros((10, 12)) + rng.uniform(-0.2, 0.2)
        heights[4:7, 3:8] += rng.uniform(0.02, 0.08)
        heights[8:, 9:] -= rng.uniform(0.02, 0.08)
        heights = heights.T.copy() if turned else heights
        got = analysed(student, as_map(heights, 0.02))
        edges = np.asarray(got.edges)
        mistakes = {name: first_given(edges, maps) for name, maps in edge_slips(heights, 0.015).items()}
        expect_close(edges, jumps(heights, 0.015), what="the map of edges", mistakes=mistakes)
    steep, _ = ramp(rng, (8, 8), 0.02, slope=0.5)
    marked = np.asarray(analysed(student, as_map(steep, 0.02)).edges)
    expect(
        not marked.any(),
        "an even ramp has no edges",
        got=int(marked.sum()),
        expected=0,
        mistake="edges-by-slope",
    )
