"""Hands of a robot that walks between two pieces of their work: how it will reach elsewhere, what it holds by now."""

from dataclasses import replace
from math import atan2

import numpy as np
from numpy.typing import NDArray

from vla_course.motion.arms.chain import ARMS_IN_JOINTS, ArmChain
from vla_course.motion.arms.pose import Pose, rotation_about
from vla_course.motion.arms.postures import tucked
from vla_course.motion.footsteps.plan import GoalPose
from vla_course.motion.hands.planner import Held
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


def held_turned(held: Held, turn: float, joints: Array | None = None) -> Held:
    """Return what is held by a robot that has turned by `turn` rad; its arm is at `joints` (7,), or as it was."""
    grip, about = held.grasp.pose, rotation_about(np.array((0.0, 0.0, turn)))
    grasp = replace(held.grasp, pose=Pose(about @ grip.position, about @ grip.rotation))
    coordinates = held.coordinates if joints is None else np.append(joints, np.zeros(3))
    return Held(held.thing, grasp, coordinates)


def held_by_now(held: Held, side: Side, state: RobotState) -> Held:
    """Return what is held as the hand has it now, after the robot has walked and turned."""
    joints = state.joint_positions[ARMS_IN_JOINTS[side]]
    chain = ArmChain(side)
    chain.move(joints)
    since = rotation_matrix(state.base_orientation) @ chain.pose.rotation @ held.grasp.pose.rotation.T
    return held_turned(held, atan2(since[1, 0] - since[0, 1], since[0, 0] + since[1, 1]), joints)
