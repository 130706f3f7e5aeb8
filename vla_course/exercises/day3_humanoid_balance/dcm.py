"""Where the fall is heading: the divergent component of motion and the push one can take."""

import numpy as np
from numpy.typing import NDArray

from vla_course.course.exercise import NotAttempted, exercise

Array = NDArray[np.float64]


@exercise("3.6")
def divergent_component_of_motion(com: Array, com_velocity: Array, gravity: float = 9.81) -> Array:
    """Return the divergent component of motion (2,) m, also called instantaneous capture point.

    On flat ground it is the one spot where a robot that puts its ZMP there comes to rest above it
    (Pratt et al. 2006; Takenaka et al. 2009); those who study people call it the extrapolated centre of
    mass (Hof et al. 2005). `com` (3,) m, `com_velocity` (3,) m/s.

        xi = c_xy + c'_xy / omega,   omega = sqrt(g / c_z)
    """
    raise NotAttempted("3.6")


@exercise("3.7")
def no_step_push_limit(com: Array, polygon: Array, direction: Array, gravity: float = 9.81) -> float:
    """Return the greatest impulse over mass, N s/kg = m/s, that a robot at rest can take without a step.

    A push along `direction` (2,) (any length) gives the centre of mass `com` (3,) m the speed J/m at
    once and moves the DCM away from it by (J/m)/omega. The robot is lost when the DCM leaves the
    support `polygon` (m, 2) m (counter-clockwise), so with d the distance from c_xy along the
    direction to the polygon's edge:

        J/m = omega d,   omega = sqrt(g / c_z)

    (Zero-step capturability: Hof, Gazendam and Sinke 2005; Koolen et al. 2012.)

    For the edge from a to b with outward normal n = (b_y - a_y, a_x - b_x), the ray c + s u meets it
    at s = n . (a - c) / (n . u), where n . u > 0. A robot whose c_xy is outside takes no push: 0.
    """
    raise NotAttempted("3.7")
