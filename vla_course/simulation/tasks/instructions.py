"""What the robot can be told: an instruction, or two in a row.

`saying` puts one into words, `understanding` reads it from them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Final, Literal, cast, get_args

from vla_course.simulation.robot.state import Side
from vla_course.simulation.scene.things import ALL_THINGS
from vla_course.simulation.tasks.words import KINDS, SHAPES_OF_DRINKS, WORDS

Skill = Literal[
    "walk",
    "turn",
    "look at",
    "go to",
    "reach for",
    "point at",
    "pick up",
    "place",
    "move to",
    "stand still",
    "serve a drink",
    "tidy the table",
]
Relation = Literal["on", "next to", "left of", "right of"]
Unit = Literal["steps", "metres", "degrees"]
Direction = Literal["forward", "backward", "left", "right"]
Where = Literal["left", "right", "my left", "my right"]

SKILLS: Final[tuple[Skill, ...]] = get_args(Skill)
AMOUNTS: Final[Mapping[str, tuple[float, float, float]]] = {
    "steps": (1, 12, 1),
    "metres": (0.1, 5, 0.1),
    "degrees": (5, 180, 1),
}
"""of each unit the least and the greatest amount, and the grain between them"""
NOUNS: Final = (*ALL_THINGS, *KINDS)
"""what a thing may be called: "red cup", or "red thing" and "cup" where there is but one in sight"""
DRINKS: Final = tuple(name for name in ALL_THINGS if name.split()[1] in SHAPES_OF_DRINKS)
"""what a drink is served in"""
SPOTS: Final = tuple(WORDS["spot"][1])
"""places on a table"""

_Form = Mapping[str, Sequence[str | float]]
_SIDES: Final = ("left", "right")
_THING: Final[_Form] = {"thing": NOUNS}
_BY_HAND: Final[_Form] = {"thing": NOUNS, "hand": _SIDES}
FORMS: Final[Mapping[Skill, tuple[_Form, ...]]] = {
    "walk": (
        {"direction": get_args(Direction), "amount": (), "unit": ("steps", "metres")},
        {"direction": get_args(Direction)},
    ),
    "turn": (
        {"direction": _SIDES, "amount": (), "unit": ("degrees",)},
        {"direction": _SIDES},
        {"amount": (180,), "unit": ("degrees",)},
    ),
    "look at": (_THING, {"other": ("person",)}),
    "go to": (_THING, {"other": ("person", "table")}),
    "reach for": (_THING, _BY_HAND),
    "point at": (_THING, _BY_HAND),
    "pick up": (_THING, _BY_HAND),
    "place": (
        {"thing": NOUNS, "relation": get_args(Relation), "other": NOUNS},
        {"thing": NOUNS, "relation": ("on",), "other": ("table",)},
    ),
    "move to": ({"thing": NOUNS, "other": SPOTS},),
    "stand still": ({},),
    "serve a drink": ({}, {"thing": (*DRINKS, *SHAPES_OF_DRINKS)}),
    "tidy the table": ({},),
}
"""Which fields each skill has, and which values they may have. Of every thing it may be said where it is."""


@dataclass(frozen=True, slots=True)
class Instruction:
    """What the robot is to do, and perhaps what `then`. Directions and sides are the robot's own.

    A walk without an amount is a few steps, a turn without one about a quarter, one without a direction either way.

    Raises:
        ValueError: a field is missing, not of this skill, or has a value that the skill does not know.
    """

    skill: Skill
    thing: str | None = None
    """what it is about, one of `NOUNS`"""
    where: Where | None = None
    """on whose side the thing is when the robot is told: the robot's, or "my", that of the person in the scene"""
    relation: Relation | None = None
    other: str | None = None
    """the other thing of a relation; a place: "person", "table", or one of `SPOTS`"""
    amount: float | None = None
    unit: Unit | None = None
    direction: Direction | None = None
    hand: Side | None = None
    """the hand to use; None: the one on whose side the thing is"""
    then: "Instruction | None" = None
    """what to do afterwards"""

    def __post_init__(self) -> None:
        if self.skill not in SKILLS:
            raise ValueError(f"Instruction.skill is {self.skill!r}, expected one of: {', '.join(SKILLS)}")
        self._check_form()
        if self.thing is not None and self.other in NOUNS and _same(self.thing, str(self.other)):
            raise ValueError(f"Instruction.other is {self.other!r}, expected another thing than the first")
        if self.where not in (None, *get_args(Where)) or (self.where and not self.thing):
            raise ValueError(
                f"Instruction.where is {self.where!r}, expected one of: {', '.join(get_args(Where))}, of a thing"
            )
        if self.unit is not None:
            self._check_amount(self.unit)
        if self.then is not None and self.then.then is not None:
            raise ValueError("Instruction.then has another one after it, expected two instructions at most")

    def _check_form(self) -> None:
        """Check that the fields are those of one of the skill's forms, with values that it knows."""
        given = {name: value for name, value in self.said().items() if value is not None and name != "where"}
        forms = [form for form in FORMS[self.skill] if form.keys() == given.keys()]
        if not forms:
            expected = " or ".join("(" + ", ".join(form) + ")" for form in FORMS[self.skill])
            raise ValueError(f"Instruction of {self.skill!r} has ({', '.join(given)}), expected {expected}")
        if any(all(not form[name] or value in form[name] for name, value in given.items()) for form in forms):
            return
        for name, values in forms[0].items():
            if values and given[name] not in values:
                expected = ", ".join(map(str, values))
                raise ValueError(
                    f"Instruction.{name} of {self.skill!r} is {given[name]!r}, expected one of: {expected}"
                )

    def _check_amount(self, unit: str) -> None:
        least, most, grain = AMOUNTS[unit]
        amount = cast(float, self.amount)
        if not least <= amount <= most or amount != round(amount, 0 if grain == 1 else 1):
            raise ValueError(
                f"Instruction.amount is {amount:g} {unit}, expected {least:g} to {most:g} in steps of {grain:g}"
            )

    def __str__(self) -> str:
        said = [f"{name} {value}" for name, value in self.said().items() if value is not None]
        alone = f"{self.skill} ({', '.join(said)})" if said else self.skill
        return alone if self.then is None else f"{alone}, then {self.then}"

    def said(self) -> dict[str, object]:
        """Return every field but the skill and `then` by its name, None where there is nothing to say."""
        return {field.name: getattr(self, field.name) for field in fields(self)[1:-1]}

    @property
    def parts(self) -> "tuple[Instruction, ...]":
        """The one or two instructions, each without the other."""
        alone = {field.name: getattr(self, field.name) for field in fields(self)[:-1]}
        return (Instruction(**alone), *([] if self.then is None else [self.then]))

    @property
    def nouns(self) -> tuple[str, ...]:
        """What the things that it is about are called."""
        return tuple(name for name in (self.thing, self.other) if name in NOUNS)

    @property
    def things(self) -> tuple[str, ...]:
        """The full names of the things that it is about, as far as it says them."""
        return tuple(name for name in self.nouns if name in ALL_THINGS)


def fits(noun: str, name: str) -> bool:
    """Tell whether a thing may be called by a noun: a red cup is a "red cup", a "cup", and a "red thing"."""
    return set(noun.split()) - {"thing"} <= set(name.split())


def _same(noun: str, other: str) -> bool:
    """Tell whether whatever one of two nouns means, the other one does as well."""
    one, two = set(noun.split()) - {"thing"}, set(other.split()) - {"thing"}
    return one <= two or two <= one
