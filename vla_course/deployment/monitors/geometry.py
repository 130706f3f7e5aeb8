"""What depth says of a scene whose rules are known: level ground is level, and things are as tall as their kinds."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from vla_course.learning.planned.eyes import Sight
from vla_course.learning.planned.table_sight import see_table
from vla_course.learning.planned.things_sight import Cluster, clusters_on
from vla_course.motion.hands.things import Tabletop
from vla_course.simulation.scene.cameras import CameraImage
from vla_course.simulation.scene.things import SHAPES

Array = NDArray[np.float64]

_KINDS: Final = np.array([shape.size[2] for shape in SHAPES.values()])

STEEP: Final = np.radians(40.0)
"""a patch of ground that seems to slope more than that is taken for a wall"""
FLAT: Final = 0.05
"""of the distance, by which the depths of neighbouring pixels differ at most on one surface"""
FEWEST: Final = 60
"""pixels of level ground, of which a slope is believed"""
HAND: Final = 0.14
"""m round a tool point: what stands there is at hand, and may be held, tilted or hidden"""
THICK: Final = 0.04
"""m, so near to the height of the table points may be of its top"""
CLOSE: Final = 0.006
"""m, and so near once it is known how it slopes"""
SAME: Final = 0.05
"""m, clusters of two cameras that are nearer to each other are one thing"""
NEAR: Final = 1.2
"""m before a camera, beyond which a thing is too few pixels high for its height to be known"""
ROOM: Final = 0.02
"""m over its highest point that a picture has to show, so that it is the top of the thing and not of the picture"""


def slope(picture: CameraImage) -> float:
    """Return by how much the level ground and table tops in a picture seem to slope, rad; nan where there are few.

    Each pixel of depth has a normal, from the points beside and below it. Most that point roughly upwards belong to
    surfaces that are level, and their median points upwards exactly - if the camera sits where the robot takes it to
    sit. A camera that was knocked by 5 degrees sees a floor that slopes by 5 degrees, unless it was turned about the
    vertical: that leaves level ground level.
    """
    points = picture.points()
    depth = np.where(np.isfinite(picture.depth), picture.depth, np.nan).astype(np.float64)
    along, down = points[:-1, 1:] - points[:-1, :-1], points[1:, :-1] - points[:-1, :-1]
    beside, below = np.abs(np.diff(depth, axis=1))[:-1], np.abs(np.diff(depth, axis=0))[:, :-1]
    normal = np.cross(down, along)
    with np.errstate(invalid="ignore", divide="ignore"):
        normal = normal / np.linalg.norm(normal, axis=-1)[..., None]
        level = (np.maximum(beside, below) < FLAT * depth[:-1, :-1]) & (normal[..., 2] > np.cos(STEEP))
    if level.sum() < FEWEST:
        return np.nan
    x, y, z = np.median(normal[level], axis=0)
    return float(np.arctan2(np.hypot(x, y), z))


def strangest(sight: Sight, tools: Sequence[Array]) -> float:
    """Return by how much the strangest thing on the table misses the height of its likeliest kind, m; nan without any.

    Each camera judges by itself, over the table top as it sees it: a camera that sits a degree askew sees the table
    slope and the things on it alike. Of what several cameras see the one counts that finds it least strange. Only
    things count that are near and whole, and none that is at a hand: one that is lifted or tipped is as tall as
    nothing.

    Args:
        sight: what the eyes make out.
        tools: (3,) m, world, where hands are or have been since the command: what they have moved may stand anywhere.
    """
    seen = see_table([sight])
    if seen is None:
        return np.nan
    found: list[tuple[Array, float]] = []
    for camera in range(len(sight.depths)):
        flat = _levelled(sight.points[sight.seen_by == camera], seen.top)
        if flat is None:
            continue
        for cluster in clusters_on(seen.top, flat):
            middle = cluster.middle[:2]
            if _whole(sight, camera, cluster) and all(
                np.hypot(*(middle - tool[:2])) > HAND for tool in tools
            ):
                found.append((middle, float(np.abs(_KINDS - cluster.height).min())))
    missed = [
        min(other for place, other in found if np.hypot(*(place - middle)) < SAME) for middle, _ in found
    ]
    return max(missed, default=np.nan)


def _levelled(points: Array, top: Tabletop) -> Array | None:
    """Return points (n, 3) with the table top that they show at its height; None where they show too little of it."""
    inside = (np.abs(points[:, :2] - top.middle[:2]) < np.array(top.size) / 2.0).all(axis=1)
    on = inside & (np.abs(points[:, 2] - top.height) < THICK)
    plane = np.zeros(3)
    for _ in range(3):
        if on.sum() < FEWEST:
            return None
        ground = np.column_stack((points[:, :2] - top.middle[:2], np.ones(len(points))))
        plane = np.linalg.lstsq(ground[on], points[on, 2] - top.height, rcond=None)[0]
        off = points[:, 2] - top.height - ground @ plane
        on = inside & (np.abs(off) < CLOSE)
    flat = points.copy()
    flat[:, 2] = top.height + off
    return flat


def _whole(sight: Sight, camera: int, cluster: Cluster) -> bool:
    """Tell whether a picture shows the top of a cluster and a margin over it, from near enough to measure it."""
    top = cluster.points[cluster.points[:, 2].argmax()] + (0.0, 0.0, ROOM)
    return sight.depths[camera].project(top)[2] < NEAR and sight.shows(camera, top, 0.5)
