"""Walking: the balance controller follows a moving reference, and a step goes where the robot falls."""

from math import exp, sqrt

import numpy as np
from numpy.typing import NDArray

from vla_course.course.exercise import NotAttempted, exercise
from vla_course.motion.balance_config import BalanceConfig
from vla_course.motion.balance_state import BalanceState

from .balance import BalanceController
from .dcm import divergent_component_of_motion

Array = NDArray[np.float64]


class WalkingController(BalanceController):
    """The standing controller, told where the divergent component of motion ought to be by now.

    Before each tick the frame sets `zmp_reference` (2,) m and `dcm_reference` (2,) m.
    """

    def __init__(self, config: BalanceConfig | None = None) -> None:
        super().__init__(config)
        self.zmp_reference = np.zeros(2)
        self.dcm_reference = np.zeros(2)

    @exercise("3.16")
    def calculate_capture_zmp(self, state: BalanceState) -> Array:
        """Return the ZMP (2,) m that brings the DCM back to its reference, if the ground reached that far.

            p = p_ref + (1 + k)(xi - xi_ref),   k = `config.dcm_gain`

        It is exercise 3.10 with a goal that moves: xi follows xi_ref, which the preview has planned, and
        while it does p is simply p_ref (Englsberger, Ott and Albu-Schaeffer 2015).
        """
        # BEGIN SOLUTION
        omega = sqrt(state.gravity / self.config.pendulum_height)
        dcm = state.center_of_mass[:2] + state.com_velocity[:2] / omega
        return self.zmp_reference + (1.0 + self.config.dcm_gain) * (dcm - self.dcm_reference)
        # END SOLUTION
