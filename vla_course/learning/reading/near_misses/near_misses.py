"""Draws near misses: sentences that are no commands, of the kinds that one purpose has and with its words."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Final, Literal

import numpy as np

from vla_course.learning.reading.dictionary.dictionary import load_dictionary
from vla_course.learning.reading.lessons import Lesson, command
from vla_course.learning.reading.near_misses import asides, faults
from vla_course.learning.reading.rewording.rewording import reword
from vla_course.simulation.scene.things import TRAINED
from vla_course.simulation.tasks.saying import say
from vla_course.simulation.tasks.understanding import is_command

Purpose = Literal["training", "validation", "tests"]
"""what a sentence is for; no kind of aside and no foreign word is for two of them"""

ASIDES: Final = {"training": asides.TRAINING, "validation": asides.VALIDATION, "tests": asides.TESTS}
FOREIGN: Final = {"training": 0.6, "validation": 0.2, "tests": 0.2}
"""what part of the dictionary's foreign words each has, those that mean nothing that the robot does or handles"""
SPLIT: Final = 2027
"""the seed by which they are shared out"""
ASIDE: Final = 0.35
"""how often in training a near miss is an aside, not a command with a fault"""

_Fault = Callable[[str, np.random.Generator], str]


def near_miss(rng: np.random.Generator) -> Lesson:
    """Draw a near miss to learn from: a command with something wrong in it, or an aside."""
    return aside(rng, "training") if rng.random() < ASIDE else faulty(rng, "training")


def faulty(rng: np.random.Generator, purpose: Purpose = "training") -> Lesson:
    """Draw what was a command, with something wrong in it."""

    def other_verb(sentence: str, rng: np.random.Generator) -> str:
        return _DOING.sub(_foreign(rng, "v", purpose), sentence, count=1)

    def other_noun(sentence: str, rng: np.random.Generator) -> str:
        return _HANDLED.sub(_foreign(rng, "n", purpose), sentence, count=1)

    of_any: list[_Fault] = [faults.shuffled, faults.out_of_range, faults.forbidden, faults.signed, faults.three]
    of_any += [other_verb, other_verb, other_noun]
    of_language: list[_Fault] = [faults.cut, faults.spliced, faults.strange_word, faults.strange_word]
    while True:  # what is left of a rewording that is cut may be a command: those faults are the language's
        among = of_language
        if rng.random() < len(of_language) / (len(of_language) + len(of_any)):
            sentence = say(command(rng), rng)
        else:
            among = of_any
            sentence = reword(command(rng), rng) if rng.random() < 0.5 else say(command(rng), rng)
        wrong = among[rng.integers(len(among))](sentence, rng)
        if wrong.strip() and wrong != sentence and not is_command(wrong):
            return Lesson(wrong, None)


def aside(rng: np.random.Generator, purpose: Purpose = "training", kind: str | None = None) -> Lesson:
    """Draw a sentence that asks for nothing that the robot could do, of a kind (default: any) that is for a purpose."""
    kinds = [frames for name, frames in ASIDES[purpose].items() if kind in (None, name)]
    while True:
        frames = kinds[rng.integers(len(kinds))]
        frame = frames[rng.integers(len(frames))]
        sentence = re.sub(r"\{([a-z]+)\}", lambda field: _filling(field[1], rng, purpose), frame)
        if not is_command(sentence):
            return Lesson(sentence, None)


def _filling(field: str, rng: np.random.Generator, purpose: Purpose) -> str:
    match field:
        case "do" | "then":
            meaning = command(rng, pair=False)
            return reword(meaning, rng) if rng.random() < 0.4 else say(meaning, rng)
        case "thing" | "things":
            thing = TRAINED[rng.integers(len(TRAINED))]
            thing = thing if rng.random() < 0.7 else thing.split()[1]
            return thing if field == "thing" else f"{thing}es" if thing.endswith("x") else f"{thing}s"
        case _:
            return _foreign(rng, field[0], purpose)


def _foreign(rng: np.random.Generator, part: str, purpose: Purpose) -> str:
    words = foreign_words(part, purpose)
    return words[rng.integers(len(words))]


@cache
def foreign_words(part: str, purpose: Purpose) -> tuple[str, ...]:
    """Return the foreign verbs ("v") or nouns ("n") that are for a purpose."""
    words = load_dictionary().others[part]
    shuffled = np.random.default_rng([SPLIT, "vn".index(part)]).permutation(words).tolist()
    ends = np.cumsum([round(FOREIGN[one] * len(words)) for one in FOREIGN])
    number = [*FOREIGN].index(purpose)
    return tuple(shuffled[ends[number - 1] if number else 0 : ends[number]])


_DOING: Final = re.compile(
    r"\b(?:walk|step|take|turn|look|go|come|reach|point|pick|lift|place|put|move|bring|stand|stop|serve|tidy|clean)\b"
)
_HANDLED: Final = re.compile(
    r"\b(?:cup|box|block|ball|bottle|bowl|cylinder|thing|object|person|table|drink)\b"
)
