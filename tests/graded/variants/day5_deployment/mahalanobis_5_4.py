"""Answers to 5.4 as students write them."""

import numpy as np

from vla_course.course.source.variants import right, wrong


@wrong("own-statistics")
def mahalanobis(features, known, shrinkage=0.1):
    x, k = np.asarray(features, float), np.asarray(known, float)
    if x.ndim != 2 or k.ndim != 2 or x.shape[1] != k.shape[1] or len(k) < 2 or not 0 < shrinkage <= 1:
        raise ValueError("shapes or shrinkage")
    if not np.isfinite(x).all() or not np.isfinite(k).all() or np.ptp(k, axis=0).max() == 0:
        raise ValueError("numbers")
    d = x - x.mean(axis=0)
    s = np.atleast_2d(np.cov(k.T))
    c = (1 - shrinkage) * s + shrinkage * np.trace(s) / len(s) * np.eye(len(s))
    return np.sqrt((d * np.linalg.solve(c, d.T).T).sum(1))


@wrong("squared")
def mahalanobis(features, known, shrinkage=0.1):
    x, k = np.asarray(features, float), np.asarray(known, float)
    if x.ndim != 2 or k.ndim != 2 or x.shape[1] != k.shape[1] or len(k) < 2 or not 0 < shrinkage <= 1:
        raise ValueError("shapes or shrinkage")
    if not np.isfinite(x).all() or not np.isfinite(k).all() or np.ptp(k, axis=0).max() == 0:
        raise ValueError("numbers")
    d = x - k.mean(axis=0)
    s = np.atleast_2d(np.cov(k.T))
    c = (1 - shrinkage) * s + shrinkage * np.trace(s) / len(s) * np.eye(len(s))
    return (d * np.linalg.solve(c, d.T).T).sum(1)


@wrong("not-shrunk")
def mahalanobis(features, known, shrinkage=0.1):
    x, k = np.asarray(features, float), np.asarray(known, float)
    if x.ndim != 2 or k.ndim != 2 or x.shape[1] != k.shape[1] or len(k) < 2 or not 0 < shrinkage <= 1:
        raise ValueError("shapes or shrinkage")
    if not np.isfinite(x).all() or not np.isfinite(k).all() or np.ptp(k, axis=0).max() == 0:
        raise ValueError("numbers")
    d = x - k.mean(axis=0)
    p = np.linalg.pinv(np.atleast_2d(np.cov(k.T)))
    return np.sqrt(np.maximum((d @ p * d).sum(1), 0.0))


@wrong("round-of-another-size")
def mahalanobis(features, known, shrinkage=0.1):
    x, k = np.asarray(features, float), np.asarray(known, float)
    if x.ndim != 2 or k.ndim != 2 or x.shape[1] != k.shape[1] or len(k) < 2 or not 0 < shrinkage <= 1:
        raise ValueError("shapes or shrinkage")
    if not np.isfinite(x).all() or not np.isfinite(k).all() or np.ptp(k, axis=0).max() == 0:
        raise ValueError("numbers")
    d = x - k.mean(axis=0)
    s = np.atleast_2d(np.cov(k.T))
    c = (1 - shrinkage) * s + shrinkage * np.eye(len(s))
    return np.sqrt((d * np.linalg.solve(c, d.T).T).sum(1))


@wrong("only-variances")
def mahalanobis(features, known, shrinkage=0.1):
    x, k = np.asarray(features, float), np.asarray(known, float)
    if x.ndim != 2 or k.ndim != 2 or x.shape[1] != k.shape[1] or len(k) < 2 or not 0 < shrinkage <= 1:
        raise ValueError("shapes or shrinkage")
    if not np.isfinite(x).all() or not np.isfinite(k).all() or np.ptp(k, axis=0).max() == 0:
        raise ValueError("numbers")
    v = k.var(axis=0, ddof=1)
    v = (1 - shrinkage) * v + shrinkage * v.mean()
    return np.sqrt((((x - k.mean(axis=0)) ** 2) / v).sum(1))


@wrong("euclidean")
def mahalanobis(features, known, shrinkage=0.1):
    x, k = np.asarray(features, float), np.asarray(known, float)
    if x.ndim != 2 or k.ndim != 2 or x.shape[1] != k.shape[1] or len(k) < 2 or not 0 < shrinkage <= 1:
        raise ValueError("shapes or shrinkage")
    if not np.isfinite(x).all() or not np.isfinite(k).all() or np.ptp(k, axis=0).max() == 0:
        raise ValueError("numbers")
    return np.linalg.norm(x - k.mean(axis=0), axis=1)


@wrong("not-centred")
def mahalanobis(features, known, shrinkage=0.1):
    x, k = np.asarray(features, float), np.asarray(known, float)
    if x.ndim != 2 or k.ndim != 2 or x.shape[1] != k.shape[1] or len(k) < 2 or not 0 < shrinkage <= 1:
        raise ValueError("shapes or shrinkage")
    if not np.isfinite(x).all() or not np.isfinite(k).all() or np.ptp(k, axis=0).max() == 0:
        raise ValueError("numbers")
    d = x - k.mean(axis=0)
    s = k.T @ k / len(k)
    c = (1 - shrinkage) * s + shrinkage * np.trace(s) / len(s) * np.eye(len(s))
    return np.sqrt((d * np.linalg.solve(c, d.T).T).sum(1))


@wrong("wrong-way-round")
def mahalanobis(features, known, shrinkage=0.1):
    x, k = np.asarray(features, float), np.asarray(known, float)
    if x.ndim != 2 or k.ndim != 2 or x.shape[1] != k.shape[1] or len(k) < 2 or not 0 < shrinkage <= 1:
        raise ValueError("shapes or shrinkage")
    if not np.isfinite(x).all() or not np.isfinite(k).all() or np.ptp(k, axis=0).max() == 0:
        raise ValueError("numbers")
    d = x - k.mean(axis=0)
    s = np.atleast_2d(np.cov(k.T))
    c = shrinkage * s + (1 - shrinkage) * np.trace(s) / len(s) * np.eye(len(s))
    return np.sqrt(np.abs((d * (np.linalg.pinv(c) @ d.T).T).sum(1)))


@wrong("by-n")
def mahalanobis(features, known, shrinkage=0.1):
    x, k = np.asarray(features, float), np.asarray(known, float)
    if x.ndim != 2 or k.ndim != 2 or x.shape[1] != k.shape[1] or len(k) < 2 or not 0 < shrinkage <= 1:
        raise ValueError("shapes or shrinkage")
    if not np.isfinite(x).all() or not np.isfinite(k).all() or np.ptp(k, axis=0).max() == 0:
        raise ValueError("numbers")
    d = x - k.mean(axis=0)
    s = np.atleast_2d(np.cov(k.T, bias=True))
    c = (1 - shrinkage) * s + shrinkage * np.trace(s) / len(s) * np.eye(len(s))
    return np.sqrt((d * np.linalg.solve(c, d.T).T).sum(1))


@wrong("not-inverted")
def mahalanobis(features, known, shrinkage=0.1):
    x, k = np.asarray(features, float), np.asarray(known, float)
    if x.ndim != 2 or k.ndim != 2 or x.shape[1] != k.shape[1] or len(k) < 2 or not 0 < shrinkage <= 1:
        raise ValueError("shapes or shrinkage")
    if not np.isfinite(x).all() or not np.isfinite(k).all() or np.ptp(k, axis=0).max() == 0:
        raise ValueError("numbers")
    d = x - k.mean(axis=0)
    s = np.atleast_2d(np.cov(k.T))
    c = (1 - shrinkage) * s + shrinkage * np.trace(s) / len(s) * np.eye(len(s))
    return np.sqrt((d @ c * d).sum(1))


@wrong("anything-accepted")
def mahalanobis(features, known, shrinkage=0.1):
    x, k = np.atleast_2d(np.asarray(features, float)), np.atleast_2d(np.asarray(known, float))
    p = min(x.shape[1], k.shape[1])
    x, k = x[:, :p], k[:, :p]
    d = x - k.mean(axis=0)
    s = np.atleast_2d(np.cov(k.T)) if len(k) > 1 else np.eye(p)
    c = (1 - shrinkage) * s + shrinkage * np.trace(s) / len(s) * np.eye(len(s))
    return np.sqrt(np.abs((d * (np.linalg.pinv(np.nan_to_num(c)) @ d.T).T).sum(1)))


@right("whitened")
def mahalanobis(features, known, shrinkage=0.1):
    x, k = np.asarray(features, float), np.asarray(known, float)
    if x.ndim != 2 or k.ndim != 2 or x.shape[1] != k.shape[1] or len(k) < 2 or not 0 < shrinkage <= 1:
        raise ValueError("shapes or shrinkage")
    if not np.isfinite(x).all() or not np.isfinite(k).all() or (k == k[0]).all():
        raise ValueError("numbers")
    s = np.atleast_2d(np.cov(k.T))
    variances, axes = np.linalg.eigh(s)
    shrunk = (1 - shrinkage) * np.maximum(variances, 0.0) + shrinkage * np.diag(s).mean()
    return np.linalg.norm((x - k.mean(axis=0)) @ axes / np.sqrt(shrunk), axis=1)


@right("one-by-one")
def mahalanobis(features, known, shrinkage=0.1):
    x, k = np.array(features, dtype=float), np.array(known, dtype=float)
    if x.ndim != 2 or k.ndim != 2 or x.shape[1] != k.shape[1] or k.shape[0] < 2:
        raise ValueError("shapes")
    if not (0.0 < shrinkage <= 1.0) or not np.isfinite(np.concatenate((x.ravel(), k.ravel()))).all():
        raise ValueError("shrinkage, or a number that is not finite")
    mean, p = k.mean(0), k.shape[1]
    s = sum(np.outer(row - mean, row - mean) for row in k) / (len(k) - 1)
    if all((row == k[0]).all() for row in k):
        raise ValueError("all alike")
    inverse = np.linalg.inv((1 - shrinkage) * s + shrinkage * np.trace(s) / p * np.eye(p))
    return np.array([float(np.sqrt((row - mean) @ inverse @ (row - mean))) for row in x])
