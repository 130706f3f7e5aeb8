"""Trying things: columns of decisions, each a function of weights, seed and number - whichever process gathers it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, fields
from multiprocessing import get_context
from time import process_time
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from vla_course.learning.reinforcement.decisions import Decisions, Floats, Make
from vla_course.learning.reinforcement.residual import Residual

State = dict[str, Tensor]


@dataclass(frozen=True, eq=False)
class Tried:
    """What N columns of T decisions have tried, and what came of it; time runs down, as exercise 4.9 has it.

    Attributes:
        features, privileged: (T + 1, N, F) and (T + 1, N, P), before every decision and after the last.
        offsets: (T, N, A), the corrections that were tried.
        rewards, terminated, truncated, success: (T, N).
        final_features, final_privileged: (T, N, F) and (T, N, P), of the state that an episode ended in, or zeros.
        seconds: (N,) of processor time, that the columns took.
    """

    features: Floats
    privileged: Floats
    offsets: Floats
    rewards: Floats
    terminated: NDArray[np.bool_]
    truncated: NDArray[np.bool_]
    success: NDArray[np.bool_]
    final_features: Floats
    final_privileged: Floats
    seconds: NDArray[np.float64]

    @property
    def ended(self) -> NDArray[np.bool_]:
        """(T, N), after which decisions an episode was over."""
        return self.terminated | self.truncated


def column(decisions: Decisions, residual: Residual, path: Sequence[int], length: int) -> Tried:
    """Try things for `length` decisions: one column, (T, 1, ...).

    It begins with an episode of its own and is cut off in the middle of its last one.

    Args:
        decisions: where.
        residual: is asked for the corrections that are tried.
        path: numbers, of which episodes and chance are drawn: seed, round, column.
        length: T.
    """
    begin, rng, rows = process_time(), np.random.default_rng(tuple(path)), list[dict[str, Any]]()
    spread, seeds = residual.log_spread.detach().exp().numpy(), _seeds(rng, decisions.attempts)
    view = decisions.begin(next(seeds))
    nothing = np.zeros_like(view.features), np.zeros_like(view.privileged)
    for _ in range(length):
        with torch.no_grad():
            mean = residual(torch.from_numpy(view.features[None]))[0].numpy()
        offset = mean + spread * rng.standard_normal(len(mean), dtype=np.float32)
        outcome = decisions.decide(offset)
        over, after = outcome.terminated or outcome.truncated, outcome.view
        final = (after.features, after.privileged) if over else nothing
        rows.append(
            {
                "features": view.features,
                "privileged": view.privileged,
                "offsets": offset,
                "rewards": np.float32(outcome.reward),
                "terminated": outcome.terminated,
                "truncated": outcome.truncated,
                "success": outcome.success,
                "final_features": final[0],
                "final_privileged": final[1],
            }
        )
        view = decisions.begin(next(seeds)) if over else after
    parts = {name: np.array([row[name] for row in rows])[:, None] for name in rows[0]}
    for name in ("features", "privileged"):
        parts[name] = np.concatenate((parts[name], getattr(view, name)[None, None]))
    return Tried(**parts, seconds=np.array([process_time() - begin]))


def _seeds(rng: np.random.Generator, attempts: int) -> Iterator[int]:
    """Yield the seeds of episodes: `attempts` that begin alike, and others."""
    while True:
        scene = int(rng.integers(2**31 // attempts))
        yield from range(attempts * scene, attempts * (scene + 1))


def side_by_side(columns: Sequence[Tried]) -> Tried:
    """Return columns as one table."""
    axes = {field.name: 0 if field.name == "seconds" else 1 for field in fields(Tried)}
    return Tried(
        **{name: np.concatenate([getattr(one, name) for one in columns], axis) for name, axis in axes.items()}
    )


Gather = Callable[[Residual, Sequence[Sequence[int]], int], Tried]
"""gathers a column of so many decisions for each path"""


@contextmanager
def gathering(make: Make, workers: int) -> Iterator[Gather]:
    """Yield what gathers columns: in this process (`workers` 0), or in so many others. The bits are the same.

    Args:
        make: makes a world to try things in; each process has one.
        workers: processes.
    """
    if workers == 0:
        with make() as decisions:
            yield lambda residual, paths, length: side_by_side(
                [column(decisions, residual, path, length) for path in paths]
            )
        return
    context = get_context("spawn")  # torch's threads do not survive a fork
    with ProcessPoolExecutor(workers, context, _begin_worker, (make,)) as pool:

        def gather(residual: Residual, paths: Sequence[Sequence[int]], length: int) -> Tried:
            asked = (residual.sizes, residual.width, residual.state_dict())
            return side_by_side([*pool.map(_column, [(*asked, tuple(path), length) for path in paths])])

        yield gather


_HERE: list[Decisions] = []
"""of a worker: its world"""


def _begin_worker(make: Make) -> None:
    torch.set_num_threads(1)
    _HERE.append(make().__enter__())


def _column(asked: tuple[tuple[int, int, int], int, State, tuple[int, ...], int]) -> Tried:
    sizes, width, state, path, length = asked
    residual = Residual(sizes, width)
    residual.load_state_dict(state)
    return column(_HERE[0], residual, path, length)
