"""Answers to 2.7 as students write them."""

import numpy as np
from scipy.special import softmax

from vla_course.course.source.variants import right, wrong


@wrong("newest-first")
def ensemble_weights(decided, m=0.01):
    times = np.asarray(decided, dtype=float)
    if not len(times):
        return np.zeros(0)
    rank = np.empty(len(times))
    rank[np.argsort(-times, kind="stable")] = np.arange(len(times))
    exponent = -m * rank
    weights = np.exp(exponent - exponent.max())
    return weights / weights.sum()


@wrong("by-place")
def ensemble_weights(decided, m=0.01):
    exponent = -m * np.arange(len(decided))
    weights = np.exp(exponent - exponent.max(initial=-np.inf))
    return weights / weights.sum()


@wrong("by-seconds")
def ensemble_weights(decided, m=0.01):
    times = np.asarray(decided, dtype=float)
    if not len(times):
        return np.zeros(0)
    exponent = -m * (times - times.min())
    weights = np.exp(exponent - exponent.max())
    return weights / weights.sum()


@wrong("not-normalised")
def ensemble_weights(decided, m=0.01):
    times = np.asarray(decided, dtype=float)
    rank = np.empty(len(times))
    rank[np.argsort(times, kind="stable")] = np.arange(len(times))
    return np.exp(-m * rank)


@wrong("scattered-by-argsort")
def ensemble_weights(decided, m=0.01):
    times = np.asarray(decided, dtype=float)
    exponent = -m * np.argsort(times, kind="stable")
    weights = np.exp(exponent - exponent.max(initial=-np.inf))
    return weights / weights.sum()


@wrong("overflows")
def ensemble_weights(decided, m=0.01):
    times = np.asarray(decided, dtype=float)
    rank = np.empty(len(times))
    rank[np.argsort(times, kind="stable")] = np.arange(len(times))
    with np.errstate(all="ignore"):
        weights = np.exp(-m * rank)
        return weights / weights.sum()


@wrong("ties-as-one")
def ensemble_weights(decided, m=0.01):
    times = np.asarray(decided, dtype=float)
    rank = np.searchsorted(np.unique(times), times)
    exponent = -m * rank
    weights = np.exp(exponent - exponent.max(initial=-np.inf))
    return weights / weights.sum()


@right("by-softmax")
def ensemble_weights(decided, m=0.01):
    times = np.asarray(decided, dtype=float)
    if times.size == 0:
        return np.zeros(0)
    return softmax(-m * np.argsort(np.argsort(times, kind="stable"), kind="stable"))


@right("counted")
def ensemble_weights(decided, m=0.01):
    times = list(decided)
    order = sorted(range(len(times)), key=lambda place: times[place])
    exponents = [0.0] * len(times)
    for i, place in enumerate(order):
        exponents[place] = -m * i
    most = max(exponents, default=0.0)
    weights = [float(np.exp(one - most)) for one in exponents]
    return np.array([weight / sum(weights) for weight in weights])


@wrong("ties-anyhow")
def ensemble_weights(decided, m=0.01):
    times = np.asarray(decided, float)
    rank = np.empty(len(times))
    rank[np.argsort(times)] = np.arange(len(times))
    e = -m * rank
    w = np.exp(e - e.max(initial=-np.inf))
    return w / w.sum()
