"""Where zero moment point and DCM of a walk ought to be, tick by tick: a cart-table under preview control.

Whenever the plan changes - a foot landed elsewhere, a push moved a step - the reference begins anew: at the centre
of mass as it is, with the divergent component of motion that the steps to come ask for. What the robot deviates
from that is the controller's business.
"""

import numpy as np
from numpy.typing import NDArray

from vla_course.motion.walking.gait import ZmpKnots
from vla_course.motion.walking.parts import Preview, WalkingBalancer

Array = NDArray[np.float64]


class WalkingReference:
    """A centre of mass that keeps its zero moment point on the way planned, and `controller` told of both.

    Args:
        controller: its `zmp_reference` and `dcm_reference` are set whenever the reference has moved.
        preview: moves the centre of mass, a `tick` s at a time.
        tick: s.
        omega: 1/s, of the pendulum, for DCM and zero moment point.
    """

    def __init__(self, controller: WalkingBalancer, preview: Preview, tick: float, omega: float) -> None:
        self._controller, self._preview = controller, preview
        self._tick, self._omega = tick, omega
        self._times: Array = tick * np.arange(preview.samples + 1, dtype=np.float64)
        # Place m, velocity m/s and acceleration m/s^2 of the centre of mass: rows of x and y.
        self._motion: Array = np.zeros((3, 2))
        self._errors: Array = np.zeros(2)

    @property
    def zmp(self) -> Array:
        """(2,) m, the zero moment point of the motion."""
        zmp: Array = self._motion[0] - self._motion[2] / self._omega**2
        return zmp

    def follow(self, knots: ZmpKnots) -> None:
        """Move on by a tick, along the way that `knots` plan from now on."""
        wanted = knots.sample(self._times)
        # Relative to the first point: what lies beyond the horizon counts as 0, not as the world's origin.
        origin = wanted[0]
        for axis in (0, 1):
            state = self._motion[:, axis] - (origin[axis], 0.0, 0.0)
            state, self._errors[axis] = self._preview.step(
                state, self._errors[axis], wanted[:, axis] - origin[axis]
            )
            self._motion[:, axis] = state + (origin[axis], 0.0, 0.0)
        self._hand_over()

    def restart(self, knots: ZmpKnots, com: Array) -> None:
        """Begin anew at the centre of mass `com` (2,) m, on the way that `knots` plan from now on."""
        wanted = knots.sample(self._times)
        velocity = self._omega * (knots.dcm(self._omega) - com)
        self._motion = np.stack((com, velocity, self._omega**2 * (com - wanted[0])))
        # The sum of errors stands for the jerk which the motion has already.
        jerk = self._omega**2 * (velocity - (wanted[1] - wanted[0]) / self._tick)
        state = self._motion - np.stack((wanted[0], np.zeros(2), np.zeros(2)))
        preview = self._preview
        feedback = preview.state_gain @ state + preview.preview_gains @ (wanted[1:] - wanted[0])
        self._errors = -(jerk + feedback) / preview.error_gain
        self._hand_over()

    def _hand_over(self) -> None:
        self._controller.zmp_reference = self.zmp
        self._controller.dcm_reference = self._motion[0] + self._motion[1] / self._omega
