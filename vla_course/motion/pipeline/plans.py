"""What becomes of an action: footsteps, stages of a hand, or balance - and what was replaced on the way, and why."""

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from vla_course.motion.footsteps.footstep import Footstep
from vla_course.motion.footsteps.plan import Stance
from vla_course.motion.hands.plan import ManipulationPlan
from vla_course.motion.pipeline.actions import STEP_TIME, Action, BalanceSkill
from vla_course.motion.walking.gait import GaitConfig

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class FootstepSequence:
    """Steps to make from a stance, at one pace. Raises ValueError: a foot steps twice in a row, or no pace at all."""

    start: Stance
    steps: tuple[Footstep, ...]
    step_time: float = STEP_TIME
    """s, that a step takes"""
    reason: str = ""
    """why the steps do not lead to where they were asked to; empty where they do"""

    def __post_init__(self) -> None:
        for before, after in pairwise(self.steps):
            if before.side == after.side:
                raise ValueError(
                    f"FootstepSequence.steps move the {after.side} foot twice in a row, expected left and right in turn"
                )
        if not self.step_time > GaitConfig().double_support:
            raise ValueError(f"FootstepSequence.step_time is {self.step_time}, expected more than 0.1 s")

    @property
    def gait(self) -> GaitConfig:
        """The timing for the walking controller."""
        own = GaitConfig()
        return replace(own, single_support=self.step_time - own.double_support)

    @property
    def end(self) -> Stance:
        """Where the feet stand afterwards."""
        stance = self.start
        for step in self.steps:
            stance = replace(stance, **{step.side: step})
        return stance


@dataclass(frozen=True, slots=True, eq=False)
class Compensation:
    """How the body makes room for what the hand does at the end of a stage."""

    stage: str
    pelvis: Array
    """(2,) m, how far the pelvis goes from where it would be without a load, world axes"""
    center_of_mass: Array
    """(2,) m, how far the robot's own centre of mass goes with it: what the balance controller is told"""
    margin: float
    """m, from the centre of mass of robot and load to the edge of the soles; negative outside"""


@dataclass(frozen=True, slots=True, eq=False)
class ManipulationSequence:
    """Stages of one hand, and the balance compensation of each; as many of both."""

    thing: str
    plan: ManipulationPlan
    load: float
    """kg, that the hand will hold"""
    compensation: tuple[Compensation, ...]
    place: tuple[float, float] | None = None
    """m, world, where the thing's middle is put down; None where it is held on"""


@dataclass(frozen=True, slots=True)
class BalanceControl:
    """Keep balance for a while, and do nothing else."""

    skill: BalanceSkill
    seconds: float
    """s"""
    crouch: float = 0.0
    """m, how far the centre of mass goes down"""
    moves_feet: bool = False
    """whether the robot may make a step to catch itself"""


Planned = FootstepSequence | ManipulationSequence | BalanceControl


@dataclass(frozen=True, slots=True, eq=False)
class Replacement:
    """Something unsafe, and what is done instead."""

    original: Action | Planned | Footstep
    replacement: Planned | Footstep
    reason: str
    """one sentence"""


@dataclass(frozen=True, slots=True, eq=False)
class BalanceEstimate:
    """How a robot stands at one moment, world frame."""

    center_of_mass: Array
    """(3,) m, its height above the lower sole"""
    com_velocity: Array
    """(3,) m/s"""
    divergent_component: Array
    """(2,) m, where the robot must put its weight to come to rest"""
    support_polygon: Array
    """(m, 2) m, of the soles on the ground"""
    margin: float
    """m, from the centre of mass to the edge of the soles, negative outside"""
    dcm_margin: float
    """m, from the divergent component to the edge: below 0 only a step helps"""


@dataclass(frozen=True, slots=True, eq=False)
class HumanoidActions:
    """The answer of the pipeline: plans that are safe, one for each action, in turn."""

    actions: tuple[Planned, ...]
    replacements: tuple[Replacement, ...]
    balance_state: BalanceEstimate
    footstep_plan: tuple[Footstep, ...]
    """all footsteps of all actions, in turn"""
