"""Models in bounded memory: the least recently used one goes, and before the machine runs out, not after."""

from __future__ import annotations

import gc
import resource
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from vla_course.serving.inference.parts import InferenceParts
from vla_course.serving.packets.bounds import check_numbers

Pressure = Literal["none", "high", "full"]
STATM: Final = Path("/proc/self/statm")


@dataclass(frozen=True)
class MemoryLimits:
    """Where a memory manager acts.

    Raises:
        ValueError: a number of bytes is not whole or not above 0, or `low` is not below `high`, or `high` above 1.
    """

    models: int
    """bytes, of all models that are kept together"""
    rss: int | None = None
    """bytes, of the process; None: not watched"""
    gpu: int | None = None
    """bytes in use on the GPU; None: not watched"""
    high: float = 0.9
    """-, of a limit: beyond it models go ..."""
    low: float = 0.8
    """... until this much is left, or none is left that may go"""

    def __post_init__(self) -> None:
        check_numbers(self)
        if not 0.0 < self.low < self.high <= 1.0:
            raise ValueError(
                f"MemoryLimits.low, high are {self.low}, {self.high}, expected 0 < low < high <= 1"
            )


@dataclass
class _Kept:
    model: Any
    size: int
    used: float
    at_work: int = 0


class VLAMemoryManager:
    """Keeps models as long as there is room; safe to use from several threads.

    with memory.using("direct", load_direct) as model:    # loaded now, or still there; it does not go meanwhile
        ...

    Args:
        limits: where it acts.
        rss: bytes that the process has resident, by default as Linux says.
        gpu: bytes in use on the GPU, by default as torch says; 0 without one.
        clock: s, monotonic.
        parts: who says which models have to go, by default the reference.

    Attributes:
        loads, evictions: how often a model was loaded, and had to go.
    """

    def __init__(
        self,
        limits: MemoryLimits,
        rss: Callable[[], int] | None = None,
        gpu: Callable[[], int] | None = None,
        clock: Callable[[], float] = time.monotonic,
        parts: InferenceParts | None = None,
    ) -> None:
        self._limits, self._clock = limits, clock
        self._rss, self._gpu = rss or resident_bytes, gpu or gpu_bytes
        self._parts = parts or InferenceParts.reference()
        self._kept: dict[str, _Kept] = {}
        self._lock = threading.RLock()
        self.loads = self.evictions = 0

    @contextmanager
    def using(self, name: str, load: Callable[[], Any], size: int | None = None) -> Iterator[Any]:
        """Yield a model, which stays as long as somebody is at work with it.

        Args:
            name: of the model.
            load: loads it, where it is not there.
            size: bytes of it; None: as `size_of` counts when it is there.

        Raises:
            MemoryError: it does not fit, though all went that may.
            ValueError: `size` is no number of bytes.
        """
        if size is not None and (type(size) is not int or size < 0):
            raise ValueError(f"size of {name} is {size!r}, expected bytes, a whole number from 0")
        with self._lock:
            kept = self._kept.get(name) or self._load(name, load, size)
            kept.at_work += 1
            kept.used = self._clock()
        try:
            yield kept.model
        finally:
            with self._lock:
                kept.at_work -= 1
                kept.used = self._clock()

    @property
    def names(self) -> list[str]:
        """Models that are there, the least recently used first."""
        with self._lock:
            return sorted(self._kept, key=lambda name: self._kept[name].used)

    @property
    def used(self) -> int:
        """Bytes of all models that are there."""
        with self._lock:
            return sum(kept.size for kept in self._kept.values())

    def watch(self) -> Pressure:
        """Look at the memory of process and GPU, and let models go before it runs out.

        Returns:
            "none" below the high marks, "high" where models went and it is enough; "full" where none is left that may
            go and it is not: then it is time for a smaller model, or for taking no more.
        """
        with self._lock:
            if not self._beyond(self._limits.high):
                return "none"
            while self._beyond(self._limits.low):
                idle = [name for name in self.names if not self._kept[name].at_work]
                if not idle:
                    return "full" if self._beyond(self._limits.high) else "high"
                self._let_go(idle[:1])
            return "high"

    def clear(self) -> None:
        """Let all models go with which nobody is at work."""
        with self._lock:
            self._let_go([name for name, kept in self._kept.items() if not kept.at_work])

    # ---- inside -----------------------------------------------------------------------------------

    def _load(self, name: str, load: Callable[[], Any], size: int | None) -> _Kept:
        if size is not None:  # room is made before it is loaded, where it is known how much it takes
            self._make_room(size)
        model = load()
        self.loads += 1
        taken = size_of(model) if size is None else size
        if size is None:
            self._make_room(taken)
        kept = self._kept[name] = _Kept(model, taken, self._clock())
        return kept

    def _make_room(self, size: int) -> None:
        sizes = {name: kept.size for name, kept in self._kept.items()}
        used = {name: kept.used for name, kept in self._kept.items()}
        busy = [name for name, kept in self._kept.items() if kept.at_work]
        self._let_go(self._parts.evict(sizes, used, size, self._limits.models, busy))

    def _let_go(self, names: list[str]) -> None:
        for name in names:
            del self._kept[name]
            self.evictions += 1
        if names:
            gc.collect()  # a module and its hooks may hold each other
            if "torch" in sys.modules and sys.modules["torch"].cuda.is_available():
                sys.modules["torch"].cuda.empty_cache()

    def _beyond(self, part: float) -> bool:
        watched = ((self._limits.rss, self._rss), (self._limits.gpu, self._gpu))
        return any(limit is not None and taken() > part * limit for limit, taken in watched)


def size_of(model: Any) -> int:
    """Return the bytes of a model: of a torch module its parameters and buffers, of an array or tensor its numbers.

    Raises:
        TypeError: it is something else; say `size`.
    """
    if hasattr(model, "parameters") and hasattr(model, "buffers"):
        return sum(part.numel() * part.element_size() for part in (*model.parameters(), *model.buffers()))
    if hasattr(model, "nbytes"):
        return int(model.nbytes)
    raise TypeError(f"the size of a {type(model).__name__} is not known, expected `size` in bytes")


def resident_bytes() -> int:
    """Return the bytes that this process has resident: on Linux now, elsewhere the most it ever had."""
    if STATM.exists():
        return int(STATM.read_text().split()[1]) * resource.getpagesize()
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024


def gpu_bytes() -> int:
    """Return the bytes in use on the GPU, of all processes; 0 without one, or before torch is loaded."""
    torch = sys.modules.get("torch")
    if torch is None or not torch.cuda.is_available():
        return 0
    free, whole = torch.cuda.mem_get_info()
    return int(whole - free)
