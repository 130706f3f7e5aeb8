"""Answers to 5.9 as students write them."""

# ruff: noqa: F821  (they see the names of the module that they stand in)

import math

import numpy as np

from vla_course.course.source.variants import right, wrong


@wrong("sign-swapped")
def clock_offset(stamps, window):
    stamps = np.asarray(stamps, dtype=float)
    if stamps.ndim != 2 or stamps.shape[1] != 4 or window < 1:
        raise ValueError("stamps (n, 4) and a window")
    rows = stamps[-window:]
    rows = rows[np.isfinite(rows).all(axis=1)]
    t1, t2, t3, t4 = rows.T
    keep = (t4 >= t1) & (t3 >= t2) & ((t4 - t1) - (t3 - t2) >= 0)
    t1, t2, t3, t4 = rows[keep][::-1].T
    if not len(t1):
        raise ValueError("nothing left")
    trip = (t4 - t1) - (t3 - t2)
    offset = ((t1 - t2) + (t4 - t3)) / 2
    k = np.argmin(trip)
    return ClockOffset(float(offset[k]), float(trip[k] / 2))


@wrong("half-forgotten")
def clock_offset(stamps, window):
    stamps = np.asarray(stamps, dtype=float)
    if stamps.ndim != 2 or stamps.shape[1] != 4 or window < 1:
        raise ValueError("stamps (n, 4) and a window")
    rows = stamps[-window:]
    rows = rows[np.isfinite(rows).all(axis=1)]
    t1, t2, t3, t4 = rows.T
    keep = (t4 >= t1) & (t3 >= t2) & ((t4 - t1) - (t3 - t2) >= 0)
    t1, t2, t3, t4 = rows[keep][::-1].T
    if not len(t1):
        raise ValueError("nothing left")
    trip = (t4 - t1) - (t3 - t2)
    offset = (t2 - t1) + (t3 - t4)
    k = np.argmin(trip)
    return ClockOffset(float(offset[k]), float(trip[k] / 2))


@wrong("one-way")
def clock_offset(stamps, window):
    stamps = np.asarray(stamps, dtype=float)
    if stamps.ndim != 2 or stamps.shape[1] != 4 or window < 1:
        raise ValueError("stamps (n, 4) and a window")
    rows = stamps[-window:]
    rows = rows[np.isfinite(rows).all(axis=1)]
    t1, t2, t3, t4 = rows.T
    keep = (t4 >= t1) & (t3 >= t2) & ((t4 - t1) - (t3 - t2) >= 0)
    t1, t2, t3, t4 = rows[keep][::-1].T
    if not len(t1):
        raise ValueError("nothing left")
    trip = (t4 - t1) - (t3 - t2)
    offset = t2 - t1
    k = np.argmin(trip)
    return ClockOffset(float(offset[k]), float(trip[k] / 2))


@wrong("whole-trip")
def clock_offset(stamps, window):
    stamps = np.asarray(stamps, dtype=float)
    if stamps.ndim != 2 or stamps.shape[1] != 4 or window < 1:
        raise ValueError("stamps (n, 4) and a window")
    rows = stamps[-window:]
    rows = rows[np.isfinite(rows).all(axis=1)]
    t1, t2, t3, t4 = rows.T
    keep = (t4 >= t1) & (t3 >= t2) & ((t4 - t1) - (t3 - t2) >= 0)
    t1, t2, t3, t4 = rows[keep][::-1].T
    if not len(t1):
        raise ValueError("nothing left")
    trip = (t4 - t1) - (t3 - t2)
    offset = ((t2 - t1) + (t3 - t4)) / 2
    k = np.argmin(trip)
    return ClockOffset(float(offset[k]), float(trip[k]))


@wrong("server-counted")
def clock_offset(stamps, window):
    stamps = np.asarray(stamps, dtype=float)
    if stamps.ndim != 2 or stamps.shape[1] != 4 or window < 1:
        raise ValueError("stamps (n, 4) and a window")
    rows = stamps[-window:]
    rows = rows[np.isfinite(rows).all(axis=1)]
    t1, t2, t3, t4 = rows.T
    keep = (t4 >= t1) & (t3 >= t2) & ((t4 - t1) - (t3 - t2) >= 0)
    t1, t2, t3, t4 = rows[keep][::-1].T
    if not len(t1):
        raise ValueError("nothing left")
    trip = t4 - t1
    offset = ((t2 - t1) + (t3 - t4)) / 2
    k = np.argmin(trip)
    return ClockOffset(float(offset[k]), float(trip[k] / 2))


@wrong("mean")
def clock_offset(stamps, window):
    stamps = np.asarray(stamps, dtype=float)
    if stamps.ndim != 2 or stamps.shape[1] != 4 or window < 1:
        raise ValueError("stamps (n, 4) and a window")
    rows = stamps[-window:]
    rows = rows[np.isfinite(rows).all(axis=1)]
    t1, t2, t3, t4 = rows.T
    keep = (t4 >= t1) & (t3 >= t2) & ((t4 - t1) - (t3 - t2) >= 0)
    t1, t2, t3, t4 = rows[keep][::-1].T
    if not len(t1):
        raise ValueError("nothing left")
    trip = (t4 - t1) - (t3 - t2)
    offset = ((t2 - t1) + (t3 - t4)) / 2
    return ClockOffset(float(offset.mean()), float(trip.mean() / 2))


@wrong("mean-offset")
def clock_offset(stamps, window):
    stamps = np.asarray(stamps, dtype=float)
    if stamps.ndim != 2 or stamps.shape[1] != 4 or window < 1:
        raise ValueError("stamps (n, 4) and a window")
    rows = stamps[-window:]
    rows = rows[np.isfinite(rows).all(axis=1)]
    t1, t2, t3, t4 = rows.T
    keep = (t4 >= t1) & (t3 >= t2) & ((t4 - t1) - (t3 - t2) >= 0)
    t1, t2, t3, t4 = rows[keep][::-1].T
    if not len(t1):
        raise ValueError("nothing left")
    trip = (t4 - t1) - (t3 - t2)
    offset = ((t2 - t1) + (t3 - t4)) / 2
    k = np.argmin(trip)
    return ClockOffset(float(offset.mean()), float(trip[k] / 2))


@wrong("median")
def clock_offset(stamps, window):
    stamps = np.asarray(stamps, dtype=float)
    if stamps.ndim != 2 or stamps.shape[1] != 4 or window < 1:
        raise ValueError("stamps (n, 4) and a window")
    rows = stamps[-window:]
    rows = rows[np.isfinite(rows).all(axis=1)]
    t1, t2, t3, t4 = rows.T
    keep = (t4 >= t1) & (t3 >= t2) & ((t4 - t1) - (t3 - t2) >= 0)
    t1, t2, t3, t4 = rows[keep][::-1].T
    if not len(t1):
        raise ValueError("nothing left")
    trip = (t4 - t1) - (t3 - t2)
    offset = ((t2 - t1) + (t3 - t4)) / 2
    return ClockOffset(float(np.median(offset)), float(np.median(trip) / 2))


@wrong("newest-believed")
def clock_offset(stamps, window):
    stamps = np.asarray(stamps, dtype=float)
    if stamps.ndim != 2 or stamps.shape[1] != 4 or window < 1:
        raise ValueError("stamps (n, 4) and a window")
    rows = stamps[-window:]
    rows = rows[np.isfinite(rows).all(axis=1)]
    t1, t2, t3, t4 = rows.T
    keep = (t4 >= t1) & (t3 >= t2) & ((t4 - t1) - (t3 - t2) >= 0)
    t1, t2, t3, t4 = rows[keep][::-1].T
    if not len(t1):
        raise ValueError("nothing left")
    trip = (t4 - t1) - (t3 - t2)
    offset = ((t2 - t1) + (t3 - t4)) / 2
    k = 0
    return ClockOffset(float(offset[k]), float(trip[k] / 2))


@wrong("window-ignored")
def clock_offset(stamps, window):
    stamps = np.asarray(stamps, dtype=float)
    if stamps.ndim != 2 or stamps.shape[1] != 4 or window < 1:
        raise ValueError("stamps (n, 4) and a window")
    rows = stamps
    rows = rows[np.isfinite(rows).all(axis=1)]
    t1, t2, t3, t4 = rows.T
    keep = (t4 >= t1) & (t3 >= t2) & ((t4 - t1) - (t3 - t2) >= 0)
    t1, t2, t3, t4 = rows[keep][::-1].T
    if not len(t1):
        raise ValueError("nothing left")
    trip = (t4 - t1) - (t3 - t2)
    offset = ((t2 - t1) + (t3 - t4)) / 2
    k = np.argmin(trip)
    return ClockOffset(float(offset[k]), float(trip[k] / 2))


@wrong("oldest-window")
def clock_offset(stamps, window):
    stamps = np.asarray(stamps, dtype=float)
    if stamps.ndim != 2 or stamps.shape[1] != 4 or window < 1:
        raise ValueError("stamps (n, 4) and a window")
    rows = stamps[:window]
    rows = rows[np.isfinite(rows).all(axis=1)]
    t1, t2, t3, t4 = rows.T
    keep = (t4 >= t1) & (t3 >= t2) & ((t4 - t1) - (t3 - t2) >= 0)
    t1, t2, t3, t4 = rows[keep][::-1].T
    if not len(t1):
        raise ValueError("nothing left")
    trip = (t4 - t1) - (t3 - t2)
    offset = ((t2 - t1) + (t3 - t4)) / 2
    k = np.argmin(trip)
    return ClockOffset(float(offset[k]), float(trip[k] / 2))


@wrong("jump-believed")
def clock_offset(stamps, window):
    stamps = np.asarray(stamps, dtype=float)
    if stamps.ndim != 2 or stamps.shape[1] != 4 or window < 1:
        raise ValueError("stamps (n, 4) and a window")
    rows = stamps[-window:]
    rows = rows[np.isfinite(rows).all(axis=1)]
    t1, t2, t3, t4 = rows.T
    t1, t2, t3, t4 = rows[::-1].T
    if not len(t1):
        raise ValueError("nothing left")
    trip = (t4 - t1) - (t3 - t2)
    offset = ((t2 - t1) + (t3 - t4)) / 2
    k = np.argmin(trip)
    return ClockOffset(float(offset[k]), float(trip[k] / 2))


@wrong("anything-accepted")
def clock_offset(stamps, window):
    stamps = np.asarray(stamps, dtype=float)
    stamps = np.atleast_2d(stamps)
    stamps = np.column_stack([stamps, stamps[:, -1]])[:, :4]
    rows = stamps[-window:]
    rows = rows[np.isfinite(rows).all(axis=1)]
    t1, t2, t3, t4 = rows.T
    keep = (t4 >= t1) & (t3 >= t2) & ((t4 - t1) - (t3 - t2) >= 0)
    t1, t2, t3, t4 = rows[keep][::-1].T
    if not len(t1):
        raise ValueError("nothing left")
    trip = (t4 - t1) - (t3 - t2)
    offset = ((t2 - t1) + (t3 - t4)) / 2
    k = np.argmin(trip)
    return ClockOffset(float(offset[k]), float(trip[k] / 2))


@wrong("another-type")
def clock_offset(stamps, window):
    stamps = np.asarray(stamps, dtype=float)
    if stamps.ndim != 2 or stamps.shape[1] != 4 or window < 1:
        raise ValueError("stamps (n, 4) and a window")
    rows = stamps[-window:]
    rows = rows[np.isfinite(rows).all(axis=1)]
    t1, t2, t3, t4 = rows.T
    keep = (t4 >= t1) & (t3 >= t2) & ((t4 - t1) - (t3 - t2) >= 0)
    t1, t2, t3, t4 = rows[keep][::-1].T
    if not len(t1):
        raise ValueError("nothing left")
    trip = (t4 - t1) - (t3 - t2)
    offset = ((t2 - t1) + (t3 - t4)) / 2
    k = np.argmin(trip)
    return ClockOffset(offset[k : k + 1].mean(), trip[k] / 2)


@wrong("oldest-of-equals")
def clock_offset(stamps, window):
    stamps = np.asarray(stamps, dtype=float)
    if stamps.ndim != 2 or stamps.shape[1] != 4 or window < 1:
        raise ValueError("stamps (n, 4) and a window")
    rows = stamps[-window:]
    rows = rows[np.isfinite(rows).all(axis=1)]
    t1, t2, t3, t4 = rows.T
    keep = (t4 >= t1) & (t3 >= t2) & ((t4 - t1) - (t3 - t2) >= 0)
    t1, t2, t3, t4 = rows[keep].T
    if not len(t1):
        raise ValueError("nothing left")
    trip = (t4 - t1) - (t3 - t2)
    offset = ((t2 - t1) + (t3 - t4)) / 2
    k = np.argmin(trip)
    return ClockOffset(float(offset[k]), float(trip[k] / 2))


@wrong("window-refilled")
def clock_offset(stamps, window):
    stamps = np.asarray(stamps, dtype=float)
    if stamps.ndim != 2 or stamps.shape[1] != 4 or window < 1:
        raise ValueError("stamps (n, 4) and a window")
    rows = stamps[np.isfinite(stamps).all(axis=1)]
    t1, t2, t3, t4 = rows.T
    keep = (t4 >= t1) & (t3 >= t2) & ((t4 - t1) - (t3 - t2) >= 0)
    t1, t2, t3, t4 = rows[keep][-window:][::-1].T
    if not len(t1):
        raise ValueError("nothing left")
    trip = (t4 - t1) - (t3 - t2)
    offset = ((t2 - t1) + (t3 - t4)) / 2
    k = np.argmin(trip)
    return ClockOffset(float(offset[k]), float(trip[k] / 2))


@right("one-by-one")
def clock_offset(stamps, window):
    if np.ndim(stamps) != 2 or np.shape(stamps)[1] != 4:
        raise ValueError("four stamps a row")
    if window < 1 or len(stamps) == 0:
        raise ValueError("nothing to look at")
    best = None
    for sent, received, answered, returned in np.asarray(stamps)[max(0, len(stamps) - window) :].tolist():
        if not all(map(math.isfinite, (sent, received, answered, returned))):
            continue
        away, kept = returned - sent, answered - received
        if away < 0 or kept < 0 or away - kept < 0:
            continue
        if best is None or away - kept <= best[0]:
            best = away - kept, (received + answered) / 2 - (sent + returned) / 2
    if best is None:
        raise ValueError("no exchange can be used")
    return ClockOffset(offset=best[1], error=best[0] / 2)
