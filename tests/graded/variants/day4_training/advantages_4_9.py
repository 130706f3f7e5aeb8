"""Answers to 4.9 as students write them."""

import numpy as np
from scipy.signal import lfilter

from vla_course.course.source.variants import right, wrong


@wrong("truncation-is-a-fall")
def advantages(rewards, values, terminated, truncated, final_values, gamma, lam):
    shape = rewards.shape
    if values.shape != (shape[0] + 1, *shape[1:]) or any(
        part.shape != shape for part in (terminated, truncated, final_values)
    ):
        raise ValueError("shapes")
    found = np.zeros_like(rewards)
    ahead = 0.0
    for t in range(len(rewards) - 1, -1, -1):
        after = np.where(truncated[t], final_values[t], values[t + 1])
        after = np.where(terminated[t] | truncated[t], 0.0, after)
        delta = rewards[t] + gamma * after - values[t]
        ahead = delta + gamma * lam * np.where(terminated[t] | truncated[t], 0.0, ahead)
        found[t] = ahead
    return found, found + values[:-1]


@wrong("fall-bootstraps")
def advantages(rewards, values, terminated, truncated, final_values, gamma, lam):
    shape = rewards.shape
    if values.shape != (shape[0] + 1, *shape[1:]) or any(
        part.shape != shape for part in (terminated, truncated, final_values)
    ):
        raise ValueError("shapes")
    found = np.zeros_like(rewards)
    ahead = 0.0
    for t in range(len(rewards) - 1, -1, -1):
        after = np.where(truncated[t], final_values[t], values[t + 1])
        delta = rewards[t] + gamma * after - values[t]
        ahead = delta + gamma * lam * np.where(terminated[t] | truncated[t], 0.0, ahead)
        found[t] = ahead
    return found, found + values[:-1]


@wrong("next-episodes-value")
def advantages(rewards, values, terminated, truncated, final_values, gamma, lam):
    shape = rewards.shape
    if values.shape != (shape[0] + 1, *shape[1:]) or any(
        part.shape != shape for part in (terminated, truncated, final_values)
    ):
        raise ValueError("shapes")
    found = np.zeros_like(rewards)
    ahead = 0.0
    for t in range(len(rewards) - 1, -1, -1):
        after = np.where(terminated[t], 0.0, values[t + 1])
        delta = rewards[t] + gamma * after - values[t]
        ahead = delta + gamma * lam * np.where(terminated[t] | truncated[t], 0.0, ahead)
        found[t] = ahead
    return found, found + values[:-1]


@wrong("carried-over")
def advantages(rewards, values, terminated, truncated, final_values, gamma, lam):
    shape = rewards.shape
    if values.shape != (shape[0] + 1, *shape[1:]) or any(
        part.shape != shape for part in (terminated, truncated, final_values)
    ):
        raise ValueError("shapes")
    found = np.zeros_like(rewards)
    ahead = 0.0
    for t in range(len(rewards) - 1, -1, -1):
        after = np.where(truncated[t], final_values[t], values[t + 1])
        after = np.where(terminated[t], 0.0, after)
        delta = rewards[t] + gamma * after - values[t]
        ahead = delta + gamma * lam * ahead
        found[t] = ahead
    return found, found + values[:-1]


@wrong("carried-over-truncation")
def advantages(rewards, values, terminated, truncated, final_values, gamma, lam):
    shape = rewards.shape
    if values.shape != (shape[0] + 1, *shape[1:]) or any(
        part.shape != shape for part in (terminated, truncated, final_values)
    ):
        raise ValueError("shapes")
    found = np.zeros_like(rewards)
    ahead = 0.0
    for t in range(len(rewards) - 1, -1, -1):
        after = np.where(truncated[t], final_values[t], values[t + 1])
        after = np.where(terminated[t], 0.0, after)
        delta = rewards[t] + gamma * after - values[t]
        ahead = delta + gamma * lam * np.where(terminated[t], 0.0, ahead)
        found[t] = ahead
    return found, found + values[:-1]


@wrong("ends-ignored")
def advantages(rewards, values, terminated, truncated, final_values, gamma, lam):
    shape = rewards.shape
    if values.shape != (shape[0] + 1, *shape[1:]) or any(
        part.shape != shape for part in (terminated, truncated, final_values)
    ):
        raise ValueError("shapes")
    found = np.zeros_like(rewards)
    ahead = 0.0
    for t in range(len(rewards) - 1, -1, -1):
        after = values[t + 1]
        delta = rewards[t] + gamma * after - values[t]
        ahead = delta + gamma * lam * ahead
        found[t] = ahead
    return found, found + values[:-1]


@wrong("lam-forgotten")
def advantages(rewards, values, terminated, truncated, final_values, gamma, lam):
    shape = rewards.shape
    if values.shape != (shape[0] + 1, *shape[1:]) or any(
        part.shape != shape for part in (terminated, truncated, final_values)
    ):
        raise ValueError("shapes")
    found = np.zeros_like(rewards)
    ahead = 0.0
    for t in range(len(rewards) - 1, -1, -1):
        after = np.where(truncated[t], final_values[t], values[t + 1])
        after = np.where(terminated[t], 0.0, after)
        delta = rewards[t] + gamma * after - values[t]
        ahead = delta + gamma * np.where(terminated[t] | truncated[t], 0.0, ahead)
        found[t] = ahead
    return found, found + values[:-1]


@wrong("gamma-forgotten")
def advantages(rewards, values, terminated, truncated, final_values, gamma, lam):
    shape = rewards.shape
    if values.shape != (shape[0] + 1, *shape[1:]) or any(
        part.shape != shape for part in (terminated, truncated, final_values)
    ):
        raise ValueError("shapes")
    found = np.zeros_like(rewards)
    ahead = 0.0
    for t in range(len(rewards) - 1, -1, -1):
        after = np.where(truncated[t], final_values[t], values[t + 1])
        after = np.where(terminated[t], 0.0, after)
        delta = rewards[t] + gamma * after - values[t]
        ahead = delta + lam * np.where(terminated[t] | truncated[t], 0.0, ahead)
        found[t] = ahead
    return found, found + values[:-1]


@wrong("one-step-only")
def advantages(rewards, values, terminated, truncated, final_values, gamma, lam):
    shape = rewards.shape
    if values.shape != (shape[0] + 1, *shape[1:]) or any(
        part.shape != shape for part in (terminated, truncated, final_values)
    ):
        raise ValueError("shapes")
    found = np.zeros_like(rewards)
    ahead = 0.0
    for t in range(len(rewards) - 1, -1, -1):
        after = np.where(truncated[t], final_values[t], values[t + 1])
        after = np.where(terminated[t], 0.0, after)
        delta = rewards[t] + gamma * after - values[t]
        found[t] = delta
    return found, found + values[:-1]


@wrong("undiscounted-after")
def advantages(rewards, values, terminated, truncated, final_values, gamma, lam):
    shape = rewards.shape
    if values.shape != (shape[0] + 1, *shape[1:]) or any(
        part.shape != shape for part in (terminated, truncated, final_values)
    ):
        raise ValueError("shapes")
    found = np.zeros_like(rewards)
    ahead = 0.0
    for t in range(len(rewards) - 1, -1, -1):
        after = np.where(truncated[t], final_values[t], values[t + 1])
        after = np.where(terminated[t], 0.0, after)
        delta = rewards[t] + after - values[t]
        ahead = delta + gamma * lam * np.where(terminated[t] | truncated[t], 0.0, ahead)
        found[t] = ahead
    return found, found + values[:-1]


@wrong("values-one-late")
def advantages(rewards, values, terminated, truncated, final_values, gamma, lam):
    shape = rewards.shape
    if values.shape != (shape[0] + 1, *shape[1:]) or any(
        part.shape != shape for part in (terminated, truncated, final_values)
    ):
        raise ValueError("shapes")
    found = np.zeros_like(rewards)
    ahead = 0.0
    for t in range(len(rewards) - 1, -1, -1):
        after = np.where(truncated[t], final_values[t], values[min(t + 2, len(values) - 1)])
        after = np.where(terminated[t], 0.0, after)
        delta = rewards[t] + gamma * after - values[t + 1]
        ahead = delta + gamma * lam * np.where(terminated[t] | truncated[t], 0.0, ahead)
        found[t] = ahead
    return found, found + values[:-1]


@wrong("returns-of-rewards")
def advantages(rewards, values, terminated, truncated, final_values, gamma, lam):
    shape = rewards.shape
    if values.shape != (shape[0] + 1, *shape[1:]) or any(
        part.shape != shape for part in (terminated, truncated, final_values)
    ):
        raise ValueError("shapes")
    found = np.zeros_like(rewards)
    ahead = 0.0
    for t in range(len(rewards) - 1, -1, -1):
        after = np.where(truncated[t], final_values[t], values[t + 1])
        after = np.where(terminated[t], 0.0, after)
        delta = rewards[t] + gamma * after - values[t]
        ahead = delta + gamma * lam * np.where(terminated[t] | truncated[t], 0.0, ahead)
        found[t] = ahead
    returns, ahead = np.zeros_like(rewards), 0.0
    for t in reversed(range(len(rewards))):
        ahead = rewards[t] + gamma * np.where(terminated[t] | truncated[t], 0.0, ahead)
        returns[t] = ahead
    return found, returns


@wrong("returns-without-values")
def advantages(rewards, values, terminated, truncated, final_values, gamma, lam):
    shape = rewards.shape
    if values.shape != (shape[0] + 1, *shape[1:]) or any(
        part.shape != shape for part in (terminated, truncated, final_values)
    ):
        raise ValueError("shapes")
    found = np.zeros_like(rewards)
    ahead = 0.0
    for t in range(len(rewards) - 1, -1, -1):
        after = np.where(truncated[t], final_values[t], values[t + 1])
        after = np.where(terminated[t], 0.0, after)
        delta = rewards[t] + gamma * after - values[t]
        ahead = delta + gamma * lam * np.where(terminated[t] | truncated[t], 0.0, ahead)
        found[t] = ahead
    return found, found


@wrong("normalised")
def advantages(rewards, values, terminated, truncated, final_values, gamma, lam):
    shape = rewards.shape
    if values.shape != (shape[0] + 1, *shape[1:]) or any(
        part.shape != shape for part in (terminated, truncated, final_values)
    ):
        raise ValueError("shapes")
    found = np.zeros_like(rewards)
    ahead = 0.0
    for t in range(len(rewards) - 1, -1, -1):
        after = np.where(truncated[t], final_values[t], values[t + 1])
        after = np.where(terminated[t], 0.0, after)
        delta = rewards[t] + gamma * after - values[t]
        ahead = delta + gamma * lam * np.where(terminated[t] | truncated[t], 0.0, ahead)
        found[t] = ahead
    found = (found - found.mean()) / (found.std() + 1e-8)
    return found, found + values[:-1]


@wrong("normalised-advantages")
def advantages(rewards, values, terminated, truncated, final_values, gamma, lam):
    shape = rewards.shape
    if values.shape != (shape[0] + 1, *shape[1:]) or any(
        part.shape != shape for part in (terminated, truncated, final_values)
    ):
        raise ValueError("shapes")
    found = np.zeros_like(rewards)
    ahead = 0.0
    for t in range(len(rewards) - 1, -1, -1):
        after = np.where(truncated[t], final_values[t], values[t + 1])
        after = np.where(terminated[t], 0.0, after)
        delta = rewards[t] + gamma * after - values[t]
        ahead = delta + gamma * lam * np.where(terminated[t] | truncated[t], 0.0, ahead)
        found[t] = ahead
    returns = found + values[:-1]
    return (found - found.mean()) / (found.std() + 1e-8), returns


@wrong("last-row-ends")
def advantages(rewards, values, terminated, truncated, final_values, gamma, lam):
    shape = rewards.shape
    if values.shape != (shape[0] + 1, *shape[1:]) or any(
        part.shape != shape for part in (terminated, truncated, final_values)
    ):
        raise ValueError("shapes")
    found = np.zeros_like(rewards)
    ahead = 0.0
    for t in range(len(rewards) - 1, -1, -1):
        after = np.where(truncated[t], final_values[t], values[t + 1] if t + 1 < len(rewards) else 0.0)
        after = np.where(terminated[t], 0.0, after)
        delta = rewards[t] + gamma * after - values[t]
        ahead = delta + gamma * lam * np.where(terminated[t] | truncated[t], 0.0, ahead)
        found[t] = ahead
    return found, found + values[:-1]


@wrong("truncation-first")
def advantages(rewards, values, terminated, truncated, final_values, gamma, lam):
    shape = rewards.shape
    if values.shape != (shape[0] + 1, *shape[1:]) or any(
        part.shape != shape for part in (terminated, truncated, final_values)
    ):
        raise ValueError("shapes")
    found = np.zeros_like(rewards)
    ahead = 0.0
    for t in range(len(rewards) - 1, -1, -1):
        after = np.where(truncated[t], final_values[t], values[t + 1])
        after = np.where(terminated[t] & ~truncated[t], 0.0, after)
        delta = rewards[t] + gamma * after - values[t]
        ahead = delta + gamma * lam * np.where(terminated[t] | truncated[t], 0.0, ahead)
        found[t] = ahead
    return found, found + values[:-1]


@wrong("nan-multiplied")
def advantages(rewards, values, terminated, truncated, final_values, gamma, lam):
    shape = rewards.shape
    if values.shape != (shape[0] + 1, *shape[1:]) or any(
        part.shape != shape for part in (terminated, truncated, final_values)
    ):
        raise ValueError("shapes")
    found = np.zeros_like(rewards)
    ahead = 0.0
    for t in range(len(rewards) - 1, -1, -1):
        after = (1 - terminated[t]) * (truncated[t] * final_values[t] + (1 - truncated[t]) * values[t + 1])
        delta = rewards[t] + gamma * after - values[t]
        ahead = delta + gamma * lam * np.where(terminated[t] | truncated[t], 0.0, ahead)
        found[t] = ahead
    return found, found + values[:-1]


@wrong("broadcast")
def advantages(rewards, values, terminated, truncated, final_values, gamma, lam):
    steps, robots = rewards.shape
    values = np.broadcast_to(values, (len(values), robots))
    last = len(values) - 1
    terminated, final_values = (
        np.broadcast_to(terminated, rewards.shape),
        np.broadcast_to(final_values, rewards.shape),
    )
    truncated = np.concatenate([truncated, truncated])[:steps]
    found = np.zeros_like(rewards)
    ahead = 0.0
    for t in range(steps - 1, -1, -1):
        after = np.where(truncated[t], final_values[t], values[min(t + 1, last)])
        after = np.where(terminated[t], 0.0, after)
        delta = rewards[t] + gamma * after - values[t]
        ahead = delta + gamma * lam * np.where(terminated[t] | truncated[t], 0.0, ahead)
        found[t] = ahead
    return found, found + values[:steps]


@wrong("another-type")
def advantages(rewards, values, terminated, truncated, final_values, gamma, lam):
    shape = rewards.shape
    if values.shape != (shape[0] + 1, *shape[1:]) or any(
        part.shape != shape for part in (terminated, truncated, final_values)
    ):
        raise ValueError("shapes")
    found = np.zeros(rewards.shape)
    ahead = 0.0
    for t in range(len(rewards) - 1, -1, -1):
        after = np.where(truncated[t], final_values[t], values[t + 1])
        after = np.where(terminated[t], 0.0, after)
        delta = rewards[t] + gamma * after - values[t]
        ahead = delta + gamma * lam * np.where(terminated[t] | truncated[t], 0.0, ahead)
        found[t] = ahead
    return found, found + values[:-1]


@right("robot-by-robot")
def advantages(rewards, values, terminated, truncated, final_values, gamma, lam):
    steps, robots = rewards.shape
    if values.shape != (steps + 1, robots):
        raise ValueError(f"values {values.shape}")
    if not terminated.shape == truncated.shape == final_values.shape == (steps, robots):
        raise ValueError("ends")
    found = np.empty((steps, robots))
    for robot in range(robots):
        begin = 0
        while begin < steps:
            end = begin
            while end < steps - 1 and not (terminated[end, robot] or truncated[end, robot]):
                end += 1
            v = values[begin : end + 2, robot].astype(float).copy()
            if terminated[end, robot]:
                v[-1] = 0.0
            elif truncated[end, robot]:
                v[-1] = final_values[end, robot]
            deltas = rewards[begin : end + 1, robot] + gamma * v[1:] - v[:-1]
            found[begin : end + 1, robot] = lfilter([1.0], [1.0, -gamma * lam], deltas[::-1])[::-1]
            begin = end + 1
    return found.astype(np.float32), (found + values[:-1]).astype(np.float32)


@right("with-a-mask")
def advantages(rewards, values, terminated, truncated, final_values, gamma, lam):
    shape = rewards.shape
    if values.shape != (shape[0] + 1, *shape[1:]) or any(
        part.shape != shape for part in (terminated, truncated, final_values)
    ):
        raise ValueError("shapes")
    running = np.logical_not(np.logical_or(terminated, truncated)).astype(np.float32)
    cut = np.logical_and(truncated, np.logical_not(terminated))
    after = running * values[1:]
    after[cut] = final_values[cut]
    advantage = np.empty_like(rewards)
    last = np.zeros(rewards.shape[1], dtype=np.float32)
    for t in reversed(range(rewards.shape[0])):
        last = rewards[t] + gamma * after[t] - values[t] + gamma * lam * running[t] * last
        advantage[t] = last
    return advantage, advantage + values[:-1]
