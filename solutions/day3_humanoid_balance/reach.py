"""Reaching: how long a motion takes, how it runs, and how a hand should come to a thing."""

import numpy as np
from numpy.typing import NDArray

from vla_course.course.exercise import NotAttempted, exercise
from vla_course.motion.arm_pose import Pose
from vla_course.motion.manipulation_things import Grasp, Graspable, Gripper

Array = NDArray[np.float64]


@exercise("3.23")
def minimum_jerk(start: Array, goal: Array, speed_limits: Array, timestep: float) -> Array:
    """Return the positions (m, n) at times 0, dt, 2 dt, ... of the smoothest way from `start` to `goal` (n,).

    All coordinates begin and end together, at rest, on the polynomial

        x(t) = start + s(t / T) (goal - start),   s(u) = 10 u^3 - 15 u^4 + 6 u^5

    which has the least mean square jerk (Flash and Hogan 1985). s' is greatest in the middle, 15/8. T is the
    shortest whole number of timesteps dt (at least one) in which no coordinate is faster than its limit
    in `speed_limits` (n,), units a second. The last row is the goal.
    """
    # BEGIN SOLUTION
    way = goal - start
    shortest = 15.0 / 8.0 * float(np.max(np.abs(way) / speed_limits))
    ticks = max(1, int(np.ceil(shortest / timestep - 1e-9)))
    u = np.arange(ticks + 1)[:, None] / ticks
    return start + u**3 * (10.0 - 15.0 * u + 6.0 * u**2) * way
    # END SOLUTION


@exercise("3.24")
def grasp_thing(thing: Graspable, azimuth: float, tilt: float, gripper: Gripper) -> Grasp:
    """Return how to hold `thing` when the hand comes along `azimuth` rad, `tilt` rad from straight down."""
    # BEGIN SOLUTION
    width, depth, height = thing.size
    if thing.shape == "box":
        quarters = np.round((azimuth - thing.heading) / (np.pi / 2.0))
        azimuth = thing.heading + quarters * np.pi / 2.0
        if quarters % 2:
            width, depth = depth, width
    away = np.array([np.cos(azimuth), np.sin(azimuth), 0.0])
    approach = np.sin(tilt) * away - np.array([0.0, 0.0, np.cos(tilt)])
    closing = np.array([-away[1], away[0], 0.0])
    rotation = np.column_stack((approach, closing, np.cross(approach, closing)))

    if thing.shape == "ball":
        half = width / 2.0
    else:
        half = width / 2.0 * np.sin(tilt) + height / 2.0 * np.cos(tilt)
    back = max(0.0, half + gripper.palm_gap - gripper.palm_to_tool)
    place = -back * approach

    lowest = place[2] - gripper.tool_to_tip * np.cos(tilt) - gripper.half_width * np.sin(tilt)
    place[2] += max(0.0, gripper.table_gap - height / 2.0 - lowest)
    across = depth if thing.shape == "box" else width
    opening = min(1.0, (across + 2.0 * gripper.side_gap) / gripper.widest)
    return Grasp(Pose(place, rotation), opening, "precision" if back > 0.0 else "power")
    # END SOLUTION
