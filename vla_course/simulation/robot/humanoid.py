"""The humanoid in a world: spawn it, read it, move it, push it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from vla_course.simulation.robot.anatomy import FINGER_STROKE
from vla_course.simulation.robot.body import RobotBody
from vla_course.simulation.robot.description import HumanoidDescription
from vla_course.simulation.robot.grippers import GripperMemory, Grippers
from vla_course.simulation.robot.layout import JOINT_COUNT, JOINT_NAMES, SIDES
from vla_course.simulation.robot.sole_sensor import SoleSensor
from vla_course.simulation.robot.state import FloatArray, RobotState, SoleContact
from vla_course.simulation.world.engine import pybullet
from vla_course.simulation.world.rotation import about_z
from vla_course.simulation.world.world import World

_LEG_HOME = (0.0, 0.0, -0.445, 0.80, -0.355, 0.0)
_LEFT_ARM_HOME = (0.15, 0.15, 0.0, -0.60, 0.0, 0.0, 0.0)
_RIGHT_ARM_HOME = (0.15, -0.15, 0.0, -0.60, 0.0, 0.0, 0.0)
HOME_POSTURE: Final[FloatArray] = np.array(
    [*_LEG_HOME, *_LEG_HOME, *_LEFT_ARM_HOME, *_RIGHT_ARM_HOME, 0.0, 0.0]
)
"""(28,) rad: knees slightly bent, soles flat, centre of mass above the middle of the soles."""
HOME_POSTURE.flags.writeable = False

FALLEN_HEIGHT: Final = 0.45
"""Pelvis above the lower sole, m, below which the robot counts as fallen (home 0.74, deep squat 0.5)."""


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


_Torques = tuple[float, ...]
_Memory = tuple[_MotorCommand | _Torques, GripperMemory, tuple[_Push, ...]]


class Humanoid:
    """The course's robot, standing in the home pose with its soles on the ground.

    Args:
        world: where it lives; it joins the world's steps.
        position: (2,) m, of the pelvis on the ground.
        heading: rad, 0 looks along +x, positive turns left.
        description: another robot than the default one.
        mass_scale: factor on mass and inertia of every link, or of the links named in a mapping.
        foot_friction: Coulomb coefficient of the soles (multiplied by the ground's).
        ground_height: m, of the ground below the feet.

    Attributes:
        body: pybullet's body id.
        mass: kg.
        joint_limits: (28, 2) rad.
        joint_efforts: (28,) N m, the greatest torques.

    Raises:
        ValueError: `mass_scale` names an unknown link, or a number is outside its range.
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
        self._body = RobotBody(world.client, self.description, mass_scale, foot_friction)
        self.body = self._body.id
        self.mass = self._body.mass
        self.joint_limits = self._body.limits
        self.joint_efforts = self._body.efforts
        self._efforts = self.joint_efforts.tolist()
        self._sensed_joints = [*self._body.joints, *self._body.leaders, *self._body.followers]
        hands = {self._body.links[f"{side}_palm"] for side in SIDES}
        self._may_touch = hands | set(self._sensed_joints[JOINT_COUNT:]) | {k for _, k in self._body.soles}
        self._grippers = Grippers(self._body, world.timestep)
        self._sole_sensor = SoleSensor(self._body)
        self._pushes: tuple[_Push, ...] = ()
        self._stand(position, heading, ground_height)
        self.command(HOME_POSTURE)
        world.join(self)

    def _stand(self, position: Sequence[float], heading: float, ground_height: float) -> None:
        for joint, angle in zip(self._body.joints, HOME_POSTURE.tolist(), strict=True):
            pybullet.resetJointState(self.body, joint, angle, 0.0, physicsClientId=self.client)
        x, y = (float(value) for value in position)
        turn = about_z(heading)
        self._body.place((x, y, 0.0), turn)
        lowest = min(self.link_pose(f"{side}_sole")[0][2] for side in SIDES)
        self._body.place((x, y, ground_height - lowest), turn)

    # ---- sensing -----------------------------------------------------------------------------

    def state(self) -> RobotState:
        """Return the state as it is now; torques are those of the last step."""
        client = self.client
        position, orientation, centre = self._body.pelvis_pose()
        linear, angular = pybullet.getBaseVelocity(self.body, physicsClientId=client)
        joints = pybullet.getJointStates(self.body, self._sensed_joints, physicsClientId=client)
        # pybullet's base velocity is that of the pelvis's centre of mass: carry it to the frame.
        (x, y, z), (wx, wy, wz) = (position[k] - centre[k] for k in range(3)), angular
        velocity = (linear[0] + wy * z - wz * y, linear[1] + wz * x - wx * z, linear[2] + wx * y - wy * x)
        positions, velocities, _, torques = zip(*joints, strict=True)
        left_1, right_1, left_2, right_2 = positions[JOINT_COUNT:]
        width = 2 * FINGER_STROKE
        return RobotState(
            time=self.world.time,
            base_position=np.array(position),
            base_orientation=np.array(orientation),
            base_linear_velocity=np.array(velocity),
            base_angular_velocity=np.array(angular),
            joint_positions=np.array(positions[:JOINT_COUNT]),
            joint_velocities=np.array(velocities[:JOINT_COUNT]),
            joint_torques=np.array(
                # Of torques set by `drive` pybullet reports nothing.
                torques[:JOINT_COUNT] if isinstance(self._command, _MotorCommand) else self._command
            ),
            gripper_openings=np.array(((left_1 + left_2) / width, (right_1 + right_2) / width)),
        )

    def sole_contacts(self) -> tuple[SoleContact, SoleContact]:
        """Return what the last step's contacts did to the left and to the right sole."""
        return self._sole_sensor.read()

    def link_pose(self, name: str) -> tuple[FloatArray, FloatArray]:
        """Return position (3,) m and orientation (4,) x y z w of a link's URDF frame in the world.

        Raises:
            ValueError: there is no such link.
        """
        return self._body.link_pose(name)

    def link_index(self, name: str) -> int:
        """Return pybullet's index of a link, -1 for the pelvis. Raises ValueError: no such link."""
        return self._body.link_index(name)

    @property
    def link_masses(self) -> dict[str, float]:
        """Mass of every link as simulated, kg."""
        return dict(self._body.link_masses)

    def center_of_mass(self) -> FloatArray:
        """Return the whole-body centre of mass (3,), m, from the physics engine's own bodies."""
        return self._body.center_of_mass()

    def has_fallen(self) -> bool:
        """Tell whether the robot is down.

        It is when the pelvis is less than `FALLEN_HEIGHT` above the lower sole, or when anything but
        a sole or a hand pressed on the ground in the last step.
        """
        lowest = min(self.link_pose(f"{side}_sole")[0][2] for side in SIDES)
        if self._body.pelvis_pose()[0][2] - lowest < FALLEN_HEIGHT:
            return True
        return any(
            contact[3] not in self._may_touch and contact[9] > 0.0
            for ground in self.world.ground_bodies
            for contact in pybullet.getContactPoints(
                bodyA=self.body, bodyB=ground, physicsClientId=self.client
            )
        )

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

        A motor looks for the velocity at the end of the step, v+ = position_gain * error / timestep
        + v + velocity_gain * (target velocity - v), with no more torque than allowed. The gains are
        therefore dimensionless: with velocity_gain 1 the joint follows as a first-order servo of
        time constant timestep / position_gain. For a moving target pass where it is *now*, at the
        beginning of the step, and its velocity: without the velocity the joint lags by the time
        constant, with the position a step ahead it leads by one timestep.
        The URDF's speed limits are not enforced: they are the commander's to keep.

        A soft gain is a quiet one: standing still at 500 Hz and 50 solver iterations, the load of a
        sole trembles by 3.6 N (rms) with position_gain 0.3, by 0.3 N with 0.1, and pushes are survived
        alike; at 30 iterations 0.3 rattles by 50 N while 0.1 stays at 0.2 N.

        Args:
            positions: (28,) rad.
            velocities: (28,) rad/s; default still.
            position_gain, velocity_gain: one number or (28,).
            max_torques: (28,) N m; default the efforts of the URDF.

        Raises:
            ValueError: wrong shape, or a number that is not finite.
        """
        self._command: _MotorCommand | _Torques = _MotorCommand(
            _joint_list("positions", positions),
            _STILL if velocities is None else _joint_list("velocities", velocities),
            _gain_list("position_gain", position_gain),
            _gain_list("velocity_gain", velocity_gain),
            self._efforts if max_torques is None else _joint_list("max_torques", max_torques),
        )
        self._send(self._command)

    def drive(self, torques: ArrayLike) -> None:
        """Set the motors' torques (28,) N m, cut to the joints' efforts; they hold until the next command.

        This is the lowest level: the joint servos are off and what is asked is what acts.

        Raises:
            ValueError: wrong shape, or a number that is not finite.
        """
        wanted = _joint_array("torques", torques)
        if isinstance(self._command, _MotorCommand):
            self._send(_LIMP)
        efforts = self.joint_efforts
        self._command = tuple(np.minimum(np.maximum(wanted, -efforts), efforts).tolist())

    def _send(self, command: _MotorCommand | _Torques) -> None:
        if not isinstance(command, _MotorCommand):
            command = _LIMP  # torques act step by step, in `before_step`
        pybullet.setJointMotorControlArray(
            self.body,
            self._body.joints,
            pybullet.POSITION_CONTROL,
            targetPositions=command.positions,
            targetVelocities=command.velocities,
            forces=command.torques,
            positionGains=command.position_gains,
            velocityGains=command.velocity_gains,
            physicsClientId=self.client,
        )

    def grip(self, left: float, right: float) -> None:
        """Set the openings of the grippers, 0 closed to 1 open; fingers move at 0.12 m/s.

        Raises:
            ValueError: an opening is outside 0..1.
        """
        self._grippers.set_goal(left, right)

    @property
    def gripper_goals(self) -> tuple[float, float]:
        """The openings of the grippers that were asked for last, 0 closed to 1 open."""
        return self._grippers.goal

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
        self._grippers.drive()
        if not isinstance(self._command, _MotorCommand):
            pybullet.setJointMotorControlArray(
                self.body,
                self._body.joints,
                pybullet.TORQUE_CONTROL,
                forces=self._command,
                physicsClientId=self.client,
            )
        for push in self._pushes:
            point = self.center_of_mass() if push.point is None else push.point
            pybullet.applyExternalForce(
                self.body, -1, push.force, point, pybullet.WORLD_FRAME, physicsClientId=self.client
            )
        if self._pushes:
            self._pushes = tuple(
                replace(push, steps=push.steps - 1) for push in self._pushes if push.steps > 1
            )

    def capture(self) -> _Memory:
        """Return commands and pushes under way, for `World.save`."""
        return self._command, self._grippers.capture(), self._pushes

    def reinstate(self, memory: _Memory) -> None:
        """Return to a memory of `capture`, for `World.restore` (pybullet keeps no motor targets)."""
        self._command, grippers, self._pushes = memory
        self._grippers.reinstate(grippers)
        self._send(self._command)


_STILL: Final = [0.0] * JOINT_COUNT
_LIMP: Final = _MotorCommand(_STILL, _STILL, _STILL, _STILL, _STILL)


def _joint_array(name: str, values: ArrayLike) -> FloatArray:
    """Return one finite number for each joint (28,)."""
    array = np.asarray(values, dtype=np.float64)
    if array.shape != (JOINT_COUNT,):
        raise ValueError(f"{name} has shape {array.shape}, expected ({JOINT_COUNT},)")
    finite = np.isfinite(array)
    if not finite.all():
        bad = [JOINT_NAMES[k] for k in np.flatnonzero(~finite)]
        raise ValueError(f"{name} of {', '.join(bad)} is not finite")
    return array


def _joint_list(name: str, values: ArrayLike) -> list[float]:
    """Spell one number for each joint as the list that pybullet takes fastest."""
    numbers: list[float] = _joint_array(name, values).tolist()
    return numbers


def _gain_list(name: str, gain: float | ArrayLike) -> list[float]:
    return [gain] * JOINT_COUNT if isinstance(gain, float) else _joint_list(name, np.full(JOINT_COUNT, gain))


def _vector(name: str, values: ArrayLike) -> FloatArray:
    array = np.asarray(values, dtype=np.float64)
    if array.shape != (3,) or not np.isfinite(array).all():
        raise ValueError(f"{name} is {values!r}, expected three finite numbers")
    return array
