"""From a goal to subtasks: what is left to be done in a scene as it is seen, as sentences that a policy understands."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import hypot
from typing import Final

from vla_course.deployment.executor.scene_seen import SceneSeen
from vla_course.simulation.tasks.instructions import DRINKS, Instruction, Skill
from vla_course.simulation.tasks.saying import plainly
from vla_course.simulation.tasks.understanding import understand

LASTING: Final[tuple[Skill, ...]] = ("pick up", "place", "move to", "serve a drink", "tidy the table")
"""what can be seen, or felt, to be so afterwards"""
LASTS: Final[tuple[Skill, ...]] = ("place", "move to", "serve a drink", "tidy the table")
"""what stays so when the robot has gone home, and is looked at once more"""
BLOCKS: Final = 0.17
"""m, between the middles of two things: so near to what no hand can take, the other one is taken to be in its way"""
_ITS_SIDE: Final = re.compile(r"\bon the table (?:to|on) (?:your|the) (left|right)\b")


class CannotPlan(ValueError):
    """There is no plan for a goal in a scene; says why in one sentence."""


@dataclass(frozen=True, slots=True)
class Subtask:
    """One subtask.

    Attributes:
        part: what it asks for, a thing by its full name.
        number: of the part of the goal that it serves, 0 the first.
        keeps: whether what it picks up is kept for what comes next.
        only: the name of the one thing that is tidied away; "" where it does not tidy, or all of them.
    """

    part: Instruction
    number: int = 0
    keeps: bool = False
    only: str = ""

    @property
    def sentence(self) -> str:
        """What the policy is told."""
        return plainly(self.part)

    @property
    def name(self) -> str:
        """What it is, for people."""
        return f"tidy away the {self.only}" if self.only else self.sentence

    @property
    def about(self) -> str:
        """The name of the thing that hands are to move; "" for none, or all of them."""
        return (self.only or self.part.thing or "") if self.part.skill in LASTING else ""

    def is_done(self, seen: SceneSeen) -> bool:
        """Tell whether a scene shows that it is done. Raises ValueError: no picture tells."""
        if self.only:
            return self.only in seen.things and seen.is_tidy(self.only)
        return seen.fulfils(self.part)


def heard(sentence: str) -> Instruction:
    """Return what a sentence asks for. There is one table: "on the table to your left" is on its left side.

    Raises:
        UnknownCommand: it is none of the language; says what the robot can do instead.
    """
    return understand(_ITS_SIDE.sub(r"on the \1 side of the table", sentence.lower()))


def named(goal: Instruction, seen: SceneSeen) -> Instruction:
    """Return a goal with the full names of the things that it means, in a scene in which all are still in sight.

    A drink that nobody has named stays open: any of them will do.

    Raises:
        CannotPlan: it means none of the things in sight, or it is not clear which; says what there is.
    """
    first, *then = [_named(part, seen) for part in goal.parts]
    return replace(first, then=then[0] if then else None)


def subtasks(goal: Instruction, seen: SceneSeen, stuck: str = "") -> list[Subtask]:
    """Return what is to be done now for a goal whose things are `named`, one after the other; none: all is done.

    What a hand holds stays there for what is about it, and for walks, turns and looks; else it is put down first.

    Args:
        goal: what is asked.
        seen: the scene as it is now.
        stuck: the name of a thing that the robot could not bring where it belongs in the plan before, "" for none:
            then another way is planned.

    Raises:
        CannotPlan: a thing is nowhere in sight, or nobody to serve; says which.
    """
    parts = [_with_a_drink(part, seen, stuck) for part in goal.parts]
    last = parts[-1]
    # What comes first is to be done all the same: a cup that is to be picked up and put on the table stands there.
    if len(parts) == 1 and last.skill in LASTS and seen.fulfils(last):
        return []
    tasks = list(_first(parts[0], seen, stuck))
    for number, (part, before) in enumerate(zip(parts, (None, *parts), strict=False)):
        if part.skill == "tidy the table":
            tasks += _tidying(number, seen, stuck)
            continue
        in_hand = before is not None and before.skill == "pick up" and before.thing == part.thing
        if part.skill == "serve a drink" and not in_hand:
            tasks.append(Subtask(Instruction("pick up", thing=part.thing), number, keeps=True))
        tasks.append(Subtask(part, number, keeps=part.skill == "pick up"))
    return tasks


def is_for_somebody(goal: Instruction) -> bool:
    """Tell whether a person must be in sight for a goal."""
    mine = any(part.where is not None and part.where.startswith("my") for part in goal.parts)
    return mine or any(part.skill == "serve a drink" or part.other == "person" for part in goal.parts)


# ---- what is meant --------------------------------------------------------------------------------


def _named(part: Instruction, seen: SceneSeen) -> Instruction:
    thing, other = part.thing, part.other if part.other in part.nouns else None
    if thing is not None:
        part = replace(part, thing=_the_one(thing, part.where, seen), where=None)
    if other is not None:
        part = replace(part, other=_the_one(other, None, seen))
    return part


def _the_one(noun: str, where: str | None, seen: SceneSeen) -> str:
    names = seen.meant(noun, where)
    if len(names) == 1:
        return names[0]
    said = (
        noun
        if where is None
        else f"{noun} on {where.replace('my', 'your') if 'my' in where else 'the ' + where}"
    )
    there = ", ".join(f"a {name}" for name in seen.things) or "nothing"
    if not names:
        raise CannotPlan(f"I see no {said}: on the table there is {there}")
    raise CannotPlan(
        f"I do not know which {noun} is meant: I see {' and '.join(f'a {name}' for name in names)}"
    )


# ---- what is to be done ---------------------------------------------------------------------------


def _with_a_drink(part: Instruction, seen: SceneSeen, stuck: str) -> Instruction:
    """Return a part with the drink that is to be served, where nobody has named one."""
    if part.skill != "serve a drink":
        return part
    if seen.person is None:
        raise CannotPlan("I see nobody to serve")
    if part.thing is not None or any(map(seen.is_served, seen.drinks)):
        return part
    drinks = [seen.holds] if seen.holds in DRINKS else sorted(seen.drinks, key=lambda name: name == stuck)
    if not drinks:
        raise CannotPlan("I see nothing to drink on the table")
    return replace(part, thing=drinks[0])


def _first(part: Instruction, seen: SceneSeen, stuck: str) -> Iterator[Subtask]:
    """Yield what must come before the first part: what is held is put down, and room made."""
    if part.skill not in LASTING or (seen.holds and part.thing == seen.holds):
        return
    if seen.holds:
        yield Subtask(Instruction("place", thing=seen.holds, relation="on", other="table"))
    if part.thing is None:
        return
    if part.thing not in seen.things:
        raise CannotPlan(f"the {part.thing} is nowhere in sight")
    if stuck == part.thing:
        yield from _clearing(part.thing, seen)


def _tidying(number: int, seen: SceneSeen, stuck: str) -> Iterator[Subtask]:
    """Yield what is to be tidied away, what stands nearest to the left side of the table first.

    Where one thing found no place, the policy is left to rearrange all of them.
    """
    if seen.table is None:
        raise CannotPlan("I see no table")
    untidy = [name for name in seen.things if not seen.is_tidy(name)]
    if not untidy and seen.missing:
        raise CannotPlan(
            f"all else is tidy, but I see no {' and no '.join(seen.missing)} standing on the table"
        )
    if stuck in untidy:
        untidy = [""]
    for name in sorted(untidy, key=lambda name: -float(seen.things[name][1]) if name else 0.0):
        yield Subtask(Instruction("tidy the table"), number, only=name)


def _clearing(thing: str, seen: SceneSeen) -> Iterator[Subtask]:
    """Yield what makes room round a thing that no hand could take: its nearest neighbour goes to another third."""
    here = seen.things[thing]
    away = {name: hypot(*(place - here)[:2].tolist()) for name, place in seen.things.items() if name != thing}
    near = min(away, key=lambda name: away[name], default=None)
    if near is not None and away[near] < BLOCKS:
        side = "left" if "right" in (seen.third(near), seen.third(thing)) else "right"
        yield Subtask(Instruction("move to", thing=near, other=f"{side} side of the table"))
