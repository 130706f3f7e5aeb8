"""The old way, made as well as it can be in a page: a detector by colour and a parser by keywords, one after the other.

Between them passes a colour and a shape, between detector and planner a place; all else is lost on the way.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import label

from vla_course.simulation.tasks.words import COLOUR_WORDS, SHAPE_WORDS

Mask = NDArray[np.bool_]

VERBS: Final = {
    "pick": "pick up",
    "lift": "pick up",
    "take": "pick up",
    "point": "point at",
    "reach": "reach for",
}
HUES: Final = {
    "red": (340, 11),
    "orange": (11, 40),
    "yellow": (40, 66),
    "green": (100, 160),
    "blue": (215, 255),
}
"""degrees on the circle of colours, from and to, in daylight"""
SATURATION: Final = 0.65
"""of the most colourful: what has less is table or floor in daylight"""
SMALLEST: Final = 60
"""pixels of a thing"""


@dataclass(frozen=True)
class Order:
    """What a parser has understood; None where it has found no word for it."""

    skill: str | None
    colour: str | None
    shape: str | None


def parse(sentence: str) -> Order:
    """Take the first verb, colour and shape that stand in a sentence.

    Of training's words it knows all colours and shapes, and the verbs of `VERBS`.
    """
    words = re.findall(r"[a-z]+", sentence.lower())
    colours = {word: name for name, wording in COLOUR_WORDS.items() for word in wording.seen}
    shapes = {word: name for name, wording in SHAPE_WORDS.items() for word in wording.seen}
    found = [
        next((known[word] for word in words if word in known), None) for known in (VERBS, colours, shapes)
    ]
    return Order(*found)


def detect(rgb: NDArray[np.uint8], colour: str) -> Mask:
    """Return the pixels (h, w) of the largest patch that has the hue of a colour; all false where there is none.

    Raises:
        ValueError: a colour that is not one of `HUES`; white, black and purple have no hue of their own here.
    """
    if colour not in HUES:
        raise ValueError(f"colour is {colour!r}, expected one of {tuple(HUES)}")
    hue, saturation = _hue_and_saturation(rgb)
    low, high = HUES[colour]
    inside = (hue >= low) & (hue < high) if low < high else (hue >= low) | (hue < high)
    patches, count = label(inside & (saturation > SATURATION))
    sizes = np.bincount(patches.ravel(), minlength=count + 1)
    sizes[0] = 0
    largest: Mask = patches == sizes.argmax()
    return largest if sizes.max() >= SMALLEST else np.zeros_like(largest)


def _hue_and_saturation(rgb: NDArray[np.uint8]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return hue, degrees, and saturation, 0 to 1, of every pixel (h, w)."""
    part = rgb / 255.0
    high, low = part.max(axis=-1), part.min(axis=-1)
    spread = np.maximum(high - low, 1e-9)
    red, green, blue = np.moveaxis(part, -1, 0)
    sector = np.select(
        [high == red, high == green],
        [(green - blue) / spread, 2 + (blue - red) / spread],
        4 + (red - green) / spread,
    )
    return 60.0 * sector % 360.0, (high - low) / np.maximum(high, 1e-9)
