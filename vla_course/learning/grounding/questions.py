"""What can be asked about a moment: sentences and noun phrases, and which entity each of their roles means.

Many sentences for the same pictures: what is said decides where to look, not what lies there.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache
from typing import Final, get_args

import numpy as np

from vla_course.learning.grounding.config import ROLES, Role
from vla_course.learning.grounding.sights import ENTITIES, Sights
from vla_course.simulation.scene.things import ALL_THINGS
from vla_course.simulation.tasks.asked import sample_instruction, sample_pair
from vla_course.simulation.tasks.instructions import NOUNS, SKILLS, SPOTS, Instruction, Skill, Where, fits
from vla_course.simulation.tasks.meant import MIDLINE, leftward
from vla_course.simulation.tasks.saying import say, sentences
from vla_course.simulation.tasks.words import COLOUR_WORDS, SHAPE_WORDS, THING_WORDS, noun_words

ABSENT: Final = -1
"""nothing in the scene: the sentence leaves the role open, or names what is not there"""
UNKNOWN: Final = -2
"""it is open which is meant, or must not be told"""
PHRASES: Final = 0.35
"""how many questions are bare noun phrases"""
PAIRS: Final = 0.3
"""how many sentences have two commands, whichever"""
CARRIED: Final = 0.15
"""how many have two about the same thing, which is taken and then put somewhere; most say "it" the second time"""
SIDED: Final = 0.1
"""how many say of a thing its colour or its shape and on whose side it is"""
ODD: Final = 0.3
"""how many have a word in the place of another one"""
MISSING: Final = 0.15
"""how often something is named that the scene does not have"""
WHOLE_NAME: Final = 0.6
"""how often a phrase has colour and shape"""

_ONE_THING: Final[tuple[Skill, ...]] = ("look at", "go to", "reach for", "point at", "pick up")
_PUTS: Final[tuple[Skill, ...]] = ("place", "move to")
_NAMING: Final = {
    *(
        word
        for wording in (*COLOUR_WORDS.values(), *SHAPE_WORDS.values(), THING_WORDS)
        for word in wording.every
    ),
    *(
        "it",
        "and",
        "then",
        "the",
        "me",
        "here",
        "person",
        "table",
        "drink",
        "room",
        "my",
        "your",
        "left",
        "right",
    ),
    *("middle", "side", "hand", "hands", "on", "of", "next", "beside", "top", "down", "to"),
}
_ABOUT: Final = tuple(skill for skill in SKILLS if skill not in ("walk", "turn", "stand still"))


@dataclass(frozen=True, slots=True)
class Question:
    """A sentence about a moment, and for each of `ROLES` the index of the entity meant, `ABSENT` or `UNKNOWN`."""

    sentence: str
    meant: tuple[int, ...]


def question(rng: np.random.Generator, sights: Sights, moment: int, named: Sequence[str]) -> Question:
    """Draw a question that names none but `named` things, and points at none but those."""
    here = [name for name in sights.names(moment) if name in named]
    away = [name for name in named if name not in here]
    missing = not here or bool(rng.random() < MISSING)
    if rng.random() < PHRASES:
        name = str(rng.choice(away if missing else here))
        return about(_phrase(rng, name), None, sights, moment, named)
    pool = list(here)
    while len(pool) < 2 or (missing and len(pool) == len(here)):
        pool.append(str(rng.choice([name for name in away if name not in pool])))
    instruction = _drawn(rng, pool, here, bool(sights.told[moment]))
    if not sights.told[moment]:
        instruction = _anywhere(instruction)
    meant = about(say(instruction, rng), instruction, sights, moment, named)
    return replace(meant, sentence=_oddly(rng, meant.sentence)) if rng.random() < ODD else meant


def _drawn(rng: np.random.Generator, pool: Sequence[str], here: Sequence[str], told: bool) -> Instruction:
    """Draw one or two commands about some of `pool`; of what is `here`, and `told`, sides may be said."""
    chance = rng.random()
    if chance < SIDED and told and here:
        colour, shape = str(rng.choice(here)).split()
        noun, where = (shape, f"{colour} thing")[int(rng.integers(2))], get_args(Where)[int(rng.integers(4))]
        return Instruction(_ONE_THING[int(rng.integers(len(_ONE_THING)))], thing=noun, where=where)
    if chance < SIDED + CARRIED:
        with suppress(ValueError):  # not every thing can be put beside every other one
            first = sample_instruction(rng, "pick up", pool)
            second = sample_instruction(rng, _PUTS[int(rng.integers(len(_PUTS)))], pool)
            return replace(first, then=replace(second, thing=first.thing, where=first.where))
    if chance < SIDED + CARRIED + PAIRS:
        return sample_pair(rng, pool)
    skills = SKILLS if rng.random() < 0.15 else _ABOUT
    return sample_instruction(rng, skills[int(rng.integers(len(skills)))], pool)


def _oddly(rng: np.random.Generator, sentence: str) -> str:
    """Put a word of another sentence in the place of one that names nothing: roles must not hang on each verb."""
    words = sentence.split()
    places = [k for k, word in enumerate(words) if word in _verbs()]
    if places:
        words[places[int(rng.integers(len(places)))]] = _verbs()[int(rng.integers(len(_verbs())))]
    return " ".join(words)


@cache
def _verbs() -> tuple[str, ...]:
    """Words of training that neither name a thing or a place nor join two commands."""
    return tuple(sorted({word for said in sentences() for word in said.split() if word.isalpha()} - _NAMING))


def about(
    sentence: str,
    instruction: Instruction | None,
    sights: Sights,
    moment: int,
    named: Sequence[str] = ALL_THINGS,
) -> Question:
    """Return a sentence with what its roles mean at a moment.

    Args:
        sentence: how the instruction is said; or a noun phrase.
        instruction: what it asks for; None for a noun phrase, the other roles of which are unknown.
        sights, moment: before whom it is said.
        named: what may be pointed at.
    """
    people = ENTITIES.index("person")
    person = people if np.isfinite(sights.place[moment, people, 0]) else ABSENT
    if instruction is None:
        thing = _the_one(_noun(sentence), None, sights, moment, named)
        return Question(sentence, (thing, UNKNOWN, UNKNOWN, UNKNOWN, person))
    found: dict[Role, int] = dict.fromkeys(ROLES, ABSENT)
    found["person"] = person
    roles: tuple[tuple[Role, Role], ...] = (("thing", "other"), ("then thing", "then other"))
    for part, (thing_role, other_role) in zip(instruction.parts, roles, strict=False):
        if part.thing is not None:
            found[thing_role] = _the_one(part.thing, part.where, sights, moment, named)
        elif part.skill in ("serve a drink", "tidy the table"):
            found[thing_role] = UNKNOWN
        if part.other in NOUNS:
            found[other_role] = _the_one(str(part.other), None, sights, moment, named)
        elif part.other == "person" or part.skill == "serve a drink":
            found[other_role] = person
        elif part.other == "table" or part.other in SPOTS:
            found[other_role] = ENTITIES.index("table")
    return Question(sentence, tuple(found[role] for role in ROLES))


def _phrase(rng: np.random.Generator, name: str) -> str:
    """Call a thing by colour and shape, or by one of them."""
    colour, shape = name.split()
    chance = rng.random()
    noun = name if chance < WHOLE_NAME else f"{colour} thing" if chance < (1 + WHOLE_NAME) / 2 else shape
    words = noun_words(noun).seen
    return words[rng.integers(len(words))]


def _noun(phrase: str) -> str:
    """Return which of `NOUNS` a phrase says, in any words."""
    return _NOUNS[phrase]


_NOUNS: Final = {words: noun for noun in NOUNS for words in noun_words(noun).every}


def _anywhere(instruction: Instruction) -> Instruction:
    """Return it without a word of where things are."""
    then = None if instruction.then is None else _anywhere(instruction.then)
    return replace(instruction, where=None, then=then)


def _the_one(noun: str, where: str | None, sights: Sights, moment: int, named: Sequence[str]) -> int:
    """Return the one thing that fits a noun and is where it is said to be (`simulation.tasks.meant`)."""
    place, (x, y, heading) = sights.place[moment], sights.robot[moment].tolist()
    names = [name for name in sights.names(moment) if name in ALL_THINGS and fits(noun, name)]
    if where is not None and names:
        viewer = ((x, y), heading)
        if where.startswith("my"):
            speaker = float(sights.speaker[moment])
            if np.isnan(speaker):
                return UNKNOWN
            (a, b) = place[ENTITIES.index("person")].tolist()
            viewer = ((a, b), speaker)
        aside = {name: leftward(tuple(place[ENTITIES.index(name)].tolist()), viewer) for name in names}
        if any(abs(far) < MIDLINE for far in aside.values()):
            return UNKNOWN
        names = [name for name in names if (aside[name] > 0.0) == where.endswith("left")]
    if len(names) > 1 or any(name not in named for name in names):
        return UNKNOWN
    return ENTITIES.index(names[0]) if names else ABSENT
