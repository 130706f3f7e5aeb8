"""A robot without physics that takes the poses of a record, to be looked at and photographed."""

from __future__ import annotations

from types import TracebackType
from typing import Self

import numpy as np
from numpy.typing import NDArray

from vla_course.motion.standing.record import MotionRecord
from vla_course.simulation.robot.body import RobotBody
from vla_course.simulation.robot.description import HumanoidDescription
from vla_course.simulation.world.engine import pybullet
from vla_course.simulation.world.rotation import rotation_matrix
from vla_course.simulation.world.world import World

Array = NDArray[np.float64]


class Puppet:
    """Poses a body as a record has it. Nothing is simulated here: what moves has been simulated before.

    Args:
        links: the links whose poses `matrices` gives, in that order.
    """

    def __init__(self, links: tuple[str, ...] = ()) -> None:
        self.world = World()
        self._body = RobotBody(self.world.client, HumanoidDescription(), None, 1.0)
        self._links = links

    def pose(self, record: MotionRecord, tick: int) -> None:
        """Take the pose of one tick of `record`."""
        client = self.world.client
        for joint, angle in zip(self._body.joints, record.joint_positions[tick].tolist(), strict=True):
            pybullet.resetJointState(self._body.id, joint, angle, 0.0, physicsClientId=client)
        self._body.place(record.base_position[tick].tolist(), record.base_orientation[tick].tolist())

    def matrices(self) -> Array:
        """Return the poses (links, 4, 4) of the links' frames in the world."""
        found = np.tile(np.eye(4), (len(self._links), 1, 1))
        for matrix, link in zip(found, self._links, strict=True):
            position, orientation = self._body.link_pose(link)
            matrix[:3, :3], matrix[:3, 3] = rotation_matrix(orientation), position
        return found

    def close(self) -> None:
        """Give its world back."""
        self.world.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def frames(record: MotionRecord, rate: float) -> NDArray[np.int64]:
    """Return the ticks to show for `rate` pictures a second, the last one among them."""
    tick = float(record.time[1] - record.time[0]) if len(record.time) > 1 else 1.0
    step = max(1, round(1.0 / (rate * tick)))
    return np.unique(np.append(np.arange(0, len(record.time), step), len(record.time) - 1))
