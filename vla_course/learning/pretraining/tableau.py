"""A robot and a scene that are posed, not moved: no step of physics is made, so that nothing falls or takes time."""

from collections.abc import Sequence
from types import TracebackType
from typing import Self

import numpy as np
from numpy.typing import ArrayLike

from vla_course.simulation.robot.humanoid import Humanoid
from vla_course.simulation.robot.layout import HEAD, JOINT_NAMES
from vla_course.simulation.robot.state import FloatArray
from vla_course.simulation.scene.scene import Scene, SceneDescription
from vla_course.simulation.world.engine import pybullet
from vla_course.simulation.world.rotation import (
    about_z,
    inverse,
    multiply,
    rotate,
    rotation_matrix,
    wrapped,
)
from vla_course.simulation.world.world import World


class Tableau:
    """A robot of its own world, before scenes that come and go.

    Args:
        position: m, where its feet stand.
        heading: rad.

    Attributes:
        robot: the humanoid.
        scene: what is arranged, None in the beginning.
    """

    def __init__(self, position: Sequence[float] = (0.0, 0.0), heading: float = 0.0) -> None:
        self.world = World()
        self.robot = Humanoid(self.world, position=position, heading=heading)
        self.scene: Scene | None = None
        client, body = self.world.client, self.robot.body
        count = pybullet.getNumJoints(body, physicsClientId=client)
        infos = (pybullet.getJointInfo(body, k, physicsClientId=client) for k in range(count))
        index = {info[1].decode(): info[0] for info in infos}
        self._joints = [index[name] for name in JOINT_NAMES]
        # pybullet means the pelvis's centre of mass where it says base.
        place, turn = self.robot.link_pose("pelvis")
        centre, axes = pybullet.getBasePositionAndOrientation(body, physicsClientId=client)
        self._height, back = float(place[2]), inverse(turn.tolist())
        self._mass_at = rotate(back, np.subtract(centre, place).tolist()), multiply(back, axes)

    def arrange(self, description: SceneDescription) -> Scene:
        """Put another scene in the place of the one that is there."""
        if self.scene is not None:
            for body in self.scene.bodies.values():
                pybullet.removeBody(body, physicsClientId=self.world.client)
        self.scene = Scene.build(self.world, description)
        return self.scene

    def pose(self, posture: ArrayLike) -> None:
        """Give the robot's joints these angles (28,) rad."""
        for joint, angle in zip(self._joints, np.asarray(posture).tolist(), strict=True):
            pybullet.resetJointState(self.robot.body, joint, angle, physicsClientId=self.world.client)

    def stand(
        self,
        position: Sequence[float],
        heading: float,
        bow: float = 0.0,
        lean: float = 0.0,
        raised: float = 0.0,
    ) -> None:
        """Put the pelvis somewhere, as if legs carried it there.

        Args:
            position: m, (x, y) in the world.
            heading: rad.
            bow, lean: rad, forward and to the right.
            raised: m, above where a robot at home has it.
        """
        tilt = pybullet.getQuaternionFromEuler((lean, bow, 0.0))
        turn, (x, y), (offset, axes) = multiply(about_z(heading), tilt), position, self._mass_at
        pybullet.resetBasePositionAndOrientation(
            self.robot.body,
            np.add((x, y, self._height + raised), rotate(turn, offset)),
            multiply(turn, axes),
            physicsClientId=self.world.client,
        )

    def look(self, target: FloatArray) -> FloatArray:
        """Turn the head so that its camera looks at a point (3,) m; return the angles, yaw and pitch rad.

        The camera moves with the head: a look comes within 0.15 rad of something near, a second look nearer.
        """
        pelvis = rotation_matrix(self.robot.link_pose("pelvis")[1]).T
        joints = self.robot.state().joint_positions
        for _ in range(2):
            eye, orientation = self.robot.link_pose("head_camera")
            way, axis = pelvis @ (target - eye), pelvis @ rotation_matrix(orientation)[:, 0]
            (yaw, pitch), (is_yaw, is_pitch) = _angles(way), _angles(axis)
            joints[HEAD] += wrapped(yaw - is_yaw), pitch - is_pitch
            joints[HEAD] = np.clip(joints[HEAD], *self.robot.joint_limits[HEAD].T)
            self.pose(joints)
        angles: FloatArray = joints[HEAD]
        return angles

    def put(self, name: str, position: FloatArray, orientation: Sequence[float]) -> None:
        """Put a thing of the scene somewhere: its middle (3,) m, and its orientation x y z w."""
        assert self.scene is not None
        body, client = self.scene.bodies[name], self.world.client
        for turn in (
            orientation,
            orientation,
        ):  # turned first: what is put is its middle, not its centre of mass
            centre, _ = pybullet.getBasePositionAndOrientation(body, physicsClientId=client)
            moved = np.add(centre, position - self.scene.pose(name)[0])
            pybullet.resetBasePositionAndOrientation(body, moved, turn, physicsClientId=client)

    def close(self) -> None:
        """Give its world back."""
        self.world.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _angles(way: FloatArray) -> tuple[float, float]:
    """Return yaw and pitch rad, down positive, of a way (3,) in the pelvis frame."""
    x, y, z = way.tolist()
    return float(np.arctan2(y, x)), float(-np.arctan2(z, np.hypot(x, y)))
