"""The expert as a policy: asked anew at every decision, from any state, it says what to do until the next one.

    policy = ExpertPolicy(task, stage, robot)
    command = policy.command()

Beside plans that are functions of where things and feet are it remembers nothing: the same state has the same
answer, whoever brought the robot there. So it can say what a learner should have done, wherever that has led.
"""

from functools import partial
from typing import Final

import numpy as np
from numpy.typing import NDArray

from vla_course.learning.environment.action_space import BodyCommand
from vla_course.learning.environment.commanded_body import CommandedBody
from vla_course.learning.expert.aims import pointing, reaching
from vla_course.learning.expert.foot_tasks import FootTasks
from vla_course.learning.expert.gaze import looking_at
from vla_course.learning.expert.hand_moves import HandMove, at_rest
from vla_course.learning.expert.hand_tasks import HandTasks
from vla_course.learning.expert.knowledge import Knowledge
from vla_course.motion.hands.plan import ManipulationPlan
from vla_course.motion.hands.ways import Situation
from vla_course.simulation.robot.humanoid import HOME_POSTURE
from vla_course.simulation.robot.layout import ARMS, HEAD
from vla_course.simulation.robot.state import Side
from vla_course.simulation.tasks.goals import Turned, Walked
from vla_course.simulation.tasks.stage import Stage
from vla_course.simulation.tasks.tasks import Task

Array = NDArray[np.float64]

STILL: Final = np.zeros(3)


class ExpertPolicy:
    """Says what `robot` on `stage` is to do for a task; it knows all of the scene.

    Args:
        task: to be carried out.
        stage: where.
        robot: that carries out commands.
        period: s, between two decisions.
    """

    def __init__(self, task: Task, stage: Stage, robot: CommandedBody, period: float = 0.1) -> None:
        self._task, self._stage, self._robot, self._period = task, stage, robot, period
        self._known = Knowledge(stage, robot)
        self._feet = FootTasks(self._known)
        self._hands = {side: HandTasks(self._known, side, period) for side in ("left", "right")}

    def command(self) -> BodyCommand:
        """Return what to do until the next decision.

        Raises:
            NoPlan: the hand cannot do what is asked.
            ErrandFailed: there is no way to where the feet are asked.
        """
        velocity, move = self._decide()
        joints = HOME_POSTURE.copy()
        joints[ARMS], joints[HEAD] = move.arms, self._look()
        return BodyCommand(joints, velocity, move.stance, move.grippers)

    def _look(self) -> Array:
        """Return where the head turns: to what the task is about."""
        instruction = self._task.instruction
        target = instruction.thing or ("person" if instruction.other == "person" else None)
        return np.zeros(2) if target is None else looking_at(self._stage, self._robot.walker.body.state, target)

    def _decide(self) -> tuple[Array, HandMove]:
        """Return base velocity (3,) and the move of the hands."""
        instruction, goal = self._task.instruction, self._task.goal
        thing, other = instruction.thing, instruction.other
        rest = at_rest(self._known, self._period)
        side: Side = self._task.hand or "right"
        hand = self._hands[side]
        match instruction.skill:
            case "walk" if isinstance(goal, Walked):
                return self._feet.walk(goal), rest
            case "turn" if isinstance(goal, Turned):
                return self._feet.turn(goal), rest
            case "go to":
                return self._feet.go_before(thing or other or "table"), rest
            case "reach for" if thing:
                return STILL, hand.aim("reach", reaching, thing)
            case "point at" if thing:
                return STILL, hand.aim("point", pointing, thing)
            case "pick up" if thing:
                if self._known.holds(thing, side):
                    return STILL, hand.lift(thing)
                return STILL, hand.take(thing, "pick up", partial(self._grasp, thing, side))
        return STILL, rest

    def _grasp(self, thing: str, side: Side) -> ManipulationPlan:
        planner = self._known.planner(side, Situation(self._known.table, self._known.rest(thing)))
        return planner.grasp(self._known.graspable(thing), hold=0.1)[0]
