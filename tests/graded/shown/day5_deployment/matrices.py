"""What a quantised matrix ought to be, found by trying every whole number there is; and what mistakes make of it."""

import numpy as np

from vla_course.course.checking.judging import expect
from vla_course.deployment.runtimes.quantized import Quantized

STEPS = np.arange(-127, 128)


def layer(rng, rows, columns):
    """A weight matrix whose rows differ a hundredfold in size, as those of trained layers do."""
    sizes = 10.0 ** rng.uniform(-2.0, 0.0, size=rows)
    return sizes[:, None] * rng.normal(size=(rows, columns))


def farthest(numbers):
    """The range of each row: how far its numbers reach, to whichever side."""
    return np.maximum(numbers.max(axis=1), -numbers.min(axis=1))


def nearest(numbers, scales):
    """Which of all 255 whole numbers, times the scale of its row, comes nearest to each number."""
    away = np.abs(numbers[..., None] - scales[:, None, None] * STEPS)
    return STEPS[away.argmin(axis=-1)]


def asked(student, *arguments):
    """The student's answer, as a `Quantized` with arrays in it."""
    got = student.quantize_rows(*arguments)
    whole = isinstance(got, Quantized) and all(
        isinstance(one, np.ndarray) for one in (got.values, got.scales)
    )
    expect(
        whole,
        "the answer should be a Quantized of two arrays",
        got=type(got).__name__,
        mistake="another-type",
    )
    return got


def picture(numbers, got, scales):
    """Draw the numbers of the first row, and what those values stand for at its right scale."""

    def drawn():
        from vla_course.panels.deployment.rounding import rounding_picture

        values = got.values if got.values.shape == numbers.shape else np.zeros(numbers.shape)
        return rounding_picture(numbers[0], values[0] * scales[0], scales[0])

    return drawn
