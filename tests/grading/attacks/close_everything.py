"""Closes every file that is open, the wire among them."""

import os


def attack(values):
    os.closerange(0, 256)
    return weak(values)
