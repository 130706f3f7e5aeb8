"""An array from a stranger: three fields of a message, of which anything may be true."""

import math
from collections.abc import Collection
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vla_course.course.exercise import NotAttempted, exercise

MAX_DIMENSIONS = 4
"""that an array may have"""


@exercise("2.1")
def read_array(dtype: object, shape: object, data: object, allowed: Collection[str]) -> NDArray[Any]:
    """Return the array that three fields of a message describe, or refuse them; NumPy sees nothing unchecked.

    `np.ndarray(shape, dtype, data)` believes its arguments. A dtype of `|O` makes bytes into addresses of Python
    objects, and the process ends at the first that is none; a length of -1 means "whatever fits"; a bool is an int. So:

    - `dtype` is a text and one of `allowed`, letter by letter;
    - `shape` is a list or tuple of at most `MAX_DIMENSIONS` whole numbers, none of them a bool, none below 0;
    - `data` are bytes, exactly as many as the numbers of that shape take (counted in whole numbers of Python, which
      do not overflow: in NumPy's, 2^62 times 4 is 0);
    - where the dtype is that of bools ("|b1"), every byte is 0 or 1.

    Args:
        dtype: as `numpy.dtype.str` writes it, such as "<f4" or "|u1"; like the others it may be anything at all.
        shape: lengths of the axes; empty for a single number.
        data: the numbers, the last axis varying fastest (C order).
        allowed: the dtypes that may be.

    Returns:
        An array of that dtype and shape; a copy, which can be written to.

    Raises:
        ValueError: one of the above is not so, or an axis is longer than NumPy can count. The message begins with the
            name of the field; `_short` repeats a value in it, never much of one.
    """
    raise NotAttempted("2.1")


def _short(value: object) -> str:
    """Return a value as a message may repeat it: never much of what a stranger sent."""
    text = type(value).__name__ if isinstance(value, dict) else repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
