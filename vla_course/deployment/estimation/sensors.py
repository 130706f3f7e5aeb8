"""What a humanoid measures: an inertial sensor in its pelvis, an encoder at each joint, a force sensor under each sole.

The simulator tells the truth; this file makes readings of it, once a step of the physics (500 Hz), each with the
errors of a sensor that can be bought.
"""

from dataclasses import dataclass, fields
from math import pi, radians, sqrt
from typing import Final

import numpy as np
from numpy.typing import NDArray

from vla_course.deployment.estimation.rotations import logarithm
from vla_course.serving.packets.bounds import check_numbers
from vla_course.simulation.robot.humanoid import Humanoid
from vla_course.simulation.robot.state import RobotState, SoleContact
from vla_course.simulation.world.rotation import rotation_matrix

Array = NDArray[np.float64]

GRAVITY: Final = 9.81
"""m/s^2"""


@dataclass(frozen=True)
class SensorErrors:
    """How wrong each sensor is. `SensorErrors.none()` has no errors at all.

    Gyro and accelerometer are those of a Bosch BMI088 (data sheet BST-BMI088-DS001, table 2 and 3), the small chip in
    many drones and legged robots; densities become deviations by sqrt(rate / 2). What the accelerometer is wrong by
    after its calibration is the prior of the filter on Cassie (Hartley et al. 2020, IJRR: `prior_accel_bias_std` of
    their Cassie_StateEstimation). The encoder has 14 bits and sits on the motor's side of a gear of 6:1, as on the
    MIT Mini Cheetah (Katz 2018).

    Raises ValueError: a number is negative or not finite.
    """

    gyro_noise: float = radians(0.014)
    """rad/s/sqrt(Hz), white"""
    gyro_bias: float = radians(1.0)
    """rad/s, about each axis, when it is switched on"""
    gyro_walk: float = 1e-5
    """rad/s/sqrt(s), how that bias wanders: some 2 degrees an hour over minutes"""
    accelerometer_noise: float = 190e-6 * GRAVITY
    """m/s^2/sqrt(Hz), white"""
    accelerometer_bias: float = 0.05
    """m/s^2, along each axis, what its calibration has left: 5 mrad of tilt"""
    accelerometer_walk: float = 1e-4
    """m/s^2/sqrt(s)"""
    accelerometer_range: float = 24.0 * GRAVITY
    """m/s^2, it shows no more, along each axis"""
    encoder_noise: float = 5e-5
    """rad, white"""
    encoder_step: float = 2.0 * pi / 2**14 / 6.0
    """rad, between two numbers that it can show"""
    encoder_zero: float = 1e-3
    """rad, how far its zero is from the joint's, drawn once"""
    force_noise: float = 2.0
    """N, of each component of a sole's force, white"""
    force_zero: float = 5.0
    """N, of each component, drawn once"""
    pressure_noise: float = 0.002
    """m, of where under the sole the force acts"""

    def __post_init__(self) -> None:
        check_numbers(self, dict.fromkeys((one.name for one in fields(self)), 0))

    def times(self, factor: float) -> "SensorErrors":
        """Return sensors that are so many times worse; their range stays."""
        worse = {one.name: factor * getattr(self, one.name) for one in fields(self)}
        return SensorErrors(**{**worse, "accelerometer_range": self.accelerometer_range})

    @classmethod
    def none(cls) -> "SensorErrors":
        """Return perfect sensors."""
        return cls().times(0.0)


@dataclass(frozen=True, slots=True)
class Reading:
    """What all sensors say at one moment. The pelvis frame is where the inertial sensor sits."""

    time: float
    """s"""
    elapsed: float
    """s, since the reading before"""
    gyro: Array
    """(3,) rad/s, mean over `elapsed`, pelvis frame"""
    specific_force: Array
    """(3,) m/s^2, mean over `elapsed`, pelvis frame: what the accelerometer feels, +9.81 upwards at rest"""
    joints: Array
    """(28,) rad"""
    forces: tuple[Array, Array]
    """two (3,) N, of the ground on the left and the right sole, in the frame of that sole"""
    pressures: tuple[Array, Array]
    """two (2,) m, where in its sole's frame that force acts; (0, 0) in the air"""


class RobotSensors:
    """The sensors of one robot.

    An inertial sensor of today adds up faster than it is read out, and gives the mean since the last time. So does
    this one, and it asks where the pelvis is, not what the physics engine calls its velocity: the mean turn rate is the
    turn between two poses, the mean acceleration the change of the mean velocity from one step to the next. The engine
    knows poses to sixteen digits, so that no noise comes of the difference.

    Args:
        humanoid: the robot.
        rng: draws biases, zeros and noise.
        errors: how wrong the sensors are.
    """

    def __init__(
        self, humanoid: Humanoid, rng: np.random.Generator, errors: SensorErrors | None = None
    ) -> None:
        self.errors = errors or SensorErrors()
        self._humanoid, self._rng = humanoid, rng
        self._gyro_bias = self.errors.gyro_bias * rng.standard_normal(3)
        self._accelerometer_bias = self.errors.accelerometer_bias * rng.standard_normal(3)
        self._encoder_zero = self.errors.encoder_zero * rng.standard_normal(28)
        self._force_zero = self.errors.force_zero * rng.standard_normal((2, 3))
        self._before = humanoid.state()
        self._velocity = self._before.base_linear_velocity

    def read(self) -> Reading:
        """Return what the sensors say of the time since the last reading.

        Raises:
            RuntimeError: no time has passed since then.
        """
        state = self._humanoid.state()
        elapsed = state.time - self._before.time
        if not elapsed > 0.0:
            raise RuntimeError(
                f"{elapsed} s have passed since the last reading, expected a step of the world"
            )
        gyro, specific_force = self._felt(state, elapsed)
        self._before = state
        soles = [self._pressed(foot, contact) for foot, contact in enumerate(self._humanoid.sole_contacts())]
        (left, left_at), (right, right_at) = soles
        return Reading(
            state.time,
            elapsed,
            gyro,
            specific_force,
            self._encoded(state.joint_positions),
            (left, right),
            (left_at, right_at),
        )

    def _felt(self, state: RobotState, elapsed: float) -> tuple[Array, Array]:
        """Return what gyro and accelerometer show (3,) rad/s and m/s^2."""
        errors, draw = self.errors, self._rng.standard_normal
        self._gyro_bias = self._gyro_bias + errors.gyro_walk * sqrt(elapsed) * draw(3)
        self._accelerometer_bias = self._accelerometer_bias + errors.accelerometer_walk * sqrt(
            elapsed
        ) * draw(3)
        to_pelvis = rotation_matrix(self._before.base_orientation).T
        gyro = logarithm(to_pelvis @ rotation_matrix(state.base_orientation)) / elapsed
        velocity = (state.base_position - self._before.base_position) / elapsed
        gained, self._velocity = (velocity - self._velocity) / elapsed, velocity
        force = to_pelvis @ (gained + (0.0, 0.0, self._humanoid.world.gravity))
        white = 1.0 / sqrt(2.0 * elapsed)
        gyro = gyro + self._gyro_bias + errors.gyro_noise * white * draw(3)
        force = force + self._accelerometer_bias + errors.accelerometer_noise * white * draw(3)
        reach = errors.accelerometer_range
        return gyro, np.clip(force, -reach, reach)

    def _encoded(self, joints: Array) -> Array:
        """Return what the encoders show (28,) rad of joints that stand there."""
        errors = self.errors
        shown: Array = joints + self._encoder_zero + errors.encoder_noise * self._rng.standard_normal(28)
        return np.round(shown / errors.encoder_step) * errors.encoder_step if errors.encoder_step else shown

    def _pressed(self, foot: int, contact: SoleContact) -> tuple[Array, Array]:
        """Return the force (3,) N on a sole and where it acts (2,) m, both in the sole's frame."""
        errors, draw = self.errors, self._rng.standard_normal
        force = self._force_zero[foot] + errors.force_noise * draw(3)
        place = errors.pressure_noise * draw(2)
        total = contact.force
        if total <= 0.0:
            return force, np.zeros(2)
        position, orientation = self._humanoid.link_pose(f"{contact.side}_sole")
        to_sole = rotation_matrix(orientation).T
        centre = contact.normal_forces @ contact.points / total
        return force + to_sole @ contact.forces.sum(axis=0), place + (to_sole @ (centre - position))[:2]
