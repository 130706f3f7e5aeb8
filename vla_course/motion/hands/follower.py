"""An arm on a straight way: one step of inverse kinematics a tick, with joints that neither leap nor meet their stops.

A planned way and the way taken differ, for the trunk sways, and an arm with a joint to spare has many postures for
one place of its hand. Where a joint comes to its limit the others must do its part, from one tick to the next; left
alone, the command would leap to and fro between two answers, and the reaction of so much arm shoves the robot off its
feet. So speed, acceleration and nearness to the stops are bounded for each joint, and inverse kinematics works within.
"""

import numpy as np
from numpy.typing import NDArray

from vla_course.motion.arms.chain import ArmChain
from vla_course.motion.arms.ik_config import ArmSolver

Array = NDArray[np.float64]

SPEED = 4.0
"""rad/s, the greatest speed of a joint that follows a straight way: what would be faster lags"""
ACCELERATION = 40.0
"""rad/s^2, the greatest acceleration of such a joint: planned motions need a quarter of it"""
PULL = 0.1
"""rad, the most of the way to the planned posture that pulls at once: what the tool does not mind may be slow"""
STOP_GAP = 0.05
"""rad, that a command keeps from the mechanical stops: the servo reckons with joints that are free, and what a hand
carries bends its wrist by some hundredths"""
STOP_RATE = 10.0
"""1/s: nearer to that, a joint is no faster than the way left times this (a velocity damper, Faverjon and Tournassoud
1987, "A local based approach for path planning of manipulators with a high number of degrees of freedom", ICRA)"""


class Follower:
    """Leads an arm's joints after a tool that moves. `solver` was made with the numbers `FOLLOWING`."""

    def __init__(self, solver: ArmSolver) -> None:
        self._solver = solver

    def follow(
        self, chain: ArmChain, error: Array, command: Array, speed: Array, rest: Array, dt: float
    ) -> Array:
        """Return the joints (7,) rad one tick on, which take the tool's error away.

        Args:
            chain: the arm, at `command`.
            error: (6,) of the tool, the way m and the rotation vector rad that are left, pelvis frame.
            command: (7,) rad, where the joints were sent last.
            speed: (7,) rad/s, at which they were sent there.
            rest: (7,) rad, to which spare freedom is pulled.
            dt: s, a tick.
        """
        least, most = speed_limits(chain, command, speed, dt)
        near = np.clip(rest, command - PULL, command + PULL)
        change = self._solver.step(
            chain.jacobian, error, command, command + dt * least, command + dt * most, near
        )
        following: Array = command + change
        return following


def speed_limits(chain: ArmChain, command: Array, speed: Array, dt: float) -> tuple[Array, Array]:
    """Return the least and the greatest speed (7,) rad/s of the coming tick, of joints sent to `command` at `speed`."""
    below = np.maximum(command - chain.lower - STOP_GAP, 0.0)
    above = np.maximum(chain.upper - STOP_GAP - command, 0.0)
    slowest, fastest = -np.minimum(SPEED, STOP_RATE * below), np.minimum(SPEED, STOP_RATE * above)
    change = ACCELERATION * dt
    least: Array = np.clip(speed - change, slowest, fastest)
    most: Array = np.clip(speed + change, slowest, fastest)
    return least, most
