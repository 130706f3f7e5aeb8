"""Legs in all postures: Pinocchio says where their soles are, and what known mistakes make of that."""

from functools import cache

import numpy as np

from shown.slips import is_close
from vla_course.simulation.robot.description import HumanoidDescription
from vla_course.simulation.robot.humanoid import HOME_POSTURE
from vla_course.simulation.robot.model import RobotModel
from vla_course.simulation.robot.state import RobotState

UP = np.array([0.0, 0.0, 1.0])
LOW = np.array([-0.4, -0.2, -1.1, 0.9, -0.8, -0.2])
HIGH = np.array([0.4, 0.2, -0.1, 1.6, 0.0, 0.2])
"""rad: between these a walking leg moves, its hip well above its foot"""


@cache
def model(body):
    return RobotModel(body)


def sole_pose(side, angles, body=None):
    """Place (3,) m and rotation (3, 3) of a sole in the pelvis frame, by Pinocchio."""
    body = body or HumanoidDescription()
    posture = HOME_POSTURE.copy()
    posture[:6] = posture[6:12] = angles
    none = np.zeros(3)
    upright = np.array([0.0, 0.0, 0.0, 1.0])
    robot = model(body)
    robot.update(RobotState(0.0, none, upright, none, none, posture, np.zeros(28), np.zeros(28), np.zeros(2)))
    return robot.frame_position(f"{side}_sole"), robot.frame_rotation(f"{side}_sole")


def turn(axis, angle):
    """Rotation (3, 3) about one of the axes 0, 1, 2."""
    i, j = (axis + 1) % 3, (axis + 2) % 3
    matrix = np.eye(3)
    matrix[i, i] = matrix[j, j] = np.cos(angle)
    matrix[j, i] = np.sin(angle)
    matrix[i, j] = -np.sin(angle)
    return matrix


def named_mistake(side, body, expected, got):
    """The answer itself under the name of the mistake that explains it, found by moving the leg as it says."""
    try:
        angles = np.asarray(got, dtype=float)
    except (TypeError, ValueError):
        return {}
    if angles.shape != (6,) or not np.isfinite(angles).all():
        return {}
    out = 1.0 if side == "left" else -1.0
    place, rotation = sole_pose(side, expected, body)
    there, turned = sole_pose(side, angles, body)
    off, along = there - place, rotation[:, 2]
    hip = np.array([0.0, out * body.hip_width / 2.0, 0.0])
    same_ankle = is_close(angles[3:], expected[3:], 1e-9)
    turns_of_hip = turn(0, angles[1]) @ turn(2, angles[0]) @ turn(1, angles[2])
    needed = turn(2, expected[0]) @ turn(0, expected[1]) @ turn(1, expected[2])
    made = turn(2, angles[0]) @ turn(0, angles[1]) @ turn(1, angles[2])
    true_leg = is_close(turned, rotation, 1e-9)
    way = hip - place - body.ankle_height * along

    def ankle(seen, *, flat=False):
        """Pitch and roll of an ankle that sees the hip there; `flat`: and forgets how far beside it that is."""
        roll = np.arctan2(seen[1], seen[2])
        return [
            -np.arctan2(seen[0], seen[2] if flat else np.hypot(seen[1], seen[2])) - expected[3] / 2.0,
            roll,
        ]

    found = {
        "another-order": is_close(np.sort(angles), np.sort(expected), 1e-9),
        "hypot-forgotten": is_close(angles[4:], ankle(rotation.T @ way, flat=True), 1e-9),
        "knee-backward": angles[3] < 0.0 or is_close(angles[3], -expected[3], 1e-9),
        "hip-in-the-middle": true_leg and is_close(off, hip, 1e-9),
        "hip-of-the-left": side == "right" and true_leg and is_close(off, 2.0 * hip, 1e-9),
        "ankle-forgotten": true_leg and is_close(off, -body.ankle_height * along, 1e-9),
        "ankle-straight-up": true_leg and is_close(off, body.ankle_height * (UP - along), 1e-9),
        "half-knee-forgotten": is_close(angles[4], expected[4] + expected[3] / 2.0, 1e-9),
        "rotation-not-turned-back": is_close(angles[4:], ankle(rotation @ way), 1e-9),
        "degrees": is_close(angles, np.degrees(expected), 1e-6),
        "hip-order": same_ankle and is_close(turns_of_hip, needed, 1e-9),
        "ankle-on-the-hip": same_ankle and not is_close(made, needed, 1e-9),
    }
    return {name: angles for name, is_it in found.items() if is_it}
