"""Where is the pelvis, and how fast? Told by an accelerometer and the soles that stand: a Kalman filter."""

import numpy as np

from vla_course.course.exercise import NotAttempted, exercise
from vla_course.deployment.estimation.pelvis import PelvisBelief, PelvisNoise, PelvisReading


@exercise("5.7")
def pelvis_step(belief: PelvisBelief, reading: PelvisReading, noise: PelvisNoise) -> PelvisBelief:
    """Go on by one reading: predict by the accelerometer, then correct by each sole that stands (Kalman 1960).

    *Predict.* An accelerometer does not feel gravity: at rest it shows 9.81 m/s^2 *upwards*, what the ground gives. It
    shows that in the pelvis frame, plus `reading.bias`. The acceleration of the pelvis in the world, taken as
    constant over `reading.dt`, moves position and velocity. Along each axis it may be wrong by `noise.acceleration`
    (standard deviation, constant over the step); position and velocity become uncertain by that together.

    *Correct.* A sole that stands is still where it was set down, `reading.footholds`, and the legs see it at
    `reading.soles` from the pelvis: that makes a measurement of the pelvis's position, wrong by `noise.sole` along each
    axis. First the left sole, then the right one, which meets what is believed after the left. A sole tells nothing if

    - it bears less than `noise.least_load`: it is in the air, and its old foothold is no place of anything;
    - it has slipped: the squared Mahalanobis distance of its innovation, by the covariance that the innovation ought to
      have, is greater than `noise.gate`.

    What the legs say of the position tells of the velocity as well: so much as the two are wrong together.

    Args:
        belief: about the moment before the reading.
        reading: of the step that leads to now. Rows: left sole, right sole.
        noise: what the sensors are taken for.

    Returns:
        The belief about now. Its covariance is symmetric, and `belief` is left as it is.

    Raises:
        ValueError: `reading.dt` is not more than 0.
    """
    # BEGIN SOLUTION
    dt = reading.dt
    if not dt > 0.0:
        raise ValueError(f"dt is {dt}, expected more than 0 s")
    felt = reading.rotation @ (reading.specific_force - reading.bias)
    acceleration = felt - np.array([0.0, 0.0, noise.gravity])
    flow = np.eye(6)
    flow[:3, 3:] = dt * np.eye(3)
    push = np.vstack((dt**2 / 2.0 * np.eye(3), dt * np.eye(3)))
    state = flow @ np.concatenate((belief.position, belief.velocity)) + push @ acceleration
    covariance = flow @ belief.covariance @ flow.T + noise.acceleration**2 * push @ push.T
    for sole, foothold, load in zip(reading.soles, reading.footholds, reading.loads, strict=True):
        innovation = foothold - reading.rotation @ sole - state[:3]
        expected = covariance[:3, :3] + noise.sole**2 * np.eye(3)
        if load < noise.least_load or innovation @ np.linalg.solve(expected, innovation) > noise.gate:
            continue
        gain = np.linalg.solve(expected, covariance[:3]).T
        kept = np.eye(6)
        kept[:, :3] -= gain
        state = state + gain @ innovation
        covariance = kept @ covariance @ kept.T + noise.sole**2 * gain @ gain.T
    return PelvisBelief(state[:3], state[3:], (covariance + covariance.T) / 2.0)
    # END SOLUTION
