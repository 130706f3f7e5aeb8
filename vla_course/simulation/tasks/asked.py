"""What may be asked for: instructions, and pairs of them, drawn by chance."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Final, get_args

import numpy as np

from vla_course.simulation.robot.state import Side
from vla_course.simulation.scene.things import ALL_THINGS, TRAINED
from vla_course.simulation.tasks.instructions import (
    DRINKS,
    SKILLS,
    SPOTS,
    Direction,
    Instruction,
    Relation,
    Skill,
    Where,
    fits,
)

BARE: Final = 0.15
"""how often a walk or a turn has no amount"""
BY_KIND: Final = 0.15
"""how often a thing is called by its colour or its shape alone"""
BY_SIDE: Final = 0.15
"""how often it is said on whose side it is"""


def check_things(things: Sequence[str]) -> None:
    """Raise ValueError where `things` are not two or more different ones of `ALL_THINGS`."""
    unknown = [name for name in things if name not in ALL_THINGS]
    if unknown or len(things) < 2 or len(set(things)) < len(things):
        told = f"there is no {unknown[0]!r}" if unknown else f"these are {len(set(things))}"
        raise ValueError(f"things: {told}, expected two or more different names of ALL_THINGS")


def sample_instruction(
    rng: np.random.Generator, skill: Skill, things: Sequence[str] = TRAINED
) -> Instruction:
    """Draw an instruction of a skill about some of `things`. Raises ValueError as `check_things` does."""
    check_things(things)
    thing, other = (things[k] for k in rng.choice(len(things), 2, replace=False))
    match skill:
        case "walk" | "turn":
            return _sample_motion(rng, skill)
        case "look at" if rng.random() < 0.25:
            return Instruction(skill, other="person")
        case "go to" if rng.random() < 2 / 3:
            return Instruction(skill, other=("table", "person")[rng.integers(2)])
        case "look at" | "go to":
            return _called(rng, Instruction(skill, thing=thing))
        case "reach for" | "point at" | "pick up":
            hands: tuple[Side | None, ...] = (None, None, "left", "right")
            return _called(rng, Instruction(skill, thing=thing, hand=hands[rng.integers(4)]))
        case "place":
            relations: tuple[Relation, ...] = get_args(Relation)
            relation = relations[rng.integers(len(relations))]
            return _called(rng, Instruction(skill, thing=thing, relation=relation, other=other))
        case "move to":
            return _called(rng, Instruction(skill, thing=thing, other=SPOTS[rng.integers(len(SPOTS))]))
        case "serve a drink" if thing in DRINKS:
            return Instruction(skill, thing=thing)
        case _:
            return Instruction(skill)


def sample_pair(rng: np.random.Generator, things: Sequence[str] = TRAINED) -> Instruction:
    """Draw an instruction with another one after it, every other time about the same thing; not all have a scene.

    Raises ValueError as `check_things` does.
    """
    first, second = (sample_instruction(rng, SKILLS[k], things) for k in rng.integers(len(SKILLS), size=2))
    if first.thing and second.thing and first.thing != second.other and rng.random() < 0.5:
        with suppress(ValueError):  # the second cannot be about every thing
            second = replace(second, thing=first.thing, where=first.where)
    return replace(first, then=second)


def _sample_motion(rng: np.random.Generator, skill: Skill) -> Instruction:
    """Draw a walk or a turn."""
    directions: tuple[Direction, ...] = ("left", "right", "forward", "backward")
    direction = directions[rng.integers(4 if skill == "walk" else 2)]
    bare = rng.random() < BARE
    if skill == "turn":
        if bare and rng.random() < 0.3:
            return Instruction(skill, amount=180, unit="degrees")
        degrees = 15 * int(rng.integers(2, 13))
        return (
            Instruction(skill, direction=direction)
            if bare
            else Instruction(skill, amount=degrees, unit="degrees", direction=direction)
        )
    if bare:
        return Instruction(skill, direction=direction)
    if rng.random() < 0.5:
        return Instruction(skill, amount=int(rng.integers(2, 9)), unit="steps", direction=direction)
    return Instruction(skill, amount=float(rng.integers(1, 5)) / 2.0, unit="metres", direction=direction)


def _called(rng: np.random.Generator, instruction: Instruction) -> Instruction:
    """Call the thing of an instruction by its colour or shape alone, or say where it is, now and then."""
    assert instruction.thing is not None
    kind, side = rng.random() < BY_KIND, rng.random() < BY_SIDE
    colour, shape = instruction.thing.split()
    noun = (f"{colour} thing", shape)[rng.integers(2)]
    if kind and not (instruction.other and fits(noun, instruction.other)):
        instruction = replace(instruction, thing=noun)
    wheres: tuple[Where, ...] = get_args(Where)
    where = wheres[rng.integers(len(wheres))]
    return replace(instruction, where=where) if side else instruction
