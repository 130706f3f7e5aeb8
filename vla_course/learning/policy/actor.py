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
from vla_course.learning.policy.chunk_policy import ChunkNetwork
from vla_course.learning.policy.step import PUTS, is_taken, taking, without_aim
from vla_course.learning.policy.told import left_of, told
from vla_course.learning.policy.tools import tools_of
from vla_course.motion.arms.ik_config import InverseKinematicsConfig, SolverOf, reference_solver
from vla_course.motion.arms.pose import Pose
from vla_course.motion.errands.ending import ErrandFailed
from vla_course.motion.footsteps.plan import GoalPose, way_to
from vla_course.motion.walking.footing import here
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
        hand: for it, where one was chosen; by default the one on whose side the thing is.
        robot: that carries out commands.
        solver_of: makes the inverse kinematics that joins postures and tools, by default the reference's (3.22).
    """

    def __init__(
        self,
        network: ChunkNetwork,
        knowledge: SceneKnowledge,
        instruction: Instruction,
        hand: Side | None,
        robot: CommandedBody,
        solver_of: SolverOf | None = None,
    ) -> None:
        self._network, self._knowledge, self._robot = network.eval(), knowledge, robot
        self._meant, hand = instruction, hand or self._nearer(instruction.thing)
        self._told = told(instruction, hand)
        self._takes = told(taking(instruction), hand) if instruction.skill in PUTS else None
        self._solver = (solver_of or reference_solver())(InverseKinematicsConfig())

    def _nearer(self, thing: str | None) -> Side | None:
        """Return on whose side of the robot a thing is; None where nothing is known of it."""
        try:
            place = None if thing is None else self._knowledge.thing(thing).position
        except ErrandFailed:
            place = None
        if place is None:
            return None
        x, y, _ = place.tolist()
        return "left" if way_to(here(self._robot.walker), GoalPose(x, y))[1] > 0.0 else "right"

    def chunk(self, count: int | None = None) -> Floats:
        """Return the next actions (H, 36), from now on, or the first `count` of them.

        What has gone out of sight for good is nowhere: the network is told so, and acts on the rest. Inverse kinematics
        takes most of the time, and actions that nobody will carry out need none.
        """
        inputs = self.inputs()
        return self.acted(self.decided(inputs)[:count], inputs)

    @torch.no_grad()
    def decided(self, inputs: dict[str, Floats], committed: Floats | None = None) -> Floats:
        """Return the spoken numbers (H, SIZE) of the next actions, given what `inputs` returns.

        Args:
            inputs: what the network is given.
            committed: (d, SIZE), the first of them where they are decided already, as at most so many as training gave;
                what is returned of these is the network's, not to be carried out.

        Raises:
            ValueError: more are given than in training.
        """
        config = self._network.config
        count = 0 if committed is None else len(committed)
        if count > config.committed:
            raise ValueError(f"committed has {count} actions, expected at most {config.committed}")
        batch = {name: torch.from_numpy(array)[None] for name, array in inputs.items()}
        batch["committed"] = torch.zeros(1, config.horizon, spoken.SIZE)
        if committed is not None:
            batch["committed"][0, :count] = self._network.normal(torch.from_numpy(committed))
        batch["given"] = torch.full((1,), count, dtype=torch.int64)
        numbers: Floats = self._network.units(self._network(batch))[0].numpy()
        return numbers

    def acted(self, numbers: Floats, inputs: dict[str, Floats]) -> Floats:
        """Return the actions (n, 36) that numbers (n, SIZE) say, given the same: tools and joints agree."""
        return spoken.acted(numbers, inputs["state"], inputs["tools"], self._solver)

    def inputs(self) -> dict[str, Floats]:
        """Return what the network is given now, as `ChunkPolicy.forward` names it, without a batch's axis."""
        state, body = self._robot.feel(), self._robot.walker.body
        pelvis = Pose(body.state.base_position, rotation_matrix(body.state.base_orientation))
        seen = around(self._knowledge, self._meant, pelvis, here(self._robot.walker))
        places, said = seen.places, self._told
        if self._takes is not None and not is_taken(self._meant.thing or "", places, seen.table, state):
            places, said = without_aim(places), self._takes
        return {
            "told": said,
            "left": left_of(self._meant, state, seen.way),
            "places": places,
            "table": seen.table,
            "neighbours": seen.neighbours,
            "tools": tools_of(state[STATE.positions][None, ARMS])[0],
            "state": state,
        }
