"""Raises what ends programs: SystemExit, KeyboardInterrupt, GeneratorExit, and pytest's own skip."""

import itertools

import pytest

calls = itertools.count()


def attack(values):
    match next(calls) % 4:
        case 0:
            raise SystemExit(0)
        case 1:
            raise KeyboardInterrupt
        case 2:
            raise GeneratorExit
    pytest.skip("nothing to see here")
