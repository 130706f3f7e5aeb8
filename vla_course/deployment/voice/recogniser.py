"""From sound to a sentence of the grammar, and what speaks for it: PocketSphinx, offline, on one core.

A grammar always finds the sentence of its own that fits best, whatever was said. So a second search runs beside it, a
loop over all sounds of English, which fits anything: how much better than that loop a sentence explains what was heard
is what `scores` compares (Rose and Paul 1990, "A hidden Markov model based keyword recognition system").
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from vla_course.deployment.voice.automaton import Automaton, compiled
from vla_course.deployment.voice.grammar import rules
from vla_course.deployment.voice.scores import SpeechScores
from vla_course.deployment.voice.sound import FULL, RATE, Samples, level, quantised

FRAME: Final = 0.01
"""s, from one frame to the next"""
GATE: Final = -50.0
"""dB of full scale: what is quieter throughout is a silent room, and in a silent room nobody is misheard"""
FLOOR: Final = 30.0
"""dB, by which the noise of a quiet room is fainter than the loudest tenth of a second of speech"""
PRONUNCIATIONS: Final[Mapping[str, str]] = {"anticlockwise": "AE N T IY K L AA K W AY Z"}
"""words of the language that PocketSphinx's dictionary lacks, in its own sounds (ARPABET)"""
_SEARCH: Final = {
    "beam": 1e-60,
    "pbeam": 1e-60,
    "wbeam": 1e-40,
    "wip": 0.005,
    "silprob": 0.1,
    "fillprob": 0.01,
    "bestpath": False,
    "compallsen": True,
}
"""Beams wide enough that noise does not cut the right path off. A word has to earn its place, or noise would be heard
as short ones; a pause or a bang between words costs little. The path is the best one to an end of the grammar. All
senones are computed for every frame: PocketSphinx counts scores from the best one that it has computed, so that those
of two searches could not be compared else."""
_SHIFT: Final = 1024.0
"""PocketSphinx keeps logs of likelihoods 1,024 times smaller than they are"""


class NoRecogniser(RuntimeError):
    """PocketSphinx is not there; says how to get it."""


@dataclass(frozen=True, slots=True)
class HeardWord:
    """A word, and from when to when it was heard, s in the sound."""

    word: str
    begin: float
    end: float


@dataclass(frozen=True, slots=True)
class Recognised:
    """What was heard.

    Attributes:
        words: of the sentence, without pauses; none where no path through the grammar was found.
        grammar, loop: log likelihood of all of it as this sentence, and as any sounds, nats.
        frames: of `FRAME` s, over which both add up; 0 where it was too quiet to be listened to.
    """

    words: tuple[HeardWord, ...] = ()
    grammar: float = -math.inf
    loop: float = -math.inf
    frames: int = 0

    @property
    def sentence(self) -> str:
        """In words of lower case; empty where nothing was found."""
        return " ".join(word.word for word in self.words)

    @property
    def scores(self) -> SpeechScores:
        """What both searches say of it, N = 1."""
        return table([self])


def table(heard: Sequence[Recognised]) -> SpeechScores:
    """Return what both searches say of several utterances."""
    return SpeechScores(
        np.array([one.grammar for one in heard]),
        np.array([one.loop for one in heard]),
        np.array([one.frames for one in heard], dtype=np.int64),
    )


class Recogniser:
    """Hears sentences of the course's language.

    Args:
        held_out: whether to expect paraphrases, too: four times the grammar, and more to mistake.

    Raises:
        NoRecogniser: PocketSphinx is not installed.
    """

    def __init__(self, held_out: bool = False) -> None:
        try:
            from pocketsphinx import Decoder, get_model_path
        except ImportError:
            raise NoRecogniser(
                "pocketsphinx is not installed: `make setup` installs it"
            ) from None
        self.automaton: Automaton = compiled(rules(held_out), "said")
        self._decoder = Decoder(lm=None, samprate=RATE, loglevel="FATAL", **_SEARCH)
        for word, sounds in PRONUNCIATIONS.items():
            self._decoder.add_word(word, sounds, update=False)
        last = len(self.automaton.arcs)
        grammar = self._decoder.create_fsg("commands", 0, last, list(_transitions(self.automaton)))
        self._decoder.add_fsg("commands", grammar)
        self._decoder.add_allphone_file("sounds", get_model_path("en-us/en-us-phone.lm.bin"))

    def recognise(self, samples: Samples) -> Recognised:
        """Return what was heard in a whole utterance, (N,) of 16 bits at `sound.RATE`.

        Raises:
            ValueError: these are no samples of 16 bits.
        """
        if not isinstance(samples, np.ndarray) or samples.dtype != np.int16 or samples.ndim != 1:
            what = getattr(samples, "dtype", type(samples).__name__)
            raise ValueError(f"samples are {what} of shape {np.shape(samples)}, expected int16 of one channel")
        if level(samples) < GATE:
            return Recognised()
        samples = _in_a_room(samples)
        _, loop = self._search("sounds", samples)
        segments, grammar = self._search("commands", samples)
        words = (segment for segment in segments if segment.word[0].isalpha())
        return Recognised(
            tuple(
                HeardWord(
                    _SPELLING.sub("", word.word), FRAME * word.start_frame, FRAME * (word.end_frame + 1)
                )
                for word in words
            ),
            grammar,
            loop,
            round(len(samples) / (FRAME * RATE)),
        )

    def _search(self, name: str, samples: Samples) -> tuple[list[Any], float]:
        """Return the segments of the best path of one search and its log likelihood, nats; -inf of no path."""
        decoder = self._decoder
        decoder.reinit_feat()  # or it would go on with the noise of what was heard before
        decoder.activate_search(name)
        decoder.start_utt()
        decoder.process_raw(samples.tobytes(), full_utt=True)
        decoder.end_utt()
        best = decoder.hyp()
        return ([], -math.inf) if best is None else (list(decoder.seg()), _SHIFT * math.log(best.score))


def _in_a_room(samples: Samples) -> Samples:
    """Return the samples with the noise of a quiet room added, white and the same every time.

    The acoustic model was trained on recordings, and every recording has such noise. It describes a frame by logs of
    the energy in each band: where a synthesised voice leaves a band all but empty, they are far below any that the
    model has seen. A little noise fills those bands, and changes nothing where speech is louder. Of 40 commands of
    calibration, in four voices that are used nowhere else, 39 were heard rightly with it, and 32 without.
    """
    loud = 10.0 ** ((level(samples) - FLOOR) / 20.0)
    room = loud * np.random.default_rng(0).normal(size=len(samples))
    return quantised(samples / FULL + room)


_SPELLING: Final = re.compile(r"\([0-9]+\)$")
"""the number of a word's pronunciation"""


def pronounced(words: Iterable[str], ours: bool = True) -> dict[str, str]:
    """Return how words are pronounced, those for which there is a pronunciation.

    Args:
        words: any.
        ours: whether `PRONUNCIATIONS` counts beside the dictionary that comes with PocketSphinx.
    """
    from pocketsphinx import get_model_path

    asked = set(words)
    found = {word: sounds for word, sounds in PRONUNCIATIONS.items() if ours and word in asked}
    with open(get_model_path("en-us/cmudict-en-us.dict"), encoding="utf-8") as file:
        for line in file:
            word, sounds = line.split(maxsplit=1)
            if word in asked:
                found[word] = sounds.strip()
    return found


def _transitions(automaton: Automaton) -> Iterator[tuple[int, int, float] | tuple[int, int, float, str]]:
    """Yield the arcs of an automaton: from each state all words are as probable, and so it is to end where it may."""
    last = len(automaton.arcs)
    for state, arcs in enumerate(automaton.arcs):
        for word, end in arcs.items():
            yield state, end, 1.0 / len(arcs), word
    for state in sorted(automaton.accepting):
        yield state, last, 1.0
