"""Where the trunk of a walker is to face and the ground its height counts from: both follow the feet, eased."""

from dataclasses import dataclass

from vla_course.motion.footsteps.footstep import Footstep
from vla_course.motion.standing.balance_config import BalanceConfig
from vla_course.simulation.world.rotation import wrapped

_EASE = 8.0
"""1/s, how heading and ground height follow the steps, without overshoot"""
_SETTLE = 0.7
"""s, in which a robot that begins to walk goes down to its walking height"""


@dataclass
class _Eased:
    """A number on its way to a goal, as a critically damped spring takes it there."""

    value: float
    rate: float = 0.0

    def go(self, away: float, tick: float) -> None:
        """Move on by `tick` s, `away` from the goal."""
        self.rate += tick * _EASE * (_EASE * away - 2.0 * self.rate)
        self.value += tick * self.rate


class TrunkGoal:
    """Heading and ground height that a walking body is to keep to, from the foot that carries and the other.

    Args:
        config: of the controller that brings the trunk there.
        stance, other: where the feet stand.
        com_height: m, of the centre of mass in the world now; from there it goes down to its walking height.
        time: s of the world, now.
    """

    def __init__(
        self, config: BalanceConfig, stance: Footstep, other: Footstep, com_height: float, time: float
    ) -> None:
        self._config, self._begun = config, time
        self._heading, self._ground = _Eased(stance.yaw), _Eased(_ground(stance, other))
        self._stands_higher = com_height - self._ground.value - config.com_height

    @property
    def heading(self) -> float:
        """The heading rad by now."""
        return self._heading.value

    def follow(self, stance: Footstep, other: Footstep, time: float, tick: float) -> tuple[float, float]:
        """Move on by `tick` s at `time` s of the world; return heading rad and ground m for the body to aim at.

        `other` is where the foot that does not carry stands or is going to land.
        """
        config = self._config
        goal = stance.yaw + wrapped(other.yaw - stance.yaw) / 2.0
        self._heading.go(wrapped(goal - self._heading.value), tick)
        self._ground.go(_ground(stance, other) - self._ground.value, tick)
        left = max(0.0, 1.0 - (time - self._begun) / _SETTLE)
        ground = self._ground.value + left**2 * (3.0 - 2.0 * left) * self._stands_higher
        # The controller brakes every motion: a goal that leads a little makes it follow one that moves.
        return (
            self._heading.value + self._heading.rate * config.trunk_damping / config.trunk_stiffness,
            ground + self._ground.rate * config.height_damping / config.height_stiffness,
        )


def _ground(stance: Footstep, other: Footstep) -> float:
    """Return the height m of the ground half-way between two feet."""
    return (stance.z + other.z) / 2.0
