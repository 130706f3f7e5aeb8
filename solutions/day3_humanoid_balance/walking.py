"""Walking: the balance controller follows a moving reference, and a step goes where the robot falls."""

from math import exp, sqrt

import numpy as np
from numpy.typing import NDArray

from vla_course.course.exercise import NotAttempted, exercise
from vla_course.motion.polygon import nearest_point
from vla_course.motion.standing.balance_config import WALKING, BalanceConfig
from vla_course.motion.standing.balance_state import BalanceState

from .balance import BalanceController

Array = NDArray[np.float64]


class WalkingController(BalanceController):
    """The standing controller with a reference: where the divergent component of motion ought to be by now.

    Before each tick the frame sets `zmp_reference` (2,) m and `dcm_reference` (2,) m.
    """

    def __init__(self, config: BalanceConfig | None = None) -> None:
        super().__init__(config or WALKING)
        self.zmp_reference = np.zeros(2)
        self.dcm_reference = np.zeros(2)

    @exercise("3.16")
    def calculate_capture_zmp(self, state: BalanceState) -> Array:
        """Return the ZMP (2,) m that would bring the DCM back to its reference, if the ground reached that far.

        It is exercise 3.10 with a goal that moves: while xi is where the preview wants it, p is p_ref.

            p = p_ref + (1 + k)(xi - xi_ref),    xi = c + c'/omega,    omega = sqrt(g / h)

        c and c' are the horizontal position and velocity of the centre of mass, k is `config.dcm_gain`, g is
        `state.gravity`, and h is `config.pendulum_height`, the height that the preview uses as well
        (Englsberger, Ott and Albu-Schaeffer 2015).
        """
        # BEGIN SOLUTION
        omega = sqrt(state.gravity / self.config.pendulum_height)
        dcm = state.center_of_mass[:2] + state.com_velocity[:2] / omega
        return self.zmp_reference + (1.0 + self.config.dcm_gain) * (dcm - self.dcm_reference)
        # END SOLUTION

    @exercise("3.17")
    def adjust_landing(self, landing: Array, time_left: float, state: BalanceState) -> Array:
        """Return where the swing foot must land (2,) m, planned for `landing` (2,) m in `time_left` s.

        A push that the ankles can take does not change the step. They are given the fraction `config.ankle_share`
        of the distance from p_ref to the edge of the soles: a polygon that has, for each corner of
        `state.support_polygon`, the corner

            p_ref + ankle_share (corner - p_ref)

        What lies beyond runs away exponentially until the foot lands, and the foot must be there to meet it:

            q = p_ref + xi - xi_ref
            overshoot = q - (the point of that polygon nearest to q: `nearest_point`)
            landing + overshoot e^(omega time_left)

        xi and omega are those of exercise 3.16 (Englsberger et al. 2015; Khadiv et al. 2016).
        """
        # BEGIN SOLUTION
        omega = sqrt(state.gravity / self.config.pendulum_height)
        dcm = state.center_of_mass[:2] + state.com_velocity[:2] / omega
        wanted = self.zmp_reference + dcm - self.dcm_reference
        ankles = self.zmp_reference + self.config.ankle_share * (state.support_polygon - self.zmp_reference)
        overshoot = wanted - nearest_point(ankles, wanted)
        return landing + overshoot * exp(omega * time_left)
        # END SOLUTION
