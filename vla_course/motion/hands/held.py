"""What a hand holds: how it was grasped, where the hand has it by now, and where it may be put down."""

from dataclasses import dataclass, replace
from math import atan2, hypot

import numpy as np
from numpy.typing import NDArray

from vla_course.motion.arms.chain import ARMS_IN_JOINTS, ArmChain
from vla_course.motion.arms.pose import Pose, rotation_about
from vla_course.motion.hands.things import Grasp, Graspable, Tabletop
from vla_course.simulation.robot.state import RobotState, Side
from vla_course.simulation.world.rotation import rotation_matrix

Array = NDArray[np.float64]

RIM, APART, GRID = 0.09, 0.14, 0.06
"""m: what is put down in need stays that far from the edges of a table and, middle to middle, from other things;
between the spots that are thought of"""


@dataclass(frozen=True, slots=True, eq=False)
class Held:
    """A thing in the hand, lifted: how it was grasped where it stood, and the coordinates (10,) of the robot."""

    thing: Graspable
    grasp: Grasp
    coordinates: Array


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


def free_spots(table: Tabletop, things: tuple[Graspable, ...], near: Array, count: int = 8) -> list[Array]:
    """Return free spots (2,) m on a table, the nearest ones to `near` (2,) m first, at most `count`."""
    half = np.array(table.size) / 2.0 - RIM
    x, y = (np.arange(-most, most + 1e-9, GRID) for most in np.maximum(half, 0.0).tolist())
    spots = [table.middle[:2] + (dx, dy) for dx in x for dy in y]
    free = [
        spot
        for spot in spots
        if all(hypot(*(spot - thing.position[:2]).tolist()) >= APART for thing in things)
    ]
    return sorted(free, key=lambda spot: hypot(*(spot - near[:2]).tolist()))[:count]
