"""The contact-aided invariant extended Kalman filter: where the pelvis is, by inertial sensor and standing soles.

The belief is a pose, a velocity and a place for each sole that stands, all in the world, and the two biases of the
inertial sensor (Hartley, Ghaffari, Eustice and Grizzle 2020, "Contact-aided invariant extended Kalman filtering for
robot state estimation", IJRR 39(4); the landmarks are those of Bloesch et al. 2012, "State estimation for legged
robots", RSS). Its error is counted on the right, X_believed X_true^-1 = exp(error): then a sole seen from the pelvis
is a linear measurement, the same wherever the robot is and however it is turned, and what cannot be known - place and
heading - stays unknown however often one linearises.

The 21 numbers of an error: rotation rad, velocity m/s, position m, left sole m, right sole m, gyro bias rad/s,
accelerometer bias m/s^2, three each, world axes but for the biases.
"""

from dataclasses import dataclass, field, fields, replace
from math import hypot, isfinite, sqrt
from typing import Final

import numpy as np
from numpy.typing import NDArray

from vla_course.deployment.estimation.rotations import cross_matrix, exponential, left_jacobian
from vla_course.deployment.estimation.sensors import SensorErrors
from vla_course.serving.packets.bounds import check_numbers

Array = NDArray[np.float64]

SIZE: Final = 21
ROTATION, VELOCITY, POSITION = slice(0, 3), slice(3, 6), slice(6, 9)
SOLES = (slice(9, 12), slice(12, 15))
GYRO_BIAS, ACCELEROMETER_BIAS = slice(15, 18), slice(18, 21)
_UNIT: Final = np.eye(3)
_LEVER: Final = 1.0
"""m, how far a sole moves for a radian of a joint of its leg, all joints together"""


@dataclass
class Belief:
    """What the filter believes, world frame."""

    rotation: Array
    """(3, 3), from the pelvis frame to the world"""
    velocity: Array
    """(3,) m/s"""
    position: Array
    """(3,) m"""
    soles: Array
    """(2, 3) m, where left and right sole stand"""
    gyro_bias: Array
    """(3,) rad/s, pelvis frame"""
    accelerometer_bias: Array
    """(3,) m/s^2, pelvis frame"""
    covariance: Array = field(default_factory=lambda: np.zeros((SIZE, SIZE)))
    """(21, 21) of the error"""


@dataclass(frozen=True)
class FilterNoise:
    """What the filter takes its sensors for. Densities, as in `SensorErrors`, and what no data sheet tells.

    The densities are larger than the sensors': they stand for what the model leaves out as well. Found by replaying
    recorded walks: a sole that may wander more than `slip` is believed while it slides, and takes the velocity along.
    Soles and joints of the simulation do not bend; on a robot whose do, `slip` and `kinematics` are larger.

    Raises:
        ValueError: a number is not finite or negative, or `gate` is 0.
    """

    gyro: float = 3e-4
    """rad/s/sqrt(Hz)"""
    accelerometer: float = 0.005
    """m/s^2/sqrt(Hz)"""
    gyro_walk: float = 1e-5
    """rad/s/sqrt(s)"""
    accelerometer_walk: float = 1e-4
    """m/s^2/sqrt(s)"""
    slip: float = 0.001
    """m/s/sqrt(Hz), of a sole that stands"""
    kinematics: float = 0.0003
    """m, of where the legs say that a sole is, along each axis"""
    gate: float = 16.3
    """-, the greatest squared Mahalanobis distance of an innovation that is believed: 99.9 % of a chi-squared
    distribution with three degrees of freedom; 0: none is"""

    def __post_init__(self) -> None:
        check_numbers(self, dict.fromkeys((one.name for one in fields(self)), 0))

    @classmethod
    def of(cls, errors: SensorErrors) -> "FilterNoise":
        """Return what fits sensors of other quality than the usual one."""
        usual, fitting = SensorErrors(), cls()
        encoder = sqrt(errors.encoder_noise**2 + errors.encoder_step**2 / 12.0)
        return replace(
            fitting,
            gyro=fitting.gyro * errors.gyro_noise / usual.gyro_noise,
            accelerometer=fitting.accelerometer * errors.accelerometer_noise / usual.accelerometer_noise,
            gyro_walk=errors.gyro_walk,
            accelerometer_walk=errors.accelerometer_walk,
            kinematics=hypot(fitting.kinematics, _LEVER * encoder),
        )


class ContactFilter:
    """Predicts by the inertial sensor, corrects by the soles that stand.

    Args:
        belief: to begin with.
        noise: what the sensors are taken for.
        gravity: m/s^2.
    """

    def __init__(self, belief: Belief, noise: FilterNoise | None = None, gravity: float = 9.81) -> None:
        self.belief, self.noise = belief, noise or FilterNoise()
        self._gravity = np.array((0.0, 0.0, -gravity))
        self._gravity_cross = cross_matrix(self._gravity)

    def predict(self, gyro: Array, specific_force: Array, dt: float) -> None:
        """Go on by `dt` s, in which the sensor felt `gyro` (3,) rad/s and `specific_force` (3,) m/s^2, pelvis frame.

        Raises:
            ValueError: a number is not finite, or of a wrong shape; the belief stays what it was.
        """
        for name, felt in (("gyro", gyro), ("specific_force", specific_force)):
            if np.shape(felt) != (3,) or not np.isfinite(felt).all():
                raise ValueError(f"{name} is {felt}, expected (3,) finite numbers")
        if not (isfinite(dt) and dt > 0.0):
            raise ValueError(f"dt is {dt}, expected finite and more than 0 s")
        b, noise = self.belief, self.noise
        turned = b.rotation @ exponential((gyro - b.gyro_bias) * dt)
        acceleration = b.rotation @ (specific_force - b.accelerometer_bias) + self._gravity
        # The error goes on linearly, wherever the robot is; only the biases see where (Hartley et al. 2020, eq. 38).
        flow = np.zeros((SIZE, SIZE))
        flow[VELOCITY, ROTATION] = self._gravity_cross
        flow[POSITION, VELOCITY] = _UNIT
        turning = np.zeros((SIZE, 3))
        turning[ROTATION] = b.rotation
        for part, place in (
            (VELOCITY, b.velocity),
            (POSITION, b.position),
            *zip(SOLES, b.soles, strict=True),
        ):
            turning[part] = cross_matrix(place) @ b.rotation
        flow[:, GYRO_BIAS] = -turning
        flow[VELOCITY, ACCELEROMETER_BIAS] = -b.rotation
        step = dt * flow
        step += step @ step / 2.0
        step[np.diag_indices(SIZE)] += 1.0
        spread = noise.gyro**2 * turning @ turning.T
        white = np.zeros(SIZE)
        white[VELOCITY] = noise.accelerometer**2
        white[9:15] = noise.slip**2
        white[GYRO_BIAS], white[ACCELEROMETER_BIAS] = noise.gyro_walk**2, noise.accelerometer_walk**2
        spread[np.diag_indices(SIZE)] += white
        b.covariance = step @ b.covariance @ step.T + dt * spread
        b.position = b.position + dt * b.velocity + 0.5 * dt * dt * acceleration
        b.velocity = b.velocity + dt * acceleration
        b.rotation = turned

    def correct(self, foot: int, seen: Array) -> bool:
        """Believe that sole `foot` stands where it stood; the legs see it at `seen` (3,) m in the pelvis frame.

        Returns whether it did: a sole farther from there than chance explains has slipped, and tells nothing.
        """
        b = self.belief
        missed = b.rotation @ seen + b.position - b.soles[foot]
        sole = SOLES[foot]
        # H = [0 0 -1 1]: the columns of P H'.
        along = b.covariance[:, sole] - b.covariance[:, POSITION]
        expected = along[sole] - along[POSITION] + self.noise.kinematics**2 * _UNIT
        weighed = np.linalg.solve(expected, np.column_stack((missed, along.T)))
        if not missed @ weighed[:, 0] <= self.noise.gate:  # nor what is no number
            return False
        gain = weighed[:, 1:].T
        b.covariance = b.covariance - gain @ along.T
        b.covariance = (b.covariance + b.covariance.T) / 2.0
        self._move(gain @ missed)
        return True

    def set_down(self, foot: int, seen: Array) -> None:
        """Begin to believe that sole `foot` stands where the legs see it, at `seen` (3,) m in the pelvis frame."""
        b, sole = self.belief, SOLES[foot]
        b.soles[foot] = b.rotation @ seen + b.position
        b.covariance[sole] = b.covariance[POSITION]
        b.covariance[:, sole] = b.covariance[:, POSITION]
        b.covariance[sole, sole] += self.noise.kinematics**2 * _UNIT

    def _move(self, error: Array) -> None:
        """Move the belief by a correction (21,): on the left, as its error is counted on the right."""
        b = self.belief
        turn, along = exponential(error[ROTATION]), left_jacobian(error[ROTATION])
        b.rotation = turn @ b.rotation
        b.velocity = turn @ b.velocity + along @ error[VELOCITY]
        b.position = turn @ b.position + along @ error[POSITION]
        b.soles = b.soles @ turn.T + np.array([along @ error[sole] for sole in SOLES])
        b.gyro_bias = b.gyro_bias + error[GYRO_BIAS]
        b.accelerometer_bias = b.accelerometer_bias + error[ACCELEROMETER_BIAS]
