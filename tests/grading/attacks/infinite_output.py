"""Prints without end."""


def attack(values):
    while True:
        try:
            print("x" * 10_000)
        except OSError:
            pass
