"""Learning from one's own mistakes, with an expert at one's side."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from vla_course.course.exercise import NotAttempted, exercise

Observation = Any
"""what a policy sees, hears and feels at one decision, of any kind"""
Action = Any
"""what it answers: an action, or a chunk of them, of any kind"""


@exercise("4.6")
def dagger_round(
    data: Sequence[tuple[Observation, Action]],
    reset: Callable[[], Observation],
    step: Callable[[Action], tuple[Observation, bool]],
    policy: Callable[[Observation], Action],
    expert: Callable[[Observation], Action],
    beta: float,
    episodes: int,
    rng: np.random.Generator,
) -> list[tuple[Observation, Action]]:
    """Return `data` and what one round of DAgger adds to it (Ross, Gordon and Bagnell 2011, algorithm 3.1).

    A policy cloned from perfect demonstrations has never seen the world slightly wrong. Its first small mistake
    takes it to where no demonstration was, where the next one is larger: on legs, that ends on the floor. So let it
    act, see where it gets, and ask the expert what it should have done there.

    Each of the `episodes` begins with `reset()` and goes on until `step` says that it is over. At each decision,
    and before anything moves, the expert is asked, once, what it would do: it may look at the world itself, not
    only at the observation, and the world moves with `step`. Then either the expert acts or the policy does, by a
    chance of its own at every decision: the expert with probability `beta`. One of both acts as it is; a mixture of
    two actions, half left and half right of a cup, is what neither would do.

    What is added is every state in which a decision was made, whoever made it, together with what the expert would
    have done: in the order in which they were visited, after all of `data`. The state in which an episode ended asks
    for no decision and is not among them.

    Args:
        data: observations and the expert's answers, of earlier rounds, in a list or a tuple. It is left as it is.
        reset: begins an episode and returns what is observed.
        step: carries out an action; returns what is observed then, and whether the episode is over.
        policy: the one that is to get better.
        expert: the one that knows; it can be asked in any state.
        beta: probability that the expert acts, 0 to 1: large in the first rounds, when the policy would only fall.
        episodes: how many, at least 1.
        rng: the only source of chance.

    Raises:
        ValueError: `beta` or `episodes` is out of range.
    """
    raise NotAttempted("4.6")
