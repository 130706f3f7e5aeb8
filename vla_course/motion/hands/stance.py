"""A stance: how far the trunk bows and turns, and how high the body is carried, while the legs keep balance."""

from dataclasses import dataclass, replace
from math import cos, isfinite, sin

import numpy as np
from numpy.typing import NDArray

from vla_course.motion.standing.balance_state import BalanceCommands, BalanceState
from vla_course.motion.standing.loop import Balancer

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Stance:
    """What trunk and legs do for the hands. Zero is standing upright, at home.

    Raises:
        ValueError: a number is not finite.
    """

    bow: float = 0.0
    """rad, the trunk's pitch, positive forward"""
    turn: float = 0.0
    """rad, the trunk's yaw, positive to the left"""
    height: float = 0.0
    """m, of the centre of mass above home, negative when the knees bend"""

    def __post_init__(self) -> None:
        if not (isfinite(self.bow) and isfinite(self.turn) and isfinite(self.height)):
            raise ValueError(f"Stance is {self.bow}, {self.turn}, {self.height}: expected finite numbers")

    def array(self) -> Array:
        """Return bow, turn and height (3,)."""
        return np.array((self.bow, self.turn, self.height))


class StancedBalance:
    """Makes a balance controller keep a stance that is not home, by moving its idea of home.

    The controller sees the trunk as much less bowed and the centre of mass as much higher as the stance
    asks for; so it brings both where they are wanted, and keeps balance there with all it knows. What the
    stance itself moves is added to the joints, so that nothing lags behind.

    Attributes:
        stance: where to be at the next tick.
        rate: (3,) rad/s, rad/s, m/s, how fast bow, turn and height move.
        heading: rad, in which the robot looks when its turn is zero.
        astray: rad, by which the trunk was turned from where the stance has it, at the last command.
    """

    def __init__(self, controller: Balancer, heading: float = 0.0) -> None:
        self._controller = controller
        self.heading = heading
        self.stance, self.rate, self.astray = Stance(), np.zeros(3), 0.0

    @property
    def tilt(self) -> Array:
        """The rotation vector (3,) rad that the stance asks of the trunk, as in `BalanceState.trunk_tilt`."""
        tilt = sin(self.stance.bow) * self._lateral()
        tilt[2] = self.stance.turn
        return tilt

    def _lateral(self) -> Array:
        """Return the axis (3,) about which the trunk bows."""
        heading = self.heading + self.stance.turn
        return np.array((-sin(heading), cos(heading), 0.0))

    def calculate_balance_commands(self, current_state: BalanceState) -> BalanceCommands:
        """Return the controller's commands about the stance."""
        lateral, tilt = self._lateral(), self.tilt
        spin = self.rate[0] * lateral
        spin[2] = self.rate[1]
        rise = np.array((0.0, 0.0, self.rate[2]))
        shown = replace(
            current_state,
            trunk_tilt=current_state.trunk_tilt - tilt,
            trunk_angular_velocity=current_state.trunk_angular_velocity - spin,
            center_of_mass=current_state.center_of_mass - (0.0, 0.0, self.stance.height),
            com_velocity=current_state.com_velocity - rise,
        )
        self.astray = float(np.linalg.norm(shown.trunk_tilt))
        commands = self._controller.calculate_balance_commands(shown)
        moved = current_state.motion_map @ np.concatenate((rise, spin))
        joints = commands.joint_adjustments + current_state.timestep * moved
        return replace(commands, joint_adjustments=joints)
