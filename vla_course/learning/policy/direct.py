"""The direct policy: what it hears and sees goes into a network, and the network's chunks of actions move the robot.

policy = DirectPolicy(listen, grounder, network)
for doing in policy.perform(humanoid, "pick up the red cup"):
    ...

Words and pictures are understood as in the planned way (`learning.planned`): what is said is heard, the head turns
until all of the table has been in sight, and the thing that is meant is found. From there on nothing is planned. Ten
times a second arms, head, grippers, base and stance do what the network says; the balance stack keeps the legs.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from vla_course.learning.environment.action_space import BodyCommand, read_action
from vla_course.learning.environment.commanded_body import CommandedBody
from vla_course.learning.expert.scene_knowledge import SceneKnowledge
from vla_course.learning.model.joint_range import joint_range
from vla_course.learning.planned.body import PlannedBody
from vla_course.learning.planned.eyes import Eyes
from vla_course.learning.planned.finding import Grounder
from vla_course.learning.planned.learned import ears_and_eyes
from vla_course.learning.planned.policy import Heard, PlannedPolicy
from vla_course.learning.policy.actor import EXECUTE, Actor
from vla_course.learning.policy.chunk_policy import ChunkNetwork
from vla_course.learning.policy.files import DIRECT, load_policy
from vla_course.motion.arms.ik_config import SolverOf
from vla_course.motion.standing.senses import SensesOf
from vla_course.simulation.robot.humanoid import HOME_POSTURE, Humanoid
from vla_course.simulation.robot.layout import ACTION, ARMS, HEAD
from vla_course.simulation.tasks.instructions import Skill

BEYOND: Final[tuple[Skill, ...]] = ("serve a drink", "tidy the table")
"""what no demonstration has shown it"""
SECONDS: Final = 40.0
"""for which it acts: it does not know when it is done, and holds what it has reached"""
READY, AT_HOME = 3.0, 0.02
"""s and rad: for how long at most it brings arms and head home before it acts, and how near"""
OPENS, CLOSES = -0.4, -0.8
"""of -1 to 1, what a gripper is told: one that was open and closes takes hold of something"""


class DirectPolicy(PlannedPolicy):
    """Does what it is told, one command at a time.

    Args:
        listen: what it hears in a sentence.
        grounder: finds in pictures what a sentence means.
        network: trained.
        eyes: makes the eyes of a robot: its own cameras by default.
        execute: how many actions of a chunk are carried out before the next one is asked for.
        period: s, of an action.
        solver_of: makes the inverse kinematics of its arms, by default the reference's (3.22).
        answer: says whether a command was meant, where the robot is not sure; None: there is nobody to ask.
        senses_of: makes what the robot balances and walks by while the network acts; the truth by default.
        guard: puts something round the robot that stands in for it, such as a safety layer, told what is known of the
            scene; nothing by default.

    Attributes:
        guard: as above; it may be put there later.
        robot: that carries out its actions; None before the first.

    Raises:
        ValueError: `execute` is not from 1 to the horizon of the network.
    """

    def __init__(
        self,
        listen: Callable[[str], Heard],
        grounder: Grounder,
        network: ChunkNetwork,
        eyes: Callable[[Humanoid], Eyes] = Eyes,
        execute: int = EXECUTE,
        period: float = 0.1,
        solver_of: SolverOf | None = None,
        answer: Callable[[str], bool] | None = None,
        senses_of: SensesOf | None = None,
        guard: Callable[[CommandedBody, SceneKnowledge], Any] | None = None,
    ) -> None:
        super().__init__(listen, grounder, eyes, answer=answer)
        if not 1 <= execute <= network.config.horizon:
            raise ValueError(f"execute is {execute}, expected 1 to {network.config.horizon}, the horizon")
        self._network, self._execute, self._period = network, execute, period
        self._solver_of, self._joints = solver_of, joint_range()
        self._senses_of, self.guard = senses_of, guard
        self.robot: CommandedBody | None = None

    def _act(self, body: PlannedBody) -> Iterator[str]:
        """Find what is meant, then let the network act."""
        self._before = (
            None  # another body moves the robot now: told again, this one would not know where it stands
        )
        skill = body.orders[0].instruction.skill
        if len(body.orders) > 1:
            self.refusal = "I do one thing at a time"
        elif skill in BEYOND:
            self.refusal = f"I never learned to {skill}"
        else:
            yield from body.find()
            self.refusal = body.reason
        yield from body.stand("stand still", 1.0) if self.refusal else self._move(body)

    def _ready(self, robot: CommandedBody) -> Iterator[None]:
        """Bring arms and head to where every demonstration began."""
        home = BodyCommand(HOME_POSTURE, np.zeros(3), np.zeros(3), np.array(robot.walker.humanoid.gripper_goals))
        goal, posture = np.concatenate((HOME_POSTURE[ARMS], HOME_POSTURE[HEAD])), robot.walker.body.upper_posture
        until = robot.walker.humanoid.world.time + READY
        while np.abs(posture - goal).max() > AT_HOME and robot.walker.humanoid.world.time < until:
            yield from robot.carry_out(home, self._period)

    def _move(self, body: PlannedBody) -> Iterator[str]:
        """Let the network move the robot."""
        humanoid, order, knowledge = body.humanoid, body.orders[0], body.knowledge
        senses = self._senses_of and self._senses_of(humanoid)
        robot = CommandedBody(humanoid, senses=senses)
        if self.guard is not None:
            robot = self.guard(robot, knowledge)
        self.robot = robot
        # From the posture in which it has looked round.
        robot.walker.body.upper_posture[:] = body.body.upper_posture
        for _ in self._ready(robot):
            yield order.instruction.skill
        actor = Actor(self._network, knowledge, order.instruction, order.hand, robot, self._solver_of)
        thing, opened, until = order.instruction.thing, False, humanoid.world.time + SECONDS
        for action, seconds in self._actions(actor, robot, until):
            widest = float(action[ACTION.grippers].max())
            if thing is not None and opened and widest < CLOSES:
                knowledge.handles(thing)
            opened = widest > OPENS or (opened and widest > CLOSES)
            for _ in robot.carry_out(read_action(action, self._joints), seconds):
                yield order.instruction.skill

    def _actions(
        self, actor: Actor, robot: CommandedBody, until: float
    ) -> Iterator[tuple[NDArray[np.float32], float]]:
        """Yield what to do (36,) and for how many s, until a moment; thought takes the world no time."""
        while robot.walker.humanoid.world.time < until:
            for action in actor.chunk(self._execute):
                yield action, self._period


def shipped_direct(folder: Path = DIRECT) -> DirectPolicy:
    """Return a direct policy with the ears and the eyes that the course ships.

    Args:
        folder: of its network; by default the one that ships.

    Raises:
        FileNotFoundError: a file of the network is missing.
        ValueError: it is the network of something else.
    """
    return DirectPolicy(*ears_and_eyes(), load_policy(folder))
