"""A conversation: what is acted on, asked about, refused, and what stops it at once."""

import sys
from collections.abc import Iterator

import numpy as np
import pytest

from vla_course.deployment.voice import microphone
from vla_course.deployment.voice.belief import Belief
from vla_course.deployment.voice.interaction import (
    ENDED,
    NOT_MEANT,
    SAY_AGAIN,
    STOPPED,
    HumanoidVLAInteraction,
    doing,
    ears,
)
from vla_course.deployment.voice.sound import RATE
from vla_course.deployment.voice.speaker import Silent, SynthesisedVoice, speaker
from vla_course.deployment.voice.synthesis import NoVoice
from vla_course.simulation.tasks.instructions import Instruction


class Robot:
    """Notes what it is told to do, and when it is stopped."""

    def __init__(self, belief: Belief | None = None) -> None:
        self.told: list[str] = []
        self.why_not = ""
        self.talk = HumanoidVLAInteraction(self.perform, self.stop, belief=belief, speaks=Silent())

    def stop(self) -> None:
        self.told.append("STOP")

    def perform(self, sentence: str) -> str:
        self.told.append(sentence)
        return self.why_not


@pytest.fixture
def robot() -> Robot:
    return Robot()


def test_a_command_is_carried_out_and_told(robot: Robot) -> None:
    assert robot.talk.last_command is None
    turn = robot.talk.turn("Pick up the red cup, please!")
    assert robot.told == ["Pick up the red cup, please!"]
    assert turn.outcome == "done"
    assert turn.understood == robot.talk.last_command == Instruction("pick up", thing="red cup")
    assert turn.reply == "Done: pick up the red cup."


def test_why_it_was_not_done_is_told(robot: Robot) -> None:
    robot.why_not = "there is nothing in sight"
    turn = robot.talk.turn("lift the ball")
    assert (turn.outcome, turn.reply) == ("not done", "there is nothing in sight.")


def test_what_is_no_command_is_refused_with_what_could_be_said(robot: Robot) -> None:
    turn = robot.talk.turn("sing a song")
    assert (turn.outcome, turn.understood, robot.told) == ("refused", None, [])
    assert "I can, for example" in turn.reply
    assert robot.talk.last_command is None


@pytest.mark.parametrize("word", ["quit", "Stop listening.", "goodbye"])
def test_it_ends_when_it_is_told_to(robot: Robot, word: str) -> None:
    turns = list(robot.talk.turns(iter(["turn left", word, "turn right"])))
    assert [turn.outcome for turn in turns] == ["done", "ended"]
    assert turns[-1].reply == ENDED
    assert robot.told == ["turn left"]


def test_stop_stops(robot: Robot) -> None:
    turn = robot.talk.turn("Stop!")
    assert (robot.told, turn.outcome, turn.reply) == (["STOP"], "stopped", STOPPED)
    assert robot.talk.last_command is None


def test_stop_waits_for_no_command_that_is_carried_out() -> None:
    told = []

    def perform(sentence: str) -> str:
        told.append("begins")
        talk.turn("stop")  # as another thread would say it
        told.append("ends")
        return ""

    talk = HumanoidVLAInteraction(perform, lambda: told.append("STOP"), speaks=Silent())
    talk.turn("walk forward")
    assert told == ["begins", "STOP", "ends"]


def test_yes_and_no_mean_nothing_where_nothing_was_asked(robot: Robot) -> None:
    assert [robot.talk.turn(word).reply for word in ("yes", "no")] == [SAY_AGAIN, SAY_AGAIN]
    assert robot.told == []


def test_an_empty_line_is_silence(robot: Robot) -> None:
    assert robot.talk.turn("  ").outcome == "silence"


def test_cameras_are_named(robot: Robot) -> None:
    assert robot.talk.cameras == ("head", "chest", "pelvis")


def test_a_policy_is_heard_to_its_end() -> None:
    class Slow:
        refusal = "I am not sure what is meant"

        def perform(self, humanoid: object, sentence: str) -> Iterator[str]:
            yield from ("look round", "reach")

    about: list[str] = []
    assert doing(Slow(), None, about.append)("lift the cup") == Slow.refusal  # type: ignore[arg-type]
    assert about == ["look round", "reach"]


# ---- aloud ----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def hard_of_hearing() -> Robot:
    """A robot that acts on hardly anything before it has asked."""
    pytest.importorskip("pocketsphinx")
    pytest.importorskip("espeakng_loader")
    return Robot(Belief(acts=0.01, asks=0.98))


@pytest.fixture
def aloud(hard_of_hearing: Robot) -> Robot:
    hard_of_hearing.told.clear()
    return hard_of_hearing


def spoken(text: str) -> np.ndarray:
    from vla_course.deployment.voice.sound import in_silence, quantised, white, with_noise
    from vla_course.deployment.voice.synthesis import Voice, synthesise

    speech = in_silence(synthesise(text, Voice("en-us+m1")))
    return quantised(with_noise(speech, white(len(speech), np.random.default_rng(0)), 60.0))


def test_where_it_is_not_sure_it_asks_and_does_what_was_meant(aloud: Robot) -> None:
    asked = aloud.talk.turn(spoken("walk to the table"))
    assert (asked.outcome, asked.reply) == ("asked", "Did you mean: go to the table? Yes or no.")
    assert asked.understood == Instruction("go to", other="table")
    assert 0.0 < asked.confidence < 1.0
    assert aloud.told == []
    assert aloud.talk.turn(spoken("yes")).outcome == "done"
    assert aloud.told == ["walk to the table"]
    assert aloud.talk.last_command == asked.understood


@pytest.mark.parametrize("answer", ["no", "that is wrong"])
def test_what_was_not_meant_is_not_done(aloud: Robot, answer: str) -> None:
    aloud.talk.turn(spoken("walk to the table"))
    assert aloud.talk.turn(answer).reply == NOT_MEANT
    assert aloud.talk.turn("yes").reply == SAY_AGAIN
    assert aloud.told == []


def test_another_command_answers_no(aloud: Robot) -> None:
    aloud.talk.turn(spoken("walk to the table"))
    aloud.talk.turn("turn left")
    aloud.talk.turn("yes")
    assert aloud.told == ["turn left"]


def test_a_stop_needs_no_belief(aloud: Robot) -> None:
    assert aloud.talk.turn(spoken("stop")).outcome == "stopped"
    assert aloud.told == ["STOP"]


def test_the_radio_is_not_obeyed_and_silence_not_answered(aloud: Robot) -> None:
    assert aloud.talk.turn(spoken("The weather will be fine in the afternoon.")).outcome == "refused"
    silence = aloud.talk.turn(np.zeros(RATE, dtype=np.int16))
    assert (silence.outcome, silence.reply) == ("silence", "")
    assert aloud.told == []


# ---- with less than everything --------------------------------------------------------------------


def test_without_ears_and_voice_it_is_typed_to_and_answers_in_writing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("pocketsphinx", "espeakng_loader", "pyttsx3", "sounddevice"):
        monkeypatch.setitem(sys.modules, name, None)
    done: list[str] = []
    talk = HumanoidVLAInteraction(lambda sentence: done.append(sentence) or "", lambda: None)
    voice = talk.turn("turn left").voice
    assert (voice.text, voice.sound, done) == ("Done: turn left.", None, ["turn left"])
    with pytest.raises(RuntimeError, match="pocketsphinx is not installed: `make setup`"):
        talk.turn(np.zeros(RATE, dtype=np.int16))


def test_without_a_microphone_it_says_so_once_and_takes_what_is_typed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "sounddevice", None)
    lines = iter(["turn left", "quit"])
    assert list(ears(lambda: next(lines, "") or end())) == ["turn left", "quit"]
    assert capsys.readouterr().out.count("Type what you would say") == 1
    with pytest.raises(microphone.NoMicrophone):
        microphone.Microphone()


def end() -> str:
    raise EOFError


def test_the_reply_is_spoken_where_there_is_a_voice() -> None:
    pytest.importorskip("espeakng_loader")
    told = speaker(aloud=False).say("I have stopped.")
    assert told.sound is not None
    assert len(told.sound) > RATE // 2


def test_without_a_voice_it_is_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("espeakng_loader", "pyttsx3"):
        monkeypatch.setitem(sys.modules, name, None)
    told = speaker().say("hello")
    assert (told.text, told.sound) == ("hello", None)
    with pytest.raises(NoVoice):
        SynthesisedVoice()
