"""A task: an instruction, a scene to carry it out in, and a rule of physics that says when it is done.

task = sample_task(rng, "pick up")
stage = task.start(world)
while not task.succeeded(stage) and not task.failed(stage):
    ...                                   # move the robot for a tick
    task.observe(stage)
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import radians
from typing import Final

import numpy as np

from vla_course.simulation.robot.humanoid import Humanoid
from vla_course.simulation.robot.state import Side
from vla_course.simulation.scene.scene import Scene, SceneDescription
from vla_course.simulation.scene.things import ALL_THINGS, TRAINED
from vla_course.simulation.tasks.goals import (
    AtPerson,
    AtTable,
    AtThing,
    Goal,
    LookedAt,
    StoodStill,
    Turned,
    Walked,
)
from vla_course.simulation.tasks.goals_hands import (
    MovedTo,
    PickedUp,
    Placed,
    PointedAt,
    Reached,
    Served,
    Tidied,
)
from vla_course.simulation.tasks.instructions import (
    DRINKS,
    SKILLS,
    SPOTS,
    Direction,
    Instruction,
    Relation,
    Skill,
)
from vla_course.simulation.tasks.scenes import AHEAD, NoScene, Setting, distance_of, sample_setting
from vla_course.simulation.tasks.stage import Stage
from vla_course.simulation.world.world import World

WALK_TOLERANCE: Final = {"metres": 0.15, "steps": 0.10}
"""m, how exactly a walk ends: half a step where steps are counted"""
TURN_TOLERANCE: Final = radians(8.0)
"""rad"""
SECONDS: Final[dict[Skill, float]] = {
    "walk": 45.0,
    "turn": 20.0,
    "look at": 6.0,
    "go to": 45.0,
    "reach for": 15.0,
    "point at": 15.0,
    "pick up": 20.0,
    "place": 90.0,
    "move to": 90.0,
    "stand still": 6.0,
    "serve a drink": 120.0,
    "tidy the table": 240.0,
}
"""s, the time that a task of each skill has"""
_DRAWS: Final = 100
_LATER: Final = (Walked, Turned, StoodStill, PickedUp, MovedTo, Served)
"""goals that no robot has reached when it begins: that takes a motion, time, or a thing that scenes put elsewhere"""


@dataclass(frozen=True, slots=True)
class Task:
    """What is asked, where, and when it is done."""

    instruction: Instruction
    scene: SceneDescription
    position: tuple[float, float]
    """m, world, where the robot stands in the beginning"""
    heading: float
    """rad, where it looks"""
    hand: Side | None
    """the hand that is right, where it matters"""
    goal: Goal
    movable: frozenset[str]
    """the things that the task is to move"""

    @property
    def seconds(self) -> float:
        """The time that it has, s."""
        return SECONDS[self.instruction.skill]

    def start(self, world: World) -> Stage:
        """Put the robot and the scene into an empty `world`, and remember how all stands."""
        humanoid = Humanoid(world, position=self.position, heading=self.heading)
        return Stage(world, Scene.build(world, self.scene), humanoid, self.movable, self.hand)

    def observe(self, stage: Stage) -> None:
        """Look at what has come of it; call this after every tick."""
        if stage.look():
            there = self.goal.reached(stage) and (stage.stands() or not self.goal.stands)
            stage.reached_since = None if not there else stage.reached_since or stage.world.time

    def succeeded(self, stage: Stage) -> bool:
        """Tell whether the task is done: its goal reached for long enough, and nothing gone wrong."""
        since = stage.reached_since
        return not stage.failure and since is not None and stage.world.time - since >= self.goal.hold - 1e-9

    def failed(self, stage: Stage) -> str:
        """Return what went wrong, empty as long as nothing did."""
        return stage.failure


def sample_task(
    rng: np.random.Generator, skill: Skill | None = None, things: Sequence[str] = TRAINED
) -> Task:
    """Draw an instruction, of any skill or of `skill`, about some of `things`, and a scene for it.

    Raises:
        ValueError: an unknown skill, or too few `things` for a scene.
    """
    if skill is not None and skill not in SKILLS:
        raise ValueError(f"skill is {skill!r}, expected one of: {', '.join(SKILLS)}")
    for _ in range(_DRAWS):
        instruction = sample_instruction(rng, skill or SKILLS[rng.integers(len(SKILLS))], things)
        try:
            return task_for(instruction, rng, things)
        except NoScene as why:
            reason = why
    raise reason


def task_for(instruction: Instruction, rng: np.random.Generator, things: Sequence[str] = TRAINED) -> Task:
    """Draw a scene for an instruction, with other things among `things`, in which it is not done yet.

    Raises:
        NoScene: there is none, a ValueError; says why.
    """
    for _ in range(_DRAWS):
        setting = sample_setting(instruction, rng, tuple(things))
        task = Task(
            instruction,
            setting.scene,
            setting.position,
            setting.heading,
            setting.hand,
            _goal(instruction, setting),
            _movable(instruction, setting.scene),
        )
        if not _is_done(task):
            return task
    raise NoScene(f"in each of {_DRAWS} scenes {instruction} was done already")


def check_things(things: Sequence[str]) -> None:
    """Raise ValueError where `things` are not two or more different ones of `ALL_THINGS`."""
    unknown = [name for name in things if name not in ALL_THINGS]
    if unknown or len(things) < 2 or len(set(things)) < len(things):
        told = f"there is no {unknown[0]!r}" if unknown else f"these are {len(set(things))}"
        raise ValueError(f"things: {told}, expected two or more different names of ALL_THINGS")


def sample_instruction(
    rng: np.random.Generator, skill: Skill, things: Sequence[str] = TRAINED
) -> Instruction:
    """Draw an instruction of a skill about some of `things`. Raises ValueError as `check_things` does."""
    check_things(things)
    thing, other = (things[k] for k in rng.choice(len(things), 2, replace=False))
    directions: tuple[Direction, ...] = ("forward", "backward", "left", "right")
    match skill:
        case "walk" if rng.random() < 0.5:
            steps = int(rng.integers(2, 9))
            return Instruction(skill, amount=steps, unit="steps", direction=directions[rng.integers(4)])
        case "walk":
            metres = float(rng.integers(1, 5)) / 2.0
            return Instruction(skill, amount=metres, unit="metres", direction=directions[rng.integers(4)])
        case "turn":
            degrees = 15 * int(rng.integers(2, 13))
            return Instruction(
                skill, amount=degrees, unit="degrees", direction=directions[rng.integers(2, 4)]
            )
        case "look at":
            return (
                Instruction(skill, other="person") if rng.random() < 0.25 else Instruction(skill, thing=thing)
            )
        case "go to":
            place = (None, "table", "person")[rng.integers(3)]
            return Instruction(skill, other=place) if place else Instruction(skill, thing=thing)
        case "reach for" | "point at" | "pick up":
            hands: tuple[Side | None, ...] = (None, None, "left", "right")
            return Instruction(skill, thing=thing, hand=hands[rng.integers(4)])
        case "place":
            relations: tuple[Relation, ...] = ("on", "next to", "left of")
            return Instruction(skill, thing=thing, relation=relations[rng.integers(3)], other=other)
        case "move to":
            return Instruction(skill, thing=thing, other=SPOTS[rng.integers(len(SPOTS))])
        case "serve a drink" if thing in DRINKS:
            return Instruction(skill, thing=thing)
        case _:
            return Instruction(skill)


def _goal(instruction: Instruction, setting: Setting) -> Goal:
    """Return the rule that says when an instruction is carried out."""
    thing, other, hand = instruction.thing or "", instruction.other or "", setting.hand or "right"
    match instruction.skill:
        case "walk":
            length, (ahead, left) = distance_of(instruction), AHEAD[instruction.direction or "forward"]
            tolerance = WALK_TOLERANCE[instruction.unit or "metres"]
            return Walked(length * ahead, length * left, min(tolerance, length / 2.0))
        case "turn":
            angle = radians(instruction.amount or 0.0)
            sign = 1.0 if instruction.direction == "left" else -1.0
            return Turned(sign * angle, min(TURN_TOLERANCE, angle / 2.0))
        case "look at":
            return LookedAt(thing or other)
        case "go to":
            return AtThing(thing) if thing else AtPerson() if other == "person" else AtTable()
        case "reach for":
            return Reached(thing, hand)
        case "point at":
            return PointedAt(thing, hand)
        case "pick up":
            return PickedUp(thing, hand)
        case "place":
            return Placed(thing, instruction.relation or "on", other)
        case "move to":
            return MovedTo(thing, other)
        case "stand still":
            return StoodStill()
        case "serve a drink":
            return Served(_drinks(instruction, setting.scene))
        case "tidy the table":
            return Tidied()


def _movable(instruction: Instruction, scene: SceneDescription) -> frozenset[str]:
    """Return the things that are to be moved."""
    match instruction.skill:
        case "pick up" | "place" | "move to":
            return frozenset(instruction.things[:1])
        case "serve a drink":
            return frozenset(_drinks(instruction, scene))
        case "tidy the table":
            return frozenset(thing.name for thing in scene.things)
        case _:
            return frozenset()


def _drinks(instruction: Instruction, scene: SceneDescription) -> tuple[str, ...]:
    """Return what may be served: the drink named, or any on the table."""
    return instruction.things or tuple(thing.name for thing in scene.things if thing.name in DRINKS)


def _is_done(task: Task) -> bool:
    """Tell whether there is nothing left to do."""
    if isinstance(task.goal, _LATER):
        return False
    with World() as world:
        return task.goal.reached(task.start(world))
