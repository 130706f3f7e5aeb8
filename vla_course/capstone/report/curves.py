"""One curve beside the reference's, as SVG in the colours of the page, light or dark."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import ceil, floor, log10
from typing import Final

from vla_course.capstone.stations.station import Axes
from vla_course.panels.evaluation.charts import line, svg, text

LEFT, TOP, WIDE, DEEP, BELOW = 62, 10, 300, 190, 46
"""of the picture: room for the numbers beside it, room above, its width and depth, room for what is below"""
Curve = tuple[Sequence[float], Sequence[float]]
Scale = Callable[[float], float]
LEGEND: Final = (
    '<div class="legend"><span class="key"><i class="k-mine"></i>{mine}</span>'
    '<span class="key"><i class="k-reference"></i>the reference</span></div>'
)


def curve_chart(axes: Axes, mine: Curve | None, reference: Curve) -> str:
    """Return one's own curve over the reference's; without one's own the reference's alone."""
    known = [reference, *([] if mine is None else [mine])]
    last = max(max(xs) for xs, _ in known)
    top = 1.0 if axes.better == "more" else round_up(max(max(ys) for _, ys in known))

    def x(value: float) -> float:
        return LEFT + WIDE * value / last

    def y(value: float) -> float:
        return TOP + DEEP * (1.0 - min(max(value / top, 0.0), 1.0))

    parts = []
    for k in range(5):
        level, at = top * k / 4, last * k / 4
        parts += [
            line(x(0.0), y(level), x(last), y(level), "grid"),
            text(x(0.0) - 7, y(level) + 4, f"{level:g}", "end", "tick"),
            text(x(at), y(0.0) + 16, f"{at:.2g}", "middle", "tick"),
        ]
    parts.append(_drawn(reference, "reference", x, y))
    told = [f"the reference: {_told(reference)}"]
    if mine is not None:
        parts.append(_drawn(mine, "mine", x, y))
        parts += [
            f'<circle cx="{x(at):.1f}" cy="{y(value):.1f}" r="3.5" class="policy"/>'
            for at, value in zip(*mine, strict=True)
        ]
        told.insert(0, f"{axes.y} over {axes.x}, yours: {_told(mine)}")
    parts.append(text(x(last / 2), y(0.0) + 38, axes.x, "middle"))
    parts.append(
        f'<text transform="translate(13 {y(top / 2):.1f}) rotate(-90)" text-anchor="middle">{axes.y}</text>'
    )
    return svg(LEFT + WIDE + 14, TOP + DEEP + BELOW, "; ".join(told), parts, "curve")


def round_up(value: float) -> float:
    """Return the next number above that is 1, 2, 4 or 8 times a power of ten: a quarter of it is easily read."""
    if value <= 0.0:
        return 1.0
    power = 10.0 ** floor(log10(value))
    return power * next(
        step for step in (1.0, 2.0, 4.0, 8.0, 10.0) if ceil(1e6 * value / power) <= 1e6 * step
    )


def _drawn(curve: Curve, kind: str, x: Scale, y: Scale) -> str:
    points = " ".join(f"{x(at):.1f},{y(value):.1f}" for at, value in zip(*curve, strict=True))
    return f'<polyline points="{points}" class="{kind}"/>'


def _told(curve: Curve) -> str:
    return ", ".join(f"{value:.2g} at {at:g}" for at, value in zip(*curve, strict=True))
