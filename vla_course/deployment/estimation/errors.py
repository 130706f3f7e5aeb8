"""How far an estimate is from the truth, in the numbers that papers report."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from vla_course.simulation.robot.state import RobotState
from vla_course.simulation.world.rotation import heading_of, rotation_matrix, wrapped


@dataclass(frozen=True)
class EstimateErrors:
    """Errors of a run. Drift is what is left at its end: place and heading are never measured, so it only adds up."""

    drift: float
    """m, level, at the end"""
    height: float
    """m, at the end, positive: believed too high"""
    yaw: float
    """rad, at the end, positive: believed too far to the left"""
    velocity: float
    """m/s, rms over the run and the three axes"""
    fastest: float
    """m/s, the greatest error of a component of the velocity"""
    tilt: float
    """rad, rms of the angle between the true vertical and the believed one"""
    rate: float
    """rad/s, rms of the pelvis's turn rate, over the three axes"""


def errors_of(estimates: Sequence[RobotState], truths: Sequence[RobotState]) -> EstimateErrors:
    """Compare estimates with truths at the same moments.

    Raises:
        ValueError: they do not line up, or there are none.
    """
    if not estimates or [e.time for e in estimates] != [t.time for t in truths]:
        raise ValueError(
            f"{len(estimates)} estimates and {len(truths)} truths, expected some, each at the same moment"
        )
    velocity = np.array(
        [e.base_linear_velocity - t.base_linear_velocity for e, t in zip(estimates, truths, strict=True)]
    )
    rate = np.array(
        [e.base_angular_velocity - t.base_angular_velocity for e, t in zip(estimates, truths, strict=True)]
    )
    tilts = [tilt_error(e, t) for e, t in zip(estimates, truths, strict=True)]
    missed = estimates[-1].base_position - truths[-1].base_position
    turned = heading_of(estimates[-1].base_orientation) - heading_of(truths[-1].base_orientation)
    return EstimateErrors(
        drift=float(np.hypot(*missed[:2])),
        height=float(missed[2]),
        yaw=float(wrapped(turned)),
        velocity=float(np.sqrt(np.mean(velocity**2))),
        fastest=float(np.abs(velocity).max()),
        tilt=float(np.sqrt(np.mean(np.square(tilts)))),
        rate=float(np.sqrt(np.mean(rate**2))),
    )


def tilt_error(estimate: RobotState, truth: RobotState) -> float:
    """Return the angle rad between the true vertical and the believed one, in the pelvis frame."""
    believed, true = rotation_matrix(estimate.base_orientation)[2], rotation_matrix(truth.base_orientation)[2]
    return float(np.arctan2(np.linalg.norm(np.cross(believed, true)), believed @ true))
