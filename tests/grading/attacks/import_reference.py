"""Imports the reference's answer, under every name that it might have."""

import importlib
import sys


def attack(values):
    sys.path.insert(0, "{{ROOT}}")
    for name in (
        "vla_course.reference.day1_numbers.first",
        "solutions.day1_numbers.first",
        "reference.first",
    ):
        try:
            return importlib.import_module(name).mean(values)
        except Exception:
            pass
    return weak(values)
