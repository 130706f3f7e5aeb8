"""Models that share a memory: which are there, which have to be loaded again, and who let them go."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count
from typing import Final

import numpy as np
from matplotlib.patches import Rectangle

from vla_course.panels.drawing import style
from vla_course.panels.drawing.style import Picture, picture
from vla_course.serving.inference.memory import MemoryLimits, VLAMemoryManager
from vla_course.serving.inference.parts import InferenceParts

Evict = Callable[[Mapping[str, int], Mapping[str, float], int, int, Collection[str]], list[str]]
"""which models have to go, as `models_to_evict` of exercise 2.11"""

SIZES: Final = {"hears": 3, "finds": 5, "acts": 2, "talks": 6, "maps": 4}
"""MB of each model"""
LIMIT: Final = 12
"""MB of all together"""
ASKED: Final = (
    *("hears", "finds", "acts", "acts", "hears", "acts", "talks", "acts", "hears", "acts"),
    *("acts", "finds", "acts", "hears", "acts", "maps", "acts", "hears", "acts", "acts"),
)
"""which model is asked, one after the other"""
_MB: Final = 2**20


@dataclass(frozen=True)
class Day:
    """What was there after each question, and at which of them a model had to be loaded."""

    there: Sequence[frozenset[str]]
    loaded: Sequence[bool]


def keep(evict: Evict) -> Day:
    """Ask model after model of a memory manager whose choice is `evict`."""
    clock = count()
    manager = VLAMemoryManager(
        MemoryLimits(models=LIMIT * _MB),
        clock=lambda: float(next(clock)),
        parts=replace(InferenceParts.reference(), evict=evict),
    )
    there, loaded = [], []
    for name in ASKED:
        before = manager.loads
        with manager.using(name, object, SIZES[name] * _MB):
            there.append(frozenset(manager.names))
        loaded.append(manager.loads > before)
    return Day(there, loaded)


def loaded_first(
    sizes: Mapping[str, int],
    last_used: Mapping[str, float],
    needed: int,
    limit: int,
    busy: Collection[str] = (),
) -> list[str]:
    """Return which models go in the way of the chapter: those that were loaded first, whenever they were used."""
    out = list[str]()
    for name in sizes:  # in the order in which they were loaded
        if sum(sizes.values()) - sum(sizes[one] for one in out) + needed <= limit:
            break
        if name not in busy:
            out.append(name)
    return out


def kept_picture(choices: Mapping[str, Evict]) -> Picture:
    """Draw which models were there at each question, for each way of choosing who goes."""
    days = {name: keep(evict) for name, evict in choices.items()}
    figure, panes = picture(
        len(days),
        1,
        height=0.6 + 1.75 * len(days),
        alt="; ".join(f"{name}: {sum(day.loaded)} loads" for name, day in days.items()) + ".",
        sharex=True,
    )
    for axes, (name, day) in zip(panes, days.items(), strict=True):
        for step, (there, asked, loaded) in enumerate(zip(day.there, ASKED, day.loaded, strict=True)):
            for row, model in enumerate(SIZES):
                if model in there:
                    colour = style.PUSH if model == asked else "#C9CED2"
                    axes.add_patch(
                        Rectangle((step - 0.5, row - 0.36), 1.0, 0.72, fc=colour, ec="white", lw=0.8)
                    )
                if model == asked and loaded:
                    axes.plot(step, row, "v", color=style.ZMP, ms=8)
        axes.set(xlim=(-0.6, len(ASKED) - 0.4), ylim=(len(SIZES) - 0.5, -0.5))
        axes.set_yticks(np.arange(len(SIZES)), [f"{model}, {size} MB" for model, size in SIZES.items()])
        axes.tick_params(axis="y", length=0, labelcolor=style.INK)
        axes.grid(visible=False)
        axes.spines[:].set_visible(False)
        axes.set_title(f"{name}: loaded {sum(day.loaded)} times", loc="left", fontsize=10.5)
    panes[-1].set_xlabel("question")
    panes[-1].set_xticks(range(0, len(ASKED), 5))
    handles = [Rectangle((0, 0), 1, 1, fc=style.PUSH), Rectangle((0, 0), 1, 1, fc="#C9CED2")]
    mark = panes[0].plot([], [], "v", color=style.ZMP, ms=8)
    figure.legend(
        [*handles, *mark],
        ["asked", "in memory", "had to be loaded"],
        loc="outside upper left",
        ncols=3,
        frameon=False,
        fontsize=9.5,
    )
    return figure
