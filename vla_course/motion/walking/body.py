"""A walking humanoid as the balance frame senses and drives it: one sole may be in the air."""

from dataclasses import dataclass, replace
from math import atan2
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vla_course.motion.polygon import nearest_point, without_flat_corners
from vla_course.motion.standing.balance_state import BalanceCommands, BalanceState
from vla_course.motion.standing.body import SOLES, YIELD, StandingBody
from vla_course.motion.whole_body import ground_spin, ground_zmp
from vla_course.simulation.world.rotation import wrapped

Array = NDArray[np.float64]

_FOLLOW, _FOLLOW_DAMPING = 900.0, 60.0
"""1/s^2 and 1/s, how the swing sole follows its way"""
_CALM = 60.0
"""1/s, how a sole that carries comes to rest - as it lies, for the ground need not be level"""
_LIGHT, _SEEK = 20.0, 0.1
"""N and m/s: a sole that should carry and feels less than this goes down to look for the ground"""

_RIM = 0.006
"""m, from the edge of the soles to where a zero moment point is put that was asked for beyond it"""
_EDGE, _ROUNDS = 0.003, 5
"""m, how near to its own edge a sole is loaded, and how often the two soles make up for one another"""
_GRIP = 0.03
"""m, what a sole on the ground holds against twisting, over its load"""


@dataclass(frozen=True)
class SwingTarget:
    """Where the sole in the air ought to be one tick ahead."""

    foot: int
    """0 left, 1 right"""
    position: Array
    """(3,) m"""
    velocity: Array
    """(3,) m/s"""
    acceleration: Array
    """(3,) m/s^2"""
    yaw: float
    """rad"""
    yaw_rate: float
    """rad/s"""


class WalkingBody(StandingBody):
    """A `StandingBody` whose walker says which soles carry and where the other one goes.

    Attributes, for the walker to set before `sense`:
        swing: the target of the sole in the air, or None.
        heading: rad, where the trunk is to face.
        ground: m, where the height of the centre of mass counts from.
        awaited: the soles, 0 left, 1 right, that go down to look for the ground where they feel none.
        stands: whether both soles stay where they are, as in `StandingBody`: then `drive` it, else `walk`.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.swing: SwingTarget | None = None
        self.heading: float | None = None
        self.ground = 0.0
        self.awaited: tuple[int, ...] = ()
        self.stands = True
        super().__init__(*args, **kwargs)

    def foot_pose(self, foot: int) -> tuple[Array, float]:
        """Return position (3,) m and yaw rad of a sole, 0 left, 1 right."""
        rotation = self._sole_rotations[foot]
        return self._sole_positions[foot], atan2(rotation[1, 0], rotation[0, 0])

    @property
    def balance_in_world(self) -> BalanceState:
        """What was sensed, the centre of mass with its height in the world, for a record."""
        return replace(
            self.balance, center_of_mass=self.balance.center_of_mass + [0.0, 0.0, self._counted_from]
        )

    def walk(self, commands: BalanceCommands, pendulum_height: float) -> None:
        """Command the torques that carry out `commands`, the swing included.

        The controller reckons with a point mass on a stick of `pendulum_height` m. What limbs in motion add to
        the zero moment point is known exactly here; the centre of mass gives way so that the ground is asked
        for the point the controller means.
        """
        dt, balance = self.tick, self.balance
        lever = pendulum_height / balance.gravity
        wanted = self._inside(balance.center_of_mass[:2] - lever * commands.zmp_correction)
        joints = np.asarray(commands.joint_adjustments) / dt
        joints += balance.motion_map[:, :2] @ (YIELD * dt / balance.mass * self._push[:2])
        force = self._force(joints)
        if force[2] > 0.1 * balance.mass * balance.gravity:
            joints, force = self._relieved(joints, force)
            found = np.array(ground_zmp(force, self.state.base_position, self._load_height()))
            joints += balance.motion_map[:, :2] @ ((found - wanted) / lever * dt)
            force = self._force(joints)
        if self.swing is None and force[2] > 0.0:
            self._drive(force, *self._loads(force))
        else:
            self._drive(force, 0.5 if self.swing is None else float(self.swing.foot == 0))

    def _inside(self, zmp: Array) -> Array:
        """Return `zmp` (2,) m, or the place near it where the soles do not tip: a controller may ask for too much."""
        polygon = self.balance.support_polygon
        edge = nearest_point(polygon, zmp)
        if not (edge - zmp).any():
            return zmp
        inward = polygon.mean(axis=0) - edge
        place: Array = edge + inward * (_RIM / np.hypot(*inward))
        return place

    def _relieved(self, joints: Array, force: Array) -> tuple[Array, Array]:
        """Return both, with the trunk turning along where a swinging leg would twist the soles off the ground."""
        base, height = self.state.base_position, self._load_height()
        spin = ground_spin(force, base, height)
        excess = spin - np.clip(spin, -_GRIP * force[2], _GRIP * force[2])
        if excess == 0.0:
            return joints, force
        turn = self.tick * self.balance.motion_map[:, 5]
        gain = ground_spin(self._force(joints + turn), base, height) - spin
        joints = joints - excess / gain * turn
        return joints, self._force(joints)

    def _loads(self, force: Array) -> tuple[float, Array]:
        """Return the right sole's part of the load, and where (2, 2) m from its origin each sole is to get its own.

        Best is equally far from both origins, the load shared by how near the zero moment point is to each. But soles
        are oblong, may lie aslant or twisted, and one that is loaded beyond its edge tips: there a sole takes its
        load at the edge, and the other one, and the share, make up for it.
        """
        soles = self._sole_positions[:, :2]
        zmp = np.array(ground_zmp(force, self.state.base_position, self._load_height()))
        points, between = soles, soles[1] - soles[0]
        share = _part(zmp - points[0], between)
        for _ in range(_ROUNDS):
            missed = zmp - points[0] - share * between
            if missed @ missed < 1e-10:
                break
            points = np.array([self._on_sole(foot, points[foot] + missed) for foot in (0, 1)])
            between = points[1] - points[0]
            share = _part(zmp - points[0], between)
        return share, points - soles

    def _on_sole(self, foot: int, point: Array) -> Array:
        """Return the place (2,) m of a sole that is nearest to `point`, a little inside of its edge."""
        turn = self._sole_rotations[foot][:2, :2]
        here, origin = self._foot[:, :2], self._sole_positions[foot, :2]
        inside = np.clip((point - origin) @ turn, here[0] + _EDGE, here[2] - _EDGE)
        place: Array = origin + turn @ inside
        return place

    def _carrying(self) -> tuple[int, ...]:
        """Return the soles that are to stand on the ground."""
        return (0, 1) if self.swing is None else (1 - self.swing.foot,)

    def _load_height(self) -> float:
        if self.swing is not None:
            return float(self._sole_positions[1 - self.swing.foot, 2])
        return float(self._sole_positions[:, 2].mean())

    def _next_sole_velocity(self) -> Array:
        if self.stands:
            self._com_drift = None
            return super()._next_sole_velocity()
        drift = self.tick * self._model.stacked_drift(*SOLES)
        self._com_drift = drift[12:]
        return self._sole_goal() - drift[:12]

    def _sole_goal(self) -> Array:
        """Return what the velocities (12,) of the soles ought to be one tick ahead."""
        velocity = (1.0 - self.tick * _CALM) * (self._sole_jacobians @ self._velocity)
        for foot in self.awaited:
            if self.contacts[foot].force < _LIGHT:
                velocity[6 * foot + 2] = -_SEEK
        if self.swing is None:
            return velocity
        target, dt = self.swing, self.tick
        first = 6 * target.foot
        now = self._sole_jacobians[first : first + 6] @ self._velocity
        rotation = self._sole_rotations[target.foot]
        yaw = atan2(rotation[1, 0], rotation[0, 0])
        error = target.position - self._sole_positions[target.foot] - dt * now[:3]
        linear = target.acceleration + _FOLLOW * error + _FOLLOW_DAMPING * (target.velocity - now[:3])
        turn = np.array([rotation[1, 2], -rotation[0, 2], wrapped(target.yaw - yaw)])
        angular = _FOLLOW * turn + _FOLLOW_DAMPING * (np.array([0, 0, target.yaw_rate]) - now[3:])
        velocity[first : first + 3] = now[:3] + dt * linear
        velocity[first + 3 : first + 6] = now[3:] + dt * angular
        return velocity

    def _counted_center_of_mass(self) -> Array:
        self._counted_from = self.ground
        return self._com - (0.0, 0.0, self.ground)

    def _support(self) -> Array:
        corners = [
            self._sole_positions[k, :2] + self._foot @ self._sole_rotations[k][:2].T for k in self._carrying()
        ]
        return without_flat_corners(self._hull(np.concatenate(corners)))

    def _tilt(self) -> Array:
        if self.heading is not None:
            self._heading = self.heading
        return super()._tilt()


def _part(way: Array, between: Array) -> float:
    """Return how far along `between` (2,) the end of `way` (2,) lies, 0 to 1."""
    return min(1.0, max(0.0, float(way @ between / (between @ between))))
