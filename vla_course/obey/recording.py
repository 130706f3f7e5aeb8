"""A run as one flight recording: the robot 25 times a second, its cameras twice a second, and every decision."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vla_course.deployment.recorder import topics
from vla_course.deployment.recorder.messages import Level, log, message, picture, pose
from vla_course.deployment.recorder.segment import Segment
from vla_course.serving.packets.pictures import encode_picture
from vla_course.simulation.scene.cameras import PLACES

if TYPE_CHECKING:
    from vla_course.motion.standing.body import StandingBody

SENSED, SEEN, FLUSHED = 0.04, 0.5, 1.0
"""s from one sample of the robot to the next, from one picture of each camera, and from one chunk on the disk"""
_GAP: Final = np.full(28, np.nan)


class RunRecorder:
    """Writes an MCAP file while a run goes on; a context, which a run that breaks leaves with what there was.

    Args:
        path: of the file. Until it is whole it lies beside it as `NAME.part.mcap`, which can be read as well.

    Raises:
        OSError: it cannot be written.
    """

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path, self._part = path, path.with_suffix(".part.mcap")
        self._part.unlink(missing_ok=True)
        self._segment = Segment(self._part)
        self._due = dict.fromkeys((SENSED, SEEN, FLUSHED), 0.0)

    def sense(self, body: StandingBody, margin: float) -> None:
        """Note the robot, where it is time to; `margin` m is that of its DCM, nan while it walks."""
        state, balance = body.state, body.balance
        if not self._is_time(SENSED, state.time):
            return
        joints = {"positions": state.joint_positions, "velocities": state.joint_velocities}
        joints |= {"asked_torques": _GAP, "given_torques": state.joint_torques}
        imu = {"com_acceleration": balance.com_acceleration, "angular_velocity": state.base_angular_velocity}
        stands = {
            "margin": margin,
            "center_of_mass": balance.center_of_mass,
            "com_velocity": balance.com_velocity,
        }
        forces = np.array([sole.forces.reshape(-1, 3).sum(axis=0) for sole in body.contacts])
        self._write(topics.JOINTS, state.time, joints)
        self._write(topics.SOLES, state.time, {"forces": forces})
        self._write(topics.IMU, state.time, imu)
        self._write(topics.TRUE, state.time, pose(state.base_position, state.base_orientation))
        self._write(topics.BALANCE, state.time, stands)
        if self._is_time(FLUSHED, state.time):
            self._segment.flush()

    def see(self, time: float, eyes: Sequence[NDArray[np.uint8]]) -> None:
        """Note what the cameras see, where it is time to."""
        if self._is_time(SEEN, time):
            for place, rgb in zip(PLACES, eyes, strict=True):
                self._write(topics.CAMERA + place, time, picture(encode_picture(rgb, quality=60), place))

    def say(self, time: float, text: str, level: Level = "info", who: str = "robot") -> None:
        """Note a line for people."""
        self._write(topics.EVENTS, time, log(level, text, who))

    def decide(self, time: float, action: ArrayLike, verdict: str, reason: str) -> None:
        """Note an action (36,) and what the safety layer said of it."""
        name = f"{time:.3f}"
        self._write(topics.COMMANDED, time, {"action": np.asarray(action), "correlation_id": name})
        self._write(topics.VERDICT, time, {"verdict": verdict, "reason": reason, "correlation_id": name})

    def _write(self, topic: str, time: float, fields: dict[str, Any]) -> None:
        self._segment.write([message(topic, time, fields)])

    def _is_time(self, every: float, now: float) -> bool:
        if now < self._due[every] - 1e-9:
            return False
        self._due[every] = now + every
        return True

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._segment.close()
        self._part.replace(self._path)
