"""One look for every picture: what each colour means, and figures that a notebook shows with their alt text."""

from __future__ import annotations

import base64
from html import escape
from io import BytesIO
from typing import Any, Final

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure

# Okabe and Ito's palette, which the colour-blind can tell apart. Wherever balance is drawn a colour means one
# thing, in figures, 3-D replays and text; elsewhere the same colours merely tell one line from another.
COM: Final = "#0072B2"
ZMP: Final = "#D55E00"
CART_TABLE: Final = "#E69F00"
COP: Final = "#009E73"
DCM: Final = "#CC79A7"
PUSH: Final = "#56B4E9"
EXPERT, LEARNER, HELD_OUT = COM, ZMP, COP
"""where learning is drawn: what the expert does, what a learner says, what was kept from it"""
INK: Final = "#262626"
SOFT: Final = "#6F6F6F"
GROUND: Final = "#E3E6E8"
BAND: Final = "#F1F2F3"

WIDTH: Final = 8.0
"""inches: 800 pixels in a notebook"""

_PIXELS_PER_INCH = 100
_SHARPNESS = 1.6
"""pixels drawn for each one shown, for screens that have more"""
_LOOK: Final[Any] = {
    "font.size": 10.5,
    "axes.titlesize": 11.5,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.labelcolor": INK,
    "axes.edgecolor": SOFT,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": "#D9D9D9",
    "grid.linewidth": 0.6,
    "lines.linewidth": 1.8,
    "xtick.color": SOFT,
    "ytick.color": SOFT,
    "legend.frameon": False,
    "legend.fontsize": 9.5,
    "legend.handlelength": 1.6,
}


def look() -> Any:
    """Return matplotlib's settings for every picture."""
    return dict(_LOOK)


class Picture(Figure):
    """A figure that shows itself in a notebook as an image with alt text; pyplot and its memory stay out."""

    alt: str = ""

    def png(self) -> bytes:
        """The picture as PNG, sharper than it is shown."""
        stream = BytesIO()
        with rc_context(_LOOK):
            self.savefig(stream, format="png", dpi=_PIXELS_PER_INCH * _SHARPNESS)
        return stream.getvalue()

    def html(self) -> str:
        """The picture as an HTML image, never wider than the page."""
        data = base64.b64encode(self.png()).decode("ascii")
        width = round(self.get_figwidth() * _PIXELS_PER_INCH)
        style = f"width: {width}px; max-width: 100%; height: auto; background: #fff; border-radius: 4px"
        return f'<img alt="{escape(self.alt)}" style="{style}" src="data:image/png;base64,{data}">'

    def _repr_html_(self) -> str:
        return self.html()


def picture(
    rows: int = 1, columns: int = 1, *, height: float, alt: str, width: float = WIDTH, **layout: Any
) -> tuple[Picture, list[Axes]]:
    """Return an empty picture, `width` x `height` inches, and its axes from left to right, top to bottom."""
    with rc_context(_LOOK):
        figure = Picture(figsize=(width, height), layout="constrained", facecolor="white")
        figure.alt = alt
        axes = figure.subplots(rows, columns, squeeze=False, **layout)
    return figure, list(axes.flat)


def legend_above(axes: Axes, columns: int = 6) -> None:
    """Put the legend in a row over the axes, out of the way of the data."""
    with rc_context(_LOOK):
        axes.legend(loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=columns, borderaxespad=0.2)
