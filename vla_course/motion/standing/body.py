"""A standing humanoid as the balance frame senses it and drives it."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from vla_course.motion.polygon import without_flat_corners
from vla_course.motion.standing.balance_state import BalanceState
from vla_course.motion.standing.push_observer import PushObserver
from vla_course.motion.standing.senses import NoisySenses, SenseNoise, Senses
from vla_course.motion.whole_body import base_velocity, joint_torques, solve_motion
from vla_course.simulation.robot.description import HumanoidDescription
from vla_course.simulation.robot.humanoid import HOME_POSTURE, Humanoid
from vla_course.simulation.robot.model import RobotModel
from vla_course.simulation.robot.state import RobotState
from vla_course.simulation.world.rotation import heading_of, wrapped

Array = NDArray[np.float64]

SOLES = ("left_sole", "right_sole")
_TOOLS = ("left_tool", "right_tool")
_LIFTED = 0.02
"""m, a sole that hangs so much higher than the other cannot be loaded at once"""
YIELD = 0.86
"""-, how much of a push the body gives way to. A point mass would yield fully; the legs swing along and
carry angular momentum, so that for soles that stay at rest the robot is that much harder to accelerate"""
_MEMORY = 0.012
"""s, in which an error in what is believed of a push, or of the velocity, shrinks to 1/e"""
_STIFFNESS, _DAMPING = 100.0, 20.0
"""1/s^2 and 1/s, how tilted soles return to the ground, and arms and head to their posture by default"""


class StandingBody:
    """Turns what the humanoid feels into a `BalanceState`, and joint adjustments into motor torques.

    `model` is what the frame believes about the robot. A tick lasts `steps` steps of the world.
    `support_polygon` is the convex hull to use, (n, 2) -> (m, 2); the reference's by default. `noise` is what is
    wrong with what the body senses, drawn by the world's generator; nothing by default. `senses` is where it reads its
    state from instead: a Day 5 estimator, say; the humanoid itself, all truth, by default.

    Raises ValueError: both `noise` and `senses` are given.

    Attributes:
        upper_posture: (16,) rad, where arms and head go; set it as you like, home by default.
        upper_velocity: (16,) rad/s, how fast that posture moves; still by default.
        upper_acceleration: (16,) rad/s^2, how that speed changes; not at all by default.
        upper_stiffness: (16,) 1/s^2, how firmly arms and head follow, damped critically. What nobody has
            told the servo of - a thing in the hand - bends an arm by its torque / (inertia stiffness).
        hand_forces: (2, 3) N, what pulls at the left and the right tool point as far as the robot knows:
            the servo carries it and counts it into its balance.
    """

    def __init__(
        self,
        humanoid: Humanoid,
        model: RobotModel,
        steps: int = 2,
        support_polygon: Callable[[Array], Array] | None = None,
        noise: SenseNoise | None = None,
        senses: Senses | None = None,
    ) -> None:
        if noise is not None and senses is not None:
            raise ValueError("noise and senses are both given, expected one: noise spoils the humanoid's own state")
        self.tick = steps * humanoid.world.timestep
        self._steps = steps
        self._ground_force: Array | None = None
        self._hull = support_polygon or _reference_hull()
        self._humanoid, self._model = humanoid, model
        self._senses: Senses = senses or humanoid
        if noise is not None:
            self._senses = NoisySenses(humanoid, noise, humanoid.world.rng)
        self._foot = sole_corners(humanoid.description)
        self._polygon_soles, self._polygon = np.full((2, 3), np.inf), np.zeros((0, 2))
        self._momentum: tuple[float, Array, Array] | None = None
        self._observer = PushObserver(model.mass, self.tick, _MEMORY)
        self._sensed_at = -1.0
        self._heading: float | None = None
        self._com_drift: Array | None = None
        self.upper_posture, self.upper_velocity = HOME_POSTURE[12:].copy(), np.zeros(16)
        self.upper_acceleration, self.upper_stiffness = np.zeros(16), np.full(16, _STIFFNESS)
        self.hand_forces = np.zeros((2, 3))
        self.contacts = self._senses.sole_contacts()
        self.state: RobotState
        self.balance: BalanceState
        self.sense()

    def advance(self) -> None:
        """Let the world go on for a tick, and note what the ground gives meanwhile: in the end as `contacts`.

        A sole that rattles on an edge has one force at every step: only their mean accelerates the robot.
        """
        force = np.zeros(3)
        for _ in range(self._steps):
            self._humanoid.world.step()
            self.contacts = self._senses.sole_contacts()
            for contact in self.contacts:
                force += contact.forces.sum(axis=0)
        self._ground_force = force / self._steps

    def sense(self) -> BalanceState:
        """Measure the state after `advance`, or at the start; keep it as `state` and `balance`."""
        self._measure()
        self._sole_velocity = self._next_sole_velocity()
        self._com = self._model.center_of_mass
        self._push_at_base = self._wrench_of_push()
        self.balance = self._balance()
        return self.balance

    def _measure(self) -> None:
        """Read the sensors and what follows from them alone."""
        model = self._model
        self.state = state = self._senses.state()
        model.update(state)
        self._velocity = np.concatenate(
            (state.base_linear_velocity, state.base_angular_velocity, state.joint_velocities)
        )
        self._jacobian = model.stacked_jacobian(*SOLES)
        self._sole_jacobians = self._jacobian[:12]
        positions, self._sole_rotations = zip(*(model.frame_pose(sole) for sole in SOLES), strict=True)
        self._sole_positions = np.array(positions)
        measured = model.com_velocity
        if state.time != self._sensed_at:
            self._sensed_at = state.time
            self._com_velocity = self._observer.observe(measured, self._known_force())
            self._push = self._observer.push
            self._com_acceleration, self._momentum_rate = self._rates(self._com_velocity)
        # What is wrong with the measured velocity of the centre of mass is wrong with the base it hangs on.
        self._velocity[:3] += self._com_velocity - measured

    def _known_force(self) -> Array | None:
        """Return the mean force (3,) N of ground, hands and weight over the last tick; None before there was one."""
        if self._ground_force is None:
            return None
        weight = np.array([0.0, 0.0, self._model.mass * self._humanoid.world.gravity])
        force: Array = self._ground_force + self.hand_forces.sum(axis=0) - weight
        return force

    def _balance(self) -> BalanceState:
        """Put together what a controller may know, with the motions that the next tick allows."""
        state, model = self.state, self._model
        upper = state.joint_velocities[12:]
        home = self.upper_acceleration + self.upper_stiffness * (
            self.upper_posture - state.joint_positions[12:]
        )
        home += 2.0 * np.sqrt(self.upper_stiffness) * (self.upper_velocity - upper)
        motion_map, posture_velocity = solve_motion(
            self._jacobian, self._sole_velocity, upper + self.tick * home, self._com_drift
        )
        left, right = self.contacts
        return BalanceState(
            time=state.time,
            timestep=self.tick,
            mass=model.mass,
            gravity=self._humanoid.world.gravity,
            center_of_mass=self._counted_center_of_mass(),
            com_velocity=self._com_velocity,
            com_acceleration=self._com_acceleration,
            angular_momentum_rate=self._momentum_rate,
            contact_points=np.concatenate((left.points, right.points)),
            contact_forces=np.concatenate((left.normal_forces, right.normal_forces)),
            support_polygon=self._support(),
            trunk_tilt=self._tilt(),
            trunk_angular_velocity=state.base_angular_velocity,
            joint_positions=state.joint_positions,
            motion_map=motion_map,
            posture_velocity=posture_velocity,
        )

    def _wrench_of_push(self) -> Array:
        """Return the push on the centre of mass as force and moment (6,) N and N m on the pelvis frame."""
        (x, y, z), (fx, fy, fz) = (self._com - self.state.base_position).tolist(), self._push.tolist()
        return np.array((fx, fy, fz, y * fz - z * fy, z * fx - x * fz, x * fy - y * fx))

    def _counted_center_of_mass(self) -> Array:
        """Return the centre of mass (3,) m, its height above the ground under the feet."""
        return self._com

    def drive(self, joint_adjustments: Array) -> None:
        """Command the torques that change the joints by `joint_adjustments` (28,) rad until the next tick.

        What accelerates the robot beyond its weight and the ground's forces is a push; it is taken to act
        on the trunk. The servo gives way to it, so that the ground need not resist it and the ZMP stays
        where the adjustments put it.
        """
        dt, balance = self.tick, self.balance
        give = YIELD * dt / balance.mass * self._push[:2]
        joints = np.asarray(joint_adjustments) / dt + balance.motion_map[:, :2] @ give
        self._drive(self._force(joints))

    def _force(self, joints: Array) -> Array:
        """Return the generalised force (34,) that motors and ground must give for `joints` (28,) rad/s a tick ahead.

        What pushes the robot and what pulls at its hands is taken off.
        """
        base = base_velocity(self._sole_jacobians, self._sole_velocity, joints)
        acceleration = (np.concatenate((base, joints)) - self._velocity) / self.tick
        force = self._model.generalized_force(acceleration)
        force[:6] -= self._push_at_base
        for tool, pull in zip(_TOOLS, self.hand_forces, strict=True):
            if pull.any():
                force -= pull @ self._model.frame_jacobian(tool)[:3]
        return force

    def _drive(self, force: Array, right_share: float | None = None, loads: Array | None = None) -> None:
        """Give the generalised `force` (34,) with the motors, the ground's part as in `joint_torques`."""
        base, soles = self.state.base_position, self._sole_positions
        self._humanoid.drive(joint_torques(force, base, soles, self._sole_jacobians, right_share, loads))

    def _next_sole_velocity(self) -> Array:
        """Return the sole velocities (12,) one tick ahead that bring both soles to rest, flat."""
        dt = self.tick
        velocity = self._sole_jacobians @ self._velocity
        calm = velocity - dt * _DAMPING * velocity
        for first, rotation in zip((3, 9), self._sole_rotations, strict=True):
            calm[first] += dt * _STIFFNESS * rotation[1, 2]
            calm[first + 1] -= dt * _STIFFNESS * rotation[0, 2]
        return calm

    def _rates(self, com_velocity: Array) -> tuple[Array, Array]:
        """Return CoM acceleration and angular momentum rate (3,) as means over the last tick."""
        now = (self.state.time, com_velocity, self._model.angular_momentum)
        before, self._momentum = self._momentum or now, now
        elapsed = max(now[0] - before[0], self.tick)
        return (now[1] - before[1]) / elapsed, (now[2] - before[2]) / elapsed

    def _support(self) -> Array:
        """Return the hull of the corners of the soles on the ground: the lower one, and the other beside it."""
        if np.abs(self._sole_positions - self._polygon_soles).max() > 1e-4:
            self._polygon_soles = self._sole_positions
            height = self._sole_positions[:, 2]
            soles = np.flatnonzero(height < height.min() + _LIFTED)
            corners = [
                self._sole_positions[k, :2] + self._foot @ self._sole_rotations[k][:2].T for k in soles
            ]
            self._polygon = without_flat_corners(self._hull(np.concatenate(corners)))
        return self._polygon

    def _tilt(self) -> Array:
        """Return the rotation vector (3,) rad from upright, at the first heading seen, to the trunk."""
        x, y, z, w = self.state.base_orientation.tolist()
        heading = heading_of((x, y, z, w))
        if self._heading is None:
            self._heading = heading
        turn = wrapped(heading - self._heading)
        return np.array([2.0 * (w * x - y * z), 2.0 * (x * z + w * y), turn])


def _reference_hull() -> Callable[[Array], Array]:
    """Load the reference's convex hull only where nobody brings another."""
    from vla_course.reference.day3_humanoid_balance.support import support_polygon

    hull: Callable[[Array], Array] = support_polygon
    return hull


def sole_corners(description: HumanoidDescription) -> Array:
    """Return the four corners (4, 3) m of a sole in its own frame."""
    heel = -description.ankle_from_heel * description.foot_length
    toe, side = heel + description.foot_length, description.foot_width / 2.0
    return np.array([[heel, -side, 0.0], [toe, -side, 0.0], [toe, side, 0.0], [heel, side, 0.0]])
