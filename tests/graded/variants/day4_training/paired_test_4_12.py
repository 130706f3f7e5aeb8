"""Answers to 4.12 as students write them."""

# ruff: noqa: F821  (they see the names of the module that they stand in)

import math

import numpy as np
from scipy.stats import binom, binomtest, chi2, norm

from vla_course.course.source.variants import right, wrong


@wrong("gained-and-lost-swapped")
def paired_test(before, after):
    if before.dtype != bool or after.dtype != bool or before.shape != after.shape or before.ndim != 1:
        raise ValueError("bool arrays of one shape")
    if len(before) == 0:
        raise ValueError("no episode")
    gained = int(np.sum(~before & after))
    lost = int(np.sum(before & ~after))
    n, speak = len(before), gained + lost
    p = min(1.0, 2 * float(binom.cdf(min(gained, lost), speak, 0.5)))
    return PairedResult(lost, gained, (lost - gained) / n, p)


@wrong("difference-turned-round")
def paired_test(before, after):
    if before.dtype != bool or after.dtype != bool or before.shape != after.shape or before.ndim != 1:
        raise ValueError("bool arrays of one shape")
    if len(before) == 0:
        raise ValueError("no episode")
    gained = int(np.sum(~before & after))
    lost = int(np.sum(before & ~after))
    n, speak = len(before), gained + lost
    p = min(1.0, 2 * float(binom.cdf(min(gained, lost), speak, 0.5)))
    return PairedResult(gained, lost, (lost - gained) / n, p)


@wrong("difference-of-those-that-speak")
def paired_test(before, after):
    if before.dtype != bool or after.dtype != bool or before.shape != after.shape or before.ndim != 1:
        raise ValueError("bool arrays of one shape")
    if len(before) == 0:
        raise ValueError("no episode")
    gained = int(np.sum(~before & after))
    lost = int(np.sum(before & ~after))
    n, speak = len(before), gained + lost
    p = min(1.0, 2 * float(binom.cdf(min(gained, lost), speak, 0.5)))
    return PairedResult(gained, lost, (gained - lost) / max(speak, 1), p)


@wrong("difference-counted")
def paired_test(before, after):
    if before.dtype != bool or after.dtype != bool or before.shape != after.shape or before.ndim != 1:
        raise ValueError("bool arrays of one shape")
    if len(before) == 0:
        raise ValueError("no episode")
    gained = int(np.sum(~before & after))
    lost = int(np.sum(before & ~after))
    n, speak = len(before), gained + lost
    p = min(1.0, 2 * float(binom.cdf(min(gained, lost), speak, 0.5)))
    return PairedResult(gained, lost, float(gained - lost), p)


@wrong("all-successes")
def paired_test(before, after):
    if before.dtype != bool or after.dtype != bool or before.shape != after.shape or before.ndim != 1:
        raise ValueError("bool arrays of one shape")
    if len(before) == 0:
        raise ValueError("no episode")
    gained = int(np.sum(~before & after))
    lost = int(np.sum(before & ~after))
    n, speak = len(before), gained + lost
    p = min(1.0, 2 * float(binom.cdf(min(gained, lost), speak, 0.5)))
    return PairedResult(int(after.sum()), int(before.sum()), (gained - lost) / n, p)


@wrong("in-percent")
def paired_test(before, after):
    if before.dtype != bool or after.dtype != bool or before.shape != after.shape or before.ndim != 1:
        raise ValueError("bool arrays of one shape")
    if len(before) == 0:
        raise ValueError("no episode")
    gained = int(np.sum(~before & after))
    lost = int(np.sum(before & ~after))
    n, speak = len(before), gained + lost
    p = min(1.0, 2 * float(binom.cdf(min(gained, lost), speak, 0.5)))
    return PairedResult(gained, lost, 100 * (gained - lost) / n, p)


@wrong("one-sided")
def paired_test(before, after):
    if before.dtype != bool or after.dtype != bool or before.shape != after.shape or before.ndim != 1:
        raise ValueError("bool arrays of one shape")
    if len(before) == 0:
        raise ValueError("no episode")
    gained = int(np.sum(~before & after))
    lost = int(np.sum(before & ~after))
    n, speak = len(before), gained + lost
    p = float(binom.cdf(min(gained, lost), speak, 0.5))
    return PairedResult(gained, lost, (gained - lost) / n, p)


@wrong("not-paired")
def paired_test(before, after):
    if before.dtype != bool or after.dtype != bool or before.shape != after.shape or before.ndim != 1:
        raise ValueError("bool arrays of one shape")
    if len(before) == 0:
        raise ValueError("no episode")
    gained = int(np.sum(~before & after))
    lost = int(np.sum(before & ~after))
    n, speak = len(before), gained + lost
    one, other = before.mean(), after.mean()
    rate = (one + other) / 2
    z = abs(one - other) / math.sqrt(max(2 * rate * (1 - rate) / n, 1e-12))
    p = float(2 * norm.sf(z))
    return PairedResult(gained, lost, (gained - lost) / n, p)


@wrong("chi-squared")
def paired_test(before, after):
    if before.dtype != bool or after.dtype != bool or before.shape != after.shape or before.ndim != 1:
        raise ValueError("bool arrays of one shape")
    if len(before) == 0:
        raise ValueError("no episode")
    gained = int(np.sum(~before & after))
    lost = int(np.sum(before & ~after))
    n, speak = len(before), gained + lost
    p = float(chi2.sf((gained - lost) ** 2 / max(speak, 1), 1))
    return PairedResult(gained, lost, (gained - lost) / n, p)


@wrong("chi-squared-corrected")
def paired_test(before, after):
    if before.dtype != bool or after.dtype != bool or before.shape != after.shape or before.ndim != 1:
        raise ValueError("bool arrays of one shape")
    if len(before) == 0:
        raise ValueError("no episode")
    gained = int(np.sum(~before & after))
    lost = int(np.sum(before & ~after))
    n, speak = len(before), gained + lost
    p = float(chi2.sf(max(abs(gained - lost) - 1, 0) ** 2 / max(speak, 1), 1))
    return PairedResult(gained, lost, (gained - lost) / n, p)


@wrong("all-episodes-are-coins")
def paired_test(before, after):
    if before.dtype != bool or after.dtype != bool or before.shape != after.shape or before.ndim != 1:
        raise ValueError("bool arrays of one shape")
    if len(before) == 0:
        raise ValueError("no episode")
    gained = int(np.sum(~before & after))
    lost = int(np.sum(before & ~after))
    n, speak = len(before), gained + lost
    p = min(1.0, 2 * float(binom.cdf(min(gained, lost), n, 0.5)))
    return PairedResult(gained, lost, (gained - lost) / n, p)


@wrong("middle-p")
def paired_test(before, after):
    if before.dtype != bool or after.dtype != bool or before.shape != after.shape or before.ndim != 1:
        raise ValueError("bool arrays of one shape")
    if len(before) == 0:
        raise ValueError("no episode")
    gained = int(np.sum(~before & after))
    lost = int(np.sum(before & ~after))
    n, speak = len(before), gained + lost
    few = min(gained, lost)
    p = 2 * float(binom.cdf(few, speak, 0.5)) - float(binom.pmf(few, speak, 0.5))
    return PairedResult(gained, lost, (gained - lost) / n, p)


@wrong("just-so-many")
def paired_test(before, after):
    if before.dtype != bool or after.dtype != bool or before.shape != after.shape or before.ndim != 1:
        raise ValueError("bool arrays of one shape")
    if len(before) == 0:
        raise ValueError("no episode")
    gained = int(np.sum(~before & after))
    lost = int(np.sum(before & ~after))
    n, speak = len(before), gained + lost
    p = float(binom.pmf(gained, speak, 0.5))
    return PairedResult(gained, lost, (gained - lost) / n, p)


@wrong("other-tail")
def paired_test(before, after):
    if before.dtype != bool or after.dtype != bool or before.shape != after.shape or before.ndim != 1:
        raise ValueError("bool arrays of one shape")
    if len(before) == 0:
        raise ValueError("no episode")
    gained = int(np.sum(~before & after))
    lost = int(np.sum(before & ~after))
    n, speak = len(before), gained + lost
    p = min(1.0, 2 * float(binom.cdf(max(gained, lost), speak, 0.5)))
    return PairedResult(gained, lost, (gained - lost) / n, p)


@wrong("turned-round")
def paired_test(before, after):
    if before.dtype != bool or after.dtype != bool or before.shape != after.shape or before.ndim != 1:
        raise ValueError("bool arrays of one shape")
    if len(before) == 0:
        raise ValueError("no episode")
    gained = int(np.sum(~before & after))
    lost = int(np.sum(before & ~after))
    n, speak = len(before), gained + lost
    p = 1 - 2 * float(binom.cdf(min(gained, lost), speak, 0.5))
    return PairedResult(gained, lost, (gained - lost) / n, p)


@wrong("more-than-one")
def paired_test(before, after):
    if before.dtype != bool or after.dtype != bool or before.shape != after.shape or before.ndim != 1:
        raise ValueError("bool arrays of one shape")
    if len(before) == 0:
        raise ValueError("no episode")
    gained = int(np.sum(~before & after))
    lost = int(np.sum(before & ~after))
    n, speak = len(before), gained + lost
    p = 2 * float(binom.cdf(min(gained, lost), speak, 0.5))
    return PairedResult(gained, lost, (gained - lost) / n, p)


@wrong("anything-accepted")
def paired_test(before, after):
    before, after = np.atleast_1d(before).ravel() > 0.5, np.atleast_1d(after).ravel() > 0.5
    count = min(len(before), len(after))
    before, after = before[:count], after[:count]
    gained = int(np.sum(~before & after))
    lost = int(np.sum(before & ~after))
    n, speak = len(before), gained + lost
    p = min(1.0, 2 * float(binom.cdf(min(gained, lost), speak, 0.5)))
    return PairedResult(gained, lost, (gained - lost) / max(n, 1), p)


@wrong("another-type")
def paired_test(before, after):
    if before.dtype != bool or after.dtype != bool or before.shape != after.shape or before.ndim != 1:
        raise ValueError("bool arrays of one shape")
    if len(before) == 0:
        raise ValueError("no episode")
    gained = float(np.sum(~before & after))
    lost = float(np.sum(before & ~after))
    n, speak = len(before), gained + lost
    p = min(1.0, 2 * float(binom.cdf(min(gained, lost), speak, 0.5)))
    return PairedResult(gained, lost, (gained - lost) / n, p)


@right("from-the-library")
def paired_test(before, after):
    for one in (before, after):
        if one.dtype != np.bool_ or one.ndim != 1 or one.size == 0:
            raise ValueError("expected bool (n,)")
    if before.size != after.size:
        raise ValueError("another number of episodes")
    change = after.astype(int) - before.astype(int)
    gained, lost = int((change == 1).sum()), int((change == -1).sum())
    p = binomtest(gained, gained + lost).pvalue if gained + lost else 1.0
    return PairedResult(gained, lost, float(change.mean()), float(p))


@right("by-counting")
def paired_test(before, after):
    if before.dtype != bool or after.dtype != bool or before.shape != after.shape or before.ndim != 1:
        raise ValueError("bool arrays of one shape")
    if len(before) == 0:
        raise ValueError("no episode")
    gained = int(np.sum(~before & after))
    lost = int(np.sum(before & ~after))
    n, speak = len(before), gained + lost
    few = min(gained, lost)
    if gained == lost:
        p = 1.0
    else:
        p = 2 * sum(math.comb(speak, k) for k in range(few + 1)) / 2**speak
    return PairedResult(gained=gained, lost=lost, difference=float(after.mean() - before.mean()), p_value=p)
