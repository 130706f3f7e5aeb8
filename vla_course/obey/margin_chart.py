"""The margin of the DCM over time, as SVG in the colours of the page, light or dark."""

from __future__ import annotations

from math import ceil
from typing import Final

import numpy as np
from numpy.typing import NDArray

from vla_course.panels.evaluation.charts import line, svg, text

LEFT, TOP, WIDE, DEEP, BELOW = 54, 10, 620, 170, 46
"""of the picture: room for the numbers beside it, room above, its width and depth, room for what is below"""
POINTS: Final = 400
"""of the curve at most: of ticks that share a place the least margin is drawn"""
STEPS: Final = (0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 1000.0)
"""s, from one number below the chart to the next"""


def margin_chart(margins: NDArray[np.float64], slow: float, hold: float) -> str:
    """Return the chart of margins (n, 2), s and m, nan where the robot walked, with two limits m."""
    least = thinned(margins)
    begin, end = float(margins[0, 0]), max(float(margins[-1, 0]), float(margins[0, 0]) + 0.1)
    known = least[np.isfinite(least[:, 1]), 1]
    top = 0.02 * ceil(50.0 * max(slow * 1.2, float(known.max()) if len(known) else 0.0))
    low = min(0.0, float(known.min()) if len(known) else 0.0)

    def x(time: float) -> float:
        return LEFT + WIDE * (time - begin) / (end - begin)

    def y(margin: float) -> float:
        return TOP + DEEP * (1.0 - (margin - low) / (top - low))

    parts = []
    for k in range(5):
        level = low + (top - low) * k / 4
        parts += [
            line(x(begin), y(level), x(end), y(level), "grid"),
            text(x(begin) - 7, y(level) + 4, f"{100 * level:.3g}", "end", "tick"),
        ]
    every = next(step for step in STEPS if (end - begin) / step <= 8.0)
    marks = [every * k for k in range(ceil(begin / every), int(end / every) + 1)]
    parts += [text(x(at), y(low) + 16, f"{at:g}", "middle", "tick") for at in marks]
    for limit in (slow, hold):
        parts.append(line(x(begin), y(limit), x(end), y(limit), "limit"))
    for part in stretches(least):
        points = " ".join(f"{x(time):.1f},{y(margin):.1f}" for time, margin in part.tolist())
        parts.append(f'<polyline points="{points}"/>')
    parts.append(text(x((begin + end) / 2), y(low) + 38, "time (s)", "middle"))
    middle = f"translate(13 {y((top + low) / 2):.1f}) rotate(-90)"
    parts.append(f'<text transform="{middle}" text-anchor="middle">margin (cm)</text>')
    said = f"at least {100 * known.min():.1f} cm while it stood" if len(known) else "it never stood"
    told = (
        f"Margin of the DCM over {end - begin:.1f} s: {said}; limits at {100 * slow:g} and {100 * hold:g} cm"
    )
    return svg(LEFT + WIDE + 14, TOP + DEEP + BELOW, told, parts, "curve")


def thinned(margins: NDArray[np.float64], count: int = POINTS) -> NDArray[np.float64]:
    """Return at most `count` rows of (n, 2), of each group the first time and the least margin; nan where one is."""
    size = max(1, ceil(len(margins) / count))
    groups = [margins[k : k + size] for k in range(0, len(margins), size)]
    return np.array([(group[0, 0], group[:, 1].min()) for group in groups])


def stretches(margins: NDArray[np.float64]) -> list[NDArray[np.float64]]:
    """Return the parts of (n, 2) in which nothing is nan, two rows at least each."""
    known = np.isfinite(margins[:, 1])
    edges = np.flatnonzero(np.diff(known)) + 1
    parts = np.split(margins, edges)
    return [part for part in parts if len(part) > 1 and np.isfinite(part[0, 1])]
