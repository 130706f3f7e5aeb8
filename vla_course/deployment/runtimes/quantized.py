"""Numbers in 8 bits: what exercise 5.5 makes of a matrix, and 5.6 multiplies with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

LARGEST: Final = 127
"""the largest of the whole numbers used; -128 is not, so that a matrix and its negative are quantised alike"""


@dataclass(frozen=True, eq=False)
class Quantized:
    """A matrix of whole numbers, each row with a scale of its own: `values[i, j] * scales[i]` stands for a number."""

    values: NDArray[np.int8]
    """(rows, columns), -127 to 127"""
    scales: NDArray[np.float64]
    """(rows,), above 0: the step between two neighbouring numbers"""

    def dequantized(self) -> NDArray[np.float64]:
        """Return the numbers (rows, columns) that it stands for."""
        return self.values * self.scales[:, None]

    @property
    def bytes(self) -> int:
        """What it takes: a byte a number, and four for each scale, kept as float32."""
        return self.values.size + 4 * self.scales.size
