"""What a policy is told: an instruction as a vector, and how much of it is left to do."""

from dataclasses import replace
from typing import Final, get_args

import numpy as np
from numpy.typing import NDArray

from vla_course.simulation.robot.layout import SIDES
from vla_course.simulation.robot.state import Side
from vla_course.simulation.scene.things import SHAPES
from vla_course.simulation.tasks.instructions import (
    NOUNS,
    SKILLS,
    SPOTS,
    Direction,
    Instruction,
    Relation,
    Unit,
)
from vla_course.simulation.tasks.scenes import AHEAD, HANDS, distance_of, turn_of

Floats = NDArray[np.float32]

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


def told(instruction: Instruction) -> Floats:
    """Return an instruction as a vector (SIZE,) float32: one of each choice, and the amount in its unit.

    Of a thing its shape is there and not its colour: the colour tells which one it is, and that is asked of the eyes.
    """
    other = "thing" if instruction.other in NOUNS else instruction.other
    shape = None if instruction.thing is None else instruction.thing.split()[-1]
    one = instruction
    said = (one.skill, one.direction, one.relation, one.hand, other, shape, one.unit)
    chosen = [
        float(value == choice) for value, choices in zip(said, _CHOICES, strict=True) for choice in choices
    ]
    amounts = [(one.amount or 0.0) / scale if one.unit == unit else 0.0 for unit, scale in _SCALES.items()]
    return np.array([*chosen, *amounts], dtype=np.float32)


def as_told(instruction: Instruction, hand: Side | None) -> Instruction:
    """Return an instruction as a policy is told it: where a hand was chosen beforehand (`HANDS`), with that hand.

    On whose side the thing is, and what comes afterwards, is nothing to a policy: the thing was found, and there is one
    thing to do at a time.
    """
    return replace(instruction, hand=hand if instruction.skill in HANDS else None, where=None, then=None)


def left_of(instruction: Instruction, odometry: NDArray[np.floating]) -> Floats:
    """Return what is left (..., 3) of a walk or a turn: m ahead, m to the left, rad; zeros of anything else.

    Args:
        instruction: what the robot was told.
        odometry: (..., 4) how far it has come since then, as its state has it.
    """
    left = np.zeros((*odometry.shape[:-1], 3), dtype=np.float32)
    if instruction.skill == "walk":
        ahead, aside = AHEAD[instruction.direction or "forward"]
        length = distance_of(instruction)
        left[..., :2] = np.array((length * ahead, length * aside)) - odometry[..., :2]
        left[..., 2] = -odometry[..., 2]
    elif instruction.skill == "turn":
        left[..., :2] = -odometry[..., :2]
        left[..., 2] = turn_of(instruction) - odometry[..., 2]
    return left
