"""The rates of arms and head that keep every limit of joints and space, a control tick at a time."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from vla_course.deployment.safety.arm_space import ArmSpace, Near
from vla_course.deployment.safety.interventions import Intervention, Limit, Told
from vla_course.deployment.safety.limits import SafetyLimits
from vla_course.deployment.safety.nearest_rates import nearest_rates
from vla_course.deployment.safety.parts import SafetyParts
from vla_course.deployment.safety.surroundings import Surroundings
from vla_course.motion.arms.chain import ARM_SIZE
from vla_course.simulation.robot.layout import ARMS, HEAD, JOINT_NAMES, SIDES

Array = NDArray[np.float64]

UPPER: Final = (*JOINT_NAMES[ARMS], *JOINT_NAMES[HEAD])
"""the 16 joints of arms and head"""
_BOTH: Final = 2 * ARM_SIZE
_TOLD: Final = 1e-6
"""-, changes smaller than that are rounding"""


class ArmGuard:
    """Keeps arms and head of one robot within `limits`.

    Args:
        joint_limits: (28, 2) rad, the hard stops.
        space: knows what the arms come near.

    Attributes:
        fastest: (16,) rad/s, the greatest speed of each joint.
    """

    def __init__(
        self, joint_limits: Array, space: ArmSpace, limits: SafetyLimits, parts: SafetyParts
    ) -> None:
        stops = np.concatenate((joint_limits[ARMS], joint_limits[HEAD]))
        self._lower, self._upper = stops[:, 0] + limits.joint_margin, stops[:, 1] - limits.joint_margin
        self.fastest = np.repeat((limits.arm_speed, limits.head_speed), (_BOTH, len(UPPER) - _BOTH))
        self._space, self._limits, self._clip = space, limits, parts.clip_rates

    def reachable(self, goal: Array, posture: Array, before: Array, seconds: float, told: Told) -> Array:
        """Return the posture (16,) rad within the stops that is nearest to `goal`.

        Tells what a decision asks beyond the limits: to be beyond a stop, to get there from `posture` in `seconds` s
        faster than joints may go, or to change from the rates `before` (16,) rad/s to others by then.
        """
        given = np.clip(goal, self._lower, self._upper)
        margin = self._limits.joint_margin
        self._tell("joint position", goal, given, "rad", told, margin)
        asked = (given - posture) / seconds
        slower = np.clip(asked, -self.fastest, self.fastest)
        self._tell("joint speed", asked, slower, "rad/s", told)
        step = self._limits.acceleration * seconds
        self._tell("joint acceleration", slower, np.clip(slower, before - step, before + step), "rad/s", told)
        return given

    def rates(
        self,
        asked: Array,
        posture: Array,
        before: Array,
        surroundings: Surroundings,
        period: float,
        told: Told,
    ) -> tuple[Array, bool]:
        """Return the rates (16,) rad/s for the coming tick, and whether arms had to brake because no rates keep all.

        Args:
            asked: (16,) rad/s.
            posture: (16,) rad, where arms and head are commanded to be now.
            before: (16,) rad/s, the rates of the last tick.
            surroundings: what the arms must not touch.
            period: s, of a tick.
            told: gets what was limited.
        """
        least, greatest = (
            self._clip(
                sign * self.fastest, posture, self._lower, self._upper, self.fastest,
                self._limits.acceleration, self._limits.gain, period,
            )
            for sign in (-1.0, 1.0)
        )  # fmt: skip
        step = self._limits.acceleration * period
        # Where the barrier asks for more than the brakes give, the brakes decide: they are enough for the stop.
        least = np.clip(least, before - step, before + step)
        greatest = np.clip(greatest, before - step, before + step)
        within = np.clip(asked, least, greatest)
        near = self._space.near(surroundings)
        gap = np.where(near.outside, self._limits.table_gap, self._limits.body_gap)
        bounds = -self._approach(near.distance - gap, period) - near.drift
        arms = nearest_rates(within[:_BOTH], least[:_BOTH], greatest[:_BOTH], near.gradient, bounds)
        brakes = arms is None
        if arms is None:
            arms = before[:_BOTH] - np.clip(before[:_BOTH], -step, step)
        if np.abs(arms - within[:_BOTH]).max() > _TOLD:
            self._tell_collision(near, bounds, within[:_BOTH], arms, told)
        return np.append(arms, within[_BOTH:]), brakes

    def _tell_collision(self, near: Near, bounds: Array, asked: Array, given: Array, told: Told) -> None:
        """Tell of the pair whose bound the rates asked for break most."""
        worst = int((near.gradient @ asked - bounds).argmin())
        away, speed = (float(near.gradient[worst] @ rates + near.drift[worst]) for rates in (asked, given))
        what = "a table or a thing" if near.outside[worst] else "the robot's own body"
        part = f"{SIDES[near.side[worst]]} arm"
        why = f"{part} {100 * near.distance[worst]:.1f} cm from {what}, sent at it with {-away:.2f} m/s"
        told.tell(Intervention("collision", part, speed - away, "m/s", -away, -speed, why))

    def _approach(self, room: Array, period: float) -> Array:
        """Return how fast (n,) m/s what is `room` (n,) m away may be approached: the same barrier as for joints."""
        limits, many = self._limits, np.full(len(room), 1e3)
        return self._clip(
            many, -room, np.full(len(room), -1e3), np.zeros(len(room)), many, limits.hand_acceleration,
            limits.hand_gain, period,
        )  # fmt: skip

    def _tell(
        self, limit: Limit, asked: Array, given: Array, unit: str, told: Told, ignored: float = _TOLD
    ) -> None:
        """Tell of the joint that is limited most, if that is by more than `ignored`."""
        worst = int(np.abs(asked - given).argmax())
        excess = abs(float(asked[worst] - given[worst]))
        if excess > ignored:
            told.tell(
                Intervention(limit, UPPER[worst], excess, unit, float(asked[worst]), float(given[worst]))
            )
