"""The planned policy: from a sentence and what cameras see to skill, parameters and targets; the stack of Day 3 moves.

policy = PlannedPolicy(listen, grounder)
for doing in policy.perform(humanoid, "pick up the red cup"):
    ...
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Final, Protocol

from vla_course.learning.planned.body import Named, PlannedBody
from vla_course.learning.planned.eyes import Eyes
from vla_course.learning.planned.finding import Grounder
from vla_course.motion.errands.parts import ErrandParts
from vla_course.simulation.robot.humanoid import Humanoid
from vla_course.simulation.tasks.instructions import Instruction
from vla_course.simulation.tasks.saying import plainly

UNSURE: Final = 0.65
"""How sure a robot must be of what it has heard: else it says so and stands still. What validation asks of the reader
that ships (`reading.calibration.least_to_act_on`)."""
WONDERS: Final = 0.1
"""how sure it must be of what it has heard to ask whether that was meant, where there is somebody to ask"""


class HeardPart(Protocol):
    """One command that was heard."""

    def instruction(self) -> Instruction:
        """Return it as an instruction. Raises ValueError: what was heard makes none."""


class Heard(Protocol):
    """What was heard in a sentence."""

    @property
    def parts(self) -> Sequence[HeardPart]:
        """One command or two."""

    @property
    def confidence(self) -> float:
        """How sure that is, 0 to 1."""


class PlannedPolicy:
    """Does what it is told, by what it sees.

    Args:
        listen: what it hears in a sentence.
        grounder: finds in pictures what a sentence means.
        eyes: makes the eyes of a robot: its own cameras by default.
        measures: whether it holds against a thing that it is not as tall as what was named is.
        answer: says whether a command such as "pick up the red cup" was meant: so the robot asks where it is not sure;
            None: there is nobody to ask.
        parts: makes, for a robot, the pieces of walk and reach that are exercises; by default the reference's.

    Attributes:
        grounder: as above; whoever plans names with it what stands there.
        body: the robot that acts; None before the first sentence and where nothing was understood.
        refusal: why it did not do, or not finish, what it was told; empty where it did.
        confidence: how sure it was of what it heard, 0 to 1.
        question: the command that it asked for, whether that was meant; empty where it did not ask.
    """

    def __init__(
        self,
        listen: Callable[[str], Heard],
        grounder: Grounder,
        eyes: Callable[[Humanoid], Eyes] = Eyes,
        measures: bool = True,
        answer: Callable[[str], bool] | None = None,
        parts: Callable[[], ErrandParts] = ErrandParts,
    ) -> None:
        self._errand_parts = parts
        self._listen, self.grounder, self._eyes, self._measures = listen, grounder, eyes, measures
        self.answer = answer
        self.body: PlannedBody | None = None
        self._before: PlannedBody | None = None
        self.refusal, self.question, self.confidence = "", "", 0.0

    @property
    def named(self) -> Sequence[Named]:
        """What it was going to do: skill, parameters, targets in space, and how sure it was."""
        return () if self.body is None else tuple(self.body.named)

    @property
    def sure(self) -> float:
        """How sure it was of all that it heard and named, 0 to 1."""
        return min([self.confidence, *(one.confidence for one in self.named)])

    def perform(self, humanoid: Humanoid, sentence: str) -> Iterator[str]:
        """Do what a sentence says. Yields after every tick what the robot is about; it stands in the end.

        Who is not sure what was said, or what it means here, stands still and says why (`refusal`). A robot that has
        carried out a sentence before goes on with the body that it has, and remembers what it saw.
        """
        self.refusal, self.question = "", ""
        yield from self._follow(humanoid, self._understand(sentence), sentence)

    def carry_out(
        self, humanoid: Humanoid, meant: Instruction, sentence: str, keeps: bool = False, only: str = ""
    ) -> Iterator[str]:
        """Do what was understood already, by whoever plans: nobody reads the sentence, its words are for the eyes.

        Args:
            humanoid: the robot.
            meant: one command or two.
            sentence: that says it.
            keeps: whether more is to come for what it picks up: then it brings that before its chest, and what it is
                told next may be about it.
            only: names the one thing, of those that the body knows by name, that is tidied away; "" for all.
        """
        self.refusal, self.question, self.confidence = "", "", 1.0
        yield from self._follow(humanoid, meant.parts, sentence, keeps, only)

    def _follow(
        self,
        humanoid: Humanoid,
        instructions: Sequence[Instruction],
        sentence: str,
        keeps: bool = False,
        only: str = "",
    ) -> Iterator[str]:
        """Do what was understood; where that is nothing the robot stands."""
        self.body, body = None, self.body_of(humanoid)
        body.hear(instructions or [Instruction("stand still")], sentence)
        body.keeps, body.only = keeps, only
        if not instructions:
            yield from body.stand("stand still", 1.0)
            return
        self.body = body
        yield from self._act(body)

    def body_of(self, humanoid: Humanoid) -> PlannedBody:
        """Return the body that moves a robot: the one that knows it already, where there is one."""
        if self._before is None or self._before.humanoid is not humanoid:
            nothing, eyes = [Instruction("stand still")], self._eyes(humanoid)
            parts = self._errand_parts()
            self._before = PlannedBody(nothing, "", humanoid, self.grounder, eyes, self._measures, parts)
        return self._before

    def _act(self, body: PlannedBody) -> Iterator[str]:
        """Carry out what was understood."""
        yield from body.perform()
        self.refusal = body.reason

    def _understand(self, sentence: str) -> list[Instruction]:
        """Return what a sentence asks for; nothing where that is not clear."""
        if not sentence.strip():
            self.refusal, self.confidence = "I was told nothing", 1.0
            return []
        try:
            heard = self._listen(sentence)
            self.confidence = heard.confidence
            instructions = [part.instruction() for part in heard.parts]
        except ValueError as why:
            self.refusal = f"I do not understand {sentence!r}: {why}"
            return []
        if heard.confidence < UNSURE and not self._meant(instructions):
            self.refusal = f"I am not sure what {sentence!r} asks for"
            return []
        return instructions

    def _meant(self, instructions: Sequence[Instruction]) -> bool:
        """Ask whether what was heard was meant, where it may well be and there is somebody to ask."""
        if self.answer is None or self.confidence < WONDERS:
            return False
        first, *then = instructions
        self.question = plainly(replace(first, then=then[0] if then else None))
        return self.answer(self.question)
