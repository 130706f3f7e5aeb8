"""The gains of standing balance, each with its unit."""

from dataclasses import dataclass, fields


@dataclass(frozen=True)
class BalanceConfig:
    """Gains and limits of `BalanceController`; the defaults stand on the course's humanoid."""

    com_height: float = 0.72
    """m, height of the centre of mass to keep"""
    dcm_gain: float = 2.0
    """-, k in p = rest + (1 + k)(xi - rest): how far beyond the DCM the ZMP is put"""
    edge_margin: float = 0.008
    """m, the desired ZMP stays at least this far inside the support polygon"""
    zmp_gain: float = 0.5
    """-, share of the ZMP error that is mended in one tick"""
    com_reach: float = 0.10
    """m, the largest shift of the centre of mass that is asked for at once"""
    height_stiffness: float = 100.0
    """1/s^2"""
    height_damping: float = 20.0
    """1/s"""
    trunk_stiffness: float = 60.0
    """1/s^2, how strongly the trunk is brought upright"""
    trunk_damping: float = 12.0
    """1/s"""
    hip_gain: float = 40.0
    """rad/s^2 per m, trunk acceleration for each metre by which the DCM law overshoots the polygon"""
    hip_limit: float = 30.0
    """rad/s^2, the largest trunk acceleration"""

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if not 0.0 <= value < float("inf"):
                raise ValueError(f"BalanceConfig.{field.name} = {value}: expected a finite number >= 0")
