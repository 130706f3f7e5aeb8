"""A trained network at work: at every decision, from what is known and felt, the next actions of a robot."""

from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray

from vla_course.learning.environment.commanded_body import CommandedBody
from vla_course.learning.environment.proprioception import STATE
from vla_course.learning.expert.around import around
from vla_course.learning.expert.scene_knowledge import SceneKnowledge
from vla_course.learning.policy import spoken
from vla_course.learning.policy.chunk_policy import ChunkPolicy
from vla_course.learning.policy.told import as_told, left_of, told
from vla_course.learning.policy.tools import tools_of
from vla_course.motion.arms.ik_config import InverseKinematicsConfig, SolverOf, reference_solver
from vla_course.motion.arms.pose import Pose
from vla_course.simulation.robot.layout import ARMS
from vla_course.simulation.robot.state import Side
from vla_course.simulation.tasks.instructions import Instruction
from vla_course.simulation.world.rotation import rotation_matrix

Floats = NDArray[np.float32]

EXECUTE: Final = 4
"""actions of a chunk that are carried out before the next one is asked for"""


class Actor:
    """Says what `robot` is to do next for an instruction.

    Args:
        network: trained.
        knowledge: of the scene, in which things are called as in the instruction.
        instruction: to carry out.
        hand: for it, where one was chosen.
        robot: that carries out commands.
        solver_of: makes the inverse kinematics that joins postures and tools, by default the reference's (3.22).
    """

    def __init__(
        self,
        network: ChunkPolicy,
        knowledge: SceneKnowledge,
        instruction: Instruction,
        hand: Side | None,
        robot: CommandedBody,
        solver_of: SolverOf | None = None,
    ) -> None:
        self._network, self._knowledge, self._robot = network.eval(), knowledge, robot
        self._meant = as_told(instruction, hand)
        self._told = told(self._meant)
        self._solver = (solver_of or reference_solver())(InverseKinematicsConfig())

    @torch.no_grad()
    def chunk(self) -> Floats:
        """Return the next actions (H, 36), from now on.

        What has gone out of sight for good is nowhere: the network is told so, and acts on the rest.
        """
        arrays, config = self.inputs(), self._network.config
        inputs = {name: torch.from_numpy(array)[None] for name, array in arrays.items()}
        inputs["committed"] = torch.zeros(1, config.horizon, spoken.SIZE)
        inputs["given"] = torch.zeros(1, dtype=torch.int64)
        said = self._network.units(self._network(inputs))[0].numpy()
        return spoken.acted(said, arrays["state"], arrays["tools"], self._solver)

    def inputs(self) -> dict[str, Floats]:
        """Return what the network is given now, as `ChunkPolicy.forward` names it, without a batch's axis."""
        state, body = self._robot.feel(), self._robot.walker.body
        pelvis = Pose(body.state.base_position, rotation_matrix(body.state.base_orientation))
        soles = [self._robot.walker.measured(foot) for foot in (0, 1)]
        feet = np.array([np.mean([sole.x for sole in soles]), np.mean([sole.y for sole in soles])])
        seen = around(self._knowledge, self._meant, pelvis, feet)
        return {
            "told": self._told,
            "left": left_of(self._meant, state[STATE.odometry]),
            "places": seen.places,
            "table": seen.table,
            "neighbours": seen.neighbours,
            "tools": tools_of(state[STATE.positions][None, ARMS])[0],
            "state": state,
        }
