"""Answers to 3.4 as students write them."""

import numpy as np

from vla_course.course.source.variants import right, wrong


@wrong("with-the-acceleration")
def cart_table_zmp(com, com_acceleration, gravity=9.81):
    return com[:2] + com[2] / gravity * com_acceleration[:2]


@wrong("height-forgotten")
def cart_table_zmp(com, com_acceleration, gravity=9.81):
    return com[:2] - com_acceleration[:2] / gravity


@wrong("fraction-upside-down")
def cart_table_zmp(com, com_acceleration, gravity=9.81):
    return com[:2] - gravity / com[2] * com_acceleration[:2]


@wrong("root-taken")
def cart_table_zmp(com, com_acceleration, gravity=9.81):
    omega = np.sqrt(gravity / com[2])
    return com[:2] - com_acceleration[:2] / omega


@wrong("gravity-fixed")
def cart_table_zmp(com, com_acceleration, gravity=9.81):
    return com[:2] - com[2] / 9.81 * com_acceleration[:2]


@wrong("still-robot")
def cart_table_zmp(com, com_acceleration, gravity=9.81):
    return com[:2]


@wrong("three-numbers")
def cart_table_zmp(com, com_acceleration, gravity=9.81):
    return com - com[2] / gravity * com_acceleration


@wrong("vertical-acceleration-counted")
def cart_table_zmp(com, com_acceleration, gravity=9.81):
    return com[:2] - com[2] / (gravity + com_acceleration[2]) * com_acceleration[:2]


@right("by-components")
def cart_table_zmp(com, com_acceleration, gravity=9.81):
    x, y, z = map(float, com)
    ax, ay, _ = map(float, com_acceleration)
    return (x - ax * z / gravity, y - ay * z / gravity)


@right("omega-squared")
def cart_table_zmp(com, com_acceleration, gravity=9.81):
    omega = np.sqrt(gravity / com[2])
    return np.subtract(com, np.divide(com_acceleration, omega**2))[:2]
