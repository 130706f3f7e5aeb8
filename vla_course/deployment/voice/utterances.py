"""Utterances by the hundred, synthesised: commands and what is none, in quiet and in noise.

For calibration and for tests voices differ, and so do sentences, the people who babble, and all chance. A synthesised
voice is clear and even: what is measured with it says how the parts of a recogniser work together, and nothing of how
well it understands people.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache
from typing import Final, Literal

import numpy as np

from vla_course.deployment.voice.outside import SENTENCES, Purpose
from vla_course.deployment.voice.sound import Array, Samples, babble, in_silence, quantised, white, with_noise
from vla_course.deployment.voice.synthesis import Voice, synthesise
from vla_course.learning.reading.near_misses.near_misses import aside
from vla_course.simulation.tasks.asked import sample_instruction, sample_pair
from vla_course.simulation.tasks.instructions import SKILLS
from vla_course.simulation.tasks.plain_words import in_words
from vla_course.simulation.tasks.saying import say
from vla_course.simulation.tasks.words import UNITS

Kind = Literal["command", "paraphrase", "everyday", "near miss"]
Noise = Literal["none", "white", "babble"]

KINDS: Final[tuple[Kind, ...]] = ("command", "paraphrase", "everyday", "near miss")
VOICES: Final[dict[Purpose, tuple[str, ...]]] = {
    "calibration": ("en-us+m1", "en-us+f1", "en-us+m3", "en-us+f3"),
    "test": ("en-us+m2", "en-us+f2", "en-us+m4", "en-us+f4"),
}
RATES: Final = (130, 171)
"""words a minute, from and to below"""
PITCHES: Final = (35, 66)
TALKERS: Final = 6
"""who babble at once"""
PAIRS: Final = 5
"""every so many-th command is two in a row"""
FAINT: Final = 60.0
"""dB below speech: no room is quieter, and digital silence is nothing that a microphone ever hears"""


@dataclass(frozen=True)
class Utterance:
    """Something said.

    Attributes:
        purpose, kind, number: what it is drawn from, and its whole chance.
        sentence: in words as they are spoken.
        voice: whose.
        noise, snr: beside it, and how many dB below the speech.
    """

    purpose: Purpose
    kind: Kind
    number: int
    sentence: str
    voice: Voice
    noise: Noise = "none"
    snr: float = FAINT

    @property
    def key(self) -> str:
        """Its name."""
        loud = "" if self.noise == "none" else f" {self.snr:g} dB"
        return f"{self.purpose} {self.kind} {self.number} {self.noise}{loud}"

    def beside(self, noise: Noise, snr: float) -> Utterance:
        """Return the same words in the same voice, in noise."""
        return replace(self, noise=noise, snr=snr)

    def samples(self) -> Samples:
        """Return how it sounds, (N,) at `sound.RATE`."""
        speech = in_silence(synthesise(self.sentence, self.voice))
        rng = np.random.default_rng([self.number, len(self.sentence)])
        if self.noise == "babble":
            noise = talk_of_others(self.purpose, len(speech), rng)
        else:
            noise = white(len(speech), rng)
        return quantised(with_noise(speech, noise, self.snr))


def utterance(purpose: Purpose, kind: Kind, number: int) -> Utterance:
    """Draw an utterance, in quiet."""
    rng = np.random.default_rng([list(VOICES).index(purpose), KINDS.index(kind), number])
    match kind:
        case "command" | "paraphrase":
            sentence = _command(rng, number, held_out=kind == "paraphrase")
        case "everyday":
            sentence = SENTENCES[purpose][number % len(SENTENCES[purpose])]
        case _:
            sentence = aside(rng, "tests" if purpose == "test" else "validation").sentence
    voices = VOICES[purpose]
    voice = Voice(voices[number % len(voices)], int(rng.integers(*RATES)), int(rng.integers(*PITCHES)))
    return Utterance(purpose, kind, number, spoken(sentence), voice)


def _command(rng: np.random.Generator, number: int, held_out: bool) -> str:
    """Draw a command: every skill in turn, and every so often two."""
    if number % PAIRS == PAIRS - 1:
        meaning = sample_pair(rng)
    else:
        meaning = sample_instruction(rng, SKILLS[number % len(SKILLS)])
    return say(meaning, rng, held_out)


def spoken(sentence: str) -> str:
    """Write the amounts of a sentence in words, as they are said aloud."""
    return _AMOUNT.sub(_words, sentence)


_AMOUNT: Final = re.compile(
    rf"(?<![0-9.])([0-9]+(?:\.5)?) ({'|'.join(word for unit in UNITS.values() for word in unit.every)})\b"
)


def _words(match: re.Match[str]) -> str:
    unit, names = next((unit, said.every) for unit, said in UNITS.items() if match[2] in said.every)
    amount = float(match[1])
    words = in_words(amount, unit)
    if words is None:
        return match[0]
    name = names[names.index(match[2]) // 2 * 2] if amount <= 1.0 else match[2]
    return f"{words.rpartition(' ')[0]} {name}"


def talk_of_others(purpose: Purpose, length: int, rng: np.random.Generator) -> Array:
    """Return `TALKERS` people talking at once (length,), each of something else."""
    return babble(length, _talkers(purpose), rng)


@cache
def _talkers(purpose: Purpose) -> list[Array]:
    """Return several people who each say a few everyday sentences."""
    sentences, voices = SENTENCES[purpose], VOICES[purpose]
    return [
        synthesise(
            " ".join(sentences[k::TALKERS][:4]), Voice(voices[k % len(voices)], 140 + 5 * k, 40 + 4 * k)
        )
        for k in range(TALKERS)
    ]
