"""What makes a command none: its words in disorder, too few or too many, an amount that nobody can do, a "not"."""

from __future__ import annotations

from typing import Final

import numpy as np

from vla_course.learning.reading.lessons import command, heard_words
from vla_course.simulation.tasks.saying import say


def shuffled(sentence: str, rng: np.random.Generator) -> str:
    """Say its words in any order."""
    return " ".join(rng.permutation(sentence.split()).tolist())


def cut(sentence: str, rng: np.random.Generator) -> str:
    """Leave out a word or a few in a row."""
    words = sentence.split()
    begin, count = int(rng.integers(len(words))), int(rng.integers(1, 4))
    return " ".join(words[:begin] + words[begin + count :])


def spliced(sentence: str, rng: np.random.Generator) -> str:
    """Begin with one sentence and end with another one."""
    words, others = sentence.split(), say(command(rng), rng).split()
    return " ".join(words[: rng.integers(1, len(words) + 1)] + others[rng.integers(len(others)) :])


def strange_word(sentence: str, rng: np.random.Generator) -> str:
    """Put a word that does not belong there in place of another one or between two."""
    words = sentence.split()
    place, instead = int(rng.integers(len(words) + 1)), int(rng.integers(2))
    return " ".join([*words[:place], _word(rng), *words[place + instead :]])


def _word(rng: np.random.Generator) -> str:
    """Draw a word of training, or letters that are none."""
    if rng.random() < 0.5:
        return _WORDS[rng.integers(len(_WORDS))]
    return "".join(rng.choice(list("abcdefghijklmnopqrstuvwxyz"), size=rng.integers(2, 9)).tolist())


def out_of_range(sentence: str, rng: np.random.Generator) -> str:
    """Ask for an amount that the robot cannot do, or in a unit that does not fit."""
    amount = round(float(rng.uniform(0.0, 400.0)), int(rng.integers(-1, 3)))
    unit = ("steps", "metres", "degrees")[rng.integers(3)]
    verb = ("walk", "turn")[rng.integers(2)]
    said = f"{verb} {('forward', 'back', 'left', 'right')[rng.integers(4)]} {amount:g} {unit}"
    return said if rng.random() < 0.7 else f"{said} and {sentence}"


def forbidden(sentence: str, rng: np.random.Generator) -> str:
    """Ask for the opposite."""
    words = ("do not", "don't", "never", "not", "please do not")
    return f"{words[rng.integers(len(words))]} {sentence}"


def signed(sentence: str, rng: np.random.Generator) -> str:
    """Put a sign before a word or behind it that might mean something."""
    words = sentence.split()
    place = int(rng.integers(len(words)))
    sign = "-+/%#<>~=*()'"[rng.integers(13)]
    words[place] = (f"{sign}{words[place]}", f"{words[place]}{sign}", f"{sign} {words[place]}")[
        rng.integers(3)
    ]
    return " ".join(words)


def three(sentence: str, rng: np.random.Generator) -> str:
    """Ask for too much at once."""
    more = [say(command(rng), rng) for _ in range(2)]
    return " and ".join([sentence, *more])


_WORDS: Final = tuple(sorted(heard_words()))
