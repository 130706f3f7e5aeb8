"""Answers to 3.8 as students write them."""

import numpy as np

from vla_course.course.source.variants import right, wrong


@wrong("feedback-sign")
def generate_correction(self, current_zmp, desired_zmp, state):
    c, config = state.center_of_mass, self.config
    return (
        state.gravity
        / config.pendulum_height
        * (c[:2] - desired_zmp + config.zmp_gain * (desired_zmp - current_zmp))
    )


@wrong("runs-to-the-zmp")
def generate_correction(self, current_zmp, desired_zmp, state):
    c, config = state.center_of_mass, self.config
    return (
        state.gravity
        / config.pendulum_height
        * (desired_zmp - c[:2] + config.zmp_gain * (current_zmp - desired_zmp))
    )


@wrong("feedback-forgotten")
def generate_correction(self, current_zmp, desired_zmp, state):
    c, config = state.center_of_mass, self.config
    return state.gravity / config.pendulum_height * (c[:2] - desired_zmp)


@wrong("model-forgotten")
def generate_correction(self, current_zmp, desired_zmp, state):
    c, config = state.center_of_mass, self.config
    return config.zmp_gain * state.gravity / config.pendulum_height * (current_zmp - desired_zmp)


@wrong("gain-forgotten")
def generate_correction(self, current_zmp, desired_zmp, state):
    c, config = state.center_of_mass, self.config
    return state.gravity / config.pendulum_height * (c[:2] + current_zmp - 2 * desired_zmp)


@wrong("height-of-the-body")
def generate_correction(self, current_zmp, desired_zmp, state):
    c, config = state.center_of_mass, self.config
    return state.gravity / c[2] * (c[:2] - desired_zmp + config.zmp_gain * (current_zmp - desired_zmp))


@wrong("gravity-fixed")
def generate_correction(self, current_zmp, desired_zmp, state):
    c, config = state.center_of_mass, self.config
    return (
        9.81 / config.pendulum_height * (c[:2] - desired_zmp + config.zmp_gain * (current_zmp - desired_zmp))
    )


@wrong("root-taken")
def generate_correction(self, current_zmp, desired_zmp, state):
    c, config = state.center_of_mass, self.config
    return np.sqrt(state.gravity / config.pendulum_height) * (
        c[:2] - desired_zmp + config.zmp_gain * (current_zmp - desired_zmp)
    )


@wrong("three-numbers")
def generate_correction(self, current_zmp, desired_zmp, state):
    c, config = state.center_of_mass, self.config
    return (
        state.gravity
        / config.pendulum_height
        * np.append(c[:2] - desired_zmp + config.zmp_gain * (current_zmp - desired_zmp), 0.0)
    )


@right("one-point-to-run-from")
def generate_correction(self, current_zmp, desired_zmp, state):
    omega_squared = state.gravity / self.config.pendulum_height
    target = (1 + self.config.zmp_gain) * desired_zmp - self.config.zmp_gain * current_zmp
    return omega_squared * (state.center_of_mass[:2] - target)


@right("axis-by-axis")
def generate_correction(self, current_zmp, desired_zmp, state):
    z, k = self.config.pendulum_height, self.config.zmp_gain
    answer = []
    for c, p, d in zip(state.center_of_mass, current_zmp, desired_zmp):
        answer.append(state.gravity * (c - d) / z + k * state.gravity * (p - d) / z)
    return np.array(answer)
