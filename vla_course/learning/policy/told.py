"""What a policy is told: a command that was heard, as a vector."""

from typing import Final, Protocol, get_args

import numpy as np
from numpy.typing import NDArray

from vla_course.simulation.robot.layout import SIDES
from vla_course.simulation.scene.things import SHAPES
from vla_course.simulation.tasks.instructions import NOUNS, SKILLS, SPOTS, Direction, Relation, Unit


class Command(Protocol):
    """A command that was heard: the fields of an `Instruction`."""

    @property
    def skill(self) -> str: ...
    @property
    def thing(self) -> str | None: ...
    @property
    def relation(self) -> str | None: ...
    @property
    def other(self) -> str | None: ...
    @property
    def amount(self) -> float | None: ...
    @property
    def unit(self) -> str | None: ...
    @property
    def direction(self) -> str | None: ...
    @property
    def hand(self) -> str | None: ...


_SCALES: Final = {"steps": 12.0, "metres": 2.0, "degrees": 180.0}
"""what an amount is divided by"""
_PLACES: Final = ("person", "table", *SPOTS, "thing")
_CHOICES: Final[tuple[tuple[str, ...], ...]] = (
    SKILLS,
    get_args(Direction),
    get_args(Relation),
    SIDES,
    _PLACES,
    tuple(SHAPES),
    get_args(Unit),
)
_FIELDS: Final = ("skill", "direction", "relation", "hand", "other", "shape", "unit")
NAMES: Final = (
    *(f"{field}: {choice}" for field, choices in zip(_FIELDS, _CHOICES, strict=True) for choice in choices),
    *_SCALES,
)
"""what each number of the vector stands for"""
SIZE: Final = len(NAMES)


def told(command: Command) -> NDArray[np.float32]:
    """Return a command as a vector (SIZE,) float32: one of each choice, and the amount in its unit.

    Of a thing its shape is there and not its colour: the colour tells which one it is, and that is asked of the eyes.
    """
    other = "thing" if command.other in NOUNS else command.other
    shape = None if command.thing is None else command.thing.split()[-1]
    said = (command.skill, command.direction, command.relation, command.hand, other, shape, command.unit)
    chosen = [
        float(value == choice) for value, choices in zip(said, _CHOICES, strict=True) for choice in choices
    ]
    amounts = [
        (command.amount or 0.0) / scale if command.unit == unit else 0.0 for unit, scale in _SCALES.items()
    ]
    return np.array([*chosen, *amounts], dtype=np.float32)
