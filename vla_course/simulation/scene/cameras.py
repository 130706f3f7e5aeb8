"""Cameras: what the robot sees, or what a visitor sees, with depth and the name of every pixel.

A camera frame has x out of the lens, y left and z up, like every link of the robot - not the
z-forward convention of computer vision; `CameraImage.points` takes care of the difference.
"""

from dataclasses import dataclass
from typing import Final, Literal, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vla_course.simulation.robot.humanoid import Humanoid
from vla_course.simulation.robot.state import FloatArray
from vla_course.simulation.world.engine import pybullet
from vla_course.simulation.world.light import Light
from vla_course.simulation.world.rotation import rotation_matrix
from vla_course.simulation.world.world import World

Place = Literal["head", "chest", "pelvis"]
PLACES: Final[tuple[Place, ...]] = ("head", "chest", "pelvis")


class Mount(Protocol):
    """Whatever holds a camera."""

    def pose(self) -> tuple[FloatArray, FloatArray]:
        """Return position (3,) m and rotation (3, 3) of the camera frame in the world."""


@dataclass(frozen=True, slots=True)
class RobotMount:
    """One of the robot's three camera frames."""

    robot: Humanoid
    place: Place

    def __post_init__(self) -> None:
        if self.place not in PLACES:
            raise ValueError(f"place is {self.place!r}, expected one of {PLACES}")

    def pose(self) -> tuple[FloatArray, FloatArray]:
        """Return the pose of the camera link as it is now."""
        position, orientation = self.robot.link_pose(f"{self.place}_camera")
        return position, rotation_matrix(orientation)


@dataclass(frozen=True, slots=True)
class Tripod:
    """A stand at `position` that looks at `target`, (3,) m each, in the world, upright."""

    position: tuple[float, float, float]
    target: tuple[float, float, float]

    def pose(self) -> tuple[FloatArray, FloatArray]:
        """Return the pose of the stand.

        Raises:
            ValueError: the line of sight is vertical or has no length.
        """
        forward = np.subtract(self.target, self.position).astype(np.float64)
        left = np.cross([0.0, 0.0, 1.0], forward)
        if np.linalg.norm(left) < 1e-9:
            raise ValueError(f"target is {self.target}, expected a point not straight above or below")
        forward /= np.linalg.norm(forward)
        left /= np.linalg.norm(left)
        return np.array(self.position), np.column_stack([forward, left, np.cross(forward, left)])


@dataclass(frozen=True, slots=True)
class CameraImage:
    """One picture.

    Attributes:
        rgb: (height, width, 3) uint8.
        depth: (height, width) float32, m along the optical axis, inf where there is nothing.
        segmentation: (height, width) int32 body ids of pybullet, -1 where there is nothing.
        intrinsics: (3, 3) pinhole matrix in pixels: u = fx * right / depth + cx, v = fy * down / depth
            + cy, where pixel (row, column) covers v in row..row + 1 and u in column..column + 1.
        position: (3,) m, of the camera frame in the world.
        rotation: (3, 3) of the camera frame in the world (x out of the lens, y left, z up).
        time: s.
    """

    rgb: NDArray[np.uint8]
    depth: NDArray[np.float32]
    segmentation: NDArray[np.int32]
    intrinsics: FloatArray
    position: FloatArray
    rotation: FloatArray
    time: float

    def points(self) -> FloatArray:
        """Return what each pixel's centre saw, (height, width, 3) m in the world; nan where nothing."""
        height, width = self.depth.shape
        depth = np.where(np.isfinite(self.depth), self.depth, np.nan).astype(np.float64)
        right = (np.arange(width) + 0.5 - self.intrinsics[0, 2]) / self.intrinsics[0, 0]
        down = (np.arange(height) + 0.5 - self.intrinsics[1, 2]) / self.intrinsics[1, 1]
        rays = np.stack(
            [np.ones((height, width)), *np.broadcast_arrays(-right[None, :], -down[:, None])], axis=-1
        )
        return self.position + (depth[..., None] * rays) @ self.rotation.T

    def project(self, point: ArrayLike) -> FloatArray:
        """Return where a point (3,) m of the world lies in the picture: u, v in pixels, and depth in m.

        A point behind the camera has a depth below 0 and lies nowhere in the picture.
        """
        forward, left, up = self.rotation.T @ (np.asarray(point, dtype=np.float64) - self.position)
        u = -self.intrinsics[0, 0] * left / forward + self.intrinsics[0, 2]
        v = -self.intrinsics[1, 1] * up / forward + self.intrinsics[1, 2]
        return np.array([u, v, forward])


class Camera:
    """A pinhole camera on a mount, drawn by pybullet's software renderer (no GPU needed).

    Args:
        world: what it looks at.
        mount: `RobotMount`, `Tripod` or anything with a `pose`.
        width, height: pixels.
        field_of_view: rad, vertical, in (0, pi).
        near, far: m; nothing nearer or farther is drawn.

    Raises:
        ValueError: a number is outside its range.
    """

    def __init__(
        self,
        world: World,
        mount: Mount,
        *,
        width: int = 320,
        height: int = 240,
        field_of_view: float = 1.1,
        near: float = 0.02,
        far: float = 12.0,
    ) -> None:
        if not (width > 0 and height > 0):
            raise ValueError(f"width x height is {width} x {height}, expected at least one pixel")
        if not 0.0 < field_of_view < np.pi:
            raise ValueError(f"field_of_view is {field_of_view}, expected radians in (0, pi)")
        if not 0.0 < near < far:
            raise ValueError(f"near, far are {near}, {far}, expected 0 < near < far")
        self.world = world
        self.mount = mount
        self.width, self.height = width, height
        self._near, self._far = near, far
        focal = height / 2 / np.tan(field_of_view / 2)
        # TinyRenderer samples a pixel at its lower left corner instead of its centre: measured, and
        # put right here. Without this the ground lies up to 5 cm wrong at the far end of a picture.
        self.intrinsics: FloatArray = np.array(
            [[focal, 0.0, width / 2 + 0.5], [0.0, focal, height / 2 - 0.5], [0.0, 0.0, 1.0]]
        )
        self._projection = pybullet.computeProjectionMatrixFOV(
            np.degrees(field_of_view), width / height, near, far
        )

    def capture(self, light: Light | None = None) -> CameraImage:
        """Take a picture of the world as it is now, in `light` (default: the world's)."""
        light = light or self.world.light
        position, rotation = self.mount.pose()
        view = pybullet.computeViewMatrix(position, position + rotation[:, 0], rotation[:, 2])
        width, height, rgba, buffer, bodies = pybullet.getCameraImage(
            self.width,
            self.height,
            view,
            self._projection,
            lightDirection=light.direction,
            lightColor=light.colour,
            lightDistance=6.0,
            shadow=int(light.shadow),
            lightAmbientCoeff=light.ambient,
            lightDiffuseCoeff=light.diffuse,
            lightSpecularCoeff=light.specular,
            renderer=pybullet.ER_TINY_RENDERER,
            physicsClientId=self.world.client,
        )
        segmentation = np.reshape(bodies, (height, width)).astype(np.int32)
        depth = self._metres(np.reshape(buffer, (height, width)))
        depth[segmentation < 0] = np.inf
        rgb = np.reshape(rgba, (height, width, 4))[..., :3].astype(np.uint8)
        return CameraImage(
            rgb, depth, segmentation, self.intrinsics.copy(), position, rotation, self.world.time
        )

    def _metres(self, buffer: FloatArray) -> NDArray[np.float32]:
        """Undo the renderer's hyperbolic depth, 0 at `near` and 1 at `far`."""
        near, far = self._near, self._far
        metres = far * near / (far - (far - near) * np.asarray(buffer, dtype=np.float64))
        return metres.astype(np.float32)
