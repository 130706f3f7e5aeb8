"""Speech is synthesised and recognised without anything from outside, the same way every time."""

from dataclasses import replace

import numpy as np
import pytest

pytest.importorskip("pocketsphinx")
pytest.importorskip("espeakng_loader")

from vla_course.deployment.voice.automaton import compiled
from vla_course.deployment.voice.belief import Belief, VoiceParts
from vla_course.deployment.voice.calibration import hearings, scores_of
from vla_course.deployment.voice.grammar import rules
from vla_course.deployment.voice.recogniser import PRONUNCIATIONS, Recognised, Recogniser, pronounced
from vla_course.deployment.voice.scores import SpeechScores
from vla_course.deployment.voice.sound import RATE, Samples, in_silence, quantised, white, with_noise
from vla_course.deployment.voice.synthesis import Voice, synthesise
from vla_course.deployment.voice.utterances import FAINT, utterance


@pytest.fixture(scope="module")
def recogniser() -> Recogniser:
    return Recogniser()


@pytest.fixture(scope="module")
def belief() -> Belief:
    return Belief()


PLAIN = Voice("en-us+m1")


def said(text: str) -> Samples:
    speech = in_silence(synthesise(text, PLAIN))
    return quantised(with_noise(speech, white(len(speech), np.random.default_rng(0)), FAINT))


# ---- synthesis ------------------------------------------------------------------------------------


def test_a_sentence_sounds_the_same_whatever_was_said_before() -> None:
    first = synthesise("pick up the red cup")
    synthesise("something else", Voice("en-us+f2", 170, 60))
    assert np.array_equal(synthesise("pick up the red cup"), first)


def test_who_speaks_faster_has_finished_sooner() -> None:
    slow, fast = (synthesise("walk to the table", Voice(rate=rate)) for rate in (130, 170))
    assert 1.15 < len(slow) / len(fast) < 1.5


def test_a_higher_voice_is_higher() -> None:
    def pitch(sound: np.ndarray) -> float:
        """By the delay after which a vowel repeats itself, 1.7 to 16 ms, in Hz."""
        vowel = sound[len(sound) // 4 : len(sound) // 2]
        alike = np.correlate(vowel, vowel, "full")[len(vowel) :]
        return RATE / (27 + int(alike[26:256].argmax()))

    assert pitch(synthesise("ah", Voice(pitch=80))) > 1.2 * pitch(synthesise("ah", Voice(pitch=20)))


def test_nothing_to_say_is_no_sound() -> None:
    assert len(synthesise(" ")) == 0


def test_a_voice_that_is_not_there_is_told() -> None:
    with pytest.raises(ValueError, match="'xx-yy'"):
        synthesise("hello", Voice("xx-yy"))
    with pytest.raises(ValueError, match="rate is 20"):
        Voice(rate=20)


# ---- recognition ----------------------------------------------------------------------------------


def test_every_word_of_the_language_can_be_pronounced() -> None:
    words = compiled(rules(held_out=True), "said").words
    found = pronounced(words)
    assert [word for word in words if word not in found] == []
    sounds = {sound for word in found for sound in found[word].split()}
    assert {sound for known in PRONUNCIATIONS.values() for sound in known.split()} <= sounds


def test_only_what_the_dictionary_lacks_is_pronounced_by_hand() -> None:
    assert all(pronounced([word], ours=False) == {} for word in PRONUNCIATIONS)


def test_commands_are_heard(recogniser: Recogniser) -> None:
    for text in ("pick up the red cup", "turn around", "stop", "quit"):
        assert recogniser.recognise(said(text)).sentence == text


@pytest.mark.parametrize(("name", "number"), [("en-us+m5", 17), ("en-us+m7", 3), ("en-us+m7", 27)])
def test_voices_without_the_noise_of_a_room_are_heard(recogniser: Recogniser, name: str, number: int) -> None:
    drawn = utterance("calibration", "command", number)
    faint = replace(drawn, voice=replace(drawn.voice, name=name))
    assert recogniser.recognise(faint.samples()).sentence == drawn.sentence


def test_words_are_heard_where_they_are(recogniser: Recogniser) -> None:
    samples = said("walk to the table")
    words = recogniser.recognise(samples).words
    assert [word.word for word in words] == ["walk", "to", "the", "table"]
    times = [time for word in words for time in (word.begin, word.end)]
    assert times == sorted(times)
    assert times[0] == pytest.approx(0.3, abs=0.1)
    assert times[-1] <= len(samples) / RATE


def test_what_was_heard_before_makes_no_difference(recogniser: Recogniser) -> None:
    samples = said("look at the green box")
    first = recogniser.recognise(samples)
    recogniser.recognise(utterance("test", "everyday", 0).beside("white", 0.0).samples())
    assert recogniser.recognise(samples) == first


@pytest.mark.parametrize("samples", [np.zeros(RATE, dtype=np.int16), np.zeros(0, dtype=np.int16)])
def test_in_silence_nothing_is_heard(recogniser: Recogniser, samples: Samples) -> None:
    assert recogniser.recognise(samples) == Recognised()


def test_what_is_no_sound_of_16_bits_is_refused(recogniser: Recogniser) -> None:
    with pytest.raises(ValueError, match="float64"):
        recogniser.recognise(np.zeros(RATE))  # type: ignore[arg-type]


# ---- belief ---------------------------------------------------------------------------------------


def test_commands_are_believed_and_the_radio_is_not(recogniser: Recogniser, belief: Belief) -> None:
    for text in ("pick up the red cup", "walk to the table"):
        heard = recogniser.recognise(said(text))
        assert belief.verdict(heard) == "act"
        assert belief.confidence(heard) > 0.2
    for text in ("The train was late again this morning.", "My sister lives in the country."):
        heard = recogniser.recognise(said(text))
        assert belief.verdict(heard) == "refuse"
        assert belief.confidence(heard) < 0.05


def test_noise_alone_is_never_acted_on(recogniser: Recogniser, belief: Belief) -> None:
    rng = np.random.default_rng(3)
    for loud in (0.003, 0.03, 0.3):
        assert belief.verdict(recogniser.recognise(quantised(loud * white(RATE, rng)))) == "refuse"


def test_nothing_heard_is_not_believed(belief: Belief) -> None:
    assert belief.verdict(Recognised()) == "refuse"
    assert belief.confidence(Recognised()) == 0.0


def test_it_asks_about_less_than_it_acts_on_and_no_more(belief: Belief) -> None:
    assert belief.wonders < belief.threshold


def test_a_rule_of_ones_own_is_used() -> None:
    def everything(heard: SpeechScores, commands: SpeechScores, keep: float) -> tuple[np.ndarray, float]:
        return np.full(len(heard.frames), True), -np.inf

    assert Belief(VoiceParts(everything)).verdict(Recognised()) == "act"


def test_what_ships_was_heard_by_this_recogniser(recogniser: Recogniser) -> None:
    shipped = {one.key: one for one in hearings()}
    for kind, number in (("command", 1), ("everyday", 1), ("near miss", 2)):
        spoken = utterance("calibration", kind, number)  # type: ignore[arg-type]
        again, then = recogniser.recognise(spoken.samples()), shipped[spoken.key]
        assert (spoken.sentence, again.sentence, again.frames) == (then.said, then.heard, then.frames)
        # Another processor may round otherwise.
        assert again.scores.grammar == pytest.approx(scores_of([then]).grammar, abs=2.0)
