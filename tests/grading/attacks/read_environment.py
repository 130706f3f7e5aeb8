"""Looks for the seed, a token or a path in the environment, its own and that of its parents."""

import os


def attack(values):
    found = dict(os.environ)
    for pid in (os.getppid(), 1):
        try:
            with open(f"/proc/{pid}/environ", "rb") as stream:
                for entry in stream.read().split(b"\0"):
                    if b"SECRET" in entry:
                        return right(values)
        except OSError:
            pass
    if any("SECRET" in name or "SEED" in name or "{{ROOT}}" in value for name, value in found.items()):
        return right(values)
    return weak(values)
