"""Scenes in words: what is in a picture, and on which side of it, as captions say it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

PLACES: Final = ("on the left", "in the middle", "on the right")
"""of the picture, not of the table"""
THIRDS: Final = ((0.0, 0.36), (0.40, 0.60), (0.64, 1.0))
"""Where each place reaches from and to, as a share of the width. Between two places lies neither: no caption
depends on a pixel."""
CLEAR_PIXELS: Final = 24
"""With fewer visible pixels nobody can tell a cup from a bowl."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """A thing as a picture shows it.

    Attributes:
        name: such as "red cup".
        pixels: how many of its pixels are visible.
        across, down: where the middle of those lies, 0 at the left or upper border of the picture and 1 at the
            right or lower one.
        cut: whether the border cuts it.
    """

    name: str
    pixels: int
    across: float
    down: float
    cut: bool

    @property
    def clear(self) -> bool:
        """Whether enough is seen to name it; what is seen but not clearly is neither named nor denied."""
        return self.pixels >= CLEAR_PIXELS and not self.cut

    @property
    def place(self) -> str | None:
        """One of `PLACES`, None between two of them."""
        return place(self.across)


def place(across: float) -> str | None:
    """Return the place that a share of the width belongs to, None between two."""
    for name, (begin, end) in zip(PLACES, THIRDS, strict=True):
        if begin <= across <= end:
            return name
    return None


def phrase(name: str, where: str | None = None) -> str:
    """Return "an orange cup", or with a place "an orange cup on the left"."""
    article = "an" if name[0] in "aeiou" else "a"
    return f"{article} {name}" if where is None else f"{article} {name} {where}"


def caption(sightings: Sequence[Sighting]) -> str:
    """Name every clear thing from left to right: "a red cup on the left and a blue ball in the middle"."""
    things = sorted((one for one in sightings if one.clear), key=lambda one: one.across)
    return join([phrase(one.name, one.place) for one in things]) if things else "an empty table"


def join(phrases: Sequence[str]) -> str:
    """Return one caption of at least one phrase."""
    return " and ".join([", ".join(phrases[:-1]), phrases[-1]] if len(phrases) > 1 else phrases)


def split(caption: str) -> list[str]:
    """Return the phrases that a caption joins."""
    return caption.replace(" and ", ", ").split(", ")
