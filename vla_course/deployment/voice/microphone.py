"""A microphone where there is one, and where in a stream of sound somebody has said something."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

import numpy as np

from vla_course.deployment.voice.sound import FULL, RATE, Samples, loudness

BLOCK: Final = RATE // 10
"""samples that are looked at together"""
ABOVE: Final = 10.0
"""dB over the room, from which on somebody speaks"""
SILENT: Final = 7
"""blocks of silence after which somebody has finished"""
BEFORE: Final = 3
"""blocks of the room that are kept before and after: a recogniser hears from them what noise there is"""
LONGEST: Final = 120
"""blocks of one utterance"""
ADAPTS: Final = 0.1
"""what part of the room's loudness each quiet block renews"""


class NoMicrophone(RuntimeError):
    """There is nothing to listen with; says why, and that typing does as well."""


def utterances(blocks: Iterable[Samples]) -> Iterator[Samples]:
    """Cut a stream into what was said, each with a little of the room before and after it.

    Somebody speaks from the first block that is `ABOVE` the room, until `SILENT` blocks are not; the room is as loud as
    the blocks are in which nobody speaks, the first one among them.

    Args:
        blocks: of `BLOCK` samples of 16 bits at `sound.RATE`.
    """
    room: float | None = None
    kept: list[Samples] = []
    quiet, speaks = 0, False
    for block in blocks:
        loud = max(loudness(block / FULL), 1.0 / FULL)
        room = loud if room is None else room
        quiet = 0 if loud > room * 10.0 ** (ABOVE / 20.0) else quiet + 1
        kept.append(block)
        if quiet == 0:
            speaks = True
        elif not speaks:
            room += ADAPTS * (loud - room)
            kept = kept[-BEFORE:]
        if speaks and (quiet == SILENT or len(kept) == LONGEST):
            yield np.concatenate(kept[: len(kept) - max(0, quiet - BEFORE)])
            kept, quiet, speaks = [], 0, False
    if speaks:
        yield np.concatenate(kept)


class Microphone:
    """The microphone of this machine.

    Raises:
        NoMicrophone: there is none.
    """

    def __init__(self) -> None:
        try:
            import sounddevice
        except ImportError:
            raise NoMicrophone(
                "I have no ears here: sounddevice is not installed. Type what you would say"
            ) from None
        except OSError:
            raise NoMicrophone("I have no ears here: PortAudio is missing. Type what you would say") from None
        try:
            sounddevice.check_input_settings(samplerate=RATE, channels=1, dtype="int16")
        except (sounddevice.PortAudioError, ValueError):
            raise NoMicrophone("I have no ears here: no microphone. Type what you would say") from None
        self._sounddevice: Any = sounddevice

    def blocks(self) -> Iterator[Samples]:
        """Yield what is heard from now on, a block at a time, for as long as somebody asks."""
        with self._sounddevice.InputStream(samplerate=RATE, channels=1, dtype="int16") as stream:
            while True:
                block, _ = stream.read(BLOCK)
                yield block[:, 0].copy()
