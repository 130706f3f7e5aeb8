"""What the expert is about at a moment, one of `layout.SUBTASKS`: told from its command and from what physics says."""

from typing import Final

from vla_course.learning.demonstrations.layout import SUBTASKS
from vla_course.learning.environment.action_space import BodyCommand
from vla_course.learning.environment.commanded_body import CommandedBody
from vla_course.simulation.robot.layout import SIDES
from vla_course.simulation.tasks.goals_hands import MovedTo, Placed
from vla_course.simulation.tasks.stage import Stage
from vla_course.simulation.tasks.tasks import Task

HELD: Final = 4.0
"""N, with which both fingers press on what is held"""
CLOSED: Final = 0.05
"""-, a gripper that is told to be less open than that is closing"""


def subtask_of(task: Task, stage: Stage, robot: CommandedBody, command: BodyCommand) -> int:
    """Return which of `SUBTASKS` a command serves.

    Args:
        task: what was asked.
        stage: as it is.
        robot: that will carry out the command.
        command: of the expert.
    """
    return SUBTASKS.index(_name(task, stage, robot, command))


def _name(task: Task, stage: Stage, robot: CommandedBody, command: BodyCommand) -> str:
    skill, goal = task.parts[0].instruction.skill, task.goal
    moved = sorted(task.parts[0].movable)
    held = any(stage.grip_on(name, side) > HELD for name in moved for side in SIDES)
    walks = bool(command.base_velocity.any()) or robot.walker.phase != "stand"
    if skill in ("walk", "turn"):
        return skill if walks else "stand"
    if walks:
        return "carry" if held else "approach"
    if isinstance(goal, Placed | MovedTo):
        if goal.in_place(stage):
            return "put down" if held else "let go"
        if held:
            return "carry"
    elif goal.reached(stage):
        return "stand" if skill in ("go to", "stand still") else "hold"
    if held:
        return "lift"
    closing = [side for k, side in enumerate(SIDES) if command.grippers[k] < CLOSED]
    if any(stage.touching(name) & set(closing) for name in moved):
        return "grasp"
    return {"look at": "look", "go to": "stand", "stand still": "stand"}.get(skill, "reach")
