"""From a place to go to, to the base velocity that leads there: exact, for a velocity is asked at every lift-off.

A robot counts as being where it would stand if it closed its feet now (`Footing`). A velocity moves that place, step by
step, by velocity times the time of a step (`VelocityCommand`): so what is left, divided by the time of a step, makes
exactly the last one, and 0 closes the feet.
"""

from math import cos, hypot, sin
from typing import Final

import numpy as np
from numpy.typing import NDArray

from vla_course.learning.environment.action_space import STANDS, VELOCITIES
from vla_course.motion.footsteps.plan import GoalPose, Stance, middle_of
from vla_course.motion.walking.footing import STEP_TIME, Footing, footing_of
from vla_course.motion.walking.strides import CHANGES
from vla_course.motion.walking.walker import Walker
from vla_course.simulation.world.rotation import wrapped

Array = NDArray[np.float64]

PACE: Final = np.array(CHANGES) / STEP_TIME
"""(3,) m/s, m/s, rad/s, the expert's own: that of steps after which it can stop, so that any step may be the last"""
ARRIVED: Final = (0.02, 0.035)
"""m and rad: a robot that stands nearer than that to where it should makes no step for the rest"""
_LEAST: Final = STANDS * np.array(VELOCITIES)


def velocity_to(walker: Walker, goal: GoalPose, pace: Array = PACE) -> Array:
    """Return the base velocity (3,) that leads a robot to `goal`, feet together, straight and turning on the way."""
    if walker.phase == "stand" and _stands_at(walker, goal):
        return np.zeros(3)
    velocity = towards(footing_of(walker), goal, pace)
    if walker.phase == "stand":
        # Which foot begins is decided by the velocity, and it the velocity: once more, from that foot.
        velocity = towards(footing_of(walker, velocity), goal, pace)
    return velocity


def _stands_at(walker: Walker, goal: GoalPose) -> bool:
    """Tell whether a robot stands where it should: so near that a step would bring it no nearer."""
    far, turn = apart(middle_of(Stance(walker.measured(0), walker.measured(1))), goal)
    return far < ARRIVED[0] and turn < ARRIVED[1]


def towards(footing: Footing, goal: GoalPose, pace: Array = PACE) -> Array:
    """Return the velocity (3,) with which the next step comes as near to `goal` as steps at `pace` do.

    Aside only the foot moves that is on that side; for the other one the same velocity says to close.
    """
    here = footing.place
    turn = float(np.clip(wrapped(goal.yaw - here.yaw), -pace[2] * STEP_TIME, pace[2] * STEP_TIME))
    middle, dx, dy = here.yaw + turn / 2.0, goal.x - here.x, goal.y - here.y
    ahead, aside = cos(middle) * dx + sin(middle) * dy, cos(middle) * dy - sin(middle) * dx
    velocity = np.clip(np.array((ahead, aside / 2.0, turn)) / STEP_TIME, -pace, pace)
    velocity[np.abs(velocity) < _LEAST] = 0.0
    return velocity


def apart(one: GoalPose, other: GoalPose) -> tuple[float, float]:
    """Return how far m and by how much of a turn rad two places are apart."""
    return hypot(one.x - other.x, one.y - other.y), abs(wrapped(one.yaw - other.yaw))
