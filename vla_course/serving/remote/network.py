"""The server's end: the network of the direct policy answers packets with chunks of actions."""

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from vla_course.learning.expert.around import NEIGHBOURS, PLACE, ROLES, TABLE, WAY
from vla_course.learning.policy import told, tools
from vla_course.learning.policy.actor import Actor
from vla_course.learning.policy.chunk_policy import ChunkNetwork
from vla_course.learning.policy.files import DIRECT, load_policy
from vla_course.motion.arms.ik_config import InverseKinematicsConfig, SolverOf, reference_solver
from vla_course.serving.chunks.deciding import decide
from vla_course.serving.chunks.player import Ask
from vla_course.serving.packets.codes import Code, PacketError
from vla_course.serving.packets.packet import SENSED, VLAPacket
from vla_course.serving.packets.response import VLAResponse
from vla_course.simulation.robot.layout import ACTION, JOINT_NAMES
from vla_course.simulation.scene.cameras import PLACES

Floats = NDArray[np.float32]

PERIOD: Final = 0.1
"""s, of an action: what the shipped network was trained with"""
SENSES: Final[Mapping[str, tuple[int, ...]]] = {
    "told": (told.SIZE,),
    "left": (WAY,),
    "places": (len(ROLES), PLACE),
    "table": (TABLE,),
    "neighbours": (NEIGHBOURS, PLACE),
    "tools": (tools.TOOLS, tools.POSE),
}
"""what the robot makes of pictures and words by itself, as `ChunkPolicy.forward` names it, and the shape of each"""


class DirectNetwork:
    """Answers packets: `PacketPolicy(network, network.metadata)` puts it behind a server.

    Eyes and ears stay on the robot, which looks round before it acts; what crosses is what they found (`SENSES`), the
    state, what is committed, and the pictures, for those who watch.

    Args:
        network: trained.
        solver_of: makes the inverse kinematics that joins postures and tools, by default the reference's (3.22).
    """

    def __init__(self, network: ChunkNetwork, solver_of: SolverOf | None = None) -> None:
        self._actor = _Given(network, solver_of)
        self._config = network.config

    @property
    def metadata(self) -> Mapping[str, Any]:
        """What a client is told first."""
        return {
            "model": "direct",
            "horizon": self._config.horizon,
            "period": PERIOD,
            "committed": self._config.committed,
            "action_size": ACTION.size,
            "joint_names": list(JOINT_NAMES),
            "cameras": list(PLACES),
            "senses": {name: list(shape) for name, shape in SENSES.items()},
        }

    def __call__(self, packet: VLAPacket) -> VLAResponse:
        """Return the chunk that begins when the packet's pictures were taken.

        Raises:
            PacketError: something that the network is given is missing (`missing_field`), or has another shape
                (`bad_array`); more actions are committed than in training (`out_of_range`).
        """
        began = time.perf_counter()
        self._actor.given = {**_sensed(packet), "state": packet.robot_state.copy()}
        count = len(packet.committed)
        if count > self._config.committed:
            said = f"{count} actions, expected at most {self._config.committed}"
            raise PacketError(Code.OUT_OF_RANGE, "vla/committed", said)
        ask = Ask(packet.timestamp, np.zeros(ACTION.size, np.float32), packet.committed)
        actions = decide(self._actor, ask, PERIOD)
        return VLAResponse(
            frame_id=packet.frame_id,
            correlation_id=packet.correlation_id,
            timestamp=packet.timestamp,
            actions=actions,
            due=packet.timestamp,
            period=PERIOD,
            timings_ms={"decide": 1e3 * (time.perf_counter() - began)},
        )


class _Given(Actor):
    """An actor whose robot is elsewhere: it decides on what it is given."""

    def __init__(self, network: ChunkNetwork, solver_of: SolverOf | None) -> None:
        self._network = network.eval()
        self._solver = (solver_of or reference_solver())(InverseKinematicsConfig())
        self.given: dict[str, Floats] = {}

    def inputs(self) -> dict[str, Floats]:
        return self.given


def _sensed(packet: VLAPacket) -> dict[str, Floats]:
    """Return what the robot made of what it saw and heard, all of it there and of the right shape."""
    for name, shape in SENSES.items():
        if name not in packet.sensed:
            raise PacketError(Code.MISSING_FIELD, SENSED + name, f"not there, expected numbers {shape}")
        if packet.sensed[name].shape != shape:
            said = f"has shape {packet.sensed[name].shape}, expected {shape}"
            raise PacketError(Code.BAD_ARRAY, SENSED + name, said)
    return {name: packet.sensed[name].copy() for name in SENSES}


def shipped_network(folder: Path = DIRECT) -> DirectNetwork:
    """Return the network that the course ships, ready to answer.

    Raises:
        FileNotFoundError, ValueError: as `load_policy`.
    """
    return DirectNetwork(load_policy(folder))
