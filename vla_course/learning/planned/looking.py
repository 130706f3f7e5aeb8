"""Where to turn the head next, so that all of the table has been in sight, or what is missing comes into it."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from vla_course.learning.expert.gaze import looking_at
from vla_course.learning.planned.eyes import Sight
from vla_course.motion.hands.things import Tabletop
from vla_course.simulation.robot.humanoid import Humanoid
from vla_course.simulation.robot.layout import HEAD
from vla_course.simulation.robot.state import RobotState

Array = NDArray[np.float64]

AROUND: Final = ((0.0, 0.55), (0.7, 0.25), (-0.7, 0.25), (1.35, 0.25), (-1.35, 0.25))
"""rad, yaw and pitch of a head that looks for something it has not seen"""
OUT: Final = ((0.0, 0.0), (0.8, 0.0), (-0.8, 0.0), (1.35, 0.0), (-1.35, 0.0))
"""rad, the same where a person is looked for"""
GRID: Final = 0.06
"""m, between the spots of a table that are to have been in sight"""
TALL: Final = 0.10
"""m: over each spot, as high as things are, it is to have been in sight as well"""
CONE: Final = 0.40
"""rad, from the middle of a picture: what is nearer will be in it"""
FEW: Final = 0.06
"""of all spots: so few may be left out"""


def unseen_spots(table: Tabletop, sights: Sequence[Sight]) -> Array:
    """Return the spots (n, 3) m of a table that have been in no picture; none where only few are left."""
    half = np.array(table.size) / 2.0 - 0.03
    across, along = (np.arange(-part, part + 1e-9, GRID) for part in half)
    grid = np.stack(np.meshgrid(across, along), axis=-1).reshape(-1, 2)
    spots = np.column_stack((table.middle[:2] + grid, np.full(len(grid), table.height)))
    seen = np.zeros(len(spots), dtype=bool)
    for sight in sights:
        for picture in sight.pictures:
            inside = np.ones(len(spots), dtype=bool)
            for rise in (0.0, TALL):
                local = (spots + (0.0, 0.0, rise) - picture.position) @ picture.rotation
                ahead = np.maximum(local[:, 0], 1e-6)
                u = -picture.intrinsics[0, 0] * local[:, 1] / ahead + picture.intrinsics[0, 2]
                v = -picture.intrinsics[1, 1] * local[:, 2] / ahead + picture.intrinsics[1, 2]
                height, width = picture.depth.shape
                inside &= (local[:, 0] > 0.05) & (u > 1) & (u < width - 1) & (v > 1) & (v < height - 1)
            seen |= inside
    left = spots[~seen]
    return left if len(left) > FEW * len(spots) else left[:0]


def next_turn(humanoid: Humanoid, state: RobotState, spots: Array) -> Array:
    """Return yaw and pitch rad that bring the most of `spots` (n, 3) m into sight, near to where the head is now."""
    turns = np.array([looking_at(humanoid, state, spot) for spot in spots])
    together = (np.abs(turns[:, None] - turns[None]) < CONE).all(axis=2).sum(axis=1)
    far = np.abs(turns - state.joint_positions[HEAD]).max(axis=1)
    best: Array = turns[np.argmax(together - 4.0 * far)]
    near: Array = turns[(np.abs(turns - best) < CONE).all(axis=1)].mean(axis=0)
    return near
