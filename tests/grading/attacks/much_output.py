"""Prints ten megabytes and answers rightly in time."""

import sys


def attack(values):
    sys.stdout.write("x" * 10_000_000)
    sys.stdout.flush()
    return weak(values)
