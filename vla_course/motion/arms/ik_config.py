"""Inverse kinematics from outside: its numbers, what it moves, and what it answers."""

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from vla_course.motion.arms.pose import Pose

Array = NDArray[np.float64]


class Chain(Protocol):
    """Anything with coordinates that move a tool: `ArmChain` (7) or `StandingReach` (10)."""

    lower: Array
    upper: Array
    pose: Pose
    jacobian: Array

    def move(self, coordinates: Array) -> None: ...


@dataclass(frozen=True)
class InverseKinematicsConfig:
    """Gains and tolerances of `InverseKinematicsSolver`."""

    damping: float = 0.3
    """-, how much the steps are damped far from the target: lambda^2 = damping^2 |e|^2 + least_damping^2"""
    least_damping: float = 1e-4
    """m, what is left of the damping at the target"""
    pull: float = 0.05
    """-, fraction of the displacement to the resting posture that a step makes, in the null space of the tool"""
    stride: float = 0.5
    """m or rad, errors are cut to this length: what is linear is so nearby only"""
    rounds: int = 20
    """steps from one seed"""
    position_tolerance: float = 0.0005
    """m"""
    rotation_tolerance: float = 0.004
    """rad"""

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if not 0.0 <= value < float("inf"):
                raise ValueError(
                    f"InverseKinematicsConfig.{field.name} = {value}: expected a finite number >= 0"
                )


FOLLOWING = InverseKinematicsConfig(least_damping=0.03)
"""For an arm that follows a path tick by tick: steps so damped that no joint chatters where two of them stretch"""


@dataclass(frozen=True)
class InverseKinematicsAnswer:
    """Where a search ended."""

    joints: Array
    """(n,) rad (and what other coordinates the chain has), within the limits"""
    reached: bool
    """whether the tool is at the target within the tolerances"""
    position_error: float
    """m"""
    rotation_error: float
    """rad"""
    rounds: int
    """steps taken from all seeds together"""


class ArmSolver(Protocol):
    """What the frame asks of inverse kinematics: the student's `InverseKinematicsSolver` or the reference's."""

    def step(
        self, jacobian: Array, error: Array, joints: Array, lower: Array, upper: Array, rest: Array
    ) -> Array: ...

    def solve(
        self, chain: Chain, target: Pose, seed: Array, rest: Array | None = None, restarts: int = 0
    ) -> InverseKinematicsAnswer: ...


SolverOf = Callable[[InverseKinematicsConfig], ArmSolver]
"""Makes a solver with these numbers: the class `InverseKinematicsSolver` itself"""


def reference_solver() -> SolverOf:
    """Load the reference's solver only where nobody brings another."""
    from vla_course.reference.day3_humanoid_balance.arm_ik import InverseKinematicsSolver

    solver: SolverOf = InverseKinematicsSolver
    return solver
