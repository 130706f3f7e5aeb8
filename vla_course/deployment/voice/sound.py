"""Sound as a recogniser takes it: 16,000 samples a second, one channel, and noise of a stated loudness."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.int16]
Array = NDArray[np.float64]

RATE: Final = 16_000
"""samples a second, for which the acoustic model was trained"""
FULL: Final = 32_768.0
"""of a sample of 16 bits: what 1.0 is in numbers"""
PAUSE: Final = 0.3
"""s of silence before and after somebody speaks"""
LOUDNESS: Final = 0.05
"""root mean square of synthesised speech, of full scale: 26 dB below it, as a level meter would have it"""


def resampled(samples: Samples, rate: int) -> Array:
    """Return samples taken `rate` times a second as they are at `RATE`, in numbers from -1 to 1.

    What lies above the new Nyquist frequency is filtered off first (`scipy.signal.resample_poly`): it would come back
    as a tone that nobody made.
    """
    from scipy.signal import resample_poly

    common = int(np.gcd(RATE, rate))
    found: Array = resample_poly(samples / FULL, RATE // common, rate // common)
    return found


def quantised(sound: Array) -> Samples:
    """Return numbers from -1 to 1 as samples of 16 bits; what is louder is cut off."""
    return np.clip(np.round(sound * FULL), -FULL, FULL - 1.0).astype(np.int16)


def loudness(sound: Array) -> float:
    """Return the root mean square of numbers from -1 to 1; 0 of no sound at all."""
    return float(np.sqrt(np.mean(sound * sound))) if len(sound) else 0.0


def level(samples: Samples) -> float:
    """Return the level of the loudest tenth of a second, dB of full scale; -inf of silence and of nothing."""
    sound = samples / FULL
    tenth = RATE // 10
    windows = np.array_split(sound, max(1, len(sound) // tenth))
    loudest = max(map(loudness, windows))
    return float(20.0 * np.log10(loudest)) if loudest > 0.0 else float("-inf")


def in_silence(speech: Array, pause: float = PAUSE) -> Array:
    """Return speech at the usual `LOUDNESS` with `pause` s of silence before and after it."""
    silence = np.zeros(round(pause * RATE))
    scale = LOUDNESS / loudness(speech) if len(speech) else 1.0
    return np.concatenate([silence, scale * speech, silence])


def with_noise(sound: Array, noise: Array, snr: float) -> Array:
    """Return speech at the usual loudness with noise added, so many dB below the speech.

    Args:
        sound: speech (N,), as `in_silence` returns it.
        noise: (N,) or more.
        snr: 20 log10 of the root mean square of speech over that of noise, dB; pauses do not count as speech.

    Raises:
        ValueError: the noise is shorter than the speech, or silent.
    """
    if len(noise) < len(sound) or not loudness(noise) > 0.0:
        raise ValueError(f"noise has {len(noise)} samples, expected {len(sound)} or more, not silent")
    noise = noise[: len(sound)]
    return sound + noise * (LOUDNESS * 10.0 ** (-snr / 20.0) / loudness(noise))


def white(length: int, rng: np.random.Generator) -> Array:
    """Return white noise (length,)."""
    return rng.normal(size=length)


def babble(length: int, talkers: list[Array], rng: np.random.Generator) -> Array:
    """Return several people talking at once, over and over, each beginning anywhere in what they say (length,)."""
    mixed = np.zeros(length)
    for talk in talkers:
        over = np.resize(np.roll(talk, int(rng.integers(len(talk)))), length)
        mixed += over / max(loudness(over), 1e-9)
    return mixed
