"""A world that keeps a diary, with an expert and a policy that disagree: to try relabelling on."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]


class ScriptedWorld:
    """A walk along a line; who acted, and where each decision was made, is written down.

    What is observed (3,) is the place, the decisions made so far, and the number of the episode, counted from 1.
    Expert and policy answer with a pace (1,); the expert looks at the world as it is and not at what it is handed.

    Args:
        lengths: how many decisions each episode has; further ones have as many as the last.
        seed: of `rng`.
    """

    def __init__(self, lengths: list[int], seed: int) -> None:
        self.lengths = list(lengths)
        self.rng = np.random.default_rng(seed)
        self.place, self.decisions, self.episode = 0.0, 0, 0
        self.visited: list[list[float]] = []
        """what was to be observed at each decision"""
        self.actors: list[str] = []
        """whose pace was taken at each decision: "expert", "policy", or "nobody" whose it was"""
        self.ended: list[list[float]] = []
        """what was to be observed where each episode ended"""
        self.asked = 0
        """how often the expert was asked"""

    def reset(self) -> Array:
        """Begin another episode."""
        self.episode += 1
        self.decisions = 0
        self.place = float(self.episode % 5)
        return self._observed()

    def step(self, action: Array) -> tuple[Array, bool]:
        """Take a pace; return what is observed then, and whether the episode is over.

        Raises:
            RuntimeError: the episode is over, or none was begun.
        """
        if not self.episode or self.decisions >= self._length():
            raise RuntimeError("the episode is over, or none was begun: expected `reset` before `step`")
        pace = float(np.asarray(action).reshape(-1)[0])
        known = {"expert": self._expert_pace(), "policy": self._policy_pace(self.place)}
        self.actors.append(next((name for name, own in known.items() if abs(own - pace) < 1e-6), "nobody"))
        self.visited.append(self._observed().tolist())
        self.place += pace
        self.decisions += 1
        over = self.decisions >= self._length()
        if over:
            self.ended.append(self._observed().tolist())
        return self._observed(), over

    def expert(self, observation: Array) -> Array:
        """Return the pace back to the middle, from where the world is now."""
        self.asked += 1
        return np.array([self._expert_pace()], np.float32)

    def policy(self, observation: Array) -> Array:
        """Return a pace away from it, from the place observed."""
        return np.array([self._policy_pace(float(observation[0]))], np.float32)

    def _expert_pace(self) -> float:
        return -0.5 * self.place - 0.01 * (self.decisions + 1)

    def _policy_pace(self, place: float) -> float:
        return 0.3 + 0.05 * place

    def _length(self) -> int:
        return self.lengths[min(self.episode, len(self.lengths)) - 1]

    def _observed(self) -> Array:
        return np.array([self.place, self.decisions, self.episode], np.float32)
