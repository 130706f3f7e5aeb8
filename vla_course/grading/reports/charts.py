"""Charts as SVG inside of a page: they take its colours, light or dark, and need nothing from outside."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markupsafe import Markup

WIDTH, HEIGHT = 720, 240
LEFT, RIGHT, TOP, BOTTOM = 44, 18, 18, 44
BINS = 10


def histogram(shares: Sequence[float]) -> Markup:
    """How many of the shares (0..1) fall into each tenth; full marks count in the last."""
    from markupsafe import Markup

    counts = [0] * BINS
    for share in shares:
        counts[min(BINS - 1, max(0, int(share * BINS)))] += 1
    top = max(1, *counts)
    step = max(1, -(-top // 5))
    wide = (WIDTH - LEFT - RIGHT) / BINS
    deep = HEIGHT - TOP - BOTTOM

    def height(count: float) -> float:
        return deep * count / (step * -(-top // step))

    parts = []
    for tick in range(0, step * -(-top // step) + 1, step):
        y = HEIGHT - BOTTOM - height(tick)
        parts.append(
            f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}" stroke="var(--line)"/>'
            f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{tick}</text>'
        )
    for number, count in enumerate(counts):
        x = LEFT + number * wide
        tall = height(count)
        parts.append(
            f'<rect x="{x + 3:.1f}" y="{HEIGHT - BOTTOM - tall:.1f}" width="{wide - 6:.1f}" height="{tall:.1f}" '
            f'fill="var(--bar)" rx="2"/>'
        )
        if count:
            middle, above = x + wide / 2, HEIGHT - BOTTOM - tall - 5
            parts.append(f'<text x="{middle:.1f}" y="{above:.1f}" text-anchor="middle">{count}</text>')
    for number in range(BINS + 1):
        x = LEFT + number * wide
        parts.append(f'<text x="{x:.1f}" y="{HEIGHT - BOTTOM + 16}" text-anchor="middle">{10 * number}</text>')
    middle = LEFT + (WIDTH - LEFT - RIGHT) / 2
    parts.append(f'<text x="{middle}" y="{HEIGHT - 6}" text-anchor="middle">share of the points (%)</text>')
    upright = HEIGHT / 2 - 12
    parts.append(
        f'<text transform="translate(12 {upright}) rotate(-90)" text-anchor="middle">students</text>'
    )
    told = ", ".join(f"{10 * number} to {10 * number + 10} %: {count}" for number, count in enumerate(counts))
    return Markup(
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="Students by share of the points: {told}">'
        f"{''.join(parts)}</svg>"
    )
