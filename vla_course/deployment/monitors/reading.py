"""What a monitor is given at every decision: what the robot saw, felt, did and was going to do."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from vla_course.learning.planned.eyes import Sight
from vla_course.simulation.scene.cameras import CameraImage

Floats = NDArray[np.float32]

PERIOD: Final = 0.1
"""s, between two readings"""


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """One decision of a robot under way.

    Attributes:
        time: s.
        sentence: what the robot was told.
        state: (75,), what it feels now, as `proprioception.STATE` lays it out.
        done: (36,), the action that it carried out since the reading before; None at the first one.
        chunk: (H, 36), the actions that the policy has just decided on, as postures without inverse kinematics; None
            where it goes on with the chunk before.
        pictures: one of each camera, in the order of `PLACES`, with the pose that the robot takes the camera to have;
            empty for a robot that goes blind.
        hands: (2, 3) m, world, where the tools of both hands are.
        sight: all that its eyes make out, depth as well, where it has just looked round; else None.
    """

    time: float
    sentence: str
    state: Floats
    done: Floats | None = None
    chunk: Floats | None = None
    pictures: tuple[CameraImage, ...] = ()
    hands: NDArray[np.float64] | None = None
    sight: Sight | None = None
