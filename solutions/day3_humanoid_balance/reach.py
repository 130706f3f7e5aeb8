"""Reaching: how a motion runs in time, and how a hand should come to a thing."""

import numpy as np
from numpy.typing import NDArray

from vla_course.course.exercise import NotAttempted, exercise
from vla_course.motion.arms.pose import Pose
from vla_course.motion.hands.things import Grasp, Graspable, Gripper

Array = NDArray[np.float64]


@exercise("3.23")
def minimum_jerk(start: Array, goal: Array, speed_limits: Array, timestep: float) -> Array:
    """Return the positions (m, n) at times 0, dt, 2 dt, ..., T of the smoothest path from `start` to `goal` (n,).

    All coordinates begin and end together, at rest, on the path of least mean square jerk (Flash and Hogan 1985):

        x(t) = start + s(t / T) (goal - start),   s(u) = 10 u^3 - 15 u^4 + 6 u^5

    s is fastest in the middle, s'(1/2) = 15/8. T is the shortest whole number of timesteps dt = `timestep` s, one
    at least, in which no coordinate is faster than its own limit in `speed_limits` (n,), units a second.
    """
    # BEGIN SOLUTION
    displacement = goal - start
    shortest = 15.0 / 8.0 * np.max(np.abs(displacement) / speed_limits)
    ticks = max(1, int(np.ceil(shortest / timestep)))
    u = np.arange(ticks + 1)[:, None] / ticks
    return start + u**3 * (10.0 - 15.0 * u + 6.0 * u**2) * displacement
    # END SOLUTION


@exercise("3.24")
def grasp_thing(thing: Graspable, azimuth: float, tilt: float, gripper: Gripper) -> Grasp:
    """Return how to hold `thing` with a hand that comes along `azimuth` rad, `tilt` rad from straight down (0 to pi/2).

    1. A box is held by its faces: psi is the nearest to `azimuth` of heading + k pi/2. Else psi is `azimuth`.
    2. The fingers point along a = (sin tilt cos psi, sin tilt sin psi, -cos tilt) and close, level, along
       c = (-sin psi, cos psi, 0): the columns of the tool's rotation (3, 3) are a, c and a x c.
    3. The thing reaches h = length / 2 sin(tilt) + height / 2 cos(tilt) from its middle to the palm, length being its
       level width in the direction psi (of a box with odd k its second size); a ball reaches its radius. So that the
       palm keeps `palm_gap` off it, the tool point stays b = max(0, h + palm_gap - palm_to_tool) short of the middle,
       along a.
    4. The lowest of the hand is `tool_to_tip` cos(tilt) + `half_width` sin(tilt) below the tool point. The tool point
       is raised as far as that needs to stay `table_gap` above the table, on which the thing stands.
    5. The fingers open to the thing's width along c plus `side_gap` on both sides, as a fraction of `widest`, at most
       1. The grip is "precision" where b > 0, held by the tips, else "power".

    `Grasp.pose` is the tool's, its position counted from the thing's middle, in world axes; lengths in m.
    """
    # BEGIN SOLUTION
    length, across, height = thing.size
    if thing.shape == "box":
        quarters = round((azimuth - thing.heading) / (np.pi / 2.0))
        azimuth = thing.heading + quarters * np.pi / 2.0
        if quarters % 2 == 1:
            length, across = across, length
    ahead = np.array([np.cos(azimuth), np.sin(azimuth), 0.0])
    approach = np.sin(tilt) * ahead - np.array([0.0, 0.0, np.cos(tilt)])
    closing = np.array([-ahead[1], ahead[0], 0.0])
    rotation = np.column_stack((approach, closing, np.cross(approach, closing)))

    half = length / 2.0 * np.sin(tilt) + height / 2.0 * np.cos(tilt)
    if thing.shape == "ball":
        half = length / 2.0
    short = max(0.0, half + gripper.palm_gap - gripper.palm_to_tool)
    place = -short * approach
    below = gripper.tool_to_tip * np.cos(tilt) + gripper.half_width * np.sin(tilt)
    place[2] = max(place[2], gripper.table_gap + below - height / 2.0)

    opening = min(1.0, (across + 2.0 * gripper.side_gap) / gripper.widest)
    return Grasp(Pose(place, rotation), opening, "precision" if short > 0.0 else "power")
    # END SOLUTION
