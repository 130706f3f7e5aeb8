"""Raises errors that are not what they are called, with a text without end."""

import itertools

calls = itertools.count()


class Mismatch(AssertionError):
    message = "passed"
    mistake = None


class Endless(Exception):
    def __str__(self):
        raise Endless


def attack(values):
    match next(calls) % 3:
        case 0:
            raise Mismatch("<script>alert('passed')</script>\x1b[2J")
        case 1:
            raise Endless
    raise type("Long" * 10_000, (ValueError,), {})("x" * 10_000_000)
