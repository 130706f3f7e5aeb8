"""From sensors to `BalanceState`: what the humanoid feels, turned into the numbers of balance."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from vla_course.motion.balance_state import BalanceState
from vla_course.motion.whole_body import solve_motion
from vla_course.simulation.humanoid import HOME_POSTURE, Humanoid
from vla_course.simulation.robot_model import RobotModel
from vla_course.simulation.robot_state import RobotState

Array = NDArray[np.float64]

_TOUCH = 0.02
"""-, a sole that carries less than this share of the weight counts as lifted"""
_POSTURE_RATE = 5.0
"""1/s, how fast arms and head go back to their posture"""
_SOLE_RATE = 5.0
"""1/s, how fast a tilted sole is laid flat again"""


class BalanceObserver:
    """Measures the balance of one humanoid, tick after tick.

    `support_polygon` is the convex hull to use, (n, 2) -> (m, 2); the reference's by default.
    """

    def __init__(
        self, humanoid: Humanoid, model: RobotModel, support_polygon: Callable[[Array], Array] | None = None
    ) -> None:
        if support_polygon is None:
            from vla_course.reference.day3_humanoid_balance.support import support_polygon
        self._hull: Callable[[Array], Array] = support_polygon
        self._humanoid, self._model = humanoid, model
        self._previous: tuple[float, Array, Array] | None = None
        self._heading: float | None = None
        self._corners = np.zeros((0, 2))
        self._polygon = np.zeros((0, 2))

    def observe(self, state: RobotState) -> BalanceState:
        """Return the balance of the humanoid in `state`, which must be the state after the last step."""
        model = self._model
        model.update(state)
        com_velocity, momentum = model.com_velocity, model.angular_momentum
        com_acceleration, momentum_rate = np.zeros(3), np.zeros(3)
        if self._previous is not None and state.time > self._previous[0]:
            before, old_velocity, old_momentum = self._previous
            com_acceleration = (com_velocity - old_velocity) / (state.time - before)
            momentum_rate = (momentum - old_momentum) / (state.time - before)
        self._previous = (state.time, com_velocity, momentum)

        left, right = self._humanoid.sole_contacts()
        touch = _TOUCH * model.mass * self._humanoid.world.gravity
        soles = [s for s, contact in (("left_sole", left), ("right_sole", right)) if contact.force > touch]
        rotation = {s: model.frame_rotation(s) for s in ("left_sole", "right_sole")}
        sole_velocity = np.zeros(12)
        for first, sole in ((0, "left_sole"), (6, "right_sole")):
            up = rotation[sole][:, 2]
            sole_velocity[first + 3 : first + 5] = _SOLE_RATE * np.array([up[1], -up[0]])
        motion_map, posture_velocity = solve_motion(
            model.frame_jacobian("left_sole"),
            model.frame_jacobian("right_sole"),
            model.com_jacobian,
            _POSTURE_RATE * (HOME_POSTURE[12:] - state.joint_positions[12:]),
            sole_velocity,
        )
        return BalanceState(
            time=state.time,
            timestep=self._humanoid.world.timestep,
            mass=model.mass,
            gravity=self._humanoid.world.gravity,
            center_of_mass=model.center_of_mass,
            com_velocity=com_velocity,
            com_acceleration=com_acceleration,
            angular_momentum_rate=momentum_rate,
            contact_points=np.concatenate((left.points, right.points)),
            contact_forces=np.concatenate((left.normal_forces, right.normal_forces)),
            support_polygon=self._support(soles, rotation),
            trunk_tilt=self._tilt(model.frame_rotation("pelvis")),
            trunk_angular_velocity=state.base_angular_velocity,
            joint_positions=state.joint_positions,
            motion_map=motion_map,
            posture_velocity=posture_velocity,
        )

    def _support(self, soles: list[str], rotation: dict[str, Array]) -> Array:
        """Return the hull of the corners of the touching soles; the last one known while in the air."""
        if soles:
            corners = np.concatenate(
                [self._model.frame_position(s)[:2] + self._humanoid.sole_corners @ rotation[s][:2].T for s in soles]
            )
            if corners.shape != self._corners.shape or np.abs(corners - self._corners).max() > 1e-4:
                self._corners, self._polygon = corners, self._hull(corners)
        return self._polygon

    def _tilt(self, rotation: Array) -> Array:
        """Return the rotation vector (3,) rad from upright, at the first heading seen, to `rotation`."""
        heading = float(np.arctan2(rotation[1, 0], rotation[0, 0]))
        if self._heading is None:
            self._heading = heading
        turn = (heading - self._heading + np.pi) % (2.0 * np.pi) - np.pi
        return np.array([-rotation[1, 2], rotation[0, 2], turn])
