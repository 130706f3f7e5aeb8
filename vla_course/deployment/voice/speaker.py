"""How the robot answers: aloud where this machine can, else in writing.

`speaker()` takes the first that is there: the system's own voice (pyttsx3), espeak-ng from its wheel, played where
there is a loudspeaker and handed over as sound in any case, or text alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from vla_course.deployment.voice.sound import RATE, Array
from vla_course.deployment.voice.synthesis import NoVoice, Voice, can_synthesise, synthesise


@dataclass(frozen=True, eq=False)
class Spoken:
    """What was said.

    Attributes:
        text: in writing.
        sound: (N,) at `sound.RATE`, for whoever wants to play it; None where it was not synthesised here.
    """

    text: str
    sound: Array | None = None


class Speaker(Protocol):
    """Says something."""

    def say(self, text: str) -> Spoken:
        """Say a text; returns when it has been said."""


class Silent:
    """Says nothing aloud."""

    def say(self, text: str) -> Spoken:
        """Return the text."""
        return Spoken(text)


class SystemVoice:
    """The voice of the operating system.

    Raises:
        NoVoice: there is none, or no pyttsx3.
    """

    def __init__(self) -> None:
        try:
            import pyttsx3

            self._engine: Any = pyttsx3.init()
        except (
            ImportError,
            OSError,
            RuntimeError,
            KeyError,
        ) as why:  # each system misses its voice in its own way
            raise NoVoice(f"there is no system voice: {why}") from None

    def say(self, text: str) -> Spoken:
        """Say a text on the system's loudspeaker."""
        self._engine.say(text)
        self._engine.runAndWait()
        return Spoken(text)


class SynthesisedVoice:
    """espeak-ng, without anything of the system's.

    Args:
        voice: who speaks; by default an American at 150 words a minute.
        aloud: whether to play it where there is a loudspeaker; a notebook plays `Spoken.sound` itself.

    Raises:
        NoVoice: espeak-ng is not installed.
    """

    def __init__(self, voice: Voice | None = None, aloud: bool = True) -> None:
        if not can_synthesise():
            raise NoVoice("espeak-ng cannot be loaded: `make setup` installs it")
        self.voice, self._aloud = voice or Voice(), aloud

    def say(self, text: str) -> Spoken:
        """Say a text."""
        sound = synthesise(text, self.voice)
        if self._aloud:
            play(sound)
        return Spoken(text, sound)


def speaker(aloud: bool = True) -> Speaker:
    """Return the best voice that there is.

    Args:
        aloud: whether to use a loudspeaker; else the system's voice, which has nothing else, is passed over.
    """
    if aloud:
        try:
            return SystemVoice()
        except NoVoice:
            pass
    try:
        return SynthesisedVoice(aloud=aloud)
    except NoVoice:
        return Silent()


def play(sound: Array) -> bool:
    """Play sound (N,) at `sound.RATE` and wait for its end; False where there is nothing to play it on."""
    try:
        import sounddevice
    except (ImportError, OSError):  # OSError: the package is there, PortAudio is not
        return False
    try:
        sounddevice.play(sound, RATE)
        sounddevice.wait()
    except sounddevice.PortAudioError:
        return False
    return True
