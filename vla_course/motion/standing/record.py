"""What happened in a run, tick by tick, for figures, replays and tests."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vla_course.motion.standing.balance_state import BalanceState
from vla_course.simulation.robot.state import RobotState

Array = NDArray[np.float64]


@dataclass(frozen=True)
class MotionRecord:
    """A run as arrays over its n ticks, SI units, world frame; nan where a quantity had no meaning."""

    time: Array
    """(n,) s"""
    center_of_mass: Array
    """(n, 3) m"""
    com_velocity: Array
    """(n, 3) m/s"""
    com_acceleration: Array
    """(n, 3) m/s^2, mean over the tick that ended at `time`"""
    angular_momentum_rate: Array
    """(n, 3) N m"""
    center_of_pressure: Array
    """(n, 2) m, measured under the soles"""
    contact_force: Array
    """(n,) N, the normal forces of both soles together"""
    push_force: Array
    """(n, 3) N, the hand's force over the tick that ended at `time`"""
    base_position: Array
    """(n, 3) m"""
    base_orientation: Array
    """(n, 4) x y z w"""
    joint_positions: Array
    """(n, 28) rad"""
    support_polygons: tuple[Array, ...]
    """n arrays (m, 2) m"""
    mass: float
    """kg"""
    gravity: float
    """m/s^2"""
    fell_at: float | None
    """s, None for a robot that stayed on its feet"""

    @property
    def fell(self) -> bool:
        """Whether the robot fell."""
        return self.fell_at is not None


class Recorder:
    """Collects ticks and hands them out as a `MotionRecord`."""

    def __init__(self) -> None:
        self._rows: list[tuple[BalanceState, RobotState, Array]] = []

    def add(self, balance: BalanceState, robot: RobotState, push_force: Array) -> None:
        """Keep one tick; `push_force` (3,) N acted over the tick that led to it."""
        self._rows.append((balance, robot, push_force))

    def finish(self, fell_at: float | None) -> MotionRecord:
        """Return the run so far; raises ValueError when it has no tick."""
        if not self._rows:
            raise ValueError("a record needs at least one tick, got none")
        balance = [b for b, _, _ in self._rows]
        robot = [r for _, r, _ in self._rows]
        first = balance[0]
        same = ("time", "center_of_mass", "com_velocity", "com_acceleration", "angular_momentum_rate")
        return MotionRecord(
            **{name: np.array([getattr(b, name) for b in balance]) for name in same},
            center_of_pressure=np.array([center_of_pressure(b) for b in balance]),
            contact_force=np.array([b.contact_forces.sum() for b in balance]),
            push_force=np.array([p for _, _, p in self._rows]),
            base_position=np.array([r.base_position for r in robot]),
            base_orientation=np.array([r.base_orientation for r in robot]),
            joint_positions=np.array([r.joint_positions for r in robot]),
            support_polygons=tuple(b.support_polygon for b in balance),
            mass=first.mass,
            gravity=first.gravity,
            fell_at=fell_at,
        )


def center_of_pressure(state: BalanceState) -> Array:
    """Return the centre of pressure (2,) m; nan where the ground carries under a twentieth of the weight."""
    total = state.contact_forces.sum()
    if total < 0.05 * state.mass * state.gravity:
        return np.full(2, np.nan)
    return state.contact_forces @ state.contact_points[:, :2] / total
