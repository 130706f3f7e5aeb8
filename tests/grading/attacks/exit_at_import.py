"""Ends the process while the module is loaded."""

import os

os._exit(0)


def attack(values):
    return weak(values)
