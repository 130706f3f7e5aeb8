"""Balance: pushed from all sides, harder and harder, by a hand that may pull back."""

from __future__ import annotations

from typing import Final

import numpy as np

from vla_course.capstone.own.pieces import BALANCER, Pieces
from vla_course.capstone.stations.station import Notes
from vla_course.motion.standing.record import MotionRecord
from vla_course.panels.balance.trial import Trial, simulate

IMPULSES: Final = (0.20, 0.30, 0.40, 0.50, 0.60, 0.70, 0.80)
"""N s/kg, of a tenth of a second; from 0.40 (ahead and back) to 0.57 (aside) on, the DCM leaves the soles of a robot
that does not step (`no_step_push_limit`)"""
GENTLE: Final = 0.30
"""N s/kg, up to which whoever controls balance at all stands"""
BACK: Final = 0.45
"""N s/kg, of a push that is followed by as hard a pull"""
DIRECTIONS: Final = (3, 8)
"""quick and full"""
SCENES: Final = tuple(n * (len(IMPULSES) + 1) for n in DIRECTIONS)


def measure(pieces: Pieces, notes: Notes) -> None:
    """Push a robot from all sides, each time harder until it falls, and once back and forth."""
    count = notes.few(*DIRECTIONS)
    headings = np.arange(count) * 360.0 / count + notes.rng(1).uniform(0.0, 360.0 / count)
    stood = np.zeros((len(IMPULSES), count))
    speeds: list[float] = []
    for side, heading in enumerate(headings.tolist()):
        for level, impulse in enumerate(IMPULSES):
            record = simulate(Trial(heading, impulse), pieces.piece(BALANCER))
            notes.done()
            if record.fell:
                for _ in IMPULSES[level + 1 :]:  # a harder push would fell it as well
                    notes.done()
                break
            stood[level, side] = 1.0
            if impulse <= GENTLE:
                speeds.append(speed_at_the_end(record))
    back = []
    for heading in headings.tolist():
        back.append(not simulate(Trial(heading, BACK, pull_back=True), pieces.piece(BALANCER)).fell)
        notes.done()
    share = stood.mean(axis=1)
    gentle = [s for s, impulse in zip(share, IMPULSES, strict=True) if impulse <= GENTLE]
    notes.curve(list(IMPULSES), share.tolist())
    notes.number("gentle", float(np.mean(gentle)))
    notes.number("rest", max(speeds, default=9.0))
    notes.number("hard", float(share.mean()))
    notes.number("back", float(np.mean(back)))


def speed_at_the_end(record: MotionRecord) -> float:
    """Return the horizontal speed of the centre of mass when a run is over, m/s."""
    return float(np.hypot(*record.com_velocity[-1, :2]))
