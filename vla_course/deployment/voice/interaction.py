"""A conversation with the robot: what is said or typed becomes a command, a question, or a word that ends it.

talk = HumanoidVLAInteraction(perform=doing(policy, humanoid), stop=emergency_stop)
turn = talk.turn("pick up the red cup")         # typed
turn = talk.turn(samples)                       # spoken: 16 bits, 16 kHz
for turn in talk.turns(ears()):                 # until somebody says "quit"
    ...
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal, Protocol

import numpy as np

from vla_course.deployment.voice.belief import Belief
from vla_course.deployment.voice.grammar import NO, QUIT, STOP, YES
from vla_course.deployment.voice.recogniser import Recogniser
from vla_course.deployment.voice.sound import Samples
from vla_course.deployment.voice.speaker import Speaker, Spoken, speaker
from vla_course.simulation.robot.humanoid import Humanoid
from vla_course.simulation.scene.cameras import PLACES
from vla_course.simulation.tasks.instructions import Instruction
from vla_course.simulation.tasks.saying import plainly
from vla_course.simulation.tasks.understanding import UnknownCommand, understand

Outcome = Literal["done", "not done", "asked", "refused", "silence", "stopped", "ended"]
Perform = Callable[[str], str]
"""carries a sentence out; returns why it did not, or nothing"""

STOPPED: Final = "I have stopped."
ENDED: Final = "Goodbye."
SAY_AGAIN: Final = "I did not understand that. Please say it again, or type it."
NOT_MEANT: Final = "All right, then not."


class Policy(Protocol):
    """What acts: see `learning.evaluation.policies`."""

    @property
    def refusal(self) -> str:
        """Why it did not do what it was told; empty where it did."""

    def perform(self, humanoid: Humanoid, sentence: str) -> Iterator[str]:
        """Do what a sentence says; yields after every tick."""


def doing(
    policy: Policy, humanoid: Humanoid, each_tick: Callable[[str], object] = lambda doing: None
) -> Perform:
    """Return what has a policy carry out a sentence, to its end; `each_tick` is told what the robot is about."""

    def perform(sentence: str) -> str:
        for about in policy.perform(humanoid, sentence):
            each_tick(about)
        return policy.refusal

    return perform


@dataclass(frozen=True)
class Turn:
    """One thing said to the robot, and what came of it.

    Attributes:
        heard: in words; empty where there was nothing to be heard.
        understood: what it asks for; None where it is no command.
        reply: what the robot says.
        confidence: the fraction of true commands that sound no better, 0 to 1; what is typed is sure.
        outcome: what was made of it.
        voice: the reply as it was spoken.
    """

    heard: str
    understood: Instruction | None
    reply: str
    confidence: float
    outcome: Outcome
    voice: Spoken


class HumanoidVLAInteraction:
    """A robot that listens, says what it understood, asks where it is not sure, and ends when it is told to.

    It needs no thread of its own. "Stop" is looked for before anything else and waits for nothing, so that a turn which
    another thread takes while a command is carried out stops the robot at once.

    Args:
        perform: carries a sentence out.
        stop: the emergency stop; it must not wait for anything.
        listen: hears what is said aloud; made, and PocketSphinx loaded, at the first sound by default.
        belief: judges what was heard; by default with the reference's rule and the calibration that ships.
        speaks: by default the best voice of this machine.
        cameras: by what the robot sees; they are named to whoever asks, and chosen by whoever makes `perform`.

    Attributes:
        last_command: the last one that was understood and handed to `perform`; None before.
        ended: whether somebody has ended the conversation.
        cameras: as given.
    """

    def __init__(
        self,
        perform: Perform,
        stop: Callable[[], object],
        listen: Recogniser | None = None,
        belief: Belief | None = None,
        speaks: Speaker | None = None,
        cameras: Sequence[str] = PLACES,
    ) -> None:
        self._perform, self._stop = perform, stop
        self._listen, self._belief = listen, belief
        self._speaks = speaks or speaker()
        self.cameras = tuple(cameras)
        self.last_command: Instruction | None = None
        self.ended = False
        self._asked: tuple[str, Instruction] | None = None

    def turn(self, said: str | Samples) -> Turn:
        """Take one turn: words that were typed, or the sound of a whole utterance, (N,) of 16 bits at 16 kHz.

        Raises:
            ValueError: it is neither.
        """
        if isinstance(said, np.ndarray):
            return self._heard_aloud(said)
        if not isinstance(said, str):
            raise ValueError(f"said is {said!r}, expected words, or sound as an array of int16")
        return self._judged(" ".join(said.lower().strip(" .!?").split()), said, sure=True, confidence=1.0)

    def turns(self, hear: Iterable[str | Samples]) -> Iterator[Turn]:
        """Take turns until somebody ends the conversation, or there is no more to hear."""
        for said in hear:
            yield self.turn(said)
            if self.ended:
                return

    # ---- what was said ---------------------------------------------------------------------------

    def _heard_aloud(self, samples: Samples) -> Turn:
        if self._listen is None:
            self._listen = Recogniser()
        heard = self._listen.recognise(samples)
        if heard.sentence in STOP:  # a stop too many costs a second, one too few may cost a robot
            return self._stopped(heard.sentence, 1.0)
        if not heard.frames:
            return self._turn("", None, "", 0.0, "silence")
        if self._belief is None:
            self._belief = Belief()
        verdict, confidence = self._belief.verdict(heard), self._belief.confidence(heard)
        if verdict == "refuse":
            return self._turn(heard.sentence, None, SAY_AGAIN, confidence, "refused")
        return self._judged(heard.sentence, heard.sentence, verdict == "act", confidence)

    def _judged(self, words: str, sentence: str, sure: bool, confidence: float) -> Turn:
        """Decide what to do about words that are believed, or nearly."""
        if words in STOP:
            return self._stopped(words, confidence)
        asked, self._asked = self._asked, None
        if words in QUIT and sure:
            self.ended = True
            return self._turn(words, None, ENDED, confidence, "ended")
        if asked is not None and words in YES:
            return self._carried_out(*asked, confidence)
        if words in (*YES, *NO):
            return self._turn(words, None, NOT_MEANT if asked else SAY_AGAIN, confidence, "refused")
        if not words:
            return self._turn("", None, "", 0.0, "silence")
        try:
            command = understand(sentence)
        except UnknownCommand as why:
            return self._turn(words, None, f"{why}.", confidence, "refused")
        if sure:
            return self._carried_out(sentence, command, confidence)
        self._asked = sentence, command
        question = f"Did you mean: {plainly(command)}? Yes or no."
        return self._turn(words, command, question, confidence, "asked")

    # ---- what comes of it ------------------------------------------------------------------------

    def _stopped(self, words: str, confidence: float) -> Turn:
        self._stop()
        self._asked = None
        return self._turn(words, None, STOPPED, confidence, "stopped")

    def _carried_out(self, sentence: str, command: Instruction, confidence: float) -> Turn:
        self.last_command = command
        self._speaks.say(f"I understood: {plainly(command)}.")
        why_not = self._perform(sentence)
        if why_not:
            return self._turn(sentence, command, f"{why_not}.", confidence, "not done")
        return self._turn(sentence, command, f"Done: {plainly(command)}.", confidence, "done")

    def _turn(
        self, heard: str, understood: Instruction | None, reply: str, confidence: float, outcome: Outcome
    ) -> Turn:
        voice = self._speaks.say(reply) if reply else Spoken("")
        return Turn(heard, understood, reply, confidence, outcome, voice)


def ears(typed: Callable[[], str] = input) -> Iterator[str | Samples]:
    """Yield what somebody says, from the microphone; where there is none, says so once and yields what is typed."""
    from vla_course.deployment.voice.microphone import Microphone, NoMicrophone, utterances

    try:
        microphone = Microphone()
        Recogniser()
    except (NoMicrophone, RuntimeError) as why:
        print(f"{why}.")
        while True:
            try:
                yield typed()
            except EOFError:
                return
    yield from utterances(microphone.blocks())
