"""A run in 3-D: the robot as it moved, its centre of mass, where the ground pushed, and the hand that shoved it."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any, Final

import ipywidgets
import k3d
import numpy as np
from numpy.typing import NDArray

from vla_course.motion.standing.record import MotionRecord
from vla_course.panels.drawing import style
from vla_course.panels.drawing.puppet import Puppet, frames
from vla_course.panels.drawing.scenery import Prop, tracks
from vla_course.panels.drawing.shapes import Mesh, arrow, cylinder, flat, joined, part_mesh, sphere, tiles
from vla_course.panels.drawing.traces import dcm_trace, seconds, shoves, upright
from vla_course.panels.drawing.viewpoint import viewpoint
from vla_course.simulation.robot.anatomy import humanoid_links
from vla_course.simulation.robot.description import HumanoidDescription

Array = NDArray[np.float64]

RATE: Final = 30.0
"""pictures a second"""
APART: Final = 1.1
"""m between two robots side by side"""
_ARROW_SHOWN = 0.35
"""s for which the arrow of a push stays, which itself takes a tenth of a second"""
_MILLISECONDS = 1000.0
_FROM_AHEAD = 0.5
"""rad, between the way of robots that walk side by side and the line of sight"""
_STAYS = 0.4
"""m: a robot whose pelvis moves no farther than that has not walked"""
_GLOW = 0x202224
"""light of its own for the ground, which k3d's lamp meets aslant"""
_NOTHING = 1e-4
"""size of a thing that is not to be seen; k3d does not draw a size of zero, it keeps the last one"""


class Replay(ipywidgets.VBox):
    """The 3-D view with its buttons. Time in it is counted in milliseconds.

    Attributes:
        plot: the k3d plot.
        play: plays and stops; it moves the plot in the browser, without the kernel.
        times: (frames,) s.
        size: bytes that the browser is sent.
    """

    def __init__(
        self,
        records: Sequence[MotionRecord],
        names: Sequence[str],
        height: int = 400,
        props: Sequence[Prop] = (),
    ) -> None:
        self.times = max((seconds(r)[frames(r, RATE)] for r in records), key=lambda times: float(times[-1]))
        self.plot = _stage(records[0], len(records), height)
        for place, (record, name) in enumerate(zip(records, names, strict=True)):
            shift = APART * (place - (len(records) - 1) / 2.0) * _aside(records[0])
            _add_robot(self.plot, record, shift)
            _add_marks(self.plot, record, shift)
            if name:
                self.plot += k3d.text(
                    name,
                    position=(shift + [0.0, 0.0, 1.62]).tolist(),
                    reference_point="cb",
                    size=1.1,
                    color=0x262626,
                    label_box=False,
                    is_html=True,
                )
        for prop in props:
            _add_prop(self.plot, records[0], prop)
        self.size = sum(_bytes(thing) for thing in self.plot.objects)
        end = round(_MILLISECONDS * float(self.times[-1]))
        step = round(_MILLISECONDS / RATE)
        self.play = ipywidgets.Play(min=0, max=end, step=step, interval=step, repeat=True, show_repeat=False)
        slider = ipywidgets.IntSlider(
            min=0, max=end, step=step, description="time", readout_format="d", layout={"width": "320px"}
        )
        speed = ipywidgets.ToggleButtons(
            options=[("1×", 1), ("½", 2), ("¼", 4)],
            value=1,
            tooltips=["as it was", "half speed", "quarter speed"],
        )
        speed.style.button_width = "40px"
        speed.layout.margin = "0 0 0 16px"
        speed.observe(self._change_speed, "value")
        # Linked in the browser: it plays while the kernel works, and over slow lines.
        self._links = [
            ipywidgets.jslink((self.play, "value"), (slider, "value")),
            ipywidgets.jslink((self.play, "value"), (self.plot, "time")),
        ]
        bar = ipywidgets.HBox([self.play, slider, ipywidgets.Label("ms"), speed])
        super().__init__([self.plot, bar, ipywidgets.HTML(self._caption())])
        self.add_class("vla-replay")

    def _change_speed(self, change: dict[str, Any]) -> None:
        self.play.step = max(1, round(_MILLISECONDS / RATE / change["new"]))

    def _caption(self) -> str:
        dots = [
            (style.COM, "centre of mass"),
            (style.DCM, "DCM"),
            (style.COP, "centre of pressure"),
            (style.PUSH, "push"),
        ]
        legend = " · ".join(f'<span style="color: {colour}">●</span> {name}' for colour, name in dots)
        facts = f"{len(self.times)} pictures, {self.size / 1e6:.1f} MB. Drag to turn, scroll to zoom."
        return f'<span style="font-size: 12.5px; line-height: 1.4">{legend}. {facts}</span>'


def replay(record: MotionRecord, name: str = "", *, height: int = 400, props: Sequence[Prop] = ()) -> Replay:
    """Show one run in 3-D, and what stood round the robot."""
    return Replay([record], [name], height, props)


def side_by_side(records: dict[str, MotionRecord], *, height: int = 400) -> Replay:
    """Show several runs in one 3-D view, next to each other, each under its name."""
    if not records:
        raise ValueError("side_by_side needs at least one record, got none")
    return Replay(list(records.values()), list(records), height)


def _stage(record: MotionRecord, robots: int, height: int) -> k3d.Plot:
    plot = k3d.plot(
        height=height,
        camera_auto_fit=False,
        grid_visible=False,
        menu_visibility=False,
        background_color=0xF7F9FA,
        camera_fov=32.0,
        camera_mode="orbit",
        lighting=1.6,
        axes_helper=0.0,
        fps=60.0,
    )
    middle, way = _walked(record)
    # A robot that walks is watched from farther off, from over the middle of its way.
    farther, higher = 0.9 * way, 0.35 * way
    if robots == 1:
        stand = viewpoint(record, distance=3.5 + farther, height=1.25 + higher)
    else:  # more from the front, so that none hides another
        stand = viewpoint(record, distance=4.3 + farther, height=1.7 + higher, aside=38.0)
    x, y = middle.tolist()
    position = (stand.position[0] + x, stand.position[1] + y, stand.position[2])
    if robots > 1 and way > 0.0:  # robots that walk beside each other come towards the camera
        angle, far = _way_heading(record) - _FROM_AHEAD, 4.3 + farther
        position = (x + far * np.cos(angle), y + far * np.sin(angle), 1.7 + higher)
    plot.camera = [*position, x, y, 0.75, 0.0, 0.0, 1.0]
    floor = tiles(10 + round(2.0 * way), 0.25, (0xFFFFFF, 0xE6EBEF))
    plot += _still(floor.moved(np.eye(3), np.array([*(0.5 * np.round(middle / 0.5)), 0.0])), glow=_GLOW)
    return plot


def _walked(record: MotionRecord) -> tuple[Array, float]:
    """Return the middle (2,) m of a robot's way and how long it is, m; a robot that stays is at the origin."""
    places = record.base_position[:, :2]
    low, high = places.min(axis=0), places.max(axis=0)
    way = float(np.hypot(*(high - low)))
    if way < _STAYS or len(tracks(record)) < 3:
        return np.zeros(2), 0.0
    return (low + high) / 2.0, way


def _way_heading(record: MotionRecord) -> float:
    """Return where a robot that walks goes, rad, as long as it is on its feet."""
    places = record.base_position[upright(record), :2]
    return float(np.arctan2(*(places[-1] - places[0])[::-1]))


def _aside(record: MotionRecord) -> Array:
    """Return the level direction (3,) across the first push, from left to right as the camera sees it."""
    pushes = shoves(record)
    heading = pushes[0].direction if pushes else 0.0
    if _walked(record)[1] > 0.0:  # beside its way, so that nobody walks into another
        heading = _way_heading(record)
        return np.array([-np.sin(heading), np.cos(heading), 0.0])
    across = np.array([-np.sin(heading), np.cos(heading), 0.0])
    stand = viewpoint(record, aside=38.0).position
    return across if across[1] * stand[0] - across[0] * stand[1] > 0.0 else -across


def _add_robot(plot: k3d.Plot, record: MotionRecord, shift: Array) -> None:
    """Add one mesh a link, and where it was at every picture."""
    visible = {
        link.name: joined([part_mesh(part) for part in link.parts if part.colour is not None])
        for link in humanoid_links(HumanoidDescription())
        if any(part.colour is not None for part in link.parts)
    }
    ticks = frames(record, RATE)
    keys = _keys(record, ticks)
    ways = np.empty((len(ticks), len(visible), 4, 4))
    with Puppet(tuple(visible)) as puppet:
        for way, tick in zip(ways, ticks, strict=True):
            puppet.pose(record, int(tick))
            way[:] = puppet.matrices()
    ways[:, :, :3, 3] += shift
    for number, mesh in enumerate(visible.values()):
        plot += _moving(mesh, keys, ways[:, number])


def _add_marks(plot: k3d.Plot, record: MotionRecord, shift: Array) -> None:
    """Add soles and support as they were at first, centre of mass, DCM, centre of pressure and pushes."""
    for outline, height, colour in [
        (record.support_polygons[0], 0.0, 0xA9B8C1),
        *((sole, 0.001, 0x8C9DA8) for sole in tracks(record)),
    ]:
        plot += _still(flat(outline + shift[:2], height, colour), glow=_GLOW)
    ticks = frames(record, RATE)
    keys = _keys(record, ticks)

    def dots(points: Array, height: float) -> Array:
        return np.column_stack((points[ticks, :2], np.full(len(ticks), height))) + shift

    plot += _moving(sphere(0.035, _hex(style.COM)), keys, _at(record.center_of_mass[ticks] + shift))
    # The ball is mostly inside of the trunk: a plumb line leads from it to the ground, where all else is.
    plumb = _at(dots(record.center_of_mass, 0.0))
    plumb[:, 2, 2] = record.center_of_mass[ticks, 2]
    line = cylinder(0.006, 1.0, _hex(style.COM)).moved(np.eye(3), np.array([0.0, 0.0, 0.5]))
    plot += _moving(line, keys, plumb)
    plot += _moving(cylinder(0.030, 0.006, _hex(style.DCM)), keys, _at(dots(dcm_trace(record), 0.004)))
    pressure = _at(dots(record.center_of_pressure, 0.007))
    plot += _moving(cylinder(0.020, 0.012, _hex(style.COP)), keys, pressure)
    for push in shoves(record):
        time = seconds(record)[ticks]
        shown = (time >= push.begin) & (time <= push.begin + _ARROW_SHOWN)
        turn = np.array(
            [
                [np.cos(push.direction), -np.sin(push.direction), 0.0],
                [np.sin(push.direction), np.cos(push.direction), 0.0],
                [0.0, 0.0, 1.0],
            ]
        )
        way = _at(record.center_of_mass[ticks] + shift)
        way[:, :3, :3] = turn * (0.25 + 0.6 * push.impulse_over_mass)
        # It ends in front of the trunk, not inside of it.
        way[:, :3, 3] -= turn[:, 0] * 0.16
        way[~shown, :3, :3] = _NOTHING * np.eye(3)
        plot += _moving(arrow(_hex(style.PUSH)), keys, way)


def _add_prop(plot: k3d.Plot, record: MotionRecord, prop: Prop) -> None:
    """Add a thing that stays, or that was somewhere at every tick of the record."""
    if prop.ways.ndim == 2:
        thing = _still(prop.mesh, glow=_GLOW)
        thing.model_matrix = prop.ways.astype(np.float32)
        plot += thing
        return
    ticks = frames(record, RATE)
    plot += _moving(prop.mesh, _keys(record, ticks), prop.ways[ticks])


def _at(points: Array) -> Array:
    """Return the matrices (n, 4, 4) of things at `points` (n, 3) m; where there is none, they vanish."""
    ways = np.tile(np.eye(4), (len(points), 1, 1))
    gone = np.asarray(np.isnan(points).any(axis=1))
    ways[:, :3, 3] = np.where(gone[:, None], 0.0, points)
    ways[gone, :3, :3] = _NOTHING * np.eye(3)
    return ways


def _keys(record: MotionRecord, ticks: NDArray[np.int64]) -> list[str]:
    return [str(round(_MILLISECONDS * moment)) for moment in seconds(record)[ticks].tolist()]


def _moving(mesh: Mesh, keys: list[str], ways: Array) -> Any:
    thing = _still(mesh)
    if len(keys) > 1 and not np.allclose(ways, ways[0]):
        thing.model_matrix = dict(zip(keys, ways.astype(np.float32), strict=True))
    else:
        thing.model_matrix = ways[0].astype(np.float32)
    return thing


def _still(mesh: Mesh, glow: int = 0) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return k3d.mesh(
            mesh.vertices.astype(np.float32),
            mesh.triangles.astype(np.uint32),
            normals=mesh.normals.astype(np.float32),
            colors=mesh.colours.astype(np.uint32).tolist(),
            flat_shading=False,
            roughness=0.75,
            emissive=glow,
            side="double",
        )


def _hex(colour: str) -> int:
    return int(colour[1:], 16)


def _bytes(thing: Any) -> int:
    found = 0
    for name in ("vertices", "indices", "normals", "colors", "model_matrix"):
        value = getattr(thing, name, None)
        parts = value.values() if isinstance(value, dict) else [value]
        found += sum(int(np.asarray(part).nbytes) for part in parts if part is not None)
    return found
