"""A round of relabelling in a world that keeps a diary, and what the diary says of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vla_course.course.checking.beside import beside
from vla_course.course.checking.judging import Mismatch, expect
from vla_course.learning.training.scripted_world import ScriptedWorld

Pairs = Sequence[tuple[NDArray[np.float32], NDArray[np.float32]]]


def paces(observations: NDArray[np.float64]) -> NDArray[np.float64]:
    """What the expert would have done (n, 1) in the states observed (n, 3)."""
    made: NDArray[np.float64] = -0.5 * observations[:, :1] - 0.01 * (observations[:, 1:2] + 1.0)
    return made


def some_data(rng: np.random.Generator, count: int) -> Pairs:
    """What earlier rounds have left."""
    return [
        (rng.normal(size=3).astype(np.float32), rng.normal(size=1).astype(np.float32)) for _ in range(count)
    ]


@dataclass(frozen=True)
class Round:
    """What was there before, what came back, and the world's diary."""

    data: Pairs
    observations: NDArray[np.float64]
    labels: NDArray[np.float64]
    visited: NDArray[np.float64]
    ended: NDArray[np.float64]
    actors: list[str]
    lengths: list[int]
    asked: int
    begun: int

    def fresh(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """What was added, if it stands after all of the old."""
        count = len(self.data)
        return self.observations[count:], self.labels[count:]

    def expect_episodes(self) -> None:
        """Expect as many decisions as the episodes have."""
        found = np.bincount(self.visited[:, 2].astype(int), minlength=len(self.lengths) + 1)[1:]
        expect(
            found.tolist() == self.lengths,
            "the episodes should go on until they are over, and there should be as many as asked for",
            got=found.tolist(),
            expected=self.lengths,
            mistake="one-episode-only" if len(self.lengths) > 1 and found[0] == found.sum() else None,
        )

        count = len(self.lengths)
        expect(self.begun == count, "`reset` begins an episode each time", got=self.begun, expected=count)

    def expect_observations(self) -> None:
        """Expect all old observations, then those of each decision, in their order."""
        old = np.array([observation for observation, _ in self.data]).reshape(-1, 3)
        right = np.concatenate([old, self.visited])
        ending, expert = np.isin(self.visited[:, 2], self.ended[:, 2]), np.array(self.actors) == "expert"
        after = np.concatenate([self.visited[1:], self.ended[-1:]])
        last = np.append(np.flatnonzero(np.diff(self.visited[:, 2])), len(self.visited) - 1)
        after[last] = self.ended
        both = np.concatenate([self.visited, self.ended])
        order = np.lexsort((both[:, 1], both[:, 2]))
        mistakes = {
            "replaced": self.visited,
            "only-where-the-policy-acted": np.concatenate([old, self.visited[~expert]]),
            "only-where-the-expert-acted": np.concatenate([old, self.visited[expert]]),
            "observed-too-late": np.concatenate([old, after]),
            "the-last-state-too": np.concatenate([old, both[order]]),
            "new-ones-first": np.concatenate([self.visited, old]),
        }
        found = next((name for name, value in mistakes.items() if _equal(self.observations, value)), None)
        expect(
            bool(ending.all()) and _equal(self.observations, right),
            "what is returned should hold all of `data`, then the state of every decision as it was visited",
            got=f"{len(self.observations)} states, {_told(self.observations)}",
            expected=f"{len(right)} states, {_told(right)}",
            mistake=found,
        )

    def expect_labels(self) -> None:
        """Expect the expert's answer to each state of a decision."""
        _, labels = self.fresh()
        right = paces(self.visited)
        policys = 0.3 + 0.05 * self.visited[:, :1]
        expert = (np.array(self.actors) == "expert")[:, None]
        after = np.concatenate([self.visited[1:], self.ended[-1:]])
        last = np.append(np.flatnonzero(np.diff(self.visited[:, 2])), len(self.visited) - 1)
        after[last] = self.ended
        mistakes = {
            "what-was-done": np.where(expert, right, policys),
            "the-policys-own": policys,
            "asked-too-late": paces(after),
        }
        found = next((name for name, value in mistakes.items() if _equal(labels, value)), None)
        expect(
            _equal(labels, right),
            "the label of a state should be what the expert would have done in it",
            got=labels[:6, 0],
            expected=right[:6, 0],
            mistake=found,
        )
        expect(
            self.asked == len(self.visited),
            "the expert should be asked once at each decision",
            got=self.asked,
            expected=len(self.visited),
            mistake="asked-twice" if self.asked == len(self.visited) + int(expert.sum()) else None,
        )


def _equal(one: NDArray[np.float64], other: NDArray[np.float64]) -> bool:
    return one.shape == other.shape and bool(np.allclose(one, other, atol=1e-4))


def _told(observations: NDArray[np.float64]) -> str:
    if not len(observations):
        return "none"
    return f"from {np.round(observations[0], 2).tolist()} to {np.round(observations[-1], 2).tolist()}"


def run(student: Any, rng: np.random.Generator, lengths: list[int], beta: float, data: Pairs) -> Round:
    """Have the student do a round in a world whose episodes have these lengths."""
    world = beside(student, ScriptedWorld)(lengths, int(rng.integers(2**31)))
    got = student.dagger_round(
        data, world.reset, world.step, world.policy, world.expert, beta, len(lengths), world.rng
    )
    try:
        pairs = [(np.asarray(seen, np.float64), np.asarray(label, np.float64)) for seen, label in got]
        observations = np.array([seen for seen, _ in pairs]).reshape(-1, 3)
        labels = np.array([label for _, label in pairs]).reshape(-1, 1)
    except (TypeError, ValueError):
        raise Mismatch(
            "dagger_round should return a list of pairs, an observation and a label each",
            got=type(got).__name__,
        ) from None
    return Round(
        data,
        observations,
        labels,
        np.array(world.visited, dtype=np.float64).reshape(-1, 3),
        np.array(world.ended, dtype=np.float64).reshape(-1, 3),
        list(world.actors),
        lengths,
        int(world.asked),
        int(world.episode),
    )


def expect_mixed(actors: list[str], beta: float, lengths: list[int]) -> None:
    """Expect the expert to have acted as often as chance makes it, and each decision to be a chance of its own."""
    count, experts = len(actors), actors.count("expert")
    expect(
        "nobody" not in actors,
        "at some decision an action was taken that is neither the expert's nor the policy's",
        got=f"{actors.count('nobody')} of {count} decisions",
        mistake="blended",
    )
    spread = 5.0 * np.sqrt(beta * (1.0 - beta) / count) + 0.5 / count
    share = experts / count
    mistake = None
    if share in (0.0, 1.0):
        mistake = "teacher-forced" if share == 1.0 else "beta-ignored"
    elif abs(share - (1.0 - beta)) <= spread:
        mistake = "beta-inverted"
    starts = np.concatenate([[0], np.cumsum(lengths)[:-1]])
    episodes = [set(actors[start : start + length]) for start, length in zip(starts, lengths, strict=True)]
    alike = all(len(some) == 1 for some in episodes)
    if alike and share not in (0.0, 1.0):
        mistake = "once-an-episode"
    expect(
        abs(share - beta) <= spread and not alike,
        f"with beta {beta:.2f} the expert should act with that probability, anew at each decision",
        got=f"{experts} of {count} decisions" + (", each episode by one of both alone" if alike else ""),
        expected=f"about {beta * count:.0f}",
        mistake=mistake,
    )
