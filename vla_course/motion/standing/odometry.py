"""How far have I come? Told by the legs and an inertial sensor, as a real robot has it: with drift.

A sole that carries does not move; so wherever the pelvis goes over it, joint angles say (leg odometry, e.g. Bloesch
et al. 2012, "State estimation for legged robots", RSS). When the load goes over to the other sole, that one carries
the count on from where the legs say it stands. Which way is up an inertial sensor feels; how far the robot has
turned it can only add up, gyro reading by gyro reading, and so the heading drifts, and feet that slip add theirs.
"""

from math import cos, sin
from typing import Final

import numpy as np
from numpy.typing import NDArray

from vla_course.motion.standing.leg_kinematics import LegKinematics
from vla_course.simulation.robot.description import HumanoidDescription

Array = NDArray[np.float64]

GYRO_BIAS: Final = 0.001
"""rad/s, standard deviation of what a gyro at rest shows, drawn once a sensor"""
GYRO_NOISE: Final = 0.01
"""rad/s, standard deviation of each reading about that"""
_CARRIES: Final = 0.6
"""-, of the load: a sole that bears more of it has taken over"""
_LANDED: Final = 50.0
"""N, a sole that has been lifted and feels this has landed"""
_LIFTED: Final = 0.015
"""m, a sole that much higher than the other one is in the air"""


class LegOdometry:
    """Counts how far the pelvis has come since `begin`, from joints, gravity, gyro and the load of the soles alone.

    Args:
        rng: draws the errors of the gyro; None: it has none.
        description: of the robot (default: the course's).

    Attributes:
        position: (2,) m, ahead and to the left, in the frame in which the robot stood at `begin`.
        turn: rad, positive to the left; full turns are counted.
        steps: how often a foot has landed.
    """

    def __init__(
        self, rng: np.random.Generator | None = None, description: HumanoidDescription | None = None
    ) -> None:
        self._rng = rng
        self._bias = 0.0 if rng is None else GYRO_BIAS * float(rng.normal())
        self._legs = LegKinematics(description)
        self._begun = False
        self.begin()

    def begin(self) -> None:
        """Count from here."""
        self.position, self.turn, self.steps = np.zeros(2), 0.0, 0
        self._begun = False

    def observe(
        self, joints: Array, gravity: Array, spin: Array, loads: tuple[float, float], dt: float
    ) -> None:
        """Take in one reading of all sensors.

        Args:
            joints: (28,) rad.
            gravity: (3,), the direction in which things fall, in the pelvis frame.
            spin: (3,) rad/s, of the pelvis, in its own frame.
            loads: N, on the left and the right sole.
            dt: s, since the reading before.
        """
        up = -gravity
        level = _levelled(up)
        soles = [level @ sole for sole in self._legs.soles(joints)[0]]
        if not self._begun:
            self._begun, self._stance, self._lifted = True, 0, [False, False]
            self._anchor = self.position + _turned(self.turn, soles[0])
        noise = 0.0 if self._rng is None else self._bias + GYRO_NOISE * float(self._rng.normal())
        self.turn += dt * (float(spin @ up) + noise)
        self.position = self._anchor - _turned(self.turn, soles[self._stance])
        other = 1 - self._stance
        if loads[other] > _CARRIES * (loads[0] + loads[1]):
            self._stance, self._anchor = other, self.position + _turned(self.turn, soles[other])
        for foot, load in enumerate(loads):
            if soles[foot][2] > soles[1 - foot][2] + _LIFTED:
                self._lifted[foot] = True
            elif self._lifted[foot] and load > _LANDED:
                self._lifted[foot] = False
                self.steps += 1


def _levelled(up: Array) -> Array:
    """Return the rotation (3, 3) from the pelvis frame to one that is level and looks where the pelvis looks."""
    ahead = np.array((1.0, 0.0, 0.0)) - up[0] * up
    ahead /= np.sqrt(ahead @ ahead)
    (ux, uy, uz), (ax, ay, az) = up.tolist(), ahead.tolist()
    return np.array((ahead, (uy * az - uz * ay, uz * ax - ux * az, ux * ay - uy * ax), up))


def _turned(turn: float, place: Array) -> Array:
    """Return the level part (2,) of a place, turned by `turn` rad."""
    x, y, _ = place.tolist()
    c, s = cos(turn), sin(turn)
    return np.array((c * x - s * y, s * x + c * y))
