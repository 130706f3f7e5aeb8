"""The zero moment point: where the ground must push for the motion that we see."""

import numpy as np
from numpy.typing import NDArray

from vla_course.course.exercise import NotAttempted, exercise

Array = NDArray[np.float64]


@exercise("3.4")
def cart_table_zmp(com: Array, com_acceleration: Array, gravity: float = 9.81) -> Array:
    """Return the zero moment point (2,) m on the ground z = 0 of a point mass that keeps its height.

    The robot as a cart on a table (Kajita et al. 2003): all mass at the centre of mass `com` (3,) m,
    no spinning limbs; a vertical acceleration, if there is one, does not count.

        p = c_xy - (c_z / g) c''_xy                         c'' is `com_acceleration` (3,) m/s^2
    """
    raise NotAttempted("3.4")


@exercise("3.5")
def zero_moment_point(
    mass: float,
    com: Array,
    com_acceleration: Array,
    angular_momentum_rate: Array,
    gravity: float = 9.81,
) -> Array:
    """Return the zero moment point (2,) m on the ground z = 0 of the whole, many-bodied robot.

    The ground carries the weight, accelerates the centre of mass and changes the angular momentum L
    about it (`angular_momentum_rate` L' (3,) N m). Vukobratovic and Borovac (2004):

        F_z = m (c''_z + g)
        p_x = c_x - (c_z m c''_x + L'_y) / F_z
        p_y = c_y - (c_z m c''_y - L'_x) / F_z

    `mass` kg, `com` (3,) m, `com_acceleration` (3,) m/s^2. Raises ValueError where F_z is not
    positive: a robot in free fall has no zero moment point.

    It is computed from motion alone: where the ground would have to push if nothing else touched the
    robot and all contacts lay in the plane z = 0. While a hand pushes it may lie outside of the soles,
    where no ground can push: then it is called fictitious.
    """
    raise NotAttempted("3.5")
