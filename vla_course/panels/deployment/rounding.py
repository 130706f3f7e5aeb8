"""What is left of numbers in 8 bits: those of one row on the steps of its scale, and a whole matrix by either scale."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from matplotlib.ticker import NullFormatter
from numpy.typing import NDArray

from vla_course.deployment.runtimes.quantized import Quantized
from vla_course.panels.drawing import style
from vla_course.panels.drawing.style import Picture, legend_above, picture

Array = NDArray[Any]


def rounding_picture(numbers: Array, left: Array, scale: float) -> Picture:
    """Draw what quantising makes of the numbers (n,) of a row: each against itself, and its error in steps.

    Args:
        numbers: as they were.
        left: what their whole numbers stand for.
        scale: the step of the row.
    """
    error = (left - numbers) / scale
    figure, (above, below) = picture(
        2,
        1,
        height=4.2,
        alt=(
            f"{len(numbers)} numbers in steps of {scale:.2g}: after quantising, "
            f"{np.abs(error).max():.2g} steps off at most."
        ),
        sharex=True,
    )
    above.plot(numbers, numbers, color=style.SOFT, lw=1.0, label="as it was")
    above.plot(numbers, left, "o", ms=4, color=style.COM, label="in 8 bits")
    below.plot(numbers, error, "o", ms=4, color=style.ZMP)
    below.axhspan(-0.5, 0.5, color=style.BAND)
    above.set(ylabel="what is left")
    below.set(xlabel="number", ylabel="error (steps)")
    legend_above(above)
    return figure


def scales_picture(matrix: Array, quantize: Callable[..., Quantized]) -> Picture:
    """Draw how far the rows of a matrix are off with a scale each, and with one scale for all.

    Args:
        matrix: (rows, columns) of weights.
        quantize: exercise 5.5; given the range of the whole matrix for every row it makes the other one.
    """
    reach = np.abs(matrix).max(axis=1)
    each, one = quantize(matrix), quantize(matrix, np.full(len(matrix), reach.max()))
    size = np.sqrt(np.square(matrix).mean(axis=1))
    off = [np.sqrt(np.square(some.dequantized() - matrix).mean(axis=1)) / size for some in (each, one)]
    left = [np.median([len(np.unique(row)) for row in some.values]) for some in (each, one)]
    figure, (axes,) = picture(
        height=3.4,
        alt=(
            f"Relative error of {len(matrix)} rows against how far they reach. With a scale each "
            f"{100 * np.median(off[0]):.2g} % in the median, with one for all {100 * np.median(off[1]):.2g} %."
        ),
    )
    for some, colour, marker, name, kept in (
        (off[1], style.ZMP, "s", "one scale for all", left[1]),
        (off[0], style.COM, "o", "a scale each", left[0]),
    ):
        label = f"{name} ({kept:.0f} values a row)"
        axes.loglog(reach, 100.0 * some, marker, ms=4, color=colour, alpha=0.7, label=label)
    axes.xaxis.set_minor_formatter(NullFormatter())
    axes.set(xlabel="largest weight of the row", ylabel="error of the row (% of its size)")
    legend_above(axes)
    return figure
