"""Where the arms are, what they come near, and how each joint brings them nearer: distances and their gradients."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from vla_course.deployment.safety.surroundings import Surroundings
from vla_course.motion.arms.chain import ARM_SIZE, ARMS_IN_JOINTS, ARMS_IN_UPPER, ArmChain
from vla_course.motion.arms.pose import rotation_about
from vla_course.motion.hands.clearance import BODY_BOXES, Leg, arm_balls, leg_balls
from vla_course.motion.hands.things import Graspable, Tabletop
from vla_course.simulation.robot.layout import SIDES
from vla_course.simulation.robot.model import RobotModel
from vla_course.simulation.robot.state import RobotState, Side
from vla_course.simulation.world.rotation import rotation_matrix

Array = NDArray[np.float64]

LOOK: Final = 0.25
"""m: what is farther away is reached by nobody before the next control period"""
_MOVED_BY: Final = np.repeat((3, 4, 5, ARM_SIZE), (2, 5, 1, 9))
"""how many joints of an arm, from the shoulder on, move each of its balls (`clearance.arm_balls`)"""
_UPPER_ARM: Final = 2
"""balls of the upper arm, which is always near the trunk"""
_BOTH: Final = 2 * ARM_SIZE
_REACH: Final = 1.1
"""m, from the pelvis: what is farther away no arm reaches"""
Box = tuple[Array, Array, Array]
"""middle (3,) m, half sides (3,) m, axes (3, 3), world"""


@dataclass(frozen=True, slots=True, eq=False)
class Near:
    """n pairs of an arm's ball and what it must not touch.

    The distance of a pair changes by `gradient @ rates + drift`, for rates (14,) rad/s of left and right arm.
    """

    distance: Array
    """(n,) m, negative inside"""
    gradient: Array
    """(n, 14) m a rad"""
    drift: Array
    """(n,) m/s, what the robot's motion does to it while the arms keep still"""
    outside: Array
    """(n,) bool: a table or a thing, and not the robot's own body"""
    side: Array
    """(n,) 0 the left arm, 1 the right one"""


class ArmSpace:
    """Knows both arms of one robot, by a model of its own."""

    def __init__(self, model: RobotModel) -> None:
        self._model = model
        self._chains: dict[Side, ArmChain] = {side: ArmChain(side) for side in SIDES}
        self._still: tuple[object, tuple[Array, ...]] = None, ()

    def update(self, state: RobotState) -> None:
        """Put the arms where they are measured to be."""
        self._model.update(state)
        self._base, self._axes = state.base_position, rotation_matrix(state.base_orientation)
        self._linear = self._axes.T @ state.base_linear_velocity
        self._angular = self._axes.T @ state.base_angular_velocity
        self._balls, self._jacobians = [], []
        for side, opening in zip(SIDES, state.gripper_openings.tolist(), strict=True):
            chain = self._chains[side]
            chain.move(state.joint_positions[ARMS_IN_JOINTS[side]])
            middles, radii = arm_balls(chain, opening)
            self._balls.append((middles, radii))
            # Column j at a point p is that at the tool, and omega_j x (p - tool); joints beyond a ball do not move it.
            linear, angular = chain.jacobian[:3].T, chain.jacobian[3:].T
            jacobian = linear + np.cross(angular, (middles - chain.pose.position)[:, None])
            jacobian[np.arange(ARM_SIZE) >= _MOVED_BY[:, None]] = 0.0
            self._jacobians.append(jacobian)

    def hands(self) -> Array:
        """Return where both tool points are, world (2, 3) m."""
        tools = np.array([self._chains[side].pose.position for side in SIDES])
        return self._base + tools @ self._axes.T

    def points(self) -> Array:
        """Return the middles of all balls of both arms, world (n, 3) m."""
        return self._base + np.concatenate([middles for middles, _ in self._balls]) @ self._axes.T

    def hand_speed(self, rates: Array) -> float:
        """Return how fast m/s the faster tool point goes, over the trunk, at `rates` (14,) rad/s."""
        return max(
            float(np.linalg.norm(chain.jacobian[:3] @ rates[ARMS_IN_UPPER[side]]))
            for side, chain in self._chains.items()
        )

    def near(self, surroundings: Surroundings) -> Near:
        """Return all pairs that are less than `LOOK` apart."""
        legs = [leg_balls(self._leg(side)) for side in SIDES]
        thighs = (np.concatenate([m for m, _ in legs]) - self._base) @ self._axes
        radii = np.concatenate([r for _, r in legs])
        found = [pair for arm in (0, 1) for pair in self._own(arm, thighs, radii)]
        boxes = [box for table in surroundings.tables for box in _boxes_of(table)]
        boxes += [_box_of(thing) for thing in surroundings.things]
        found += [pairs for arm in (0, 1) for pairs in self._outside(arm, boxes)]
        found.append(self._each_other())
        distance, gradient, drift, outside, side = (np.concatenate(parts) for parts in zip(*found, strict=True))
        return Near(distance, gradient, drift, outside, side)

    # ---- pairs: distance, gradient, drift, whether of a table, arm ----------------------------------

    def _own(self, arm: int, legs: Array, thick: Array) -> list[tuple[Array, ...]]:
        """Pairs with trunk, head and legs, which go where the pelvis goes."""
        middles, radii = self._balls[arm]
        pairs = []
        for middle, half, axes in BODY_BOXES:
            away, normals = from_box(middles[_UPPER_ARM:], middle, half, axes)
            distance = np.concatenate((np.full(_UPPER_ARM, np.inf), away - radii[_UPPER_ARM:]))
            pairs.append(self._pairs(arm, distance, np.concatenate((np.zeros((_UPPER_ARM, 3)), normals))))
        way = middles[:, None] - legs
        apart = np.sqrt((way**2).sum(axis=2)) - radii[:, None] - thick
        nearest = apart.argmin(axis=1)
        rows = np.arange(len(middles))
        normals = _unit(way[rows, nearest])
        pairs.append(self._pairs(arm, apart[rows, nearest], normals))
        return pairs

    def _outside(self, arm: int, boxes: list[Box]) -> Iterator[tuple[Array, ...]]:
        """Pairs with boxes that stand in the world."""
        middles, radii = self._balls[arm]
        for middle, half, axes in boxes:
            centre = (middle - self._base) @ self._axes
            if np.linalg.norm(centre) < _REACH + np.linalg.norm(half):
                away, normals = from_box(middles, centre, half, self._axes.T @ axes)
                yield self._pairs(arm, away - radii, normals, in_world=True)

    def _each_other(self) -> tuple[Array, ...]:
        """Pairs of a ball of the left arm with the nearest one of the right arm."""
        (left, thick_left), (right, thick_right) = self._balls
        way = left[:, None] - right
        apart = np.sqrt((way**2).sum(axis=2)) - thick_left[:, None] - thick_right
        nearest = apart.argmin(axis=1)
        rows = np.arange(len(left))
        distance = apart[rows, nearest]
        close = distance < LOOK
        normals = _unit(way[rows, nearest])[close]
        gradient = np.concatenate(
            (
                np.einsum("nk,njk->nj", normals, self._jacobians[0][close]),
                -np.einsum("nk,njk->nj", normals, self._jacobians[1][nearest[close]]),
            ),
            axis=1,
        )
        count = len(gradient)
        return distance[close], gradient, np.zeros(count), np.zeros(count, bool), np.zeros(count, int)

    def _pairs(self, arm: int, distance: Array, normals: Array, in_world: bool = False) -> tuple[Array, ...]:
        close = distance < LOOK
        normals = normals[close]
        gradient = np.zeros((len(normals), _BOTH))
        gradient[:, ARM_SIZE * arm : ARM_SIZE * (arm + 1)] = np.einsum(
            "nk,njk->nj", normals, self._jacobians[arm][close]
        )
        drift = np.zeros(len(normals))
        if in_world:
            moved = self._linear + np.cross(self._angular, self._balls[arm][0][close])
            drift = (normals * moved).sum(axis=1)
        return (
            distance[close],
            gradient,
            drift,
            np.full(len(normals), in_world),
            np.full(len(normals), arm),
        )

    def _leg(self, side: Side) -> Leg:
        model = self._model
        hip, knee, ankle = (model.frame_position(f"{side}_{link}") for link in ("thigh", "shank", "ankle_link"))
        return Leg(hip, knee, ankle, *model.frame_pose(f"{side}_sole"))


def _boxes_of(table: Tabletop) -> list[Box]:
    """Return the slab and the legs of a table."""
    slab = table.middle - (0.0, 0.0, table.thickness / 2.0)
    return [(slab, np.array((*table.size, table.thickness)) / 2.0, np.eye(3)), *map(_box_of, table.legs)]


def _box_of(thing: Graspable) -> Box:
    """Return the box round a thing."""
    return thing.position, np.array(thing.size) / 2.0, rotation_about(np.array((0.0, 0.0, thing.heading)))


def from_box(points: Array, middle: Array, half: Array, axes: Array) -> tuple[Array, Array]:
    """Return signed distances (n,) m of points (n, 3) from a box, and the directions (n, 3) away from it.

    `half` (3,) m are half its sides, the columns of `axes` (3, 3) its own directions.
    """
    local = (points - middle) @ axes
    beyond = np.abs(local) - half
    out = np.maximum(beyond, 0.0)
    outside = np.sqrt((out**2).sum(axis=1))
    inside = outside == 0.0
    # Inside, the way out is through the nearest face.
    out[inside] = beyond[inside] == beyond[inside].max(axis=1, keepdims=True)
    normals = _unit(out * np.where(local < 0.0, -1.0, 1.0)) @ axes.T
    return outside + np.minimum(beyond.max(axis=1), 0.0), normals


def _unit(vectors: Array) -> Array:
    lengths = np.sqrt((vectors**2).sum(axis=1, keepdims=True))
    unit: Array = vectors / np.maximum(lengths, 1e-9)
    return unit
