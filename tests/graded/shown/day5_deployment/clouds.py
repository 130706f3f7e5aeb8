"""Clouds of features, long, thin and slanted, and how far others are from them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shown.slips import Case, either

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Cloud:
    """What is known, and what is to be judged."""

    features: Array
    known: Array
    shrinkage: float

    def asked(self, student: Any) -> Any:
        """What the student makes of them."""
        return student.mahalanobis(self.features, self.known, self.shrinkage)

    def right(self) -> Array:
        """The distances, direction by direction: along each axis of the cloud, in deviations along it."""
        middle = np.mean(self.known, axis=0)
        _, lengths, axes = np.linalg.svd(self.known - middle, full_matrices=True)
        p = self.known.shape[1]
        variances = np.zeros(p)
        variances[: len(lengths)] = lengths[:p] ** 2 / (len(self.known) - 1)
        shrunk = (1.0 - self.shrinkage) * variances + self.shrinkage * variances.mean()
        along = (self.features - middle) @ axes.T
        return np.sqrt((along**2 / shrunk).sum(axis=1))

    def case(self, student: Any, what: str) -> Case:
        """The answer, and those of known mistakes."""
        got, a, known, rows = self.asked(student), self.shrinkage, self.known, self.features
        sample, p = np.cov(known.T), known.shape[1]
        size, away = np.trace(sample) / p, rows - known.mean(axis=0)
        own, own_away = np.cov(rows.T), rows - rows.mean(axis=0)
        about_0 = known.T @ known / len(known)

        def round_of(covariance: Array) -> Array:
            return np.trace(covariance) / p * np.eye(p)

        def by(covariance: Array, gap: Array = away) -> Array:
            return np.sqrt(np.abs((gap * np.linalg.solve(covariance, gap.T).T).sum(axis=1)))

        def shrunk(covariance: Array) -> Array:
            return (1.0 - a) * covariance + a * round_of(covariance)

        mistakes = {
            "own-statistics": either(
                got, by(shrunk(own), own_away), by(shrunk(sample), own_away), by(shrunk(own))
            ),
            "squared": self.right() ** 2,
            "not-shrunk": either(
                got,
                np.sqrt(np.maximum((away @ np.linalg.pinv(sample) * away).sum(axis=1), 0.0)),
                by(sample + 1e-6 * np.eye(p)),
            ),
            "round-of-another-size": either(
                got, by((1.0 - a) * sample + a * np.eye(p)), by(sample + a * np.eye(p))
            ),
            "only-variances": either(
                got,
                by(np.diag(np.diag(sample))),
                by(np.diag(np.diag(shrunk(sample)))),
                by(np.diag(np.diag(sample)) * len(known) / (len(known) - 1)),
            ),
            "euclidean": np.linalg.norm(away, axis=1),
            "not-centred": either(
                got, by(shrunk(about_0)), by(shrunk(about_0 * len(known) / (len(known) - 1)))
            ),
            "wrong-way-round": by(a * sample + (1.0 - a) * size * np.eye(p)),
            "by-n": by(shrunk(sample * (len(known) - 1) / len(known))),
            "not-inverted": np.sqrt((away @ shrunk(sample) * away).sum(axis=1)),
        }
        return Case(what, got, self.right(), mistakes)


def some_cloud(
    rng: np.random.Generator, n: int = 60, p: int = 5, shrinkage: float = 0.15, q: int = 9
) -> Cloud:
    """A slanted cloud far from 0, of very different lengths along its axes, and features in and around it."""
    axes, _ = np.linalg.qr(rng.normal(size=(p, p)))
    lengths = np.geomspace(3.0, 0.05, p)
    middle = rng.uniform(2.0, 4.0, p)
    known = middle + rng.normal(size=(n, p)) * lengths @ axes.T
    features = middle + 0.5 + 2.0 * rng.normal(size=(q, p)) * np.sqrt(lengths) @ axes.T
    return Cloud(features, known, shrinkage)
