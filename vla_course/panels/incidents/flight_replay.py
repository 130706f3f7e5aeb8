"""A flight recording as a run in 3-D: what was recorded, made into what the replay of every other day draws."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from vla_course.deployment.recorder import topics
from vla_course.deployment.recorder.accidents.flights import evidence_of
from vla_course.deployment.recorder.flight import Flight
from vla_course.motion.polygon import without_flat_corners
from vla_course.motion.standing.body import SOLES, sole_corners
from vla_course.motion.standing.record import MotionRecord
from vla_course.panels.drawing.replay import Replay, replay
from vla_course.panels.incidents.flight_pictures import fell_at
from vla_course.simulation.robot.description import HumanoidDescription
from vla_course.simulation.robot.model import RobotModel
from vla_course.simulation.robot.state import RobotState

Array = NDArray[np.float64]

_LIFTED = 0.02
"""m: a sole that hangs so much higher than the other carries nothing"""


def flight_record(flight: Flight) -> MotionRecord:
    """Return a recording as a record of a motion; what nobody recorded is nan.

    The pelvis is drawn where it truly was (`topics.TRUE`, privileged) and the joints as they were sensed.

    Raises:
        ValueError: there are no joints or no poses in it.
    """
    from vla_course.reference.day3_humanoid_balance.support import support_polygon

    evidence = evidence_of(flight)
    count = len(evidence.time)
    positions = flight.array(topics.TRUE, "pose", "position")
    turns = flight.array(topics.TRUE, "pose", "orientation")
    joints, speeds = (flight.array(topics.JOINTS, name) for name in ("positions", "velocities"))
    linear = np.gradient(positions, evidence.time, axis=0)
    angular = flight.array(topics.IMU, "angular_velocity")
    description = HumanoidDescription()
    model, corners = RobotModel(description), sole_corners(description)
    centres, velocities, momenta = np.empty((3, count, 3))
    supports = []
    for k in range(count):
        turn = turns[k] / np.linalg.norm(turns[k])
        model.update(
            RobotState(
                float(evidence.time[k]), positions[k], turn, linear[k], angular[k], joints[k], speeds[k],
                evidence.given_torques[k], np.zeros(2),
            )
        )  # fmt: skip
        centres[k], velocities[k], momenta[k] = (
            model.center_of_mass,
            model.com_velocity,
            model.angular_momentum,
        )
        poses = [model.frame_pose(sole) for sole in SOLES]
        lowest = min(place[2] for place, _ in poses)
        down = [place[:2] + corners @ turn[:2].T for place, turn in poses if place[2] < lowest + _LIFTED]
        supports.append(without_flat_corners(support_polygon(np.concatenate(down))))
    return MotionRecord(
        time=evidence.time,
        center_of_mass=centres,
        com_velocity=velocities,
        com_acceleration=evidence.com_acceleration,
        angular_momentum_rate=np.gradient(momenta, evidence.time, axis=0),
        center_of_pressure=np.full((count, 2), np.nan),
        contact_force=evidence.sole_forces[:, :, 2].sum(axis=1),
        push_force=np.zeros((count, 3)),
        base_position=positions,
        base_orientation=turns,
        joint_positions=joints,
        support_polygons=tuple(supports),
        mass=evidence.mass,
        gravity=evidence.gravity,
        fell_at=fell_at(flight) - float(evidence.time[0]),
    )


def replay_flight(flight: Flight, height: int = 400) -> Replay:
    """Show a recording in 3-D."""
    return replay(flight_record(flight), height=height)
