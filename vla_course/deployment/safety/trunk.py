"""How the trunk may bow, turn and rise: within its accelerations, and not onto a table."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from vla_course.deployment.safety.interventions import Intervention, Told
from vla_course.deployment.safety.limits import SafetyLimits
from vla_course.deployment.safety.parts import ClipRates
from vla_course.deployment.safety.surroundings import Surroundings
from vla_course.learning.environment.action_space import HIGHEST_STANCE, LOWEST_STANCE
from vla_course.learning.environment.commanded_body import STANCE_SPEEDS
from vla_course.motion.arms.pose import Pose
from vla_course.motion.hands.clearance import distance_to_table, trunk_balls
from vla_course.simulation.robot.state import RobotState
from vla_course.simulation.world.rotation import rotation_matrix

Array = NDArray[np.float64]

_LEVER: Final = 0.65
"""m, from the hips to the face, which comes down on a table when the trunk bows"""


def stance_rates(
    asked: Array,
    stance: Array,
    before: Array,
    state: RobotState,
    surroundings: Surroundings,
    limits: SafetyLimits,
    clip_rates: ClipRates,
    period: float,
    told: Told,
) -> Array:
    """Return the rates (3,) rad/s, rad/s and m/s of bow, turn and height for the coming tick.

    The nearer chest and face are to a table, the slower the trunk bows and sinks; it may rise at any time.

    Args:
        asked: (3,) the same.
        stance: (3,) rad, rad and m, how the trunk is commanded to be now.
        before: (3,) those of the last tick.
        state: of the robot, as measured.
        surroundings: what the trunk must not touch.
        limits: accelerations and gaps.
        clip_rates: exercise 5.1.
        period: s, of a tick.
        told: gets what was limited.
    """
    rates = np.empty(3)
    for k, brakes in enumerate(limits.stance_acceleration):
        one = slice(k, k + 1)
        bounds = LOWEST_STANCE[one], HIGHEST_STANCE[one], STANCE_SPEEDS[one]
        rates[one] = clip_rates(asked[one], stance[one], *bounds, brakes, limits.gain, period)
    room = _room(state, surroundings) - limits.body_gap
    down = limits.hand_gain * max(room, 0.0)
    nearer = np.array((min(rates[0], down / _LEVER), rates[1], max(rates[2], -down)))
    if (nearer != rates).any():
        why = f"chest or face {100 * room:.1f} cm from the table"
        told.tell(
            Intervention(
                "workspace", "the trunk", abs(rates[0] - nearer[0]), "rad/s", rates[0], nearer[0], why
            )
        )
    step = np.array(limits.stance_acceleration) * period
    return np.clip(nearer, before - step, before + step)


def _room(state: RobotState, surroundings: Surroundings) -> float:
    """Return how far m chest and face are from the nearest table, negative inside; inf without any."""
    if not surroundings.tables:
        return np.inf
    middles, radii = trunk_balls(Pose(state.base_position, rotation_matrix(state.base_orientation)))
    return min(float((distance_to_table(middles, table) - radii).min()) for table in surroundings.tables)
