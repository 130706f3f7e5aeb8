"""What a reader has heard in a sentence: one command or two, how probable each field is, and how sure it is of all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from vla_course.simulation.tasks.instructions import Instruction


class NotAnInstruction(ValueError):
    """The fields that were heard do not form an instruction."""


@dataclass(frozen=True, slots=True)
class HeardPart:
    """One command: the fields of an `Instruction`, as far as they were heard.

    Raises nothing: whether the fields belong together is asked by `instruction`.
    """

    skill: str
    thing: str | None = None
    where: str | None = None
    relation: str | None = None
    other: str | None = None
    amount: float | None = None
    unit: str | None = None
    direction: str | None = None
    hand: str | None = None
    probabilities: Mapping[str, float] = field(default_factory=dict, compare=False)
    """of each field of `reading.fields`, how probable the value that was chosen"""

    def instruction(self) -> Instruction:
        """Return the one instruction that the fields form.

        Raises:
            NotAnInstruction: they form none; says which field does not fit.
        """
        said: dict[str, Any] = {name: getattr(self, name) for name in _SAID}
        try:
            return Instruction(**said)
        except ValueError as fault:
            raise NotAnInstruction(f"what was heard is no instruction: {fault}") from None


_SAID = ("skill", "thing", "where", "relation", "other", "amount", "unit", "direction", "hand")


@dataclass(frozen=True, slots=True)
class Heard:
    """What was heard in one sentence."""

    parts: tuple[HeardPart, ...]
    """one command, or two in order"""
    confidence: float
    """How probable it is, in [0, 1), that this is a sentence of the language, read rightly in every field; 0 where the
    fields form no instruction."""

    def instruction(self) -> Instruction:
        """Return the instruction, with what comes `then`.

        Raises:
            NotAnInstruction: the fields of a part form none; says which field does not fit.
        """
        first, *later = (part.instruction() for part in self.parts)
        return replace(first, then=later[0]) if later else first

    @property
    def forms_an_instruction(self) -> bool:
        """Whether `instruction` returns one."""
        try:
            self.instruction()
        except NotAnInstruction:
            return False
        return True
