"""Answers to 3.5 as students write them."""

import numpy as np

from vla_course.course.source.variants import right, wrong


@wrong("angular-momentum-forgotten")
def zero_moment_point(mass, com, com_acceleration, angular_momentum_rate, gravity=9.81):
    vertical = com_acceleration[2] + gravity
    if vertical <= 0:
        raise ValueError("free fall")
    return com[:2] - com[2] * com_acceleration[:2] / vertical


@wrong("momentum-axes-swapped")
def zero_moment_point(mass, com, com_acceleration, angular_momentum_rate, gravity=9.81):
    force = mass * (com_acceleration[2] + gravity)
    if force <= 0:
        raise ValueError("free fall")
    x = com[0] - (com[2] * mass * com_acceleration[0] + angular_momentum_rate[0]) / force
    y = com[1] - (com[2] * mass * com_acceleration[1] - angular_momentum_rate[1]) / force
    return np.array([x, y])


@wrong("momentum-sign")
def zero_moment_point(mass, com, com_acceleration, angular_momentum_rate, gravity=9.81):
    force = mass * (com_acceleration[2] + gravity)
    if force <= 0:
        raise ValueError("free fall")
    x = com[0] - (com[2] * mass * com_acceleration[0] - angular_momentum_rate[1]) / force
    y = com[1] - (com[2] * mass * com_acceleration[1] + angular_momentum_rate[0]) / force
    return np.array([x, y])


@wrong("same-sign-twice")
def zero_moment_point(mass, com, com_acceleration, angular_momentum_rate, gravity=9.81):
    force = mass * (com_acceleration[2] + gravity)
    if force <= 0:
        raise ValueError("free fall")
    return com[:2] - (com[2] * mass * com_acceleration[:2] + angular_momentum_rate[1::-1]) / force


@wrong("vertical-acceleration-forgotten")
def zero_moment_point(mass, com, com_acceleration, angular_momentum_rate, gravity=9.81):
    if com_acceleration[2] + gravity <= 0:
        raise ValueError("free fall")
    force = mass * gravity
    x = com[0] - (com[2] * mass * com_acceleration[0] + angular_momentum_rate[1]) / force
    y = com[1] - (com[2] * mass * com_acceleration[1] - angular_momentum_rate[0]) / force
    return np.array([x, y])


@wrong("gravity-sign")
def zero_moment_point(mass, com, com_acceleration, angular_momentum_rate, gravity=9.81):
    force = mass * (com_acceleration[2] - gravity)
    x = com[0] - (com[2] * mass * com_acceleration[0] + angular_momentum_rate[1]) / force
    y = com[1] - (com[2] * mass * com_acceleration[1] - angular_momentum_rate[0]) / force
    return np.array([x, y])


@wrong("mass-forgotten")
def zero_moment_point(mass, com, com_acceleration, angular_momentum_rate, gravity=9.81):
    force = mass * (com_acceleration[2] + gravity)
    if force <= 0:
        raise ValueError("free fall")
    x = com[0] - (com[2] * com_acceleration[0] + angular_momentum_rate[1]) / force
    y = com[1] - (com[2] * com_acceleration[1] - angular_momentum_rate[0]) / force
    return np.array([x, y])


@wrong("gravity-fixed")
def zero_moment_point(mass, com, com_acceleration, angular_momentum_rate, gravity=9.81):
    force = mass * (com_acceleration[2] + 9.81)
    if force <= 0:
        raise ValueError("free fall")
    x = com[0] - (com[2] * mass * com_acceleration[0] + angular_momentum_rate[1]) / force
    y = com[1] - (com[2] * mass * com_acceleration[1] - angular_momentum_rate[0]) / force
    return np.array([x, y])


@wrong("free-fall-accepted")
def zero_moment_point(mass, com, com_acceleration, angular_momentum_rate, gravity=9.81):
    force = mass * (com_acceleration[2] + gravity)
    x = com[0] - (com[2] * mass * com_acceleration[0] + angular_momentum_rate[1]) / force
    y = com[1] - (com[2] * mass * com_acceleration[1] - angular_momentum_rate[0]) / force
    return np.array([x, y])


@right("newton-euler-wrench")
def zero_moment_point(mass, com, com_acceleration, angular_momentum_rate, gravity=9.81):
    force = mass * (np.asarray(com_acceleration) + np.array([0, 0, gravity]))
    if not force[2] > 0:
        raise ValueError(f"no support: {force}")
    moment = angular_momentum_rate + np.cross(com, force)
    return np.array([-moment[1], moment[0]]) / force[2]


@right("per-kilogram")
def zero_moment_point(mass, com, com_acceleration, angular_momentum_rate, gravity=9.81):
    lift = com_acceleration[2] + gravity
    if lift <= 0:
        raise ValueError("free fall")
    spin = np.array([angular_momentum_rate[1], -angular_momentum_rate[0]]) / mass
    return com[:2] - (com[2] * com_acceleration[:2] + spin) / lift
