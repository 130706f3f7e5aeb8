"""`vla-course demo`: two robots, one hand. The statue falls, the balanced one stands; as a film and in a few lines."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

import av
import matplotlib
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from vla_course.motion.standing.loop import Push, stand
from vla_course.motion.standing.record import MotionRecord
from vla_course.panels.balance.story import outcome
from vla_course.panels.drawing.film import codec
from vla_course.panels.drawing.puppet import Puppet
from vla_course.panels.drawing.traces import dcm_trace, margin_trace, seconds, shoves
from vla_course.panels.drawing.viewpoint import viewpoint
from vla_course.simulation.robot.humanoid import Humanoid
from vla_course.simulation.scene.cameras import Camera
from vla_course.simulation.world.world import World

Image8 = NDArray[np.uint8]

WIDTH, HEIGHT, RATE = 640, 360, 25
"""pixels of each robot's half, pictures a second"""
SHOVE, PAUSE = 0.34, 0.4
"""N s/kg, forward and then back, and s between the two"""
SHOVED_AT: Final = 0.6
"""s"""
SECONDS: Final = 3.4
_STRIP = 84
"""pixels for the captions below the robots"""

_INK, _SOFT, _PAPER = (38, 38, 38), (111, 111, 111), (255, 255, 255)
_BLUE, _GREEN, _RED = (86, 180, 233), (0, 158, 115), (213, 94, 0)


@dataclass(frozen=True)
class Shown:
    """One half of the film."""

    name: str
    record: MotionRecord


def simulate() -> tuple[Shown, Shown]:
    """Run both robots: same push, same pull, controller off and on."""
    from vla_course.reference.day3_humanoid_balance.balance import BalanceController

    halves = []
    for name, controller in (("controller off, a statue", None), ("controller on", BalanceController())):
        with World(seed=0) as world:
            robot = Humanoid(world)
            impulse = SHOVE * robot.mass
            pushes = [Push(SHOVED_AT, (impulse, 0.0, 0.0)), Push(SHOVED_AT + PAUSE, (-impulse, 0.0, 0.0))]
            halves.append(Shown(name, stand(robot, controller, SECONDS, pushes)))
    return halves[0], halves[1]


def film(halves: tuple[Shown, Shown], path: Path, progress: Callable[[int, int], None] | None = None) -> int:
    """Write the film of both robots side by side; returns the number of pictures."""
    path.parent.mkdir(parents=True, exist_ok=True)
    end = max(float(seconds(half.record)[-1]) for half in halves)
    moments = np.arange(0.0, end + 1e-9, 1.0 / RATE)
    views = [_view(half, moments) for half in halves]
    with av.open(str(path.absolute()), "w") as container:  # "a:b.mp4" would be a protocol "a"
        stream: Any = container.add_stream(codec(), rate=RATE)
        stream.width, stream.height = 2 * WIDTH, HEIGHT + _STRIP
        stream.pix_fmt = "yuv420p"
        stream.time_base = Fraction(1, RATE)
        if stream.codec_context.name == "libx264":
            stream.options = {"crf": "20", "preset": "veryfast"}
        else:
            stream.bit_rate = 4_000_000
        for number, pictures in enumerate(zip(*views, strict=True)):
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(np.hstack(pictures)), format="rgb24")
            container.mux(stream.encode(frame))
            if progress is not None:
                progress(number + 1, len(moments))
        container.mux(stream.encode(None))
    return len(moments)


def tell(halves: tuple[Shown, Shown]) -> list[str]:
    """Say what happened in a few exact lines."""
    from vla_course.reference.day3_humanoid_balance.dcm import no_step_push_limit

    first = halves[0].record
    push = shoves(first)[0]
    limit = no_step_push_limit(
        first.center_of_mass[0], first.support_polygons[0], np.array([1.0, 0.0]), first.gravity
    )
    lines = [
        f"{first.mass:.1f} kg on two soles, shoved forward with {push.impulse[0]:.1f} N s in "
        f"{1000 * (push.end - push.begin):.0f} ms: {push.impulse_over_mass:.2f} N s/kg, "
        f"{push.impulse_over_mass / limit:.2f} of what theory lets one stand without a step,",
        f"then pulled back as hard, {PAUSE:g} s later.",
    ]
    for half in halves:
        lines.append(f"{half.name}: {outcome(half.record)}.")
    return lines


def run(folder: Path) -> tuple[Path, list[str]]:
    """Simulate, film and tell; returns where the film is and the lines."""
    from rich.progress import Progress

    begun = time.monotonic()
    halves = simulate()
    path = folder / "demo.mp4"
    with Progress(transient=True) as bar:
        task = bar.add_task("filming", total=None)
        pictures = film(halves, path, lambda done, of: bar.update(task, completed=done, total=of))
    lines = tell(halves)
    size = path.stat().st_size / 1e6
    lines.append(f"{pictures} pictures, {size:.1f} MB, made in {time.monotonic() - begun:.0f} s.")
    return path, lines


def _view(half: Shown, moments: NDArray[np.float64]) -> Iterator[Image8]:
    record, clock = half.record, seconds(half.record)
    margin = 100.0 * margin_trace(record, dcm_trace(record))
    large, small = (ImageFont.truetype(_font(), size) for size in (21, 16))
    pushes = shoves(record)
    told = str(outcome(record))
    with Puppet() as puppet:
        camera = Camera(
            puppet.world,
            viewpoint(record, distance=3.3, height=1.1),
            width=WIDTH,
            height=HEIGHT,
            field_of_view=0.52,
        )
        for moment in moments:
            tick = min(int(np.searchsorted(clock, moment)), len(clock) - 1)
            puppet.pose(record, tick)
            seen = camera.capture()
            image = Image.new("RGB", (WIDTH, HEIGHT + _STRIP), _PAPER)
            image.paste(Image.fromarray(seen.rgb), (0, 0))
            draw = ImageDraw.Draw(image)
            draw.line([0, 0, 0, HEIGHT + _STRIP], fill=_PAPER, width=4)
            draw.text((18, 14), half.name, font=large, fill=_INK)
            draw.text((WIDTH - 18, 14), f"{moment:.2f} s", font=large, fill=_SOFT, anchor="ra")
            for push in pushes:
                if push.begin <= moment <= push.begin + 0.3:
                    centre = record.center_of_mass[tick]
                    way = np.array([np.cos(push.direction), np.sin(push.direction), 0.0])
                    _arrow(draw, seen.project(centre - 0.55 * way)[:2], seen.project(centre - 0.12 * way)[:2])
            colour, words = _caption(record, float(clock[tick]), told)
            draw.text((18, HEIGHT + 12), words, font=large, fill=colour)
            fallen = record.fell_at is not None and clock[tick] >= record.fell_at
            if not fallen:
                where, colour = ("inside", _SOFT) if margin[tick] >= 0.0 else ("OUTSIDE", _RED)
                below = f"DCM {abs(margin[tick]):.1f} cm {where} the support"
                draw.text((18, HEIGHT + 46), below, font=small, fill=colour)
            yield np.asarray(image)


def _caption(record: MotionRecord, moment: float, told: str) -> tuple[tuple[int, int, int], str]:
    pushes = shoves(record)
    if record.fell_at is not None and moment >= record.fell_at:
        return _RED, f"fell {record.fell_at - pushes[0].begin:.1f} s after the shove"
    if moment < pushes[0].begin:
        return _SOFT, "stands"
    if moment < pushes[1].begin:
        return _INK, f"shoved forward, {pushes[0].impulse_over_mass:.2f} N s/kg"
    if moment < pushes[1].begin + 0.5:
        return _INK, f"pulled back, {pushes[1].impulse_over_mass:.2f} N s/kg"
    return (_INK, "falling ...") if record.fell else (_GREEN, told.split(";")[0])


def _arrow(draw: ImageDraw.ImageDraw, tail: NDArray[np.float64], tip: NDArray[np.float64]) -> None:
    along = (tip - tail) / max(float(np.linalg.norm(tip - tail)), 1e-6)
    across = np.array([-along[1], along[0]])
    neck = tip - 22.0 * along
    draw.line([*tail.tolist(), *neck.tolist()], fill=_BLUE, width=9)
    head = [tip, neck + 13.0 * across, neck - 13.0 * across]
    draw.polygon([(float(x), float(y)) for x, y in head], fill=_BLUE)


def _font() -> str:
    return str(Path(matplotlib.get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf")
