"""Five commands one after the other in one scene, each told when the one before it is done: how many in a row?

After CALVIN's chains (Mees et al. 2022, section IV). What a hand does comes in any order - look at, reach for, point
at, and put something somewhere - and a turn comes last. Commands are told one by one, and what is asked is measured
from when it is told; whichever hand is nearer may do it, for the robot may stand elsewhere by then.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from vla_course.simulation.scene.scene import USUAL, Layout
from vla_course.simulation.tasks.asked import sample_instruction
from vla_course.simulation.tasks.goals import Turned
from vla_course.simulation.tasks.goals_hands import PointedAt, Reached
from vla_course.simulation.tasks.instructions import Instruction, Skill
from vla_course.simulation.tasks.saying import say
from vla_course.simulation.tasks.scenes import NoScene, turn_of
from vla_course.simulation.tasks.stage import Stage
from vla_course.simulation.tasks.tasks import (
    BACKED,
    SECONDS,
    TURN_TOLERANCE,
    Part,
    Task,
    sample_task,
    task_in,
)

LENGTH: Final = 5
BRINGS: Final[tuple[Skill, ...]] = ("place", "move to")
"""one of which is in every chain"""
PATIENCE: Final = 10.0
"""s, that who has done a command has to come to an end, and to take its hands back"""
_DRAWS: Final = 300
_THINGS: Final = 3
"""on the table at least, so that not every command is about the same"""


@dataclass(frozen=True)
class Link:
    """One command of a chain.

    Attributes:
        task: in the scene of the chain as it is in the beginning, with one part.
        sentence: what is said.
        seconds: s, that it has from when it is told; there may be a way to go.
    """

    task: Task
    sentence: str
    seconds: float


def sample_chain(
    rng: np.random.Generator, words: np.random.Generator, layout: Layout = USUAL
) -> tuple[Link, ...]:
    """Draw five commands for one scene, at whose table the robot stands.

    Args:
        rng: draws scene and commands.
        words: draws how they are said.
        layout: within what the table is drawn.

    Raises:
        RuntimeError: there is no scene for five, in hundreds of draws.
    """
    for _ in range(_DRAWS):
        first = sample_task(rng, BRINGS[rng.integers(len(BRINGS))], layout=layout)
        if len(first.scene.things) < _THINGS:
            continue
        skills: list[Skill] = ["look at", "reach for", "point at"]
        rng.shuffle(skills)
        others = [_about_a_thing(skill, first, rng) for skill in skills]
        tasks = [task for task in others if task is not None]
        if len(tasks) < len(skills):
            continue
        tasks.insert(int(rng.integers(len(tasks) + 1)), _either_hand(first, _plainly(first)))
        tasks.append(_turn(first, rng))
        return tuple(_link(task, words) for task in tasks)
    raise RuntimeError(f"no scene for a chain of {LENGTH} commands in {_DRAWS} draws")


def _about_a_thing(skill: Skill, first: Task, rng: np.random.Generator) -> Task | None:
    """Draw a command about a thing of the scene, by its full name; None where none is found."""
    names = tuple(thing.name for thing in first.scene.things)
    for _ in range(_DRAWS):
        instruction = sample_instruction(rng, skill, names)
        if instruction.thing in names:
            plain = replace(instruction, where=None, hand=None)
            try:
                return _either_hand(task_in(plain, first), plain)
            except NoScene:
                continue
    return None


def _plainly(task: Task) -> Instruction:
    """Return what a task asks for, things by their full names alone: sides may be others when it is told."""
    return replace(task.parts[0].instruction, where=None)


def _either_hand(task: Task, instruction: Instruction) -> Task:
    part = replace(task.parts[0], instruction=instruction, hand=None)
    if isinstance(part.goal, Reached | PointedAt):
        part = replace(part, goal=replace(part.goal, hand=None))
    return replace(task, instruction=instruction, parts=(part,))


def _turn(first: Task, rng: np.random.Generator) -> Task:
    """Draw a turn; who stands at a table goes back a little for it."""
    instruction = sample_instruction(rng, "turn")
    angle = turn_of(instruction)
    tolerance = min(TURN_TOLERANCE[instruction.unit or ""], abs(angle) / 2.0)
    goal = Turned(angle, tolerance, instruction.direction is None, within=BACKED)
    return replace(first, instruction=instruction, parts=(Part(instruction, goal, None, frozenset()),))


def _link(task: Task, words: np.random.Generator) -> Link:
    skill = task.instruction.skill
    return Link(task, say(task.instruction, words), SECONDS[skill] + SECONDS["go to"])


class ChainWatch:
    """Watches a command of a chain that was told just now.

    Args:
        link: the command.
        stage: where it is carried out.
    """

    def __init__(self, link: Link, stage: Stage) -> None:
        self._part, self._stage, self._until = link.task.parts[0], stage, stage.world.time + link.seconds
        self._since: float | None = None
        self._done_at: float | None = None
        stage.begin(self._part.movable, None)

    @property
    def done(self) -> bool:
        """Whether it was done, and nothing has gone wrong."""
        return self._done_at is not None and not self._stage.failure

    @property
    def over(self) -> bool:
        """Whether nothing more is to be waited for."""
        if self._done_at is not None and self._stage.world.time > self._done_at + PATIENCE:
            return True
        return bool(self._stage.failure) or self.late

    @property
    def late(self) -> bool:
        """Whether its time was up before it was done."""
        return self._done_at is None and self._stage.world.time > self._until

    def observe(self) -> None:
        """Look at what has come of it; call this after every tick."""
        if not self._stage.look():
            return
        goal, now = self._part.goal, self._stage.world.time
        there = goal.reached(self._stage) and (self._stage.stands() or not goal.stands)
        self._since = None if not there else now if self._since is None else self._since
        held = self._since is not None and now - self._since >= goal.hold - 1e-9
        if held and not self.late and self._done_at is None:
            self._done_at = now


def follow_chain(
    links: Sequence[Link], stage: Stage, tell: Callable[[Link], Iterator[str]]
) -> Iterator[tuple[int, ChainWatch]]:
    """Tell one command after the other; yields after every tick which one is under way, and how it stands.

    A command is done when its goal was held; the next one is told when whoever carries it out has ended, or `PATIENCE`
    later: some do not know when they are done. The chain ends with the first command that was not done.

    Args:
        links: the commands.
        stage: where they are carried out.
        tell: tells one command; what it returns moves the robot tick by tick.
    """
    for number, link in enumerate(links):
        watch = ChainWatch(link, stage)
        for _ in tell(link):
            watch.observe()
            yield number, watch
            if watch.over:
                break
        if not watch.done:
            return
