"""The safety layer in curves: with it and without, a joint before its stop, and speed against a person's distance."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from vla_course.deployment.safety.limits import FEET, HANDS, Separation
from vla_course.deployment.safety.parts import AllowedSpeed, ClipRates
from vla_course.panels.deployment.guarded_runs import GuardedRun
from vla_course.panels.drawing.style import (
    CART_TABLE,
    COM,
    COP,
    DCM,
    SOFT,
    ZMP,
    Picture,
    legend_above,
    picture,
)

Array = NDArray[np.float64]

_STOP = 1.2
"""rad, of the joint that is drawn"""
_FASTEST, _BRAKES, _GAIN, _TICK = 2.4, 30.0, 12.0, 0.02
"""rad/s, rad/s^2, 1/s and s: of the same joint; ticks are longer than the robot's, so that one sees them"""


def compared_curves(without: GuardedRun, with_it: GuardedRun, joint_speed: float = 2.4) -> Picture:
    """Draw arm speed and forces of two runs; the scale is logarithmic, for a blow is a hundred times a touch."""
    worst = {
        name: (max(getattr(without, name)), max(getattr(with_it, name)))
        for name in ("arms", "table", "itself")
    }
    figure, panes = picture(
        1, 3, height=2.9,
        alt="Arms, without the layer and with it: fastest joint {:.0f} and {:.1f} rad/s; on the table {:.0f} and "
        "{:.0f} N; on itself {:.0f} and {:.0f} N.".format(*worst["arms"], *worst["table"], *worst["itself"]),
    )  # fmt: skip
    titles = {
        "arms": "fastest joint of an arm (rad/s)",
        "table": "on the table (N)",
        "itself": "on itself (N)",
    }
    for pane, (name, title) in zip(panes, titles.items(), strict=True):
        for run, colour, label in ((without, ZMP, "without"), (with_it, COM, "with the layer")):
            pane.plot(run.time, getattr(run, name), color=colour, label=label)
        pane.set(title=title, xlabel="time (s)", yscale="symlog", ylim=(0.0, None))
        pane.set_title(title, fontsize=10)
        if name == "arms":
            pane.axhline(joint_speed, color=SOFT, ls="--", lw=1.0)
            pane.annotate(
                "limit", (0.02, joint_speed), xycoords=("axes fraction", "data"), fontsize=9, color=SOFT
            )
    panes[2].legend(loc="upper left", frameon=False)
    return figure


def barrier_picture(clip_rates: ClipRates) -> Picture:
    """Let a joint be told to go up to its stop at full speed, and draw where it gets, by what holds it back.

    `clip_rates` is exercise 5.1. Beside it, what the speed limit alone does, and the barrier without brakes.
    """
    ways: dict[str, tuple[str, Callable[[float], float]]] = {
        "speed limit alone": (ZMP, lambda _: _FASTEST),
        "yours": (COM, lambda q: float(_asked(clip_rates, q))),
    }
    figure, (over_time, phase) = picture(
        1, 2, height=3.3, alt="A joint before its stop: its angle, and its speed."
    )
    for label, (colour, speed_at) in ways.items():
        times, angles, speeds = _led(speed_at)
        over_time.plot(times, angles, color=colour, label=label)
        phase.plot(np.array(_STOP) - angles, speeds, ".-", ms=4, color=colour, label=label)
    room = np.linspace(0.0, 0.35, 200)
    phase.plot(
        room,
        np.minimum(np.sqrt(2.0 * _BRAKES * room), 4.0),
        color=CART_TABLE,
        ls="--",
        lw=1.2,
        label="√(2 a d)",
    )
    phase.plot(room, _GAIN * room, color=COP, ls="--", lw=1.2, label="α d")
    over_time.axhline(_STOP, color=SOFT, ls="--", lw=1.0)
    over_time.annotate(
        "stop", (0.0, _STOP), xytext=(2, 3), textcoords="offset points", color=SOFT, fontsize=9
    )
    over_time.set(xlabel="time (s)", ylabel="joint (rad)")
    phase.set(
        xlabel="room before the stop, d (rad)", ylabel="speed (rad/s)", xlim=(0.35, -0.12), ylim=(-0.1, 3.2)
    )
    over_time.legend(loc="lower right", frameon=False)
    legend_above(phase, columns=2)
    return figure


def separation_picture(allowed_speed: AllowedSpeed) -> Picture:
    """Draw the speed that `allowed_speed` (5.2) leaves to hands and to feet, against the distance of a person."""
    figure, panes = picture(
        1, 2, height=3.2, alt="Allowed speed against the distance of a person, hands and feet."
    )
    people: tuple[tuple[str, float | None, str], ...] = (
        ("stands, and was seen to", 0.0, COP),
        ("comes at 0.8 m/s", 0.8, CART_TABLE),
        ("nobody knows", None, DCM),
    )
    parts: tuple[tuple[str, Separation, float], ...] = (("hands", HANDS, 2.0), ("feet", FEET, 5.0))
    for pane, (name, separation, far) in zip(panes, parts, strict=True):
        distances = np.linspace(0.0, far, 160)
        for label, speed, colour in people:
            allowed = [allowed_speed(float(d), speed, separation) for d in distances]
            pane.plot(distances, allowed, color=colour, label=label)
        pane.set_title(f"{name}: brake with {separation.deceleration:g} m/s²", fontsize=10)
        pane.set(xlabel="distance (m)", ylabel="allowed speed (m/s)", ylim=(0.0, None), xlim=(0.0, far))
    panes[1].legend(loc="lower right", title="the person", title_fontsize=9, frameon=False)
    return figure


def _asked(clip_rates: ClipRates, angle: float) -> float:
    one = np.ones(1)
    rates = clip_rates(
        10.0 * one, angle * one, -_STOP * one, _STOP * one, _FASTEST * one, _BRAKES, _GAIN, _TICK
    )
    return float(np.asarray(rates)[0])


def _led(speed_at: Callable[[float], float]) -> tuple[Array, Array, Array]:
    """Return times s, angles rad and speeds rad/s of a joint from half a radian before its stop; beyond, it brakes."""
    angle, speed = _STOP - 0.5, 0.0
    rows = []
    for k in range(round(0.8 / _TICK)):
        wanted = speed_at(angle) if angle < _STOP else 0.0
        speed += float(np.clip(wanted - speed, -_BRAKES * _TICK, _BRAKES * _TICK))
        rows.append((k * _TICK, angle, speed))
        angle += _TICK * speed
    times, angles, speeds = np.array(rows).T
    return times, angles, speeds
