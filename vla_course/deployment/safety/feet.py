"""Where the robot would come to stand: base velocities that keep it off tables and away from people."""

from math import cos, sin
from typing import Final

import numpy as np
from numpy.typing import NDArray

from vla_course.deployment.safety.interventions import Limit
from vla_course.deployment.safety.limits import SafetyLimits
from vla_course.deployment.safety.parts import AllowedSpeed
from vla_course.deployment.safety.surroundings import Person, Surroundings
from vla_course.motion.footsteps.plan import GoalPose
from vla_course.motion.walking.footing import Footing, footing_of, here
from vla_course.motion.walking.walker import Walker

Array = NDArray[np.float64]

OUTLINE: Final = np.array([(x, y) for x in (-0.12, 0.0, 0.13) for y in (-0.27, -0.135, 0.0, 0.135, 0.27)])
"""(15, 2) m, ahead and to the left of the middle between the feet, of a robot with its arms at its sides"""
_PARTS: Final = (1.0, 0.75, 0.5, 0.25, 0.0)
"""-, of the velocity that was asked, tried in this order"""
_STEPS: Final = 6
"""steps in which any walk comes to a stop"""


def slowed(
    velocity: Array,
    walker: Walker,
    surroundings: Surroundings,
    limits: SafetyLimits,
    allowed_speed: AllowedSpeed,
) -> tuple[Array, Limit | None, str]:
    """Return the base velocity (3,) that may be walked, what limits it (None: nothing) and why.

    Near a person it is slowed to what `allowed_speed` says of their distance, all of it alike: a robot that is near
    does not hurry past either. Before a table it is the greatest part of it after which the robot, told to stop, would
    come to stand clear: steps are simulated as `Footing` makes them, to the last one. What leads out of where it is
    too near already is admitted.
    """
    if not velocity.any():
        return velocity, None, ""
    limit: Limit | None = None
    why = ""
    speed = float(np.hypot(*velocity[:2])) + float(np.abs(OUTLINE).max()) * abs(float(velocity[2]))
    for person in surroundings.people:
        distance = person.distance_along_floor(outline(here(walker)))
        most = allowed_speed(distance, person.speed, limits.feet)
        if most < speed:
            velocity = velocity * (most / speed)
            speed = most
            limit, why = "people", _told(distance, person, most)
    if not velocity.any():
        return velocity, limit, why
    room = _room(here(walker), surroundings)
    for part in _PARTS:
        least = min(_room(place, surroundings) for place in stopping_places(walker, part * velocity))
        if least >= min(limits.feet_gap, room):
            break
    if part < 1.0:
        limit, why = "workspace", f"the robot would come to stand {100 * least:.0f} cm from the table"
        if part == 0.0:
            why = "the next step would lead the robot into the table"
    return part * velocity, limit, why


def stopping_places(walker: Walker, velocity: Array) -> list[GoalPose]:
    """Return where the robot would be with its feet together after one more step at `velocity` (3,), and after each of
    the steps in which it stops then."""
    footing: Footing = footing_of(walker, velocity).after(velocity)
    places = [footing.place]
    for _ in range(_STEPS):
        if not any(footing.made):
            break
        footing = footing.after(np.zeros(3))
        places.append(footing.place)
    return places


def outline(place: GoalPose) -> Array:
    """Return the outline (15, 2) m of a robot that stands at `place`, world."""
    c, s = cos(place.yaw), sin(place.yaw)
    corners: Array = np.array((place.x, place.y)) + OUTLINE @ np.array(((c, s), (-s, c)))
    return corners


def _room(place: GoalPose, surroundings: Surroundings) -> float:
    """Return how far m the outline of a robot at `place` is from the nearest table, negative inside."""
    corners, room = outline(place), np.inf
    for table in surroundings.tables:
        beyond = np.abs(corners - table.middle[:2]) - np.array(table.size) / 2.0
        away = np.hypot(*np.maximum(beyond, 0.0).T) + np.minimum(beyond.max(axis=1), 0.0)
        room = min(room, float(away.min()))
    return room


def _told(distance: float, person: Person, most: float) -> str:
    walks = "whose speed nobody knows" if person.speed is None else f"coming at {person.speed:.1f} m/s"
    return f"a person {distance:.2f} m away, {walks}: at most {most:.2f} m/s"
