"""What is worth a recording of its own, and where that goes."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from vla_course.serving.packets.bounds import check_numbers


class Incident(StrEnum):
    """Why a recording was written; codes never change."""

    FALL = "fall"
    E_STOP = "e_stop"
    INTERVENTION = "intervention"
    """the safety layer stopped the robot"""
    DEADLINE_MISSED = "deadline_missed"
    EXCEPTION = "exception"
    KILLED = "killed"
    """the program ended without a word; written by the next one that finds its ring"""
    ASKED = "asked"
    """a person wanted to keep it"""


PATTERN: Final = "incident-*.mcap"


@dataclass(frozen=True)
class RecorderSettings:
    """How much a flight recorder keeps.

    Raises:
        ValueError: a number is not above 0 or not finite.
    """

    keeps: float = 30.0
    """s before an incident"""
    follows: float = 5.0
    """s after it"""
    longest: float = 120.0
    """s of one recording, however many incidents follow each other"""
    memory: int = 64 * 2**20
    """bytes in memory at most, messages and what they are kept in; what is being compressed, a chunk, comes on top"""
    waiting: int = 16 * 2**20
    """bytes that wait for a disk which does not take them; what is more is dropped, the oldest first, and counted"""
    disk: int = 64 * 2**20
    """bytes of the ring on the disk, compressed"""
    segment: float = 5.0
    """s of one file of the ring"""
    every: float = 0.5
    """s between two flushes: what a kill can cost, and half of what is promised"""
    incidents: int = 20
    """recordings that stay; the oldest go first"""

    def __post_init__(self) -> None:
        check_numbers(self)


def next_path(folder: Path, code: Incident) -> Path:
    """Return where the next recording goes: `incident-000007-fall.mcap`."""
    numbers = [int(part) for path in folder.glob(PATTERN) if (part := path.stem.split("-")[1]).isdigit()]
    return folder / f"incident-{max(numbers, default=0) + 1:06d}-{code.value}.mcap"


def keep_newest(folder: Path, count: int) -> None:
    """Delete the oldest recordings beyond `count`."""
    for path in sorted(folder.glob(PATTERN))[:-count]:
        path.unlink(missing_ok=True)
