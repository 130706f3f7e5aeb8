"""What a policy is told: an instruction as a vector, and how much of it is left to do."""

from typing import Final, get_args

import numpy as np
from numpy.typing import NDArray

from vla_course.learning.environment.proprioception import STATE
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
    Skill,
    Unit,
)
from vla_course.simulation.tasks.scenes import AHEAD, distance_of, turn_of

Floats = NDArray[np.float32]

BY_HAND: Final[tuple[Skill, ...]] = ("reach for", "point at", "pick up", "place", "move to")
"""skills of which a policy is told the hand: which one it is to be is decided before it acts"""
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


def told(instruction: Instruction, hand: Side | None = None) -> Floats:
    """Return an instruction as a vector (SIZE,) float32: one of each choice, and the amount in its unit.

    Of a thing its shape is there and not its colour: the colour tells which one it is, and that is asked of the eyes.
    On whose side the thing is and what comes afterwards is nothing to a policy: the thing was found, and there is one
    thing to do at a time.

    Args:
        instruction: what the robot was told.
        hand: that is to do it, for skills of `BY_HAND`.
    """
    other = "thing" if instruction.other in NOUNS else instruction.other
    shape = None if instruction.thing is None else instruction.thing.split()[-1]
    one, by = instruction, (hand or instruction.hand) if instruction.skill in BY_HAND else None
    said = (one.skill, one.direction, one.relation, by, other, shape, one.unit)
    chosen = [
        float(value == choice) for value, choices in zip(said, _CHOICES, strict=True) for choice in choices
    ]
    amounts = [(one.amount or 0.0) / scale if one.unit == unit else 0.0 for unit, scale in _SCALES.items()]
    return np.array([*chosen, *amounts], dtype=np.float32)


def left_of(instruction: Instruction, state: NDArray[np.floating], way: NDArray[np.floating]) -> Floats:
    """Return what is left to go (..., 3), from where the robot would stand if it closed its feet now: m ahead, m to the
    left, rad.

    Of a walk or a turn odometry tells; of what one goes to, eyes do.

    Args:
        instruction: what the robot was told.
        state: (..., 75) of the robot.
        way: (..., 3) to where it is to stand, as `Around` has it.
    """
    if instruction.skill not in ("walk", "turn"):
        return way.astype(np.float32)
    goal = np.zeros(3)
    if instruction.skill == "walk":
        ahead, aside = AHEAD[instruction.direction or "forward"]
        goal[:2] = distance_of(instruction) * np.array((ahead, aside))
    else:
        goal[2] = turn_of(instruction)
    come, footing = state[..., STATE.odometry], state[..., STATE.footing]
    here, yaw = come[..., :2] + _turned(footing[..., :2], come[..., 2]), come[..., 2] + footing[..., 2]
    return np.concatenate(
        (_turned(goal[:2] - here, -yaw), (goal[2] - yaw)[..., None]), axis=-1, dtype=np.float32
    )


def _turned(places: NDArray[np.floating], angle: NDArray[np.floating]) -> NDArray[np.floating]:
    """Return places (..., 2) turned by angles (...) rad."""
    c, s = np.cos(angle), np.sin(angle)
    x, y = places[..., 0], places[..., 1]
    return np.stack((c * x - s * y, s * x + c * y), axis=-1)
