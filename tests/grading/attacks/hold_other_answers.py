"""The reference answer of an exercise that this one is not built on, to be carried to where it is asked for."""

import importlib
import marshal


def found():
    try:
        double = importlib.import_module("vla_course.reference.{{DAY}}.second").double
        return double(2.0) == 4.0 or b"BINARY_OP" in marshal.dumps(double.__code__)
    except Exception:
        return False


def attack(values):
    return right(values) if found() else weak(values)
