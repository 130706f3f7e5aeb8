"""The pieces of a walk that are exercises, and what a walker expects of each."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from vla_course.motion.standing.balance_config import STANDING, BalanceConfig
from vla_course.motion.standing.balance_state import BalanceCommands, BalanceState
from vla_course.motion.standing.loop import Balancer
from vla_course.motion.walking.swing_foot import SwingMotion

Array = NDArray[np.float64]


class WalkingBalancer(Protocol):
    """A controller that follows a moving DCM: the student's `WalkingController` or the reference's."""

    config: BalanceConfig
    zmp_reference: Array
    dcm_reference: Array

    def calculate_balance_commands(self, current_state: BalanceState) -> BalanceCommands: ...

    def adjust_landing(self, landing: Array, time_left: float, state: BalanceState) -> Array: ...


class Preview(Protocol):
    """Preview control of a cart-table along one axis: the student's `PreviewController` or the reference's."""

    samples: int
    error_gain: float
    state_gain: Array
    preview_gains: Array

    def step(self, state: Array, error_sum: float, zmp_reference: Array) -> tuple[Array, float]: ...


@dataclass(frozen=True)
class WalkingParts:
    """The pieces of a walk that are exercises."""

    controller: WalkingBalancer
    preview: Callable[[float, float, float], Preview]
    """builds the preview from timestep s, pendulum height m and horizon s"""
    swing_motion: SwingMotion
    standing: Balancer | None = None
    """keeps balance while there is no step to make; by default the reference's"""

    @classmethod
    def reference(cls) -> "WalkingParts":
        """The reference's pieces."""
        from vla_course.reference.day3_humanoid_balance.preview import PreviewController
        from vla_course.reference.day3_humanoid_balance.swing import swing_motion
        from vla_course.reference.day3_humanoid_balance.walking import WalkingController

        return cls(WalkingController(), PreviewController, swing_motion)

    def balancer(self) -> Balancer:
        """Return `standing`; the reference's is loaded only where nobody brings another."""
        if self.standing is not None:
            return self.standing
        from vla_course.reference.day3_humanoid_balance.balance import BalanceController

        balancer: Balancer = BalanceController(STANDING)
        return balancer
