"""What the robot may never do, as numbers: the limits that the safety layer keeps."""

from dataclasses import dataclass, field, fields
from typing import Final

import numpy as np
from numpy.typing import NDArray

from vla_course.serving.packets.bounds import check_numbers

Array = NDArray[np.float64]

UNKNOWN_PERSON: Final = 1.6
"""m/s, how fast a person walks of whom nobody knows (ISO/TS 15066:2016, 5.5.4.2.3; ISO 13855)"""


@dataclass(frozen=True, slots=True)
class Separation:
    """How a part of the robot stops, and what is not known of where it and a person are.

    Raises:
        ValueError: a number is not finite, negative, or zero where it divides.
    """

    reaction_time: float
    """s, T_r: from the moment a person moves to the moment the part begins to brake"""
    deceleration: float
    """m/s^2, a: with which it brakes then"""
    intrusion: float
    """m, C: how far a hand reaches in before the sensor sees it"""
    uncertainty: float
    """m, Z_d + Z_r: of the place of the person and of the robot's own"""
    fastest: float
    """m/s, the part's greatest speed with nobody near"""

    def __post_init__(self) -> None:
        check_numbers(self, {"reaction_time": 0, "intrusion": 0, "uncertainty": 0})


HANDS: Final = Separation(reaction_time=0.11, deceleration=6.0, intrusion=0.10, uncertainty=0.06, fastest=2.0)
"""a person is looked for ten times a second, and a control period passes"""
FEET: Final = Separation(reaction_time=0.62, deceleration=0.33, intrusion=0.10, uncertainty=0.10, fastest=0.6)
"""whoever has lifted a foot puts it down first: a step of 0.52 s belongs to the reaction"""


@dataclass(frozen=True, slots=True)
class SafetyLimits:
    """The limits of joints, hands, balance and space. The defaults are the course's robot.

    Raises:
        ValueError: a number is not finite, or negative, or something is no number or `Separation` at all.
    """

    arm_speed: float = 2.4
    """rad/s, of each joint of the arms as it is commanded: at 4 arms that flail topple the robot"""
    head_speed: float = 1.5
    """rad/s, of each joint of the head"""
    acceleration: float = 30.0
    """rad/s^2, with which joints of arms and head start and brake"""
    joint_margin: float = 0.03
    """rad, that commands keep from the hard stops: a servo is not where it is told to be"""
    gain: float = 12.0
    """1/s, alpha of the barrier: of the room that is left so much a second may be used up"""
    hand_gain: float = 8.0
    """1/s, the same for what is between the arms and what they must not touch"""
    hand_acceleration: float = 8.0
    """m/s^2, with which a hand can be counted on to brake"""
    table_gap: float = 0.002
    """m, between the arms and the table"""
    body_gap: float = 0.010
    """m, between an arm and trunk, head, legs and the other arm"""
    feet_gap: float = 0.02
    """m, between where the robot would stand and the table"""
    stance_acceleration: tuple[float, float, float] = (4.0, 4.0, 1.2)
    """rad/s^2, rad/s^2 and m/s^2, with which bow, turn and height start and brake"""
    margin_to_slow: float = 0.025
    """m, from the DCM to the edge of the soles of a robot that stands: nearer, arms and trunk slow down"""
    margin_to_hold: float = 0.008
    """m, the same: nearer, they are held"""
    least_confidence: float = 0.0
    """-, below it the robot holds still and asks; `confidence.choose_threshold` finds it"""
    sway: float = 0.15
    """m/s, by which hands stay slower than they may near people: a robot that balances moves a little by itself"""
    hands: Separation = field(default=HANDS)
    """of the hands, from people"""
    feet: Separation = field(default=FEET)
    """of the whole robot, from people"""

    def __post_init__(self) -> None:
        check_numbers(self, dict.fromkeys((entry.name for entry in fields(self)), 0))
        brakes = np.asarray(self.stance_acceleration)
        if (
            brakes.shape != (3,)
            or brakes.dtype.kind not in "fiu"
            or not (brakes >= 0.0).all()
            or np.isinf(brakes).any()
        ):
            what = f"SafetyLimits.stance_acceleration is {self.stance_acceleration!r}"
            raise ValueError(f"{what}, expected three finite numbers, at least 0")
        for name in ("hands", "feet"):
            if not isinstance(getattr(self, name), Separation):
                raise ValueError(f"SafetyLimits.{name} is {getattr(self, name)!r}, expected a Separation")
