"""Answers to 5.3 as students write them."""

import math
from itertools import accumulate

import numpy as np

from vla_course.course.source.variants import right, wrong


@wrong("never-reset")
def cusum_threshold(episodes, slack, rate):
    rows = [np.asarray(one, dtype=float) for one in episodes]
    if not 0 < rate < 1 or slack < 0 or any(not one.size or not np.isfinite(one).all() for one in rows):
        raise ValueError("rate, slack or episodes")
    maxima = sorted(max(0.0, float(np.cumsum(one - slack).max())) for one in rows)
    beyond = int(rate * (len(maxima) + 1) + 1e-9)
    if beyond < 1:
        raise ValueError("too few episodes")
    return maxima[-beyond]


@wrong("slack-forgotten")
def cusum_threshold(episodes, slack, rate):
    rows = [np.asarray(one, dtype=float) for one in episodes]
    if not 0 < rate < 1 or slack < 0 or any(not one.size or not np.isfinite(one).all() for one in rows):
        raise ValueError("rate, slack or episodes")
    maxima = []
    for row in rows:
        total, most = 0.0, 0.0
        for z in row:
            total = max(0.0, total + float(z))
            most = max(most, total)
        maxima.append(most)
    beyond = int(rate * (len(maxima) + 1) + 1e-9)
    if beyond < 1:
        raise ValueError("too few episodes")
    return sorted(maxima)[-beyond]


@wrong("slack-taken-late")
def cusum_threshold(episodes, slack, rate):
    rows = [np.asarray(one, dtype=float) for one in episodes]
    if not 0 < rate < 1 or slack < 0 or any(not one.size or not np.isfinite(one).all() for one in rows):
        raise ValueError("rate, slack or episodes")
    maxima = []
    for row in rows:
        total, most = 0.0, 0.0
        for z in row:
            total = max(0.0, total + float(z)) - slack
            most = max(most, total)
        maxima.append(most)
    beyond = int(rate * (len(maxima) + 1) + 1e-9)
    if beyond < 1:
        raise ValueError("too few episodes")
    return sorted(maxima)[-beyond]


@wrong("two-sided")
def cusum_threshold(episodes, slack, rate):
    rows = [np.asarray(one, dtype=float) for one in episodes]
    if not 0 < rate < 1 or slack < 0 or any(not one.size or not np.isfinite(one).all() for one in rows):
        raise ValueError("rate, slack or episodes")
    maxima = []
    for row in rows:
        total, most = 0.0, 0.0
        for z in row:
            total = max(0.0, total + abs(float(z)) - slack)
            most = max(most, total)
        maxima.append(most)
    beyond = int(rate * (len(maxima) + 1) + 1e-9)
    if beyond < 1:
        raise ValueError("too few episodes")
    return sorted(maxima)[-beyond]


@wrong("decisions-counted")
def cusum_threshold(episodes, slack, rate):
    if not 0 < rate < 1 or slack < 0:
        raise ValueError("rate or slack")
    sums = []
    for one in episodes:
        row = np.asarray(one, dtype=float)
        if not row.size or not np.isfinite(row).all():
            raise ValueError("an episode")
        total = 0.0
        for z in row:
            total = max(0.0, total + float(z) - slack)
            sums.append(total)
    if not sums:
        raise ValueError("no episode")
    return float(np.quantile(sums, 1 - rate))


@wrong("end-counted")
def cusum_threshold(episodes, slack, rate):
    rows = [np.asarray(one, dtype=float) for one in episodes]
    if not 0 < rate < 1 or slack < 0 or any(not one.size or not np.isfinite(one).all() for one in rows):
        raise ValueError("rate, slack or episodes")
    ends = []
    for row in rows:
        total = 0.0
        for z in row:
            total = max(0.0, total + float(z) - slack)
        ends.append(total)
    beyond = int(rate * (len(ends) + 1) + 1e-9)
    if beyond < 1:
        raise ValueError("too few episodes")
    return sorted(ends)[-beyond]


@wrong("carried-over")
def cusum_threshold(episodes, slack, rate):
    rows = [np.asarray(one, dtype=float) for one in episodes]
    if not 0 < rate < 1 or slack < 0 or any(not one.size or not np.isfinite(one).all() for one in rows):
        raise ValueError("rate, slack or episodes")
    maxima, total = [], 0.0
    for row in rows:
        most = 0.0
        for z in row:
            total = max(0.0, total + float(z) - slack)
            most = max(most, total)
        maxima.append(most)
    beyond = int(rate * (len(maxima) + 1) + 1e-9)
    if beyond < 1:
        raise ValueError("too few episodes")
    return sorted(maxima)[-beyond]


@wrong("scores-not-sums")
def cusum_threshold(episodes, slack, rate):
    rows = [np.asarray(one, dtype=float) for one in episodes]
    if not 0 < rate < 1 or slack < 0 or any(not one.size or not np.isfinite(one).all() for one in rows):
        raise ValueError("rate, slack or episodes")
    maxima = sorted(float((row - slack).max()) for row in rows)
    beyond = int(rate * (len(maxima) + 1) + 1e-9)
    if beyond < 1:
        raise ValueError("too few episodes")
    return maxima[-beyond]


@wrong("new-one-forgotten")
def cusum_threshold(episodes, slack, rate):
    rows = [np.asarray(one, dtype=float) for one in episodes]
    if not 0 < rate < 1 or slack < 0 or any(not one.size or not np.isfinite(one).all() for one in rows):
        raise ValueError("rate, slack or episodes")
    maxima = []
    for row in rows:
        total, most = 0.0, 0.0
        for z in row:
            total = max(0.0, total + float(z) - slack)
            most = max(most, total)
        maxima.append(most)
    if int(rate * (len(maxima) + 1) + 1e-9) < 1:
        raise ValueError("too few episodes")
    return sorted(maxima)[-max(1, int(rate * len(maxima) + 1e-9))]


@wrong("between-two")
def cusum_threshold(episodes, slack, rate):
    rows = [np.asarray(one, dtype=float) for one in episodes]
    if not 0 < rate < 1 or slack < 0 or any(not one.size or not np.isfinite(one).all() for one in rows):
        raise ValueError("rate, slack or episodes")
    maxima = []
    for row in rows:
        total, most = 0.0, 0.0
        for z in row:
            total = max(0.0, total + float(z) - slack)
            most = max(most, total)
        maxima.append(most)
    if rate * (len(maxima) + 1) < 1 - 1e-9:
        raise ValueError("too few episodes")
    return float(np.quantile(maxima, 1 - rate))


@wrong("one-too-low")
def cusum_threshold(episodes, slack, rate):
    rows = [np.asarray(one, dtype=float) for one in episodes]
    if not 0 < rate < 1 or slack < 0 or any(not one.size or not np.isfinite(one).all() for one in rows):
        raise ValueError("rate, slack or episodes")
    maxima = []
    for row in rows:
        total, most = 0.0, 0.0
        for z in row:
            total = max(0.0, total + float(z) - slack)
            most = max(most, total)
        maxima.append(most)
    beyond = int(rate * (len(maxima) + 1) + 1e-9)
    if beyond < 1:
        raise ValueError("too few episodes")
    return sorted(maxima, reverse=True)[min(beyond, len(maxima) - 1)]


@wrong("promised-anyway")
def cusum_threshold(episodes, slack, rate):
    rows = [np.asarray(one, dtype=float) for one in episodes]
    if not 0 < rate < 1 or slack < 0 or any(not one.size or not np.isfinite(one).all() for one in rows):
        raise ValueError("rate, slack or episodes")
    if not rows:
        raise ValueError("no episode")
    maxima = []
    for row in rows:
        total, most = 0.0, 0.0
        for z in row:
            total = max(0.0, total + float(z) - slack)
            most = max(most, total)
        maxima.append(most)
    return sorted(maxima)[-max(1, int(rate * (len(maxima) + 1) + 1e-9))]


@wrong("anything-accepted")
def cusum_threshold(episodes, slack, rate):
    maxima = []
    for row in episodes:
        total, most = 0.0, 0.0
        for z in row:
            total = max(0.0, total + float(z) - slack)
            most = max(most, total)
        maxima.append(most)
    beyond = int(rate * (len(maxima) + 1) + 1e-9)
    if rate > 0 and beyond < 1:
        raise ValueError("too few episodes")
    return sorted(maxima)[-min(max(beyond, 1), len(maxima))] if maxima else 0.0


@wrong("another-type")
def cusum_threshold(episodes, slack, rate):
    rows = [np.asarray(one, dtype=float) for one in episodes]
    if not 0 < rate < 1 or slack < 0 or any(not one.size or not np.isfinite(one).all() for one in rows):
        raise ValueError("rate, slack or episodes")
    maxima = []
    for row in rows:
        total, most = 0.0, 0.0
        for z in row:
            total = max(0.0, total + float(z) - slack)
            most = max(most, total)
        maxima.append(most)
    beyond = int(rate * (len(maxima) + 1) + 1e-9)
    if beyond < 1:
        raise ValueError("too few episodes")
    return np.array(sorted(maxima)[-beyond])


@right("walks-and-their-lowest-points")
def cusum_threshold(episodes, slack, rate):
    if not 0 < rate < 1 or slack < 0:
        raise ValueError("rate or slack")
    maxima = []
    for one in episodes:
        row = np.asarray(one, dtype=float)
        if row.size == 0 or not np.isfinite(row).all():
            raise ValueError("an episode without scores, or with one that is not finite")
        walk = np.concatenate(([0.0], np.cumsum(row - slack)))
        maxima.append(float((walk - np.minimum.accumulate(walk)).max()))
    rank = math.ceil((1 - rate) * (len(maxima) + 1) - 1e-9)
    if rank > len(maxima):
        raise ValueError("too few episodes for that rate")
    return sorted(maxima)[max(rank, 1) - 1]


@right("accumulated")
def cusum_threshold(episodes, slack, rate):
    if not 0 < rate < 1 or not slack >= 0:
        raise ValueError("rate or slack")
    maxima = []
    for one in episodes:
        scores = [float(score) for score in one]
        if not scores or not all(math.isfinite(score) for score in scores):
            raise ValueError("scores")
        maxima.append(max(accumulate(scores, lambda s, z: max(0.0, s + z - slack), initial=0.0)))
    places = round(rate * (len(maxima) + 1), 9)
    if places < 1:
        raise ValueError("too few")
    return sorted(maxima, reverse=True)[min(math.floor(places), len(maxima)) - 1]
