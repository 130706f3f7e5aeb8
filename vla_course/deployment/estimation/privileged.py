"""Privileged or measured: everything that balance and walking read, and where a real robot has it from."""

from dataclasses import dataclass
from typing import Final, Literal

Standing = Literal["measured", "estimated", "known", "privileged"]


@dataclass(frozen=True)
class Known:
    """One thing that the frame reads of the robot."""

    what: str
    file: str
    """where it is read, below `vla_course/`"""
    read: str
    """what stands there"""
    real: str
    """where a real robot has it from"""
    status: Standing
    """what it is with `EstimatedSenses`: measured, estimated from measurements, known beforehand, or still the truth"""


_BODY: Final = "motion/standing/body.py"

KNOWLEDGE: Final = (
    Known(
        "joint angles", _BODY, "state.joint_positions", "encoders, each with a zero of its own", "measured"
    ),
    Known(
        "joint rates", _BODY, "state.joint_velocities", "tracked from the encoders by the drives", "measured"
    ),
    Known(
        "turn rate of the pelvis",
        _BODY,
        "state.base_angular_velocity",
        "gyro, its bias taken off",
        "measured",
    ),
    Known(
        "which way is up",
        _BODY,
        "state.base_orientation",
        "accelerometer and gyro, with the legs",
        "estimated",
    ),
    Known("heading", _BODY, "heading_of", "gyro, added up; nothing corrects it: it drifts", "estimated"),
    Known(
        "velocity of the pelvis", _BODY, "state.base_linear_velocity", "accelerometer and soles", "estimated"
    ),
    Known("place in the world", _BODY, "state.base_position", "step by step; it drifts", "estimated"),
    Known(
        "force on each sole, all three components",
        _BODY,
        "contact.forces.sum",
        "six-axis sensor in the ankle, where there is one; else guessed from joint torques",
        "measured",
    ),
    Known(
        "where under the sole it acts",
        _BODY,
        "left.points",
        "the same sensor, as a centre of pressure; not point by point",
        "measured",
    ),
    Known(
        "openings of the grippers",
        "learning/environment/hand_loads.py",
        "gripper_openings",
        "encoders",
        "measured",
    ),
    Known("gravity", _BODY, "world.gravity", "9.81 m/s^2", "known"),
    Known(
        "time", "learning/environment/commanded_body.py", "body.tick", "the clock of one computer", "known"
    ),
    Known(
        "lengths of all links",
        _BODY,
        "humanoid.description",
        "drawings and calibration, to a millimetre",
        "privileged",
    ),
    Known(
        "masses and inertias of all links",
        "motion/walking/walker.py",
        "RobotModel.of(humanoid)",
        "drawings and identification, to a few per cent (cables, batteries)",
        "privileged",
    ),
    Known(
        "torque exactly as asked",
        _BODY,
        "self._humanoid.drive",
        "never: friction, play, inertia and delay of a drive",
        "privileged",
    ),
    Known(
        "soles and joints that do not bend",
        "motion/standing/leg_kinematics.py",
        "urdf_text",
        "never: gears have play, legs and soles give way",
        "privileged",
    ),
    Known(
        "from where a camera looks",
        "learning/planned/eyes.py",
        "self._humanoid.state()",
        "the estimate, and a calibration of the camera",
        "privileged",
    ),
    Known(
        "whether it has fallen",
        "motion/walking/loop.py",
        "humanoid.has_fallen()",
        "tilt and height; here it is the judge that asks, no controller does",
        "privileged",
    ),
)
"""Everything, the measured first"""


def privileged_table() -> str:
    """Return all of it as a table in Markdown."""
    head = "| what the frame reads | on a real robot | with `EstimatedSenses` |\n|---|---|---|\n"
    return head + "\n".join(
        f"| {one.what} | {one.real} | {'**privileged**' if one.status == 'privileged' else one.status} |"
        for one in KNOWLEDGE
    )
