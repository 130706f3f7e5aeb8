"""A flight recording on paper: what the sensors said, what the laboratory's camera saw, and what follows of it."""

from __future__ import annotations

from typing import Final

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from vla_course.deployment.recorder import topics
from vla_course.deployment.recorder.accidents.evidence import Diagnosis, Evidence
from vla_course.deployment.recorder.accidents.flights import evidence_of
from vla_course.deployment.recorder.flight import Flight
from vla_course.panels.drawing import style
from vla_course.panels.drawing.style import Picture, legend_above, picture
from vla_course.simulation.robot.layout import JOINT_NAMES

Array = NDArray[np.float64]

_KNEES: Final = tuple(JOINT_NAMES.index(f"{side}_knee") for side in ("left", "right"))
_COLOURS: Final = (style.COM, style.ZMP)
"""left and right"""
UNEXPLAINED, SLIDES, LACKS, CARRIES = 60.0, 0.1, 10.0, 100.0
"""N, m/s, N m, N: as exercise 5.10 has them"""


def fell_at(flight: Flight) -> float:
    """Return when the robot lay on the ground, s on its clock; the end of a recording that knows of no fall."""
    falls = [event.time for event in flight.events() if event.text.startswith("fall")]
    return falls[0] if falls else flight.ends


def film_picture(flight: Flight, count: int = 7) -> Picture:
    """Show what the laboratory's camera saw, from before the fall on."""
    times, frames = flight.pictures("lab")
    last = int(np.searchsorted(times, fell_at(flight) + 0.1))
    chosen = list(range(max(0, min(last + 1, len(frames)) - count), min(last + 1, len(frames))))
    figure, panes = picture(1, len(chosen), height=1.35, alt="")
    for pane, k in zip(panes, chosen, strict=True):
        pane.imshow(frames[k][:, 16:112], interpolation="lanczos")
        pane.set(xticks=[], yticks=[])
        pane.set_xlabel(f"{times[k]:.2f} s", fontsize=9)
        for spine in pane.spines.values():
            spine.set_visible(False)
    figure.alt = (
        f"{len(chosen)} pictures of a robot that walks and then falls, from {times[chosen[0]]:.2f} s on."
    )
    return figure


def sensed_picture(flight: Flight) -> Picture:
    """Draw what was recorded, as it was recorded: each line on the clock of whoever noted it."""
    evidence, fall = evidence_of(flight), fell_at(flight)
    figure, (loads, pulls, torques, soles) = picture(4, 1, height=7.4, alt="")
    weight = evidence.mass * evidence.gravity
    for k, side in enumerate(("left", "right")):
        loads.plot(
            evidence.time, evidence.sole_forces[:, k, 2], color=_COLOURS[k], lw=1.1, label=f"{side} sole"
        )
    loads.plot(
        evidence.time, evidence.sole_forces[:, :, 2].sum(axis=1), color=style.INK, lw=1.0, label="both"
    )
    loads.axhline(weight, color=style.SOFT, ls="--", lw=1.0, label="weight")
    loads.set(ylabel="load [N]", ylim=(0.0, 2.2 * weight))
    for k, (name, colour) in enumerate(
        zip(("forward", "left", "up"), (style.COM, style.ZMP, style.COP), strict=True)
    ):
        pulls.plot(evidence.time, evidence.com_acceleration[:, k], color=colour, lw=1.1, label=name)
    pulls.set(ylabel="acceleration\n[m/s²]", ylim=(-12.0, 12.0))
    for k, joint in enumerate(_KNEES):
        side = ("left", "right")[k]
        torques.plot(evidence.time, evidence.asked_torques[:, joint], color=_COLOURS[k], lw=0.9, ls="--")
        torques.plot(
            evidence.time, evidence.given_torques[:, joint], color=_COLOURS[k], lw=1.3, label=f"{side} knee"
        )
    torques.plot([], [], color=style.INK, lw=0.9, ls="--", label="asked for")
    limit = float(evidence.torque_limits[_KNEES[0]])
    torques.set(ylabel="torque [N m]", ylim=(-1.2 * limit, 1.2 * limit))
    for k, side in enumerate(("left", "right")):
        way = 100.0 * (evidence.sole_positions[:, k, :2] - evidence.sole_positions[0, k, :2])
        soles.plot(evidence.lab_time, np.hypot(*way.T), color=_COLOURS[k], lw=1.3, label=f"{side} sole")
    soles.set(
        ylabel="way along\nthe ground [cm]",
        ylim=(0.0, 60.0),
        xlabel="time [s]; the last one on the laboratory's clock",
    )
    for axes in (loads, pulls, torques):
        axes.axvline(fall, color=style.INK, lw=1.0, ls=":")
        axes.set_xlim(evidence.time[0], evidence.time[-1])
    loads.text(fall, 2.18 * weight, "it lies ", ha="right", va="top", fontsize=9)
    soles.set_xlim(evidence.lab_time[0], evidence.lab_time[-1])
    for axes in (loads, pulls, torques, soles):
        legend_above(axes, 5)
    figure.alt = (
        f"Loads of both soles, acceleration, torques of the knees and the ways of the soles over "
        f"{flight.ends - flight.begins:.1f} s; at {fall:.2f} s the robot lies on the ground. The ways of the soles are "
        f"on the laboratory's clock, which shows {evidence.lab_ahead:+.2f} s more."
    )
    return figure


def evidence_picture(evidence: Evidence, told: Diagnosis | None, fall: float) -> Picture:
    """Draw what each cause would show, on the robot's clock, with the bands in which a walk stays, and what was told.

    Args:
        evidence: of a recording.
        told: exercise 5.10's answer, or None.
        fall: s, when the robot lay on the ground.
    """
    figure, (forces, soles, motors) = picture(3, 1, height=5.4, alt="", sharex=True)
    time = evidence.time
    other = unexplained(evidence)
    forces.axhspan(-UNEXPLAINED, UNEXPLAINED, color=style.BAND)
    forces.plot(time, -other[:, 2], color=style.COP, label="down")
    forces.plot(time, np.hypot(other[:, 0], other[:, 1]), color=style.PUSH, label="along the ground")
    forces.set(ylabel="unexplained\nforce [N]", ylim=(-250.0, 450.0))
    seen = np.subtract(evidence.lab_time, evidence.lab_ahead)
    for k, side in enumerate(("left", "right")):
        speed = np.linalg.norm(np.diff(evidence.sole_positions[:, k, :2], axis=0), axis=1) / np.diff(seen)
        load = np.interp(seen, time, evidence.sole_forces[:, k, 2])
        carries = (load[1:] > CARRIES) & (load[:-1] > CARRIES)
        soles.plot(seen[1:], speed, color=_COLOURS[k], lw=0.9, alpha=0.35)
        soles.plot(
            seen[1:], np.where(carries, speed, np.nan), color=_COLOURS[k], lw=2.2, label=f"{side}, carries"
        )
    soles.axhspan(0.0, SLIDES, color=style.BAND)
    soles.set(ylabel="speed of\na sole [m/s]", ylim=(0.0, 1.0))
    most = evidence.torque_limits
    gaps = np.abs(np.maximum(np.minimum(evidence.asked_torques, most), -most) - evidence.given_torques)
    motors.axhspan(0.0, LACKS, color=style.BAND)
    motors.plot(time, gaps.max(axis=1), color=style.DCM, label="largest of 28 motors")
    motors.set(
        ylabel="torque that\nis missing [N m]", ylim=(0.0, 80.0), xlabel="time on the robot's clock [s]"
    )
    for axes in (forces, soles, motors):
        _mark(axes, told, fall)
        legend_above(axes, 4)
    motors.set_xlim(time[0], time[-1])
    figure.alt = "Unexplained force, speeds of the soles and missing torque on the robot's clock" + (
        f"; the diagnosis is {told.cause} at {told.time:.2f} s, the robot lies at {fall:.2f} s."
        if told
        else "."
    )
    if told is not None:
        forces.text(
            told.time, 440.0, f" {told.cause}, {told.time:.2f} s", va="top", fontsize=9.5, weight="bold"
        )
    return figure


def inside_picture(flight: Flight) -> Picture:
    """Draw what the robot's inertial sensor told its controller, and how the trunk truly leaned: privileged."""
    fall = fell_at(flight)
    times = flight.times(topics.IMU)
    turning = flight.array(topics.IMU, "angular_velocity")
    figure, (rates, leans) = picture(2, 1, height=3.9, alt="", sharex=True)
    for k, (name, colour) in enumerate(
        zip(("roll", "pitch", "yaw"), (style.COM, style.ZMP, style.COP), strict=True)
    ):
        rates.plot(times, turning[:, k], color=colour, lw=1.1, label=name)
    rates.set(ylabel="gyro [rad/s]", ylim=(-0.4, 0.4))
    for topic, line, said in (
        (topics.BELIEVED, "--", "as the robot was told"),
        (topics.TRUE, "-", "as it was"),
    ):
        x, y, z, w = flight.array(topic, "pose", "orientation").T
        pitch = np.degrees(np.arcsin(np.clip(2.0 * (w * y - z * x), -1.0, 1.0)))
        leans.plot(
            flight.times(topic), pitch, color=style.ZMP, ls=line, lw=1.3, label=f"pitch of the trunk, {said}"
        )
    leans.set(ylabel="angle [°]", ylim=(-12.0, 12.0), xlabel="time on the robot's clock [s]")
    for axes in (rates, leans):
        axes.axvline(fall, color=style.INK, lw=1.0, ls=":")
        legend_above(axes, 4)
    leans.set_xlim(times[0], min(times[-1], fall + 0.1))
    figure.alt = (
        f"Gyro, and pitch of the trunk as the robot was told and as it was; "
        f"at {fall:.2f} s it lies on the ground."
    )
    return figure


def unexplained(evidence: Evidence) -> Array:
    """Return the force (n, 3) N that neither the ground nor weight accounts for."""
    free_of_weight = evidence.com_acceleration + evidence.gravity * np.array([0.0, 0.0, 1.0])
    left: Array = evidence.mass * free_of_weight - sum(np.moveaxis(evidence.sole_forces, 1, 0))
    return left


def _mark(axes: Axes, told: Diagnosis | None, fall: float) -> None:
    axes.axvline(fall, color=style.INK, lw=1.0, ls=":")
    if told is not None:
        axes.axvline(told.time, color=style.INK, lw=1.6)
