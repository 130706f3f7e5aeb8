"""Answers to 3.17 as students write them."""

# ruff: noqa: F821  (they see the names of the module that they stand in)

from math import exp, sqrt

import numpy as np

from vla_course.course.source.variants import right, wrong


@wrong("growth-sign")
def adjust_landing(self, landing, time_left, state):
    omega = sqrt(state.gravity / self.config.pendulum_height)
    xi = state.center_of_mass[:2] + state.com_velocity[:2] / omega
    q = self.zmp_reference + xi - self.dcm_reference
    ankles = self.zmp_reference + self.config.ankle_share * (state.support_polygon - self.zmp_reference)
    over = q - nearest_point(ankles, q)
    return landing + over * exp(-omega * time_left)


@wrong("growth-forgotten")
def adjust_landing(self, landing, time_left, state):
    omega = sqrt(state.gravity / self.config.pendulum_height)
    xi = state.center_of_mass[:2] + state.com_velocity[:2] / omega
    q = self.zmp_reference + xi - self.dcm_reference
    ankles = self.zmp_reference + self.config.ankle_share * (state.support_polygon - self.zmp_reference)
    over = q - nearest_point(ankles, q)
    return landing + over


@wrong("omega-forgotten")
def adjust_landing(self, landing, time_left, state):
    omega = sqrt(state.gravity / self.config.pendulum_height)
    xi = state.center_of_mass[:2] + state.com_velocity[:2] / omega
    q = self.zmp_reference + xi - self.dcm_reference
    ankles = self.zmp_reference + self.config.ankle_share * (state.support_polygon - self.zmp_reference)
    over = q - nearest_point(ankles, q)
    return landing + over * exp(time_left)


@wrong("away-from-the-fall")
def adjust_landing(self, landing, time_left, state):
    omega = sqrt(state.gravity / self.config.pendulum_height)
    xi = state.center_of_mass[:2] + state.com_velocity[:2] / omega
    q = self.zmp_reference + xi - self.dcm_reference
    ankles = self.zmp_reference + self.config.ankle_share * (state.support_polygon - self.zmp_reference)
    over = nearest_point(ankles, q) - q
    return landing + over * exp(omega * time_left)


@wrong("landing-forgotten")
def adjust_landing(self, landing, time_left, state):
    omega = sqrt(state.gravity / self.config.pendulum_height)
    xi = state.center_of_mass[:2] + state.com_velocity[:2] / omega
    q = self.zmp_reference + xi - self.dcm_reference
    ankles = self.zmp_reference + self.config.ankle_share * (state.support_polygon - self.zmp_reference)
    over = q - nearest_point(ankles, q)
    return over * exp(omega * time_left)


@wrong("ankles-forgotten")
def adjust_landing(self, landing, time_left, state):
    omega = sqrt(state.gravity / self.config.pendulum_height)
    xi = state.center_of_mass[:2] + state.com_velocity[:2] / omega
    over = xi - self.dcm_reference
    return landing + over * exp(omega * time_left)


@wrong("whole-sole")
def adjust_landing(self, landing, time_left, state):
    omega = sqrt(state.gravity / self.config.pendulum_height)
    xi = state.center_of_mass[:2] + state.com_velocity[:2] / omega
    q = self.zmp_reference + xi - self.dcm_reference
    over = q - nearest_point(state.support_polygon, q)
    return landing + over * exp(omega * time_left)


@wrong("share-of-the-sole")
def adjust_landing(self, landing, time_left, state):
    omega = sqrt(state.gravity / self.config.pendulum_height)
    xi = state.center_of_mass[:2] + state.com_velocity[:2] / omega
    q = self.zmp_reference + xi - self.dcm_reference
    middle = state.support_polygon.mean(axis=0)
    ankles = middle + self.config.ankle_share * (state.support_polygon - middle)
    over = q - nearest_point(ankles, q)
    return landing + over * exp(omega * time_left)


@wrong("share-turned-round")
def adjust_landing(self, landing, time_left, state):
    omega = sqrt(state.gravity / self.config.pendulum_height)
    xi = state.center_of_mass[:2] + state.com_velocity[:2] / omega
    q = self.zmp_reference + xi - self.dcm_reference
    ankles = state.support_polygon + self.config.ankle_share * (self.zmp_reference - state.support_polygon)
    over = q - nearest_point(ankles, q)
    return landing + over * exp(omega * time_left)


@wrong("share-fixed")
def adjust_landing(self, landing, time_left, state):
    omega = sqrt(state.gravity / self.config.pendulum_height)
    xi = state.center_of_mass[:2] + state.com_velocity[:2] / omega
    q = self.zmp_reference + xi - self.dcm_reference
    ankles = self.zmp_reference + BalanceConfig().ankle_share * (state.support_polygon - self.zmp_reference)
    over = q - nearest_point(ankles, q)
    return landing + over * exp(omega * time_left)


@wrong("edge-for-overshoot")
def adjust_landing(self, landing, time_left, state):
    omega = sqrt(state.gravity / self.config.pendulum_height)
    xi = state.center_of_mass[:2] + state.com_velocity[:2] / omega
    q = self.zmp_reference + xi - self.dcm_reference
    ankles = self.zmp_reference + self.config.ankle_share * (state.support_polygon - self.zmp_reference)
    over = nearest_point(ankles, q) - self.zmp_reference
    return landing + over * exp(omega * time_left)


@wrong("gain-taken")
def adjust_landing(self, landing, time_left, state):
    omega = sqrt(state.gravity / self.config.pendulum_height)
    xi = state.center_of_mass[:2] + state.com_velocity[:2] / omega
    q = self.calculate_capture_zmp(state)
    ankles = self.zmp_reference + self.config.ankle_share * (state.support_polygon - self.zmp_reference)
    over = q - nearest_point(ankles, q)
    return landing + over * exp(omega * time_left)


@wrong("zmp-reference-forgotten")
def adjust_landing(self, landing, time_left, state):
    omega = sqrt(state.gravity / self.config.pendulum_height)
    xi = state.center_of_mass[:2] + state.com_velocity[:2] / omega
    q = xi
    ankles = self.zmp_reference + self.config.ankle_share * (state.support_polygon - self.zmp_reference)
    over = q - nearest_point(ankles, q)
    return landing + over * exp(omega * time_left)


@wrong("reference-sign")
def adjust_landing(self, landing, time_left, state):
    omega = sqrt(state.gravity / self.config.pendulum_height)
    xi = state.center_of_mass[:2] + state.com_velocity[:2] / omega
    q = self.zmp_reference + self.dcm_reference - xi
    ankles = self.zmp_reference + self.config.ankle_share * (state.support_polygon - self.zmp_reference)
    over = q - nearest_point(ankles, q)
    return landing + over * exp(omega * time_left)


@wrong("velocity-forgotten")
def adjust_landing(self, landing, time_left, state):
    omega = sqrt(state.gravity / self.config.pendulum_height)
    xi = state.center_of_mass[:2]
    q = self.zmp_reference + xi - self.dcm_reference
    ankles = self.zmp_reference + self.config.ankle_share * (state.support_polygon - self.zmp_reference)
    over = q - nearest_point(ankles, q)
    return landing + over * exp(omega * time_left)


@wrong("height-of-the-body")
def adjust_landing(self, landing, time_left, state):
    omega = sqrt(state.gravity / state.center_of_mass[2])
    xi = state.center_of_mass[:2] + state.com_velocity[:2] / omega
    q = self.zmp_reference + xi - self.dcm_reference
    ankles = self.zmp_reference + self.config.ankle_share * (state.support_polygon - self.zmp_reference)
    over = q - nearest_point(ankles, q)
    return landing + over * exp(omega * time_left)


@wrong("height-fixed")
def adjust_landing(self, landing, time_left, state):
    omega = sqrt(state.gravity / BalanceConfig().pendulum_height)
    xi = state.center_of_mass[:2] + state.com_velocity[:2] / omega
    q = self.zmp_reference + xi - self.dcm_reference
    ankles = self.zmp_reference + self.config.ankle_share * (state.support_polygon - self.zmp_reference)
    over = q - nearest_point(ankles, q)
    return landing + over * exp(omega * time_left)


@wrong("gravity-fixed")
def adjust_landing(self, landing, time_left, state):
    omega = sqrt(9.81 / self.config.pendulum_height)
    xi = state.center_of_mass[:2] + state.com_velocity[:2] / omega
    q = self.zmp_reference + xi - self.dcm_reference
    ankles = self.zmp_reference + self.config.ankle_share * (state.support_polygon - self.zmp_reference)
    over = q - nearest_point(ankles, q)
    return landing + over * exp(omega * time_left)


@right("corner-by-corner")
def adjust_landing(self, landing, time_left, state):
    tau = (self.config.pendulum_height / state.gravity) ** 0.5
    off = state.center_of_mass[:2] + tau * state.com_velocity[:2] - self.dcm_reference
    corners = [self.config.ankle_share * (corner - self.zmp_reference) for corner in state.support_polygon]
    taken = nearest_point(np.array(corners), off)
    return np.asarray(landing) + np.exp(time_left / tau) * (off - taken)


@right("scaled-up")
def adjust_landing(self, landing, time_left, state):
    # The sole as it is, and the error made larger instead.
    share = self.config.ankle_share
    omega = sqrt(state.gravity / self.config.pendulum_height)
    error = state.center_of_mass[:2] + state.com_velocity[:2] / omega - self.dcm_reference
    wish = self.zmp_reference + error / share
    beyond = share * (wish - nearest_point(state.support_polygon, wish))
    return [planned + exp(omega * time_left) * part for planned, part in zip(landing, beyond)]
