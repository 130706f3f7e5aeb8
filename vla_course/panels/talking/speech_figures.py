"""What a recogniser makes of speech: which ratios commands have and other speech has, and where each word was heard."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from vla_course.deployment.voice.belief import Belief
from vla_course.deployment.voice.calibration import Hearing, scores_of
from vla_course.deployment.voice.recogniser import Recognised
from vla_course.deployment.voice.sound import FULL, RATE, Samples
from vla_course.panels.drawing.style import COM, INK, SOFT, ZMP, Picture, legend_above, picture

Array = NDArray[np.float64]

_NEAR: Final = "#E69F00"
_MISHEARD: Final = "#CC79A7"
_NOISES: Final = {"none": "in quiet", "white": "white noise, 10 dB", "babble": "six people talking, 10 dB"}
_RANGE: Final = (-2.4, 1.4)
"""nats per frame that are drawn; what is outside, or has no path at all, stands at the edge"""


def ratio_picture(heard: Sequence[Hearing], belief: Belief | None = None) -> Picture:
    """Draw how much better than any sounds the grammar explains commands, and how much better everything else.

    Args:
        heard: of commands and what is none, in quiet and in noise.
        belief: its thresholds are drawn; None: none are.
    """
    noises = [noise for noise in _NOISES if any(one.noise == noise for one in heard)]
    figure, rows = picture(len(noises), height=1.0 + 1.45 * len(noises), sharex=True, alt=_alt(heard, belief))
    bins = np.linspace(*_RANGE, 39)
    for axes, noise in zip(rows, noises, strict=True):
        some = [one for one in heard if one.noise == noise]
        groups = (
            ("commands", COM, [one for one in some if one.is_right]),
            ("misheard commands", _MISHEARD, [o for o in some if o.kind == "command" and not o.is_right]),
            ("nearly commands", _NEAR, [one for one in some if one.kind == "near miss"]),
            ("everyday speech", ZMP, [one for one in some if one.kind == "everyday"]),
        )
        axes.hist(
            [np.clip(_ratios(those), *_RANGE) for _, _, those in groups],
            bins=list(bins),
            stacked=True,
            color=[colour for _, colour, _ in groups],
            label=[name for name, _, _ in groups],
        )
        axes.set_ylabel("utterances")
        axes.annotate(_NOISES[noise], (0.99, 0.86), xycoords="axes fraction", ha="right", color=SOFT)
        if belief is not None:
            axes.axvline(belief.threshold, color=INK, linewidth=1.4)
            axes.axvline(belief.wonders, color=INK, linewidth=1.4, linestyle=":")
    if belief is not None:
        for at, name, side in ((belief.threshold, "acts →", "left"), (belief.wonders, "← refuses", "right")):
            rows[0].annotate(
                f" {name} ", (at, 0.97), xycoords=("data", "axes fraction"), ha=side, va="top", fontsize=9
            )
    rows[0].annotate(
        "no path\nor less", (_RANGE[0] + 0.12, 0.9), xycoords=("data", "axes fraction"), va="top", fontsize=9
    )
    rows[-1].set_xlabel("log-likelihood ratio per frame, nats: grammar over any sounds")
    legend_above(rows[0], 4)
    return figure


def _ratios(heard: Sequence[Hearing]) -> Array:
    scores = scores_of(heard)
    found = np.full(len(heard), -np.inf)
    some = (scores.frames > 0) & np.isfinite(scores.grammar)
    found[some] = (scores.grammar[some] - scores.loop[some]) / scores.frames[some]
    return found


def _alt(heard: Sequence[Hearing], belief: Belief | None) -> str:
    commands = _ratios([one for one in heard if one.is_right])
    others = _ratios([one for one in heard if one.kind != "command"])
    told = (
        "Histograms of the log-likelihood ratio per frame. Half of the commands lie above "
        f"{np.median(commands):.2f}, half of what is no command below {np.median(others):.2f}; they overlap."
    )
    if belief is None:
        return told
    return (
        f"{told} The robot acts from {belief.threshold:.2f} on: {np.mean(commands >= belief.threshold):.0%} of the "
        f"commands and {np.mean(others >= belief.threshold):.0%} of the rest."
    )


def heard_picture(samples: Samples, heard: Recognised) -> Picture:
    """Draw a sound as a wave and as a spectrogram, with each word over the time in which it was heard.

    Args:
        samples: (N,) of 16 bits at `sound.RATE`.
        heard: what was recognised in it.
    """
    from scipy.signal import ShortTimeFFT
    from scipy.signal.windows import hamming

    sentence = heard.sentence or "nothing"
    figure, (wave, spectrum) = picture(
        2,
        height=3.8,
        sharex=True,
        height_ratios=(1, 2),
        alt=f"A wave and its spectrogram over {len(samples) / RATE:.1f} s; heard in it: {sentence}.",
    )
    times = np.arange(len(samples)) / RATE
    wave.plot(times, samples / FULL, color=COM, linewidth=0.5)
    wave.set(ylabel="of full scale", yticks=[])
    transform = ShortTimeFFT(hamming(400), hop=160, fs=RATE, mfft=512)  # frames as the recogniser has them
    power = np.abs(transform.stft(samples / FULL)) ** 2
    decibels = 10.0 * np.log10(power + 1e-12)
    top = float(decibels.max())
    spectrum.imshow(
        decibels,
        origin="lower",
        aspect="auto",
        cmap="magma",
        extent=(*transform.extent(len(samples))[:2], 0.0, RATE / 2000.0),
        vmin=top - 70.0,
        vmax=top,
    )
    spectrum.set(xlabel="s", ylabel="kHz", xlim=(0.0, times[-1]))
    spectrum.grid(False)
    for k, word in enumerate(heard.words):
        for axes in (wave, spectrum):
            axes.axvline(word.begin, color=SOFT if axes is wave else "white", linewidth=0.7)
            axes.axvline(word.end, color=SOFT if axes is wave else "white", linewidth=0.7)
        middle = (word.begin + word.end) / 2.0
        height = 1.05 + 0.17 * (k % 2)  # short words would stand on each other
        wave.annotate(
            word.word, (middle, height), xycoords=("data", "axes fraction"), ha="center", fontsize=10
        )
    return figure
