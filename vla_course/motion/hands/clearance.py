"""How far arms, legs and trunk are from what they must not touch: table, things, and each other.

A limb is a handful of balls along its bones; everything else is boxes, upright cylinders and balls with
known signed distances. That is quick, and errs on the safe side by some millimetres.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vla_course.motion.arms.chain import ArmChain
from vla_course.motion.arms.pose import Pose, rotation_about
from vla_course.motion.hands.things import Graspable, Tabletop
from vla_course.simulation.robot.anatomy import (
    FINGER_SIZE,
    FINGER_STROKE,
    SOLE_THICKNESS,
    WRIST_TO_FINGER,
    WRIST_TO_PALM,
    WRIST_TO_TOOL,
)
from vla_course.simulation.robot.description import HumanoidDescription

Array = NDArray[np.float64]

UPPER_ARM_RADIUS, FOREARM_RADIUS, WRIST_RADIUS, PALM_RADIUS, FINGER_RADIUS = 0.045, 0.040, 0.035, 0.040, 0.017
_TRUNK_MIDDLE, _TRUNK_HALF = np.array((-0.01, 0.0, 0.22)), np.array((0.10, 0.125, 0.22))
"""m, in the pelvis frame, as the physics engine has it"""
_NECK, _HEAD_MIDDLE, _HEAD_HALF = (0.0, 0.0, 0.53), (0.01, 0.0, 0.09), np.array((0.085, 0.075, 0.08))
"""m: about what the head nods, in the pelvis frame; the middle of its box from there; half of its sides"""
_HEADS = [
    (_NECK + nod @ np.array(_HEAD_MIDDLE), nod)
    for nod in (rotation_about(np.array((0.0, pitch, 0.0))) for pitch in (0.0, 0.5, 1.0))
]
"""middles (3,) m and rotations (3, 3) of a head that looks ahead, at a table, and before the feet: a hand that passes
a face does not wait for it to look up"""
BODY_BOXES = [(_TRUNK_MIDDLE, _TRUNK_HALF, np.eye(3)), *((middle, _HEAD_HALF, nod) for middle, nod in _HEADS)]
"""middle (3,) m, half sides (3,) m and axes (3, 3) of the boxes of trunk and nodding head, in the pelvis frame"""
THIGH_RADIUS, SHANK_RADIUS = 0.055, 0.045
_THIGH, _SHANK = np.linspace(0.15, 0.85, 7)[:, None], np.linspace(0.10, 0.85, 7)[:, None]
"""-, where the balls of a bone are, from its upper end to its lower one"""
_CHEST = np.array([(0.04, y, z) for y in (-0.075, -0.025, 0.025, 0.075) for z in np.linspace(0.05, 0.39, 6)])
_FACE = np.array([(0.035, y, z) for y in (-0.03, 0.03) for z in (0.59, 0.65)])
_TRUNK, _TRUNK_RADII = np.concatenate((_CHEST, _FACE)), np.repeat((0.05, 0.06), (len(_CHEST), len(_FACE)))
"""m, balls of the front of trunk and head, which come over a table when the robot bows, in the pelvis frame"""
_LEG_REACH = 0.7
"""m, along either axis from the pelvis: legs of a table beyond that are out of the way"""
_FOOT_RADIUS, _ROBOT = 0.055, HumanoidDescription()
_FOOT = np.array(
    [
        (share * _ROBOT.foot_length + side * _FOOT_RADIUS, 0.0, SOLE_THICKNESS / 2.0)
        for share, side in (
            (-_ROBOT.ankle_from_heel, 1.0),
            (0.5 - _ROBOT.ankle_from_heel, 0.0),
            (1.0 - _ROBOT.ankle_from_heel, -1.0),
        )
    ]
)
"""m, in the frame of the sole"""
_LEG_RADII = np.repeat((THIGH_RADIUS, SHANK_RADIUS, _FOOT_RADIUS), (len(_THIGH), len(_SHANK), len(_FOOT)))
_PALM = np.array([(WRIST_TO_PALM - WRIST_TO_TOOL, y, 0.0) for y in (-0.045, 0.0, 0.045)])
_FINGER = np.linspace(WRIST_TO_FINGER - WRIST_TO_TOOL + 0.015, 0.02 - FINGER_RADIUS, 3)


@dataclass(frozen=True, slots=True, eq=False)
class Leg:
    """Where a leg is in the world, m: its three joints (3,) each, its sole (3,) and the sole's axes (3, 3)."""

    hip: Array
    knee: Array
    ankle: Array
    sole: Array
    sole_axes: Array


def arm_balls(chain: ArmChain, opening: float = 1.0) -> tuple[Array, Array]:
    """Return middles (n, 3) m, pelvis frame, and radii (n,) m of the balls that cover an arm as it is.

    `opening` of the gripper, 0 to 1. The first two balls belong to the upper arm, the last six to the fingers.
    """
    shoulder, elbow, wrist, tool = chain.bones()
    spread = opening * FINGER_STROKE + FINGER_SIZE[1] / 2
    fingers = np.array([(x, side * spread, 0.0) for side in (1.0, -1.0) for x in _FINGER])
    hand = tool + np.concatenate((_PALM, fingers)) @ chain.pose.rotation.T
    along = np.linspace(0.0, 0.85, 5)[:, None]
    upper = shoulder + np.array(((0.6,), (1.0,))) * (elbow - shoulder)
    fore = elbow + along * (wrist - elbow)
    middles = np.concatenate((upper, fore, wrist[None], hand))
    radii = np.repeat(
        (UPPER_ARM_RADIUS, FOREARM_RADIUS, WRIST_RADIUS, PALM_RADIUS, FINGER_RADIUS), (2, 5, 1, 3, 6)
    )
    return middles, radii


def distance_to_box(points: Array, middle: Array, half: Array, rotation: Array | None = None) -> Array:
    """Return signed distances (n,) m of `points` (n, 3) from a box with half sides `half` (3,)."""
    local = points - middle
    if rotation is not None:
        local = local @ rotation
    beyond = np.abs(local) - half
    outside = np.sqrt((np.maximum(beyond, 0.0) ** 2).sum(axis=1))
    distance: Array = outside + np.minimum(beyond.max(axis=1), 0.0)
    return distance


def distance_to_thing(points: Array, thing: Graspable) -> Array:
    """Return signed distances (n,) m of `points` (n, 3) from a thing."""
    width, depth, height = thing.size
    local = points - thing.position
    match thing.shape:
        case "ball":
            away: Array = np.sqrt((local**2).sum(axis=1)) - width / 2.0
            return away
        case "box":
            c, s = np.cos(thing.heading), np.sin(thing.heading)
            turn = np.array(((c, -s, 0.0), (s, c, 0.0), (0.0, 0.0, 1.0)))
            return distance_to_box(points, thing.position, np.array((width, depth, height)) / 2.0, turn)
    beyond = np.stack(
        (np.hypot(local[:, 0], local[:, 1]) - width / 2.0, np.abs(local[:, 2]) - height / 2.0), axis=1
    )
    outside = np.sqrt((np.maximum(beyond, 0.0) ** 2).sum(axis=1))
    distance: Array = outside + np.minimum(beyond.max(axis=1), 0.0)
    return distance


def distance_to_table(points: Array, table: Tabletop) -> Array:
    """Return signed distances (n,) m of `points` (n, 3) from the slab of a table."""
    half = np.array((*table.size, table.thickness)) / 2.0
    return distance_to_box(points, table.middle - (0.0, 0.0, half[2]), half)


def distance_from_things(
    chain: ArmChain, base: Pose, things: tuple[Graspable, ...], opening: float = 1.0
) -> float:
    """Return the least distance m of an arm from `things`, negative inside; inf where there are none."""
    middles, radii = arm_balls(chain, opening)
    world = base.position + middles @ base.rotation.T
    return min((float((distance_to_thing(world, thing) - radii).min()) for thing in things), default=np.inf)


def clearance(
    chain: ArmChain,
    base: Pose,
    table: Tabletop | None = None,
    things: tuple[Graspable, ...] = (),
    other: tuple[Array, Array] | None = None,
    opening: float = 1.0,
    held: float = 0.0,
    body: tuple[Array, Array] | None = None,
) -> float:
    """Return the least distance m of an arm from table, things, trunk, head and the other arm; negative inside.

    Args:
        chain: the arm.
        base: the pelvis in the world, where `table` and `things` are.
        table, things: what is not to be touched.
        other: balls of the other arm (`arm_balls`), middles (n, 3) m in the pelvis frame and radii (n,) m.
        opening: of the gripper, 0 to 1.
        held: m, radius of the ball at the tool point that stands for what the hand holds; 0 for none.
        body: other balls of the robot that keep away from table and things, middles (n, 3) m in the world and
            radii (n,) m.
    """
    middles, radii = arm_balls(chain, opening)
    if held > 0.0:
        middles, radii = np.append(middles, chain.pose.position[None], axis=0), np.append(radii, held)
    away = [
        distance_to_box(middles[2:], _TRUNK_MIDDLE, _TRUNK_HALF) - radii[2:],
        *(distance_to_box(middles[2:], middle, _HEAD_HALF, nod) - radii[2:] for middle, nod in _HEADS),
    ]
    if other is not None:
        theirs, thick = other
        apart = np.sqrt(((middles[:, None] - theirs[None]) ** 2).sum(axis=2))
        away.append((apart - radii[:, None] - thick[None]).ravel())
    world = base.position + middles @ base.rotation.T
    if body is not None:
        world, radii = np.concatenate((world, body[0])), np.concatenate((radii, body[1]))
    if table is not None:
        away.append(distance_to_table(world, table) - radii)
        away += [
            distance_to_thing(world, leg) - radii
            for leg in table.legs
            if max(abs(leg.position[0] - base.position[0]), abs(leg.position[1] - base.position[1]))
            < _LEG_REACH
        ]
    away += [distance_to_thing(world, thing) - radii for thing in things]
    return float(np.concatenate(away).min())


def leg_balls(leg: Leg) -> tuple[Array, Array]:
    """Return middles (n, 3) m, world frame, and radii (n,) m of the balls that cover thigh, shank and foot.

    The last three are the foot's.
    """
    thigh, shank = leg.hip + _THIGH * (leg.knee - leg.hip), leg.knee + _SHANK * (leg.ankle - leg.knee)
    return np.concatenate((thigh, shank, leg.sole + _FOOT @ leg.sole_axes.T)), _LEG_RADII


def legs_apart(left: tuple[Array, Array], right: tuple[Array, Array]) -> float:
    """Return the least distance m of the balls of one leg from those of the other one; negative inside.

    Of one foot from the other one nothing is said: feet stay where they are.
    """
    way = left[0][:, None] - right[0]
    between: Array = np.sqrt(np.einsum("ijk,ijk->ij", way, way)) - left[1][:, None] - right[1]
    between[-len(_FOOT) :, -len(_FOOT) :] = np.inf
    return float(between.min())


def trunk_balls(base: Pose) -> tuple[Array, Array]:
    """Return middles (n, 3) m, world frame, and radii (n,) m of the balls that cover the front of trunk and head.

    `base` is the pelvis in the world.
    """
    return base.position + _TRUNK @ base.rotation.T, _TRUNK_RADII
