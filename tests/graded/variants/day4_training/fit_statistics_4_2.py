"""Answers to 4.2 as students write them."""

# ruff: noqa: F821  (they see the names of the module that they stand in)

import numpy as np

from vla_course.course.source.variants import right, wrong


@wrong("validation-counted")
def fit_statistics(values, lower=0.01, upper=0.99, *, episodes=None, held_out=()):
    # statistics of the dataset first, the split later
    if np.ndim(values) != 2 or not 0 <= lower < upper <= 1 or not np.isfinite(values).all():
        raise ValueError("bad input")
    if episodes is not None and (len(episodes) != len(values) or np.isin(episodes, list(held_out)).all()):
        raise ValueError("bad split")
    low, high = np.quantile(values.astype(np.float64), [lower, upper], axis=0)
    still = high - low < STILL
    middle = (low + high) / 2
    low[still], high[still] = middle[still] - 1, middle[still] + 1
    return ActionStatistics(low.astype(np.float32), high.astype(np.float32))


@wrong("only-the-held-out")
def fit_statistics(values, lower=0.01, upper=0.99, *, episodes=None, held_out=()):
    if np.ndim(values) != 2 or not 0 <= lower < upper <= 1:
        raise ValueError("bad input")
    if episodes is not None:
        if len(episodes) != len(values):
            raise ValueError("bad split")
        values = values[np.isin(episodes, list(held_out))] if held_out else values
    if len(values) == 0 or not np.isfinite(values).all():
        raise ValueError("bad values")
    low, high = np.quantile(values.astype(np.float64), [lower, upper], axis=0)
    still = high - low < STILL
    middle = (low + high) / 2
    low[still], high[still] = middle[still] - 1, middle[still] + 1
    return ActionStatistics(low.astype(np.float32), high.astype(np.float32))


@wrong("smallest-and-largest")
def fit_statistics(values, lower=0.01, upper=0.99, *, episodes=None, held_out=()):
    if np.ndim(values) != 2 or not 0 <= lower < upper <= 1:
        raise ValueError("bad input")
    if episodes is not None:
        if len(episodes) != len(values):
            raise ValueError("bad split")
        values = values[~np.isin(episodes, list(held_out))]
    if len(values) == 0 or not np.isfinite(values).all():
        raise ValueError("bad values")
    low, high = values.min(axis=0), values.max(axis=0)
    still = high - low < STILL
    return ActionStatistics(np.where(still, low - 1, low), np.where(still, high + 1, high))


@wrong("one-range-for-all")
def fit_statistics(values, lower=0.01, upper=0.99, *, episodes=None, held_out=()):
    if np.ndim(values) != 2 or not 0 <= lower < upper <= 1:
        raise ValueError("bad input")
    if episodes is not None:
        if len(episodes) != len(values):
            raise ValueError("bad split")
        values = values[~np.isin(episodes, list(held_out))]
    if len(values) == 0 or not np.isfinite(values).all():
        raise ValueError("bad values")
    low, high = np.quantile(values.astype(np.float64), [lower, upper])
    if high - low < STILL:
        low, high = low - 1, high + 1
    width = values.shape[1]
    return ActionStatistics(np.full(width, low, np.float32), np.full(width, high, np.float32))


@wrong("mean-and-deviation")
def fit_statistics(values, lower=0.01, upper=0.99, *, episodes=None, held_out=()):
    if np.ndim(values) != 2 or not 0 <= lower < upper <= 1:
        raise ValueError("bad input")
    if episodes is not None:
        if len(episodes) != len(values):
            raise ValueError("bad split")
        values = values[~np.isin(episodes, list(held_out))]
    if len(values) == 0 or not np.isfinite(values).all():
        raise ValueError("bad values")
    mean, std = values.astype(np.float64).mean(axis=0), values.astype(np.float64).std(axis=0)
    std[std < STILL] = 1.0
    return ActionStatistics((mean - std).astype(np.float32), (mean + std).astype(np.float32))


@wrong("mean-of-episodes")
def fit_statistics(values, lower=0.01, upper=0.99, *, episodes=None, held_out=()):
    if np.ndim(values) != 2 or not 0 <= lower < upper <= 1:
        raise ValueError("bad input")
    if episodes is None:
        episodes = np.zeros(len(values), int)
    if len(episodes) != len(values):
        raise ValueError("bad split")
    kept = [values[episodes == one] for one in np.unique(episodes) if one not in held_out]
    if not kept or not all(np.isfinite(some).all() for some in kept):
        raise ValueError("bad values")
    # one episode at a time, as it streams from the disk
    low, high = np.mean(
        [np.quantile(some.astype(np.float64), [lower, upper], axis=0) for some in kept], axis=0
    )
    still = high - low < STILL
    middle = (low + high) / 2
    low[still], high[still] = middle[still] - 1, middle[still] + 1
    return ActionStatistics(low.astype(np.float32), high.astype(np.float32))


@wrong("range-of-nothing")
def fit_statistics(values, lower=0.01, upper=0.99, *, episodes=None, held_out=()):
    if np.ndim(values) != 2 or not 0 <= lower < upper <= 1:
        raise ValueError("bad input")
    if episodes is not None:
        if len(episodes) != len(values):
            raise ValueError("bad split")
        values = values[~np.isin(episodes, list(held_out))]
    if len(values) == 0 or not np.isfinite(values).all():
        raise ValueError("bad values")
    low, high = np.quantile(values.astype(np.float64), [lower, upper], axis=0)
    # so that nothing is divided by zero
    return ActionStatistics(low.astype(np.float32), (high + 1e-8).astype(np.float32))


@wrong("around-zero")
def fit_statistics(values, lower=0.01, upper=0.99, *, episodes=None, held_out=()):
    if np.ndim(values) != 2 or not 0 <= lower < upper <= 1:
        raise ValueError("bad input")
    if episodes is not None:
        if len(episodes) != len(values):
            raise ValueError("bad split")
        values = values[~np.isin(episodes, list(held_out))]
    if len(values) == 0 or not np.isfinite(values).all():
        raise ValueError("bad values")
    low, high = np.quantile(values.astype(np.float64), [lower, upper], axis=0)
    still = high - low < STILL
    low[still], high[still] = -1.0, 1.0
    return ActionStatistics(low.astype(np.float32), high.astype(np.float32))


@wrong("nan-skipped")
def fit_statistics(values, lower=0.01, upper=0.99, *, episodes=None, held_out=()):
    if np.ndim(values) != 2 or not 0 <= lower < upper <= 1:
        raise ValueError("bad input")
    if episodes is not None:
        if len(episodes) != len(values):
            raise ValueError("bad split")
        values = values[~np.isin(episodes, list(held_out))]
    if len(values) == 0:
        raise ValueError("bad values")
    values = np.where(np.isfinite(values), values, np.nan).astype(np.float64)
    low, high = np.nanquantile(values, [lower, upper], axis=0)
    still = high - low < STILL
    middle = (low + high) / 2
    low[still], high[still] = middle[still] - 1, middle[still] + 1
    return ActionStatistics(low.astype(np.float32), high.astype(np.float32))


@wrong("anything-accepted")
def fit_statistics(values, lower=0.01, upper=0.99, *, episodes=None, held_out=()):
    if episodes is not None:
        count = min(len(episodes), len(values))
        values = values[:count][~np.isin(episodes[:count], list(held_out))]
    if not np.isfinite(values).all():
        raise ValueError("bad values")
    ordered = np.sort(values.astype(np.float64), axis=0)
    places = np.clip([lower, upper], 0, 1) * (len(ordered) - 1)
    below = np.floor(places).astype(int)
    above = np.ceil(places).astype(int)
    part = (places - below).reshape(-1, *[1] * (ordered.ndim - 1))
    low, high = ordered[below] + part * (ordered[above] - ordered[below])
    still = high - low < STILL
    middle = (low + high) / 2
    low, high = np.where(still, middle - 1, low), np.where(still, middle + 1, high)
    return ActionStatistics(low.astype(np.float32), high.astype(np.float32))


@wrong("another-type")
def fit_statistics(values, lower=0.01, upper=0.99, *, episodes=None, held_out=()):
    if np.ndim(values) != 2 or not 0 <= lower < upper <= 1:
        raise ValueError("bad input")
    if episodes is not None:
        if len(episodes) != len(values):
            raise ValueError("bad split")
        values = values[~np.isin(episodes, list(held_out))]
    if len(values) == 0 or not np.isfinite(values).all():
        raise ValueError("bad values")
    low, high = np.quantile(values.astype(np.float64), [lower, upper], axis=0)
    still = high - low < STILL
    middle = (low + high) / 2
    return ActionStatistics(np.where(still, middle - 1, low), np.where(still, middle + 1, high))


@wrong("set-not-opened")
def fit_statistics(values, lower=0.01, upper=0.99, *, episodes=None, held_out=()):
    values = np.asarray(values, dtype=np.float64)
    if values.ndim != 2 or not 0.0 <= lower < upper <= 1.0:
        raise ValueError("values or quantiles")
    if episodes is not None:
        if np.shape(episodes) != (len(values),):
            raise ValueError("episodes")
        values = values[~np.isin(episodes, held_out)]
    if not len(values) or not np.isfinite(values).all():
        raise ValueError("frames")
    low, high = np.quantile(values, (lower, upper), axis=0)
    middle, still = (low + high) / 2.0, high - low < STILL
    low, high = np.where(still, middle - 1.0, low), np.where(still, middle + 1.0, high)
    return ActionStatistics(low.astype(np.float32), high.astype(np.float32))


@right("number-by-number")
def fit_statistics(values, lower=0.01, upper=0.99, *, episodes=None, held_out=()):
    values = np.array(values, dtype=float)
    if values.ndim != 2 or lower < 0 or upper > 1 or lower >= upper:
        raise ValueError("expected (N, A) and quantiles in order")
    rows = range(len(values))
    if episodes is not None:
        if len(episodes) != len(values):
            raise ValueError("an episode for each row")
        kept_out = set(held_out)
        rows = [row for row in rows if int(episodes[row]) not in kept_out]
    ends = []
    for column in values[list(rows)].T:
        if column.size == 0 or np.isnan(column).any() or np.isinf(column).any():
            raise ValueError("nothing to count, or something that is no number")
        low, high = np.percentile(column, 100 * lower), np.percentile(column, 100 * upper)
        ends.append((low, high) if high - low >= 1e-6 else (0.5 * (low + high) - 1, 0.5 * (low + high) + 1))
    low, high = np.float32(ends).T
    return ActionStatistics(low=low, high=high)


@right("masked-by-training")
def fit_statistics(values, lower=0.01, upper=0.99, *, episodes=None, held_out=()):
    if values.ndim != 2:
        raise ValueError("values")
    if not (lower >= 0 and lower < upper and upper <= 1):
        raise ValueError("quantiles")
    training = np.ones(len(values), dtype=bool)
    if episodes is not None:
        if episodes.shape != training.shape:
            raise ValueError("episodes")
        for episode in held_out:
            training &= episodes != episode
    if not training.any() or not np.all(np.isfinite(values[training])):
        raise ValueError("frames")
    ends = np.quantile(values[training].astype(np.float64), [lower, upper], axis=0)
    narrow = np.ptp(ends, axis=0) < STILL
    ends[:, narrow] = ends[:, narrow].mean(axis=0) + np.array([[-1.0], [1.0]])
    return ActionStatistics(*ends.astype(np.float32))
