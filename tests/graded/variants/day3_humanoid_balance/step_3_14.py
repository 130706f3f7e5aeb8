"""Answers to 3.14 as students write them."""

import numpy as np

from vla_course.course.source.variants import right, wrong


@wrong("future-ignored")
def step(self, state, error_sum, zmp_reference):
    error_sum = error_sum + self.C @ state - zmp_reference[0]
    u = -self.error_gain * error_sum - self.state_gain @ state
    return self.A @ state + self.B * u, error_sum


@wrong("horizon-too-short")
def step(self, state, error_sum, zmp_reference):
    error_sum = error_sum + self.C @ state - zmp_reference[0]
    seen = self.samples // 3
    u = -self.error_gain * error_sum - self.state_gain @ state
    u -= self.preview_gains[:seen] @ zmp_reference[1 : seen + 1]
    return self.A @ state + self.B * u, error_sum


@wrong("preview-sign")
def step(self, state, error_sum, zmp_reference):
    error_sum = error_sum + self.C @ state - zmp_reference[0]
    u = -self.error_gain * error_sum - self.state_gain @ state + self.preview_gains @ zmp_reference[1:]
    return self.A @ state + self.B * u, error_sum


@wrong("preview-from-now")
def step(self, state, error_sum, zmp_reference):
    error_sum = error_sum + self.C @ state - zmp_reference[0]
    u = -self.error_gain * error_sum - self.state_gain @ state
    for gain, wanted in zip(self.preview_gains, zmp_reference):
        u -= gain * wanted
    return self.A @ state + self.B * u, error_sum


@wrong("preview-backward")
def step(self, state, error_sum, zmp_reference):
    error_sum = error_sum + self.C @ state - zmp_reference[0]
    u = -self.error_gain * error_sum - self.state_gain @ state
    u -= np.convolve(self.preview_gains, zmp_reference[1:], "valid")[0]
    return self.A @ state + self.B * u, error_sum


@wrong("error-sum-forgotten")
def step(self, state, error_sum, zmp_reference):
    error = self.C @ state - zmp_reference[0]
    u = -self.error_gain * error - self.state_gain @ state - self.preview_gains @ zmp_reference[1:]
    return self.A @ state + self.B * u, error


@wrong("error-sign")
def step(self, state, error_sum, zmp_reference):
    error_sum = error_sum + zmp_reference[0] - self.C @ state
    u = -self.error_gain * error_sum - self.state_gain @ state - self.preview_gains @ zmp_reference[1:]
    return self.A @ state + self.B * u, error_sum


@wrong("state-sign")
def step(self, state, error_sum, zmp_reference):
    error_sum = error_sum + self.C @ state - zmp_reference[0]
    u = -self.error_gain * error_sum + self.state_gain @ state - self.preview_gains @ zmp_reference[1:]
    return self.A @ state + self.B * u, error_sum


@wrong("state-forgotten")
def step(self, state, error_sum, zmp_reference):
    error_sum = error_sum + self.C @ state - zmp_reference[0]
    u = -self.error_gain * error_sum - self.preview_gains @ zmp_reference[1:]
    return self.A @ state + self.B * u, error_sum


@wrong("place-for-zmp")
def step(self, state, error_sum, zmp_reference):
    error_sum = error_sum + state[0] - zmp_reference[0]
    u = -self.error_gain * error_sum - self.state_gain @ state - self.preview_gains @ zmp_reference[1:]
    return self.A @ state + self.B * u, error_sum


@wrong("old-sum-returned")
def step(self, state, error_sum, zmp_reference):
    total = error_sum + self.C @ state - zmp_reference[0]
    u = -self.error_gain * total - self.state_gain @ state - self.preview_gains @ zmp_reference[1:]
    return self.A @ state + self.B * u, error_sum


@wrong("sum-one-step-late")
def step(self, state, error_sum, zmp_reference):
    u = -self.error_gain * error_sum - self.state_gain @ state - self.preview_gains @ zmp_reference[1:]
    return self.A @ state + self.B * u, error_sum + self.C @ state - zmp_reference[0]


@wrong("jerk-only")
def step(self, state, error_sum, zmp_reference):
    error_sum = error_sum + self.C @ state - zmp_reference[0]
    u = -self.error_gain * error_sum - self.state_gain @ state - self.preview_gains @ zmp_reference[1:]
    return self.B * u, error_sum


@wrong("jerk-instead-of-state")
def step(self, state, error_sum, zmp_reference):
    error_sum = error_sum + self.C @ state - zmp_reference[0]
    u = -self.error_gain * error_sum - self.state_gain @ state - self.preview_gains @ zmp_reference[1:]
    return u, error_sum


@wrong("sum-first")
def step(self, state, error_sum, zmp_reference):
    error_sum = error_sum + self.C @ state - zmp_reference[0]
    u = -self.error_gain * error_sum - self.state_gain @ state - self.preview_gains @ zmp_reference[1:]
    return error_sum, self.A @ state + self.B * u


@wrong("sum-times-timestep")
def step(self, state, error_sum, zmp_reference):
    error_sum = error_sum + (self.C @ state - zmp_reference[0]) * self.timestep
    jerk = -self.error_gain * error_sum - self.state_gain @ state - self.preview_gains @ zmp_reference[1:]
    return self.A @ state + self.B * jerk, error_sum


@right("in-a-loop")
def step(self, state, error_sum, zmp_reference):
    p = sum(c * x for c, x in zip(self.C, state))
    error_sum += p - zmp_reference[0]
    u = -self.error_gain * error_sum
    for gain, x in zip(self.state_gain, state):
        u -= gain * x
    for j in range(1, len(zmp_reference)):
        u -= self.preview_gains[j - 1] * zmp_reference[j]
    c, v, a = state
    T = self.timestep
    return np.array([c + T * v + T**2 / 2 * a + T**3 / 6 * u, v + T * a + T**2 / 2 * u, a + T * u]), error_sum


@right("one-long-product")
def step(self, state, error_sum, zmp_reference):
    now, *future = zmp_reference
    total = error_sum + np.dot(self.C, state) - now
    law = np.hstack((self.error_gain, self.state_gain, self.preview_gains))
    jerk = -law.dot(np.hstack((total, state, future)))
    return self.A.dot(state) + jerk * self.B, total
