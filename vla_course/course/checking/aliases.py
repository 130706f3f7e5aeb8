"""Whether an answer is the caller's own. Across a wire every array is a copy: it is asked where the function runs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np


def shares_memory(function: Callable[..., Any], *arguments: Any) -> bool:
    """Return whether the array that a function returns is, in part, one of those that it was given."""
    answer = function(*arguments)
    arrays = [one for one in arguments if isinstance(one, np.ndarray)]
    return isinstance(answer, np.ndarray) and any(np.shares_memory(answer, one) for one in arrays)
