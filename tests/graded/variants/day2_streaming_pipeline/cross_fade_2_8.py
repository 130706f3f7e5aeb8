"""Answers to 2.8 as students write them."""

import numpy as np

from vla_course.course.source.variants import right, wrong


@wrong("by-row")
def cross_fade(old, new, due, begins, lasts):
    if np.shape(old) != np.shape(new) or lasts < 0:
        raise ValueError("shapes or lasts")
    fraction = np.linspace(0.0, 1.0, len(old))
    return (1 - fraction)[:, None] * old + fraction[:, None] * new


@wrong("jumps")
def cross_fade(old, new, due, begins, lasts):
    if np.shape(old) != np.shape(new) or lasts < 0:
        raise ValueError("shapes or lasts")
    return np.where((np.asarray(due) >= begins)[:, None], new, old)


@wrong("turned-round")
def cross_fade(old, new, due, begins, lasts):
    if np.shape(old) != np.shape(new) or lasts < 0:
        raise ValueError("shapes or lasts")
    since = np.asarray(due) - begins
    fraction = np.clip(since / lasts, 0, 1) if lasts else (since >= 0).astype(float)
    return fraction[:, None] * old + (1 - fraction)[:, None] * new


@wrong("not-cut")
def cross_fade(old, new, due, begins, lasts):
    if np.shape(old) != np.shape(new) or lasts < 0:
        raise ValueError("shapes or lasts")
    since = np.asarray(due) - begins
    fraction = since / lasts if lasts else (since >= 0).astype(float)
    return old + fraction[:, None] * (new - old)


@wrong("ends-at-begins")
def cross_fade(old, new, due, begins, lasts):
    if np.shape(old) != np.shape(new) or lasts < 0:
        raise ValueError("shapes or lasts")
    since = np.asarray(due) - (begins - lasts)
    fraction = np.clip(since / lasts, 0, 1) if lasts else (since >= 0).astype(float)
    return old + fraction[:, None] * (new - old)


@wrong("no-time-to-fade")
def cross_fade(old, new, due, begins, lasts):
    if np.shape(old) != np.shape(new) or lasts < 0:
        raise ValueError("shapes or lasts")
    with np.errstate(all="ignore"):
        fraction = np.clip((np.asarray(due) - begins) / np.float64(lasts), 0, 1)
    return old + fraction[:, None] * (new - old)


@wrong("anything-accepted")
def cross_fade(old, new, due, begins, lasts):
    since = np.asarray(due) - begins
    fraction = np.clip(since / lasts, 0, 1) if lasts else (since >= 0).astype(float)
    return (1 - fraction)[:, None] * old + fraction[:, None] * new


@right("by-interpolation")
def cross_fade(old, new, due, begins, lasts):
    old, new = np.asarray(old), np.asarray(new)
    if old.shape != new.shape:
        raise ValueError("shapes")
    if lasts < 0:
        raise ValueError("lasts")
    if lasts == 0:
        return np.where((np.asarray(due) >= begins)[:, None], new, old)
    fraction = np.interp(due, [begins, begins + lasts], [0.0, 1.0])
    return old + fraction[:, None] * (new - old)


@right("moment-by-moment")
def cross_fade(old, new, due, begins, lasts):
    if lasts < 0 or np.shape(old) != np.shape(new):
        raise ValueError("x")
    due = np.asarray(due, float)
    out = np.array(old, float)
    for i, t in enumerate(due):
        if t >= begins + lasts:
            out[i] = new[i]
        elif t > begins:
            f = (t - begins) / lasts
            out[i] = (1 - f) * np.asarray(old)[i] + f * np.asarray(new)[i]
    return out
