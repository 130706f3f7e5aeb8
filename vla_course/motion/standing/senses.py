"""What the balance frame reads of the robot: the simulation's own numbers, or numbers as sensors would give them.

The course balances on *privileged* state: `Humanoid.state` gives the true pose and velocity of the pelvis and
`sole_contacts` the true force at every point, at once and without an error. `SenseNoise` takes some of that away.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from math import sqrt
from typing import Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from vla_course.simulation.robot.humanoid import Humanoid
from vla_course.simulation.robot.state import RobotState, SoleContact
from vla_course.simulation.world.rotation import multiply

Array = NDArray[np.float64]
Reading = TypeVar("Reading")


class Senses(Protocol):
    """Where a balancing body reads its state from; a `Humanoid` is one, a perfect one."""

    def state(self) -> RobotState: ...

    def sole_contacts(self) -> tuple[SoleContact, SoleContact]: ...


SensesOf = Callable[[Humanoid], Senses]
"""makes the senses of a robot that has just been set down"""


@dataclass(frozen=True)
class SenseNoise:
    """How wrong each reading is: white Gaussian noise of these standard deviations, drawn anew for every reading.

    The default is no noise and no delay. Raises ValueError: a number is negative or not finite.
    """

    base_position: float = 0.0
    """m, along each axis of the world"""
    base_velocity: float = 0.0
    """m/s, along each axis: no robot measures this one, it has to be estimated"""
    base_orientation: float = 0.0
    """rad, about each axis"""
    base_angular_velocity: float = 0.0
    """rad/s, about each axis"""
    joint_positions: float = 0.0
    """rad"""
    joint_velocities: float = 0.0
    """rad/s"""
    sole_forces: float = 0.0
    """N, along each axis, on a sole's force; its points share it. A sole in the air reads zero"""
    delay: float = 0.0
    """s, how old every reading is (a tick of the loop is 0.004 s)"""

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if not 0.0 <= value < float("inf"):
                raise ValueError(f"SenseNoise.{field.name} is {value}, expected a finite number >= 0")


class NoisySenses:
    """A humanoid as sensors with `noise` would show it. Two readings at one moment of the world are the same.

    Args:
        humanoid: the robot.
        noise: what its sensors add, and how late they are.
        rng: draws the noise.
    """

    def __init__(self, humanoid: Humanoid, noise: SenseNoise, rng: np.random.Generator) -> None:
        self._humanoid, self._noise, self._rng = humanoid, noise, rng
        self._states: deque[tuple[float, RobotState]] = deque()
        self._contacts: deque[tuple[float, tuple[SoleContact, SoleContact]]] = deque()

    def state(self) -> RobotState:
        """Return the state read `noise.delay` s ago, or the first one that was read."""
        return self._late(self._states, lambda: self._disturbed(self._humanoid.state()))

    def sole_contacts(self) -> tuple[SoleContact, SoleContact]:
        """Return the contacts read `noise.delay` s ago, or the first ones that were read."""

        def read() -> tuple[SoleContact, SoleContact]:
            left, right = self._humanoid.sole_contacts()
            return self._felt(left), self._felt(right)

        return self._late(self._contacts, read)

    def _late(self, past: deque[tuple[float, Reading]], read: Callable[[], Reading]) -> Reading:
        now = self._humanoid.world.time
        if not past or past[-1][0] != now:
            past.append((now, read()))
        while len(past) > 1 and past[1][0] <= now - self._noise.delay + 1e-9:
            past.popleft()
        return past[0][1]

    def _disturbed(self, true: RobotState) -> RobotState:
        noise, draw = self._noise, self._rng.standard_normal
        x, y, z = (noise.base_orientation * draw(3) / 2.0).tolist()
        turn = (x, y, z, sqrt(max(0.0, 1.0 - x * x - y * y - z * z)))
        return replace(
            true,
            base_position=true.base_position + noise.base_position * draw(3),
            base_orientation=np.array(multiply(turn, true.base_orientation.tolist())),
            base_linear_velocity=true.base_linear_velocity + noise.base_velocity * draw(3),
            base_angular_velocity=true.base_angular_velocity + noise.base_angular_velocity * draw(3),
            joint_positions=true.joint_positions + noise.joint_positions * draw(28),
            joint_velocities=true.joint_velocities + noise.joint_velocities * draw(28),
        )

    def _felt(self, true: SoleContact) -> SoleContact:
        points = len(true.points)
        error = self._noise.sole_forces * self._rng.standard_normal(3)
        if points == 0 or not error.any():
            return true
        forces = true.forces + error / points
        return replace(
            true, forces=forces, normal_forces=np.maximum(0.0, true.normal_forces + error[2] / points)
        )
