"""One sentence of what happened to a robot that was pushed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vla_course.motion.standing.record import MotionRecord
from vla_course.panels.drawing.traces import dcm_trace, margin_trace, seconds, shoves, upright

CALM_SPEED = 0.03
"""m/s, of the centre of mass: a robot slower than this, to the end, has come to rest"""


@dataclass(frozen=True)
class Outcome:
    """What became of a run."""

    fell_after: float | None
    """s from the beginning of the first push to the fall; None where it stood"""
    calm_after: float | None
    """s from the end of the last push to rest; None where it fell or was still moving at the end"""
    closest: float
    """m, the least margin of the DCM inside the support; negative where it went beyond"""

    @property
    def fell(self) -> bool:
        """Whether the robot fell."""
        return self.fell_after is not None

    def __str__(self) -> str:
        if self.fell_after is not None:
            return f"fell {self.fell_after:.1f} s after it was pushed; {self._edge()}"
        if self.calm_after is None:
            return f"stood, but was still moving at the end; {self._edge()}"
        if self.calm_after == 0.0:
            return f"stood and hardly moved; {self._edge()}"
        return f"stood, and was calm again after {self.calm_after:.1f} s; {self._edge()}"

    def _edge(self) -> str:
        centimetres = 100.0 * self.closest
        if self.fell:
            return "the DCM left the support and did not come back"
        if centimetres < 0.0:
            return f"the DCM went {-centimetres:.1f} cm beyond the edge and came back"
        return f"the DCM came within {centimetres:.1f} cm of the edge"


def outcome(record: MotionRecord) -> Outcome:
    """Tell what became of the robot in `record`, whoever steered it."""
    time, pushes = seconds(record), shoves(record)
    begin, end = (pushes[0].begin, pushes[-1].end) if pushes else (0.0, 0.0)
    before = upright(record)
    margin = margin_trace(record, dcm_trace(record))[before]
    closest = float(np.nanmin(margin[time[before] >= begin]))
    if record.fell_at is not None:
        return Outcome(record.fell_at - begin, None, closest)
    speed = np.linalg.norm(record.com_velocity[:, :2], axis=1)
    moving = np.flatnonzero(speed > CALM_SPEED)
    if len(moving) == 0:
        return Outcome(None, 0.0, closest)
    last = float(time[moving[-1]])
    calm = max(last - end, 0.0) if time[-1] - last > 0.2 else None
    return Outcome(None, calm, closest)
