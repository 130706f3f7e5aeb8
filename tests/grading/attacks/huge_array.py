"""Returns arrays that would fill the grader's memory."""

import itertools

import numpy as np

calls = itertools.count()


def attack(values):
    match next(calls) % 4:
        case 0:
            return np.broadcast_to(0.0, (2**20, 2**20))
        case 1:
            return np.zeros((2**14, 2**13))
        case 2:
            return [0.0] * 2**22
    return 10 ** (10**6)
