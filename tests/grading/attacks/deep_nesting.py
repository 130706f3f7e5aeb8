"""Returns values nested without end, and one that holds itself."""

import itertools

calls = itertools.count()


def attack(values):
    if next(calls) % 2:
        loop = []
        loop.append(loop)
        return loop
    nested = weak(values)
    for _ in range(100_000):
        nested = [nested]
    return nested
