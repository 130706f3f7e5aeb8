"""How much better an action turned out than was to be expected."""

import numpy as np
from numpy.typing import NDArray

from vla_course.course.exercise import NotAttempted, exercise


@exercise("4.9")
def advantages(
    rewards: NDArray[np.float32],
    values: NDArray[np.float32],
    terminated: NDArray[np.bool_],
    truncated: NDArray[np.bool_],
    final_values: NDArray[np.float32],
    gamma: float,
    lam: float,
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return generalised advantage estimates and the returns that values are taught (Schulman et al. 2016).

    N robots act side by side for T steps; whoever is done begins a new episode at once, so a column holds several
    episodes one after the other. The surprise of a step (its temporal-difference error) is its reward and the
    discounted value of what comes after it, less the value of the state it began in. The advantage of a step is the
    sum of its own surprise and those of all later steps of the same episode, each weighed by `gamma` times `lam` once
    for every step that lies between.

    What comes after a step depends on how it ended:

    - the episode goes on: the value of the next row
    - terminated (the robot has fallen, the cup stands): nothing comes after, worth 0
    - truncated (time was up): much would have come after, only nobody watched. Its worth is in `final_values`.
      Call that a fall, and a robot learns that standing firmly for a minute is as bad as lying on the floor.
    - both at once: it is terminated

    Neither an advantage nor a value is ever carried over from one episode to the one before it in the column. The
    last row may end in the middle of an episode; the last row of `values` says what comes after.

    Args:
        rewards: (T, N).
        values: (T + 1, N), of the state that each step begins in; where an episode has ended before, that is the
            first state of the next.
        terminated, truncated: (T, N) bool, how the step ended.
        final_values: (T, N), the value of the state that a truncated episode ended in; elsewhere it may be
            anything, nan too.
        gamma: discount of one step, 0 to 1.
        lam: 0 to 1: how far surprises are looked ahead for.

    Returns:
        Advantages and returns, (T, N) float32 each; a return is the advantage and the value of its step.

    Raises:
        ValueError: the shapes do not belong together. (Values of T rows would be broadcast or shifted in silence.)
    """
    # BEGIN SOLUTION
    steps = len(rewards)
    if values.shape != (steps + 1, *rewards.shape[1:]):
        raise ValueError(
            f"values is {values.shape} for rewards {rewards.shape}, expected (T + 1, N) for (T, N)"
        )
    for name, part in (("terminated", terminated), ("truncated", truncated), ("final_values", final_values)):
        if part.shape != rewards.shape:
            raise ValueError(f"{name} is {part.shape}, expected that of rewards, {rewards.shape}")
    after = np.where(truncated, final_values, values[1:])
    after = np.where(terminated, 0.0, after)
    surprise = rewards + gamma * after - values[:-1]
    goes_on = ~(terminated | truncated)
    found = np.zeros_like(surprise)
    ahead = np.zeros(rewards.shape[1])
    for step in reversed(range(steps)):
        ahead = surprise[step] + gamma * lam * goes_on[step] * ahead
        found[step] = ahead
    return found.astype(np.float32), (found + values[:-1]).astype(np.float32)
    # END SOLUTION
