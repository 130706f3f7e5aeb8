"""What the processor of this machine can do: the names of its instruction sets, as the kernel tells them."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

CPUINFO: Final = Path("/proc/cpuinfo")


def has(*any_of: str) -> bool:
    """Tell whether the processor has one of some instruction sets, by the kernel's names: "avx512_vnni", "bf16"."""
    return not _flags().isdisjoint(any_of)


def name() -> str:
    """Return what the processor is called; "unknown processor" where nobody says."""
    for line in _lines():
        key, _, value = line.partition(":")
        if key.strip() == "model name":
            return value.strip()
    return "unknown processor"


@cache
def _flags() -> frozenset[str]:
    for line in _lines():
        key, _, value = line.partition(":")
        if key.strip() in ("flags", "Features"):  # of x86, of ARM
            return frozenset(value.split())
    return frozenset()


def _lines() -> list[str]:
    try:
        return CPUINFO.read_text(encoding="utf-8").splitlines()
    except OSError:  # no Linux
        return []
