"""Hands of a robot that walks between two pieces of their work: how it will reach elsewhere."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from vla_course.motion.arms.chain import ARMS_IN_JOINTS
from vla_course.motion.arms.postures import tucked
from vla_course.motion.footsteps.plan import GoalPose
from vla_course.motion.hands.reach import StandingReach
from vla_course.motion.standing.body import SOLES, sole_corners
from vla_course.simulation.robot.description import HumanoidDescription
from vla_course.simulation.robot.humanoid import HOME_POSTURE
from vla_course.simulation.robot.model import RobotModel
from vla_course.simulation.robot.state import RobotState, Side
from vla_course.simulation.world.rotation import about_z, rotation_matrix

Array = NDArray[np.float64]


def reach_from(place: GoalPose, side: Side, model: RobotModel, com_height: float) -> StandingReach:
    """Return a robot that stands at `place`, its centre of mass `com_height` m high, as a chain that reaches.

    The feet are below the hips, both arms tucked. `model` is moved.
    """
    joints, still = HOME_POSTURE.copy(), np.zeros(28)
    for arm in ARMS_IN_JOINTS:
        joints[ARMS_IN_JOINTS[arm]] = tucked(arm)
    turn = np.array(about_z(place.yaw))
    state = RobotState(0.0, np.zeros(3), turn, still[:3], still[:3], joints, still, still, np.ones(2))
    model.update(state)
    soles = np.mean([model.frame_position(sole) for sole in SOLES], axis=0)
    state = replace(state, base_position=np.array((place.x, place.y, 0.0)) - soles)
    middle = sole_corners(HumanoidDescription()).mean(axis=0)
    home = np.array((place.x, place.y)) + (rotation_matrix(turn) @ middle)[:2]
    return StandingReach(side, state, model, home, com_height, place.yaw)
