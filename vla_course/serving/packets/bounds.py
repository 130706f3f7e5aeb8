"""Numbers of settings: counts are whole, measures finite, and both are above what makes no sense."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from math import isfinite
from typing import Any, Final

_COUNTS: Final = ("int", "int | None")
_MEASURES: Final = ("float", "float | None")


def check_numbers(settings: Any, least: Mapping[str, float | None] | None = None) -> None:
    """Check every field of a dataclass that is declared a number; None is let through where it may be.

    Args:
        settings: an instance, as its `__post_init__` has it.
        least: what a count or a measure may be at least; None for a measure that need only be finite. By default counts
            are at least 1, and measures above 0.

    Raises:
        ValueError: a count is no whole number or below its least, or a measure is not finite or too small: what is
            infinite is never reached, and nothing is beyond nan.
    """
    for field in fields(settings):
        kind = field.type if isinstance(field.type, str) else getattr(field.type, "__name__", str(field.type))
        value, low = getattr(settings, field.name), (least or {}).get(field.name, 1)
        if kind not in (*_COUNTS, *_MEASURES) or (value is None and kind.endswith("None")):
            continue
        if kind in _COUNTS:
            sound = type(value) is int and low is not None and value >= low
            expected = f"a whole number, at least {low}"
        else:
            is_number = isinstance(value, int | float) and not isinstance(value, bool)
            sound, expected = is_number and isfinite(value), "a finite number"
            if field.name not in (least or {}):
                sound, expected = sound and value > 0, f"{expected}, more than 0"
            elif low is not None:
                sound, expected = sound and value >= low, f"{expected}, at least {low}"
        if not sound:
            raise ValueError(f"{type(settings).__name__}.{field.name} is {value!r}, expected {expected}")
