"""Pieces of ground whose shape is known: planes, noise, kerbs, holes in the knowledge."""

import numpy as np

from shown.slips import is_close
from vla_course.motion.ground.terrain_map import TerrainMap


def places(shape, cell):
    """x and y (m) of the cells, from the middle of cell [0, 0]."""
    return cell * np.arange(shape[0])[:, None], cell * np.arange(shape[1])[None, :]


def ramp(rng, shape, cell, slope=None):
    """A plane (columns, rows) m, and how much it rises per metre along x and along y."""
    steepness = np.tan(rng.uniform(0.08, 0.35) if slope is None else slope)
    way = rng.uniform(0.3, 1.2) + rng.integers(4) * np.pi / 2.0
    rise = steepness * np.array([np.cos(way), np.sin(way)])
    x, y = places(shape, cell)
    return rng.uniform(-0.5, 0.5) + rise[0] * x + rise[1] * y, rise


def as_map(heights, cell):
    return TerrainMap(heights, cell, (0.3, -0.7))


def window_shapes(terrain, reach):
    """Normal, slope and roughness of every window, one after the other, each by a least-squares solver."""
    columns, rows = terrain.shape
    normals, slopes, roughness = np.full((columns, rows, 3), np.nan), *np.full((2, columns, rows), np.nan)
    steps = terrain.cell * np.arange(-reach, reach + 1)
    x, y = (part.ravel() for part in np.meshgrid(steps, steps, indexing="ij"))
    for i in range(reach, columns - reach):
        for j in range(reach, rows - reach):
            heights = terrain.heights[i - reach : i + reach + 1, j - reach : j + reach + 1].ravel()
            if np.isnan(heights).any():
                continue
            table = np.column_stack((x, y, np.ones(len(x))))
            (east, north, _), left, *_ = np.linalg.lstsq(table, heights, rcond=None)
            across = np.cross([1.0, 0.0, east], [0.0, 1.0, north])
            normals[i, j] = across / np.linalg.norm(across)
            slopes[i, j] = np.arccos(min(1.0, normals[i, j, 2]))
            roughness[i, j] = np.sqrt(left.sum() / len(heights))
    return normals, slopes, roughness


def jumps(heights, limit):
    """Where the height jumps: between which cells along x, and along y, and the cells on both sides of it."""
    marked = np.zeros(heights.shape, dtype=bool)
    columns, rows = heights.shape
    for i in range(columns):
        for j in range(rows):
            for k, m in ((i + 1, j), (i - 1, j), (i, j + 1), (i, j - 1)):
                if 0 <= k < columns and 0 <= m < rows and abs(heights[i, j] - heights[k, m]) > limit:
                    marked[i, j] = True
    return marked


def edge_slips(heights, limit):
    """The edges that known mistakes find: each name with the maps it can give."""
    flat = [np.zeros(heights.shape, dtype=bool) for _ in range(8)]
    before_x, behind_x, before_y, behind_y, down_x, down_y, size_x, size_y = flat
    along_x, along_y = np.diff(heights, axis=0), np.diff(heights, axis=1)
    before_x[:-1], behind_x[1:] = (np.abs(along_x) > limit,) * 2
    before_y[:, :-1], behind_y[:, 1:] = (np.abs(along_y) > limit,) * 2
    down_x[:-1], down_y[:, :-1] = along_x < -limit, along_y < -limit
    down_x[1:] |= down_x[:-1]
    down_y[:, 1:] |= down_y[:, :-1]
    size_x[:-1], size_y[:, :-1] = along_x > limit, along_y > limit
    size_x[1:] |= along_x > limit
    size_y[:, 1:] |= along_y > limit
    return {
        "edges-on-one-side": [before_x | before_y, behind_x | behind_y],
        "edges-down-only": [down_x | down_y, size_x | size_y],
        "edges-along-one-axis": [before_x | behind_x, before_y | behind_y],
    }


def first_given(got, candidates):
    """The one of these that came, or the first."""
    return next((one for one in candidates if is_close(got, one, 1e-9)), candidates[0])
