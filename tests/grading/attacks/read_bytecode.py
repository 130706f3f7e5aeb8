"""Looks for the compiled reference and for functions in memory that know the answer."""

import gc
import marshal
from pathlib import Path
from types import FunctionType


def attack(values):
    for place in ("/reference", "/course/vla_course/reference", "{{ROOT}}"):
        try:
            for path in Path(place).rglob("first*.pyc"):
                code = marshal.loads(path.read_bytes()[16:])
                for constant in code.co_consts:
                    if getattr(constant, "co_name", "") == "mean":
                        return FunctionType(constant, {"__builtins__": __builtins__})(values)
        except Exception:
            pass
    for found in gc.get_objects():
        if isinstance(found, FunctionType) and found.__name__ == "mean" and "reference" in found.__module__:
            try:
                return found(values)
            except Exception:
                pass
    return weak(values)
