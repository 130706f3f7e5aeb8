"""How long a step takes where others work as well: by the time of its own thread."""

import time
from collections.abc import Callable

import torch


def median(step: Callable[[], object], repeats: int) -> float:
    """Return the median of a step's processor time on one thread, ms; nothing is kept for gradients."""
    torch.set_num_threads(1)
    taken = []
    with torch.inference_mode():
        for _ in range(repeats + 5):
            begin = time.thread_time()
            step()
            taken.append(time.thread_time() - begin)
    return 1000 * sorted(taken[5:])[repeats // 2]
