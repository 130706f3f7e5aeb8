"""Where a task takes place: which things stand where, and where the robot stands and looks."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import atan2, cos, hypot, pi, sin
from typing import Final

import numpy as np

from vla_course.simulation.robot.state import Side
from vla_course.simulation.scene.parts import PERSON_RADIUS, TABLE_SIZE
from vla_course.simulation.scene.scene import CLEARANCE, Scene, SceneDescription
from vla_course.simulation.scene.things import colour_and_shape
from vla_course.simulation.tasks.goals import STEP_LENGTH
from vla_course.simulation.tasks.goals_hands import third_of
from vla_course.simulation.tasks.instructions import DRINKS, SPOTS, Instruction

MIDLINE: Final = 0.06
"""m, a thing nearer to the robot's midline would leave open which hand is right: scenes avoid it"""
NEIGHBOUR: Final = 0.145
"""m, between the middles of a thing and another one that is put beside it"""
RIM: Final = 0.11
"""m, from the left and right edge of a table: nearer to them nothing is put down"""
DEPTHS: Final = (0.12, 0.17, 0.09, 0.22)
"""m from a table's edge, where things are put down"""
AHEAD: Final = {"forward": (1.0, 0.0), "backward": (-1.0, 0.0), "left": (0.0, 1.0), "right": (0.0, -1.0)}
"""each direction, ahead and to the left"""

_HANDS: Final = ("reach for", "point at", "pick up")
_PERSON: Final = ("serve a drink",)
_FREE: Final = 0.60
"""m, between the middle of a robot on its way and table or person"""
_DRAWS: Final = 500
_LEVEL_TOPS: Final = ("box", "cylinder")
"""the shapes on which others stand"""


class NoScene(ValueError):
    """There is no scene for what was asked; says why."""


@dataclass(frozen=True, slots=True)
class Setting:
    """A scene, where the robot stands before it (m, world) and looks (rad), and which hand is right."""

    scene: SceneDescription
    position: tuple[float, float]
    heading: float
    hand: Side | None


def sample_setting(instruction: Instruction, rng: np.random.Generator, things: tuple[str, ...]) -> Setting:
    """Draw where an instruction is to be carried out, beside things among `things`.

    Raises:
        NoScene: what is asked cannot stand, or there are not enough `things`.
    """
    _check_stacking(instruction)
    for _ in range(_DRAWS):
        names = _draw_names(instruction, rng, things)
        person = instruction.other == "person" or instruction.skill in _PERSON or rng.random() < 0.5
        scene = Scene.sample(rng, things=names, person=person)
        position, heading = _draw_robot(instruction, rng, scene)
        hand = _right_hand(instruction, scene)
        setting = Setting(scene, position, heading, hand)
        if _suits(instruction, setting):
            return setting
    raise NoScene(f"no scene among {_DRAWS} suits {instruction}")


def _check_stacking(instruction: Instruction) -> None:
    if instruction.relation == "on" and instruction.thing and instruction.other:
        upper, lower = (colour_and_shape(name)[1] for name in (instruction.thing, instruction.other))
        if upper == "ball" or lower not in _LEVEL_TOPS:
            raise NoScene(
                f"a {upper} does not stand on a {lower}: only a {' or a '.join(_LEVEL_TOPS)} carries things"
            )


# ---- things -----------------------------------------------------------------------------------


def _draw_names(instruction: Instruction, rng: np.random.Generator, things: tuple[str, ...]) -> list[str]:
    """Return the things that the instruction needs, and one to three others; one of them is easily mistaken."""
    names = list(instruction.things)
    if instruction.skill == "serve a drink" and not names:
        names.append(_pick(rng, [name for name in things if name in DRINKS], "cup or bottle"))
    others = [name for name in things if name not in names]
    if names and rng.random() < 0.5:
        wanted = set(names[0].split())
        names.append(
            _pick(rng, [name for name in others if wanted & set(name.split())], "thing that is alike")
        )
        others.remove(names[-1])
    count = 3 if instruction.skill == "tidy the table" else max(2, len(names)) + int(rng.integers(2))
    while len(names) < count:
        names.append(_pick(rng, others, "other thing"))
        others.remove(names[-1])
    return names


def _pick(rng: np.random.Generator, names: list[str], what: str) -> str:
    if not names:
        raise NoScene(f"things has no {what}, expected at least one more")
    return names[rng.integers(len(names))]


def _places(scene: SceneDescription) -> dict[str, tuple[float, float]]:
    return {thing.name: thing.position[:2] for thing in scene.things}


def _right_hand(instruction: Instruction, scene: SceneDescription) -> Side | None:
    """Return the hand on whose side the thing is, where one hand does it all."""
    if instruction.skill not in _HANDS or instruction.thing is None:
        return None
    return "left" if _places(scene)[instruction.thing][1] > 0.0 else "right"


# ---- the robot --------------------------------------------------------------------------------


def _draw_robot(
    instruction: Instruction, rng: np.random.Generator, scene: SceneDescription
) -> tuple[tuple[float, float], float]:
    """Return where the robot stands (m, world) and looks (rad)."""
    match instruction.skill:
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


def _suits(instruction: Instruction, setting: Setting) -> bool:
    """Tell whether an instruction can be carried out in a setting, and leaves nothing open."""
    scene, places = setting.scene, _places(setting.scene)
    match instruction.skill:
        case "walk":
            return _way_is_free(instruction, setting)
        case "turn" | "stand still":
            return _is_free(scene, *setting.position)
        case "reach for" | "point at" | "pick up":
            assert instruction.thing is not None
            named = instruction.hand in (None, setting.hand)
            return named and abs(places[instruction.thing][1]) > MIDLINE
        case "place":
            return bool(free_spots(instruction, scene))
        case "move to":
            assert instruction.thing is not None
            assert instruction.other is not None
            third = third_of(places[instruction.thing][1] - scene.table.position[1])
            rest = [place for name, place in places.items() if name != instruction.thing]
            spots = spots_in_third(instruction.other, scene.table.position)
            return third != instruction.other.split()[0] and any(_is_clear(spot, rest) for spot in spots)
        case _:
            return True


def free_spots(instruction: Instruction, scene: SceneDescription) -> list[tuple[float, float]]:
    """Return the places (x, y) m at which a thing stands in its relation to another one, clear of all the rest."""
    assert instruction.other is not None
    places = _places(scene)
    x, y = places[instruction.other]
    ways = {"on": (0.0,), "left of": (NEIGHBOUR,), "next to": (NEIGHBOUR, -NEIGHBOUR)}
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


def _way_is_free(instruction: Instruction, setting: Setting) -> bool:
    length, (ahead, left) = distance_of(instruction), AHEAD[instruction.direction or "forward"]
    (x, y), c, s = setting.position, cos(setting.heading), sin(setting.heading)
    dx, dy = c * ahead - s * left, s * ahead + c * left
    return all(
        _is_free(setting.scene, x + way * dx, y + way * dy)
        for way in np.arange(-0.1, length + 0.3, 0.1).tolist()
    )


def distance_of(instruction: Instruction) -> float:
    """Return how far m an instruction to walk leads."""
    amount = instruction.amount or 0.0
    return amount * STEP_LENGTH if instruction.unit == "steps" else amount


def _is_free(scene: SceneDescription, x: float, y: float) -> bool:
    """Tell whether a robot whose middle is at x, y m is well away from table and person."""
    table, (depth, width) = scene.table.position, TABLE_SIZE
    gap = hypot(max(0.0, abs(x - table[0]) - depth / 2.0), max(0.0, abs(y - table[1]) - width / 2.0))
    if gap < _FREE:
        return False
    if scene.person is None:
        return True
    return hypot(x - scene.person.position[0], y - scene.person.position[1]) >= PERSON_RADIUS + _FREE
