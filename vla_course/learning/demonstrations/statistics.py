"""Statistics of a dataset's columns, as LeRobot keeps them in `meta/stats.json`: what normalisation is made of."""

import io
from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from PIL import Image

from vla_course.learning.demonstrations.layout import Column

QUANTILES: Final = {"q01": 0.01, "q10": 0.10, "q50": 0.50, "q90": 0.90, "q99": 0.99}
EVERY: Final = 10
"""frames, of which one picture is counted"""
_PIXELS: Final = 4
"""of a picture's rows and columns, each so manieth is counted"""

Array = NDArray[np.float64]


class Statistics:
    """Counts episode after episode.

    Numbers are counted exactly. Of pictures every `EVERY`-th frame is, a part of its pixels, as shares of 0 to 1.
    """

    def __init__(self, columns: Mapping[str, Column]) -> None:
        self._columns = columns
        self._seen: dict[str, list[Array]] = {name: [] for name in columns}

    def add(self, table: pa.Table) -> None:
        """Count the frames of an episode."""
        for name, column in self._columns.items():
            values = table.column(name)
            if column.dtype != "image":
                self._seen[name].append(numbers(values, column))
            elif column.shape[2] == 3:
                taken = values.take(pa.array(range(0, len(values), EVERY))).to_pylist()
                self._seen[name] += [_pixels(one["bytes"]) for one in taken]

    def to_json(self) -> dict[str, Any]:
        """Return, for each column, minimum, maximum, mean, standard deviation, count and quantiles."""
        return {name: self._of(name) for name, parts in self._seen.items() if parts}

    def _of(self, name: str) -> dict[str, Any]:
        values = np.concatenate(self._seen[name]).astype(np.float64)
        picture = self._columns[name].dtype == "image"
        found = {
            "min": values.min(axis=0),
            "max": values.max(axis=0),
            "mean": values.mean(axis=0),
            "std": values.std(axis=0),
            **{key: np.quantile(values, part, axis=0) for key, part in QUANTILES.items()},
        }
        shape = (3, 1, 1) if picture else (-1,)
        count = len(self._seen[name]) if picture else len(values)
        return {key: value.reshape(shape).tolist() for key, value in found.items()} | {"count": [count]}


def numbers(values: pa.ChunkedArray, column: Column) -> NDArray[Any]:
    """Return a column's numbers (n, *shape), of its own type."""
    flat = values.combine_chunks()
    if isinstance(flat, pa.ChunkedArray):  # older versions of pyarrow
        flat = flat.chunk(0)
    if column.shape != (1,):
        flat = flat.flatten()
    found = flat.to_numpy(zero_copy_only=False).astype(column.dtype, copy=False)
    return found.reshape(-1, *column.shape)


def _pixels(data: bytes) -> Array:
    """Return a part of a picture's pixels (n, 3), as shares of 0 to 1."""
    picture = np.asarray(Image.open(io.BytesIO(data)).convert("RGB"))
    return picture[::_PIXELS, ::_PIXELS].reshape(-1, 3) / 255.0
