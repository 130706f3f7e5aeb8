"""The shape of the ground around every place: which way it faces, how rough it is, where it breaks off."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from vla_course.course.exercise import NotAttempted, exercise
from vla_course.motion.ground.terrain_map import TerrainAnalysis, TerrainMap

Array = NDArray[np.float64]


@exercise("3.18")
def analyze_terrain(terrain: TerrainMap, reach: int = 2, edge_height: float = 0.015) -> TerrainAnalysis:
    """Return the shape of the ground around every cell of `terrain`.

    The window of a cell holds the (2 `reach` + 1)^2 cells around it, itself in the middle. Seen from there,
    its cells lie at x, y = `terrain.cell` (i, j), i and j from -`reach` to `reach`. Because they lie evenly,
    the plane a + b x + c y nearest to their heights h in the sense of least squares is

        a = mean(h),   b = sum(x h) / sum(x^2),   c = sum(y h) / sum(y^2)

    - normals: (-b, -c, 1), made one long; slopes: their angle to straight up, rad
    - roughness: root mean square of h - (a + b x + c y) over the window, m
    - edges: True where the height differs from that of one of the four neighbours (left, right, before,
      behind) by more than `edge_height` m

    Where a window leaves the map or holds a cell of unknown height (nan), normals, slopes and roughness are
    nan. A neighbour that is unknown or beyond the map makes no edge.
    """
    raise NotAttempted("3.18")
