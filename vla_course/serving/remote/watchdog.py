"""A watchdog: what a robot does when its policy falls silent, rung by rung, on the robot's own clock.

    acts -> holds -> stands -> latched

It goes down the ladder by the age of the newest answer, counted from when the picture that it answers was taken: both
moments are read from the robot's monotonic clock, and no clock of a server is ever looked at. Acting begins again by
itself; but once latched, only after several answers in a row, each to a picture of its own and each in time: one
answer that got through a broken wire is no policy.
"""

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from vla_course.serving.packets.bounds import check_numbers
from vla_course.serving.packets.codes import Code
from vla_course.serving.packets.response import VLAResponse
from vla_course.simulation.robot.layout import ACTION

Floats = NDArray[np.float32]
Rung = Literal["acts", "holds", "stands", "latched"]

RUNGS: Final[tuple[Rung, ...]] = ("acts", "holds", "stands", "latched")


@dataclass(frozen=True)
class WatchdogSettings:
    """When it goes down a rung.

    Raises:
        ValueError: the times do not rise or are not finite, or `fresh` is no whole number or below 1.
    """

    holds: float = 0.6
    """s, age of the newest answer from which the robot keeps doing what it did last"""
    stands: float = 1.0
    """s, from which it stops walking and keeps arms and trunk as they are"""
    latches: float = 2.0
    """s, from which one answer is not enough any more"""
    fresh: int = 3
    """answers in a row, each younger than `holds`, that make it act again"""

    def __post_init__(self) -> None:
        check_numbers(self)
        if not 0.0 < self.holds < self.stands < self.latches:
            times = f"{self.holds}, {self.stands}, {self.latches} s"
            raise ValueError(f"holds, stands, latches are {times}, expected rising from above 0")


class Watchdog:
    """Watches the answers of a policy.

    Args:
        now: s, of the robot's monotonic clock, when it begins.
        settings: when it goes down a rung.

    Attributes:
        downs: how often it went down to each rung.
    """

    def __init__(self, now: float, settings: WatchdogSettings | None = None) -> None:
        self._settings = settings or WatchdogSettings()
        self._newest, self._latched, self._fresh = now, False, 0
        self._frame = -1
        self._rung: Rung = "acts"
        self._held: Floats | None = None
        self.downs: dict[Rung, int] = dict.fromkeys(RUNGS[1:], 0)

    def hears(self, response: VLAResponse, now: float) -> None:
        """Take note of a response; only actions to a picture that is newer than all before, and young, count.

        `superseded` says nothing of the policy: the robot itself had something newer to show.
        """
        if response.code is Code.SUPERSEDED:
            return
        if not response.success:
            self._fresh = 0
        elif response.timestamp is not None:
            self.takes(response.frame_id, response.timestamp, now)

    def takes(self, frame: int, taken: float, now: float) -> None:
        """Take note of an answer to a picture or a reading of that number, taken at `taken` s."""
        if not taken <= now or frame <= self._frame:
            return
        self._frame = frame
        self._fresh = self._fresh + 1 if now - taken < self._settings.holds else 0
        self._newest = max(self._newest, taken)
        if self._fresh >= self._settings.fresh:
            self._latched = False

    def rung(self, now: float) -> Rung:
        """Return where on the ladder the robot is."""
        settings, age = self._settings, now - self._newest
        # A clock that went back, or is none, tells no age: then nothing is known to be fresh.
        if not 0.0 <= age < settings.latches and not self._latched:
            self._latched, self._fresh = True, 0
        rung: Rung = "acts"
        if self._latched:
            rung = "latched"
        elif age >= settings.stands:
            rung = "stands"
        elif age >= settings.holds:
            rung = "holds"
        for lower in RUNGS[RUNGS.index(self._rung) + 1 : RUNGS.index(rung) + 1]:
            self.downs[lower] += 1
        self._rung = rung
        return rung

    def guards(self, action: Floats, now: float) -> Floats:
        """Return what a robot may do (36,) that is about to carry out an action.

        It acts: the action. It holds: the last one that it was allowed. It stands or is latched: that one, without a
        base velocity.
        """
        rung = self.rung(now)
        if rung == "acts" or self._held is None:
            self._held = action.copy()
        if rung in ("stands", "latched"):
            self._held[ACTION.base_velocity] = 0.0
        return self._held.copy()
