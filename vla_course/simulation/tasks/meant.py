"""Which thing of a scene is meant: "the red thing", "the cup on your left", "the red cup to my left".

"Your left" and "the left" are the robot's, as it stands when it is told. "My left" is the speaker's: the person in the
scene, who looks towards the robot, so that their left is the robot's right.
"""

from dataclasses import replace
from math import cos, sin
from typing import Final

from vla_course.simulation.scene.scene import SceneDescription
from vla_course.simulation.tasks.instructions import Instruction, fits

MIDLINE: Final = 0.06
"""m, a thing nearer to the midline of who looks at it is neither on the left nor on the right: scenes avoid it"""
Pose = tuple[tuple[float, float], float]
"""where somebody stands, (x, y) m, and looks, rad"""


def places_of(scene: SceneDescription) -> dict[str, tuple[float, float]]:
    """Return where all things of a scene are, (x, y) m."""
    return {thing.name: thing.position[:2] for thing in scene.things}


def leftward(place: tuple[float, float], viewer: Pose) -> float:
    """Return how far m a place is to the left of the midline of who looks at it."""
    ((x, y), heading), (px, py) = viewer, place
    return cos(heading) * (py - y) - sin(heading) * (px - x)


def meant(instruction: Instruction, scene: SceneDescription, robot: Pose) -> Instruction | None:
    """Return an instruction without `then`, with the full names of what it means and no `where`.

    None where one of its nouns fits no thing of the scene, or where it is left open which of several.
    """
    thing, other = instruction.thing, instruction.other
    if thing is not None:
        thing = _the_one(thing, instruction.where, scene, robot)
    if other in instruction.nouns:
        other = _the_one(str(other), None, scene, robot)
        if other is None or other == thing:
            return None
    if (thing is None) != (instruction.thing is None):
        return None
    return replace(instruction, thing=thing, where=None, other=other, then=None)


def _the_one(noun: str, where: str | None, scene: SceneDescription, robot: Pose) -> str | None:
    """Return the one thing that fits a noun, and is where it is said to be."""
    places = {name: place for name, place in places_of(scene).items() if fits(noun, name)}
    if where is not None:
        viewer = robot
        if where.startswith("my"):
            if scene.person is None:
                return None
            viewer = (scene.person.position, scene.person.heading)
        aside = {name: leftward(place, viewer) for name, place in places.items()}
        if any(abs(far) < MIDLINE for far in aside.values()):
            return None
        places = {name: places[name] for name, far in aside.items() if (far > 0.0) == where.endswith("left")}
    return next(iter(places)) if len(places) == 1 else None
