"""Calls itself until the stack is full."""

import sys

sys.setrecursionlimit(2**30)


def attack(values):
    return attack(values)
