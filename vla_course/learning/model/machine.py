"""What work costs and what a machine can do: operations, bytes, and the two ceilings that bind them."""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from torch import nn


@dataclass(frozen=True)
class LatencyReport:
    """How long a step takes."""

    p50: float
    """ms: half of all steps are done by then"""
    p95: float
    p99: float
    throughput: float
    """samples a second"""
    control_rate: float
    """Hz at which 99 of 100 steps are done in time"""


@dataclass(frozen=True)
class MachineCeiling:
    """The most that a machine can do.

    Raises:
        ValueError: a ceiling is not above 0.
    """

    flops: float
    """operations a second, a multiplication and an addition being two"""
    bandwidth: float
    """bytes a second from memory"""

    def __post_init__(self) -> None:
        for name in ("flops", "bandwidth"):
            if not getattr(self, name) > 0.0:
                raise ValueError(f"MachineCeiling.{name} is {getattr(self, name)}, expected more than 0")


@dataclass(frozen=True)
class Roofline:
    """What a machine can do with one piece of work at best."""

    intensity: float
    """flop/byte"""
    attainable: float
    """flop/s"""
    seconds: float
    """the least time it takes"""
    bound: Literal["compute", "memory"]
    """what decides"""


def count_flops(step: Callable[[], object]) -> int:
    """Return the operations of the matrix products, attentions, recurrences and convolutions of one step.

    A multiplication and an addition are two. Sums, norms and the like are not counted: beside them they are few.
    The step runs once, slowly: fused attentions and recurrences are taken apart to see what is in them.
    """
    import torch
    from torch.backends import cudnn, mkldnn
    from torch.nn.attention import SDPBackend, sdpa_kernel
    from torch.utils.flop_counter import FlopCounterMode

    counter = FlopCounterMode(display=False)
    with warnings.catch_warnings(), torch.no_grad(), sdpa_kernel(SDPBackend.MATH):
        warnings.simplefilter("ignore")  # of a setting for devices that are not here
        with cudnn.flags(enabled=False), mkldnn.flags(enabled=False), counter:
            step()
    return int(counter.get_total_flops())


def weight_bytes(model: nn.Module) -> int:
    """Return the bytes of all weights: what one step has to bring from memory, of embedding tables more than that."""
    return sum(part.numel() * part.element_size() for part in [*model.parameters(), *model.buffers()])


def measure_ceiling(seconds: float = 1.0, size: int = 1024, device: str = "cpu") -> MachineCeiling:
    """Measure a device, on a processor with as many threads as torch has: the best of `seconds` s each.

    Operations: a product of two float32 matrices of that size. Bandwidth: the sum of 128 MiB, more than caches hold.
    """
    import torch

    left, right, out = (torch.rand(size, size, device=device) for _ in range(3))
    field = torch.ones(2**25, device=device)
    product = _best(waited(lambda: torch.matmul(left, right, out=out), device), seconds)
    sweep = _best(waited(field.sum, device), seconds)
    return MachineCeiling(2.0 * size**3 / product, field.numel() * field.element_size() / sweep)


def waited(step: Callable[[], object], device: str) -> Callable[[], object]:
    """Return the step with a wait until the device has done it: a GPU only queues what it is told."""
    if device == "cpu":
        return step
    import torch

    def whole() -> object:
        answer = step()
        torch.cuda.synchronize(device)
        return answer

    return whole


def _best(step: Callable[[], object], seconds: float) -> float:
    """Return the shortest time, s, of a step repeated for that long."""
    step()
    best, end = float("inf"), time.perf_counter() + seconds
    while (begin := time.perf_counter()) < end:
        step()
        best = min(best, time.perf_counter() - begin)
    return best
