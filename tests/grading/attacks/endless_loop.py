"""Loops without end while the module is loaded."""

while True:
    pass


def attack(values):
    return weak(values)
