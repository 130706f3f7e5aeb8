"""Ground under soles, put together from a plane and bumps that do not tilt it: slope and gap are known beforehand."""

from dataclasses import dataclass, replace

import numpy as np

from vla_course.motion.ground.footing import FootingLimits, SoleGround, sole_points
from vla_course.simulation.robot.description import HumanoidDescription

POINTS = sole_points(HumanoidDescription(), 0.02)


@dataclass(frozen=True)
class Places:
    """Some places, and what is true of them."""

    ground: SoleGround
    slopes: np.ndarray
    gaps: np.ndarray
    """(n,) m"""
    spreads: np.ndarray
    """(n,) m, greatest distance from the mean height"""
    bumps: np.ndarray
    """(n, m) m, what is left of the heights without the plane"""

    def turned_over(self):
        """The same places, with a dent for each bump."""
        return replace(self.ground, heights=self.ground.heights - 2.0 * self.bumps)

    def cost(self, limits=None):
        """What standing there costs where nothing forbids it."""
        limits = limits or FootingLimits()
        share = (
            limits.slope_cost * self.slopes / limits.max_slope,
            limits.gap_cost * self.gaps / limits.max_gap,
        )
        return share[0] + share[1] + limits.roughness_cost * self.ground.roughness.sum(axis=1) / len(POINTS)


def places(rng, slopes, gaps):
    """Places with these slopes (rad) and gaps (m), far from obstacles, with some roughness."""
    slopes, gaps = np.asarray(slopes, dtype=float), np.asarray(gaps, dtype=float)
    count = len(slopes)
    # whatever is at a right angle to the plane's three columns does not tilt it
    flat, _ = np.linalg.qr(np.column_stack((np.ones(len(POINTS)), POINTS)))
    bumps = rng.uniform(-1.0, 1.0, (count, len(POINTS)))
    bumps -= bumps @ flat @ flat.T
    bumps *= gaps[:, None] / np.abs(bumps).max(axis=1, keepdims=True)
    way = rng.uniform(-np.pi, np.pi, count)
    uphill = np.column_stack((np.cos(way), np.sin(way))) * np.tan(slopes)[:, None]
    heights = rng.uniform(-1.0, 1.0, count)[:, None] + uphill @ POINTS.T + bumps
    ground = SoleGround(
        points=POINTS.copy(),
        heights=heights,
        roughness=rng.uniform(0.0005, 0.004, heights.shape),
        edges=np.zeros(heights.shape, dtype=bool),
        clearance=rng.uniform(0.3, 2.0, heights.shape),
    )
    spreads = np.abs(heights - heights.sum(axis=1, keepdims=True) / len(POINTS)).max(axis=1)
    return Places(ground, slopes, gaps, spreads, bumps)


def changed(ground, **layers):
    """The same ground with other layers."""
    return replace(ground, **layers)


def inner(rng):
    """The number of a point that is neither the middle of the sole nor on its border."""
    low, high = POINTS.min(axis=0), POINTS.max(axis=0)
    inside = np.all((low + 1e-6 < POINTS) & (high - 1e-6 > POINTS), axis=1)
    return int(rng.choice(np.flatnonzero(inside)[1:]))


def corner(rng):
    """The number of one of the four corners of the sole."""
    out = np.abs(POINTS - POINTS[0]).sum(axis=1)
    return int(rng.choice(np.flatnonzero(out > out.max() - 1e-6)))
