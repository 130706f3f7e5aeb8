"""Answers to 3.16 as students write them."""

# ruff: noqa: F821  (they see the names of the module that they stand in)

import numpy as np

from vla_course.course.source.variants import right, wrong

from .dcm import divergent_component_of_motion


@wrong("feedback-sign")
def calculate_capture_zmp(self, state):
    omega = sqrt(state.gravity / self.config.pendulum_height)
    xi = state.center_of_mass[:2] + state.com_velocity[:2] / omega
    return self.zmp_reference + (1 + self.config.dcm_gain) * (self.dcm_reference - xi)


@wrong("short-of-the-dcm")
def calculate_capture_zmp(self, state):
    omega = sqrt(state.gravity / self.config.pendulum_height)
    xi = state.center_of_mass[:2] + state.com_velocity[:2] / omega
    return self.zmp_reference + self.config.dcm_gain * (xi - self.dcm_reference)


@wrong("gain-forgotten")
def calculate_capture_zmp(self, state):
    omega = sqrt(state.gravity / self.config.pendulum_height)
    xi = state.center_of_mass[:2] + state.com_velocity[:2] / omega
    return self.zmp_reference + xi - self.dcm_reference


@wrong("feedback-forgotten")
def calculate_capture_zmp(self, state):
    return self.zmp_reference


@wrong("dcm-reference-for-zmp")
def calculate_capture_zmp(self, state):
    omega = sqrt(state.gravity / self.config.pendulum_height)
    xi = state.center_of_mass[:2] + state.com_velocity[:2] / omega
    return self.dcm_reference + (1 + self.config.dcm_gain) * (xi - self.dcm_reference)


@wrong("zmp-reference-for-dcm")
def calculate_capture_zmp(self, state):
    omega = sqrt(state.gravity / self.config.pendulum_height)
    xi = state.center_of_mass[:2] + state.com_velocity[:2] / omega
    return self.zmp_reference + (1 + self.config.dcm_gain) * (xi - self.zmp_reference)


@wrong("zmp-reference-forgotten")
def calculate_capture_zmp(self, state):
    omega = sqrt(state.gravity / self.config.pendulum_height)
    xi = state.center_of_mass[:2] + state.com_velocity[:2] / omega
    return (1 + self.config.dcm_gain) * (xi - self.dcm_reference)


@wrong("stands-still")
def calculate_capture_zmp(self, state):
    return BalanceController.calculate_capture_zmp(self, state)


@wrong("velocity-forgotten")
def calculate_capture_zmp(self, state):
    return self.zmp_reference + (1 + self.config.dcm_gain) * (state.center_of_mass[:2] - self.dcm_reference)


@wrong("times-omega")
def calculate_capture_zmp(self, state):
    omega = sqrt(state.gravity / self.config.pendulum_height)
    xi = state.center_of_mass[:2] + state.com_velocity[:2] * omega
    return self.zmp_reference + (1 + self.config.dcm_gain) * (xi - self.dcm_reference)


@wrong("height-of-the-body")
def calculate_capture_zmp(self, state):
    omega = sqrt(state.gravity / state.center_of_mass[2])
    xi = state.center_of_mass[:2] + state.com_velocity[:2] / omega
    return self.zmp_reference + (1 + self.config.dcm_gain) * (xi - self.dcm_reference)


@wrong("height-fixed")
def calculate_capture_zmp(self, state):
    omega = sqrt(state.gravity / BalanceConfig().pendulum_height)
    xi = state.center_of_mass[:2] + state.com_velocity[:2] / omega
    return self.zmp_reference + (1 + self.config.dcm_gain) * (xi - self.dcm_reference)


@wrong("gravity-fixed")
def calculate_capture_zmp(self, state):
    omega = sqrt(9.81 / self.config.pendulum_height)
    xi = state.center_of_mass[:2] + state.com_velocity[:2] / omega
    return self.zmp_reference + (1 + self.config.dcm_gain) * (xi - self.dcm_reference)


@wrong("gain-fixed")
def calculate_capture_zmp(self, state):
    omega = sqrt(state.gravity / self.config.pendulum_height)
    xi = state.center_of_mass[:2] + state.com_velocity[:2] / omega
    return self.zmp_reference + (1 + 1.5) * (xi - self.dcm_reference)


@right("axis-by-axis")
def calculate_capture_zmp(self, state):
    c, v, k = state.center_of_mass, state.com_velocity, self.config.dcm_gain
    lead = (self.config.pendulum_height / state.gravity) ** 0.5
    off = [c[i] + lead * v[i] - self.dcm_reference[i] for i in range(2)]
    return np.array([self.zmp_reference[i] + off[i] + k * off[i] for i in range(2)])


@right("dcm-of-a-pendulum")
def calculate_capture_zmp(self, state):
    body = np.append(state.center_of_mass[:2], self.config.pendulum_height)
    xi = divergent_component_of_motion(body, state.com_velocity, state.gravity)
    error = np.subtract(xi, self.dcm_reference)
    return np.add(self.zmp_reference, error + self.config.dcm_gain * error)
