"""What a reader is asked, kind by kind: sentences as in training, and others, each unlike them in one way."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Final

import numpy as np

from vla_course.learning.reading.command_reader import CommandReader, listen
from vla_course.learning.reading.heard import Heard
from vla_course.learning.reading.lessons import Lesson, any_amount, command, heard_words, spelled
from vla_course.learning.reading.near_misses.near_misses import aside, faulty
from vla_course.simulation.scene.things import HELD_OUT, TRAINED
from vla_course.simulation.tasks.asked import sample_instruction
from vla_course.simulation.tasks.instructions import SKILLS, Skill
from vla_course.simulation.tasks.saying import say
from vla_course.simulation.tasks.words import COLOUR_WORDS, SHAPE_WORDS, THING_WORDS, noun_words

if TYPE_CHECKING:
    from vla_course.learning.encoders.encoders import LanguageEncoder

_SYNONYMS: Final = {
    word
    for wording in (*SHAPE_WORDS.values(), *COLOUR_WORDS.values(), THING_WORDS)
    for word in wording.held_out
}


def seen(rng: np.random.Generator) -> Lesson:
    """One command, in words of training."""
    meaning = command(rng, pair=False)
    return Lesson(say(meaning, rng), meaning)


def two(rng: np.random.Generator) -> Lesson:
    """Two commands, in words of training."""
    meaning = command(rng, pair=True)
    return Lesson(say(meaning, rng), meaning)


def reworded(rng: np.random.Generator, pair: bool = False) -> Lesson:
    """One command in a held-out template; nouns in words of training, all other words as they come."""
    while True:
        meaning = command(rng, pair)
        sentence = say(meaning, rng, held_out=True)
        if not _words(sentence) & _SYNONYMS:
            return Lesson(sentence, meaning)


def reordered(rng: np.random.Generator) -> Lesson:
    """The same, all words of which are known from training."""
    return _such(reworded, lambda one: _words(one.sentence) <= heard_words(), rng)


def new_word(rng: np.random.Generator) -> Lesson:
    """The same, with at least one word that no training has heard."""
    return _such(reworded, lambda one: not _words(one.sentence) <= heard_words(), rng)


def reworded_two(rng: np.random.Generator) -> Lesson:
    """Two commands in held-out templates."""
    return reworded(rng, pair=True)


def synonym(rng: np.random.Generator) -> Lesson:
    """One command as in training, but for one noun: "the crimson mug"."""
    while True:
        asked = seen(rng)
        assert asked.meaning is not None
        for noun in asked.meaning.nouns:
            wording = noun_words(noun)
            said = [words for words in wording.seen if f"the {words}" in asked.sentence]
            if said and wording.held_out:
                other = wording.held_out[rng.integers(len(wording.held_out))]
                longest = max(said, key=len)
                return replace(asked, sentence=asked.sentence.replace(f"the {longest}", f"the {other}", 1))


def pair_trial(name: str) -> Callable[[np.random.Generator], Lesson]:
    """One command in words of training about a pair of colour and shape that training never names."""

    def trial(rng: np.random.Generator) -> Lesson:
        while True:
            others = rng.choice(len(TRAINED), 2, replace=False)
            among = [name, *(TRAINED[k] for k in others)]
            meaning = sample_instruction(rng, SKILLS[rng.integers(len(SKILLS))], among)
            if name in meaning.things:
                return Lesson(say(meaning, rng), meaning)

    return trial


def amount_trial(unit: str, words: bool = False) -> Callable[[np.random.Generator], Lesson]:
    """A walk or a turn by an amount that training never names; with `words` one that is spelled out."""

    def trial(rng: np.random.Generator) -> Lesson:
        skill: Skill = "turn" if unit == "degrees" else "walk"
        while True:
            meaning = sample_instruction(rng, skill)
            if meaning.unit == unit and meaning.direction is not None:
                meaning = replace(meaning, amount=any_amount(rng, unit, kept=True, in_words=words))
                sentence = say(meaning, rng)
                return Lesson(spelled(sentence, meaning) if words else sentence, meaning)

    return trial


def _such(
    kind: Callable[[np.random.Generator], Lesson], fit: Callable[[Lesson], bool], rng: np.random.Generator
) -> Lesson:
    while True:
        if fit(one := kind(rng)):
            return one


def _words(sentence: str) -> set[str]:
    return {word for word in sentence.replace("-", " ").split() if not word[0].isdigit()}


@dataclass(frozen=True)
class Trial:
    """A sentence, what it means, and what was heard."""

    lesson: Lesson
    heard: Heard

    @property
    def right(self) -> bool:
        """Whether exactly this was heard, in every field; nothing is right about what is no command."""
        meaning, heard = self.lesson.meaning, self.heard
        return meaning is not None and heard.forms_an_instruction and heard.instruction() == meaning


def ask(reader: CommandReader, language: LanguageEncoder, lessons: Sequence[Lesson]) -> list[Trial]:
    """Let the reader hear sentences."""
    heard: list[Heard] = []
    for first in range(0, len(lessons), 64):
        heard += listen(reader, language, [one.sentence for one in lessons[first : first + 64]])
    return [Trial(*pair) for pair in zip(lessons, heard, strict=True)]


def trials(pairs: bool = True) -> Iterator[tuple[str, Callable[[np.random.Generator], Lesson]]]:
    """Yield every kind of question by its name."""
    yield "one command, as in training", seen
    yield "two commands, as in training", two
    yield "one command, template reworded", reworded
    yield "  of these, every word known", reordered
    yield "  of these, with a word never heard", new_word
    yield "two commands, templates reworded", reworded_two
    yield "noun replaced by a synonym", synonym
    yield "degrees never heard", amount_trial("degrees")
    yield "metres never heard", amount_trial("metres")
    yield "degrees in words never heard", amount_trial("degrees", words=True)
    yield "metres in words never heard", amount_trial("metres", words=True)
    if pairs:
        for name in HELD_OUT:
            yield f"pair never named: {name}", pair_trial(name)
    yield "no command: a fault in one", partial(faulty, purpose="tests")
    yield "no command: an aside of another kind", partial(aside, purpose="tests")
