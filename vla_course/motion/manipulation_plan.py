"""A plan of hands: stages, one after the other, each with an end that was checked before anything moves."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vla_course.motion.arm_chain import Pose
from vla_course.motion.manipulation_stance import Stance
from vla_course.simulation.robot_state import Side

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Stage:
    """One piece of a motion. It begins wherever the robot is then, and ends as said here."""

    name: str
    joints: Array
    """(7,) rad, of the arm at the end; on a straight way they are where spare freedom is pulled to"""
    stance: Stance
    """of trunk and legs at the end"""
    duration: float
    """s"""
    goal: Pose | None = None
    """of the tool in the world at the end, to which it goes on a straight line; None: joints lead"""
    opening: float | None = None
    """of the gripper from the begin of the stage on, 0 closed to 1 open; None: as it was"""
    carries: bool = False
    """whether the hand holds something while it moves"""

    def __post_init__(self) -> None:
        if np.shape(self.joints) != (7,):
            raise ValueError(f"Stage.joints has shape {np.shape(self.joints)}, expected (7,)")
        if not self.duration > 0.0:
            raise ValueError(f"Stage.duration is {self.duration}, expected more than 0 s")


@dataclass(frozen=True, slots=True, eq=False)
class ManipulationPlan:
    """What one arm does, from the first stage to the last."""

    side: Side
    stages: tuple[Stage, ...]

    @property
    def duration(self) -> float:
        """s, of all stages together."""
        return sum(stage.duration for stage in self.stages)


class NoPlan(Exception):
    """There is no safe way to do what was asked; says why."""
