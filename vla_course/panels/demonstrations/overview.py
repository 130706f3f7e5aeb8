"""A dataset at a glance: how many episodes of each skill succeeded, and how often each thing is named."""

from __future__ import annotations

from collections import Counter

import numpy as np

from vla_course.learning.demonstrations.reader import Demonstrations
from vla_course.panels.drawing import style
from vla_course.panels.drawing.style import Picture, legend_above, picture
from vla_course.simulation.scene.things import COLOURS, HELD_OUT, SHAPES


def overview(demonstrations: Demonstrations) -> Picture:
    """Draw successes and failures by skill, and by colour and shape how many episodes are about a thing.

    Pairs that are held out are crossed out: a number there would be a leak.
    """
    episodes = demonstrations.episodes
    skills = list(dict.fromkeys(one.skill for one in episodes))[::-1]
    good = Counter(one.skill for one in episodes if one.success)
    every = Counter(one.skill for one in episodes)
    about = Counter(one.thing for one in episodes if one.thing)
    figure, (bars, table) = picture(
        1,
        2,
        height=3.6,
        alt=f"{sum(good.values())} of {len(episodes)} episodes succeeded; {len(about)} different things are named, "
        f"{len(set(about) & set(HELD_OUT))} of them held out.",
        width_ratios=[1.15, 1.0],
    )
    done = [good[skill] for skill in skills]
    bars.barh(skills, done, color=style.COM, label="succeeded")
    lost = [every[skill] - good[skill] for skill in skills]
    bars.barh(skills, lost, left=done, color=style.ZMP, label="failed")
    bars.set(xlabel="episodes")
    bars.grid(visible=False, axis="y")
    legend_above(bars)
    counts = np.array([[about[f"{colour} {shape}"] for shape in SHAPES] for colour in COLOURS])
    table.imshow(counts, cmap="Blues", vmin=0, vmax=max(1, int(counts.max())) * 1.6, aspect="auto")
    for row, colour in enumerate(COLOURS):
        for column, shape in enumerate(SHAPES):
            held = f"{colour} {shape}" in HELD_OUT
            text = "×" if held and not counts[row, column] else str(counts[row, column])
            ink = style.ZMP if held else style.INK
            table.text(column, row, text, ha="center", va="center", fontsize=9, color=ink)
    table.set_xticks(range(len(SHAPES)), tuple(SHAPES), rotation=30, ha="right")
    table.set_yticks(range(len(COLOURS)), tuple(COLOURS))
    table.set_title("episodes about each thing, × held out", fontsize=10.5)
    table.grid(visible=False)
    table.spines[:].set_visible(False)
    return figure
