"""Prints what it is given, keeps it, and puts it into its errors: perhaps a report shows it."""

import sys

kept = []


def attack(values):
    kept.append([float(value) for value in values])
    print("inputs", kept, flush=True)
    print("inputs", kept, file=sys.stderr, flush=True)
    if len(kept) > 1:
        raise ValueError(f"inputs {kept}")
    return weak(values)
