"""The numbers of a grounder, and the roles that things have in a sentence."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Final, Literal, get_args

Role = Literal["thing", "other", "then thing", "then other", "person"]
ROLES: Final[tuple[Role, ...]] = get_args(Role)
"""what a sentence may name: of the first command the thing, and the other one or the place that it is about; the same
of the second; and the person in front of the robot, named or not"""
Scores = Literal["factored", "dot", "film"]


@dataclass(frozen=True, slots=True)
class GrounderConfig:
    """Sizes of a grounder.

    Raises:
        ValueError: a field is out of its range; the message names it.
    """

    patch_width: int = 128
    """of the vision encoder's tokens"""
    finer_width: int = 64
    """channels of the vision encoder's stage before, which has four patches in place of one. With its
    first stage as well (patches of 4 pixels) places are a little nearer, but wrong things more often found"""
    word_width: int = 128
    """of the language encoder's tokens"""
    grid: int = 12
    """rows and columns of that finer stage"""
    image_size: int = 96
    """pixels a side of a picture"""
    cameras: int = 3
    width: int = 96
    """of patches and queries"""
    attributes: int = 3
    """which a query has: each reads words of its own, and says of every patch how well it fits"""
    attribute_width: int = 48
    """of an attribute's comparison"""
    word_layers: int = 1
    """of self-attention among the words, before roles look for theirs"""
    word_positions: int = 64
    """pieces of words that a sentence may have"""
    scores: Scores = "factored"
    """how patches are compared with a query (`scores.py`)"""

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if field.name == "scores":
                if value not in get_args(Scores):
                    raise ValueError(
                        f"GrounderConfig.scores is {value!r}, expected one of {get_args(Scores)}"
                    )
            elif type(value) is not int or value < 1:
                raise ValueError(f"GrounderConfig.{field.name} is {value!r}, expected a whole number from 1")
        if self.grid % 2 or self.image_size % self.grid:
            raise ValueError(
                f"GrounderConfig.grid is {self.grid}, expected an even divisor of {self.image_size}"
            )
