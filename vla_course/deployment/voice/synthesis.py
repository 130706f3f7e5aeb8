"""Speech from text, offline: espeak-ng, whose library and data come in the wheel of `espeakng-loader`."""

from __future__ import annotations

import _ctypes
import ctypes
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from vla_course.deployment.voice.sound import Array, Samples, resampled

_SYNCHRONOUS: Final = 2
_UTF8: Final = 1
_DO_NOT_EXIT: Final = 0x8000
_RATE, _PITCH = 1, 3
"""of espeak_PARAMETER in espeak-ng's speak_lib.h, as the constants above"""


class NoVoice(RuntimeError):
    """There is nothing on this machine that speaks; says what is missing."""


@dataclass(frozen=True, slots=True)
class Voice:
    """Who speaks.

    Attributes:
        name: a language of espeak-ng and a variant of its voice, such as "en-us+f2".
        rate: words a minute, 80 to 450.
        pitch: 0 to 99; 50 is usual.
    """

    name: str = "en-us"
    rate: int = 150
    pitch: int = 50

    def __post_init__(self) -> None:
        for field, least, most in (("rate", 80, 450), ("pitch", 0, 99)):
            value = getattr(self, field)
            if type(value) is not int or not least <= value <= most:
                raise ValueError(f"Voice.{field} is {value!r}, expected a whole number, {least} to {most}")
        if not isinstance(self.name, str):
            raise ValueError(f"Voice.name is {self.name!r}, expected a voice of espeak-ng such as 'en-us+f2'")


def synthesise(text: str, voice: Voice = Voice()) -> Array:
    """Return a text spoken, (N,) in -1 to 1 at `sound.RATE`; the same text and voice sound the same every time.

    The library is loaded anew for each text. It keeps the phase of its voice and its chance from one text to the next,
    and what was said before would be heard in what is said now; that costs 3 ms.

    Raises:
        NoVoice: espeak-ng is not installed, or cannot be loaded.
        ValueError: it has no such language.
    """
    if not text.strip():
        return np.zeros(0)
    library = _load()
    try:
        chunks: list[Samples] = []
        receive = _CALLBACK(lambda wave, count, events: _take(chunks, wave, count))
        rate = library.espeak_Initialize(_SYNCHRONOUS, 0, _data(), _DO_NOT_EXIT)
        if rate <= 0:
            raise NoVoice(f"espeak-ng found no data in {_data().decode()}")
        library.espeak_SetSynthCallback(receive)
        if library.espeak_SetVoiceByName(voice.name.encode()) != 0:
            raise ValueError(
                f"Voice.name is {voice.name!r}, expected a voice of espeak-ng such as 'en-us+f2'"
            )
        library.espeak_SetParameter(_RATE, voice.rate, 0)
        library.espeak_SetParameter(_PITCH, voice.pitch, 0)
        said = text.encode()
        library.espeak_Synth(said, ctypes.c_size_t(len(said) + 1), 0, 0, 0, _UTF8, None, None)
    finally:
        library.espeak_Terminate()
        _unload(library)
    return resampled(np.concatenate(chunks), rate) if chunks else np.zeros(0)


def can_synthesise() -> bool:
    """Tell whether there is a voice here."""
    try:
        _unload(_load())
    except NoVoice:
        return False
    return True


_CALLBACK: Final = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p
)


def _take(chunks: list[Samples], wave: Any, count: int) -> int:
    if count > 0:
        chunks.append(np.ctypeslib.as_array(wave, (count,)).copy())
    return 0


def _load() -> ctypes.CDLL:
    try:
        import espeakng_loader
    except ImportError:
        raise NoVoice(
            "espeakng-loader is not installed: `make setup` installs it"
        ) from None
    try:
        return ctypes.CDLL(espeakng_loader.get_library_path())
    except OSError as why:
        raise NoVoice(f"espeak-ng cannot be loaded: {why}") from None


def _unload(library: ctypes.CDLL) -> None:
    if sys.platform == "win32":
        _ctypes.FreeLibrary(library._handle)
    else:
        _ctypes.dlclose(library._handle)


def _data() -> bytes:
    import espeakng_loader

    return str(Path(espeakng_loader.get_data_path()).parent).encode()
