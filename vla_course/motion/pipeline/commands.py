"""The discrete head of a policy: which skill, aimed at what, with which numbers. Here they become actions.

Commands come from a learned model, so they are checked here, and trusted from here on.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from math import isfinite
from typing import Final, Protocol, TypeVar

from vla_course.motion.footsteps.plan import GoalPose
from vla_course.motion.hands.things import Grip
from vla_course.motion.pipeline.actions import (
    STEP_TIME,
    Action,
    BalanceAction,
    BalanceSkill,
    Displacement,
    LocomotionAction,
    ManipulationAction,
)

Observation = TypeVar("Observation", contravariant=True)


@dataclass(frozen=True, slots=True)
class Command:
    """One output of a policy's command head, as it comes."""

    skill: str
    """a key of `SKILLS`"""
    target: str | tuple[float, ...] | None = None
    """a thing's name, or a place (x, y) or (x, y, yaw) in m and rad, world frame"""
    parameters: Mapping[str, float] = field(default_factory=dict)
    """numbers by name, those that the skill knows"""


class VLAPolicy(Protocol[Observation]):
    """Anything that looks and says what to do: a learned policy, or a person who types."""

    def command(self, observation: Observation) -> Iterable[Command]: ...


def decode_command(command: Command) -> Action:
    """Return the action that a command asks for.

    Raises:
        ValueError: the skill is unknown, or target or parameters do not fit it; says what was expected.
    """
    if command.skill not in SKILLS:
        raise ValueError(f"Command.skill is {command.skill!r}, expected one of: {', '.join(SKILLS)}")
    make, known = SKILLS[command.skill]
    for name, value in command.parameters.items():
        if name not in known:
            expected = ", ".join(known) or "none"
            raise ValueError(
                f"Command.parameters of {command.skill!r} names {name!r}, expected only: {expected}"
            )
        if not isfinite(value):
            raise ValueError(f"Command.parameters[{name!r}] is {value}, expected a finite number")
    return make(command)


def _walk_to(command: Command) -> Action:
    pace = command.parameters.get("step_time", STEP_TIME)
    if isinstance(command.target, str):
        return LocomotionAction(command.target, pace)
    return LocomotionAction(_place(command), pace)


def _walk_by(command: Command) -> Action:
    _no_target(command)
    numbers = {name: value for name, value in command.parameters.items() if name != "step_time"}
    return LocomotionAction(Displacement(**numbers), command.parameters.get("step_time", STEP_TIME))


def _take(grip: Grip, command: Command) -> Action:
    if not isinstance(command.target, str):
        raise ValueError(
            f"Command.target of {command.skill!r} is {command.target!r}, expected a thing's name"
        )
    x, y = command.parameters.get("x"), command.parameters.get("y")
    if (x is None) != (y is None):
        raise ValueError(
            f"Command.parameters of {command.skill!r} name one of x and y, expected both or none"
        )
    return ManipulationAction(command.target, grip, None if x is None or y is None else (x, y))


def _balance(skill: BalanceSkill, command: Command) -> Action:
    _no_target(command)
    return BalanceAction(skill, command.parameters.get("seconds", 2.0))


def _place(command: Command) -> GoalPose:
    target = command.target
    if not isinstance(target, tuple) or len(target) not in (2, 3) or not all(map(isfinite, target)):
        raise ValueError(
            f"Command.target of {command.skill!r} is {target!r}, expected a thing's name, (x, y) or (x, y, yaw)"
        )
    return GoalPose(*target)


def _no_target(command: Command) -> None:
    if command.target is not None:
        raise ValueError(f"Command.target of {command.skill!r} is {command.target!r}, expected None")


SKILLS: Final[Mapping[str, tuple[Callable[[Command], Action], tuple[str, ...]]]] = {
    "walk to": (_walk_to, ("step_time",)),
    "walk by": (_walk_by, ("ahead", "leftward", "turn", "step_time")),
    "power grasp": (partial(_take, "power"), ("x", "y")),
    "precision grasp": (partial(_take, "precision"), ("x", "y")),
    "stand": (partial(_balance, "stand"), ("seconds",)),
    "brace": (partial(_balance, "brace"), ("seconds",)),
    "recover": (partial(_balance, "recover"), ("seconds",)),
}
"""What can be asked for: how it becomes an action, and which parameters it knows. A grasp with x and y (m, world)
puts the thing down there; without them it holds it."""
