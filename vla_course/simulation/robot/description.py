"""The humanoid as a handful of numbers."""

from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True)
class HumanoidDescription:
    """Sizes in m and masses in kg of a humanoid; the defaults are the course's robot.

    Attributes:
        height: sole to the top of the head, standing straight.
        leg_length: hip centre to sole, leg straight.
        ankle_height: ankle centre to sole; thigh and shank share the rest equally.
        hip_width: between the hip centres.
        foot_length, foot_width: of the sole.
        ankle_from_heel: where the ankle lies along the sole, 0 at the heel, 1 at the toe.
        shoulder_width: between the shoulder centres.
        upper_arm_length: shoulder centre to elbow.
        forearm_length: elbow to wrist centre.
        trunk_mass, leg_mass, arm_mass, head_mass: pelvis with chest, each leg with its foot, each arm
            with its hand, head with neck. Cameras add 0.03 kg.

    Raises:
        ValueError: a number is outside its range or the parts do not fit together.
    """

    height: float = 1.50
    leg_length: float = 0.80
    ankle_height: float = 0.08
    hip_width: float = 0.18
    foot_length: float = 0.22
    foot_width: float = 0.11
    ankle_from_heel: float = 0.52
    shoulder_width: float = 0.40
    upper_arm_length: float = 0.24
    forearm_length: float = 0.22
    trunk_mass: float = 14.4
    leg_mass: float = 11.5
    arm_mass: float = 3.9
    head_mass: float = 1.9

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if not value > 0.0:
                raise ValueError(f"{field.name} is {value}, expected more than 0")
        _expect("height", self.height, 1.0, 2.0)
        _expect("leg_length", self.leg_length, 0.45 * self.height, 0.60 * self.height)
        _expect("ankle_height", self.ankle_height, 0.06, 0.15)
        _expect("hip_width", self.hip_width, self.foot_width + 0.04, 0.5)
        _expect("foot_length", self.foot_length, 0.12, 0.4)
        _expect("foot_width", self.foot_width, 0.06, 0.2)
        _expect("ankle_from_heel", self.ankle_from_heel, 0.2, 0.8)
        _expect("shoulder_width", self.shoulder_width, 0.3, 0.7)
        _expect("upper_arm_length", self.upper_arm_length, 0.15, 0.4)
        _expect("forearm_length", self.forearm_length, 0.15, 0.4)
        _expect("arm_mass", self.arm_mass, 1.5, 20.0)

    @property
    def thigh_length(self) -> float:
        """Hip centre to knee, and knee to ankle centre as well, m."""
        return (self.leg_length - self.ankle_height) / 2

    @property
    def trunk_scale(self) -> float:
        """Everything above the hips grows with it; 1 for the course's robot."""
        return (self.height - self.leg_length) / 0.70


def _expect(name: str, value: float, lower: float, upper: float) -> None:
    if not lower <= value <= upper:
        raise ValueError(f"{name} is {value}, expected {lower:.2f} to {upper:.2f}")
