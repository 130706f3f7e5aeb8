"""Answers to 3.6 as students write them."""

import math

import numpy as np

from vla_course.course.source.variants import right, wrong


@wrong("times-omega")
def divergent_component_of_motion(com, com_velocity, gravity=9.81):
    return com[:2] + com_velocity[:2] * np.sqrt(gravity / com[2])


@wrong("root-forgotten")
def divergent_component_of_motion(com, com_velocity, gravity=9.81):
    omega = gravity / com[2]
    return com[:2] + com_velocity[:2] / omega


@wrong("velocity-sign")
def divergent_component_of_motion(com, com_velocity, gravity=9.81):
    return com[:2] - com_velocity[:2] / np.sqrt(gravity / com[2])


@wrong("velocity-forgotten")
def divergent_component_of_motion(com, com_velocity, gravity=9.81):
    return com[:2]


@wrong("center-of-mass-forgotten")
def divergent_component_of_motion(com, com_velocity, gravity=9.81):
    return com_velocity[:2] / np.sqrt(gravity / com[2])


@wrong("gravity-fixed")
def divergent_component_of_motion(com, com_velocity, gravity=9.81):
    return com[:2] + com_velocity[:2] / np.sqrt(9.81 / com[2])


@wrong("three-numbers")
def divergent_component_of_motion(com, com_velocity, gravity=9.81):
    return com + com_velocity / np.sqrt(gravity / com[2])


@right("time-constant")
def divergent_component_of_motion(com, com_velocity, gravity=9.81):
    tau = math.sqrt(com[2] / gravity)
    return [c + v * tau for c, v in zip(com[:2], com_velocity[:2])]


@right("power-of-one-half")
def divergent_component_of_motion(com, com_velocity, gravity=9.81):
    return (np.asarray(com) + np.multiply(com_velocity, (com[2] / gravity) ** 0.5))[:2]
