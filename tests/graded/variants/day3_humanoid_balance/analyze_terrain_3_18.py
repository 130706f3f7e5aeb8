"""Answers to 3.18 as students write them."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from vla_course.course.source.variants import right, wrong
from vla_course.motion.ground.terrain_map import TerrainAnalysis


@wrong("slope-in-cells")
def analyze_terrain(terrain, reach=2, edge_height=0.015):
    width = 2 * reach + 1
    padded = np.pad(terrain.heights, reach, constant_values=np.nan)
    windows = sliding_window_view(padded, (width, width))
    steps = np.arange(-reach, reach + 1)
    x, y = np.meshgrid(steps, steps, indexing="ij")
    a = windows.mean(axis=(2, 3), keepdims=True)
    b = (windows * x).sum(axis=(2, 3), keepdims=True) / (x**2).sum()
    c = (windows * y).sum(axis=(2, 3), keepdims=True) / (y**2).sum()
    residual = windows - a - b * x - c * y
    roughness = np.sqrt((residual**2).mean(axis=(2, 3)))
    b, c = b[..., 0, 0], c[..., 0, 0]
    slopes = np.arctan(np.hypot(b, c))
    normals = np.stack((-b, -c, np.ones_like(b)), axis=-1)
    normals = normals / np.linalg.norm(normals, axis=-1, keepdims=True)
    edges = np.zeros(terrain.shape, dtype=bool)
    along_x = np.abs(np.diff(terrain.heights, axis=0)) > edge_height
    along_y = np.abs(np.diff(terrain.heights, axis=1)) > edge_height
    edges[:-1] |= along_x
    edges[1:] |= along_x
    edges[:, :-1] |= along_y
    edges[:, 1:] |= along_y
    return TerrainAnalysis(normals, slopes, roughness, edges)


@wrong("tangent-for-angle")
def analyze_terrain(terrain, reach=2, edge_height=0.015):
    width = 2 * reach + 1
    padded = np.pad(terrain.heights, reach, constant_values=np.nan)
    windows = sliding_window_view(padded, (width, width))
    steps = terrain.cell * np.arange(-reach, reach + 1)
    x, y = np.meshgrid(steps, steps, indexing="ij")
    a = windows.mean(axis=(2, 3), keepdims=True)
    b = (windows * x).sum(axis=(2, 3), keepdims=True) / (x**2).sum()
    c = (windows * y).sum(axis=(2, 3), keepdims=True) / (y**2).sum()
    residual = windows - a - b * x - c * y
    roughness = np.sqrt((residual**2).mean(axis=(2, 3)))
    b, c = b[..., 0, 0], c[..., 0, 0]
    slopes = np.hypot(b, c)
    normals = np.stack((-b, -c, np.ones_like(b)), axis=-1)
    normals = normals / np.linalg.norm(normals, axis=-1, keepdims=True)
    edges = np.zeros(terrain.shape, dtype=bool)
    along_x = np.abs(np.diff(terrain.heights, axis=0)) > edge_height
    along_y = np.abs(np.diff(terrain.heights, axis=1)) > edge_height
    edges[:-1] |= along_x
    edges[1:] |= along_x
    edges[:, :-1] |= along_y
    edges[:, 1:] |= along_y
    return TerrainAnalysis(normals, slopes, roughness, edges)


@wrong("normal-not-unit")
def analyze_terrain(terrain, reach=2, edge_height=0.015):
    width = 2 * reach + 1
    padded = np.pad(terrain.heights, reach, constant_values=np.nan)
    windows = sliding_window_view(padded, (width, width))
    steps = terrain.cell * np.arange(-reach, reach + 1)
    x, y = np.meshgrid(steps, steps, indexing="ij")
    a = windows.mean(axis=(2, 3), keepdims=True)
    b = (windows * x).sum(axis=(2, 3), keepdims=True) / (x**2).sum()
    c = (windows * y).sum(axis=(2, 3), keepdims=True) / (y**2).sum()
    residual = windows - a - b * x - c * y
    roughness = np.sqrt((residual**2).mean(axis=(2, 3)))
    b, c = b[..., 0, 0], c[..., 0, 0]
    slopes = np.arctan(np.hypot(b, c))
    normals = np.stack((-b, -c, np.ones_like(b)), axis=-1)
    edges = np.zeros(terrain.shape, dtype=bool)
    along_x = np.abs(np.diff(terrain.heights, axis=0)) > edge_height
    along_y = np.abs(np.diff(terrain.heights, axis=1)) > edge_height
    edges[:-1] |= along_x
    edges[1:] |= along_x
    edges[:, :-1] |= along_y
    edges[:, 1:] |= along_y
    return TerrainAnalysis(normals, slopes, roughness, edges)


@wrong("normal-downhill")
def analyze_terrain(terrain, reach=2, edge_height=0.015):
    width = 2 * reach + 1
    padded = np.pad(terrain.heights, reach, constant_values=np.nan)
    windows = sliding_window_view(padded, (width, width))
    steps = terrain.cell * np.arange(-reach, reach + 1)
    x, y = np.meshgrid(steps, steps, indexing="ij")
    a = windows.mean(axis=(2, 3), keepdims=True)
    b = (windows * x).sum(axis=(2, 3), keepdims=True) / (x**2).sum()
    c = (windows * y).sum(axis=(2, 3), keepdims=True) / (y**2).sum()
    residual = windows - a - b * x - c * y
    roughness = np.sqrt((residual**2).mean(axis=(2, 3)))
    b, c = b[..., 0, 0], c[..., 0, 0]
    slopes = np.arctan(np.hypot(b, c))
    normals = np.stack((b, c, np.ones_like(b)), axis=-1)
    normals = normals / np.linalg.norm(normals, axis=-1, keepdims=True)
    edges = np.zeros(terrain.shape, dtype=bool)
    along_x = np.abs(np.diff(terrain.heights, axis=0)) > edge_height
    along_y = np.abs(np.diff(terrain.heights, axis=1)) > edge_height
    edges[:-1] |= along_x
    edges[1:] |= along_x
    edges[:, :-1] |= along_y
    edges[:, 1:] |= along_y
    return TerrainAnalysis(normals, slopes, roughness, edges)


@wrong("axes-swapped")
def analyze_terrain(terrain, reach=2, edge_height=0.015):
    width = 2 * reach + 1
    padded = np.pad(terrain.heights, reach, constant_values=np.nan)
    windows = sliding_window_view(padded, (width, width))
    steps = terrain.cell * np.arange(-reach, reach + 1)
    x, y = np.meshgrid(steps, steps, indexing="xy")
    a = windows.mean(axis=(2, 3), keepdims=True)
    b = (windows * x).sum(axis=(2, 3), keepdims=True) / (x**2).sum()
    c = (windows * y).sum(axis=(2, 3), keepdims=True) / (y**2).sum()
    residual = windows - a - b * x - c * y
    roughness = np.sqrt((residual**2).mean(axis=(2, 3)))
    b, c = b[..., 0, 0], c[..., 0, 0]
    slopes = np.arctan(np.hypot(b, c))
    normals = np.stack((-b, -c, np.ones_like(b)), axis=-1)
    normals = normals / np.linalg.norm(normals, axis=-1, keepdims=True)
    edges = np.zeros(terrain.shape, dtype=bool)
    along_x = np.abs(np.diff(terrain.heights, axis=0)) > edge_height
    along_y = np.abs(np.diff(terrain.heights, axis=1)) > edge_height
    edges[:-1] |= along_x
    edges[1:] |= along_x
    edges[:, :-1] |= along_y
    edges[:, 1:] |= along_y
    return TerrainAnalysis(normals, slopes, roughness, edges)


@wrong("roughness-about-the-mean")
def analyze_terrain(terrain, reach=2, edge_height=0.015):
    width = 2 * reach + 1
    padded = np.pad(terrain.heights, reach, constant_values=np.nan)
    windows = sliding_window_view(padded, (width, width))
    steps = terrain.cell * np.arange(-reach, reach + 1)
    x, y = np.meshgrid(steps, steps, indexing="ij")
    a = windows.mean(axis=(2, 3), keepdims=True)
    b = (windows * x).sum(axis=(2, 3), keepdims=True) / (x**2).sum()
    c = (windows * y).sum(axis=(2, 3), keepdims=True) / (y**2).sum()
    residual = windows - a
    roughness = np.sqrt((residual**2).mean(axis=(2, 3)))
    b, c = b[..., 0, 0], c[..., 0, 0]
    slopes = np.arctan(np.hypot(b, c))
    normals = np.stack((-b, -c, np.ones_like(b)), axis=-1)
    normals = normals / np.linalg.norm(normals, axis=-1, keepdims=True)
    edges = np.zeros(terrain.shape, dtype=bool)
    along_x = np.abs(np.diff(terrain.heights, axis=0)) > edge_height
    along_y = np.abs(np.diff(terrain.heights, axis=1)) > edge_height
    edges[:-1] |= along_x
    edges[1:] |= along_x
    edges[:, :-1] |= along_y
    edges[:, 1:] |= along_y
    return TerrainAnalysis(normals, slopes, roughness, edges)


@wrong("roughness-of-the-worst")
def analyze_terrain(terrain, reach=2, edge_height=0.015):
    width = 2 * reach + 1
    padded = np.pad(terrain.heights, reach, constant_values=np.nan)
    windows = sliding_window_view(padded, (width, width))
    steps = terrain.cell * np.arange(-reach, reach + 1)
    x, y = np.meshgrid(steps, steps, indexing="ij")
    a = windows.mean(axis=(2, 3), keepdims=True)
    b = (windows * x).sum(axis=(2, 3), keepdims=True) / (x**2).sum()
    c = (windows * y).sum(axis=(2, 3), keepdims=True) / (y**2).sum()
    residual = windows - a - b * x - c * y
    roughness = np.abs(residual).max(axis=(2, 3))
    b, c = b[..., 0, 0], c[..., 0, 0]
    slopes = np.arctan(np.hypot(b, c))
    normals = np.stack((-b, -c, np.ones_like(b)), axis=-1)
    normals = normals / np.linalg.norm(normals, axis=-1, keepdims=True)
    edges = np.zeros(terrain.shape, dtype=bool)
    along_x = np.abs(np.diff(terrain.heights, axis=0)) > edge_height
    along_y = np.abs(np.diff(terrain.heights, axis=1)) > edge_height
    edges[:-1] |= along_x
    edges[1:] |= along_x
    edges[:, :-1] |= along_y
    edges[:, 1:] |= along_y
    return TerrainAnalysis(normals, slopes, roughness, edges)


@wrong("guesses-the-unknown")
def analyze_terrain(terrain, reach=2, edge_height=0.015):
    width = 2 * reach + 1
    padded = np.pad(terrain.heights, reach, mode="edge")
    windows = sliding_window_view(padded, (width, width))
    steps = terrain.cell * np.arange(-reach, reach + 1)
    x, y = np.meshgrid(steps, steps, indexing="ij")
    a = windows.mean(axis=(2, 3), keepdims=True)
    b = (windows * x).sum(axis=(2, 3), keepdims=True) / (x**2).sum()
    c = (windows * y).sum(axis=(2, 3), keepdims=True) / (y**2).sum()
    residual = windows - a - b * x - c * y
    roughness = np.sqrt((residual**2).mean(axis=(2, 3)))
    b, c = b[..., 0, 0], c[..., 0, 0]
    slopes = np.arctan(np.hypot(b, c))
    normals = np.stack((-b, -c, np.ones_like(b)), axis=-1)
    normals = normals / np.linalg.norm(normals, axis=-1, keepdims=True)
    edges = np.zeros(terrain.shape, dtype=bool)
    along_x = np.abs(np.diff(terrain.heights, axis=0)) > edge_height
    along_y = np.abs(np.diff(terrain.heights, axis=1)) > edge_height
    edges[:-1] |= along_x
    edges[1:] |= along_x
    edges[:, :-1] |= along_y
    edges[:, 1:] |= along_y
    return TerrainAnalysis(normals, slopes, roughness, edges)


@wrong("edges-on-one-side")
def analyze_terrain(terrain, reach=2, edge_height=0.015):
    width = 2 * reach + 1
    padded = np.pad(terrain.heights, reach, constant_values=np.nan)
    windows = sliding_window_view(padded, (width, width))
    steps = terrain.cell * np.arange(-reach, reach + 1)
    x, y = np.meshgrid(steps, steps, indexing="ij")
    a = windows.mean(axis=(2, 3), keepdims=True)
    b = (windows * x).sum(axis=(2, 3), keepdims=True) / (x**2).sum()
    c = (windows * y).sum(axis=(2, 3), keepdims=True) / (y**2).sum()
    residual = windows - a - b * x - c * y
    roughness = np.sqrt((residual**2).mean(axis=(2, 3)))
    b, c = b[..., 0, 0], c[..., 0, 0]
    slopes = np.arctan(np.hypot(b, c))
    normals = np.stack((-b, -c, np.ones_like(b)), axis=-1)
    normals = normals / np.linalg.norm(normals, axis=-1, keepdims=True)
    edges = np.zeros(terrain.shape, dtype=bool)
    along_x = np.abs(np.diff(terrain.heights, axis=0)) > edge_height
    along_y = np.abs(np.diff(terrain.heights, axis=1)) > edge_height
    edges[:-1] |= along_x
    edges[:, :-1] |= along_y
    return TerrainAnalysis(normals, slopes, roughness, edges)


@wrong("edges-down-only")
def analyze_terrain(terrain, reach=2, edge_height=0.015):
    width = 2 * reach + 1
    padded = np.pad(terrain.heights, reach, constant_values=np.nan)
    windows = sliding_window_view(padded, (width, width))
    steps = terrain.cell * np.arange(-reach, reach + 1)
    x, y = np.meshgrid(steps, steps, indexing="ij")
    a = windows.mean(axis=(2, 3), keepdims=True)
    b = (windows * x).sum(axis=(2, 3), keepdims=True) / (x**2).sum()
    c = (windows * y).sum(axis=(2, 3), keepdims=True) / (y**2).sum()
    residual = windows - a - b * x - c * y
    roughness = np.sqrt((residual**2).mean(axis=(2, 3)))
    b, c = b[..., 0, 0], c[..., 0, 0]
    slopes = np.arctan(np.hypot(b, c))
    normals = np.stack((-b, -c, np.ones_like(b)), axis=-1)
    normals = normals / np.linalg.norm(normals, axis=-1, keepdims=True)
    edges = np.zeros(terrain.shape, dtype=bool)
    along_x = np.diff(terrain.heights, axis=0) < -edge_height
    along_y = np.diff(terrain.heights, axis=1) < -edge_height
    edges[:-1] |= along_x
    edges[1:] |= along_x
    edges[:, :-1] |= along_y
    edges[:, 1:] |= along_y
    return TerrainAnalysis(normals, slopes, roughness, edges)


@wrong("edges-along-one-axis")
def analyze_terrain(terrain, reach=2, edge_height=0.015):
    width = 2 * reach + 1
    padded = np.pad(terrain.heights, reach, constant_values=np.nan)
    windows = sliding_window_view(padded, (width, width))
    steps = terrain.cell * np.arange(-reach, reach + 1)
    x, y = np.meshgrid(steps, steps, indexing="ij")
    a = windows.mean(axis=(2, 3), keepdims=True)
    b = (windows * x).sum(axis=(2, 3), keepdims=True) / (x**2).sum()
    c = (windows * y).sum(axis=(2, 3), keepdims=True) / (y**2).sum()
    residual = windows - a - b * x - c * y
    roughness = np.sqrt((residual**2).mean(axis=(2, 3)))
    b, c = b[..., 0, 0], c[..., 0, 0]
    slopes = np.arctan(np.hypot(b, c))
    normals = np.stack((-b, -c, np.ones_like(b)), axis=-1)
    normals = normals / np.linalg.norm(normals, axis=-1, keepdims=True)
    edges = np.zeros(terrain.shape, dtype=bool)
    along_x = np.abs(np.diff(terrain.heights, axis=0)) > edge_height
    along_y = np.abs(np.diff(terrain.heights, axis=1)) > edge_height
    edges[:-1] |= along_x
    edges[1:] |= along_x
    return TerrainAnalysis(normals, slopes, roughness, edges)


@right("cell-by-cell")
def analyze_terrain(terrain, reach=2, edge_height=0.015):
    columns, rows = terrain.heights.shape
    slopes = np.full((columns, rows), np.nan)
    roughness = slopes.copy()
    normals = np.full((columns, rows, 3), np.nan)
    edges = np.zeros((columns, rows), dtype=bool)
    at = [terrain.cell * (k - reach) for k in range(2 * reach + 1)]
    squares = len(at) * sum(x * x for x in at)
    for i in range(columns):
        for j in range(rows):
            h = terrain.heights[i, j]
            for k, m in ((i - 1, j), (i + 1, j), (i, j - 1), (i, j + 1)):
                if 0 <= k < columns and 0 <= m < rows and abs(terrain.heights[k, m] - h) > edge_height:
                    edges[i, j] = True
            if not (reach <= i < columns - reach and reach <= j < rows - reach):
                continue
            window = terrain.heights[i - reach : i + reach + 1, j - reach : j + reach + 1]
            b = sum(x * window[k].sum() for k, x in enumerate(at)) / squares
            c = sum(y * window[:, k].sum() for k, y in enumerate(at)) / squares
            rest = window - window.mean() - b * np.array(at)[:, None] - c * np.array(at)
            roughness[i, j] = np.linalg.norm(rest) / len(at)
            normals[i, j] = np.array([-b, -c, 1.0]) / np.sqrt(b * b + c * c + 1.0)
            slopes[i, j] = np.arctan2(np.hypot(b, c), 1.0)
    return TerrainAnalysis(normals, slopes, roughness, edges)
