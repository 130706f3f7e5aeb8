"""An answer as an array, where it is one."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from vla_course.course.checking.judging import expect
from vla_course.course.checking.tensors import without_tensor


def array_of(got: Any, shape: tuple[int, ...], what: str) -> NDArray[np.float64]:
    """The numbers of an answer, which is expected to be a tensor or an array of that shape."""
    values = without_tensor(got)
    expect(
        isinstance(values, np.ndarray) and values.shape == shape,
        f"{what} should be a tensor of the shape {list(shape)}",
        got=list(values.shape) if isinstance(values, np.ndarray) else type(got).__name__,
        expected=list(shape),
    )
    return np.asarray(values, dtype=float)
