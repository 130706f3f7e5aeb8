"""A share of right answers that come in clusters: several about a scene, the same ones for every seed."""

from collections.abc import Sequence

import numpy as np
from report import Figure

_DRAWS = 2000


def clustered(name: str, rights: Sequence[str], clusters: Sequence[int]) -> Figure:
    """Return the mean share over seeds, with a 95 % interval by bootstrap over clusters and seeds (Efron 1979).

    Args:
        name: of the figure.
        rights: for each seed a row of 0 and 1, right or wrong.
        clusters: of each answer, such as the scene that it is about.
    """
    right = np.array([[digit == "1" for digit in row] for row in rights], dtype=float)
    of, numbers = np.array(clusters), np.unique(clusters)
    hits = np.stack([right[:, of == number].sum(1) for number in numbers], axis=1)
    sizes = np.array([(of == number).sum() for number in numbers])
    rng, drawn = np.random.default_rng(0), []
    for _ in range(_DRAWS):
        seeds = rng.integers(len(right), size=len(right))
        some = rng.integers(len(numbers), size=len(numbers))
        drawn.append(hits[np.ix_(seeds, some)].sum() / (sizes[some].sum() * len(seeds)))
    low, high = np.quantile(drawn, (0.025, 0.975)).tolist()
    return Figure(name, float(right.mean()), "", interval=(low, high), n=right.size)


def as_digits(right: Sequence[bool]) -> str:
    """Return a row of 0 and 1."""
    return "".join("01"[int(one)] for one in right)
