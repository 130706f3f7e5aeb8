"""Answers to 5.11 as students write them."""

import math

import numpy as np

from vla_course.course.source.variants import right, wrong


@wrong("not-per-frame")
def believed(heard, commands, keep=0.95):
    if not 0 < keep <= 1 or not len(commands.frames):
        raise ValueError("keep or commands")

    def ratios(s):
        ok = (s.frames > 0) & np.isfinite(s.grammar)
        with np.errstate(all="ignore"):
            return np.where(ok, s.grammar - s.loop, -np.inf)

    r = np.sort(ratios(commands))[::-1]
    t = float(r[np.ceil(keep * len(r) - 1e-9).astype(int) - 1])
    if not np.isfinite(t):
        raise ValueError("too few were heard")
    return ratios(heard) >= t, t


@wrong("sign-swapped")
def believed(heard, commands, keep=0.95):
    if not 0 < keep <= 1 or not len(commands.frames):
        raise ValueError("keep or commands")

    def ratios(s):
        ok = (s.frames > 0) & np.isfinite(s.grammar)
        with np.errstate(all="ignore"):
            return np.where(ok, (s.loop - s.grammar) / np.maximum(s.frames, 1), -np.inf)

    r = np.sort(ratios(commands))[::-1]
    t = float(r[np.ceil(keep * len(r) - 1e-9).astype(int) - 1])
    if not np.isfinite(t):
        raise ValueError("too few were heard")
    return ratios(heard) >= t, t


@wrong("quotient")
def believed(heard, commands, keep=0.95):
    if not 0 < keep <= 1 or not len(commands.frames):
        raise ValueError("keep or commands")

    def ratios(s):
        ok = (s.frames > 0) & np.isfinite(s.grammar)
        with np.errstate(all="ignore"):
            return np.where(ok, s.grammar / s.loop, -np.inf)

    r = np.sort(ratios(commands))[::-1]
    t = float(r[np.ceil(keep * len(r) - 1e-9).astype(int) - 1])
    if not np.isfinite(t):
        raise ValueError("too few were heard")
    return ratios(heard) >= t, t


@wrong("grammar-alone")
def believed(heard, commands, keep=0.95):
    if not 0 < keep <= 1 or not len(commands.frames):
        raise ValueError("keep or commands")

    def ratios(s):
        ok = (s.frames > 0) & np.isfinite(s.grammar)
        with np.errstate(all="ignore"):
            return np.where(ok, s.grammar / np.maximum(s.frames, 1), -np.inf)

    r = np.sort(ratios(commands))[::-1]
    t = float(r[np.ceil(keep * len(r) - 1e-9).astype(int) - 1])
    if not np.isfinite(t):
        raise ValueError("too few were heard")
    return ratios(heard) >= t, t


@wrong("from-the-heard")
def believed(heard, commands, keep=0.95):
    if not 0 < keep <= 1 or not len(commands.frames):
        raise ValueError("keep or commands")

    def ratios(s):
        ok = (s.frames > 0) & np.isfinite(s.grammar)
        with np.errstate(all="ignore"):
            return np.where(ok, (s.grammar - s.loop) / np.maximum(s.frames, 1), -np.inf)

    r = np.sort(ratios(heard if len(heard.frames) else commands))[::-1]
    t = float(r[np.ceil(keep * len(r) - 1e-9).astype(int) - 1])
    if not np.isfinite(t):
        raise ValueError("too few were heard")
    return ratios(heard) >= t, t


@wrong("wrong-end")
def believed(heard, commands, keep=0.95):
    if not 0 < keep <= 1 or not len(commands.frames):
        raise ValueError("keep or commands")

    def ratios(s):
        ok = (s.frames > 0) & np.isfinite(s.grammar)
        with np.errstate(all="ignore"):
            return np.where(ok, (s.grammar - s.loop) / np.maximum(s.frames, 1), -np.inf)

    r = np.sort(ratios(commands))[::-1]
    t = float(r[max(1, np.ceil((1 - keep) * len(r) - 1e-9).astype(int)) - 1])
    if not np.isfinite(t):
        raise ValueError("too few were heard")
    return ratios(heard) >= t, t


@wrong("silence-believed")
def believed(heard, commands, keep=0.95):
    if not 0 < keep <= 1 or not len(commands.frames):
        raise ValueError("keep or commands")

    def ratios(s):
        ok = (s.frames > 0) & np.isfinite(s.grammar)
        with np.errstate(all="ignore"):
            return np.where(ok, (s.grammar - s.loop) / np.maximum(s.frames, 1), -np.inf)

    r = np.sort(ratios(commands))[::-1]
    t = float(r[np.ceil(keep * len(r) - 1e-9).astype(int) - 1])
    if not np.isfinite(t):
        raise ValueError("too few were heard")
    return (ratios(heard) >= t) | (heard.frames == 0), t


@wrong("no-path-forgotten")
def believed(heard, commands, keep=0.95):
    if not 0 < keep <= 1 or not len(commands.frames):
        raise ValueError("keep or commands")

    def ratios(s):
        ok = (s.frames > 0) & np.isfinite(s.grammar)
        with np.errstate(all="ignore"):
            return np.where(ok, (s.grammar - s.loop) / np.maximum(s.frames, 1), -np.inf)

    r = np.sort(ratios(commands))[::-1]
    r = r[np.isfinite(r)]
    t = float(r[np.ceil(keep * len(r) - 1e-9).astype(int) - 1])
    if not np.isfinite(t):
        raise ValueError("too few were heard")
    return ratios(heard) >= t, t


@wrong("just-misses")
def believed(heard, commands, keep=0.95):
    if not 0 < keep <= 1 or not len(commands.frames):
        raise ValueError("keep or commands")

    def ratios(s):
        ok = (s.frames > 0) & np.isfinite(s.grammar)
        with np.errstate(all="ignore"):
            return np.where(ok, (s.grammar - s.loop) / np.maximum(s.frames, 1), -np.inf)

    r = np.sort(ratios(commands))[::-1]
    t = float(r[np.ceil(keep * len(r) - 1e-9).astype(int) - 1])
    if not np.isfinite(t):
        raise ValueError("too few were heard")
    return ratios(heard) > t, t


@wrong("between-two")
def believed(heard, commands, keep=0.95):
    if not 0 < keep <= 1 or not len(commands.frames):
        raise ValueError("keep or commands")

    def ratios(s):
        ok = (s.frames > 0) & np.isfinite(s.grammar)
        with np.errstate(all="ignore"):
            return np.where(ok, (s.grammar - s.loop) / np.maximum(s.frames, 1), -np.inf)

    r = np.sort(ratios(commands))[::-1]
    t = float(
        np.quantile(r, 1 - keep) if np.isfinite(r).all() else r[np.ceil(keep * len(r) - 1e-9).astype(int) - 1]
    )
    if not np.isfinite(t):
        raise ValueError("too few were heard")
    return ratios(heard) >= t, t


@wrong("above-zero")
def believed(heard, commands, keep=0.95):
    if not 0 < keep <= 1 or not len(commands.frames):
        raise ValueError("keep or commands")

    def ratios(s):
        ok = (s.frames > 0) & np.isfinite(s.grammar)
        with np.errstate(all="ignore"):
            return np.where(ok, (s.grammar - s.loop) / np.maximum(s.frames, 1), -np.inf)

    r = np.sort(ratios(commands))[::-1]
    t = float(0.0 * r[np.ceil(keep * len(r) - 1e-9).astype(int) - 1])
    if not np.isfinite(t):
        raise ValueError("too few were heard")
    return ratios(heard) >= t, t


@wrong("nobody-asked")
def believed(heard, commands, keep=0.95):
    keep = min(max(keep, 1e-9), 1.0)

    def ratios(s):
        ok = (s.frames > 0) & np.isfinite(s.grammar)
        with np.errstate(all="ignore"):
            return np.where(ok, (s.grammar - s.loop) / np.maximum(s.frames, 1), -np.inf)

    r = np.sort(ratios(commands))[::-1]
    t = float(r[np.ceil(keep * len(r) - 1e-9).astype(int) - 1] if len(r) else -np.inf)
    return ratios(heard) >= t, t


@right("one-by-one")
def believed(heard, commands, keep=0.95):
    if not 0 < keep <= 1:
        raise ValueError(f"keep is {keep}")

    def ratio(grammar, loop, frames):
        if frames == 0 or grammar == -math.inf:
            return -math.inf
        return (grammar - loop) / frames

    def ratios(s):
        return [ratio(g, loop, int(n)) for g, loop, n in zip(s.grammar.tolist(), s.loop.tolist(), s.frames)]

    known = sorted(ratios(commands))
    if not known:
        raise ValueError("commands is empty")
    lost = math.floor((1 - keep) * len(known) + 1e-9)
    threshold = known[lost]
    if threshold == -math.inf:
        raise ValueError("too few commands were heard")
    return np.array([one >= threshold for one in ratios(heard)], dtype=bool), threshold


@right("by-a-quantile-that-does-not-interpolate")
def believed(heard, commands, keep=0.95):
    if keep <= 0 or keep > 1 or commands.frames.size == 0:
        raise ValueError("keep or commands")

    def ratios(s):
        found = np.full(s.frames.shape, -np.inf)
        with np.errstate(invalid="ignore", divide="ignore"):
            found = np.divide(s.grammar - s.loop, s.frames, out=found, where=s.frames > 0)
        return np.nan_to_num(found, nan=-np.inf, neginf=-np.inf)

    known = np.sort(ratios(commands))
    threshold = known[int(round(len(known) - np.ceil(keep * len(known) - 1e-9)))]
    if threshold == -np.inf:
        raise ValueError("not enough commands were heard")
    return ratios(heard) >= threshold, float(threshold)
