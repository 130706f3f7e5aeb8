"""A standing robot as a chain that reaches: one arm, and a stance of trunk and legs that helps it.

Ten coordinates move the tool of a robot on its feet: seven arm joints, and bow, turn and height of its
stance. Everything else follows from them, because both soles stay where they are, the centre of mass
stays above `home` and the trunk does as the stance says:

    [J_soles; J_com] v = 0        15 equations for the base's linear velocity and twelve leg joints

So the balance compensation is built in: where the arm goes, the pelvis makes room for it. The columns of
`jacobian` hold what each coordinate does to the tool with all that follows from it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from math import cos, sin

import numpy as np
from numpy.typing import NDArray
from scipy.linalg.lapack import dgesv

from vla_course.motion.arms.chain import ARM_SIZE, ARMS_IN_JOINTS, ArmChain
from vla_course.motion.arms.pose import Pose
from vla_course.motion.hands.clearance import Leg
from vla_course.motion.hands.stance import Stance
from vla_course.simulation.robot.anatomy import humanoid_joints
from vla_course.simulation.robot.description import HumanoidDescription
from vla_course.simulation.robot.layout import SIDES
from vla_course.simulation.robot.model import RobotModel
from vla_course.simulation.robot.state import RobotState, Side

Array = NDArray[np.float64]

STANCE_LIMITS = Stance(bow=-0.10, turn=-0.55), Stance(bow=0.70, turn=0.55)
"""Least and greatest bow and turn, rad"""
COM_HEIGHTS = 0.57, 0.73
"""m, of the centre of mass over the soles, least and greatest"""
_SOLES = ("left_sole", "right_sole")
_UNKNOWN = np.r_[0:3, 6:18]
MARGIN = np.array((0.08, 0.08, 0.08, 0.08, 0.08, 0.15, 0.08))
"""(7,) rad, that plans keep from the limits of the arm's joints: who follows them needs room, and keeps 0.05
(`follower`). About the wrist's pitch a long thing swings in its grip, and the wrist by a tenth of a radian with it."""
LEG_MARGIN = 0.05
"""rad, that plans keep from the limits of the legs' joints"""
_LEG_LINKS = ("thigh", "shank", "ankle_link")
_LEG_LOWER, _LEG_UPPER = (
    np.array([joint.limits for joint in humanoid_joints(HumanoidDescription())[:12]])
    + (LEG_MARGIN, -LEG_MARGIN)
).T
_ROUNDS, _STRIDE = 20, 0.3
"""Newton steps at most, and m or rad, the longest part of one: what is linear is so nearby only"""
_STILL = np.zeros(34)


class StandingReach:
    """Ten coordinates [arm joints (7) rad; bow rad, turn rad, height m] of a robot on its feet.

    Args:
        side: the arm that reaches; the other one keeps the joints of `state`.
        state: where the robot stands now; its soles stay as they are there.
        model: a model of its own, for it is moved.
        home: (2,) m, where the centre of mass stays, and `com_height` m, its height at home.
        heading: rad, in which the robot looks when its turn is zero.
        soles: where the left and the right sole stay, by default where they are in `state`.

    Attributes:
        lower, upper: (10,) limits.
        coordinates: (10,) as `move` set them.
        pose: of the tool, world frame.
        jacobian: (6, 10): velocity of the tool, then its angular velocity, a unit of each coordinate's speed.
    """

    def __init__(
        self,
        side: Side,
        state: RobotState,
        model: RobotModel,
        home: Array,
        com_height: float,
        heading: float,
        soles: tuple[Pose, Pose] | None = None,
    ) -> None:
        self.side = side
        self._model, self._arm = model, ARMS_IN_JOINTS[side]
        self._columns = 6 + np.arange(self._arm.start, self._arm.stop)
        self._home, self._com_height, self._heading = home, com_height, heading
        chain = ArmChain(side)
        least, most = (stance.array() for stance in STANCE_LIMITS)
        least[2], most[2] = min(COM_HEIGHTS[0] - com_height, 0.0), max(COM_HEIGHTS[1] - com_height, 0.0)
        self.lower, self.upper = np.append(chain.lower + MARGIN, least), np.append(chain.upper - MARGIN, most)
        model.update(state)
        self._soles = [(model.frame_position(sole), model.frame_rotation(sole)) for sole in _SOLES]
        if soles is not None:
            self._soles = [(sole.position, sole.rotation) for sole in soles]
        self._base, self._joints = np.array(state.base_position), np.array(state.joint_positions)
        self._time = state.time
        self.move(np.append(self._joints[self._arm], np.zeros(3)))

    def move(self, coordinates: Array) -> None:
        """Put the robot at `coordinates` (10,): legs and pelvis are solved so that the feet stay (Newton).

        Raises:
            ValueError: the legs cannot, for it is too far. Their limits are another question (`legs_within_limits`).
        """
        self.coordinates = coordinates
        self._joints[self._arm] = coordinates[:ARM_SIZE]
        for _ in range(_ROUNDS):
            jacobian = self._update()
            wanted = np.empty((15, ARM_SIZE + 4))
            wanted[:, :-1] = -jacobian @ self._given
            wanted[14, -2] += 1.0
            wanted[:, -1] = self._slip()
            answer = dgesv(np.take(jacobian, _UNKNOWN, axis=1), wanted)[2]
            if np.abs(wanted[:, -1]).max() < 1e-6:
                break
            way = answer[:, -1] * min(1.0, _STRIDE / np.abs(answer[:, -1]).max())
            self._base += way[:3]
            self._joints[:12] += way[3:]
        else:
            raise ValueError(f"no stance of the legs for {coordinates[ARM_SIZE:]} (bow, turn, height)")
        full = self._given.copy()
        full[_UNKNOWN] = answer[:, :-1]
        self.jacobian = self._model.frame_jacobian(f"{self.side}_tool") @ full
        tool = f"{self.side}_tool"
        self.pose = Pose(self._model.frame_position(tool), self._model.frame_rotation(tool))

    @contextmanager
    def standing(self, stance: Array) -> Iterator[None]:
        """Hold bow, turn and height (3,) for a while: their limits leave them no room."""
        lower, upper = self.lower, self.upper
        self.lower, self.upper = np.append(lower[:ARM_SIZE], stance), np.append(upper[:ARM_SIZE], stance)
        try:
            yield
        finally:
            self.lower, self.upper = lower, upper

    def legs(self) -> tuple[Leg, Leg]:
        """Return where the left and the right leg are in the world."""
        left, right = (self._leg(side) for side in SIDES)
        return left, right

    def _leg(self, side: Side) -> Leg:
        hip, knee, ankle = (self._model.frame_position(f"{side}_{link}") for link in _LEG_LINKS)
        return Leg(hip, knee, ankle, *self._model.frame_pose(f"{side}_sole"))

    def legs_within_limits(self) -> bool:
        """Tell whether the joints of both legs are `LEG_MARGIN` within their limits."""
        joints = self._joints[:12]
        return bool(((joints >= _LEG_LOWER) & (joints <= _LEG_UPPER)).all())

    def base_pose(self) -> Pose:
        """Return the pelvis's pose in the world."""
        return Pose(self._base.copy(), self._model.frame_rotation("pelvis"))

    def joints(self) -> Array:
        """Return all joints (28,) rad."""
        return self._joints.copy()

    def _update(self) -> Array:
        """Move the model, note what each coordinate does by itself, return the soles' and the CoM's Jacobian."""
        bow, turn, _ = self.coordinates[ARM_SIZE:].tolist()
        yaw = self._heading + turn
        half_z, half_y = yaw / 2.0, bow / 2.0
        orientation = np.array(
            (
                -sin(half_z) * sin(half_y),
                cos(half_z) * sin(half_y),
                sin(half_z) * cos(half_y),
                cos(half_z) * cos(half_y),
            )
        )
        still = _STILL
        self._model.update(
            RobotState(
                self._time, self._base, orientation, still[:3], still[:3], self._joints,
                still[:28], still[:28], still[:2],
            )
        )  # fmt: skip
        self._given = np.zeros((34, ARM_SIZE + 3))
        self._given[self._columns, np.arange(ARM_SIZE)] = 1.0
        self._given[3:5, ARM_SIZE] = -sin(yaw), cos(yaw)
        self._given[5, ARM_SIZE + 1] = 1.0
        self._orientation = orientation
        return self._model.stacked_jacobian(*_SOLES)

    def _slip(self) -> Array:
        """Return how soles and centre of mass (15,) must move to be where they belong."""
        slip = np.empty(15)
        for row, sole, (place, rotation) in zip((0, 6), _SOLES, self._soles, strict=True):
            slip[row : row + 3] = place - self._model.frame_position(sole)
            turned = rotation @ self._model.frame_rotation(sole).T
            # half the antisymmetric part: exact to second order, and Newton does the rest
            slip[row + 3 : row + 6] = 0.5 * np.array(
                (turned[2, 1] - turned[1, 2], turned[0, 2] - turned[2, 0], turned[1, 0] - turned[0, 1])
            )
        com = self._model.center_of_mass
        slip[12:14] = self._home - com[:2]
        slip[14] = self._com_height + self.coordinates[-1] - com[2]
        return slip
