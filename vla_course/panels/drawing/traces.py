"""Numbers to draw: what formulas say along a record, where the soles are, when the robot was pushed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vla_course.course.errors import CourseError
from vla_course.motion.standing.body import sole_corners
from vla_course.motion.standing.record import MotionRecord
from vla_course.simulation.robot.description import HumanoidDescription
from vla_course.simulation.robot.model import RobotModel
from vla_course.simulation.robot.state import RobotState

Array = NDArray[np.float64]
Formula = Callable[..., Any]

_TOUCHDOWN = 0.03
"""s, after which the soles carry the robot's weight"""


@dataclass(frozen=True)
class Shove:
    """A push as a record shows it."""

    begin: float
    """s from the start of the record"""
    end: float
    """s"""
    impulse: Array
    """(3,) N s"""
    impulse_over_mass: float
    """N s/kg = m/s, the speed that it gives the robot"""
    direction: float
    """rad, 0 forward (+x), positive to the left"""


def seconds(record: MotionRecord) -> Array:
    """Return the time (n,) s since the record began."""
    return record.time - record.time[0]


def shoves(record: MotionRecord) -> list[Shove]:
    """Return the pushes in a record, in order."""
    pushed = np.linalg.norm(record.push_force, axis=1) > 0.0
    edges = np.flatnonzero(np.diff(np.concatenate(([False], pushed, [False])).astype(int)))
    time, found = seconds(record), []
    for first, after in edges.reshape(-1, 2):
        # The force at a tick acted over the step that led to it.
        step = time[first] - time[first - 1]
        impulse = record.push_force[first:after].sum(axis=0) * step
        strength = float(np.linalg.norm(impulse)) / record.mass
        heading = float(np.arctan2(impulse[1], impulse[0]))
        found.append(Shove(float(time[first] - step), float(time[after - 1]), impulse, strength, heading))
    return found


def zmp_trace(record: MotionRecord, zero_moment_point: Formula) -> Array:
    """Return the multi-body ZMP (n, 2) m along a record; nan in free fall, where there is none."""
    motion = zip(record.center_of_mass, record.com_acceleration, record.angular_momentum_rate, strict=True)
    rows = ((record.mass, *now, record.gravity) for now in motion)
    return _along("zero_moment_point", zero_moment_point, rows)


def cart_table_trace(record: MotionRecord, cart_table_zmp: Formula) -> Array:
    """Return the cart-table's ZMP (n, 2) m along a record."""
    motion = zip(record.center_of_mass, record.com_acceleration, strict=True)
    return _along("cart_table_zmp", cart_table_zmp, ((*now, record.gravity) for now in motion))


def dcm_trace(record: MotionRecord, divergent_component_of_motion: Formula | None = None) -> Array:
    """Return the divergent component of motion (n, 2) m along a record; by default the reference's."""
    from vla_course.reference.day3_humanoid_balance import dcm

    formula = divergent_component_of_motion or dcm.divergent_component_of_motion
    motion = zip(record.center_of_mass, record.com_velocity, strict=True)
    rows = ((*now, record.gravity) for now in motion)
    return _along("divergent_component_of_motion", formula, rows)


def margin_trace(record: MotionRecord, points: Array, stability_margin: Formula | None = None) -> Array:
    """Return the signed distance (n,) m of `points` (n, 2) m to the support's edge; by default the reference's."""
    from vla_course.reference.day3_humanoid_balance import support

    formula = stability_margin or support.stability_margin
    rows = zip(points[:, :2], record.support_polygons, strict=True)
    return _along("stability_margin", formula, rows, ())


def _along(
    name: str, formula: Formula, rows: Iterable[tuple[Any, ...]], shape: tuple[int, ...] = (2,)
) -> Array:
    """Apply a student's formula tick by tick; what is not numbers of that shape gets one clear line."""
    values = []
    for row in rows:
        if any(np.isnan(np.sum(part)) for part in row):
            values.append(np.full(shape, np.nan))
            continue
        try:
            answer = formula(*row)
        except ValueError:
            values.append(np.full(shape, np.nan))
            continue
        try:
            if answer is None:  # which NumPy takes for nan
                raise TypeError
            value = np.asarray(answer, dtype=float)
        except (TypeError, ValueError):
            raise CourseError(f"{name} gave {answer!r}: expected {_spoken(shape)} in m") from None
        if value.shape != shape:
            raise CourseError(f"{name} gave an array of shape {value.shape}: expected {_spoken(shape)} in m")
        values.append(value)
    return np.array(values)


def _spoken(shape: tuple[int, ...]) -> str:
    return "one number" if shape == () else f"{shape[0]} numbers"


def footprints(record: MotionRecord, tick: int = 0) -> list[Array]:
    """Return the outlines (4, 2) m of the left and the right sole at a tick, seen from above."""
    model = RobotModel()
    model.update(
        RobotState(
            time=float(record.time[tick]),
            base_position=record.base_position[tick],
            base_orientation=record.base_orientation[tick],
            base_linear_velocity=np.zeros(3),
            base_angular_velocity=np.zeros(3),
            joint_positions=record.joint_positions[tick],
            joint_velocities=np.zeros(28),
            joint_torques=np.zeros(28),
            gripper_openings=np.ones(2),
        )
    )
    corners = sole_corners(HumanoidDescription())
    return [
        (model.frame_position(sole) + corners @ model.frame_rotation(sole).T)[:, :2]
        for sole in ("left_sole", "right_sole")
    ]


def upright(record: MotionRecord) -> slice:
    """Return the ticks up to the fall, all of them where there was none."""
    if record.fell_at is None:
        return slice(None)
    return slice(0, int(np.searchsorted(seconds(record), record.fell_at)) + 1)


def drawn(record: MotionRecord) -> slice:
    """Return the ticks that figures show: upright, without the first moment, in which the soles find the ground."""
    return slice(int(np.searchsorted(seconds(record), _TOUCHDOWN)), upright(record).stop)
