"""Answers to 3.15 as students write them."""

import numpy as np

from vla_course.course.source.variants import right, wrong


@wrong("starts-over-at-rest")
def swing_motion(position, velocity, acceleration, goal, time_left, ahead):
    if ahead >= time_left:
        return goal, 0 * goal, 0 * goal
    s, d, T = ahead / time_left, goal - position, time_left
    return (
        position + d * (10 * s**3 - 15 * s**4 + 6 * s**5),
        d * (30 * s**2 - 60 * s**3 + 30 * s**4) / T,
        d * (60 * s - 180 * s**2 + 120 * s**3) / T**2,
    )


@wrong("velocity-ignored")
def swing_motion(position, velocity, acceleration, goal, time_left, ahead):
    if ahead >= time_left:
        return goal, 0 * goal, 0 * goal
    T, t, d = time_left, ahead, goal - position
    a = (10 * d - 1.5 * acceleration * T**2) / T**3
    b = (-15 * d + 1.5 * acceleration * T**2) / T**4
    c = (6 * d - 0.5 * acceleration * T**2) / T**5
    return (
        position + acceleration * t**2 / 2 + a * t**3 + b * t**4 + c * t**5,
        acceleration * t + 3 * a * t**2 + 4 * b * t**3 + 5 * c * t**4,
        acceleration + 6 * a * t + 12 * b * t**2 + 20 * c * t**3,
    )


@wrong("acceleration-ignored")
def swing_motion(position, velocity, acceleration, goal, time_left, ahead):
    if ahead >= time_left:
        return goal, 0 * goal, 0 * goal
    T, t, d = time_left, ahead, goal - position
    a = (10 * d - 6 * velocity * T) / T**3
    b = (-15 * d + 8 * velocity * T) / T**4
    c = (6 * d - 3 * velocity * T) / T**5
    return (
        position + velocity * t + a * t**3 + b * t**4 + c * t**5,
        velocity + 3 * a * t**2 + 4 * b * t**3 + 5 * c * t**4,
        6 * a * t + 12 * b * t**2 + 20 * c * t**3,
    )


@wrong("misses-the-goal")
def swing_motion(position, velocity, acceleration, goal, time_left, ahead):
    if ahead >= time_left:
        return goal, 0 * goal, 0 * goal
    T, t, d = time_left, ahead, goal - position
    a, b, c = 10 * d / T**3, -15 * d / T**4, 6 * d / T**5
    return (
        position + velocity * t + acceleration * t**2 / 2 + a * t**3 + b * t**4 + c * t**5,
        velocity + acceleration * t + 3 * a * t**2 + 4 * b * t**3 + 5 * c * t**4,
        acceleration + 6 * a * t + 12 * b * t**2 + 20 * c * t**3,
    )


@wrong("wrong-power")
def swing_motion(position, velocity, acceleration, goal, time_left, ahead):
    if ahead >= time_left:
        return goal, 0 * goal, 0 * goal
    T, t, d = time_left, ahead, goal - position
    a = (10 * d - 6 * velocity * T - 1.5 * acceleration * T**2) / T**3
    b = (-15 * d + 8 * velocity * T + 1.5 * acceleration * T**2) / T**3
    c = (6 * d - 3 * velocity * T - 0.5 * acceleration * T**2) / T**3
    return (
        position + velocity * t + acceleration * t**2 / 2 + a * t**3 + b * t**4 + c * t**5,
        velocity + acceleration * t + 3 * a * t**2 + 4 * b * t**3 + 5 * c * t**4,
        acceleration + 6 * a * t + 12 * b * t**2 + 20 * c * t**3,
    )


@wrong("time-as-a-share")
def swing_motion(position, velocity, acceleration, goal, time_left, ahead):
    if ahead >= time_left:
        return goal, 0 * goal, 0 * goal
    d, v, w, s = goal - position, velocity * time_left, acceleration * time_left**2, ahead / time_left
    a = 10 * d - 6 * v - 1.5 * w
    b = -15 * d + 8 * v + 1.5 * w
    c = 6 * d - 3 * v - 0.5 * w
    return (
        position + v * s + w * s**2 / 2 + a * s**3 + b * s**4 + c * s**5,
        v + w * s + 3 * a * s**2 + 4 * b * s**3 + 5 * c * s**4,
        w + 6 * a * s + 12 * b * s**2 + 20 * c * s**3,
    )


@wrong("derivative-factors")
def swing_motion(position, velocity, acceleration, goal, time_left, ahead):
    if ahead >= time_left:
        return goal, 0 * goal, 0 * goal
    T, t, d = time_left, ahead, goal - position
    a = (10 * d - 6 * velocity * T - 1.5 * acceleration * T**2) / T**3
    b = (-15 * d + 8 * velocity * T + 1.5 * acceleration * T**2) / T**4
    c = (6 * d - 3 * velocity * T - 0.5 * acceleration * T**2) / T**5
    return (
        position + velocity * t + acceleration * t**2 / 2 + a * t**3 + b * t**4 + c * t**5,
        velocity + acceleration * t + a * t**2 + b * t**3 + c * t**4,
        acceleration + a * t + b * t**2 + c * t**3,
    )


@wrong("goal-for-distance")
def swing_motion(position, velocity, acceleration, goal, time_left, ahead):
    if ahead >= time_left:
        return goal, 0 * goal, 0 * goal
    T, t, d = time_left, ahead, goal
    a = (10 * d - 6 * velocity * T - 1.5 * acceleration * T**2) / T**3
    b = (-15 * d + 8 * velocity * T + 1.5 * acceleration * T**2) / T**4
    c = (6 * d - 3 * velocity * T - 0.5 * acceleration * T**2) / T**5
    return (
        position + velocity * t + acceleration * t**2 / 2 + a * t**3 + b * t**4 + c * t**5,
        velocity + acceleration * t + 3 * a * t**2 + 4 * b * t**3 + 5 * c * t**4,
        acceleration + 6 * a * t + 12 * b * t**2 + 20 * c * t**3,
    )


@wrong("from-the-origin")
def swing_motion(position, velocity, acceleration, goal, time_left, ahead):
    if ahead >= time_left:
        return goal, 0 * goal, 0 * goal
    T, t, d = time_left, ahead, goal - position
    a = (10 * d - 6 * velocity * T - 1.5 * acceleration * T**2) / T**3
    b = (-15 * d + 8 * velocity * T + 1.5 * acceleration * T**2) / T**4
    c = (6 * d - 3 * velocity * T - 0.5 * acceleration * T**2) / T**5
    return (
        velocity * t + acceleration * t**2 / 2 + a * t**3 + b * t**4 + c * t**5,
        velocity + acceleration * t + 3 * a * t**2 + 4 * b * t**3 + 5 * c * t**4,
        acceleration + 6 * a * t + 12 * b * t**2 + 20 * c * t**3,
    )


@wrong("never-rests")
def swing_motion(position, velocity, acceleration, goal, time_left, ahead):
    if time_left <= 0:
        return goal, 0 * goal, 0 * goal
    T, t, d = time_left, ahead, goal - position
    a = (10 * d - 6 * velocity * T - 1.5 * acceleration * T**2) / T**3
    b = (-15 * d + 8 * velocity * T + 1.5 * acceleration * T**2) / T**4
    c = (6 * d - 3 * velocity * T - 0.5 * acceleration * T**2) / T**5
    return (
        position + velocity * t + acceleration * t**2 / 2 + a * t**3 + b * t**4 + c * t**5,
        velocity + acceleration * t + 3 * a * t**2 + 4 * b * t**3 + 5 * c * t**4,
        acceleration + 6 * a * t + 12 * b * t**2 + 20 * c * t**3,
    )


@wrong("no-time-left")
def swing_motion(position, velocity, acceleration, goal, time_left, ahead):
    T, t, d = time_left, min(ahead, time_left), goal - position
    a = (10 * d - 6 * velocity * T - 1.5 * acceleration * T**2) / T**3
    b = (-15 * d + 8 * velocity * T + 1.5 * acceleration * T**2) / T**4
    c = (6 * d - 3 * velocity * T - 0.5 * acceleration * T**2) / T**5
    return (
        position + velocity * t + acceleration * t**2 / 2 + a * t**3 + b * t**4 + c * t**5,
        velocity + acceleration * t + 3 * a * t**2 + 4 * b * t**3 + 5 * c * t**4,
        acceleration + 6 * a * t + 12 * b * t**2 + 20 * c * t**3,
    )


@wrong("rests-early")
def swing_motion(position, velocity, acceleration, goal, time_left, ahead):
    if ahead >= 0.9 * time_left:
        return goal, 0 * goal, 0 * goal
    T, t, d = time_left, ahead, goal - position
    a = (10 * d - 6 * velocity * T - 1.5 * acceleration * T**2) / T**3
    b = (-15 * d + 8 * velocity * T + 1.5 * acceleration * T**2) / T**4
    c = (6 * d - 3 * velocity * T - 0.5 * acceleration * T**2) / T**5
    return (
        position + velocity * t + acceleration * t**2 / 2 + a * t**3 + b * t**4 + c * t**5,
        velocity + acceleration * t + 3 * a * t**2 + 4 * b * t**3 + 5 * c * t**4,
        acceleration + 6 * a * t + 12 * b * t**2 + 20 * c * t**3,
    )


@right("three-equations")
def swing_motion(position, velocity, acceleration, goal, time_left, ahead):
    T, t = time_left, ahead
    if T <= 0 or t >= T:
        return goal.copy(), np.zeros(len(goal)), np.zeros(len(goal))
    powers = np.array([[T**3, T**4, T**5], [3 * T**2, 4 * T**3, 5 * T**4], [6 * T, 12 * T**2, 20 * T**3]])
    left = np.array(
        [
            goal - position - velocity * T - acceleration * T**2 / 2,
            -velocity - acceleration * T,
            -acceleration,
        ]
    )
    bends = np.linalg.solve(powers, left)
    return (
        position + velocity * t + acceleration * t**2 / 2 + np.array([t**3, t**4, t**5]) @ bends,
        velocity + acceleration * t + np.array([3 * t**2, 4 * t**3, 5 * t**4]) @ bends,
        acceleration + np.array([6 * t, 12 * t**2, 20 * t**3]) @ bends,
    )


@right("polynomials")
def swing_motion(position, velocity, acceleration, goal, time_left, ahead):
    if not ahead < time_left:
        return [goal, 0.0 * goal, 0.0 * goal]
    d, v, w = goal - position, velocity * time_left, acceleration * time_left**2
    curve = [position, v, w / 2, 10 * d - 6 * v - 1.5 * w, -15 * d + 8 * v + 1.5 * w, 6 * d - 3 * v - w / 2]
    lines = [np.poly1d(numbers[::-1]) for numbers in np.transpose(curve)]
    s = ahead / time_left
    return [np.array([line.deriv(n)(s) for line in lines]) / time_left**n for n in range(3)]
