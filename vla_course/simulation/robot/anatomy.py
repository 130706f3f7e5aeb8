"""Links and joints of the humanoid, from head to sole, all boxes, cylinders and spheres.

Frames: every link frame has x forward, y left, z up at the zero posture (standing straight, arms
hanging), except the cameras (x out of the lens, y left, z up of the picture) and the tool points
(x along the fingers, y across them, the direction in which they open). The pelvis frame lies midway
between the hip centres. The three hip axes meet in one point, as do the two ankle axes, the three
shoulder axes and the three wrist axes, so that legs and wrists have closed-form kinematics.

Collision shapes are few, for each costs time in every step; the looks are richer. The soles are the
only link of the leg with a shape below the shank: their box is centred on their centre of mass,
which keeps Bullet from wrapping it into a compound shape (slower, and restored inexactly).
"""

from __future__ import annotations

from math import pi
from typing import Final

from vla_course.simulation.robot.description import HumanoidDescription
from vla_course.simulation.robot.urdf import Colour, Frame, Joint, Kind, Link, Part, Vector

WHITE: Final[Colour] = (0.92, 0.93, 0.95)
GRAPHITE: Final[Colour] = (0.22, 0.24, 0.28)
ACCENT: Final[Colour] = (0.98, 0.45, 0.10)
VISOR: Final[Colour] = (0.05, 0.07, 0.10)
GLOW: Final[Colour] = (0.25, 0.85, 0.95)

SOLE_THICKNESS: Final = 0.03
PALM_SIZE: Final[Vector] = (0.05, 0.14, 0.06)
FINGER_SIZE: Final[Vector] = (0.03, 0.015, 0.07)
PALM_MASS: Final = 0.35
FINGER_MASS: Final = 0.06
FINGER_STROKE: Final = 0.05
"""How far each finger opens, m."""
FINGER_FORCE: Final = 25.0
"""Force of the leading finger, N; the following finger may use four times as much."""
WRIST_TO_PALM: Final = 0.05
WRIST_TO_FINGER: Final = 0.08
WRIST_TO_TOOL: Final = WRIST_TO_FINGER + FINGER_SIZE[2] - 0.02
"""The tool point lies 2 cm behind the fingertips."""

ALONG_X: Final[Vector] = (0.0, pi / 2, 0.0)
ALONG_Y: Final[Vector] = (pi / 2, 0.0, 0.0)
UPRIGHT: Final[Vector] = (0.0, 0.0, 0.0)

AXES: Final[dict[str, Vector]] = {"yaw": (0.0, 0.0, 1.0), "roll": (1.0, 0.0, 0.0), "pitch": (0.0, 1.0, 0.0)}


def humanoid_links(description: HumanoidDescription) -> list[Link]:
    """All links, the pelvis first."""
    links = [_pelvis(description), *_head(description)]
    for side in ("left", "right"):
        links += _leg(description, side)
        links += _arm(description, side)
    return links


def humanoid_frames(description: HumanoidDescription) -> list[Frame]:
    """Soles (below the ankle, x ahead), tool points (x out of the hand), cameras (x ahead)."""
    d = description
    frames = []
    for side in ("left", "right"):
        frames.append(Frame(f"{side}_sole", f"{side}_foot", (0.0, 0.0, -d.ankle_height)))
        frames.append(Frame(f"{side}_tool", f"{side}_palm", (0.0, 0.0, -WRIST_TO_TOOL), ALONG_X))
    for place, (parent, origin, pitch) in _camera_mounts(d).items():
        frames.append(Frame(f"{place}_camera", parent, origin, (0.0, pitch, 0.0)))
    return frames


def _camera_mounts(d: HumanoidDescription) -> dict[str, tuple[str, Vector, float]]:
    """Parent link, place m and downward pitch rad of each camera."""
    s = d.trunk_scale
    return {
        "head": ("head", (0.106, 0.0, 0.115 * s), 0.25),
        "chest": ("pelvis", (0.095, 0.0, 0.30 * s), 0.5),
        "pelvis": ("pelvis", (0.08, 0.0, 0.06 * s), 0.9),
    }


def _lenses(d: HumanoidDescription, link: str) -> list[Part]:
    """The cameras that sit on `link`, as things to see and to weigh."""
    return [
        Part("cylinder", (0.008, 0.006), origin, (0.0, pi / 2 + pitch, 0.0), mass=0.01, colour=VISOR)
        for parent, origin, pitch in _camera_mounts(d).values()
        if parent == link
    ]


def _shape(
    kind: Kind,
    size: tuple[float, ...],
    centre: Vector,
    colour: Colour,
    mass: float = 0.0,
    rpy: Vector = UPRIGHT,
    collides: bool = False,
) -> Part:
    return Part(kind, size, centre, rpy, mass, colour, collides)


def _pelvis(d: HumanoidDescription) -> Link:
    s, m, yoke = d.trunk_scale, d.trunk_mass, d.shoulder_width - 0.09
    return Link(
        "pelvis",
        (
            Part("box", (0.20, 0.25, 0.44 * s), (-0.01, 0.0, 0.22 * s), collides=True),
            _shape("box", (0.15, 0.17, 0.10 * s), (0.0, 0.0, 0.055 * s), GRAPHITE, 0.38 * m),
            _shape("box", (0.156, 0.10, 0.07 * s), (0.0, 0.0, 0.07 * s), WHITE),
            _shape("cylinder", (0.075, 0.12 * s), (0.0, 0.0, 0.15 * s), GRAPHITE, 0.10 * m),
            _shape("box", (0.18, 0.27, 0.22 * s), (0.0, 0.0, 0.31 * s), WHITE, 0.30 * m),
            _shape("box", (0.165, 0.23, 0.06 * s), (0.0, 0.0, 0.20 * s), WHITE),
            _shape("box", (0.15, 0.18, 0.03 * s), (0.0, 0.0, 0.165 * s), GRAPHITE),
            _shape("box", (0.07, 0.20, 0.22 * s), (-0.115, 0.0, 0.28 * s), GRAPHITE, 0.18 * m),
            _shape("box", (0.01, 0.06, 0.12 * s), (-0.15, 0.0, 0.30 * s), ACCENT),
            _shape("box", (0.015, 0.19, 0.10 * s), (0.087, 0.0, 0.345 * s), GRAPHITE),
            _shape("box", (0.015, 0.10, 0.018 * s), (0.091, 0.0, 0.365 * s), GLOW),
            _shape("box", (0.012, 0.022, 0.08 * s), (0.087, 0.0, 0.235 * s), ACCENT),
            _shape("cylinder", (0.05, yoke), (0.0, 0.0, 0.40 * s), GRAPHITE, 0.04 * m, ALONG_Y),
            _shape("box", (0.11, 0.15, 0.03 * s), (0.0, 0.0, 0.435 * s), WHITE),
            *_lenses(d, "pelvis"),
        ),
    )


def _head(d: HumanoidDescription) -> list[Link]:
    s, m = d.trunk_scale, d.head_mass
    neck = Link("neck", (_shape("cylinder", (0.042, 0.14 * s), (0.0, 0.0, 0.0), GRAPHITE, 0.2 * m),))
    head = Link(
        "head",
        (
            Part("box", (0.17, 0.15, 0.16 * s), (0.01, 0.0, 0.09 * s), mass=0.8 * m, collides=True),
            _shape("cylinder", (0.085, 0.13), (0.01, 0.0, 0.085 * s), WHITE, rpy=ALONG_Y),
            _shape("box", (0.10, 0.13, 0.06 * s), (0.025, 0.0, 0.03 * s), WHITE),
            _shape("box", (0.04, 0.118, 0.075 * s), (0.083, 0.0, 0.09 * s), VISOR),
            _shape("box", (0.006, 0.014, 0.028 * s), (0.103, 0.028, 0.093 * s), GLOW),
            _shape("box", (0.006, 0.014, 0.028 * s), (0.103, -0.028, 0.093 * s), GLOW),
            _shape("cylinder", (0.045, 0.15), (0.01, 0.0, 0.085 * s), GRAPHITE, rpy=ALONG_Y),
            _shape("cylinder", (0.025, 0.16), (0.01, 0.0, 0.085 * s), ACCENT, rpy=ALONG_Y),
            *_lenses(d, "head"),
        ),
    )
    return [neck, head]


def _leg(d: HumanoidDescription, side: str) -> list[Link]:
    m, length = d.leg_mass, d.thigh_length
    toe = (0.5 - d.ankle_from_heel) * d.foot_length
    floor = SOLE_THICKNESS - d.ankle_height
    sole = (d.foot_length, d.foot_width, SOLE_THICKNESS)
    thigh, shank = length - 0.12, length - 0.10
    return [
        Link(
            f"{side}_hip_yaw_link",
            (_shape("cylinder", (0.045, 0.06), (0.0, 0.0, 0.05), GRAPHITE, 0.10 * m),),
        ),
        Link(
            f"{side}_hip_roll_link",
            (
                _shape("cylinder", (0.042, 0.13), (0.0, 0.0, 0.0), GRAPHITE, 0.12 * m, ALONG_X),
                _shape("cylinder", (0.022, 0.136), (0.0, 0.0, 0.0), ACCENT, rpy=ALONG_X),
            ),
        ),
        Link(
            f"{side}_thigh",
            (
                Part("cylinder", (0.055, thigh), (0.0, 0.0, -length / 2), collides=True),
                _shape("cylinder", (0.058, thigh), (0.0, 0.0, -length / 2), WHITE, 0.40 * m),
                _shape("cylinder", (0.059, 0.015), (0.0, 0.0, -length / 2 - 0.06), GRAPHITE),
                _shape("cylinder", (0.058, 0.10), (0.0, 0.0, 0.0), WHITE, rpy=ALONG_Y),
                _shape("cylinder", (0.030, 0.106), (0.0, 0.0, 0.0), ACCENT, rpy=ALONG_Y),
            ),
        ),
        Link(
            f"{side}_shank",
            (
                _shape("cylinder", (0.052, 0.112), (0.0, 0.0, 0.0), GRAPHITE, 0.06 * m, ALONG_Y),
                _shape("cylinder", (0.030, 0.120), (0.0, 0.0, 0.0), ACCENT, rpy=ALONG_Y),
                Part("cylinder", (0.045, shank), (0.0, 0.0, -length / 2 + 0.01), collides=True),
                _shape("cylinder", (0.044, shank), (0.0, 0.0, -length / 2), WHITE, 0.20 * m),
                _shape("box", (0.06, 0.065, 0.14), (-0.020, 0.0, -0.14), WHITE),
                _shape("box", (0.02, 0.05, 0.16), (0.038, 0.0, -0.15), GRAPHITE),
            ),
        ),
        Link(
            f"{side}_ankle_link",
            (
                _shape("cylinder", (0.032, 0.085), (0.0, 0.0, 0.0), GRAPHITE, 0.03 * m, ALONG_Y),
                _shape("cylinder", (0.016, 0.091), (0.0, 0.0, 0.0), ACCENT, rpy=ALONG_Y),
            ),
        ),
        Link(
            f"{side}_foot",
            (
                _shape("cylinder", (0.028, 0.10), (0.0, 0.0, 0.0), GRAPHITE, 0.02 * m, ALONG_X),
                _shape("box", (0.80 * sole[0], 0.09, 0.022), (toe, 0.0, floor + 0.011), WHITE, 0.01 * m),
                _shape("box", (0.10, 0.075, 0.025), (toe - 0.005, 0.0, floor + 0.03), WHITE),
                _shape(
                    "box", sole, (toe, 0.0, floor - SOLE_THICKNESS / 2), GRAPHITE, 0.06 * m, collides=True
                ),
            ),
        ),
    ]


def _arm(d: HumanoidDescription, side: str) -> list[Link]:
    outward = 1.0 if side == "left" else -1.0
    upper, fore = d.upper_arm_length, d.forearm_length
    m = d.arm_mass - PALM_MASS - 2 * FINGER_MASS
    links = [
        Link(
            f"{side}_shoulder_pitch_link",
            (_shape("cylinder", (0.047, 0.06), (0.0, -0.035 * outward, 0.0), GRAPHITE, 0.18 * m, ALONG_Y),),
        ),
        Link(
            f"{side}_shoulder_roll_link",
            (
                _shape("sphere", (0.056,), (0.0, 0.0, 0.0), WHITE, 0.16 * m),
                _shape("cylinder", (0.026, 0.12), (0.0, 0.0, 0.0), ACCENT, rpy=ALONG_X),
            ),
        ),
        Link(
            f"{side}_upper_arm",
            (
                Part("cylinder", (0.04, upper - 0.06), (0.0, 0.0, -upper / 2), collides=True),
                _shape("cylinder", (0.042, upper - 0.04), (0.0, 0.0, -upper / 2), WHITE, 0.32 * m),
                _shape("cylinder", (0.043, 0.012), (0.0, 0.0, -upper / 2 - 0.02), GRAPHITE),
            ),
        ),
        Link(
            f"{side}_forearm",
            (
                _shape("cylinder", (0.040, 0.086), (0.0, 0.0, 0.0), GRAPHITE, 0.08 * m, ALONG_Y),
                _shape("cylinder", (0.024, 0.092), (0.0, 0.0, 0.0), ACCENT, rpy=ALONG_Y),
                Part("cylinder", (0.036, fore - 0.06), (0.0, 0.0, -fore / 2 - 0.01), collides=True),
                _shape("cylinder", (0.037, fore - 0.05), (0.0, 0.0, -fore / 2), WHITE, 0.18 * m),
            ),
        ),
        Link(
            f"{side}_wrist_yaw_link",
            (_shape("cylinder", (0.030, 0.05), (0.0, 0.0, 0.02), GRAPHITE, 0.04 * m),),
        ),
        Link(
            f"{side}_wrist_pitch_link",
            (_shape("cylinder", (0.028, 0.062), (0.0, 0.0, 0.0), GRAPHITE, 0.04 * m, ALONG_Y),),
        ),
        Link(
            f"{side}_palm",
            (
                _shape("box", PALM_SIZE, (0.0, 0.0, -WRIST_TO_PALM), GRAPHITE, PALM_MASS, collides=True),
                _shape("box", (0.054, 0.07, 0.04), (0.0, 0.0, -WRIST_TO_PALM), WHITE),
            ),
        ),
    ]
    for number, direction in ((1, 1.0), (2, -1.0)):
        centre = (0.0, direction * FINGER_SIZE[1] / 2, -FINGER_SIZE[2] / 2)
        finger = _shape("box", FINGER_SIZE, centre, ACCENT, FINGER_MASS, collides=True)
        links.append(Link(f"{side}_finger_{number}", (finger,)))
    return links


def _joint(
    name: str,
    parent: str,
    child: str,
    origin: Vector,
    limits: tuple[float, float],
    effort: float,
    velocity: float = 12.0,
) -> Joint:
    kind = name.rsplit("_", 1)[-1]
    axis = AXES.get(kind, AXES["pitch"])  # knee and elbow pitch
    return Joint(name, parent, child, "revolute", origin, UPRIGHT, axis, limits, effort, velocity)


def humanoid_joints(description: HumanoidDescription) -> list[Joint]:
    """All joints in the order of `layout.JOINT_NAMES`, then fingers."""
    d, s = description, description.trunk_scale
    joints = [*_leg_joints(d, "left"), *_leg_joints(d, "right")]
    joints += [*_arm_joints(d, "left"), *_arm_joints(d, "right")]
    neck = (0.0, 0.0, 0.49 * s)
    joints.append(_joint("head_yaw", "pelvis", "neck", neck, (-1.4, 1.4), 15.0, 8.0))
    joints.append(_joint("head_pitch", "neck", "head", (0.0, 0.0, 0.04 * s), (-0.5, 1.0), 15.0, 8.0))
    for side in ("left", "right"):
        for number, direction in ((1, 1.0), (2, -1.0)):
            joints.append(
                Joint(
                    f"{side}_finger_{number}",
                    f"{side}_palm",
                    f"{side}_finger_{number}",
                    "prismatic",
                    origin=(0.0, 0.0, -WRIST_TO_FINGER),
                    axis=(0.0, direction, 0.0),
                    # Closed lies inside the limits: a joint at its limit costs a solver row.
                    limits=(-0.002, FINGER_STROKE),
                    effort=4 * FINGER_FORCE,
                    velocity=0.5,
                )
            )
    return joints


def _leg_joints(d: HumanoidDescription, side: str) -> list[Joint]:
    sign = 1.0 if side == "left" else -1.0
    here, knee = (0.0, 0.0, 0.0), (0.0, 0.0, -d.thigh_length)
    roll = (-0.5, 0.8) if side == "left" else (-0.8, 0.5)
    links = [f"{side}_{name}" for name in ("hip_yaw_link", "hip_roll_link", "thigh", "shank", "ankle_link")]
    yaw_link, roll_link, thigh, shank, ankle = links
    hip = (0.0, sign * d.hip_width / 2, 0.0)
    return [
        _joint(f"{side}_hip_yaw", "pelvis", yaw_link, hip, (-1.0, 1.0), 80.0),
        _joint(f"{side}_hip_roll", yaw_link, roll_link, here, roll, 150.0),
        _joint(f"{side}_hip_pitch", roll_link, thigh, here, (-2.1, 0.9), 150.0),
        _joint(f"{side}_knee", thigh, shank, knee, (0.0, 2.4), 200.0),
        _joint(f"{side}_ankle_pitch", shank, ankle, knee, (-1.3, 0.9), 120.0),
        _joint(f"{side}_ankle_roll", ankle, f"{side}_foot", here, (-0.6, 0.6), 80.0),
    ]


def _arm_joints(d: HumanoidDescription, side: str) -> list[Joint]:
    sign = 1.0 if side == "left" else -1.0
    here = (0.0, 0.0, 0.0)
    outward = (-0.4, 2.8) if side == "left" else (-2.8, 0.4)
    names = ("shoulder_pitch_link", "shoulder_roll_link", "upper_arm", "forearm")
    pitch_link, roll_link, upper, fore = (f"{side}_{name}" for name in names)
    yaw, pitch = f"{side}_wrist_yaw_link", f"{side}_wrist_pitch_link"
    shoulder = (0.0, sign * d.shoulder_width / 2, 0.40 * d.trunk_scale)
    elbow, wrist = (0.0, 0.0, -d.upper_arm_length), (0.0, 0.0, -d.forearm_length)
    return [
        _joint(f"{side}_shoulder_pitch", "pelvis", pitch_link, shoulder, (-2.9, 1.2), 60.0),
        _joint(f"{side}_shoulder_roll", pitch_link, roll_link, here, outward, 60.0),
        _joint(f"{side}_shoulder_yaw", roll_link, upper, here, (-1.8, 1.8), 40.0),
        _joint(f"{side}_elbow", upper, fore, elbow, (-2.4, 0.0), 50.0),
        _joint(f"{side}_wrist_yaw", fore, yaw, wrist, (-2.0, 2.0), 15.0),
        _joint(f"{side}_wrist_pitch", yaw, pitch, here, (-1.5, 1.5), 15.0),
        _joint(f"{side}_wrist_roll", pitch, f"{side}_palm", here, (-1.2, 1.2), 15.0),
    ]
