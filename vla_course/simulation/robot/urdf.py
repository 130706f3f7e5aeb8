"""Links made of primitive shapes, their inertia, and their spelling as URDF."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
Vector = tuple[float, float, float]
Colour = tuple[float, float, float]
Kind = Literal["box", "cylinder", "sphere"]


@dataclass(frozen=True, slots=True)
class Part:
    """One primitive shape of a link. Capsules are left out: pin's URDF reader rejects them.

    Attributes:
        kind: "box" (size: x y z lengths), "cylinder" (size: radius, length, along its z) or "sphere"
            (size: radius), in m.
        centre: m, in the link frame.
        rpy: fixed-axis roll, pitch, yaw of the shape in the link frame, rad.
        mass: kg spread evenly over the shape; 0 for decoration.
        colour: red, green, blue in 0..1, or None for an unseen shape.
        collides: whether the shape touches the world.
    """

    kind: Kind
    size: tuple[float, ...]
    centre: Vector = (0.0, 0.0, 0.0)
    rpy: Vector = (0.0, 0.0, 0.0)
    mass: float = 0.0
    colour: Colour | None = None
    collides: bool = False

    def __post_init__(self) -> None:
        expected = {"box": 3, "cylinder": 2, "sphere": 1}[self.kind]
        if len(self.size) != expected or min(self.size) <= 0.0:
            raise ValueError(f"size of a {self.kind} is {self.size}, expected {expected} positive lengths")
        if self.mass < 0.0:
            raise ValueError(f"mass is {self.mass}, expected at least 0 kg")


@dataclass(frozen=True, slots=True)
class Link:
    """A rigid body: a name and its shapes, of which at least one has mass."""

    name: str
    parts: tuple[Part, ...]

    def __post_init__(self) -> None:
        if self.mass <= 0.0:
            raise ValueError(f"link {self.name} has no mass: pybullet would quietly give it 1 kg")

    @property
    def mass(self) -> float:
        """Mass, kg."""
        return sum(part.mass for part in self.parts)

    @property
    def centre_of_mass(self) -> FloatArray:
        """Centre of mass in the link frame (3,), m."""
        return np.sum([part.mass * np.array(part.centre) for part in self.parts], axis=0) / self.mass

    @property
    def inertia(self) -> FloatArray:
        """Rotational inertia about the centre of mass in link axes (3, 3), kg m^2."""
        total = np.zeros((3, 3))
        centre = self.centre_of_mass
        for part in self.parts:
            rotation = _rotation(part.rpy)
            offset = np.array(part.centre) - centre
            total += rotation @ np.diag(_principal_inertia(part)) @ rotation.T
            total += part.mass * (offset @ offset * np.eye(3) - np.outer(offset, offset))
        return total


@dataclass(frozen=True, slots=True)
class Joint:
    """How a child link hangs on its parent.

    Attributes:
        kind: "revolute" (rad, N m, rad/s), "prismatic" (m, N, m/s) or "fixed".
        origin, rpy: pose of the child's frame in the parent's at zero.
        axis: in the child's frame.
        limits: lower and upper position.
        effort, velocity: greatest effort and speed of the motor.
    """

    name: str
    parent: str
    child: str
    kind: Literal["revolute", "prismatic", "fixed"] = "fixed"
    origin: Vector = (0.0, 0.0, 0.0)
    rpy: Vector = (0.0, 0.0, 0.0)
    axis: Vector = (0.0, 0.0, 1.0)
    limits: tuple[float, float] = (0.0, 0.0)
    effort: float = 0.0
    velocity: float = 0.0


@dataclass(frozen=True, slots=True)
class Frame:
    """A named place on a link: no mass, no shape. `origin` m and `rpy` rad are its pose in the parent's frame."""

    name: str
    parent: str
    origin: Vector
    rpy: Vector = (0.0, 0.0, 0.0)


def robot_text(
    name: str,
    links: Sequence[Link],
    joints: Sequence[Joint],
    frames: Sequence[Frame] = (),
    comment: str = "",
) -> str:
    """Spell links, joints and frames as a URDF document; the same input gives the same bytes."""
    lines = ['<?xml version="1.0"?>', f'<robot name="{name}">']
    if comment:
        lines.insert(1, f"<!-- {comment} -->")
    for link in links:
        lines += _link_lines(link)
    for joint in joints:
        lines += _joint_lines(joint)
    for frame in frames:
        lines.append(f'  <link name="{frame.name}"/>')
        mount = Joint(f"{frame.name}_mount", frame.parent, frame.name, origin=frame.origin, rpy=frame.rpy)
        lines += _joint_lines(mount)
    return "\n".join([*lines, "</robot>"]) + "\n"


def _link_lines(link: Link) -> list[str]:
    inertia = link.inertia
    ixx, ixy, ixz = (_number(value) for value in inertia[0])
    iyy, iyz, izz = (_number(value) for value in (inertia[1, 1], inertia[1, 2], inertia[2, 2]))
    lines = [
        f'  <link name="{link.name}">',
        f'    <inertial><origin xyz="{_numbers(link.centre_of_mass)}" rpy="0 0 0"/>'
        f'<mass value="{_number(link.mass)}"/>',
        f'    <inertia ixx="{ixx}" ixy="{ixy}" ixz="{ixz}" iyy="{iyy}" iyz="{iyz}" izz="{izz}"/></inertial>',
    ]
    for part in link.parts:
        body = f'<origin xyz="{_numbers(part.centre)}" rpy="{_numbers(part.rpy)}"/>{_geometry(part)}'
        if part.colour is not None:
            # A colour is a material of its own name: two materials of one name share a colour.
            shade = "colour_" + "_".join(f"{round(255 * value):03d}" for value in part.colour)
            rgba = f"{_numbers(part.colour)} 1"
            material = f'<material name="{shade}"><color rgba="{rgba}"/></material>'
            lines.append(f"    <visual>{body}{material}</visual>")
        if part.collides:
            lines.append(f"    <collision>{body}</collision>")
    return [*lines, "  </link>"]


def _joint_lines(joint: Joint) -> list[str]:
    lines = [
        f'  <joint name="{joint.name}" type="{joint.kind}">',
        f'    <parent link="{joint.parent}"/><child link="{joint.child}"/>',
        f'    <origin xyz="{_numbers(joint.origin)}" rpy="{_numbers(joint.rpy)}"/>',
    ]
    if joint.kind != "fixed":
        lower, upper = (_number(value) for value in joint.limits)
        lines.append(f'    <axis xyz="{_numbers(joint.axis)}"/>')
        lines.append(
            f'    <limit lower="{lower}" upper="{upper}" effort="{_number(joint.effort)}" '
            f'velocity="{_number(joint.velocity)}"/>'
        )
    return [*lines, "  </joint>"]


def _geometry(part: Part) -> str:
    match part.kind:
        case "box":
            inner = f'<box size="{_numbers(part.size)}"/>'
        case "cylinder":
            inner = f'<cylinder radius="{_number(part.size[0])}" length="{_number(part.size[1])}"/>'
        case "sphere":
            inner = f'<sphere radius="{_number(part.size[0])}"/>'
    return f"<geometry>{inner}</geometry>"


def _principal_inertia(part: Part) -> FloatArray:
    match part.kind:
        case "box":
            x, y, z = part.size
            return part.mass / 12 * np.array([y * y + z * z, x * x + z * z, x * x + y * y])
        case "cylinder":
            radius, length = part.size
            across = part.mass / 12 * (3 * radius**2 + length**2)
            return np.array([across, across, part.mass / 2 * radius**2])
        case "sphere":
            return np.full(3, 0.4 * part.mass * part.size[0] ** 2)


def _rotation(rpy: Vector) -> FloatArray:
    (cr, cp, cy), (sr, sp, sy) = np.cos(rpy), np.sin(rpy)
    return np.array(
        [
            [cy * cp, cy * sp * sr - sy * cr, cy * sp * cr + sy * sr],
            [sy * cp, sy * sp * sr + cy * cr, sy * sp * cr - cy * sr],
            [-sp, cp * sr, cp * cr],
        ]
    )


def _number(value: float) -> str:
    rounded = round(float(value), 9)
    return format(rounded if rounded else 0.0, ".10g")


def _numbers(values: Sequence[float] | FloatArray) -> str:
    return " ".join(_number(value) for value in values)
