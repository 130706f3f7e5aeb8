"""Balance states made by hand: plain numbers of a robot that stands somewhere, in the middle of something."""

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shown.day3_humanoid_balance.ground import feet
from vla_course.motion.standing.balance_config import BalanceConfig
from vla_course.motion.standing.balance_state import BalanceState

Array = NDArray[np.float64]


def some_state(rng: np.random.Generator, **known: Any) -> BalanceState:
    """A plausible state in which nothing is zero by chance; `known` fields are set as given.

    The columns of its `motion_map` are of unit length and at right angles, so that no part
    of what the body is asked to do is drowned by another.
    """
    polygon = np.asarray(known.get("support_polygon", feet(rng, spread=1.0)))
    middle = polygon.mean(axis=0)
    mass, gravity, points = rng.uniform(40.0, 55.0), 9.81, len(polygon)
    state = BalanceState(
        time=rng.uniform(0.0, 5.0),
        timestep=0.002,
        mass=mass,
        gravity=gravity,
        center_of_mass=np.append(middle + rng.uniform(-0.03, 0.03, 2), rng.uniform(0.6, 0.85)),
        com_velocity=rng.uniform(-0.3, 0.3, 3),
        com_acceleration=rng.uniform(-1.5, 1.5, 3),
        angular_momentum_rate=rng.uniform(-10.0, 10.0, 3),
        contact_points=np.column_stack((polygon, np.zeros(points))),
        contact_forces=mass * gravity * rng.dirichlet(np.ones(points)),
        support_polygon=polygon,
        trunk_tilt=rng.uniform(-0.1, 0.1, 3),
        trunk_angular_velocity=rng.uniform(-0.5, 0.5, 3),
        joint_positions=rng.uniform(-0.5, 0.5, 28),
        motion_map=np.linalg.qr(rng.normal(size=(28, 6)))[0],
        posture_velocity=rng.uniform(-0.2, 0.2, 28),
    )
    return replace(state, **known)


def resting(state: BalanceState) -> BalanceState:
    """The same robot, upright and at rest at home: nothing is left to mend."""
    still = np.zeros(3)
    home = np.append(state.support_polygon.mean(axis=0), BalanceConfig().com_height)
    return replace(
        state,
        center_of_mass=home,
        com_velocity=still,
        com_acceleration=still,
        angular_momentum_rate=still,
        trunk_tilt=still,
        trunk_angular_velocity=still,
    )


def at(state: BalanceState, place: Array, velocity: Array) -> BalanceState:
    """The same robot with its centre of mass elsewhere: horizontal place and velocity (2,)."""
    return replace(
        state,
        center_of_mass=np.append(place, state.center_of_mass[2]),
        com_velocity=np.append(velocity, 0.0),
    )


def some_config(rng: np.random.Generator) -> BalanceConfig:
    """Gains that are nobody's defaults."""
    return BalanceConfig(
        com_height=rng.uniform(0.6, 0.9),
        pendulum_height=rng.uniform(0.6, 1.2),
        trunk_inertia=rng.uniform(1.0, 3.0),
        dcm_gain=rng.uniform(0.8, 3.5),
        edge_margin=rng.uniform(0.005, 0.015),
        zmp_gain=rng.uniform(0.2, 0.8),
        com_reach=rng.uniform(0.04, 0.08),
        height_stiffness=rng.uniform(60.0, 140.0),
        height_damping=rng.uniform(10.0, 30.0),
        trunk_stiffness=rng.uniform(40.0, 80.0),
        trunk_damping=rng.uniform(8.0, 16.0),
        hip_gain=rng.uniform(20.0, 60.0),
        hip_limit=rng.uniform(10.0, 20.0),
    )


def capture_zmp(state: BalanceState, config: BalanceConfig) -> Array:
    """The ZMP (2,) m that would bring the DCM home: beyond the DCM, by the gain's share of its way from rest."""
    middle, place = state.support_polygon.mean(axis=0), state.center_of_mass[:2]
    away = place - middle
    rest = middle + away * max(0.0, 1.0 - config.com_reach / max(np.hypot(*away), 1e-12))
    dcm = place + state.com_velocity[:2] * np.sqrt(state.center_of_mass[2] / state.gravity)
    return dcm + config.dcm_gain * (dcm - rest)


def wanting(state: BalanceState, config: BalanceConfig, zmp: Array) -> BalanceState:
    """The same robot in just the motion for which `zmp` (2,) is the capture ZMP."""
    still = replace(state, com_velocity=np.zeros(3))
    lead = np.sqrt(state.center_of_mass[2] / state.gravity) * (1.0 + config.dcm_gain)
    speed = (zmp - capture_zmp(still, config)) / lead
    return replace(state, com_velocity=np.append(speed, state.com_velocity[2]))
