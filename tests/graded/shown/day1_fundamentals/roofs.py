"""Machines, work for them, and how long it takes: the longer of the time for the arithmetic and that for the bytes."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from shown.day3_humanoid_balance.pictures import BLUE, ORANGE
from shown.slips import Case
from vla_course.course.checking.judging import Mismatch
from vla_course.learning.model.machine import MachineCeiling, Roofline

GIGA, MILLI = 1e9, 1e-3


@dataclass(frozen=True)
class Work:
    """Operations and bytes, and the machine that does them."""

    flops: float
    moved_bytes: float
    machine: MachineCeiling

    @property
    def times(self) -> tuple[float, float]:
        """The seconds that the arithmetic takes, and those that the bytes take."""
        return self.flops / self.machine.flops, self.moved_bytes / self.machine.bandwidth

    def answer(self, student: Any) -> Roofline:
        """The student's answer."""
        roof = student.roofline(self.flops, self.moved_bytes, self.machine)
        if not isinstance(roof, Roofline):
            raise Mismatch("roofline should return a Roofline", got=type(roof).__name__)
        return roof

    def numbers(self, intensity: float, rate: float, seconds: float) -> np.ndarray:
        """The three numbers in flop/byte, Gflop/s and ms."""
        return np.array([intensity, rate / GIGA, seconds / MILLI])

    def case(self, student: Any, what: str) -> Case:
        """Intensity, rate and time, and what known mistakes make of them."""
        n, b, peak, fetch = self.flops, self.moved_bytes, self.machine.flops, self.machine.bandwidth
        roof = self.answer(student)
        long, short = max(self.times), min(self.times)
        turned = min(peak, b / n * fetch)
        starved = min(peak, n / b / fetch)
        mistakes = {
            "intensity-upside-down": self.numbers(b / n, turned, n / turned),
            "higher-of-the-two": self.numbers(n / b, n / short, short),
            "memory-ignored": self.numbers(n / b, peak, n / peak),
            "slope-divided": self.numbers(n / b, starved, n / starved),
            "times-added": self.numbers(n / b, n / long, long + short),
            "seconds-at-the-peak": self.numbers(n / b, n / long, n / peak),
            "seconds-upside-down": self.numbers(n / b, n / long, 1.0 / long),
        }
        got = self.numbers(roof.intensity, roof.attainable, roof.seconds)
        right = self.numbers(n / b, n / long, long)
        return Case(what, got, right, mistakes, roof_picture(self, roof))


def some_machine(rng: np.random.Generator) -> MachineCeiling:
    """Between two cores of a laptop and a small accelerator."""
    return MachineCeiling(float(rng.uniform(0.1, 4.0) * 1e12), float(rng.uniform(10.0, 90.0) * 1e9))


def some_work(rng: np.random.Generator, machine: MachineCeiling, ease: float) -> Work:
    """Work whose arithmetic takes `ease` times as long as its bytes."""
    moved = float(rng.uniform(5.0, 50.0) * 1e6)
    return Work(ease * moved * machine.flops / machine.bandwidth, moved, machine)


def roof_picture(work: Work, roof: Roofline) -> Callable[[], Any]:
    """The roof of the machine over the intensity of work, where this work is on it, and where the answer puts it."""

    def draw() -> Any:
        from matplotlib.figure import Figure

        figure = Figure(figsize=(5.6, 3.8), layout="constrained")
        axes = figure.subplots()
        ridge = work.machine.flops / work.machine.bandwidth
        here = work.flops / work.moved_bytes
        along = np.geomspace(min(here, ridge) / 30.0, max(here, ridge) * 30.0, 200)
        reached = along / np.maximum(along / work.machine.flops, 1.0 / work.machine.bandwidth)
        axes.loglog(along, reached / GIGA, color="black", label="the most that the machine can do")
        axes.axvline(ridge, color="black", lw=0.6, ls=":")
        axes.plot(here, work.flops / max(work.times) / GIGA, "o", color=BLUE, ms=9, label="this work")
        if min(roof.intensity, roof.attainable) > 0.0:
            axes.plot(roof.intensity, roof.attainable / GIGA, "s", color=ORANGE, label="yours")
        axes.set(
            xlabel="intensity (flop/byte)",
            ylabel="attainable (Gflop/s)",
            title="Left of the ridge memory decides, right of it arithmetic",
        )
        axes.grid(alpha=0.3)
        axes.legend(fontsize="small")
        return figure

    return draw
