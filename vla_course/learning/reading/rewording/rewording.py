"""Draws rewordings: an instruction in a frame of its own, with other verbs, other nouns and other politeness.

What there is, is split once and for all by chance: a fifth of the frames, and a fifth of the words, are kept from
training, for validation. So a sentence of validation has a frame or a word that no training has heard, or several.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Final

import numpy as np

from vla_course.learning.reading.rewording.frames import FRAMES
from vla_course.learning.reading.rewording.words import CLOSINGS, JOINERS, OPENINGS, OTHER_WORDS, SAME, VERBS
from vla_course.simulation.tasks import words
from vla_course.simulation.tasks.instructions import Instruction
from vla_course.simulation.tasks.phrases import TEMPLATES
from vla_course.simulation.tasks.saying import MANNERS, Manner, say

KEPT: Final = 0.2
"""share of frames and of words that are for validation only"""
SPLIT: Final = 2026
"""the seed by which they are drawn"""
OTHER: Final = 0.35
"""how often a word for what a sentence says is another one"""
ALL_NEW: Final = 0.6
"""how often both of two commands are reworded, not one of them alone"""
_NO_ORDERS: Final = (*words.NO_ORDERS, "{", "a ", "me ", "my ", "no ", "to ", "you ", "your ")


def reword(instruction: Instruction, rng: np.random.Generator, kept: bool = False) -> str:
    """Say an instruction in other words and frames than those of the language.

    Args:
        instruction: what is asked for, one command or two.
        rng: draws frames and words.
        kept: whether in what is kept from training for validation: where a skill has a frame of that kind, it has such
            a frame or such a verb; nouns and what is polite are drawn from all.
    """
    manner = MANNERS[0]
    # Not a set: its order, and so what is drawn, would be another one in each process.
    skills = dict.fromkeys(part.skill for part in instruction.parts)
    templates = {skill: _templates(skill, rng, kept) for skill in skills}
    if len(instruction.parts) == 2 and rng.random() > ALL_NEW:
        templates = {
            skill: (*new, *(manner.templates[skill] * 2)) if not kept else new
            for skill, new in templates.items()
        }
    said = Manner(
        templates,
        (*_some(OPENINGS, kept), *manner.openings * 3),
        (*_some(CLOSINGS, kept), *manner.closings * 3),
        (*_some(JOINERS, kept), *manner.joiners * 4),
        _NO_ORDERS,
    )
    try:
        sentence = say(instruction, rng, manner=said)
    except ValueError:  # nothing of that kind says it
        known = {skill: (*new, *manner.templates[skill]) for skill, new in templates.items()}
        sentence = say(instruction, rng, manner=replace(said, templates=known))
    return other_words(sentence, rng, kept)


def _templates(skill: str, rng: np.random.Generator, kept: bool) -> tuple[str, ...]:
    """Return templates of a skill, each with verbs that are drawn for it."""
    verbs = {name: _drawn(name, rng, False) for name in VERBS}
    templates = [_filled(frame, verbs) for frame in frames(skill, kept)]
    if kept:  # frames of training as well, with verbs that are not
        strange = {name: _drawn(name, rng, True) for name in VERBS}
        templates += [_filled(frame, strange) for frame in frames(skill, False) if "<" in frame]
    return tuple(template for template in templates if template not in TEMPLATES[skill].every)


def _drawn(name: str, rng: np.random.Generator, kept: bool) -> str:
    among = _some(VERBS[name], kept) if kept else tuple(one for one in VERBS[name] if one not in kept_words())
    return among[rng.integers(len(among))]


def _filled(frame: str, verbs: Mapping[str, str]) -> str:
    return re.sub("<([a-z]+)>", lambda match: verbs[match[1]], frame)


def _some(among: Sequence[str], kept: bool) -> tuple[str, ...]:
    """Return those of training; with `kept` those of validation, or all where there is none."""
    return tuple(one for one in among if (one in kept_words()) is kept) or tuple(among)


def frames(skill: str, kept: bool) -> tuple[str, ...]:
    """Return the frames of a skill that are for training, or with `kept` those for validation."""
    return tuple(frame for frame in FRAMES[skill] if (frame in kept_frames()) is kept)


@cache
def kept_frames() -> frozenset[str]:
    """Return the frames that are kept from training, some of every skill."""
    rng = np.random.default_rng([SPLIT, 0])
    return frozenset(
        frame
        for of_skill in FRAMES.values()
        for frame in rng.choice(list(of_skill), size=round(KEPT * len(of_skill)), replace=False).tolist()
    )


@cache
def kept_words() -> frozenset[str]:
    """Return the verbs, nouns and polite words that are kept from training, some of every kind."""
    rng = np.random.default_rng([SPLIT, 1])
    found: set[str] = set()
    for among in (*VERBS.values(), *OTHER_WORDS.values(), OPENINGS, CLOSINGS, JOINERS):
        left = [one for one in among if one not in found]
        found |= {*rng.choice(left, size=round(KEPT * len(left)), replace=False).tolist()}
    return frozenset(found)


# ---- other words ----------------------------------------------------------------------------------


def other_words(sentence: str, rng: np.random.Generator, kept: bool = False, often: float = OTHER) -> str:
    """Put other words in place of some of those that say what a command is about, drawn one by one."""

    def other(match: re.Match[str]) -> str:
        if rng.random() >= often:
            return match[0]
        among = OTHER_WORDS[SAME.get(match[0], match[0])]
        among = tuple(one for one in among if kept or one not in kept_words()) or (match[0],)
        return among[rng.integers(len(among))]

    return _REPLACED.sub(other, sentence)


def _patterns() -> Iterator[str]:
    """Yield what may be replaced, only where it means what its other words mean, the longest first."""
    colours = "|".join(words.COLOUR_WORDS)
    where = {
        "can": r"(?<=\bthe )can|(?<=[a-z] )can(?= and|$)",
        "orange": "orange(?= (?:thing|object|cup|box|block|ball|bottle|bowl|cylinder|can))",
        "back": "back(?! where| on| to)",
        "on": "(?<!where )(?<!grip )on(?= the (?:"
        + colours
        + "|cup|box|ball|bottle|bowl|cylinder|can|block|thing|object))",
        "steps": r"(?<=\d )steps",
        "person": "(?<=the )person",
        "table": "(?<=the )table",
        "drink": "(?<=a )drink",
        "block": "block",
        "left of": "(?<!the )left of",
        "right of": "(?<!the )right of",
    }
    for word in sorted((*OTHER_WORDS, *SAME), key=len, reverse=True):
        yield rf"\b(?:{where.get(word, word)})\b"


_REPLACED: Final = re.compile("|".join(_patterns()))


def all_words() -> frozenset[str]:
    """Return every word that a rewording may have, beside those of the templates of training."""
    texts = [frame for of_skill in FRAMES.values() for frame in of_skill]
    texts = [re.sub(r"<[a-z]+>|\{[a-z]+\}", " ", text) for text in texts]
    for among in (*VERBS.values(), *OTHER_WORDS.values(), OPENINGS, CLOSINGS, JOINERS):
        texts += among
    return frozenset(word for text in texts for word in text.replace("-", " ").split())
