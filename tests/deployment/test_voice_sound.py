"""Sound and noise, and where in a stream somebody speaks."""

import numpy as np
import pytest

from vla_course.deployment.voice.microphone import BLOCK, utterances
from vla_course.deployment.voice.sound import (
    LOUDNESS,
    RATE,
    babble,
    in_silence,
    level,
    loudness,
    quantised,
    resampled,
    white,
    with_noise,
)


def tone(hertz: float, rate: int, seconds: float = 1.0) -> np.ndarray:
    return (10_000.0 * np.sin(2.0 * np.pi * hertz * np.arange(round(rate * seconds)) / rate)).astype(np.int16)


def test_a_tone_keeps_its_pitch_and_its_loudness() -> None:
    found = resampled(tone(1000.0, 22_050), 22_050)
    assert len(found) == pytest.approx(RATE, abs=1)
    assert np.abs(np.fft.rfft(found)).argmax() == pytest.approx(1000, abs=1)
    assert loudness(found) == pytest.approx(10_000 / 32_768 / np.sqrt(2.0), rel=0.01)


def test_what_is_too_high_for_the_new_rate_does_not_come_back_as_another_tone() -> None:
    assert loudness(resampled(tone(10_000.0, 22_050), 22_050)) < 1e-3


@pytest.mark.parametrize("snr", [0.0, 10.0, 25.0])
def test_noise_is_as_loud_as_it_is_said_to_be(snr: float) -> None:
    speech = in_silence(tone(300.0, RATE) / 32_768.0)
    rng = np.random.default_rng(0)
    for noise in (white(len(speech), rng), babble(len(speech), [white(5000, rng), white(7000, rng)], rng)):
        added = with_noise(speech, noise, snr) - speech
        assert 20.0 * np.log10(LOUDNESS / loudness(added)) == pytest.approx(snr, abs=0.05)


def test_noise_that_is_shorter_than_the_speech_is_refused() -> None:
    with pytest.raises(ValueError, match="expected 100"):
        with_noise(np.ones(100), np.ones(99), 10.0)


def test_levels() -> None:
    assert level(np.zeros(RATE, dtype=np.int16)) == -np.inf
    assert level(np.zeros(0, dtype=np.int16)) == -np.inf
    assert level(tone(500.0, RATE)) == pytest.approx(20.0 * np.log10(10_000 / 32_768 / np.sqrt(2.0)), abs=0.1)


def test_samples_that_are_too_loud_are_cut_off_and_do_not_wrap() -> None:
    assert quantised(np.array([2.0, -2.0])).tolist() == [32_767, -32_768]


# ---- in a stream ----------------------------------------------------------------------------------


def stream(*parts: tuple[float, float]) -> list[np.ndarray]:
    """Blocks of noise of so many seconds and such loudness each."""
    rng = np.random.default_rng(1)
    sound = np.concatenate([loud * rng.normal(size=round(seconds * RATE)) for seconds, loud in parts])
    return list(quantised(sound).reshape(-1, BLOCK))


ROOM, VOICE = 0.002, 0.05


def test_each_utterance_is_cut_out_with_a_little_of_the_room_on_either_side() -> None:
    found = list(utterances(stream((2.0, ROOM), (1.0, VOICE), (2.0, ROOM), (0.5, VOICE), (1.5, ROOM))))
    assert [round(len(one) / RATE, 1) for one in found] == [1.6, 1.1]


def test_a_short_pause_does_not_end_it() -> None:
    found = list(utterances(stream((1.0, ROOM), (0.5, VOICE), (0.4, ROOM), (0.5, VOICE), (1.0, ROOM))))
    assert len(found) == 1


def test_a_silent_room_says_nothing_and_one_that_gets_louder_slowly_neither() -> None:
    assert not list(utterances(stream((5.0, ROOM))))
    assert not list(utterances(stream(*((0.5, ROOM * 1.1**k) for k in range(20)))))


def test_who_never_stops_is_heard_all_the_same() -> None:
    assert len(list(utterances(stream((1.0, ROOM), (30.0, VOICE))))) >= 2


def test_what_is_said_last_is_not_lost() -> None:
    assert len(list(utterances(stream((1.0, ROOM), (0.5, VOICE))))) == 1
