"""How bad may a velocity be? Walks on worse and worse ones, until the robot falls."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from vla_course.deployment.estimation.velocity_by_legs import LegVelocitySenses
from vla_course.motion.standing.senses import NoisySenses, SenseNoise, Senses
from vla_course.motion.walking.step_sources import VelocityCommand
from vla_course.motion.walking.walker import Walker
from vla_course.simulation.robot.humanoid import Humanoid
from vla_course.simulation.world.world import World


@dataclass(frozen=True)
class Rung:
    """One walk."""

    amount: float
    """m/s of noise, or s of memory"""
    stood: float
    """s, for which it was on its feet"""
    fell: bool
    velocity_error: float
    """m/s, rms, as long as it was"""


def with_noise(amounts: Sequence[float], seconds: float = 4.0, seed: int = 0) -> Iterator[Rung]:
    """Walk on the true velocity with white noise of so many m/s; yields a rung after each walk."""
    for amount in amounts:
        with World(seed) as world:
            humanoid = Humanoid(world)
            noise = SenseNoise(base_velocity=amount)
            yield _walk(humanoid, NoisySenses(humanoid, noise, world.rng), amount, seconds)


def by_legs(memories: Sequence[float], seconds: float = 4.0, seed: int = 0) -> Iterator[Rung]:
    """Walk on a velocity by the legs alone, behind a low pass with a memory of so many s; yields after each walk."""
    for memory in memories:
        with World(seed) as world:
            humanoid = Humanoid(world)
            yield _walk(humanoid, LegVelocitySenses(humanoid, world.rng, memory), memory, seconds)


def _walk(humanoid: Humanoid, senses: Senses, amount: float, seconds: float) -> Rung:
    world = humanoid.world
    walker, begun = Walker(humanoid, VelocityCommand(forward=0.4), senses=senses), world.time
    missed = []
    while world.time < begun + seconds and not humanoid.has_fallen():
        walker.tick()
        missed.append(walker.body.state.base_linear_velocity - humanoid.state().base_linear_velocity)
    fell = humanoid.has_fallen()
    # Who falls is not where it believes to be, and not for want of a filter: the last tenths are left out.
    counted = missed[: max(1, len(missed) - 100)] if fell else missed
    return Rung(amount, world.time - begun, fell, float(np.sqrt(np.mean(np.square(counted)))))
