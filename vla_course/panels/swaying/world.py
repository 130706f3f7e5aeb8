"""The pendulum of Day 3 that sways on its soles, small enough to fall a thousand times in a notebook.

Forward and back, once in two seconds, is what the expert does, by the law of 3.10 and 3.11: a ZMP that brings the
divergent component of motion (DCM) back to its reference, as far as the soles reach. A learner feels where it is in
its sway and how its centre of mass moves, and says where the ZMP ought to be, 25 times a second.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from vla_course.motion.standing.balance_config import BalanceConfig

Array = NDArray[np.float64]
Floats = NDArray[np.float32]
Policy = Callable[[Floats], Floats]
"""from observations (n, 4) to actions (n, 1)"""

PERIOD: Final = 0.04
"""s between two decisions"""
SWAY: Final = 0.03
"""m, amplitude of the reference of the DCM"""
CYCLE: Final = 2.0
"""s"""
REACH: Final = 0.10
"""m, how far from the middle the ZMP may go: an action of 1"""
LOST: Final = 0.11
"""m, the edge of the soles: a DCM beyond it never comes back"""
DECISIONS: Final = 100
"""of an episode"""
GAIN: Final = 1.0
"""k of the expert"""
_SCALES: Final = (1.0, 1.0, 0.05, 0.2)
"""-, -, m, m/s, by which what is felt is divided"""
_MEMORY: Final = 0.8
"""fraction of the noise that is left a decision later"""


@dataclass
class Swaying:
    """`count` pendulums side by side.

    Args:
        count: how many.
        rng: draws phases, pushes and noise.
        push: m/s, the greatest velocity that a push gives, once an episode, either way.
        noise: m, standard deviation of what is added to the ZMP at each decision.
        lean: m, how far ahead of its soles' middle it sways.

    Attributes:
        dcm, com: (count,) m, divergent component of motion and centre of mass.
        ages: (count,) decisions since each began.
        fallen: (count,) whether the DCM has left the soles.
    """

    count: int
    rng: np.random.Generator
    push: float = 0.0
    noise: float = 0.0
    lean: float = 0.0

    def __post_init__(self) -> None:
        self.omega = float(np.sqrt(9.81 / BalanceConfig().pendulum_height))
        self._turns = 2.0 * np.pi / CYCLE  # rad/s
        nothing = np.zeros(self.count)
        self.phase: Array = nothing.copy()
        self.dcm: Array = nothing.copy()
        self.com: Array = nothing.copy()
        self._hit: Array = nothing.copy()
        self._drift: Array = nothing.copy()
        self.ages: NDArray[np.int64] = nothing.astype(np.int64)
        self._when: NDArray[np.int64] = nothing.astype(np.int64)
        self.fallen: NDArray[np.bool_] = nothing.astype(np.bool_)
        self.begin()

    def begin(self, which: NDArray[np.bool_] | None = None) -> Floats:
        """Begin an episode on the reference, for some of them or all; return what is felt, (count, 4)."""
        new = np.ones(self.count, dtype=bool) if which is None else which
        self.ages[new], self._drift[new], self.fallen[new] = 0, 0.0, False
        self.phase[new] = self.rng.uniform(0.0, 2.0 * np.pi, self.count)[new]
        self._when[new] = self.rng.integers(10, 40, self.count)[new]
        self._hit[new] = self.rng.uniform(-self.push, self.push, self.count)[new]
        self.dcm[new] = self.reference()[new]
        lag = np.sin(self.phase) - self._turns / self.omega * np.cos(self.phase)
        self.com[new] = (self.lean + SWAY / (1.0 + (self._turns / self.omega) ** 2) * lag)[new]
        return self.felt()

    def reference(self) -> Array:
        """Return where the DCM ought to be now, (count,) m."""
        return self.lean + SWAY * np.sin(self._angle())

    def felt(self) -> Floats:
        """Return sine and cosine of the sway's phase, place and velocity of the centre of mass, scaled, (count, 4)."""
        angle = self._angle()
        velocity = self.omega * (self.dcm - self.com)
        parts = np.stack([np.sin(angle), np.cos(angle), self.com, velocity], axis=-1)
        return (parts / _SCALES).astype(np.float32)

    def expert(self) -> Floats:
        """Return what the expert would do now, (count, 1): it knows the reference."""
        return (self.intended() / REACH).astype(np.float32)[:, None]

    def intended(self) -> Array:
        """Return the expert's ZMP, (count,) m."""
        planned = self.reference() - self._turns / self.omega * SWAY * np.cos(self._angle())
        return np.clip(planned + (1.0 + GAIN) * (self.dcm - self.reference()), -REACH, REACH)

    def advance(self, actions: Floats) -> Floats:
        """Put the ZMP where actions (count, 1) say, let a period go by; return what is felt then."""
        self._drift = _MEMORY * self._drift + self.noise * self.rng.standard_normal(self.count)
        zmp = np.clip(REACH * actions[:, 0].astype(np.float64) + self._drift, -REACH, REACH)
        self.dcm = self.dcm + np.where(self._when == self.ages, self._hit, 0.0) / self.omega
        grows = np.exp(self.omega * PERIOD)
        half = (self.dcm - zmp) / 2.0
        self.com = zmp + half * grows + (self.com - zmp - half) / grows
        self.dcm = zmp + 2.0 * half * grows
        self.fallen |= np.abs(self.dcm) > LOST
        self.dcm, self.com = (np.clip(part, -3.0 * LOST, 3.0 * LOST) for part in (self.dcm, self.com))
        self.ages += 1
        return self.felt()

    def _angle(self) -> Array:
        return self.phase + self._turns * self.ages * PERIOD


class OneSwaying:
    """One pendulum, as `dagger_round` takes a world: `reset`, `step`, `expert`; what it did is kept in `paths`."""

    def __init__(
        self, rng: np.random.Generator, push: float = 0.0, noise: float = 0.0, lean: float = 0.0
    ) -> None:
        self._world = Swaying(1, rng, push, noise, lean)
        self.paths: list[list[tuple[float, float]]] = []
        """of each episode, place and velocity of the centre of mass, m and m/s, at every decision"""
        self.falls = 0

    def reset(self) -> Floats:
        """Begin an episode; return what is felt, (4,)."""
        self.paths.append([])
        felt: Floats = self._world.begin()[0]
        return felt

    def step(self, action: Floats) -> tuple[Floats, bool]:
        """Carry out an action (1,); return what is felt then, and whether the episode is over."""
        world = self._world
        self.paths[-1].append((float(world.com[0]), float(world.omega * (world.dcm - world.com)[0])))
        felt = world.advance(np.asarray(action, dtype=np.float32)[None])[0]
        fallen = bool(world.fallen[0])
        self.falls += fallen
        return felt, fallen or world.ages[0] >= DECISIONS

    def expert(self, felt: Floats) -> Floats:
        """Return what the expert would do in the world as it is, (1,)."""
        answer: Floats = self._world.expert()[0]
        return answer


@dataclass(frozen=True, eq=False)
class Sways:
    """What became of `count` episodes: `dcm` and `reference` (decisions + 1, count) m, `stood` (count,) bool."""

    dcm: Array
    reference: Array
    stood: NDArray[np.bool_]


def sway(policy: Policy | None, count: int, push: float, seed: int, lean: float = 0.0) -> Sways:
    """Let a policy sway `count` pendulums that are pushed; None: the expert. The same seed, the same pushes."""
    world = Swaying(count, np.random.default_rng(seed), push, 0.0, lean)
    felt, dcm, reference = world.felt(), [world.dcm], [world.reference()]
    for _ in range(DECISIONS):
        felt = world.advance(world.expert() if policy is None else policy(felt))
        dcm.append(world.dcm)
        reference.append(world.reference())
    return Sways(np.array(dcm), np.array(reference), ~world.fallen)
