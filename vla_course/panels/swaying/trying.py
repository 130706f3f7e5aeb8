"""A clone that falls learns by trying: proximal policy optimisation on swaying pendulums, with a student's parts."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from vla_course.panels.swaying.cloning import Clone
from vla_course.panels.swaying.world import DECISIONS, LOST, Floats, Swaying

if TYPE_CHECKING:
    from vla_course.learning.reinforcement.policy_loss import PolicyLoss

Bools = NDArray[np.bool_]
Advantages = Callable[..., tuple[Floats, Floats]]
"""exercise 4.9"""
Objective = Callable[[Tensor, Tensor, Tensor, float], "PolicyLoss"]
"""exercise 4.10"""

BESIDE: Final = 64
"""pendulums side by side"""
LENGTH: Final = 50
"""decisions between two lessons; an episode takes up to two of these"""
GAMMA, LAMBDA, CLIP = 0.98, 0.95, 0.2
PASSES, PARTS = 6, 4
"""how often each lesson is gone through, in how many parts"""
SPREAD: Final = 0.15
"""of an action: how far it tries beside what it means, at first"""
NEAR: Final = 0.02
"""nat: a lesson ends where the policy has come farther than that from the one that tried"""


@dataclass(frozen=True)
class Lesson:
    """Where a training stands after a lesson: falls so far, the mean reward of a decision, and what PPO said."""

    falls: int
    decisions: int
    reward: float
    clipped: float
    kl: float


class Trier:
    """Learns by trying, lesson by lesson.

    Args:
        begin: the clone that it begins as.
        advantages: exercise 4.9.
        objective: exercise 4.10.
        push: m/s, the greatest push.
        seed: of all chance.

    Attributes:
        policy: as it is now; itself a `Clone`, so that it sways as one does.
        lessons: what became of each.
    """

    def __init__(
        self, begin: Clone, advantages: Advantages, objective: Objective, push: float, seed: int = 0
    ) -> None:
        self.policy = copy.deepcopy(begin)
        self._advantages, self._objective = advantages, objective
        self._world = Swaying(BESIDE, np.random.default_rng(seed), push)
        self._ages = np.zeros(BESIDE, dtype=np.int64)
        self._chance = torch.Generator().manual_seed(seed)
        with torch.random.fork_rng():
            torch.manual_seed(seed)
            self._worth = nn.Sequential(nn.Linear(4, 32), nn.Tanh(), nn.Linear(32, 1))
        self._spread = nn.Parameter(torch.tensor(float(np.log(SPREAD))))
        parts = [*self.policy.parameters(), *self._worth.parameters(), self._spread]
        self._optimiser = torch.optim.Adam(parts, 3e-3)
        self.lessons: list[Lesson] = []

    def learn(self, lessons: int, report: Callable[[int, int], None] = lambda done, of: None) -> None:
        """Take so many lessons more."""
        for number in range(lessons):
            report(number, lessons)
            self._lesson()
        report(lessons, lessons)

    def _lesson(self) -> None:
        """Try for `LENGTH` decisions, then learn from them."""
        tried, rewards, ended, late, left = self._try()
        worth = self._worths(tried["felt"])
        final = self._worths(left)
        gains, returns = self._advantages(rewards, worth, ended, late, final, GAMMA, LAMBDA)
        flat = {name: part.flatten(0, 1) for name, part in tried.items() if name != "felt"}
        flat["felt"] = tried["felt"][:-1].flatten(0, 1)
        gain, due = (torch.from_numpy(part).flatten() for part in (gains, returns))
        gain = (gain - gain.mean()) / (gain.std() + 1e-6)
        clipped, kl = 0.0, 0.0
        for _ in range(PASSES):
            for rows in torch.randperm(len(gain), generator=self._chance).chunk(PARTS):
                chances = self._chances(flat["felt"][rows], flat["action"][rows])
                told = self._objective(chances, flat["chance"][rows], gain[rows], CLIP)
                clipped, kl = told.clipped, told.kl
                missed = (self._worth(flat["felt"][rows])[:, 0] - due[rows]).square().mean()
                self._optimiser.zero_grad()
                (told.loss + 0.5 * missed).backward()
                self._optimiser.step()
            if kl > NEAR:
                break
        before = self.lessons[-1] if self.lessons else Lesson(0, 0, 0.0, 0.0, 0.0)
        self.lessons.append(
            Lesson(
                before.falls + int(ended.sum()),
                before.decisions + rewards.size,
                float(rewards.mean()),
                clipped,
                kl,
            )
        )

    def _try(self) -> tuple[dict[str, Tensor], Floats, Bools, Bools, Tensor]:
        """Act; return what was felt, done and how probable that was, rewards, falls, cuts, what each step led to."""
        world, felt = self._world, self._world.felt()
        seen, done, chances, led = [felt], [], [], []
        rewards, ended, late = [], [], []
        for _ in range(LENGTH):
            action, chance = self._act(torch.from_numpy(felt))
            felt = world.advance(action.numpy())
            led.append(felt)
            fell, cut = world.fallen.copy(), world.ages >= DECISIONS
            rewards.append(reward(world.dcm - world.reference(), fell))
            ended.append(fell)
            late.append(cut & ~fell)
            felt = world.begin(fell | cut)
            seen.append(felt)
            done.append(action)
            chances.append(chance)
        tried = {
            "felt": torch.from_numpy(np.array(seen)),
            "action": torch.stack(done),
            "chance": torch.stack(chances),
        }
        falls, cuts = np.array(ended), np.array(late)
        return tried, np.array(rewards, dtype=np.float32), falls, cuts, torch.from_numpy(np.array(led))

    @torch.no_grad()
    def _act(self, felt: Tensor) -> tuple[Tensor, Tensor]:
        meant = self.policy.layers(felt)
        action = meant + self._spread.exp() * torch.randn(meant.shape, generator=self._chance)
        return action, self._chances(felt, action)

    def _chances(self, felt: Tensor, action: Tensor) -> Tensor:
        """Return the log density of actions (n, 1), (n,)."""
        beside = torch.distributions.Normal(self.policy.layers(felt), self._spread.exp())
        return beside.log_prob(action)[:, 0]

    @torch.no_grad()
    def _worths(self, felt: Tensor) -> Floats:
        worths: Floats = self._worth(felt)[..., 0].numpy()
        return worths


def reward(off: NDArray[np.float64], fell: Bools) -> NDArray[np.float64]:
    """Return the reward of decisions: 0.1 for a DCM on its reference, 0 at the edge of the soles, -1 for a fall.

    Args:
        off: (...,) m, the DCM less its reference.
        fell: (...,) whether the robot has fallen.
    """
    return np.where(fell, -1.0, 0.1 * (1.0 - (np.minimum(np.abs(off), LOST) / LOST) ** 2))


def course_trier(begin: Clone, push: float, lessons: int) -> Trier:
    """Return a clone that has taken so many lessons with the course's own advantages and objective."""
    from vla_course.reference.day4_training.advantages import advantages
    from vla_course.reference.day4_training.ppo import clipped_objective

    trier = Trier(begin, advantages, clipped_objective, push)
    trier.learn(lessons)
    return trier
