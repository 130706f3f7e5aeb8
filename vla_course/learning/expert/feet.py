"""Where the expert's feet go: even steps by a way or a turn, and places to stand before a person or a table."""

from collections.abc import Iterator
from math import atan2, ceil, cos, pi, radians, sin
from typing import Final

import numpy as np
from numpy.typing import NDArray

from vla_course.motion.footsteps.footstep import Footstep
from vla_course.motion.footsteps.plan import GoalPose, Stance
from vla_course.motion.hands.things import Tabletop
from vla_course.motion.walking.gait import GaitConfig
from vla_course.motion.walking.strides import beside
from vla_course.simulation.robot.state import Side

Array = NDArray[np.float64]

STRIDES: Final = 0.20, 0.08, radians(20.0)
"""m ahead, m aside and rad, the most that the middle between the feet moves in a step"""
BEFORE: Final = 0.72
"""m, from the middle of a person to where one stands before them"""


def even_steps(
    feet: Stance, ahead: float = 0.0, leftward: float = 0.0, turn: float = 0.0
) -> tuple[Footstep, ...]:
    """Return even steps that move a robot `ahead` m and `leftward` m, or turn it by `turn` rad, feet together again."""
    motion = (ahead, leftward, turn)
    count = ceil(max(abs(part) / most for part, most in zip(motion, STRIDES, strict=True)) - 1e-9)
    if leftward:
        count += count % 2  # one foot opens, the other one closes
    part = (ahead / count, leftward / count, turn / count)
    side: Side = "left" if leftward > 0.0 or (leftward == 0.0 and turn > 0.0) else "right"
    width, lift = GaitConfig().step_width, GaitConfig().swing_height
    stance = feet.right if side == "left" else feet.left
    steps: list[Footstep] = []
    for k in range(count + (not leftward)):
        x, y, yaw = beside(stance, side, width, part if k < count else (0.0, 0.0, 0.0))
        steps.append(Footstep(side, x, y, stance.z, yaw, lift))
        side, stance = stance.side, steps[-1]
    return tuple(steps)


def before_person(person: tuple[float, float], here: GoalPose) -> Iterator[GoalPose]:
    """Yield places before a person at x, y m, facing them, the nearest to `here` first."""
    x, y = person
    straight = atan2(here.y - y, here.x - x)
    for turn in (0.0, 0.5, -0.5, 1.0, -1.0, 1.5, -1.5, 2.1, -2.1, pi):
        bearing = straight + turn
        yield GoalPose(x + BEFORE * cos(bearing), y + BEFORE * sin(bearing), bearing + pi)


def table_before(table: Tabletop, here: GoalPose) -> Array:
    """Return a spot on a table (2,) m, a little inside the edge that is nearest to `here`."""
    half, middle = np.array(table.size) / 2.0 - (0.05, 0.20), table.middle[:2]
    return np.clip((here.x, here.y), middle - half, middle + half)


def back_from(place: GoalPose, way: float) -> GoalPose:
    """Return the place `way` m straight behind another one."""
    return GoalPose(place.x - way * cos(place.yaw), place.y - way * sin(place.yaw), place.yaw)
