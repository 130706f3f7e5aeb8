"""The gains of standing balance, each with its unit."""

from dataclasses import dataclass, fields


@dataclass(frozen=True)
class BalanceConfig:
    """Gains and limits of `BalanceController`; the defaults stand on the course's humanoid."""

    com_height: float = 0.73
    """m, height of the centre of mass to keep"""
    pendulum_height: float = 0.845
    """m, of the point mass on a stick that sways like the robot, legs and all"""
    trunk_inertia: float = 1.8
    """kg m^2, what resists when trunk, head and arms turn together about the centre of mass"""
    dcm_gain: float = 1.5
    """-, k in p = rest + (1 + k)(xi - rest): how far beyond the DCM the ZMP is put"""
    edge_margin: float = 0.004
    """m, the desired ZMP stays at least this far inside the support polygon"""
    zmp_gain: float = 0.3
    """-, how strongly the measured error of the ZMP is fed back"""
    com_reach: float = 0.10
    """m, the largest shift of the centre of mass that is asked for at once"""
    height_stiffness: float = 100.0
    """1/s^2"""
    height_damping: float = 20.0
    """1/s"""
    trunk_stiffness: float = 40.0
    """1/s^2, how strongly the trunk is brought upright"""
    trunk_damping: float = 10.0
    """1/s"""
    ankle_share: float = 0.4
    """-, fraction of the distance to the edge of the soles that the ankles may use before a step is moved"""
    hip_gain: float = 200.0
    """rad/s^2 per m, trunk acceleration for each metre by which the DCM law overshoots the polygon"""
    hip_limit: float = 60.0
    """rad/s^2, the largest trunk acceleration"""

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if not 0.0 <= value < float("inf"):
                raise ValueError(f"BalanceConfig.{field.name} = {value}: expected a finite number >= 0")


WALKING = BalanceConfig(com_height=0.70, dcm_gain=2.5, edge_margin=0.006, hip_gain=40.0)
"""Gains of a walk: knees more bent, so that long steps do not stretch them, and soles used less far out."""
STANDING = BalanceConfig(com_height=WALKING.com_height)
"""Gains of a walker that stands: those of standing, at the height from which it can step at once."""
