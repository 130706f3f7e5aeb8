"""What came of comparing two policies in the same episodes."""

from dataclasses import dataclass


@dataclass(frozen=True)
class PairedResult:
    """How the second policy differs from the first over the same episodes."""

    gained: int
    """episodes in which only the second succeeded"""
    lost: int
    """episodes in which only the first succeeded"""
    difference: float
    """success rate of the second minus that of the first, -1 to 1"""
    p_value: float
    """how probable a difference at least as large would be if both were equally good, 0 to 1"""
