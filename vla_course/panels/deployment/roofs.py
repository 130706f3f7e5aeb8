"""Why the large ones quantise and ours gains little: a decision of ours under the roof of this machine, and of a model
of seven billion weights under the roof of a robot's computer.

At batch 1 a weight is read once and used twice, for a product and a sum. So what a step takes at least is the bytes of
the weights over the bandwidth of the memory, and fewer bytes are all that helps. Weights that fit into a cache are not
read from memory at all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

import numpy as np

from vla_course.deployment.runtimes.networks import Network
from vla_course.learning.model.machine import MachineCeiling, Roofline, count_flops, weight_bytes
from vla_course.panels.drawing import style
from vla_course.panels.drawing.style import Picture, picture

FORMATS: Final[Mapping[str, float]] = {"float32": 4.0, "bfloat16": 2.0, "int8": 1.0, "int4": 0.5}
"""bytes of a weight"""
ORIN: Final = MachineCeiling(42.5e12, 204.8e9)
"""NVIDIA Jetson AGX Orin 64 GB, by its data sheet: LPDDR5, and for 16 bits half of the 85 tera-operations of 8"""


@dataclass(frozen=True)
class Work:
    """What a model has to do for one answer.

    Attributes:
        name: for people.
        flops: operations.
        weights: how many numbers it has to read.
        measured: s, what it really took in float32; None: nobody has measured.
    """

    name: str
    flops: float
    weights: float
    measured: float | None = None


SEVEN_BILLION: Final = Work("7 billion weights, a token", 2.0 * 7e9, 7e9)
"""a vision-language-action model of the size of OpenVLA (Kim et al. 2024) saying one token; an action takes seven"""


def one_decision(networks: Mapping[str, Network], measured: float | None = None) -> Work:
    """Return what one decision of ours is: all three networks.

    Args:
        networks: of `Shipped`.
        measured: s, what it takes here in float32.
    """
    flops = sum(count_flops(partial(one.run, one.inputs)) for one in networks.values())
    weights = sum(weight_bytes(one.module) for one in networks.values()) / FORMATS["float32"]
    return Work(f"ours, {weights / 1e6:.1f} million weights, a decision", flops, weights, measured)


def roofs_picture(
    works: Sequence[tuple[Work, MachineCeiling]], roofline: Callable[[float, float, MachineCeiling], Roofline]
) -> Picture:
    """Draw how long reading the weights takes in each number format, beside the arithmetic: the longer of both decides.

    Args:
        works: each with the machine that does it.
        roofline: exercise 1.10, the student's or the reference's; says which of both binds.
    """
    roofs = [
        [roofline(work.flops, work.weights * size, machine) for size in FORMATS.values()]
        for work, machine in works
    ]
    told = "; ".join(
        f"{work.name}: {1e3 * row[0].seconds:.2g} ms at least in float32, {row[0].bound} bound, "
        f"{1e3 * row[-1].seconds:.2g} in int4, {row[-1].bound} bound"
        + (f", measured {1e3 * work.measured:.2g} in float32" if work.measured else "")
        for (work, _), row in zip(works, roofs, strict=True)
    )
    figure, axes = picture(
        1, len(works), height=3.6, alt=f"The least time of a step by number format. {told}.", sharey=True
    )
    for one, (work, machine), row in zip(axes, works, roofs, strict=True):
        places = np.arange(len(FORMATS))
        reading = [1e3 * work.weights * size / machine.bandwidth for size in FORMATS.values()]
        one.bar(
            places,
            reading,
            color=[style.COM if roof.bound == "memory" else style.PUSH for roof in row],
            width=0.6,
        )
        compute, right, left = 1e3 * work.flops / machine.flops, len(FORMATS) - 0.55, -0.45
        one.axhline(compute, color=style.INK, ls=":", lw=1.6)
        one.text(right, 1.06 * compute, "arithmetic", ha="right", va="bottom", color=style.INK)
        if work.measured is not None:
            taken = 1e3 * work.measured
            one.axhline(taken, color=style.ZMP, lw=1.6)
            one.text(left, 1.06 * taken, "measured", ha="left", va="bottom", color=style.ZMP)
        one.set_xticks(places, list(FORMATS))
        one.set(
            yscale="log",
            title=f"{work.name}\n{' and '.join(dict.fromkeys(roof.bound for roof in row))} bound",
        )
    axes[0].set(ylabel="reading the weights once (ms)")
    return figure
