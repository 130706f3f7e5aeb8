"""The robot's soles from above with the push that is about to come, as a small SVG."""

from __future__ import annotations

from math import cos, radians, sin

import numpy as np
from numpy.typing import NDArray

from vla_course.panels.drawing import style

Array = NDArray[np.float64]

_SCALE = 150.0
"""pixels for 1 N s/kg"""
_GROUND = 330.0
"""pixels for 1 m"""
_HALF = 120


def compass(
    direction: float,
    impulse: float,
    limits: Array,
    soles: list[Array],
    home: Array,
    *,
    pull_back: bool = False,
) -> str:
    """Draw the push over the soles; forward is up.

    `direction` in degrees and `impulse` in N s/kg; `limits` (n, 2) are headings in rad and the no-step
    limit there in N s/kg; `soles` are outlines (4, 2) m and `home` (2,) m is where the push acts.
    """

    def at(x: float, y: float) -> str:
        return f"{-y:.1f},{-x:.1f}"

    outlines = "".join(
        f'<polygon points="{" ".join(at(*(_GROUND * (corner - home))) for corner in sole)}" fill="#C9CED2"/>'
        for sole in soles
    )
    ring = " ".join(
        at(_SCALE * size * cos(heading), _SCALE * size * sin(heading)) for heading, size in limits
    )
    tip = _SCALE * max(impulse, 0.02)
    angle = radians(direction)
    ux, uy = cos(angle), sin(angle)

    def arrow(sign: float, width: float) -> str:
        head = f"{at(sign * tip * ux, sign * tip * uy)} "
        neck = max(tip - 14.0, 0.0)
        head += f"{at(sign * neck * ux - 7 * uy, sign * neck * uy + 7 * ux)} "
        head += at(sign * neck * ux + 7 * uy, sign * neck * uy - 7 * ux)
        end = at(sign * neck * ux, sign * neck * uy).split(",")
        return (
            f'<line x1="0" y1="0" x2="{end[0]}" y2="{end[1]}" stroke="{style.PUSH}" stroke-width="{width}"/>'
            f'<polygon points="{head}" fill="{style.PUSH}"/>'
        )

    arrows = arrow(1.0, 6.0) + (arrow(-1.0, 3.0) if pull_back else "")
    labels = "".join(
        f'<text x="{x}" y="{y}" text-anchor="{anchor}" font-size="11" fill="{style.SOFT}">{word}</text>'
        for x, y, anchor, word in (
            (0, -_HALF + 12, "middle", "forward"),
            (0, _HALF - 5, "middle", "back"),
            (-_HALF + 3, 4, "start", "left"),
            (_HALF - 3, 4, "end", "right"),
        )
    )
    told = f"A push of {impulse:.2f} N s/kg towards {direction:.0f} degrees over the soles seen from above"
    return (
        f'<svg role="img" aria-label="{told}" width="{2 * _HALF}" height="{2 * _HALF}" '
        f'viewBox="{-_HALF} {-_HALF} {2 * _HALF} {2 * _HALF}" style="background: #fff; border-radius: 6px">'
        f'{outlines}<polygon points="{ring}" fill="none" stroke="{style.DCM}" stroke-width="2" '
        f'stroke-dasharray="5 3"/>{arrows}<circle r="5" fill="{style.COM}"/>{labels}</svg>'
    )
