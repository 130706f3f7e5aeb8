"""How far an arm is from everything it must not touch: table, things, trunk, head and the other arm.

An arm is a handful of balls along its bones; everything else is boxes, upright cylinders and balls with
known signed distances. That is quick, and errs on the safe side by some millimetres.
"""

import numpy as np
from numpy.typing import NDArray

from vla_course.motion.arms.chain import ArmChain
from vla_course.motion.arms.pose import Pose
from vla_course.motion.hands.things import Graspable, Tabletop
from vla_course.simulation.robot.anatomy import (
    FINGER_SIZE,
    FINGER_STROKE,
    WRIST_TO_FINGER,
    WRIST_TO_PALM,
    WRIST_TO_TOOL,
)

Array = NDArray[np.float64]

UPPER_ARM_RADIUS, FOREARM_RADIUS, WRIST_RADIUS, PALM_RADIUS, FINGER_RADIUS = 0.045, 0.040, 0.035, 0.040, 0.017
_TRUNK_MIDDLE, _TRUNK_HALF = np.array((-0.01, 0.0, 0.22)), np.array((0.10, 0.125, 0.22))
_HEAD_MIDDLE, _HEAD_HALF = np.array((0.01, 0.0, 0.62)), np.array((0.085, 0.075, 0.08))
"""m, in the pelvis frame, as the physics engine has them"""
_PALM = np.array([(WRIST_TO_PALM - WRIST_TO_TOOL, y, 0.0) for y in (-0.045, 0.0, 0.045)])
_FINGER = np.linspace(WRIST_TO_FINGER - WRIST_TO_TOOL + 0.015, 0.02 - FINGER_RADIUS, 3)


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
    other: ArmChain | None = None,
    opening: float = 1.0,
    held: float = 0.0,
) -> float:
    """Return the least distance m of an arm from table, things, trunk, head and the other arm; negative inside.

    `base` is the pelvis in the world, where `table` and `things` are. What the hand holds counts as a ball of
    radius `held` m at the tool point, none if 0.
    """
    middles, radii = arm_balls(chain, opening)
    if held > 0.0:
        middles, radii = np.append(middles, chain.pose.position[None], axis=0), np.append(radii, held)
    away = [
        distance_to_box(middles[2:], _TRUNK_MIDDLE, _TRUNK_HALF) - radii[2:],
        distance_to_box(middles[2:], _HEAD_MIDDLE, _HEAD_HALF) - radii[2:],
    ]
    if other is not None:
        theirs, thick = arm_balls(other)
        apart = np.sqrt(((middles[:, None] - theirs[None]) ** 2).sum(axis=2))
        away.append((apart - radii[:, None] - thick[None]).ravel())
    world = base.position + middles @ base.rotation.T
    if table is not None:
        away.append(distance_to_table(world, table) - radii)
    away += [distance_to_thing(world, thing) - radii for thing in things]
    return float(np.concatenate(away).min())
