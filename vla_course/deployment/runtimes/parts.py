"""The pieces of quantising that are exercises; the reference's are loaded where they are used."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vla_course.deployment.runtimes.quantized import Quantized

Array = NDArray[Any]


@dataclass(frozen=True)
class RuntimeParts:
    """What a layer in whole numbers is made of.

    Attributes:
        quantize: 5.5, rows of numbers as whole numbers with scales.
        linear: 5.6, a layer of such weights, its sums in whole numbers.
    """

    quantize: Callable[[Array], Quantized]
    linear: Callable[[Array, Quantized, Array], NDArray[np.float32]]

    @classmethod
    def reference(cls) -> RuntimeParts:
        """Return the reference's; `dataclasses.replace` puts a student's in its place."""
        from vla_course.reference.day5_deployment import quantization

        return cls(quantization.quantize_rows, quantization.integer_linear)
