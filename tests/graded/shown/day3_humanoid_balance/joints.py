"""What 3.12's tests expect of joint adjustments, and the ones that known mistakes give."""

import numpy as np
from numpy.typing import NDArray

from shown.day3_humanoid_balance.pictures import motion_picture
from shown.day3_humanoid_balance.states import capture_zmp
from shown.day3_humanoid_balance.steering import farthest
from shown.slips import Case, either
from vla_course.motion.standing.balance_config import BalanceConfig
from vla_course.motion.standing.balance_state import BalanceState

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


def body_motion(
    state: BalanceState, config: BalanceConfig, ankle: Array, shift: Array, e: Array
) -> tuple[Array, Array]:
    """The accelerations of body (3,) m/s^2 and trunk (3,) rad/s^2 that two springs and two strategies ask for."""
    bow = np.clip(config.hip_gain * e, -config.hip_limit, config.hip_limit)
    turn = np.array([-bow[1], bow[0], 0.0])
    for axis in range(3):
        turn[axis] -= config.trunk_stiffness * state.trunk_tilt[axis]
        turn[axis] -= config.trunk_damping * state.trunk_angular_velocity[axis]
    # A turn w' needs the moment I w'. The ground gives it at the same ZMP only if the body is shoved along:
    # the inertial force of a pendulum of height z, z m c'', takes as much moment away.
    moment = np.cross([0.0, 0.0, 1.0], config.trunk_inertia * turn)
    shove = moment[:2] / (config.pendulum_height * state.mass)
    climb = config.height_stiffness * shift[2] - config.height_damping * state.com_velocity[2]
    return np.array([ankle[0] + shove[0], ankle[1] + shove[1], climb]), turn


def slips(
    state: BalanceState, config: BalanceConfig, ankle: Array, shift: Array, e: Array, got: object
) -> dict[str, object]:
    """The joint changes that known mistakes give."""
    dt, v, w = state.timestep, state.com_velocity, state.trunk_angular_velocity
    rise = config.height_stiffness * shift[2] - config.height_damping * v[2]
    hip = config.hip_gain * np.array([-e[1], e[0], 0.0])
    limited = np.clip(hip, -config.hip_limit, config.hip_limit)
    spring, damper = config.trunk_stiffness * state.trunk_tilt, config.trunk_damping * w
    lever = config.trunk_inertia / (state.mass * config.pendulum_height)
    weight = np.array([[0.0, -lever, 0.0], [lever, 0.0, 0.0], [0.0, 0.0, 0.0]])

    def moved(
        turn: Array = limited - spring - damper,
        rise: float = rise,
        shove: Array = weight,
        ankle: Array = ankle,
        v: Array = v,
        w: Array = w,
        dt: float = dt,
        of: Array | None = None,
    ) -> Array:
        pull = np.append(ankle, rise) + shove @ (turn if of is None else of)
        return joints(state, np.concatenate((v + pull * dt, w + turn * dt)))

    right, nothing, usual = moved(), np.zeros(3), BalanceConfig().hip_limit
    as_vector = hip * min(1.0, config.hip_limit / max(float(np.hypot(*hip[:2])), 1e-12))
    whole = hip - spring - damper
    climb = config.height_stiffness * shift[2]
    return {
        "timestep-forgotten": right / dt,
        "acceleration-taken-for-velocity": moved(dt=1.0),
        "velocity-forgotten": either(got, moved(v=nothing, w=nothing), moved(v=nothing), moved(w=nothing)),
        "posture-forgotten": right - state.posture_velocity * dt,
        "height-damping-sign": moved(rise=climb + config.height_damping * v[2]),
        "height-damping-forgotten": moved(rise=climb),
        "height-spring-sign": moved(rise=rise - 2.0 * climb),
        "height-forgotten": moved(rise=0.0),
        "shift-taken-for-acceleration": moved(rise=shift[2]),
        "tilt-sign": moved(limited + spring - damper),
        "trunk-damping-sign": moved(limited - spring + damper),
        "trunk-damping-forgotten": moved(limited - spring),
        "shove-backward": moved(shove=-weight),
        "shove-by-the-wrong-axis": either(got, moved(shove=lever * np.eye(3)), moved(shove=np.abs(weight))),
        "shove-of-the-bow-only": moved(of=limited),
        "shove-forgotten": moved(shove=0.0 * weight),
        "shove-without-mass": moved(shove=weight * state.mass),
        "ankle-forgotten": moved(ankle=np.zeros(2)),
        "hip-backward": moved(-limited - spring - damper),
        "hip-axes-swapped": either(got, *(moved(limited @ swap - spring - damper) for swap in SWAPS)),
        "hip-forgotten": moved(-spring - damper),
        "hip-unlimited": moved(whole),
        "hip-limit-fixed": moved(np.clip(hip, -usual, usual) - spring - damper),
        "hip-limited-as-a-vector": moved(as_vector - spring - damper),
        "everything-limited": moved(np.clip(whole, -config.hip_limit, config.hip_limit)),
    }


def made_by(state: BalanceState, answer: object) -> tuple[Array, Array]:
    """The accelerations of body (3,) and trunk (3,) that an answer makes, as the map's columns tell; nan where none."""
    try:
        changes = np.asarray(answer, dtype=float).reshape(28)
    except (TypeError, ValueError):
        return np.full(3, np.nan), np.full(3, np.nan)
    motion = np.linalg.pinv(state.motion_map) @ (changes / state.timestep - state.posture_velocity)
    before = np.concatenate((state.com_velocity, state.trunk_angular_velocity))
    body, trunk = np.split((motion - before) / state.timestep, 2)
    return body, trunk


def joint_case(
    student, state: BalanceState, config: BalanceConfig, ankle: Array, shift: Array, what: str
) -> Case:
    """The joint changes that move body and trunk as a spring, a damper and the two strategies ask."""
    got = student.BalanceController(config).calculate_joint_adjustments(ankle.copy(), shift.copy(), state)
    e, dt = excess(state, config), state.timestep
    asked = pull, turn = body_motion(state, config, ankle, shift, e)
    motion = np.concatenate((state.com_velocity + dt * pull, state.trunk_angular_velocity + dt * turn))
    picture = motion_picture(asked, made_by(state, got))
    return Case(what, got, joints(state, motion), slips(state, config, ankle, shift, e, got), picture)
