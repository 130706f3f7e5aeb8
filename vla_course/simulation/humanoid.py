"""The humanoid in a world: spawn it, read it, move it, push it."""

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pybullet
from numpy.typing import ArrayLike, NDArray

from vla_course.simulation.anatomy import FINGER_FORCE, FINGER_STROKE
from vla_course.simulation.description import HumanoidDescription, urdf_text
from vla_course.simulation.layout import JOINT_COUNT, JOINT_NAMES
from vla_course.simulation.robot_state import FloatArray, RobotState, Side, SoleContact
from vla_course.simulation.world import World

_LEG_HOME = (0.0, 0.0, -0.44, 0.80, -0.36, 0.0)
_ARM_HOME = (0.15, 0.15, 0.0, -0.60, 0.0, 0.0, 0.0)
HOME_POSTURE: Final[FloatArray] = np.array(
    [*_LEG_HOME, *_LEG_HOME, *_ARM_HOME, 0.15, -0.15, 0.0, -0.60, 0.0, 0.0, 0.0, 0.0, 0.0]
)
"""(28,) rad: knees slightly bent, elbows bent, soles flat, centre of mass above the middle of the soles."""
HOME_POSTURE.flags.writeable = False

FALLEN_HEIGHT: Final = 0.45
"""Pelvis above the lower sole, m, below which the robot counts as fallen (home: 0.76, deep squat: 0.5)."""

GRIPPER_SPEED: Final = 0.12
"""How fast the commanded finger position moves, m/s."""

_UPPER = ("upper_arm", "forearm", "palm", "finger_1", "finger_2")
_LOWER = ("thigh", "shank", "sole")


@dataclass(frozen=True, slots=True)
class _MotorCommand:
    positions: list[float]
    velocities: list[float]
    position_gains: list[float]
    velocity_gains: list[float]
    torques: list[float]


@dataclass(frozen=True, slots=True)
class _Push:
    force: FloatArray
    point: FloatArray | None
    steps: int


class Humanoid:
    """The course's robot, standing in the home pose with its soles on the ground.

    Args:
        world: where it lives; it joins the world's steps.
        position: (2,) m, of the pelvis on the ground.
        heading: rad, 0 looks along +x, positive turns left.
        description: another robot than the default one.
        mass_scale: factor on the mass and inertia of every link, or of the links named in a mapping.
        foot_friction: Coulomb coefficient of the soles (multiplied by the ground's).
        ground_height: m, of the ground below the feet.

    Raises:
        ValueError: a link named in `mass_scale` does not exist, or a factor is not positive.
    """

    def __init__(
        self,
        world: World,
        *,
        position: Sequence[float] = (0.0, 0.0),
        heading: float = 0.0,
        description: HumanoidDescription | None = None,
        mass_scale: Mapping[str, float] | float | None = None,
        foot_friction: float = 1.0,
        ground_height: float = 0.0,
    ) -> None:
        self.world = world
        self.client = world.client
        self.description = description or HumanoidDescription()
        self.body = self._load()
        self._index_links()
        self._prepare_dynamics(mass_scale, foot_friction)
        self._limit_self_collision()
        self._stand(position, heading, ground_height)
        self._command: _MotorCommand | None = None
        self._grip_goal = (0.0, 0.0)
        self._grip_command = (0.0, 0.0)
        self._pushes: tuple[_Push, ...] = ()
        self.command(HOME_POSTURE)
        world.join(self)

    # ---- birth -------------------------------------------------------------------------------

    def _load(self) -> int:
        flags = pybullet.URDF_USE_INERTIA_FROM_FILE | pybullet.URDF_USE_SELF_COLLISION
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "humanoid.urdf"
            path.write_text(urdf_text(self.description), encoding="utf-8")
            body: int = pybullet.loadURDF(str(path), flags=flags, physicsClientId=self.client)
        return body

    def _index_links(self) -> None:
        count = pybullet.getNumJoints(self.body, physicsClientId=self.client)
        infos = [pybullet.getJointInfo(self.body, k, physicsClientId=self.client) for k in range(count)]
        joints = {info[1].decode(): info[0] for info in infos}
        self._links: dict[str, int] = {info[12].decode(): info[0] for info in infos}
        self._links["pelvis"] = -1
        self._all_links = list(range(count))
        self._joints = [joints[name] for name in JOINT_NAMES]
        self._leaders = [joints["left_finger_1"], joints["right_finger_1"]]
        self._fingers = [*self._leaders, joints["left_finger_2"], joints["right_finger_2"]]
        self._read = [*self._joints, *self._fingers]
        self._soles: tuple[tuple[Side, int], ...] = (
            ("left", self._links["left_sole"]),
            ("right", self._links["right_sole"]),
        )
        mine = [infos[index] for index in self._joints]
        self.joint_limits: FloatArray = np.array([[info[8], info[9]] for info in mine])
        self.joint_efforts: FloatArray = np.array([info[10] for info in mine])
        self._efforts = self.joint_efforts.tolist()
        self._zeros = [0.0] * JOINT_COUNT

    def _prepare_dynamics(self, mass_scale: Mapping[str, float] | float | None, foot_friction: float) -> None:
        scales = mass_scale if isinstance(mass_scale, Mapping) else {}
        overall = 1.0 if mass_scale is None or isinstance(mass_scale, Mapping) else float(mass_scale)
        unknown = set(scales) - set(self._links)
        if unknown:
            raise ValueError(
                f"mass_scale names {sorted(unknown)}, expected links among {sorted(self._links)}"
            )
        masses = []
        for name, index in self._links.items():
            factor = scales.get(name, overall)
            if not factor > 0.0:
                raise ValueError(f"mass_scale of {name} is {factor}, expected more than 0")
            info = pybullet.getDynamicsInfo(self.body, index, physicsClientId=self.client)
            # A mass changed alone makes pybullet recompute the inertia from the collision shape:
            # give both. Its default damping of 0.04 would brake the robot like treacle.
            pybullet.changeDynamics(
                self.body,
                index,
                mass=info[0] * factor,
                localInertiaDiagonal=[factor * value for value in info[2]],
                linearDamping=0.0,
                angularDamping=0.0,
                jointDamping=0.0,
                physicsClientId=self.client,
            )
            masses.append(info[0] * factor)
            if index == -1:
                self._inertial_position, self._inertial_orientation = info[3], info[4]
        self._masses = dict(zip(self._links, masses, strict=True))
        by_index = {index: self._masses[name] for name, index in self._links.items()}
        self._link_masses = np.array([by_index[-1], *(by_index[index] for index in self._all_links)])
        self.mass = float(self._link_masses.sum())
        for _, index in self._soles:
            self._friction(index, foot_friction, 0.0, 0.0)
        for index in self._fingers:
            self._friction(index, 1.2, 0.02, 0.002)

    def _friction(self, link: int, lateral: float, spinning: float, rolling: float) -> None:
        pybullet.changeDynamics(
            self.body,
            link,
            lateralFriction=lateral,
            spinningFriction=spinning,
            rollingFriction=rolling,
            physicsClientId=self.client,
        )

    def _limit_self_collision(self) -> None:
        """Keep arms off trunk, head, legs and each other, and the legs off each other; skip the rest."""
        body_parts = ["pelvis", "head", *(f"{side}_thigh" for side in ("left", "right"))]
        wanted = {frozenset((f"left_{a}", f"right_{b}")) for a in _LOWER for b in _LOWER}
        wanted |= {frozenset((f"left_{a}", f"right_{b}")) for a in _UPPER[1:] for b in _UPPER[1:]}
        wanted |= {
            frozenset((f"{side}_{part}", other))
            for side in ("left", "right")
            for part in _UPPER[1:]
            for other in body_parts
        }
        names = [name for name in self._links if self._collides(name)]
        for k, first in enumerate(names):
            for second in names[k + 1 :]:
                pybullet.setCollisionFilterPair(
                    self.body,
                    self.body,
                    self._links[first],
                    self._links[second],
                    int(frozenset((first, second)) in wanted),
                    physicsClientId=self.client,
                )

    def _collides(self, link: str) -> bool:
        return bool(pybullet.getCollisionShapeData(self.body, self._links[link], physicsClientId=self.client))

    def _stand(self, position: Sequence[float], heading: float, ground_height: float) -> None:
        for joint, angle in zip(self._joints, HOME_POSTURE.tolist(), strict=True):
            pybullet.resetJointState(self.body, joint, angle, 0.0, physicsClientId=self.client)
        # The default motor holds velocity 0 with force and would fight every command.
        pybullet.setJointMotorControlArray(
            self.body,
            self._all_links,
            pybullet.VELOCITY_CONTROL,
            forces=[0.0] * len(self._all_links),
            physicsClientId=self.client,
        )
        x, y = (float(value) for value in position)
        turn = pybullet.getQuaternionFromEuler((0.0, 0.0, heading))
        self._place((x, y, 0.0), turn)
        lowest = min(self.link_pose(f"{side}_sole")[0][2] for side, _ in self._soles)
        self._place((x, y, ground_height - lowest), turn)

    def _place(self, position: Sequence[float], orientation: Sequence[float]) -> None:
        # resetBasePositionAndOrientation means the inertial frame (bullet3#2096).
        place, turn = pybullet.multiplyTransforms(
            position, orientation, self._inertial_position, self._inertial_orientation
        )
        pybullet.resetBasePositionAndOrientation(self.body, place, turn, physicsClientId=self.client)

    # ---- sensing -----------------------------------------------------------------------------

    def state(self) -> RobotState:
        """Return the state as it is now (torques: of the last step)."""
        place, turn = pybullet.getBasePositionAndOrientation(self.body, physicsClientId=self.client)
        linear, angular = pybullet.getBaseVelocity(self.body, physicsClientId=self.client)
        joints = pybullet.getJointStates(self.body, self._read, physicsClientId=self.client)
        back_turn, offset = self._link_frame_offset(turn)
        wx, wy, wz = angular
        ox, oy, oz = offset
        positions, velocities, _, torques = zip(*joints, strict=True)
        fingers = positions[JOINT_COUNT:]
        return RobotState(
            time=self.world.time,
            base_position=np.array((place[0] + ox, place[1] + oy, place[2] + oz)),
            base_orientation=np.array(back_turn),
            base_linear_velocity=np.array(
                (
                    linear[0] + wy * oz - wz * oy,
                    linear[1] + wz * ox - wx * oz,
                    linear[2] + wx * oy - wy * ox,
                )
            ),
            base_angular_velocity=np.array(angular),
            joint_positions=np.array(positions[:JOINT_COUNT]),
            joint_velocities=np.array(velocities[:JOINT_COUNT]),
            joint_torques=np.array(torques[:JOINT_COUNT]),
            gripper_openings=np.array(
                (
                    (fingers[0] + fingers[2]) / (2 * FINGER_STROKE),
                    (fingers[1] + fingers[3]) / (2 * FINGER_STROKE),
                )
            ),
        )

    def _link_frame_offset(
        self, turn: Sequence[float]
    ) -> tuple[tuple[float, float, float, float], tuple[float, float, float]]:
        """From the inertial frame's orientation: the pelvis frame's, and the way from CoM to its origin."""
        _, orientation = pybullet.multiplyTransforms(
            (0.0, 0.0, 0.0), turn, (0.0, 0.0, 0.0), self._inverse_inertial_orientation
        )
        offset, _ = pybullet.multiplyTransforms(
            (0.0, 0.0, 0.0), orientation, self._minus_inertial_position, (0.0, 0.0, 0.0, 1.0)
        )
        return orientation, offset

    @property
    def _inverse_inertial_orientation(self) -> tuple[float, float, float, float]:
        x, y, z, w = self._inertial_orientation
        return -x, -y, -z, w

    @property
    def _minus_inertial_position(self) -> tuple[float, float, float]:
        x, y, z = self._inertial_position
        return -x, -y, -z

    def sole_contacts(self) -> tuple[SoleContact, SoleContact]:
        """Return what the last step's contacts did to the left and to the right sole."""
        left, right = (self._sole_contact(side, link) for side, link in self._soles)
        return left, right

    def _sole_contact(self, side: Side, link: int) -> SoleContact:
        contacts = pybullet.getContactPoints(bodyA=self.body, linkIndexA=link, physicsClientId=self.client)
        if not contacts:
            return _in_the_air(side)
        points = np.array([contact[5] for contact in contacts])
        numbers = np.array([(*c[7], c[9], c[10], *c[11], c[12], *c[13]) for c in contacts])
        normals = numbers[:, 3]
        forces = (
            numbers[:, 0:3] * normals[:, None]
            + numbers[:, 4:5] * numbers[:, 5:8]
            + numbers[:, 8:9] * numbers[:, 9:12]
        )
        return SoleContact(side, points, normals, forces)

    def link_pose(self, name: str) -> tuple[FloatArray, FloatArray]:
        """Return position (3,) m and orientation (4,) x y z w of a link's URDF frame in the world."""
        index = self.link_index(name)
        if index == -1:
            place, turn = pybullet.getBasePositionAndOrientation(self.body, physicsClientId=self.client)
            orientation, offset = self._link_frame_offset(turn)
            return np.array(place) + offset, np.array(orientation)
        # Without computeForwardKinematics the pose is one step old (bullet3#2806).
        state = pybullet.getLinkState(
            self.body, index, computeForwardKinematics=1, physicsClientId=self.client
        )
        return np.array(state[4]), np.array(state[5])

    def center_of_mass(self) -> FloatArray:
        """Return the whole-body centre of mass (3,), m, from the physics engine's own bodies."""
        base, _ = pybullet.getBasePositionAndOrientation(self.body, physicsClientId=self.client)
        links = pybullet.getLinkStates(
            self.body, self._all_links, computeForwardKinematics=1, physicsClientId=self.client
        )
        positions = np.array([base, *(link[0] for link in links)])
        centre: FloatArray = self._link_masses @ positions / self.mass
        return centre

    def has_fallen(self) -> bool:
        """Tell whether the robot is down.

        It is when the pelvis is less than `FALLEN_HEIGHT` above the lower sole, or when anything but
        a sole or a hand touched the ground in the last step.
        """
        allowed = self._may_touch
        for ground in self.world.ground_bodies:
            for contact in pybullet.getContactPoints(
                bodyA=self.body, bodyB=ground, physicsClientId=self.client
            ):
                if contact[3] not in allowed and contact[9] > 0.0:
                    return True
        pelvis = self.link_pose("pelvis")[0][2]
        lower = min(self.link_pose(f"{side}_sole")[0][2] for side, _ in self._soles)
        return bool(pelvis - lower < FALLEN_HEIGHT)

    @property
    def _may_touch(self) -> frozenset[int]:
        hands = [self._links[f"{side}_palm"] for side in ("left", "right")]
        return frozenset([*(index for _, index in self._soles), *hands, *self._fingers])

    def link_index(self, name: str) -> int:
        """Return pybullet's index of a link (-1 for the pelvis).

        Raises:
            ValueError: there is no such link.
        """
        try:
            return self._links[name]
        except KeyError:
            raise ValueError(f"link is {name!r}, expected one of {sorted(self._links)}") from None

    @property
    def link_masses(self) -> dict[str, float]:
        """Mass of every link as simulated, kg."""
        return dict(self._masses)

    # ---- acting ------------------------------------------------------------------------------

    def command(
        self,
        positions: ArrayLike,
        velocities: ArrayLike | None = None,
        *,
        position_gain: float | ArrayLike = 0.3,
        velocity_gain: float | ArrayLike = 1.0,
        max_torques: ArrayLike | None = None,
    ) -> None:
        """Set the motors' targets; they hold until the next command.

        The motor looks for the velocity at the end of the step, v+ = position_gain * error / timestep
        + v + velocity_gain * (target velocity - v), with no more torque than allowed. The gains are
        therefore dimensionless: with velocity_gain 1 the joint follows as a first-order servo of
        time constant timestep / position_gain. Pass `velocities` of a moving target, or it lags.

        Args:
            positions: (28,) rad.
            velocities: (28,) rad/s; default still.
            position_gain, velocity_gain: one number or (28,).
            max_torques: (28,) N m; default the efforts of the URDF.

        Raises:
            ValueError: wrong shape, or a target that is not finite.
        """
        self._command = _MotorCommand(
            _targets("positions", positions),
            self._zeros if velocities is None else _targets("velocities", velocities),
            _gains("position_gain", position_gain),
            _gains("velocity_gain", velocity_gain),
            self._efforts if max_torques is None else _targets("max_torques", max_torques),
        )
        self._send(self._command)

    def _send(self, command: _MotorCommand) -> None:
        pybullet.setJointMotorControlArray(
            self.body,
            self._joints,
            pybullet.POSITION_CONTROL,
            targetPositions=command.positions,
            targetVelocities=command.velocities,
            forces=command.torques,
            positionGains=command.position_gains,
            velocityGains=command.velocity_gains,
            physicsClientId=self.client,
        )

    def grip(self, left: float, right: float) -> None:
        """Set the openings of the two grippers, 0 closed to 1 open; fingers move at `GRIPPER_SPEED`.

        Raises:
            ValueError: an opening is outside 0..1.
        """
        for name, opening in (("left", left), ("right", right)):
            if not 0.0 <= opening <= 1.0:
                raise ValueError(f"{name} opening is {opening}, expected 0 (closed) to 1 (open)")
        self._grip_goal = (left * FINGER_STROKE, right * FINGER_STROKE)

    def push(self, impulse: ArrayLike, duration: float = 0.1, point: ArrayLike | None = None) -> None:
        """Push the robot over the steps to come, with a constant force that adds up to `impulse`.

        The force acts on the pelvis link at `point` ((3,) m, world, fixed in space); by default at
        the whole-body centre of mass as it moves, so that the push shoves the robot instead of
        spinning its trunk.

        Args:
            impulse: (3,) N s, world frame.
            duration: s, rounded to whole steps and at least one.

        Raises:
            ValueError: wrong shape, not finite, or a duration that is not positive.
        """
        if not duration > 0.0:
            raise ValueError(f"duration is {duration}, expected more than 0 s")
        steps = max(1, round(duration / self.world.timestep))
        force = _vector("impulse", impulse) / (steps * self.world.timestep)
        where = None if point is None else _vector("point", point)
        self._pushes = (*self._pushes, _Push(force, where, steps))

    # ---- the world's side --------------------------------------------------------------------

    def before_step(self) -> None:
        """Drive fingers and pushes for one step; the world calls it."""
        self._drive_fingers()
        if self._pushes:
            self._apply_pushes()

    def _drive_fingers(self) -> None:
        # Finger 1 goes where it is told; finger 2 follows where finger 1 really is, and is stronger.
        # Two equal saturated forces would let the pair drift sideways with whatever they hold.
        stride = GRIPPER_SPEED * self.world.timestep
        goal, now = self._grip_goal, self._grip_command
        if goal != now:
            now = (_approach(now[0], goal[0], stride), _approach(now[1], goal[1], stride))
            self._grip_command = now
        left, right = pybullet.getJointStates(self.body, self._leaders, physicsClientId=self.client)
        pybullet.setJointMotorControlArray(
            self.body,
            self._fingers,
            pybullet.POSITION_CONTROL,
            targetPositions=(*now, left[0], right[0]),
            forces=_FINGER_FORCES,
            positionGains=_FINGER_GAINS,
            velocityGains=_FINGER_DAMPING,
            physicsClientId=self.client,
        )

    def _apply_pushes(self) -> None:
        centre: NDArray[np.float64] | None = None
        left = []
        for push in self._pushes:
            if push.point is None and centre is None:
                centre = self.center_of_mass()
            pybullet.applyExternalForce(
                self.body,
                -1,
                push.force,
                centre if push.point is None else push.point,
                pybullet.WORLD_FRAME,
                physicsClientId=self.client,
            )
            if push.steps > 1:
                left.append(_Push(push.force, push.point, push.steps - 1))
        self._pushes = tuple(left)

    def capture(self) -> object:
        """Return commands and pushes under way, for `World.save`."""
        return self._command, self._grip_goal, self._grip_command, self._pushes

    def reinstate(
        self, memory: tuple[_MotorCommand, tuple[float, float], tuple[float, float], tuple[_Push, ...]]
    ) -> None:
        """Return to what `capture` returned, for `World.restore` (pybullet keeps no motor targets)."""
        self._command, self._grip_goal, self._grip_command, self._pushes = memory
        if self._command is not None:
            self._send(self._command)


_FINGER_FORCES: Final = (FINGER_FORCE, FINGER_FORCE, 4 * FINGER_FORCE, 4 * FINGER_FORCE)
_FINGER_GAINS: Final = (0.3, 0.3, 0.3, 0.3)
_FINGER_DAMPING: Final = (1.0, 1.0, 1.0, 1.0)
_NO_POINTS: Final = np.zeros((0, 3))
_NO_FORCES: Final = np.zeros(0)


def _in_the_air(side: Side) -> SoleContact:
    return SoleContact(side, _NO_POINTS, _NO_FORCES, _NO_POINTS)


def _approach(value: float, goal: float, stride: float) -> float:
    return min(goal, value + stride) if goal > value else max(goal, value - stride)


def _targets(name: str, values: ArrayLike) -> list[float]:
    array = np.asarray(values, dtype=np.float64)
    if array.shape != (JOINT_COUNT,):
        raise ValueError(f"{name} has shape {array.shape}, expected ({JOINT_COUNT},)")
    if not np.isfinite(array).all():
        bad = [JOINT_NAMES[k] for k in np.flatnonzero(~np.isfinite(array))]
        raise ValueError(f"{name} of {bad} is not finite")
    numbers: list[float] = array.tolist()
    return numbers


def _gains(name: str, gain: float | ArrayLike) -> list[float]:
    return [gain] * JOINT_COUNT if isinstance(gain, float) else _targets(name, np.broadcast_to(gain, 28))


def _vector(name: str, values: ArrayLike) -> FloatArray:
    array = np.asarray(values, dtype=np.float64)
    if array.shape != (3,) or not np.isfinite(array).all():
        raise ValueError(f"{name} is {values!r}, expected three finite numbers")
    return array
