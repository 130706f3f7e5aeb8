"""Where a task takes place: which things stand where, and where the robot stands and looks."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import atan2, cos, hypot, pi, radians, sin
from typing import Final

import numpy as np

from vla_course.simulation.robot.state import Side
from vla_course.simulation.scene.parts import PERSON_RADIUS, TABLE_SIZE
from vla_course.simulation.scene.scene import CLEARANCE, USUAL, Layout, Scene, SceneDescription
from vla_course.simulation.scene.things import ALL_THINGS
from vla_course.simulation.tasks.goals import STEP_LENGTH
from vla_course.simulation.tasks.goals_hands import third_of
from vla_course.simulation.tasks.instructions import DRINKS, NOUNS, SPOTS, Instruction, fits
from vla_course.simulation.tasks.meant import MIDLINE, Pose, meant, places_of
from vla_course.simulation.world.rotation import wrapped

STANDS: Final = 0.22
"""m, from the table's edge to a robot that stands at it, at least"""
NEIGHBOUR: Final = 0.145
"""m, between the middles of a thing and another one that is put beside it"""
RIM: Final = 0.11
"""m, from the left and right edge of a table: nearer to them nothing is put down"""
DEPTHS: Final = (0.12, 0.17, 0.09, 0.22)
"""m from a table's edge, where things are put down"""
AHEAD: Final = {"forward": (1.0, 0.0), "backward": (-1.0, 0.0), "left": (0.0, 1.0), "right": (0.0, -1.0)}
"""each direction, ahead and to the left"""

MOTIONS: Final = ("walk", "turn", "stand still")
"""what needs no more than room"""
HANDS: Final = ("reach for", "point at", "pick up")
"""what one hand does from where the robot stands"""
_BRINGS: Final = ("place", "move to", "serve a drink", "tidy the table")
_HELD: Final = ("place", "move to", "serve a drink")
"""what can be done with a thing that is held"""
FACING: Final = 1.0
"""rad, from straight ahead to a table that a robot has before it"""
_FREE: Final = 0.60
"""m, between the middle of a robot on its way and table or person"""
_DRAWS: Final = 500
_LEVEL_TOPS: Final = ("box", "cylinder")
"""the shapes on which others stand"""
BARE_WALK: Final = 1.0
"""m, that a walk without an amount leads, about"""
BARE_TURN: Final = 90.0
"""degrees, of a turn without an amount, about"""


class NoScene(ValueError):
    """There is no scene for what was asked; says why."""


@dataclass(frozen=True, slots=True)
class Setting:
    """A scene, where the robot stands in the beginning (m, world) and looks (rad).

    Attributes:
        parts: the one or two instructions, with the full names of what they mean.
        hands: the hand that is right for each, None where either is or none is needed.
    """

    scene: SceneDescription
    position: tuple[float, float]
    heading: float
    parts: tuple[Instruction, ...]
    hands: tuple[Side | None, ...]


def sample_setting(
    instruction: Instruction, rng: np.random.Generator, things: tuple[str, ...], layout: Layout = USUAL
) -> Setting:
    """Draw where an instruction is to be carried out, beside things among `things`, on a table as `layout` has it.

    Raises:
        NoScene: what is asked cannot be, or there are not the `things` for it.
    """
    parts = instruction.parts
    _check_hand(parts[0])
    _check_pair(*parts)
    for part in parts:
        _check_stacking(part)
    person = any(part.other == "person" or part.skill == "serve a drink" for part in parts)
    person = person or any(part.where in ("my left", "my right") for part in parts)
    for _ in range(_DRAWS):
        names = _draw_names(parts, rng, things)
        scene = Scene.sample(rng, things=names, person=person or rng.random() < 0.5, layout=layout)
        poses = _draw_poses(parts, rng, scene)
        full = [meant(part, scene, poses[0]) for part in parts]
        named = tuple(part for part in full if part is not None)
        if len(named) < len(parts):
            continue
        hands = tuple(_right_hand(part, scene, k) for k, part in enumerate(named))
        if all(_suits(part, scene, pose, hand) for part, pose, hand in zip(named, poses, hands, strict=True)):
            return Setting(scene, *poses[0], named, hands)
    raise NoScene(f"none of {_DRAWS} scenes has room for this: {instruction}")


def setting_in(
    scene: SceneDescription, position: tuple[float, float], heading: float, instruction: Instruction
) -> Setting:
    """Return one instruction in a scene that is there already, for a robot that stands and looks as told.

    Args:
        scene: with all its things.
        position: m, world, of the robot.
        heading: rad.
        instruction: a single one.

    Raises:
        NoScene: what is asked cannot be done in this scene from there, or means none of its things; says why.
    """
    pose = (position, heading)
    if instruction.then is not None:
        raise NoScene(f"the scene is for one instruction, not for two: {instruction}")
    _check_pair(instruction)
    _check_hand(instruction)
    if scene.person is None and (instruction.other == "person" or instruction.skill == "serve a drink"):
        raise NoScene(f"there is nobody in the scene for this: {instruction}")
    named = meant(instruction, scene, pose)
    if named is None:
        raise NoScene(f"no thing of the scene, or more than one, is meant: {instruction}")
    hand = _right_hand(named, scene, 0)
    if not (_begins_there(named, scene, pose) and _suits(named, scene, pose, hand)):
        raise NoScene(f"the scene does not suit this as the robot stands there: {instruction}")
    return Setting(scene, position, heading, (named,), (hand,))


def _begins_there(part: Instruction, scene: SceneDescription, pose: Pose) -> bool:
    """Tell whether a robot that stands there may be told a thing: hands work at the table, feet away from it."""
    (x, y), heading = pose
    at_table = pose == ((0.0, 0.0), 0.0)
    if part.skill in (*HANDS, *_BRINGS):
        return at_table
    if part.skill in ("walk", "turn"):
        return not at_table
    if part.skill in ("look at", "go to"):
        table = scene.table.position
        return x <= 0.0 and abs(wrapped(atan2(table[1] - y, table[0] - x) - heading)) < FACING
    return True


def _check_hand(first: Instruction) -> None:
    """Raise NoScene where a hand is to reach over to the other side: things stand on that of the hand that is right."""
    if first.skill in HANDS and first.hand and first.where in ("left", "right") and first.where != first.hand:
        raise NoScene(
            f"the {first.thing} on the {first.where} is the {first.where} hand's, expected no other hand for it"
        )


def _check_pair(first: Instruction, second: Instruction | None = None) -> None:
    """Raise NoScene where no scene lets somebody do these after each other."""
    of_same = second is not None and (first.thing, first.where) == (second.thing, second.where)
    for part in (first, second):
        back = part is not None and part.skill == "place" and part.other == "table"
        if back and (part is first or first.skill != "pick up" or not of_same):
            raise NoScene(
                f"the {first.thing} stands on the table already, expected it to be picked up before: "
                f"pick up the {first.thing} and put it on the table"
            )
    if second is None:
        return
    if first.skill in HANDS and second.skill == "walk" and second.direction == "forward":
        raise NoScene("the table is ahead then, expected a walk to the left or right, or backward")
    full = f"the hand holds the {first.thing} then"
    if first.skill == "pick up" and not (second.skill in _HELD and of_same):
        if second.skill not in (*MOTIONS, "look at", "go to"):
            raise NoScene(f"{full}, expected it to be put somewhere, or a walk, a turn, or a look")
        if second.relation is None and second.thing == first.thing and second.thing is not None:
            raise NoScene(f"{full}, expected another thing")
    if (
        first.skill in ("go to", *_BRINGS)
        and second.skill == "walk"
        and "table" not in (first.other, second.other)
    ):
        raise NoScene(
            f"it is left open where the robot stands after it did {first.skill!r}, expected no walk after it"
        )


def _check_stacking(instruction: Instruction) -> None:
    if instruction.relation == "on" and instruction.thing and instruction.other in NOUNS:
        upper, lower = (noun.split()[-1] for noun in (instruction.thing, instruction.other))
        if upper == "ball" or lower not in (*_LEVEL_TOPS, "thing"):
            raise NoScene(
                f"a {upper} does not stand on a {lower}: only a {' or a '.join(_LEVEL_TOPS)} carries things"
            )


# ---- things -----------------------------------------------------------------------------------


def _draw_names(
    parts: tuple[Instruction, ...], rng: np.random.Generator, things: tuple[str, ...]
) -> list[str]:
    """Return the things that the instructions need, and one to three others; one of them is easily mistaken."""
    nouns = list(dict.fromkeys(noun for part in parts for noun in part.nouns))
    sides = {part.thing for part in parts if part.where is not None}
    names: list[str] = []
    for noun in sorted(nouns, key=lambda noun: noun not in ALL_THINGS):
        fitting = [name for name in things if fits(noun, name)]
        if noun in ALL_THINGS:
            names.append(noun)
        elif not any(fits(noun, name) for name in names):
            names.append(_pick(rng, [name for name in fitting if name not in names], noun))
    if any(part.skill == "serve a drink" for part in parts) and not any(name in DRINKS for name in names):
        names.append(_pick(rng, [name for name in things if name in DRINKS], "cup or bottle"))
    # Of what is said by its colour or shape alone there is one, or one on each side.
    alone = [noun for noun in nouns if noun not in ALL_THINGS and noun not in sides]
    others = [name for name in things if name not in names and not any(fits(noun, name) for noun in alone)]
    if names and rng.random() < 0.5:
        wanted = set(names[0].split())
        alike = [name for name in others if wanted & set(name.split())]
        names += [_pick(rng, alike, "thing")] if alike else []
        others = [name for name in others if name not in names]
    tidy = any(part.skill == "tidy the table" for part in parts)
    count = 3 if tidy else max(2, len(names)) + int(rng.integers(2))
    while len(names) < count and others:
        names.append(_pick(rng, others, "thing"))
        others.remove(names[-1])
    return names


def _pick(rng: np.random.Generator, names: list[str], what: str) -> str:
    if not names:
        raise NoScene(f"things has no {what}, expected at least one")
    return names[rng.integers(len(names))]


def _right_hand(part: Instruction, scene: SceneDescription, number: int) -> Side | None:
    """Return the hand on whose side the thing is, where one hand does it all; who has moved before may use either."""
    if part.skill not in HANDS or part.thing is None:
        return None
    if number:
        return part.hand
    return "left" if places_of(scene)[part.thing][1] > 0.0 else "right"


# ---- the robot --------------------------------------------------------------------------------


def _draw_poses(
    parts: tuple[Instruction, ...], rng: np.random.Generator, scene: SceneDescription
) -> list[Pose]:
    """Return where the robot stands before each part, the second as far as that is known."""
    first = parts[0]
    if len(parts) == 1:
        return [_draw_pose(first, rng, scene)]
    second = parts[1]
    if first.skill in (*MOTIONS, "look at"):
        if second.skill in MOTIONS:
            start = _draw_pose(first, rng, scene)
            return [start, _moved(start, first)]
        # What comes second leads to the table, from some way off.
        end = _draw_pose(Instruction("go to", other="table"), rng, scene)
        return [_moved(end, first, back=True), end]
    start = _draw_pose(first, rng, scene)
    return [start, start if first.skill == "go to" else ((0.0, 0.0), 0.0)]


def _moved(pose: Pose, part: Instruction, *, back: bool = False) -> Pose:
    """Return the pose in which a walk or a turn ends, or with `back` from which it led to `pose`."""
    ((x, y), heading), sign = pose, -1.0 if back else 1.0
    if part.skill == "turn":
        return (x, y), heading + sign * turn_of(part)
    if part.skill == "walk":
        length, (ahead, left) = distance_of(part), AHEAD[part.direction or "forward"]
        c, s = cos(heading) * sign * length, sin(heading) * sign * length
        return (x + c * ahead - s * left, y + s * ahead + c * left), heading
    return pose


def _draw_pose(part: Instruction, rng: np.random.Generator, scene: SceneDescription) -> Pose:
    """Return where the robot stands (m, world) and looks (rad)."""
    match part.skill:
        case "walk" | "turn" | "stand still":
            return (rng.uniform(-3.0, 3.0), rng.uniform(-2.5, 2.5)), rng.uniform(-pi, pi)
        case "look at":
            return (-rng.uniform(0.1, 0.8), rng.uniform(-0.3, 0.3)), rng.uniform(-0.6, 0.6)
        case "go to":
            x, y = -rng.uniform(0.6, 1.8), rng.uniform(-0.8, 0.8)
            table = scene.table.position
            return (x, y), atan2(table[1] - y, table[0] - x) + rng.uniform(-0.6, 0.6)
        case _:
            return (0.0, 0.0), 0.0


# ---- what suits -------------------------------------------------------------------------------


def _suits(part: Instruction, scene: SceneDescription, pose: Pose, hand: Side | None) -> bool:
    """Tell whether an instruction can be carried out from a pose, and leaves nothing open."""
    places = places_of(scene)
    match part.skill:
        case "walk":
            return _way_is_free(part, scene, pose)
        case "turn" | "stand still":
            return pose == ((0.0, 0.0), 0.0) or _is_free(scene, *pose[0])
        case "reach for" | "point at" | "pick up":
            assert part.thing is not None
            if hand is None or pose != ((0.0, 0.0), 0.0):
                return True
            return part.hand in (None, hand) and abs(places[part.thing][1]) > MIDLINE
        case "place":
            return part.other == "table" or (_stands(part) and bool(free_spots(part, scene)))
        case "move to":
            assert part.thing is not None
            assert part.other is not None
            third = third_of(places[part.thing][1] - scene.table.position[1])
            rest = [place for name, place in places.items() if name != part.thing]
            spots = spots_in_third(part.other, scene.table.position)
            return third != part.other.split()[0] and any(_is_clear(spot, rest) for spot in spots)
        case _:
            return True


def _stands(part: Instruction) -> bool:
    """Tell whether the thing of a relation stands on the other one, where it has to."""
    try:
        _check_stacking(part)
    except NoScene:
        return False
    return True


def free_spots(instruction: Instruction, scene: SceneDescription) -> list[tuple[float, float]]:
    """Return the places (x, y) m at which a thing stands in its relation to another one, clear of all the rest."""
    assert instruction.other is not None
    places = places_of(scene)
    x, y = places[instruction.other]
    ways = {
        "on": (0.0,),
        "left of": (NEIGHBOUR,),
        "right of": (-NEIGHBOUR,),
        "next to": (NEIGHBOUR, -NEIGHBOUR),
    }
    rest = [place for name, place in places.items() if name not in instruction.things]
    spots = [(x, y + aside) for aside in ways[instruction.relation or "on"]]
    return [
        spot
        for spot in spots
        if abs(spot[1] - scene.table.position[1]) <= TABLE_SIZE[1] / 2.0 - RIM and _is_clear(spot, rest)
    ]


def spots_in_third(spot: str, middle: Sequence[float]) -> list[tuple[float, float]]:
    """Return places (x, y) m in a third of a table that are near its edge; `middle` is the middle of its top, m."""
    near = middle[0] - TABLE_SIZE[0] / 2.0
    across = middle[1] + dict(zip(SPOTS, (1.0, -1.0, 0.0), strict=True))[spot] * TABLE_SIZE[1] / 3.0
    spots = [(near + depth, across + aside) for depth in DEPTHS for aside in (0.0, 0.07, -0.07, 0.13, -0.13)]
    return [(x, y) for x, y in spots if abs(y - middle[1]) <= TABLE_SIZE[1] / 2.0 - RIM]


def _is_clear(spot: tuple[float, float], rest: Sequence[tuple[float, float]]) -> bool:
    return all(hypot(spot[0] - x, spot[1] - y) >= CLEARANCE for x, y in rest)


def _way_is_free(part: Instruction, scene: SceneDescription, pose: Pose) -> bool:
    """Tell whether there is room for a walk; who stands at the table goes back from it first."""
    (x, y), heading = pose
    at_table = pose == ((0.0, 0.0), 0.0)
    if at_table:
        x -= _FREE - STANDS
    (ahead, left), c, s = AHEAD[part.direction or "forward"], cos(heading), sin(heading)
    dx, dy = c * ahead - s * left, s * ahead + c * left
    return all(
        _is_free(scene, x + way * dx, y + way * dy)
        for way in np.arange(0.0 if at_table else -0.1, distance_of(part) + 0.3, 0.1).tolist()
    )


def distance_of(part: Instruction) -> float:
    """Return how far m an instruction to walk leads."""
    if part.amount is None:
        return BARE_WALK
    return part.amount * STEP_LENGTH[part.direction or "forward"] if part.unit == "steps" else part.amount


def turn_of(part: Instruction) -> float:
    """Return how far rad an instruction to turn leads, to the left positive; either way is to the left."""
    angle = radians(BARE_TURN if part.amount is None else part.amount)
    return -angle if part.direction == "right" else angle


def _is_free(scene: SceneDescription, x: float, y: float) -> bool:
    """Tell whether a robot whose middle is at x, y m is well away from table and person."""
    table, (depth, width) = scene.table.position, TABLE_SIZE
    gap = hypot(max(0.0, abs(x - table[0]) - depth / 2.0), max(0.0, abs(y - table[1]) - width / 2.0))
    if gap < _FREE - 1e-9:
        return False
    if scene.person is None:
        return True
    return hypot(x - scene.person.position[0], y - scene.person.position[1]) >= PERSON_RADIUS + _FREE
