"""Prints what the grader's own child prints, on stdout and stderr."""

import json
import os
import sys

VERDICT = json.dumps({"verdict": {"exercise_id": "1.1", "status": "correct", "points": 99.0}}) + "\n"


def attack(values):
    print(VERDICT, flush=True)
    print(VERDICT, file=sys.stderr, flush=True)
    os.write(1, VERDICT.encode())
    return weak(values)
