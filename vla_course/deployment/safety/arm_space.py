"""Where the arms are, what they come near, and how each joint brings them nearer: distances and their gradients."""

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
Mask = NDArray[np.bool_]
Indices = NDArray[np.intp]

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
"""middle (3,) m, half sides (3,) m, axes (3, 3)"""
Pairs = tuple[Array, Array, Array, Mask, Indices]
"""the fields of `Near`"""


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
    outside: Mask
    """(n,) a table or a thing, and not the robot's own body"""
    side: Indices
    """(n,) 0 the left arm, 1 the right one"""


class ArmSpace:
    """Knows both arms of one robot, by a model of its own."""

    def __init__(self, model: RobotModel) -> None:
        self._model = model
        self._chains: dict[Side, ArmChain] = {side: ArmChain(side) for side in SIDES}

    def update(self, state: RobotState, openings: Array | None = None) -> None:
        """Put the arms where they are measured to be, the grippers open by `openings` (2,), or as they are measured."""
        self._model.update(state)
        self._base, self._axes = state.base_position, rotation_matrix(state.base_orientation)
        self._linear = self._axes.T @ state.base_linear_velocity
        self._angular = self._axes.T @ state.base_angular_velocity
        self._balls, self._jacobians = [], []
        wide = state.gripper_openings if openings is None else openings
        for (side, chain), opening in zip(self._chains.items(), wide.tolist(), strict=True):
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
        hands: Array = self._base + tools @ self._axes.T
        return hands

    def points(self) -> Array:
        """Return the middles of all balls of both arms, world (n, 3) m."""
        points: Array = self._base + np.concatenate([middles for middles, _ in self._balls]) @ self._axes.T
        return points

    def hand_speeds(self, rates: Array) -> tuple[float, float]:
        """Return how fast m/s the faster tool point goes over the trunk at `rates` (14,) rad/s, and how fast the trunk
        carries the faster one along now."""
        by_arms = by_trunk = 0.0
        for side, chain in self._chains.items():
            by_arms = max(by_arms, float(np.linalg.norm(chain.jacobian[:3] @ rates[ARMS_IN_UPPER[side]])))
            carried = self._linear + _cross(self._angular, chain.pose.position)
            by_trunk = max(by_trunk, float(np.linalg.norm(carried)))
        return by_arms, by_trunk

    def near(self, surroundings: Surroundings) -> Near:
        """Return all pairs that are less than `LOOK` apart."""
        outside = [box for table in surroundings.tables for box in _boxes_of(table)]
        outside += [_box_of(thing) for thing in surroundings.things]
        boxes = _stacked([*BODY_BOXES, *map(self._seen_from_pelvis, outside)])
        in_world = np.arange(len(boxes[0])) >= len(BODY_BOXES)
        legs, thick = self._legs()
        found = [self._beside_boxes(arm, boxes, in_world) for arm in (0, 1)]
        found += [self._beside_legs(arm, legs, thick) for arm in (0, 1)]
        found.append(self._each_other())
        return Near(*(np.concatenate(parts) for parts in zip(*found, strict=True)))

    # ---- pairs: distance, gradient, drift, whether outside, arm -------------------------------------

    def _beside_boxes(self, arm: int, boxes: Box, in_world: Mask) -> Pairs:
        """Pairs with the boxes of trunk and head, which go where the pelvis goes, and with those in the world."""
        middles, radii = self._balls[arm]
        distance, normals = from_boxes(middles, *boxes)
        distance = distance - radii
        distance[: len(BODY_BOXES), :_UPPER_ARM] = np.inf
        box, ball = np.nonzero(distance < LOOK)
        return self._pairs(arm, distance[box, ball], normals[box, ball], ball, in_world[box])

    def _beside_legs(self, arm: int, legs: Array, thick: Array) -> Pairs:
        """Pairs with the legs, of each ball the nearest place of them."""
        middles, radii = self._balls[arm]
        way = middles[:, None] - legs
        apart = np.sqrt((way**2).sum(axis=2)) - radii[:, None] - thick
        nearest = apart.argmin(axis=1)
        distance = apart[np.arange(len(middles)), nearest]
        ball = np.flatnonzero(distance < LOOK)
        normals = _unit(way[ball, nearest[ball]])
        return self._pairs(arm, distance[ball], normals, ball, np.zeros(len(ball), bool))

    def _each_other(self) -> Pairs:
        """Pairs of a ball of the left arm with the nearest one of the right arm."""
        (left, thick_left), (right, thick_right) = self._balls
        way = left[:, None] - right
        apart = np.sqrt((way**2).sum(axis=2)) - thick_left[:, None] - thick_right
        nearest = apart.argmin(axis=1)
        distance = apart[np.arange(len(left)), nearest]
        ball = np.flatnonzero(distance < LOOK)
        other = nearest[ball]
        normals = _unit(way[ball, other])
        of_left, of_right = self._along(0, ball, normals), self._along(1, other, normals)
        count = len(ball)
        gradient = np.concatenate((of_left, -of_right), axis=1)
        return distance[ball], gradient, np.zeros(count), np.zeros(count, bool), np.zeros(count, np.intp)

    def _pairs(self, arm: int, distance: Array, normals: Array, ball: Indices, outside: Mask) -> Pairs:
        """Return pairs of an arm's balls at `distance` (n,) m, `normals` (n, 3) pointing towards the arm."""
        gradient = np.zeros((len(ball), _BOTH))
        gradient[:, ARM_SIZE * arm : ARM_SIZE * (arm + 1)] = self._along(arm, ball, normals)
        moved = self._linear + _cross(self._angular, self._balls[arm][0][ball])
        drift = np.where(outside, (normals * moved).sum(axis=1), 0.0)
        return distance, gradient, drift, outside, np.full(len(ball), arm, np.intp)

    def _along(self, arm: int, ball: Indices, normals: Array) -> Array:
        """Return how fast (n, 7) m a rad each joint moves balls along `normals` (n, 3)."""
        along: Array = np.matmul(self._jacobians[arm][ball], normals[:, :, None])[:, :, 0]
        return along

    def _seen_from_pelvis(self, box: Box) -> Box:
        middle, half, axes = box
        return (middle - self._base) @ self._axes, half, self._axes.T @ axes

    def _legs(self) -> tuple[Array, Array]:
        """Return middles (n, 3) m, pelvis frame, and radii (n,) m of the balls of both legs."""
        balls = [leg_balls(self._leg(side)) for side in SIDES]
        middles, radii = (np.concatenate(parts) for parts in zip(*balls, strict=True))
        return (middles - self._base) @ self._axes, radii

    def _leg(self, side: Side) -> Leg:
        model = self._model
        hip, knee, ankle = (
            model.frame_position(f"{side}_{link}") for link in ("thigh", "shank", "ankle_link")
        )
        return Leg(hip, knee, ankle, *model.frame_pose(f"{side}_sole"))


def _boxes_of(table: Tabletop) -> list[Box]:
    """Return the slab and the legs of a table."""
    slab = table.middle - (0.0, 0.0, table.thickness / 2.0)
    return [(slab, np.array((*table.size, table.thickness)) / 2.0, np.eye(3)), *map(_box_of, table.legs)]


def _box_of(thing: Graspable) -> Box:
    """Return the box round a thing."""
    return thing.position, np.array(thing.size) / 2.0, rotation_about(np.array((0.0, 0.0, thing.heading)))


def from_boxes(points: Array, middles: Array, halves: Array, axes: Array) -> tuple[Array, Array]:
    """Return signed distances (m, n) m of points (n, 3) from m boxes, and the directions (m, n, 3) away from them.

    `halves` (m, 3) m are half their sides, the columns of `axes` (m, 3, 3) their own directions.
    """
    local = (points - middles[:, None]) @ axes
    beyond = np.abs(local) - halves[:, None]
    deepest = beyond.max(axis=2)
    out = np.maximum(beyond, 0.0)
    # Inside, the way out is through the nearest face.
    out = np.where((deepest <= 0.0)[:, :, None], beyond == deepest[:, :, None], out)
    outside = np.sqrt((np.maximum(beyond, 0.0) ** 2).sum(axis=2))
    normals = _unit(out * np.where(local < 0.0, -1.0, 1.0)) @ np.swapaxes(axes, 1, 2)
    return outside + np.minimum(deepest, 0.0), normals


def _stacked(boxes: list[Box]) -> Box:
    """Return boxes as one: (m, 3), (m, 3), (m, 3, 3)."""
    middles, halves, axes = (np.array(parts) for parts in zip(*boxes, strict=True))
    return middles, halves, axes


def _cross(one: Array, others: Array) -> Array:
    """Return one x others, (3,) and (..., 3): np.cross takes five times as long."""
    x, y, z = one.tolist()
    product: Array = others @ np.array(((0.0, z, -y), (-z, 0.0, x), (y, -x, 0.0)))
    return product


def _unit(vectors: Array) -> Array:
    lengths = np.sqrt((vectors**2).sum(axis=-1, keepdims=True))
    unit: Array = vectors / np.maximum(lengths, 1e-9)
    return unit
