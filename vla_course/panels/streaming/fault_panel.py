"""Switches that inject faults while a stream runs, and a dashboard that says how it is doing."""

from __future__ import annotations

import asyncio
import threading
import time
from collections import deque
from html import escape
from typing import Final

import ipywidgets

from vla_course.course.exercise import NotAttempted
from vla_course.panels.drawing.waiting import fault_card, needs_card
from vla_course.panels.streaming.faults import COLOURS, DOES, FAULTS, Choose, Told, stream
from vla_course.serving.inference.memory import resident_bytes

LAST: Final = 120
"""responses that are drawn"""
_WIDTH, _LANE = 760, 22
_REDRAW: Final = 0.2
"""s"""


class FaultPanel(ipywidgets.VBox):
    """A panel with a stream, switches for its faults, and what it says; by code, `run`.

    Args:
        choose: what is done instead of an answer (exercise 2.10), by default the reference.
        seconds: after which the stream ends by itself.

    Attributes:
        told: responses of the stream, the newest last.
    """

    def __init__(self, choose: Choose | None = None, seconds: float = 60.0) -> None:
        self._choose, self._seconds = choose, seconds
        self.told: deque[Told] = deque(maxlen=LAST)
        self._thread: threading.Thread | None = None
        self._stopping = threading.Event()
        self.switches = {
            name: ipywidgets.ToggleButton(value=False, description=name, layout={"width": "auto"})
            for name in FAULTS
        }
        self.button = ipywidgets.Button(
            description="Start", icon="play", button_style="primary", layout={"width": "110px"}
        )
        self.button.on_click(lambda _: self.stop() if self.runs else self.start())
        self._view = ipywidgets.HTML("<p>Start, and switch something on while it runs.</p>")
        switches = ipywidgets.HBox(list(self.switches.values()), layout={"flex_flow": "row wrap"})
        super().__init__([self.button, switches, self._view])
        self.add_class("vla-fault-panel")

    @property
    def status(self) -> str:
        """What is shown, as HTML."""
        return str(self._view.value)

    @property
    def runs(self) -> bool:
        """Whether a stream runs."""
        return self._thread is not None and self._thread.is_alive()

    def start(self) -> None:
        """Let a stream run, until it is stopped or `seconds` are over."""
        if self.runs:
            return
        self.told.clear()
        self._stopping.clear()
        self.button.description, self.button.icon = "Stop", "stop"
        self._thread = threading.Thread(target=self._work, name="faulty stream", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the stream, and wait until nothing of it is left."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join()

    def run(self, seconds: float, **faults: bool) -> list[Told]:
        """Let a stream run for so many s with some faults on (`camera_lost=True`), and return what was told."""
        for name, switch in self.switches.items():
            switch.value = faults.get(name.replace(" ", "_"), False)
        self.start()
        self._stopping.wait(seconds)
        self.stop()
        return list(self.told)

    # ---- in the thread -----------------------------------------------------------------------------

    def _work(self) -> None:
        try:
            asyncio.run(self._stream())
        except NotAttempted as missing:
            self._view.value = needs_card(missing)
        except Exception as fault:
            self._view.value = fault_card("The stream has ended", fault)
        self.button.description, self.button.icon = "Start", "play"

    async def _stream(self) -> None:
        drawn = 0.0
        async for told in stream(
            lambda now: frozenset(name for name, switch in self.switches.items() if switch.value),
            lambda now: self._stopping.is_set() or now > self._seconds,
            self._choose,
        ):
            self.told.append(told)
            if time.monotonic() - drawn > _REDRAW:
                self._view.value, drawn = dashboard(list(self.told)), time.monotonic()
        if self.told:
            self._view.value = dashboard(list(self.told))


def dashboard(told: list[Told]) -> str:
    """Return what a stream says, as HTML: the last response, what was done of late, and how it has been doing."""
    last, report = told[-1], told[-1].report
    half, most, nearly_all = (1000.0 * one for one in report.latency["total"])
    counts = ", ".join(
        f"{count} {code}" for code, count in sorted(report.count.items(), key=lambda one: -one[1])
    )
    numbers = (
        ("rate", f"{report.rate:.1f} Hz"),
        ("50, 95, 99 %", f"{half:.0f}, {most:.0f}, {nearly_all:.0f} ms"),
        ("late", str(report.missed)),
        ("memory", f"{resident_bytes() / 2**20:.0f} MB"),
        ("answers", counts),
    )
    rows = "".join(
        f'<span style="margin-right: 18px"><span style="opacity: 0.65">{name}</span> <b>{escape(value)}</b></span>'
        for name, value in numbers
    )
    said = last.response.message or last.response.code.meaning
    return (
        f'<div style="font-size: 13px; line-height: 1.6"><code>{last.response.code.value}</code> '
        f"→ <b>{DOES[last.does]}</b> · {escape(said)}</div>{lanes_svg(told)}"
        f'<div style="font-size: 12.5px; line-height: 1.7">{rows}</div>'
    )


def lanes_svg(told: list[Told]) -> str:
    """Draw what was done on each response, the newest on the right."""
    step = (_WIDTH - 150) / LAST
    dots = "".join(
        f'<circle cx="{_WIDTH - 12 - step * (len(told) - 1 - place):.1f}" cy="{_LANE * (one.does + 0.7):.1f}" r="4" '
        f'fill="{COLOURS[one.does]}"/>'
        for place, one in enumerate(told)
    )
    names = "".join(
        f'<text x="6" y="{_LANE * (lane + 0.7) + 4:.0f}" font-size="12" fill="#262626">{name}</text>'
        for lane, name in enumerate(DOES)
    )
    height = _LANE * (len(DOES) + 0.4)
    return (
        f'<svg role="img" aria-label="The last response: {DOES[told[-1].does]}" viewBox="0 0 {_WIDTH} {height:.0f}" '
        f'style="background: #fff; border-radius: 6px; width: {_WIDTH}px; max-width: 100%; height: auto">{names}{dots}'
        "</svg>"
    )
