"""Where the robot's weight acts: the centre of mass."""

import numpy as np
from numpy.typing import NDArray

from vla_course.course.exercise import NotAttempted, exercise

Array = NDArray[np.float64]


@exercise("3.1")
def center_of_mass(masses: Array, positions: Array) -> Array:
    """Return the centre of mass (3,) m of bodies with `masses` (n,) kg at `positions` (n, 3) m.

    Each body pulls the answer towards itself in proportion to its mass:

        c = sum_i m_i r_i / sum_i m_i
    """
    raise NotAttempted("3.1")
