"""Answers to 4.1 as students write them."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from vla_course.course.source.variants import right, wrong


@wrong("one-step-late")
def chunk_windows(actions, starts, horizon):
    # "the action that follows": read as the one after this step
    if horizon < 1 or ((starts < 0) | (starts >= len(actions))).any():
        raise ValueError("horizon or starts")
    times = starts[:, None] + 1 + np.arange(horizon)
    return actions[np.clip(times, 0, len(actions) - 1)], times < len(actions)


@wrong("last-action-lost")
def chunk_windows(actions, starts, horizon):
    if horizon < 1 or ((starts < 0) | (starts >= len(actions))).any():
        raise ValueError("horizon or starts")
    last = len(actions) - 1
    times = starts[:, None] + np.arange(horizon)
    return actions[np.clip(times, 0, last)], times < last


@wrong("one-step-too-many")
def chunk_windows(actions, starts, horizon):
    if horizon < 1 or ((starts < 0) | (starts >= len(actions))).any():
        raise ValueError("horizon or starts")
    times = starts[:, None] + np.arange(horizon)
    return actions[np.clip(times, 0, len(actions) - 1)], times <= len(actions)


@wrong("wraps-round")
def chunk_windows(actions, starts, horizon):
    if horizon < 1 or ((starts < 0) | (starts >= len(actions))).any():
        raise ValueError("horizon or starts")
    times = starts[:, None] + np.arange(horizon)
    return actions.take(times, axis=0, mode="wrap"), times < len(actions)


@wrong("zeros-beyond-the-end")
def chunk_windows(actions, starts, horizon):
    if horizon < 1 or ((starts < 0) | (starts >= len(actions))).any():
        raise ValueError("horizon or starts")
    padded = np.concatenate([actions, np.zeros((horizon, actions.shape[1]), actions.dtype)])
    times = starts[:, None] + np.arange(horizon)
    return padded[times], times < len(actions)


@wrong("moved-back")
def chunk_windows(actions, starts, horizon):
    if horizon < 1 or ((starts < 0) | (starts >= len(actions))).any():
        raise ValueError("horizon or starts")
    fitting = np.clip(starts, 0, max(len(actions) - horizon, 0))
    times = fitting[:, None] + np.arange(horizon)
    return actions[np.minimum(times, len(actions) - 1)], times < len(actions)


@wrong("all-there")
def chunk_windows(actions, starts, horizon):
    if horizon < 1 or ((starts < 0) | (starts >= len(actions))).any():
        raise ValueError("horizon or starts")
    times = np.minimum(starts[:, None] + np.arange(horizon), len(actions) - 1)
    return actions[times], times < len(actions)


@wrong("mask-inverted")
def chunk_windows(actions, starts, horizon):
    if horizon < 1 or ((starts < 0) | (starts >= len(actions))).any():
        raise ValueError("horizon or starts")
    times = starts[:, None] + np.arange(horizon)
    is_pad = times >= len(actions)
    return actions[np.where(is_pad, len(actions) - 1, times)], is_pad


@wrong("short-ones-dropped")
def chunk_windows(actions, starts, horizon):
    if horizon < 1 or ((starts < 0) | (starts >= len(actions))).any():
        raise ValueError("horizon or starts")
    whole = starts[starts + horizon <= len(actions)]
    times = whole[:, None] + np.arange(horizon)
    return actions[times], np.ones(times.shape, dtype=bool)


@wrong("anything-accepted")
def chunk_windows(actions, starts, horizon):
    times = starts[:, None] + np.arange(horizon)
    return actions[np.minimum(times, len(actions) - 1)], times < len(actions)


@wrong("another-type")
def chunk_windows(actions, starts, horizon):
    if horizon < 1 or ((starts < 0) | (starts >= len(actions))).any():
        raise ValueError("horizon or starts")
    chunks = np.zeros((len(starts), horizon, actions.shape[1]))
    mask = np.zeros((len(starts), horizon))
    for row, start in enumerate(starts):
        there = min(horizon, len(actions) - start)
        chunks[row] = actions[-1]
        chunks[row, :there] = actions[start : start + there]
        mask[row, :there] = 1
    return chunks, mask


@right("padded-once")
def chunk_windows(actions, starts, horizon):
    if horizon < 1:
        raise ValueError(f"horizon {horizon}")
    if len(starts) and not (0 <= starts.min() and starts.max() < len(actions)):
        raise ValueError(f"starts {starts} of {len(actions)} actions")
    padded = np.pad(actions, ((0, horizon - 1), (0, 0)), mode="edge")
    there = np.arange(len(padded)) < len(actions)
    windows = sliding_window_view(padded, horizon, axis=0).transpose(0, 2, 1)
    return windows[starts], sliding_window_view(there, horizon)[starts]


@right("row-by-row")
def chunk_windows(actions, starts, horizon):
    if horizon <= 0:
        raise ValueError("a chunk has a step at least")
    chunks = np.empty((len(starts), horizon, actions.shape[1]), dtype=np.float32)
    mask = np.empty((len(starts), horizon), dtype=bool)
    for row, start in enumerate(starts):
        if not 0 <= start < len(actions):
            raise ValueError(f"start {start}")
        rest = actions[start : start + horizon]
        chunks[row, : len(rest)] = rest
        chunks[row, len(rest) :] = actions[-1]
        mask[row] = np.arange(horizon) < len(rest)
    return chunks, mask
