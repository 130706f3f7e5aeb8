"""A plan of hands: stages, one after the other, each with an end that was checked before anything moves."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vla_course.motion.arms.pose import Pose
from vla_course.motion.hands.held import Held
from vla_course.motion.hands.stance import Stance
from vla_course.simulation.robot.state import Side

Array = NDArray[np.float64]
Timing = Callable[[Array, Array, Array, float], Array]
"""start (n,), goal (n,), greatest speeds (n,), timestep s -> positions (m, n) at times 0, dt, 2 dt ..."""

SPEED_LIMITS = np.array([*[2.4] * 7, 0.8, 0.9, 0.25])
"""rad/s and m/s, greatest speeds of arm joints, bow, turn and height while hands work"""
LINE_SPEED = 0.4
"""m/s, the greatest speed of the tool on a straight way"""


@dataclass(frozen=True, slots=True, eq=False)
class Stage:
    """One piece of a motion. It begins wherever the robot is then, and ends as said here.

    Raises:
        ValueError: wrong shape, or a number outside its range.
    """

    name: str
    joints: Array
    """(7,) rad, of the arm at the end; on a straight way they are where spare freedom is pulled to"""
    stance: Stance
    """of trunk and legs at the end"""
    goal: Pose | None = None
    """of the tool in the world at the end, to which it goes on a straight line; None: joints lead"""
    line_speed: float = LINE_SPEED
    """m/s, the greatest speed of the tool on a straight way"""
    least_time: float = 0.0
    """s, that the stage takes at least"""
    opening: float | None = None
    """of the gripper from the begin of the stage on, 0 closed to 1 open; None: as it was"""
    carries: bool = False
    """whether the hand holds something while it moves"""
    least_opening: float = 0.0
    """of the gripper at the end: fingers that are closer by then have missed what they should hold"""

    def __post_init__(self) -> None:
        if np.shape(self.joints) != (7,):
            raise ValueError(f"Stage.joints has shape {np.shape(self.joints)}, expected (7,)")
        if not self.line_speed > 0.0:
            raise ValueError(f"Stage.line_speed is {self.line_speed}, expected more than 0 m/s")
        if not self.least_time >= 0.0:
            raise ValueError(f"Stage.least_time is {self.least_time}, expected at least 0 s")
        if self.opening is not None and not 0.0 <= self.opening <= 1.0:
            raise ValueError(f"Stage.opening is {self.opening}, expected 0 (closed) to 1 (open)")


@dataclass(frozen=True, slots=True, eq=False)
class ManipulationPlan:
    """What one arm does, from the first stage to the last."""

    side: Side
    stages: tuple[Stage, ...]
    held: Held | None = None
    """what the hand holds when it carries"""


class NoPlan(Exception):
    """There is no safe way to do what was asked; says why."""
