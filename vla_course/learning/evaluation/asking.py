"""What is asked in an episode: the task, the words for it, and what may not be done instead."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final
from zlib import crc32

import numpy as np

from vla_course.learning.environment.variation import Variation
from vla_course.learning.evaluation.chains import Link, sample_chain
from vla_course.learning.evaluation.episodes import Episode, Split
from vla_course.learning.evaluation.factors import changed, layout_of
from vla_course.simulation.scene.scene import USUAL, Layout
from vla_course.simulation.scene.things import ALL_THINGS, HELD_OUT, TRAINED
from vla_course.simulation.tasks.asked import sample_instruction, sample_pair
from vla_course.simulation.tasks.goals import Goal
from vla_course.simulation.tasks.instructions import SKILLS, Instruction, Skill
from vla_course.simulation.tasks.meant import MIDLINE
from vla_course.simulation.tasks.saying import say
from vla_course.simulation.tasks.scenes import NoScene
from vla_course.simulation.tasks.tasks import Task, sample_task, task_for, task_in
from vla_course.simulation.tasks.understanding import understand
from vla_course.simulation.tasks.words import COLOUR_WORDS, SHAPE_WORDS, THING_WORDS, noun_words

_DRAWS: Final = 300
_RARE: Final = {
    word
    for wording in (*SHAPE_WORDS.values(), *COLOUR_WORDS.values(), THING_WORDS)
    for word in wording.held_out
}


@dataclass(frozen=True)
class Asked:
    """What is asked.

    Attributes:
        task: with the scene, the rule and the time; of a chain the first command's.
        sentence: what is said.
        pair: the held-out pair that it names.
        other: of a swapped command, the rule of the one that was not given.
        variation: what is different about the robot and its floor.
        chain: of a chain all its commands, else empty.
        answers: whether the speaker answers a question.
    """

    task: Task
    sentence: str
    pair: str = ""
    other: Goal | None = None
    variation: Variation = field(default_factory=Variation)
    chain: Sequence[Link] = ()
    answers: bool = False

    def meant(self, command: str) -> bool:
        """Answer, as the speaker, whether a command says just what was meant."""
        return understand(command) == self.task.instruction


def asked_in(episode: Episode) -> Asked:
    """Draw what is asked in an episode: the same episode, the same bits.

    Raises:
        RuntimeError: nothing fits, in hundreds of draws.
    """
    rng = np.random.default_rng([crc32(episode.task_key.encode()), episode.seed])
    words = np.random.default_rng([crc32(episode.words_key.encode()), episode.seed, 1])
    # A layout draws from its own numbers: every other episode is what it was before there were layouts.
    layout = (
        layout_of(episode, np.random.default_rng([crc32(episode.key.encode()), episode.seed, 3])) or USUAL
    )
    match episode.split:
        case "composition" | "grounded":
            asked = _composed(episode, rng, words, layout)
        case "swap":
            asked = _swapped(episode, words, layout)
        case "two":
            asked = _two(rng, words, layout)
        case "chain":
            asked = _chained(rng, words, layout)
        case _:
            task = _task(episode, rng, layout)
            said = _said(episode.split, task.instruction, words)
            asked = Asked(task, said, answers=episode.split == "asked")
    now = changed(asked.task, episode)
    links = tuple(replace(link, task=replace(link.task, scene=now.task.scene)) for link in asked.chain)
    return replace(asked, task=now.task, variation=now.variation, chain=links)


def _task(episode: Episode, rng: np.random.Generator, layout: Layout) -> Task:
    """Draw a task of a skill; in families that name things, one that does."""
    skill = _skill(episode)
    for _ in range(_DRAWS):
        task = sample_task(rng, skill, layout=layout)
        if episode.split != "nouns" or task.instruction.nouns:
            return task
    raise RuntimeError(f"no task of {skill!r} that names a thing in {_DRAWS} draws")


def _skill(episode: Episode) -> Skill:
    return next(skill for skill in SKILLS if skill == episode.family)


def _said(split: Split, instruction: Instruction, words: np.random.Generator) -> str:
    """Say an instruction in the way of a split."""
    reworded = split in ("templates", "asked")
    if split == "empty":
        return ""
    for _ in range(_DRAWS):
        sentence = say(instruction, words, held_out=reworded)
        if reworded and set(sentence.split()) & _RARE:
            continue
        if split != "nouns":
            return sentence
        noun = instruction.nouns[words.integers(len(instruction.nouns))]
        said = sorted((way for way in noun_words(noun).seen if f"the {way}" in sentence), key=len)
        others = noun_words(noun).held_out
        if said and others:
            return sentence.replace(said[-1], others[words.integers(len(others))])
    raise RuntimeError(f"no way to say {instruction} for {split!r} in {_DRAWS} draws")


def _composed(
    episode: Episode, rng: np.random.Generator, words: np.random.Generator, layout: Layout
) -> Asked:
    """Draw a task about a held-out pair: one after the other, among things of all kinds."""
    pair, skill = HELD_OUT[episode.number % len(HELD_OUT)], _skill(episode)
    for _ in range(_DRAWS):
        drawn = sample_instruction(rng, skill, ALL_THINGS)
        if drawn.thing is None:
            continue
        try:
            task = task_for(replace(drawn, thing=pair), rng, (*TRAINED, pair), layout)
        except (NoScene, ValueError):
            continue
        return Asked(task, say(task.instruction, words), pair)
    raise RuntimeError(f"no task of {skill!r} about a {pair} in {_DRAWS} draws")


def _swapped(episode: Episode, words: np.random.Generator, layout: Layout) -> Asked:
    """Draw a scene, and name one thing in it or, in the episode that is its twin, another one."""
    scene_key = f"swap/{episode.family}/{episode.seed}/{episode.number // 2}"
    rng = np.random.default_rng([crc32(scene_key.encode()), episode.seed])
    skill = _skill(episode)
    for _ in range(_DRAWS):
        task = sample_task(rng, skill, layout=layout)
        names = [
            thing.name
            for thing in task.scene.things
            if skill == "look at" or abs(thing.position[1]) > MIDLINE
        ]
        if task.parts[0].instruction.thing not in names or len(names) < 2:
            continue
        one = task.parts[0].instruction.thing
        others = [name for name in names if name != one]
        other = others[rng.integers(len(others))]
        if episode.number % 2:
            one, other = other, one
        try:
            asked, twin = (task_in(Instruction(skill, thing=name), task) for name in (one, other))
        except NoScene:
            continue
        return Asked(asked, say(asked.instruction, words), other=twin.goal)
    raise RuntimeError(f"no scene of {skill!r} with two things to name in {_DRAWS} draws")


def _two(rng: np.random.Generator, words: np.random.Generator, layout: Layout) -> Asked:
    """Draw two commands in a row."""
    for _ in range(_DRAWS):
        try:
            task = task_for(sample_pair(rng), rng, layout=layout)
        except (NoScene, ValueError):
            continue
        return Asked(task, say(task.instruction, words))
    raise RuntimeError(f"no two commands with a scene in {_DRAWS} draws")


def _chained(rng: np.random.Generator, words: np.random.Generator, layout: Layout) -> Asked:
    links = sample_chain(rng, words, layout)
    return Asked(links[0].task, " / ".join(link.sentence for link in links), chain=links)
