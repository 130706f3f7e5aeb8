"""What `grounding.py` asks about a thing that lies there: phrases, commands, relations, second commands."""

from collections.abc import Callable, Sequence
from typing import TypeVar

import numpy as np

from vla_course.learning.grounding.config import ROLES, Role
from vla_course.learning.grounding.examining import Ask
from vla_course.learning.grounding.lessons import Lessons
from vla_course.learning.grounding.questions import UNKNOWN, Question, about
from vla_course.learning.grounding.sights import Sights
from vla_course.simulation.scene.things import ALL_THINGS, TRAINED
from vla_course.simulation.tasks.asked import sample_instruction
from vla_course.simulation.tasks.instructions import Instruction, Skill
from vla_course.simulation.tasks.saying import say
from vla_course.simulation.tasks.words import COLOUR_WORDS, SHAPE_WORDS, THING_WORDS, noun_words

ONE_THING: tuple[Skill, ...] = ("pick up", "reach for", "point at", "look at", "go to", "move to")
SYNONYMS = {
    word for words in (*SHAPE_WORDS.values(), *COLOUR_WORDS.values(), THING_WORDS) for word in words.held_out
}
Drawn = TypeVar("Drawn")
Asker = Callable[[np.random.Generator, Sights, int, str], tuple[str, Instruction | None] | None]


def phrase(rng: np.random.Generator, sights: Sights, moment: int, name: str) -> tuple[str, None]:
    """Call it by colour and shape."""
    return _any(rng, noun_words(name).seen), None


def half(rng: np.random.Generator, sights: Sights, moment: int, name: str) -> tuple[str, None] | None:
    """Call it by colour or shape alone, where that is enough."""
    colour, shape = name.split()
    others = [other.split() for other in sights.names(moment) if other in ALL_THINGS and other != name]
    ways = [shape] * all(shape not in other for other in others)
    ways += [f"{colour} thing"] * all(colour not in other for other in others)
    return (_any(rng, noun_words(_any(rng, ways)).seen), None) if ways else None


def synonym(rng: np.random.Generator, sights: Sights, moment: int, name: str) -> tuple[str, None] | None:
    """Call it by a noun or a colour that no training knows."""
    words = noun_words(name).held_out
    return (_any(rng, words), None) if words else None


def command(
    rng: np.random.Generator, sights: Sights, moment: int, name: str, held_out: bool = False
) -> tuple[str, Instruction]:
    """Say one command about it."""
    while True:
        drawn = sample_instruction(rng, ONE_THING[rng.integers(len(ONE_THING))], (name, _other(rng, name)))
        if drawn.thing == name and drawn.where is None:
            said = say(drawn, rng, held_out)
            if not SYNONYMS & set(said.split()):
                return said, drawn


def reworded(rng: np.random.Generator, sights: Sights, moment: int, name: str) -> tuple[str, Instruction]:
    """Say one command about it in a template that no training knows."""
    return command(rng, sights, moment, name, held_out=True)


def relation(
    rng: np.random.Generator, sights: Sights, moment: int, name: str
) -> tuple[str, Instruction] | None:
    """Say in which relation to something else it is to be put."""
    other = _beside(rng, sights, moment, name)
    if other is None:
        return None
    drawn = Instruction("place", thing=name, relation=_any(rng, ("on", "next to", "left of")), other=other)
    return say(drawn, rng), drawn


def second(
    rng: np.random.Generator, sights: Sights, moment: int, name: str
) -> tuple[str, Instruction] | None:
    """Say a second command about it, after one about something else."""
    other = _beside(rng, sights, moment, name)
    if other is None:
        return None
    first = Instruction(_any(rng, ("look at", "point at")), thing=other)
    drawn = Instruction(
        first.skill, thing=other, then=Instruction(_any(rng, ("reach for", "pick up")), thing=name)
    )
    return say(drawn, rng), drawn


def it(rng: np.random.Generator, sights: Sights, moment: int, name: str) -> tuple[str, Instruction] | None:
    """Say that it is to be picked up, and then where it is to be put: "it"."""
    other = _beside(rng, sights, moment, name)
    if other is None:
        return None
    put = Instruction("place", thing=name, relation=_any(rng, ("on", "next to", "left of")), other=other)
    drawn = Instruction("pick up", thing=name, then=put)
    said = say(drawn, rng)
    return (said, drawn) if " it " in said else None


def side(rng: np.random.Generator, sights: Sights, moment: int, name: str) -> tuple[str, Instruction] | None:
    """Call it by its shape and by the side on which it is, where several have the shape."""
    shape = name.split()[1]
    if not any(
        other.split()[1] == shape for other in sights.names(moment) if other in ALL_THINGS and other != name
    ):
        return None
    drawn = Instruction("reach for", thing=shape, where=_any(rng, ("left", "right")))
    return say(drawn, rng), drawn


def _any(rng: np.random.Generator, of: Sequence[Drawn]) -> Drawn:
    return of[int(rng.integers(len(of)))]


def _other(rng: np.random.Generator, name: str) -> str:
    return _any(rng, [other for other in TRAINED if other != name])


def _beside(rng: np.random.Generator, sights: Sights, moment: int, name: str) -> str | None:
    """Another thing of the scene that training has named; a sentence may not be about it alone."""
    others = [other for other in sights.names(moment) if other in TRAINED and other != name]
    return _any(rng, others) if others else None


def asks(
    known: Lessons,
    ask: Asker,
    seed: int,
    names: Sequence[str] = ALL_THINGS,
    roles: Sequence[Role] = ("thing",),
) -> list[Ask]:
    """Ask about each of `names` at each moment, for these roles of what is said."""
    rng, found = np.random.default_rng(seed), []
    for moment in range(len(known)):
        for name in known.sights.names(moment):
            said = ask(rng, known.sights, moment, name) if name in names else None
            if said is not None:
                one = about(*said, known.sights, moment)
                wanted = (k if role in roles else UNKNOWN for role, k in zip(ROLES, one.meant, strict=True))
                found.append(Ask(moment, Question(one.sentence, tuple(wanted))))
    return found
