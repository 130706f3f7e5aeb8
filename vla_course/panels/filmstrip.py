"""A run as a row of pictures, for pages and browsers that draw no 3-D."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from vla_course.motion.record import MotionRecord
from vla_course.panels.puppet import Puppet
from vla_course.panels.style import INK, Picture, picture
from vla_course.panels.traces import seconds, shoves
from vla_course.panels.viewpoint import viewpoint
from vla_course.simulation.cameras import Camera


def filmstrip(
    record: MotionRecord, times: Sequence[float] | None = None, *, count: int = 6, title: str = ""
) -> Picture:
    """Photograph the robot of `record` at `times` s, by default `count` moments from just before the push on."""
    clock = seconds(record)
    if times is None:
        pushes = shoves(record)
        begin = max(pushes[0].begin - 0.1, 0.0) if pushes else 0.0
        end = float(clock[-1])
        if record.fell_at is not None:
            end = min(end, record.fell_at + 0.15)
        times = np.linspace(begin, end, count).tolist()
    figure, panes = picture(1, len(times), height=2.95 if title else 2.7, alt="")
    with Puppet() as puppet:
        camera = Camera(
            puppet.world, viewpoint(record, distance=3.0), width=200, height=360, field_of_view=0.62
        )
        for pane, moment in zip(panes, times, strict=True):
            tick = min(int(np.searchsorted(clock, moment)), len(clock) - 1)
            puppet.pose(record, tick)
            pane.imshow(camera.capture().rgb, interpolation="lanczos")
            pane.set(xticks=[], yticks=[])
            pane.set_xlabel(f"{clock[tick]:.2f} s", color=INK)
            pane.spines[:].set_visible(False)
    ending = "falls" if record.fell else "stays on its feet"
    shown = ", ".join(f"{moment:.1f}" for moment in times)
    figure.alt = f"The robot photographed {shown} s after the start; it {ending}."
    if title:
        figure.suptitle(title, x=0.01, ha="left", fontsize=11.5, fontweight="bold", color=INK)
    return figure
