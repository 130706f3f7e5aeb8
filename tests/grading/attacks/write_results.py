"""Writes verdicts wherever one might be read."""

import contextlib
import json
import os

VERDICT = json.dumps({"verdict": {"exercise_id": "1.1", "status": "correct", "points": 99.0}}) + "\n"


def attack(values):
    for folder in (
        "{{ROOT}}",
        "{{SUBMISSION}}",
        "{{OUTSIDE}}",
        "/",
        "/course",
        "/desk",
        "/tmp",
        "/work",
        ".",
    ):
        for name in ("results.json", "report.jsonl", "verdict.json", "grades.csv"):
            with contextlib.suppress(OSError), open(os.path.join(folder, name), "w") as stream:
                stream.write(VERDICT)
    for path in ("{{OUTSIDE}}/canary", "{{HIDDEN}}", "{{SUBMISSION}}/day1_numbers/second.py"):
        with contextlib.suppress(OSError), open(path, "w") as stream:
            stream.write("touched")
    with contextlib.suppress(OSError):
        os.remove("{{OUTSIDE}}/canary")
    return weak(values)
