"""Inverse kinematics of the leg: from where the sole should be to the six joints that put it there."""

from math import acos, asin, atan2, cos, hypot, sin

import numpy as np
from numpy.typing import NDArray

from vla_course.course.exercise import NotAttempted, exercise
from vla_course.simulation.robot.description import HumanoidDescription
from vla_course.simulation.robot.state import Side

Array = NDArray[np.float64]


@exercise("3.19")
def solve_leg(side: Side, position: Array, rotation: Array, body: HumanoidDescription) -> Array:
    """Return the angles (6,) rad of the leg whose sole is at `position` (3,) m, turned by `rotation` (3, 3).

    Both are given in the pelvis frame: x ahead, y left, z up, origin midway between the hips. The hips lie at
    y = +-`body.hip_width` / 2. The ankle lies `body.ankle_height` above the sole, along the sole's own z
    axis; thigh and shank are both L = `body.thigh_length` long.

    1. r = R^T (hip - ankle): the hip seen from the foot, R being `rotation`. Its length d gives the knee,

           knee = pi - 2 asin(min(d / (2 L), 1)),      d > 2 L + 1e-9 m is out of reach: rounding is not

    2. The foot looks up along r, and in an isosceles leg each end turns by half of the knee:

           ankle_roll = atan2(r_y, r_z),   ankle_pitch = -atan2(r_x, hypot(r_y, r_z)) - knee / 2

    3. What is left of R is the hip's, H = R Rx(-ankle_roll) Ry(-ankle_pitch - knee). Read its angles off

           H = Rz(yaw) Rx(roll) Ry(pitch):   H_21 = sin(roll)
           H_01 = -sin(yaw) cos(roll),       H_20 = -cos(roll) sin(pitch)

    (Kajita, Hirukawa, Harada and Yokoi 2014, section 2.5.) The order is that of `layout.LEG_JOINTS`: hip yaw,
    roll, pitch, knee, ankle pitch, roll. The knee never bends backwards.

    Raises:
        ValueError: the sole is out of reach; the message says by how many metres.
    """
    # BEGIN SOLUTION
    hip = np.array([0.0, body.hip_width / 2 if side == "left" else -body.hip_width / 2, 0.0])
    ankle = np.asarray(position) + body.ankle_height * rotation[:, 2]
    rx, ry, rz = (rotation.T @ (hip - ankle)).tolist()
    distance, length = hypot(rx, ry, rz), 2.0 * body.thigh_length
    if distance > length + 1e-9:
        raise ValueError(f"the {side} sole is {distance - length:.4f} m out of reach of its leg")
    knee = 2.0 * acos(min(distance / length, 1.0))
    ankle_roll = atan2(ry, rz)
    ankle_pitch = -atan2(rx, hypot(ry, rz)) - knee / 2.0
    a, b = -ankle_roll, -ankle_pitch - knee
    about_x = np.array([[1.0, 0.0, 0.0], [0.0, cos(a), -sin(a)], [0.0, sin(a), cos(a)]])
    about_y = np.array([[cos(b), 0.0, sin(b)], [0.0, 1.0, 0.0], [-sin(b), 0.0, cos(b)]])
    h = rotation @ about_x @ about_y
    yaw, pitch = atan2(-h[0, 1], h[1, 1]), atan2(-h[2, 0], h[2, 2])
    return np.array([yaw, asin(h[2, 1]), pitch, knee, ankle_pitch, ankle_roll])
    # END SOLUTION
