"""The robot's eyes: what its three cameras see at one moment, in colour and in depth, as points of the world.

Where each camera is follows from the robot's own joints. What is near its own arms is taken for its own body.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from vla_course.motion.arms.chain import ARMS_IN_JOINTS, ArmChain
from vla_course.motion.arms.pose import Pose
from vla_course.motion.hands.clearance import arm_balls
from vla_course.simulation.robot.humanoid import Humanoid
from vla_course.simulation.robot.layout import SIDES
from vla_course.simulation.robot.state import RobotState, Side
from vla_course.simulation.scene.cameras import PLACES, Camera, CameraImage, RobotMount
from vla_course.simulation.world.rotation import rotation_matrix

Array = NDArray[np.float64]

COLOUR: Final = 96
"""pixels, of the square colour pictures: what encoders were trained on"""
DEPTH: Final = 192
"""pixels, of the square depth pictures: at a metre one of them is 6 mm"""
SLEEVE: Final = 0.025
"""m, round the balls that cover an arm: what is nearer is taken for the arm"""
LAP: Final = np.array(((-0.25, -0.26, -0.9), (0.17, 0.26, 0.48)))
"""m, corners of a box in the pelvis frame: trunk, thighs and what hangs from them"""


@dataclass(frozen=True, slots=True, eq=False)
class Sight:
    """What was seen at one moment.

    Attributes:
        time: s.
        pictures: colour, one of each camera, in the order of `PLACES`.
        depths: depth pictures, likewise.
        points: (N, 3) m, world, whatever was hit that is not the robot.
        seen_by: (N,), the camera that saw each of them, an index of `PLACES`.
        rays: (M, 2, 3) m, world, from the lens to what was hit, the robot as well.
    """

    time: float
    pictures: tuple[CameraImage, ...]
    depths: tuple[CameraImage, ...]
    points: Array
    seen_by: NDArray[np.intp]
    rays: Array

    @property
    def rgb(self) -> NDArray[np.uint8]:
        """(cameras, COLOUR, COLOUR, 3), all colour pictures."""
        return np.stack([picture.rgb for picture in self.pictures])

    def shows(self, camera: int, place: Array, room: float) -> bool:
        """Tell whether a camera sees a place (3,) m: in the picture, and nothing `room` m or more before it."""
        u, v, away = self.depths[camera].project(place)
        if away <= 0.0 or not (1.0 <= u < DEPTH - 1.0 and 1.0 <= v < DEPTH - 1.0):
            return False
        return bool(self.depths[camera].depth[int(v), int(u)] > away - room)

    def through(self, place: Array, room: float) -> bool:
        """Tell whether some camera sees through a place (3,) m, to what is `room` m or more behind it."""
        for depth in self.depths:
            u, v, away = depth.project(place)
            inside = away > 0.0 and 2.0 <= u < DEPTH - 2.0 and 2.0 <= v < DEPTH - 2.0
            if inside and depth.depth[int(v), int(u)] > away + room:
                return True
        return False


class Eyes:
    """The three cameras of `humanoid`."""

    def __init__(self, humanoid: Humanoid) -> None:
        self._humanoid = humanoid
        self._cameras = [
            [Camera(humanoid.world, RobotMount(humanoid, place), width=size, height=size) for place in PLACES]
            for size in (COLOUR, DEPTH)
        ]
        self._arms: dict[Side, ArmChain] = {side: ArmChain(side) for side in SIDES}

    def look(self) -> Sight:
        """Return what all cameras see now."""
        pictures, depths = (tuple(camera.capture() for camera in row) for row in self._cameras)
        state, rays = self._humanoid.state(), []
        for depth in depths:
            hit = depth.points().reshape(-1, 3)
            hit = hit[np.isfinite(hit[:, 0])]
            rays.append(np.stack((np.broadcast_to(depth.position, hit.shape), hit), axis=1))
        all_rays = np.concatenate(rays)
        points, seen_by = all_rays[:, 1], np.repeat(np.arange(len(rays)), [len(part) for part in rays])
        others = ~self._own(points, state)
        return Sight(state.time, pictures, depths, points[others], seen_by[others], all_rays)

    def _own(self, points: Array, state: RobotState) -> NDArray[np.bool_]:
        """Tell which points (N, 3) m are the robot's own body."""
        base = Pose(state.base_position, rotation_matrix(state.base_orientation))
        local = (points - base.position) @ base.rotation
        own = ((local >= LAP[0]) & (local <= LAP[1])).all(axis=1)
        near = np.flatnonzero(~own & (np.abs(local) < 1.0).all(axis=1))
        for (side, arm), opening in zip(self._arms.items(), state.gripper_openings.tolist(), strict=True):
            arm.move(state.joint_positions[ARMS_IN_JOINTS[side]])
            for middle, radius in zip(*arm_balls(arm, opening), strict=True):
                away = local[near] - middle
                own[near] |= (away * away).sum(axis=1) < (radius + SLEEVE) ** 2
        return own
