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
    raise NotAttempted("5.7")
