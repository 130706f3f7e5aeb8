"""How long does a model think? Measured live against the robot's clock, and under the roofline of this machine."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import cycle, product
from typing import Any, Final

import ipywidgets
import numpy as np
import torch

from vla_course.course.exercise import NotAttempted
from vla_course.learning.encoders.backbones import BACKBONES, backbone
from vla_course.learning.encoders.encoders import LanguageEncoder, VisionEncoder
from vla_course.learning.model.machine import (
    LatencyReport,
    MachineCeiling,
    Roofline,
    count_flops,
    weight_bytes,
)
from vla_course.learning.model.vla_config import DECODERS, Decoder, VLAConfig
from vla_course.panels.drawing import style
from vla_course.panels.drawing.busy import BusyButton
from vla_course.panels.drawing.style import Picture, picture
from vla_course.panels.drawing.waiting import fault_card, needs_card

RATE: Final = 10.0
"""Hz, at which a humanoid's policy has to speak at least"""
SHIPPED: Final = "shipped"
EYES: Final = (SHIPPED, *BACKBONES)
SECONDS: Final = 2.0
"""s, for which a model is timed when nobody says how long"""
SIZES: Final = (64, 128, 256, 512)
_DOTS: Final = (style.COM, style.ZMP, style.COP, style.DCM, style.CART_TABLE)
_COMMAND: Final = ["pick up the red cup"]


@dataclass(frozen=True)
class Candidate:
    """A model that could be chosen, and what it costs."""

    name: str
    report: LatencyReport
    flops: int
    weights: int
    """bytes"""


def step_of(model: Any, steps: int = 8) -> Callable[[], object]:
    """Return one step of a `HumanoidVLA`: three pictures and a command to `steps` actions."""
    size, config = model.vision_encoder.image_size, model.config
    images = [torch.zeros(1, 3, size, size) for _ in config.cameras]
    state = torch.zeros(1, config.state_dim)

    @torch.inference_mode()
    def step() -> object:
        return model(images, _COMMAND, state, sequence_length=steps)

    return step


def runs_within(step: Callable[[], object], seconds: float, least: int = 5, most: int = 200) -> int:
    """Return how many runs of a step take about `seconds` s here, `least` to `most`: a busy machine runs fewer."""
    step()  # the first is mostly the slow one
    begun = time.perf_counter()
    step()
    return max(least, min(most, int(seconds / (time.perf_counter() - begun))))


class LatencyPanel(ipywidgets.VBox):
    """Choose eyes, width and decoder of the humanoid's model, and measure it; every model stays in the picture.

    Args:
        make: builds it, `make(vision, language, config=config)`: the student's `HumanoidVLA` or the reference's.
        measure_latency: exercise 1.9, of the student or of the reference.
        vision, language: the shipped encoders.

    Attributes:
        candidates: what has been measured, the latest last.
        status: HTML, the picture or a card.
    """

    def __init__(
        self,
        make: Callable[..., Any],
        measure_latency: Callable[..., LatencyReport],
        vision: VisionEncoder,
        language: LanguageEncoder,
    ) -> None:
        self._make, self._measure, self._vision, self._language = make, measure_latency, vision, language
        self.candidates: list[Candidate] = []
        wide = {"layout": {"width": "330px"}, "style": {"description_width": "110px"}}
        self.eyes = ipywidgets.Dropdown(options=EYES, description="eyes", **wide)
        self.hidden_size = ipywidgets.SelectionSlider(
            options=SIZES, value=128, description="hidden size", **wide
        )
        self.decoder = ipywidgets.ToggleButtons(options=DECODERS, description="decoder")
        self.button = BusyButton("Measure", "measuring ...", "clock-o")
        self._telling, self._view = ipywidgets.HTML(), ipywidgets.HTML()
        self.button.on_click(self._press)
        super().__init__([self.eyes, self.hidden_size, self.decoder, self.button, self._telling, self._view])
        self.add_class("vla-latency-panel")

    @property
    def status(self) -> str:
        """What is shown, as HTML."""
        return str(self._view.value)

    def measure(
        self,
        eyes: str = SHIPPED,
        hidden_size: int = 128,
        decoder: Decoder = "transformer",
        repeats: int | None = None,
    ) -> Candidate | None:
        """Build a model, measure it, and show it beside the others; None where an exercise is missing or fails.

        Args:
            eyes, hidden_size, decoder: what the model is made of.
            repeats: how many runs are timed; None: as many as fit into `SECONDS`.

        Raises:
            ValueError: there are no such eyes, or no such size or decoder.
        """
        if eyes not in EYES:
            raise ValueError(f"eyes are {eyes!r}, expected one of {EYES}")
        config = VLAConfig(hidden_size=hidden_size, intermediate_size=4 * hidden_size, decoder=decoder)
        with self.button.busy():
            return self._try(eyes, config, decoder, repeats)

    def _try(self, eyes: str, config: VLAConfig, decoder: Decoder, repeats: int | None) -> Candidate | None:
        self._telling.value = f"measuring {eyes}, {config.hidden_size} wide, {decoder} ..."
        try:
            vision = self._vision if eyes == SHIPPED else backbone(eyes).fine_tune(False)  # type: ignore[arg-type]
            model = self._make(vision, self._language, config=config).eval()
            step = step_of(model, config.chunk)
            report = self._measure(step, 3, repeats or runs_within(step, SECONDS))
            name = f"{eyes} · {config.hidden_size} · {decoder}"
            found = Candidate(name, report, count_flops(step), weight_bytes(model))
            candidates = [*(one for one in self.candidates if one.name != name), found]
            shown = latency_picture(candidates).html()
        except NotAttempted as missing:
            self._view.value = needs_card(missing)
        except Exception as fault:  # of the student's code, in a button that shows no traceback
            self._view.value = fault_card("Your model could not be timed", fault)
        else:
            self.candidates, self._view.value = candidates, shown
            return found
        finally:
            self._telling.value = ""
        return None

    def _press(self, _: object) -> None:
        self.measure(self.eyes.value, self.hidden_size.value, self.decoder.value)


def latency_picture(candidates: Sequence[Candidate]) -> Picture:
    """Draw p50 to p99 of each candidate, ms, against the time that a robot has at `RATE`."""
    told = "; ".join(f"{one.name}: {one.report.p50:.0f} to {one.report.p99:.0f} ms" for one in candidates)
    figure, (axes,) = picture(
        height=1.1 + 0.34 * len(candidates),
        alt=f"Latency from the median to the 99th percentile, against {1e3 / RATE:.0f} ms. {told}.",
    )
    for row, one in enumerate(candidates):
        late = one.report.p99 > 1e3 / RATE
        colour = style.ZMP if late else style.COP
        axes.plot([one.report.p50, one.report.p99], [row, row], color=colour, lw=7, solid_capstyle="butt")
        axes.plot(one.report.p50, row, "o", color=style.INK, ms=5)
        axes.text(
            one.report.p99 + 1.0,
            row,
            f" {one.report.control_rate:.3g} Hz · {one.flops / 1e6:.0f} Mflop · {one.weights / 1e6:.1f} MB",
            va="center",
            fontsize=8.5,
            color=style.SOFT,
        )
    axes.axvline(1e3 / RATE, color=style.ZMP, ls="--", lw=1.4)
    axes.text(1e3 / RATE, -0.75, f" {RATE:.0f} Hz", color=style.ZMP, fontsize=9, va="center")
    axes.set_yticks(range(len(candidates)), [one.name for one in candidates], fontsize=9)
    longest = max([1.3 * one.report.p99 for one in candidates] + [1.25e3 / RATE])
    axes.set(
        xlabel="one step, p50 (dot) to p99 (ms)", xlim=(0.0, longest), ylim=(len(candidates) - 0.4, -1.1)
    )
    return figure


def roofline_picture(
    machine: MachineCeiling, roofline: Callable[..., Roofline], candidates: Sequence[Candidate]
) -> Picture:
    """Draw the machine's roof, by `roofline` (exercise 1.10), and each candidate where it really is."""
    ridge = machine.flops / machine.bandwidth
    at = {one.name: roofline(one.flops, one.weights, machine) for one in candidates}
    reached = {one.name: one.flops / (one.report.p50 * 1e-3) for one in candidates}
    span = [roof.intensity for roof in at.values()]
    intensities = np.geomspace(min([*span, ridge]) / 10.0, max([*span, ridge]) * 10.0, 60)
    roof = [roofline(intensity, 1.0, machine).attainable for intensity in intensities.tolist()]
    told = "; ".join(
        f"{name}: {one.bound} bound, {100 * reached[name] / one.attainable:.0f} % of what is attainable"
        for name, one in at.items()
    )
    figure, (axes,) = picture(
        height=3.6,
        alt=f"The roofline of this machine in operations a second against intensity. {told}.",
    )
    axes.loglog(intensities, np.array(roof) / 1e9, color=style.INK, label="what this machine can do")
    for (name, one), (marker, colour) in zip(at.items(), cycle(product("os", _DOTS))):
        share = 100.0 * reached[name] / one.attainable
        axes.plot(
            [one.intensity] * 2, [reached[name] / 1e9, one.attainable / 1e9], color=colour, lw=1.0, ls=":"
        )
        axes.plot(
            one.intensity, reached[name] / 1e9, marker, ms=8, color=colour, label=f"{name}: {share:.0f} %"
        )
    axes.set(xlabel="intensity (flop/byte)", ylabel="done (Gflop/s)")
    figure.legend(loc="outside right upper", fontsize=8.5, frameon=False)
    return figure
