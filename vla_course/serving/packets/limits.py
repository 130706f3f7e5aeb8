"""How large anything in a message may be. Whoever sends more is refused before memory is spent on it."""

from dataclasses import dataclass
from typing import Final

from vla_course.serving.packets.bounds import check_numbers


@dataclass(frozen=True, slots=True)
class Limits:
    """Upper bounds of a message and of what is in it.

    Raises:
        ValueError: one of them is no whole number, or below 1.
    """

    message: int = 4 * 2**20
    """bytes"""
    depth: int = 6
    """of maps and lists in each other"""
    values: int = 10_000
    """of all maps and lists of a message together"""
    row: int = 1024
    """of one list, and of the keys of one map"""
    key: int = 64
    """characters"""
    text: int = 2000
    """characters"""
    array: int = 2 * 2**20
    """bytes of an array"""
    picture: int = 2**20
    """bytes of a JPEG or PNG"""
    pixels: int = 2**20
    """of a picture, read from its header before anything is decoded"""
    cameras: int = 8

    def __post_init__(self) -> None:
        check_numbers(self)


LIMITS: Final = Limits()
"""those that apply unless others are asked for"""
