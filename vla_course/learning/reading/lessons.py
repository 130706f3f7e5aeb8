"""Commands to learn to read from, in words of training and in other words.

No held-out template, synonym or pair of colour and shape is among them, and no rewording that is kept for validation.
Amounts are drawn from all that the robot can be told but those of `unheard`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

import numpy as np

from vla_course.learning.reading.fields import COMMANDS, FIELDS, NOT_ASKED, labels
from vla_course.learning.reading.rewording.rewording import other_words, reword
from vla_course.simulation.scene.things import TRAINED
from vla_course.simulation.tasks.asked import sample_instruction, sample_pair
from vla_course.simulation.tasks.instructions import AMOUNTS, SKILLS, Instruction
from vla_course.simulation.tasks.plain_words import in_words
from vla_course.simulation.tasks.saying import say, sentences
from vla_course.simulation.tasks.words import IT

PAIRS: Final = 0.35
"""how often there are two commands"""
ANY_AMOUNT: Final = 0.8
"""how often an amount is any that the robot can be told, not one that tasks have"""
IN_WORDS: Final = 0.4
"""how often an amount is said in words; `say` keeps those beyond twelve for paraphrases, but counting is none"""
MOTION: Final = 0.15
"""how often a walk or a turn is drawn beside those that come by chance: digits are the most there is to learn"""
NO_ARTICLES: Final = 0.1
"""how often all articles are left out: "pick up red cup" """
MARKS: Final = 0.3
"""how often there is punctuation"""
REWORDED: Final = 0.45
"""how often a command is said in a frame that is not the language's"""
OTHER_WORDS: Final = 0.15
"""how often in a template of the language, but with other words for what it is about"""
STRANGE: Final = 0.2
"""how often a word or two of a command are words never heard: what they mean must be told by all the others"""
STRANGER: Final = "[MASK]"
"""stands for a word never heard; `ears.Ears` puts another random vector there each time"""


@dataclass(frozen=True, slots=True)
class Lesson:
    """A sentence and what there is to hear in it; None: it is no sentence of the language."""

    sentence: str
    meaning: Instruction | None

    @property
    def belongs(self) -> bool | None:
        """Whether it is a sentence of the language; None: nobody can tell, for a word in it was never heard."""
        return None if STRANGER in self.sentence else self.meaning is not None

    @property
    def second(self) -> bool:
        """Whether there are two commands."""
        return self.meaning is not None and self.meaning.then is not None

    def labels(self) -> list[list[int]]:
        """Return the number of the right answer to each of `FIELDS` for both commands."""
        if self.meaning is None:
            return [[NOT_ASKED] * len(FIELDS)] * COMMANDS
        first, *later = self.meaning.parts
        of_first = labels(first)
        if not later:
            return [of_first, [NOT_ASKED] * len(FIELDS)]
        return [of_first, labels(later[0], first, IT in re.findall("[a-z]+", self.sentence))]


def unheard(amount: float, unit: str, in_words: bool = False) -> bool:
    """Tell whether an amount is kept from training, for tests: a seventh of degrees, a fifth of metres.

    In digits those that are one word for the encoder (15, 30, ... 180 degrees, up to 12 steps) are not among them, nor
    in words those below twenty: what such a word means is heard or not known.
    """
    if unit == "degrees":
        return amount % 7 == 3 and (amount >= 20 if in_words else amount > 12 and amount % 15 != 0)
    if in_words:
        return unit == "metres" and amount in (1.5, 3.5)
    return unit == "metres" and amount % 0.5 != 0 and round(10 * amount) % 4 == 3


def any_amount(rng: np.random.Generator, unit: str, kept: bool = False, in_words: bool = False) -> float:
    """Draw an amount of a unit, of those that training hears, or with `kept` of those that are kept from it."""
    least, most, grain = AMOUNTS[unit]
    steps = np.arange(round(least / grain), round(most / grain) + 1)
    amounts = [round(float(step) * grain, 1) for step in steps]
    among = [amount for amount in amounts if unheard(amount, unit, in_words) is kept]
    return among[rng.integers(len(among))]


def spelled(sentence: str, part: Instruction) -> str:
    """Say an amount that stands in a sentence in digits in words, where there are such: "two and a half metres"."""
    if part.amount is None or part.unit is None:
        return sentence
    words = in_words(part.amount, part.unit)
    if words is None:
        return sentence
    return re.sub(rf"(?<![0-9.]){part.amount:g} {part.unit}", words, sentence, count=1)


def command(rng: np.random.Generator, pair: bool | None = None) -> Instruction:
    """Draw an instruction about trained pairs of colour and shape, or two in a row (default: by chance)."""
    if rng.random() < PAIRS if pair is None else pair:
        drawn = sample_pair(rng, TRAINED)
    else:
        drawn = sample_instruction(rng, SKILLS[rng.integers(len(SKILLS))], TRAINED)
    first, *later = (_amounted(rng, part) for part in drawn.parts)
    return replace(first, then=later[0]) if later else first


def _amounted(rng: np.random.Generator, part: Instruction) -> Instruction:
    """Give a walk or a turn any amount, now and then; half a turn without a side stays what it is."""
    if part.unit is None or part.direction is None or rng.random() >= ANY_AMOUNT:
        return part
    return replace(part, amount=any_amount(rng, part.unit))


def lesson(rng: np.random.Generator) -> Lesson:
    """Draw a command and say it, in words of training or in others, and now and then with a word or two never heard."""
    meaning = command(rng)
    if rng.random() < MOTION:
        meaning = _amounted(rng, sample_instruction(rng, "walk" if rng.random() < 0.5 else "turn"))
    chance = rng.random()
    sentence = reword(meaning, rng) if chance < REWORDED else say(meaning, rng)
    if REWORDED <= chance < REWORDED + OTHER_WORDS:
        sentence = other_words(sentence, rng)
    for part in meaning.parts:
        kept = part.amount is None or unheard(part.amount, str(part.unit), in_words=True)
        if not kept and rng.random() < IN_WORDS:
            sentence = spelled(sentence, part)
    sentence = _written(sentence, rng)
    return Lesson(_estranged(sentence, rng) if rng.random() < STRANGE else sentence, meaning)


def _estranged(sentence: str, rng: np.random.Generator) -> str:
    """Put words never heard in place of one or two others, or before or behind them all."""
    words = sentence.split()
    if rng.random() < 0.25:
        strangers = [STRANGER] * int(rng.integers(1, 4))
        return " ".join([*strangers, *words] if rng.random() < 0.6 else [*words, *strangers])
    for place in rng.choice(len(words), size=min(len(words), 1 + int(rng.random() < 0.4)), replace=False):
        words[place] = STRANGER
    return " ".join(words)


def _written(sentence: str, rng: np.random.Generator) -> str:
    """Write a sentence as people do: with a comma or a mark at its end, without articles, now and then."""
    if rng.random() < NO_ARTICLES:
        sentence = " ".join(word for word in sentence.split() if word not in ("the", "a"))
    if rng.random() < MARKS:
        if rng.random() < 0.7:  # not in "one hundred and five", "two and a half"
            sentence = re.sub(r"(?<!hundred) and (?!a half)", ", and ", sentence, count=1)
        if sentence.endswith(" please") and rng.random() < 0.5:
            sentence = f"{sentence.removesuffix(' please')}, please"
        sentence += "?" if sentence.startswith(("could", "can")) else ".!"[rng.integers(2)]
    return sentence


@cache
def heard_words() -> frozenset[str]:
    """Return every word of training, numbers in digits apart."""
    said = [*sentences(), *(in_words(float(number), "degrees") or "" for number in range(1, 181)), "half"]
    words = {word for sentence in said for word in sentence.replace("-", " ").split()}
    return frozenset(word for word in words if not word[0].isdigit())
