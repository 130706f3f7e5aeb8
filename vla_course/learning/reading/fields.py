"""An instruction as the answers to small questions, one class each: what the heads of a reader choose among.

Colour and shape are asked apart, so that pairs that no training has named can be put together. An amount is asked digit
by digit: a number never heard is made of digits that were.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, get_args

from vla_course.simulation.scene.things import COLOURS, SHAPES
from vla_course.simulation.tasks.instructions import (
    SKILLS,
    SPOTS,
    Direction,
    Instruction,
    Relation,
    Unit,
    Where,
)

NONE: Final = "none"
"""the field is not there"""
ANY: Final = "any"
"""of a thing that is there: not said, as the shape in "red thing" and the colour in "cup" """
A_THING: Final = "thing"
"""the other place is a thing, with a colour and a shape of its own"""
NOT_ASKED: Final = -100
"""a label that counts in no loss: torch's `ignore_index`"""
_DIGITS: Final = tuple("0123456789")
_COLOURS: Final = (NONE, ANY, *COLOURS)
_SHAPES: Final = (NONE, ANY, *SHAPES)

FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    "skill": SKILLS,
    "direction": (NONE, *get_args(Direction)),
    "unit": (NONE, *get_args(Unit)),
    "hundreds": ("0", "1"),
    "tens": _DIGITS,
    "ones": _DIGITS,
    "tenths": _DIGITS,
    "relation": (NONE, *get_args(Relation)),
    "hand": (NONE, "left", "right"),
    "where": (NONE, *get_args(Where)),
    "it": ("no", "yes"),
    "colour": _COLOURS,
    "shape": _SHAPES,
    "place": (NONE, "person", "table", *SPOTS, A_THING),
    "other colour": _COLOURS,
    "other shape": _SHAPES,
}
"""Every question about one command, and its answers. "it": whether the thing is that of the command before."""
DIGITS: Final = ("hundreds", "tens", "ones", "tenths")
COMMANDS: Final = 2
"""in one sentence, at most"""


def labels(part: Instruction, before: Instruction | None = None, it: bool = False) -> list[int]:
    """Return the number of the right answer to each of `FIELDS`, `NOT_ASKED` where there is none.

    Args:
        part: one command, its `then` does not count.
        before: the command before it, None for the first.
        it: whether the thing is called "it".
    """
    answers: dict[str, str | None] = {
        "skill": part.skill,
        "direction": part.direction or NONE,
        "unit": part.unit or NONE,
        "relation": part.relation or NONE,
        "hand": part.hand or NONE,
        "it": None if before is None else ("no", "yes")[it],
        "where": None if it else part.where or NONE,
    }
    answers |= dict(zip(DIGITS, _digits(part.amount), strict=True))
    answers |= dict(zip(("colour", "shape"), (None, None) if it else _kind(part.thing), strict=True))
    other = part.other if part.other in part.nouns else None
    answers |= dict(zip(("other colour", "other shape"), _kind(other), strict=True))
    answers["place"] = A_THING if other else part.other or NONE
    return [NOT_ASKED if answers[name] is None else FIELDS[name].index(str(answers[name])) for name in FIELDS]


def _kind(noun: str | None) -> tuple[str, str]:
    """Return the colour and the shape of what something is called."""
    if noun is None:
        return NONE, NONE
    words = noun.split()
    colour = next((word for word in words if word in COLOURS), ANY)
    return colour, next((word for word in words if word in SHAPES), ANY)


def _digits(amount: float | None) -> tuple[str | None, ...]:
    if amount is None:
        return None, None, None, None
    return tuple(f"{round(10 * amount):04d}")


def said(numbers: Sequence[int]) -> dict[str, object]:
    """Return the fields of an instruction from the number of an answer to each of `FIELDS`: the inverse of `labels`.

    The thing of a command that calls it "it" is left out. A thing of which nothing is said is None.
    """
    answer = {name: FIELDS[name][number] for name, number in zip(FIELDS, numbers, strict=True)}
    unit = _heard(answer["unit"])
    other = _heard(answer["place"])
    return {
        "skill": answer["skill"],
        "thing": _noun(answer["colour"], answer["shape"]),
        "where": _heard(answer["where"]),
        "relation": _heard(answer["relation"]),
        "other": _noun(answer["other colour"], answer["other shape"]) if other == A_THING else other,
        "amount": None if unit is None else int("".join(answer[place] for place in DIGITS)) / 10.0,
        "unit": unit,
        "direction": _heard(answer["direction"]),
        "hand": _heard(answer["hand"]),
    }


def _heard(answer: str) -> str | None:
    return None if answer == NONE else answer


def _noun(colour: str, shape: str) -> str | None:
    """Return what a thing of a colour and a shape is called, None where either is not there."""
    if NONE in (colour, shape):
        return None
    if shape == ANY:
        return None if colour == ANY else f"{colour} thing"
    return shape if colour == ANY else f"{colour} {shape}"
