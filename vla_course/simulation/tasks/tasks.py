"""A task: an instruction, a scene to carry it out in, and a rule of physics that says when it is done.

task = sample_task(rng, "pick up")
stage = task.start(world)
while not task.succeeded(stage) and not task.failed(stage):
    ...                                   # move the robot for a tick
    task.observe(stage)
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import radians
from typing import Final

import numpy as np

from vla_course.simulation.robot.humanoid import Humanoid
from vla_course.simulation.robot.state import Side
from vla_course.simulation.scene.scene import USUAL, Layout, Scene, SceneDescription
from vla_course.simulation.scene.things import TRAINED
from vla_course.simulation.tasks.asked import sample_instruction
from vla_course.simulation.tasks.goals import (
    STEP_LENGTH,
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
from vla_course.simulation.tasks.instructions import DRINKS, SKILLS, Instruction, Skill
from vla_course.simulation.tasks.scenes import (
    AHEAD,
    HANDS,
    MOTIONS,
    NoScene,
    Setting,
    distance_of,
    sample_setting,
    setting_in,
    turn_of,
)
from vla_course.simulation.tasks.stage import Stage
from vla_course.simulation.world.world import World

WALK_TOLERANCE: Final = {"metres": 0.15, "steps": 0.5, "": 0.5}
"""how exactly a walk ends: m, or steps where those are counted; without an amount 0.5 to 1.5 m are right"""
TURN_TOLERANCE: Final = {"degrees": radians(8.0), "": radians(30.0)}
"""rad; without an amount 60 to 120 degrees are right"""
BACKED: Final = 0.6
"""m, within which a turn ends that begins at a table, and beside the way a walk aside: there one goes back a little to
have room"""
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
class Part:
    """What is asked of one instruction, and when it is done."""

    instruction: Instruction
    """with the full names of the things that are meant"""
    goal: Goal
    hand: Side | None
    """the hand that is right, where it matters"""
    movable: frozenset[str]
    """the things that it is to move"""


@dataclass(frozen=True, slots=True)
class Task:
    """What is asked, where, and when it is done.

    A task of two instructions is done when the goal of the first has been held, and then that of the second. What goes
    wrong meanwhile counts all the time.
    """

    instruction: Instruction
    """as it was said"""
    scene: SceneDescription
    position: tuple[float, float]
    """m, world, where the robot stands in the beginning"""
    heading: float
    """rad, where it looks"""
    parts: tuple[Part, ...]
    """one or two"""

    @property
    def goal(self) -> Goal:
        """The rule of the first part."""
        return self.parts[0].goal

    @property
    def hand(self) -> Side | None:
        """The hand that is right for the first part."""
        return self.parts[0].hand

    @property
    def seconds(self) -> float:
        """The time that it has, s."""
        skills = [part.instruction.skill for part in self.parts]
        walks_up = len(skills) > 1 and skills[1] in HANDS
        return sum(SECONDS[skill] for skill in skills) + (SECONDS["go to"] if walks_up else 0.0)

    def start(self, world: World, mass_scale: Mapping[str, float] | float | None = None) -> Stage:
        """Put the robot and the scene into an empty `world`, and remember how all stands.

        `mass_scale`: factors on the masses of the robot's links, as `Humanoid` takes them.
        """
        humanoid = Humanoid(world, position=self.position, heading=self.heading, mass_scale=mass_scale)
        first = self.parts[0]
        return Stage(world, Scene.build(world, self.scene), humanoid, first.movable, first.hand)

    def observe(self, stage: Stage) -> None:
        """Look at what has come of it; call this after every tick."""
        if not stage.look():
            return
        goal = self.parts[stage.part].goal
        there = goal.reached(stage) and (stage.stands() or not goal.stands)
        stage.reached_since = None if not there else stage.reached_since or stage.world.time
        if stage.part + 1 < len(self.parts) and self._held(stage):
            following = self.parts[stage.part + 1]
            stage.begin(following.movable, following.hand)

    def succeeded(self, stage: Stage) -> bool:
        """Tell whether the task is done: its last goal reached for long enough, and nothing gone wrong."""
        return stage.part + 1 == len(self.parts) and self._held(stage)

    def _held(self, stage: Stage) -> bool:
        """Tell whether the goal of the part under way was held, and nothing has gone wrong."""
        since, hold = stage.reached_since, self.parts[stage.part].goal.hold
        return not stage.failure and since is not None and stage.world.time - since >= hold - 1e-9

    def failed(self, stage: Stage) -> str:
        """Return what went wrong, empty as long as nothing did."""
        return stage.failure


def sample_task(
    rng: np.random.Generator,
    skill: Skill | None = None,
    things: Sequence[str] = TRAINED,
    layout: Layout = USUAL,
) -> Task:
    """Draw an instruction, of any skill or of `skill`, about some of `things`, and a scene for it.

    Args:
        rng: draws it.
        skill: of the instruction; None: any.
        things: that may lie on the table.
        layout: within what the table is drawn.

    Raises:
        ValueError: an unknown skill, or too few `things` for a scene.
    """
    if skill is not None and skill not in SKILLS:
        raise ValueError(f"skill is {skill!r}, expected one of: {', '.join(SKILLS)}")
    for _ in range(_DRAWS):
        instruction = sample_instruction(rng, skill or SKILLS[rng.integers(len(SKILLS))], things)
        try:
            return task_for(instruction, rng, things, layout)
        except NoScene as why:
            reason = why
    raise reason


def task_for(
    instruction: Instruction,
    rng: np.random.Generator,
    things: Sequence[str] = TRAINED,
    layout: Layout = USUAL,
) -> Task:
    """Draw a scene for an instruction, with other things among `things`, in which it is not done yet.

    Args:
        instruction: one command or two.
        rng: draws the scene.
        things: that may lie on the table.
        layout: within what the table is drawn.

    Raises:
        NoScene: there is none, a ValueError; says why.
    """
    for _ in range(_DRAWS):
        setting = sample_setting(instruction, rng, tuple(things), layout)
        parts = _parts(setting)
        task = Task(instruction, setting.scene, setting.position, setting.heading, parts)
        if not _is_done(task):
            return task
    raise NoScene(f"in each of {_DRAWS} scenes {instruction} was done already")


def task_in(instruction: Instruction, task: Task) -> Task:
    """Return the same scene, with the robot where it stood, and another command: the same picture, another task.

    Raises:
        NoScene: it cannot be done there, or is done already; says why.
    """
    setting = setting_in(task.scene, task.position, task.heading, instruction)
    other = Task(instruction, task.scene, task.position, task.heading, _parts(setting))
    if _is_done(other):
        raise NoScene(f"in this scene {instruction} is done already")
    return other


def _parts(setting: Setting) -> tuple[Part, ...]:
    parts: list[Part] = []
    for named, hand in zip(setting.parts, setting.hands, strict=True):
        movable = _movable(named, setting.scene)
        if parts and parts[-1].instruction.skill == "pick up":
            movable |= parts[-1].movable  # it is still in the hand
        goal = _goal(named, setting.scene, hand)
        if parts and parts[-1].instruction.skill not in (*MOTIONS, "look at"):
            if isinstance(goal, Turned):
                goal = replace(goal, within=BACKED)
            elif isinstance(goal, Walked) and goal.leftward:
                goal = replace(goal, beside=BACKED)
        parts.append(Part(named, goal, hand, movable))
    return tuple(parts)


def _goal(instruction: Instruction, scene: SceneDescription, hand: Side | None) -> Goal:
    """Return the rule that says when an instruction is carried out."""
    thing, other, unit = instruction.thing or "", instruction.other or "", instruction.unit or ""
    match instruction.skill:
        case "walk":
            direction = instruction.direction or "forward"
            length, (ahead, left) = distance_of(instruction), AHEAD[direction]
            tolerance = WALK_TOLERANCE[unit] * (STEP_LENGTH[direction] if unit == "steps" else 1.0)
            return Walked(length * ahead, length * left, min(tolerance, length / 2.0))
        case "turn":
            angle = turn_of(instruction)
            either = instruction.direction is None
            return Turned(angle, min(TURN_TOLERANCE[unit], abs(angle) / 2.0), either)
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
            return Served(_drinks(instruction, scene))
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
