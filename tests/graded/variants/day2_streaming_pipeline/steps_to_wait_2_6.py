"""Answers to 2.6 as students write them."""

import math

import numpy as np

from vla_course.course.source.variants import right, wrong


@wrong("worst-ever-seen")
def steps_to_wait(delays, period, percentile=95.0):
    measured = np.asarray(delays, dtype=float)
    if not measured.size or not (measured >= 0).all() or not np.isfinite(measured).all() or not period > 0:
        raise ValueError("delays or period")
    return math.ceil(measured.max() / period - 1e-3)


@wrong("mean")
def steps_to_wait(delays, period, percentile=95.0):
    measured = np.asarray(delays, dtype=float)
    if not measured.size or not (measured >= 0).all() or not np.isfinite(measured).all() or not period > 0:
        raise ValueError("delays or period")
    return math.ceil(measured.mean() / period - 1e-3)


@wrong("rounded-down")
def steps_to_wait(delays, period, percentile=95.0):
    measured = np.asarray(delays, dtype=float)
    if not measured.size or not (measured >= 0).all() or not np.isfinite(measured).all() or not period > 0:
        raise ValueError("delays or period")
    return int(np.percentile(measured, percentile) // period)


@wrong("rounded")
def steps_to_wait(delays, period, percentile=95.0):
    measured = np.asarray(delays, dtype=float)
    if not measured.size or not (measured >= 0).all() or not np.isfinite(measured).all() or not period > 0:
        raise ValueError("delays or period")
    return round(np.percentile(measured, percentile) / period)


@wrong("one-more")
def steps_to_wait(delays, period, percentile=95.0):
    measured = np.asarray(delays, dtype=float)
    if not measured.size or not (measured >= 0).all() or not np.isfinite(measured).all() or not period > 0:
        raise ValueError("delays or period")
    return int(np.percentile(measured, percentile) / period) + 2


@wrong("in-seconds")
def steps_to_wait(delays, period, percentile=95.0):
    measured = np.asarray(delays, dtype=float)
    if not measured.size or not (measured >= 0).all() or not np.isfinite(measured).all() or not period > 0:
        raise ValueError("delays or period")
    return np.percentile(measured, percentile)


@wrong("multiplied")
def steps_to_wait(delays, period, percentile=95.0):
    measured = np.asarray(delays, dtype=float)
    if not measured.size or not (measured >= 0).all() or not np.isfinite(measured).all() or not period > 0:
        raise ValueError("delays or period")
    return math.ceil(np.percentile(measured, percentile) * period)


@wrong("percentile-ignored")
def steps_to_wait(delays, period, percentile=95.0):
    measured = np.asarray(delays, dtype=float)
    if not measured.size or not (measured >= 0).all() or not np.isfinite(measured).all() or not period > 0:
        raise ValueError("delays or period")
    return math.ceil(np.percentile(measured, 95) / period - 1e-3)


@wrong("no-int")
def steps_to_wait(delays, period, percentile=95.0):
    measured = np.asarray(delays, dtype=float)
    if not measured.size or not (measured >= 0).all() or not np.isfinite(measured).all() or not period > 0:
        raise ValueError("delays or period")
    return np.ceil(np.percentile(measured, percentile) / period - 1e-3)


@wrong("dust-rounded-up")
def steps_to_wait(delays, period, percentile=95.0):
    measured = np.asarray(delays, dtype=float)
    if not measured.size or not (measured >= 0).all() or not np.isfinite(measured).all() or not period > 0:
        raise ValueError("delays or period")
    return math.ceil(np.percentile(measured, percentile) / period)


@wrong("anything-accepted")
def steps_to_wait(delays, period, percentile=95.0):
    return math.ceil(np.percentile(np.abs(delays), percentile) / period - 1e-3)


@right("sorted-by-hand")
def steps_to_wait(delays, period, percentile=95.0):
    ordered = sorted(float(delay) for delay in delays)
    if not ordered:
        raise ValueError("no delay")
    if any(not 0 <= delay < math.inf for delay in ordered):
        raise ValueError("a delay that is none")
    if not period > 0:
        raise ValueError("period")
    place = percentile / 100 * (len(ordered) - 1)
    low, share = int(place), place % 1
    bound = ordered[low] if not share else (1 - share) * ordered[low] + share * ordered[low + 1]
    whole, part = divmod(bound / period, 1)
    return int(whole) + (part > 1e-3)


@wrong("more-than-dust")
def steps_to_wait(delays, period, percentile=95.0):
    d = np.asarray(delays, float)
    if not d.size or not np.all(np.isfinite(d) & (d >= 0)) or not period > 0:
        raise ValueError("x")
    return math.ceil(float(np.percentile(d, percentile)) / period - 1e-2)


@wrong("not-interpolated")
def steps_to_wait(delays, period, percentile=95.0):
    d = np.asarray(delays, float)
    if not d.size or not np.all(np.isfinite(d) & (d >= 0)) or not period > 0:
        raise ValueError("x")
    return math.ceil(float(np.percentile(np.ceil(d / period - 1e-3), percentile)) - 1e-3)


@right("by-remainder")
def steps_to_wait(delays, period, percentile=95.0):
    d = sorted(float(x) for x in delays)
    if not d or period != period or period <= 0:
        raise ValueError("x")
    if any(x != x or x < 0 or x == float("inf") for x in d):
        raise ValueError("delays")
    place = percentile / 100 * (len(d) - 1)
    low = int(place)
    high = min(low + 1, len(d) - 1)
    bound = d[low] + (place - low) * (d[high] - d[low])
    steps = int(bound / period)
    return steps + (bound / period - steps > 1e-3)
