"""Accidents as flight recordings: written while they happen, and read back as evidence.

    python -m vla_course.deployment.recorder.accidents.flights --seed 5 --out data/flights

makes the recordings that ship with the course. Their names say nothing of what happened, and their order is drawn.
"""

import argparse
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from vla_course.deployment.recorder import topics
from vla_course.deployment.recorder.accidents.accident import Accident, Sample, accident
from vla_course.deployment.recorder.accidents.evidence import CAUSES, Cause, Diagnosis, Evidence
from vla_course.deployment.recorder.accidents.faulty import FaultyHumanoid
from vla_course.deployment.recorder.flight import Flight
from vla_course.deployment.recorder.messages import Fields, Message, log, message, picture, pose
from vla_course.deployment.recorder.segment import Segment
from vla_course.serving.packets.pictures import encode_picture
from vla_course.simulation.robot.state import RobotState
from vla_course.simulation.scene.cameras import Camera, RobotMount, Tripod

Array = NDArray[np.float64]

PICTURES: Final = 5.0
"""Hz, of the robot's chest camera and of the one of the laboratory"""
_SIZE: Final = (128, 96)
"""pixels"""
_SECONDS: Final = 1.0
"""s before anything went wrong that are kept: small enough to be shipped, and long enough to see what came first"""


class _Photographer:
    """Takes pictures now and then, while a robot walks."""

    def __init__(self) -> None:
        self.taken: list[tuple[float, str, bytes]] = []
        self._cameras: dict[str, Camera] = {}
        self._next = 0.0

    def watch(self, robot: FaultyHumanoid, sample: Sample) -> None:
        """Take a picture with each camera, where it is time for one."""
        if not self._cameras:
            width, height = _SIZE
            stand = Tripod((1.1, -1.5, 1.0), (0.25, 0.0, 0.6))
            self._cameras = {
                "chest": Camera(robot.world, RobotMount(robot, "chest"), width=width, height=height),
                "lab": Camera(robot.world, stand, width=width, height=height),
            }
        if sample.true.time < self._next - 1e-9:
            return
        self._next = sample.true.time + 1.0 / PICTURES
        for name, camera in self._cameras.items():
            self.taken.append((sample.true.time, name, encode_picture(camera.capture().rgb, quality=50)))


def record_accident(cause: Cause, rng: np.random.Generator, path: Path) -> Diagnosis:
    """Write the recording of an accident, from some time before the fall on; return what truly happened.

    Args:
        cause: one of `CAUSES`.
        rng: draws the accident.
        path: of the file, which is new.

    Raises:
        ValueError: there is no such cause.
        OSError: the file cannot be written.
    """
    photographer = _Photographer()
    made = accident(cause, rng, photographer.watch)
    begins = made.truth.time - _SECONDS
    messages = [one for one in (*_sensed(made), *_seen(photographer)) if one.time >= 1e9 * begins]
    with Segment(path) as segment:
        segment.write([_about(made, begins), *sorted(messages, key=lambda one: one.time)])
    return made.truth


def evidence_of(flight: Flight) -> Evidence:
    """Return what a recording has to say of an accident.

    Raises:
        ValueError: it lacks what a laboratory's recording has.
    """
    about = flight.about()
    return Evidence(
        time=flight.times(topics.JOINTS),
        com_acceleration=flight.array(topics.IMU, "com_acceleration"),
        sole_forces=flight.array(topics.SOLES, "forces"),
        asked_torques=flight.array(topics.JOINTS, "asked_torques"),
        given_torques=flight.array(topics.JOINTS, "given_torques"),
        torque_limits=np.array(about["torque_limits"], dtype=np.float64),
        lab_time=flight.array(topics.LAB, "lab_time"),
        sole_positions=flight.array(topics.LAB, "positions"),
        lab_ahead=float(about["lab_ahead"]),
        mass=float(about["mass"]),
        gravity=float(about["gravity"]),
    )


def _about(made: Accident, begins: float) -> Message:
    fields = {
        "mass": made.mass,
        "gravity": made.gravity,
        "torque_limits": made.torque_limits,
        "lab_ahead": made.lab_ahead,
    }
    return message(topics.ABOUT, begins, fields)


def _sensed(made: Accident) -> list[Message]:
    """Return what the robot and the laboratory noted, and the fall."""
    found = []
    for sample in made.samples:
        believed, time = sample.believed, sample.true.time
        joints = {
            "positions": believed.joint_positions.round(3),
            "velocities": believed.joint_velocities.round(1),
            "asked_torques": sample.asked_torques.round(1),
            "given_torques": believed.joint_torques.round(1),
        }
        imu = {
            "com_acceleration": sample.com_acceleration.round(2),
            "angular_velocity": believed.base_angular_velocity.round(3),
        }
        found += [
            message(topics.JOINTS, time, joints),
            message(topics.SOLES, time, {"forces": sample.sole_forces.round(1)}),
            message(topics.IMU, time, imu),
            message(topics.BELIEVED, time, _pose(believed)),
            message(topics.TRUE, time, _pose(sample.true)),
        ]
    for stamp, soles in made.lab:
        # On the robot's clock a picture comes in when it was taken; its stamp is the laboratory's.
        found.append(message(topics.LAB, stamp - made.lab_ahead, {"lab_time": stamp, "positions": soles}))
    found.append(
        message(topics.EVENTS, made.fell_at, log("fatal", "fall: the robot lies on the ground", "incident"))
    )
    return found


def _pose(state: RobotState) -> Fields:
    return pose(state.base_position.round(4), state.base_orientation.round(4))


def _seen(photographer: _Photographer) -> list[Message]:
    return [
        message(topics.CAMERA + name, time, picture(jpeg, name)) for time, name, jpeg in photographer.taken
    ]


def make_flights(folder: Path, seed: int) -> dict[str, Diagnosis]:
    """Write a recording of each cause, in an order that is drawn; return what truly happened, by file name."""
    rng = np.random.default_rng(seed)
    folder.mkdir(parents=True, exist_ok=True)
    order: list[Cause] = list(rng.permutation(list(CAUSES)))
    truths = {}
    for number, cause in enumerate(order, start=1):
        path = folder / f"flight_{number}.mcap"
        path.unlink(missing_ok=True)
        truths[path.name] = record_accident(cause, rng, path)
    return truths


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="folder of the recordings")
    parser.add_argument("--seed", type=int, default=5)
    options = parser.parse_args()
    for name, truth in make_flights(options.out, options.seed).items():
        print(f"{name}: {truth.cause} at {truth.time:.3f} s")
