"""The episodes of `policy.py`: which task, in which words, and what is held against the policy in it.

An episode is drawn by its split, family, seed and number. Splits that say the same thing otherwise, or show it
otherwise ("seen", "templates", "empty", "blind"), share their tasks number by number, so that they can be compared.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal, get_args
from zlib import crc32

import numpy as np

from vla_course.simulation.scene.things import ALL_THINGS, HELD_OUT, TRAINED
from vla_course.simulation.tasks.asked import sample_instruction, sample_pair
from vla_course.simulation.tasks.goals import Goal, LookedAt
from vla_course.simulation.tasks.goals_hands import PickedUp, PointedAt, Reached
from vla_course.simulation.tasks.instructions import SKILLS, Instruction, Skill
from vla_course.simulation.tasks.meant import MIDLINE
from vla_course.simulation.tasks.saying import say
from vla_course.simulation.tasks.scenes import NoScene
from vla_course.simulation.tasks.tasks import Part, Task, sample_task, task_for
from vla_course.simulation.tasks.words import COLOUR_WORDS, SHAPE_WORDS, THING_WORDS, noun_words

Split = Literal["seen", "templates", "nouns", "composition", "swap", "two", "empty", "blind"]
SPLITS: Final[tuple[Split, ...]] = get_args(Split)
NAMING: Final[tuple[Skill, ...]] = (
    "look at",
    "go to",
    "reach for",
    "point at",
    "pick up",
    "place",
    "move to",
)
"""families that name a thing"""
SWAPPED: Final[tuple[Skill, ...]] = ("look at", "reach for", "point at", "pick up")
"""families in which another thing of the same scene can be named instead"""
_DRAWS: Final = 300
_RARE: Final = {
    word
    for wording in (*SHAPE_WORDS.values(), *COLOUR_WORDS.values(), THING_WORDS)
    for word in wording.held_out
}


@dataclass(frozen=True)
class Episode:
    """One episode."""

    split: Split
    family: str
    """a skill, or for two commands in a row "two" """
    number: int
    seed: int

    @property
    def key(self) -> str:
        """Its name in a file of results."""
        return f"{self.split}/{self.family}/{self.seed}/{self.number}"

    @property
    def task_key(self) -> str:
        """The same for the task alone: splits that differ in words share it."""
        split = "seen" if self.split in ("templates", "empty", "blind") else self.split
        return f"{split}/{self.family}/{self.seed}/{self.number}"


@dataclass(frozen=True)
class Asked:
    """A task, what is said, and what may not be done instead."""

    task: Task
    sentence: str
    pair: str = ""
    """the held-out pair that it names"""
    other: Goal | None = None
    """of a swapped command: the rule of the one that was not given"""


def families_of(split: Split) -> tuple[str, ...]:
    """Return the families of a split."""
    match split:
        case "composition" | "nouns":
            return NAMING
        case "swap":
            return SWAPPED
        case "two":
            return ("two",)
        case _:
            return SKILLS


def asked_in(episode: Episode) -> Asked:
    """Draw the task of an episode, and its words."""
    rng = np.random.default_rng([crc32(episode.task_key.encode()), episode.seed])
    words = np.random.default_rng([crc32(episode.key.encode()), episode.seed, 1])
    match episode.split:
        case "composition":
            return _composed(episode, rng, words)
        case "swap":
            return _swapped(episode, words)
        case "two":
            return _two(rng, words)
        case _:
            task = _task(episode, rng)
            return Asked(task, _said(episode.split, task.instruction, words))


def _task(episode: Episode, rng: np.random.Generator) -> Task:
    """Draw a task of a skill; in families that name things, one that does."""
    skill = next(skill for skill in SKILLS if skill == episode.family)
    for _ in range(_DRAWS):
        task = sample_task(rng, skill)
        if episode.split != "nouns" or task.instruction.nouns:
            return task
    raise RuntimeError(f"no task of {skill!r} that names a thing in {_DRAWS} draws")


def _said(split: Split, instruction: Instruction, words: np.random.Generator) -> str:
    """Say an instruction in the way of a split."""
    if split == "empty":
        return ""
    for _ in range(_DRAWS):
        sentence = say(instruction, words, held_out=split == "templates")
        if split == "templates" and set(sentence.split()) & _RARE:
            continue
        if split != "nouns":
            return sentence
        noun = instruction.nouns[words.integers(len(instruction.nouns))]
        said = sorted((way for way in noun_words(noun).seen if f"the {way}" in sentence), key=len)
        others = noun_words(noun).held_out
        if said and others:
            return sentence.replace(said[-1], others[words.integers(len(others))])
    raise RuntimeError(f"no way to say {instruction} for {split!r} in {_DRAWS} draws")


def _composed(episode: Episode, rng: np.random.Generator, words: np.random.Generator) -> Asked:
    """Draw a task about a held-out pair: one after the other, among things of all kinds."""
    pair = HELD_OUT[episode.number % len(HELD_OUT)]
    skill = next(skill for skill in SKILLS if skill == episode.family)
    for _ in range(_DRAWS):
        drawn = sample_instruction(rng, skill, ALL_THINGS)
        if drawn.thing is None:
            continue
        try:
            task = task_for(replace(drawn, thing=pair), rng, (*TRAINED, pair))
        except (NoScene, ValueError):
            continue
        return Asked(task, say(task.instruction, words), pair)
    raise RuntimeError(f"no task of {skill!r} about a {pair} in {_DRAWS} draws")


def _swapped(episode: Episode, words: np.random.Generator) -> Asked:
    """Draw a scene, and name one thing in it or, in the episode that is its twin, another one."""
    scene_key = f"swap/{episode.family}/{episode.seed}/{episode.number // 2}"
    rng = np.random.default_rng([crc32(scene_key.encode()), episode.seed])
    skill = next(skill for skill in SKILLS if skill == episode.family)
    for _ in range(_DRAWS):
        task = sample_task(rng, skill)
        names = [
            thing.name
            for thing in task.scene.things
            if skill == "look at" or abs(thing.position[1]) > MIDLINE
        ]
        if task.parts[0].instruction.thing not in names or len(names) < 2:
            continue
        one, other = task.parts[0].instruction.thing, ""
        others = [name for name in names if name != one]
        other = others[rng.integers(len(others))]
        if episode.number % 2:
            one, other = other, one
        parts = [_part(task, skill, str(name)) for name in (one, other)]
        swapped = replace(task, instruction=parts[0].instruction, parts=(parts[0],))
        return Asked(swapped, say(swapped.instruction, words), other=parts[1].goal)
    raise RuntimeError(f"no scene of {skill!r} with two things to name in {_DRAWS} draws")


def _part(task: Task, skill: Skill, name: str) -> Part:
    """Return what is asked of one thing in the scene of a task."""
    y = next(thing.position[1] for thing in task.scene.things if thing.name == name)
    hand = "left" if y > 0.0 else "right"
    goals: dict[str, Goal] = {
        "look at": LookedAt(name),
        "reach for": Reached(name, hand),
        "point at": PointedAt(name, hand),
        "pick up": PickedUp(name, hand),
    }
    moved = frozenset({name} if skill == "pick up" else ())
    return Part(Instruction(skill, thing=name), goals[skill], None if skill == "look at" else hand, moved)


def _two(rng: np.random.Generator, words: np.random.Generator) -> Asked:
    """Draw two commands in a row."""
    for _ in range(_DRAWS):
        try:
            task = task_for(sample_pair(rng), rng)
        except (NoScene, ValueError):
            continue
        return Asked(task, say(task.instruction, words))
    raise RuntimeError(f"no two commands with a scene in {_DRAWS} draws")


def episodes(splits: Sequence[Split], families: Sequence[str], count: int, seed: int) -> Iterator[Episode]:
    """Yield `count` episodes of each family of each split, the families by turns."""
    for split in splits:
        for number in range(count):
            for family in families_of(split):
                if family in families or family == "two":
                    yield Episode(split, family, number, seed)
