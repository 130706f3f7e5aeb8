"""Weights in 8 bits: a quarter of the memory for the price of a rounding, and products in whole numbers."""

import numpy as np
from numpy.typing import NDArray

from vla_course.course.exercise import NotAttempted, exercise
from vla_course.deployment.runtimes.quantized import LARGEST, Quantized


@exercise("5.5")
def quantize_rows(numbers: NDArray[np.floating], ranges: NDArray[np.floating] | None = None) -> Quantized:
    """Return a matrix as whole numbers from -127 to 127, each row with a scale of its own.

    Row i of a weight matrix makes output i of a layer: its *channel*. The scale of a row is the step between two
    neighbouring numbers that it can still say, so that 127 steps reach just as far as its range; zero stays zero
    (symmetric quantisation). A row that holds one large number gets a coarse step, and only that row does.

    - A number becomes the nearest whole number of steps; half-way between two, the even one, as processors round.
    - What lies beyond the range is cut off at -127 or 127. (-128 is left unused.)
    - A row whose range is 0 has scale 1 and values 0: a layer may have an output that nothing moves.

    Args:
        numbers: (rows, columns), float32 or float64, finite.
        ranges: (rows,) the largest magnitude that each row is to be able to say, 0 or more, finite; None: the largest
            that it has. Smaller ones give the many small numbers of a row a finer step, and cut off the few large.

    Returns:
        `values` (rows, columns) int8 and `scales` (rows,) float64, all above 0.

    Raises:
        ValueError: `numbers` is no matrix or has a number that is not finite; `ranges` has another shape, or a number
            that is negative or not finite.
    """
    # BEGIN SOLUTION
    numbers = np.asarray(numbers, dtype=np.float64)
    if numbers.ndim != 2 or not np.isfinite(numbers).all():
        raise ValueError(f"numbers has shape {numbers.shape}, expected (rows, columns), all of them finite")
    if ranges is None:
        ranges = np.abs(numbers).max(axis=1)
    ranges = np.asarray(ranges, dtype=np.float64)
    if ranges.shape != numbers.shape[:1] or not (np.isfinite(ranges) & (ranges >= 0.0)).all():
        raise ValueError(f"ranges is {ranges}, expected ({len(numbers)},), finite and not negative")
    scales = np.where(ranges > 0.0, ranges / LARGEST, 1.0)
    steps = np.where(ranges[:, None] > 0.0, np.rint(numbers / scales[:, None]), 0.0)
    return Quantized(np.clip(steps, -LARGEST, LARGEST).astype(np.int8), scales)
    # END SOLUTION


@exercise("5.6")
def integer_linear(
    inputs: NDArray[np.floating], weights: Quantized, bias: NDArray[np.floating]
) -> NDArray[np.float32]:
    """Return what a linear layer makes of inputs, inputs @ weights^T + bias, its products summed in whole numbers.

    The inputs are quantised as they come, each row of the batch with a scale of its own (5.5 does it: this is *dynamic*
    quantisation). Whole numbers of inputs and weights are then multiplied and summed, and only the sums are made
    numbers again, by the two scales that belong to them.

    A product of two values fits into 16 bits, 127 x 127 = 16,129. Three of them do not: sums are kept in 32 bits, as
    processors keep them.

    Args:
        inputs: (batch, n) float32 or float64, finite.
        weights: (m, n) values, and a scale for each of the m outputs.
        bias: (m,) in the units of the outputs; it is no product, and is not quantised.

    Returns:
        (batch, m) float32.

    Raises:
        ValueError: inputs, weights and bias do not fit together; or n is so large that 32 bits may not hold a sum
            (n x 127 x 127 above 2^31 - 1).
    """
    # BEGIN SOLUTION
    given = quantize_rows(inputs)
    outputs, n = weights.values.shape
    if given.values.shape[1] != n or np.shape(bias) != (outputs,):
        raise ValueError(
            f"inputs are {given.values.shape}, weights {weights.values.shape}, bias {np.shape(bias)}, "
            "expected (batch, n), (m, n), (m,)"
        )
    if n * LARGEST**2 > np.iinfo(np.int32).max:
        raise ValueError(
            f"n is {n}, expected at most {np.iinfo(np.int32).max // LARGEST**2}: a sum is of 32 bits"
        )
    sums = given.values.astype(np.int32) @ weights.values.T.astype(np.int32)
    return (sums * given.scales[:, None] * weights.scales + bias).astype(np.float32)
    # END SOLUTION
