"""What 3.12's tests expect of joint adjustments, and the ones that known mistakes give."""

import numpy as np
from numpy.typing import NDArray

from shown.day3_humanoid_balance.slips import either
from shown.day3_humanoid_balance.states import capture_zmp
from shown.day3_humanoid_balance.steering import farthest
from vla_course.course.judging import expect_close
from vla_course.motion.balance_config import BalanceConfig
from vla_course.motion.balance_state import BalanceState

Array = NDArray[np.float64]

SWAPS = (
    np.array([[0.0, -1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, 0.0]]),  # (e_x, e_y) for (-e_y, e_x)
    np.diag([-1.0, 1.0, 0.0]),  # a sign forgotten: (e_y, e_x)
    np.diag([1.0, -1.0, 0.0]),  # the other sign turned: (-e_y, -e_x)
)


def excess(state: BalanceState, config: BalanceConfig) -> Array:
    """How far (2,) m the capture ZMP is beyond what the feet can give."""
    wanted, polygon = capture_zmp(state, config), state.support_polygon
    return wanted - farthest(polygon.mean(axis=0), wanted, polygon, config.edge_margin)


def joints(state: BalanceState, motion: Array) -> Array:
    """The change (28,) rad of the joints, one by one, that gives the body `motion` (6,) until the next tick."""
    moves = [
        float(posture) + sum(float(share) * float(speed) for share, speed in zip(row, motion, strict=True))
        for posture, row in zip(state.posture_velocity, state.motion_map, strict=True)
    ]
    return np.array(moves) * state.timestep


def slips(
    state: BalanceState, config: BalanceConfig, ankle: Array, shift: Array, e: Array, got: object
) -> dict[str, object]:
    """The joint changes that known mistakes give."""
    dt, v, w = state.timestep, state.com_velocity, state.trunk_angular_velocity
    rise = config.height_stiffness * shift[2] - config.height_damping * v[2]
    hip = config.hip_gain * np.array([-e[1], e[0], 0.0])
    limited = np.clip(hip, -config.hip_limit, config.hip_limit)
    upright = -config.trunk_stiffness * state.trunk_tilt - config.trunk_damping * w
    pull, turn = np.append(ankle, rise), limited + upright

    def moved(pull: Array = pull, turn: Array = turn, v: Array = v, w: Array = w, dt: float = dt) -> Array:
        return joints(state, np.concatenate((v + pull * dt, w + turn * dt)))

    right = moved()
    length = np.hypot(*hip[:2])
    as_vector = hip * min(1.0, config.hip_limit / max(length, 1e-12))
    sinking = config.height_damping * v[2]
    swaying = config.trunk_damping * w
    return {
        "timestep-forgotten": right / dt,
        "acceleration-taken-for-velocity": moved(dt=1.0),
        "velocity-forgotten": moved(v=0.0 * v, w=0.0 * w),
        "posture-forgotten": right - state.posture_velocity * dt,
        "height-damping-sign": moved(pull=pull + [0.0, 0.0, 2.0 * sinking]),
        "height-damping-forgotten": moved(pull=pull + [0.0, 0.0, sinking]),
        "height-spring-sign": moved(pull=pull - [0.0, 0.0, 2.0 * config.height_stiffness * shift[2]]),
        "height-forgotten": moved(pull=np.append(ankle, 0.0)),
        "shift-taken-for-acceleration": moved(pull=np.append(ankle, shift[2])),
        "tilt-sign": moved(turn=limited + upright + 2.0 * config.trunk_stiffness * state.trunk_tilt),
        "trunk-damping-sign": moved(turn=turn + 2.0 * swaying),
        "trunk-damping-forgotten": moved(turn=turn + swaying),
        "hip-backward": moved(turn=upright - limited),
        "hip-axes-swapped": either(got, *(moved(turn=upright + limited @ swap) for swap in SWAPS)),
        "hip-forgotten": moved(turn=upright),
        "hip-unlimited": moved(turn=hip + upright),
        "hip-limited-as-a-vector": moved(turn=as_vector + upright),
        "everything-limited": moved(turn=np.clip(hip + upright, -config.hip_limit, config.hip_limit)),
    }


def expect_joints(
    student, state: BalanceState, config: BalanceConfig, ankle: Array, shift: Array, what: str
) -> Array:
    """Expect the joint changes that move body and trunk as a spring, a damper and the two strategies ask."""
    got = student.BalanceController(config).calculate_joint_adjustments(ankle.copy(), shift.copy(), state)
    e, dt = excess(state, config), state.timestep
    bow = np.clip(config.hip_gain * e, -config.hip_limit, config.hip_limit)
    turn = np.array([-bow[1], bow[0], 0.0])
    for axis in range(3):
        turn[axis] -= config.trunk_stiffness * state.trunk_tilt[axis]
        turn[axis] -= config.trunk_damping * state.trunk_angular_velocity[axis]
    climb = config.height_stiffness * shift[2] - config.height_damping * state.com_velocity[2]
    pull = np.array([ankle[0], ankle[1], climb])
    motion = np.concatenate((state.com_velocity + dt * pull, state.trunk_angular_velocity + dt * turn))
    expect_close(
        got,
        joints(state, motion),
        what=what,
        unit="rad",
        atol=1e-10,
        mistakes=slips(state, config, ankle, shift, e, got),
    )
    return np.asarray(got, dtype=float)
