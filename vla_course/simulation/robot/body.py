"""The humanoid's body as pybullet holds it: loading, masses, frictions, self-collision, poses of links."""

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from vla_course.simulation.robot.anatomy import humanoid_frames
from vla_course.simulation.robot.description import HumanoidDescription
from vla_course.simulation.robot.humanoid_urdf import urdf_text
from vla_course.simulation.robot.layout import JOINT_NAMES, SIDES
from vla_course.simulation.robot.state import FloatArray, Side
from vla_course.simulation.world.engine import pybullet
from vla_course.simulation.world.rotation import Quaternion, Vector, from_rpy, inverse, multiply, rotate

FINGER_FRICTION = (1.2, 0.02, 0.002)
"""Lateral, spinning (m) and rolling (m) friction of the fingers; Bullet multiplies those of a pair."""

_HAND = ("forearm", "palm", "finger_1", "finger_2")
_LEG = ("thigh", "shank", "foot")


class RobotBody:
    """A loaded humanoid and the indices by which pybullet knows its links and joints.

    Attributes:
        id: pybullet's body id.
        links: index of every link by name; the pelvis is -1. Frames (soles, tool points, cameras) are no
            links of the engine's.
        joints: pybullet's indices of the 28 joints, in the order of `layout.JOINT_NAMES`.
        leaders, followers: joint indices of finger 1 and finger 2, left and right.
        limits: (28, 2) rad.
        efforts: (28,) N m.
        link_masses: kg by link name, as simulated.
        mass: kg in all.

    Raises:
        ValueError: `mass_scale` names an unknown link, or a factor is not positive.
    """

    def __init__(
        self,
        client: int,
        description: HumanoidDescription,
        mass_scale: Mapping[str, float] | float | None,
        foot_friction: float,
    ) -> None:
        self.client = client
        self.id = _load(client, description)
        count = pybullet.getNumJoints(self.id, physicsClientId=client)
        infos = [pybullet.getJointInfo(self.id, k, physicsClientId=client) for k in range(count)]
        index = {info[1].decode(): int(info[0]) for info in infos}
        self.links: dict[str, int] = {"pelvis": -1, **{info[12].decode(): int(info[0]) for info in infos}}
        self.joints = [index[name] for name in JOINT_NAMES]
        self.leaders = [index[f"{side}_finger_1"] for side in SIDES]
        self.followers = [index[f"{side}_finger_2"] for side in SIDES]
        self.soles: tuple[tuple[Side, int], ...] = (
            ("left", self.links["left_foot"]),
            ("right", self.links["right_foot"]),
        )
        self.limits: FloatArray = np.array([infos[k][8:10] for k in self.joints])
        self.efforts: FloatArray = np.array([infos[k][10] for k in self.joints])
        self._frames = {
            frame.name: (self.links[frame.parent], frame.origin, from_rpy(frame.rpy))
            for frame in humanoid_frames(description)
        }
        self._every_link = list(range(count))
        self.link_masses = self._set_masses(mass_scale)
        in_order = sorted(self.links, key=self.links.__getitem__)
        self._mass_vector = np.array([self.link_masses[name] for name in in_order])
        self.mass = float(self._mass_vector.sum())
        self._set_frictions(foot_friction)
        self._choose_self_collisions()
        self._remove_default_motors()
        base = pybullet.getDynamicsInfo(self.id, -1, physicsClientId=client)
        self._inertial_position: Vector = base[3]
        self._inertial_orientation: Quaternion = base[4]

    def _set_masses(self, mass_scale: Mapping[str, float] | float | None) -> dict[str, float]:
        if isinstance(mass_scale, Mapping):
            factors = {name: 1.0 for name in self.links} | dict(mass_scale)
        else:
            factors = dict.fromkeys(self.links, 1.0 if mass_scale is None else float(mass_scale))
        unknown = sorted(set(factors) - set(self.links))
        if unknown:
            raise ValueError(f"mass_scale names {unknown}, expected links among {sorted(self.links)}")
        masses = {}
        for name, index in self.links.items():
            factor = factors[name]
            if not factor > 0.0:
                raise ValueError(f"mass_scale of {name} is {factor}, expected more than 0")
            info = pybullet.getDynamicsInfo(self.id, index, physicsClientId=self.client)
            masses[name] = float(info[0] * factor)
            # A mass changed alone makes pybullet recompute the inertia from the collision shape, so
            # give both; and its default damping of 0.04 would brake the robot like treacle.
            pybullet.changeDynamics(
                self.id,
                index,
                mass=masses[name],
                localInertiaDiagonal=[factor * value for value in info[2]],
                linearDamping=0.0,
                angularDamping=0.0,
                jointDamping=0.0,
                physicsClientId=self.client,
            )
        return masses

    def _set_frictions(self, foot_friction: float) -> None:
        if foot_friction < 0.0:
            raise ValueError(f"foot_friction is {foot_friction}, expected at least 0")
        frictions = {index: (foot_friction, 0.0, 0.0) for _, index in self.soles}
        frictions |= dict.fromkeys([*self.leaders, *self.followers], FINGER_FRICTION)
        for index, (lateral, spinning, rolling) in frictions.items():
            pybullet.changeDynamics(
                self.id,
                index,
                lateralFriction=lateral,
                spinningFriction=spinning,
                rollingFriction=rolling,
                physicsClientId=self.client,
            )

    def _choose_self_collisions(self) -> None:
        """Keep the hands off trunk, head, thighs and each other and the legs off each other.

        pybullet's EXCLUDE_ALL_PARENTS would leave out every pair with the trunk, the root of all.
        """
        wanted = {frozenset((f"left_{a}", f"right_{b}")) for a in _LEG for b in _LEG}
        wanted |= {frozenset((f"left_{a}", f"right_{b}")) for a in _HAND for b in _HAND}
        core = ("pelvis", "head", "left_thigh", "right_thigh")
        wanted |= {frozenset((f"{side}_{a}", b)) for side in SIDES for a in _HAND for b in core}
        solid = [name for name, index in self.links.items() if self._has_shape(index)]
        for k, first in enumerate(solid):
            for second in solid[k + 1 :]:
                pybullet.setCollisionFilterPair(
                    self.id,
                    self.id,
                    self.links[first],
                    self.links[second],
                    int(frozenset((first, second)) in wanted),
                    physicsClientId=self.client,
                )

    def _has_shape(self, index: int) -> bool:
        return bool(pybullet.getCollisionShapeData(self.id, index, physicsClientId=self.client))

    def _remove_default_motors(self) -> None:
        """Every joint is born with a strong motor that wants velocity 0: take its force away."""
        pybullet.setJointMotorControlArray(
            self.id,
            self._every_link,
            pybullet.VELOCITY_CONTROL,
            forces=[0.0] * len(self._every_link),
            physicsClientId=self.client,
        )

    def place(self, position: Sequence[float], orientation: Sequence[float]) -> None:
        """Put the pelvis link's URDF frame at a pose (pybullet itself means the inertial frame)."""
        turn = multiply(orientation, self._inertial_orientation)
        offset = rotate(orientation, self._inertial_position)
        centre = [float(a) + b for a, b in zip(position, offset, strict=True)]
        pybullet.resetBasePositionAndOrientation(self.id, centre, turn, physicsClientId=self.client)

    def pelvis_pose(self) -> tuple[Vector, Quaternion, Vector]:
        """Return position and orientation of the pelvis link's URDF frame, and its CoM, in the world."""
        centre, turn = pybullet.getBasePositionAndOrientation(self.id, physicsClientId=self.client)
        position, orientation = _link_frame(centre, turn, self._inertial_position, self._inertial_orientation)
        return position, orientation, centre

    def link_pose(self, name: str) -> tuple[FloatArray, FloatArray]:
        """Return position (3,) m and orientation (4,) x y z w of a link's URDF frame in the world."""
        if name in self._frames:
            parent, offset, turn = self._frames[name]
            position, orientation = self._pose(parent)
            x, y, z = rotate(orientation, offset)
            position = (position[0] + x, position[1] + y, position[2] + z)
            orientation = multiply(orientation, turn)
        else:
            position, orientation = self._pose(self.link_index(name))
        return np.array(position), np.array(orientation)

    def _pose(self, index: int) -> tuple[Vector, Quaternion]:
        if index == -1:
            position, orientation, _ = self.pelvis_pose()
            return position, orientation
        # Without computeForwardKinematics the pose may be one step old (bullet3#2806). [0] to [3]
        # are the centre of mass's; the frame's own [4] and [5] come in single precision.
        state = pybullet.getLinkState(self.id, index, computeForwardKinematics=1, physicsClientId=self.client)
        return _link_frame(*state[:4])

    def center_of_mass(self) -> FloatArray:
        """Return the whole-body centre of mass (3,), m, from the physics engine's own bodies."""
        base, _ = pybullet.getBasePositionAndOrientation(self.id, physicsClientId=self.client)
        links = pybullet.getLinkStates(
            self.id, self._every_link, computeForwardKinematics=1, physicsClientId=self.client
        )
        positions = np.array([base, *(link[0] for link in links)])
        centre: FloatArray = self._mass_vector @ positions / self.mass
        return centre

    def link_index(self, name: str) -> int:
        """Return pybullet's index of a link, -1 for the pelvis; of a frame, that of the link it is part of.

        Raises:
            ValueError: there is no such link.
        """
        if name in self._frames:
            return self._frames[name][0]
        if name not in self.links:
            raise ValueError(f"link is {name!r}, expected one of {sorted([*self.links, *self._frames])}")
        return self.links[name]


def _link_frame(
    centre: Vector, turn: Quaternion, inertial_position: Vector, inertial_orientation: Quaternion
) -> tuple[Vector, Quaternion]:
    """From the pose of a link's inertial frame to that of its URDF frame."""
    orientation = multiply(turn, inverse(inertial_orientation))
    x, y, z = rotate(orientation, inertial_position)
    return (centre[0] - x, centre[1] - y, centre[2] - z), orientation


def _load(client: int, description: HumanoidDescription) -> int:
    # Without URDF_USE_INERTIA_FROM_FILE pybullet guesses inertia from the collision shapes.
    flags = pybullet.URDF_USE_INERTIA_FROM_FILE | pybullet.URDF_USE_SELF_COLLISION
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "humanoid.urdf"
        path.write_text(urdf_text(description, frames=False), encoding="utf-8")
        body: int = pybullet.loadURDF(str(path), flags=flags, physicsClientId=client)
    return body
