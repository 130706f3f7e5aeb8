"""A hand follows a cup that somebody draws to and fro, by pictures that are some time old: does it catch it?

`chase` says so; `CupPanel` has sliders for delay, jitter and speed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import ipywidgets
import numpy as np
from numpy.typing import NDArray

from vla_course.panels.drawing import style
from vla_course.serving.chunks.delays import InjectedDelay

Array = NDArray[np.float64]

SWING: Final = 0.18
"""m, by which the cup goes to either side"""
ROOM: Final = 0.025
"""m, that the open fingers leave to either side of the cup"""
TICK: Final = 1.0 / 30.0
"""s, of the robot's loop"""
SOONEST: Final = 0.1
"""s, from one question to the next, at least"""
SECONDS: Final = 8.0
TRIES: Final = 24
"""moments at which the hand closes"""


@dataclass(frozen=True)
class Chase:
    """How a hand followed a cup, tick by tick.

    Attributes:
        times: (n,) s.
        cup, hand: (n,) m to the left, where they were.
        ages: (n,) s, of the picture that the hand acted on.
        tries: ticks at which it closed.
        bears: s, the age from which a cup at full speed is out of the fingers.
    """

    times: Array
    cup: Array
    hand: Array
    ages: Array
    tries: Array
    bears: float

    @property
    def caught(self) -> NDArray[np.bool_]:
        """Of each try, whether the cup was between the fingers."""
        found: NDArray[np.bool_] = np.abs(self.hand - self.cup)[self.tries] < ROOM
        return found


def bears(speed: float) -> float:
    """Return how old a picture may be, s, of a cup that moves with `speed` m/s: inf where it stands."""
    return ROOM / speed if speed > 0.0 else np.inf


def chase(delay: float, jitter: float, speed: float, *, ahead: bool = False, seed: int = 0) -> Chase:
    """Let a hand follow a cup.

    It is where the newest answer says. An answer says where the cup was in the picture; or, `ahead`, where it will be
    if it goes on as it went there. The next picture is sent when the answer to the last one has come.

    Args:
        delay: s, from picture to answer, on the average.
        jitter: -, standard deviation of its logarithm.
        speed: m/s, of the cup in the middle of its swing.
        ahead: whether the age of a picture is reckoned with.
        seed: draws the delays.

    Raises:
        ValueError: a number is negative.
    """
    if not speed >= 0.0:
        raise ValueError(f"speed is {speed}, expected 0 m/s or more")
    drawn = InjectedDelay(delay, jitter, np.random.default_rng(seed))
    times: Array = TICK * np.arange(round(SECONDS / TICK), dtype=np.float64)
    turning = speed / SWING
    cup = SWING * np.sin(turning * times)
    hand, ages = np.zeros_like(times), np.zeros_like(times)
    seen, asked, comes = 0.0, 0.0, drawn.draw()
    for tick, now in enumerate(times):
        if now >= comes:
            seen = asked
        if now >= max(comes, asked + SOONEST):
            asked, comes = now, now + drawn.draw()
            seen = asked if comes <= now else seen
        ages[tick] = now - seen
        place, velocity = SWING * np.sin(turning * seen), speed * np.cos(turning * seen)
        hand[tick] = place + (velocity * ages[tick] if ahead else 0.0)
    tries = np.linspace(len(times) // 12, len(times) - 1, TRIES).round().astype(int)
    return Chase(times, cup, hand, ages, tries, bears(speed))


# ---- the panel ----------------------------------------------------------------------------------------

WIDTH, HEIGHT = 760, 320
_SCALE: Final = 1150.0
"""pixels for 1 m"""
_CUP: Final = 0.035
"""m, radius of the cup"""
_TOP, _BOTTOM = 192.0, 298.0
"""where the chart of ages begins and ends, pixels from above"""


class CupPanel(ipywidgets.VBox):
    """A panel in which a hand follows a cup, redrawn while one drags; by code, `chase`.

    Attributes:
        shown: the chase that is drawn.
    """

    def __init__(self, delay: float = 0.1, jitter: float = 0.2, speed: float = 0.25) -> None:
        wide = {"layout": {"width": "360px"}, "style": {"description_width": "110px"}}
        self.delay = ipywidgets.IntSlider(
            value=round(1000 * delay), min=0, max=400, step=10, description="delay (ms)", **wide
        )
        self.jitter = ipywidgets.FloatSlider(
            value=jitter, min=0.0, max=1.0, step=0.05, description="jitter", **wide
        )
        self.speed = ipywidgets.FloatSlider(
            value=speed, min=0.0, max=0.6, step=0.05, description="cup (m/s)", **wide
        )
        self.ahead = ipywidgets.Checkbox(
            value=False, description="aim at where it will be", indent=False, layout={"width": "auto"}
        )
        self._view = ipywidgets.HTML()
        for control in (self.delay, self.jitter, self.speed, self.ahead):
            control.observe(self._draw, "value")
        controls = ipywidgets.HBox(
            [ipywidgets.VBox([self.delay, self.jitter]), ipywidgets.VBox([self.speed, self.ahead])],
            layout={"flex_flow": "row wrap"},
        )
        super().__init__([controls, self._view])
        self.add_class("vla-cup-panel")
        self._draw()

    @property
    def picture(self) -> str:
        """What is drawn, as HTML."""
        return str(self._view.value)

    def chase(self, delay: float, jitter: float = 0.2, speed: float = 0.25, *, ahead: bool = False) -> Chase:
        """Set the sliders, draw, and return the chase.

        Args:
            delay: s, 0 to 0.4.
            jitter: -, 0 to 1.
            speed: m/s, 0 to 0.6.
            ahead: whether the hand aims at where the cup will be.
        """
        self.delay.value, self.jitter.value = round(1000 * delay), jitter
        self.speed.value, self.ahead.value = speed, ahead
        return self.shown

    def _draw(self, _: object = None) -> None:
        self.shown = chase(
            self.delay.value / 1000.0, self.jitter.value, self.speed.value, ahead=self.ahead.value
        )
        self._view.value = chase_svg(self.shown)


def chase_svg(one: Chase) -> str:
    """Draw a chase: the table from above at the widest miss, and how old the picture was, tick by tick."""
    caught, tries = one.caught, one.tries
    worst = int(tries[np.abs(one.hand - one.cup)[tries].argmax()])
    off = 100.0 * abs(float(one.hand[worst] - one.cup[worst]))
    held = int(caught.sum())
    told = f"caught {held} of {len(tries)}"
    bear = f"; a picture may be {1000 * one.bears:.0f} ms old" if np.isfinite(one.bears) else ""
    colour = style.COP if held == len(tries) else style.ZMP if held < 0.5 * len(tries) else style.CART_TABLE
    words = _text(14, 24, f"<tspan font-weight='bold' fill='{colour}'>{told}</tspan>{bear}", 15) + _text(
        14, 44, f"drawn: the widest miss, {off:.1f} cm", 12, style.SOFT
    )
    alt = f"The hand {told}{bear}; at worst it is {off:.1f} cm beside the cup."
    return (
        f'<svg role="img" aria-label="{alt}" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'style="background: #fff; border-radius: 6px; width: {WIDTH}px; max-width: 100%; height: auto">'
        f"{_table(one, worst)}{_ages(one)}{words}</svg>"
    )


def _table(one: Chase, worst: int) -> str:
    """Draw from above, left being left: the cup's way, the cup, and the open fingers where the hand is."""

    def x(place: float) -> float:
        return WIDTH / 2 - _SCALE * place

    cup, hand = x(float(one.cup[worst])), x(float(one.hand[worst]))
    inside = abs(float(one.hand[worst] - one.cup[worst])) < ROOM
    half, y = _SCALE * (_CUP + ROOM), 104.0
    fingers = "".join(
        f'<rect x="{hand + side * half - 5:.1f}" y="{y - 30}" width="10" height="60" rx="4" fill="{style.INK}"/>'
        for side in (-1, 1)
    )
    return (
        f'<line x1="{x(SWING):.0f}" y1="{y}" x2="{x(-SWING):.0f}" y2="{y}" stroke="#D9D9D9" stroke-width="2" '
        f'stroke-dasharray="5 4"/><circle cx="{cup:.1f}" cy="{y}" r="{_SCALE * _CUP:.1f}" '
        f'fill="{style.COP if inside else style.ZMP}" fill-opacity="0.85"/>'
        f'<circle cx="{hand:.1f}" cy="{y}" r="{_SCALE * _CUP:.1f}" fill="none" stroke="{style.SOFT}" '
        f'stroke-dasharray="3 3"/>{fingers}'
    )


def _ages(one: Chase) -> str:
    """Draw how old the picture was against time, what the robot bears, and a dot a try."""
    most = 1.1 * max(float(one.ages.max()), one.bears if np.isfinite(one.bears) else 0.0, 0.12)

    def at(time: float, age: float) -> tuple[float, float]:
        return 60 + (WIDTH - 80) * time / SECONDS, _BOTTOM - (_BOTTOM - _TOP) * age / most

    points = [at(float(t), float(a)) for t, a in zip(one.times, one.ages, strict=True)]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    dots = "".join(
        f'<circle cx="{points[k][0]:.1f}" cy="{points[k][1]:.1f}" r="4" fill="{style.COP if ok else style.ZMP}"/>'
        for k, ok in zip(one.tries.tolist(), one.caught.tolist(), strict=True)
    )
    bear = ""
    if np.isfinite(one.bears):
        y = at(0.0, one.bears)[1]
        ends = f'x1="60" y1="{y:.1f}" x2="{WIDTH - 20}" y2="{y:.1f}"'
        bear = f'<line {ends} stroke="{style.INK}" stroke-dasharray="6 4"/>'
    ticks = "".join(
        _text(52, at(0.0, age)[1] + 4, f"{1000 * age:.0f}", 11, style.SOFT, "end")
        for age in np.arange(0.0, most, 0.1 if most < 0.6 else 0.2)
    )
    frame = f'<line x1="60" y1="{_BOTTOM}" x2="{WIDTH - 20}" y2="{_BOTTOM}" stroke="{style.SOFT}"/>'
    return (
        f'{frame}{ticks}<polyline points="{line}" fill="none" stroke="{style.COM}" stroke-width="1.4"/>{bear}{dots}'
        + _text(
            60, _TOP - 8, "age of the picture that it acts on (ms); a dot where it closes", 11, style.SOFT
        )
        + _text(WIDTH - 20, HEIGHT - 6, f"{SECONDS:.0f} s", 11, style.SOFT, "end")
    )


def _text(x: float, y: float, words: str, size: int, colour: str = style.INK, anchor: str = "start") -> str:
    return (
        f'<text x="{x}" y="{y:.0f}" font-size="{size}" fill="{colour}" text-anchor="{anchor}">{words}</text>'
    )
