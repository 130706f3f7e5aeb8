"""A run as a row of pictures, for pages and browsers that draw no 3-D."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from vla_course.motion.standing.record import MotionRecord
from vla_course.panels.drawing.puppet import Puppet
from vla_course.panels.drawing.style import INK, Picture, picture
from vla_course.panels.drawing.traces import seconds, shoves
from vla_course.panels.drawing.viewpoint import viewpoint
from vla_course.simulation.scene.cameras import Camera, Tripod
from vla_course.simulation.scene.terrain import Terrain

_WIDTH, _HEIGHT = 252, 370
_GOES_AWAY = 0.6
"""m: a robot that gets farther than that does not stay in one picture"""


def filmstrip(
    record: MotionRecord,
    times: Sequence[float] | None = None,
    *,
    count: int = 6,
    title: str = "",
    terrain: Terrain | None = None,
) -> Picture:
    """Photograph the robot of `record` at `times` s, by default `count` moments from just before the push on.

    It stands on `terrain`, by default a plain.
    """
    clock = seconds(record)
    if times is None:
        pushes = shoves(record)
        begin = max(pushes[0].begin - 0.1, 0.0) if pushes else 0.0
        end = float(clock[-1])
        if record.fell_at is not None:
            end = min(end, record.fell_at + 0.15)
        times = np.linspace(begin, end, count).tolist()
    figure, panes = picture(1, len(times), height=2.5 if title else 2.25, alt="")
    with Puppet() as puppet:
        if terrain is not None:
            terrain.build(puppet.world)
        ticks = [min(int(np.searchsorted(clock, moment)), len(clock) - 1) for moment in times]
        where = record.base_position[ticks] - (0.0, 0.0, record.base_position[0, 2])
        middle = (where.min(axis=0) + where.max(axis=0)) / 2.0
        stand = viewpoint(record, distance=3.2)
        # A robot that goes away is followed.
        follow = float(np.ptp(where[:, :2], axis=0).max()) > _GOES_AWAY
        for pane, tick, here in zip(panes, ticks, where, strict=True):
            x, y, z = here.tolist() if follow else (*middle[:2].tolist(), 0.0)
            place = (stand.position[0] + x, stand.position[1] + y, stand.position[2] + z)
            camera = Camera(
                puppet.world, Tripod(place, (x, y, 0.68 + z)), width=_WIDTH, height=_HEIGHT, field_of_view=0.60
            )
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
