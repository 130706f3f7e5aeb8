"""A walk whose robot does not know the truth: what it believes, beside what is so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vla_course.deployment.estimation.contact_filter import POSITION, ROTATION, VELOCITY
from vla_course.deployment.estimation.estimated_senses import EstimatedSenses
from vla_course.motion.walking.step_sources import VelocityCommand
from vla_course.motion.walking.walker import Walker
from vla_course.simulation.robot.humanoid import Humanoid
from vla_course.simulation.world.rotation import heading_of
from vla_course.simulation.world.world import World

Array = NDArray[np.float64]

Motion = tuple[float, float, float]
Senses = Callable[[Humanoid, np.random.Generator], EstimatedSenses]


@dataclass(frozen=True, eq=False)
class EstimatedWalk:
    """n moments of a walk, 250 a second, SI units."""

    time: Array
    """(n,) s, from when it could begin to walk"""
    position: Array
    """(n, 3) m, true"""
    believed_position: Array
    """(n, 3) m"""
    velocity: Array
    """(n, 3) m/s, true"""
    believed_velocity: Array
    """(n, 3) m/s"""
    heading: Array
    """(n,) rad, true"""
    believed_heading: Array
    """(n,) rad"""
    deviation: Array
    """(n, 9), standard deviations by the filter: rotation rad, velocity m/s, position m"""
    specific_force: Array
    """(n, 3) m/s^2, what the accelerometer showed"""
    loads: Array
    """(n, 2) N, of left and right sole"""
    fell: bool

    @property
    def drift(self) -> float:
        """How far m from where it is the robot believes to be in the end, on the level."""
        return float(np.hypot(*(self.believed_position - self.position)[-1, :2]))

    @property
    def way(self) -> float:
        """How far m it is from where it began."""
        return float(np.hypot(*(self.position[-1] - self.position[0])[:2]))

    @property
    def velocity_error(self) -> float:
        """m/s, root mean square over the three axes, until it fell if it did."""
        return float(np.sqrt(np.mean((self.believed_velocity - self.velocity) ** 2)))

    def told(self) -> str:
        """Say in a sentence how it went."""
        how = "It fell after" if self.fell else "It stood, after"
        return (
            f"{how} {self.time[-1]:.1f} s and {self.way:.2f} m. It believed to be {1000 * self.drift:.0f} mm from "
            f"where it was; its velocity was wrong by {1000 * self.velocity_error:.1f} mm/s (rms)."
        )


def walk_on_estimate(
    velocity: Motion = (0.4, 0.0, 0.0),
    seconds: float = 6.0,
    senses: Senses = EstimatedSenses,
    *,
    friction: float = 1.0,
    seed: int = 0,
) -> EstimatedWalk:
    """Let a new robot in a new world stand still for 2 s, then walk on what it believes of itself.

    Args:
        velocity: forward m/s, to the left m/s, turning rad/s.
        seconds: s; the last one it is told to stand.
        senses: makes what it believes.
        friction: of the floor.
        seed: of the sensors' errors.
    """
    rows: list[tuple[object, ...]] = []
    with World(seed, ground_friction=friction) as world:
        humanoid = Humanoid(world)
        sensed = senses(humanoid, world.rng)
        command = VelocityCommand(*velocity)
        walker, begun = Walker(humanoid, command, senses=sensed), world.time
        while world.time < begun + seconds and not humanoid.has_fallen():
            if world.time > begun + seconds - 1.0:
                command.forward = command.leftward = command.turning = 0.0
            walker.tick()
            believed, true, reading = sensed.state(), humanoid.state(), sensed.reading
            rows.append(
                (
                    world.time - begun,
                    true.base_position,
                    believed.base_position,
                    true.base_linear_velocity,
                    believed.base_linear_velocity,
                    heading_of(true.base_orientation),
                    heading_of(believed.base_orientation),
                    _deviations(sensed),
                    reading.specific_force,
                    [force[2] for force in reading.forces],
                )
            )
        columns: list[Any] = [np.array(column) for column in zip(*rows, strict=True)]
        for heading in (5, 6):
            columns[heading] = np.unwrap(columns[heading])
        columns.append(humanoid.has_fallen())
        return EstimatedWalk(*columns)


def _deviations(senses: EstimatedSenses) -> Array:
    spread = np.sqrt(np.maximum(0.0, senses.belief.covariance.diagonal()))
    return np.concatenate((spread[ROTATION], spread[VELOCITY], spread[POSITION]))
