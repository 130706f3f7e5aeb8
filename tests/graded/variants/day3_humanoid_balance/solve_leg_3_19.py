"""Answers to 3.19 as students write them."""

import math

import numpy as np

from vla_course.course.source.variants import right, wrong


@wrong("knee-backward")
def solve_leg(side, position, rotation, body):
    hip = np.array([0.0, (body.hip_width / 2) * (1 if side == "left" else -1), 0.0])
    r = rotation.T @ (hip - position) - np.array([0.0, 0.0, body.ankle_height])
    d = np.linalg.norm(r)
    if d > 2 * body.thigh_length + 1e-9:
        raise ValueError(f"out of reach by {d - 2 * body.thigh_length:.4f} m")
    knee = 2 * math.asin(min(d / (2 * body.thigh_length), 1)) - math.pi
    roll = math.atan2(r[1], r[2])
    pitch = -math.atan2(r[0], math.hypot(r[1], r[2])) - knee / 2
    a, b = -roll, -pitch - knee
    x = np.array([[1, 0, 0], [0, math.cos(a), -math.sin(a)], [0, math.sin(a), math.cos(a)]])
    y = np.array([[math.cos(b), 0, math.sin(b)], [0, 1, 0], [-math.sin(b), 0, math.cos(b)]])
    h = rotation @ x @ y
    return np.array(
        [math.atan2(-h[0, 1], h[1, 1]), math.asin(h[2, 1]), math.atan2(-h[2, 0], h[2, 2]), knee, pitch, roll]
    )


@wrong("hip-of-the-left")
def solve_leg(side, position, rotation, body):
    hip = np.array([0.0, body.hip_width / 2, 0.0])
    r = rotation.T @ (hip - position) - np.array([0.0, 0.0, body.ankle_height])
    d = np.linalg.norm(r)
    if d > 2 * body.thigh_length + 1e-9:
        raise ValueError(f"out of reach by {d - 2 * body.thigh_length:.4f} m")
    knee = math.pi - 2 * math.asin(min(d / (2 * body.thigh_length), 1))
    roll = math.atan2(r[1], r[2])
    pitch = -math.atan2(r[0], math.hypot(r[1], r[2])) - knee / 2
    a, b = -roll, -pitch - knee
    x = np.array([[1, 0, 0], [0, math.cos(a), -math.sin(a)], [0, math.sin(a), math.cos(a)]])
    y = np.array([[math.cos(b), 0, math.sin(b)], [0, 1, 0], [-math.sin(b), 0, math.cos(b)]])
    h = rotation @ x @ y
    return np.array(
        [math.atan2(-h[0, 1], h[1, 1]), math.asin(h[2, 1]), math.atan2(-h[2, 0], h[2, 2]), knee, pitch, roll]
    )


@wrong("ankle-straight-up")
def solve_leg(side, position, rotation, body):
    hip = np.array([0.0, (body.hip_width / 2) * (1 if side == "left" else -1), 0.0])
    r = rotation.T @ (hip - position - np.array([0.0, 0.0, body.ankle_height]))
    d = np.linalg.norm(r)
    if d > 2 * body.thigh_length + 1e-9:
        raise ValueError(f"out of reach by {d - 2 * body.thigh_length:.4f} m")
    knee = math.pi - 2 * math.asin(min(d / (2 * body.thigh_length), 1))
    roll = math.atan2(r[1], r[2])
    pitch = -math.atan2(r[0], math.hypot(r[1], r[2])) - knee / 2
    a, b = -roll, -pitch - knee
    x = np.array([[1, 0, 0], [0, math.cos(a), -math.sin(a)], [0, math.sin(a), math.cos(a)]])
    y = np.array([[math.cos(b), 0, math.sin(b)], [0, 1, 0], [-math.sin(b), 0, math.cos(b)]])
    h = rotation @ x @ y
    return np.array(
        [math.atan2(-h[0, 1], h[1, 1]), math.asin(h[2, 1]), math.atan2(-h[2, 0], h[2, 2]), knee, pitch, roll]
    )


@wrong("half-knee-forgotten")
def solve_leg(side, position, rotation, body):
    hip = np.array([0.0, (body.hip_width / 2) * (1 if side == "left" else -1), 0.0])
    r = rotation.T @ (hip - position) - np.array([0.0, 0.0, body.ankle_height])
    d = np.linalg.norm(r)
    if d > 2 * body.thigh_length + 1e-9:
        raise ValueError(f"out of reach by {d - 2 * body.thigh_length:.4f} m")
    knee = math.pi - 2 * math.asin(min(d / (2 * body.thigh_length), 1))
    roll = math.atan2(r[1], r[2])
    pitch = -math.atan2(r[0], math.hypot(r[1], r[2]))
    a, b = -roll, -pitch - knee
    x = np.array([[1, 0, 0], [0, math.cos(a), -math.sin(a)], [0, math.sin(a), math.cos(a)]])
    y = np.array([[math.cos(b), 0, math.sin(b)], [0, 1, 0], [-math.sin(b), 0, math.cos(b)]])
    h = rotation @ x @ y
    return np.array(
        [math.atan2(-h[0, 1], h[1, 1]), math.asin(h[2, 1]), math.atan2(-h[2, 0], h[2, 2]), knee, pitch, roll]
    )


@wrong("cut-without-a-word")
def solve_leg(side, position, rotation, body):
    hip = np.array([0.0, (body.hip_width / 2) * (1 if side == "left" else -1), 0.0])
    r = rotation.T @ (hip - position) - np.array([0.0, 0.0, body.ankle_height])
    knee = math.pi - 2 * math.asin(min(np.linalg.norm(r) / (2 * body.thigh_length), 1))
    roll = math.atan2(r[1], r[2])
    pitch = -math.atan2(r[0], math.hypot(r[1], r[2])) - knee / 2
    a, b = -roll, -pitch - knee
    x = np.array([[1, 0, 0], [0, math.cos(a), -math.sin(a)], [0, math.sin(a), math.cos(a)]])
    y = np.array([[math.cos(b), 0, math.sin(b)], [0, 1, 0], [-math.sin(b), 0, math.cos(b)]])
    h = rotation @ x @ y
    return np.array(
        [math.atan2(-h[0, 1], h[1, 1]), math.asin(h[2, 1]), math.atan2(-h[2, 0], h[2, 2]), knee, pitch, roll]
    )


@wrong("hip-order")
def solve_leg(side, position, rotation, body):
    hip = np.array([0.0, (body.hip_width / 2) * (1 if side == "left" else -1), 0.0])
    r = rotation.T @ (hip - position) - np.array([0.0, 0.0, body.ankle_height])
    d = np.linalg.norm(r)
    if d > 2 * body.thigh_length + 1e-9:
        raise ValueError(f"out of reach by {d - 2 * body.thigh_length:.4f} m")
    knee = math.pi - 2 * math.asin(min(d / (2 * body.thigh_length), 1))
    roll = math.atan2(r[1], r[2])
    pitch = -math.atan2(r[0], math.hypot(r[1], r[2])) - knee / 2
    a, b = -roll, -pitch - knee
    x = np.array([[1, 0, 0], [0, math.cos(a), -math.sin(a)], [0, math.sin(a), math.cos(a)]])
    y = np.array([[math.cos(b), 0, math.sin(b)], [0, 1, 0], [-math.sin(b), 0, math.cos(b)]])
    h = rotation @ x @ y
    return np.array(
        [math.asin(-h[0, 1]), math.atan2(h[2, 1], h[1, 1]), math.atan2(h[0, 2], h[0, 0]), knee, pitch, roll]
    )


@wrong("rotation-not-turned-back")
def solve_leg(side, position, rotation, body):
    hip = np.array([0.0, (body.hip_width / 2) * (1 if side == "left" else -1), 0.0])
    r = rotation @ (hip - position - body.ankle_height * rotation[:, 2])
    d = np.linalg.norm(r)
    if d > 2 * body.thigh_length + 1e-9:
        raise ValueError(f"out of reach by {d - 2 * body.thigh_length:.4f} m")
    knee = math.pi - 2 * math.asin(min(d / (2 * body.thigh_length), 1))
    roll = math.atan2(r[1], r[2])
    pitch = -math.atan2(r[0], math.hypot(r[1], r[2])) - knee / 2
    a, b = -roll, -pitch - knee
    x = np.array([[1, 0, 0], [0, math.cos(a), -math.sin(a)], [0, math.sin(a), math.cos(a)]])
    y = np.array([[math.cos(b), 0, math.sin(b)], [0, 1, 0], [-math.sin(b), 0, math.cos(b)]])
    h = rotation @ x @ y
    return np.array(
        [math.atan2(-h[0, 1], h[1, 1]), math.asin(h[2, 1]), math.atan2(-h[2, 0], h[2, 2]), knee, pitch, roll]
    )


@wrong("another-order")
def solve_leg(side, position, rotation, body):
    hip = np.array([0.0, (body.hip_width / 2) * (1 if side == "left" else -1), 0.0])
    r = rotation.T @ (hip - position) - np.array([0.0, 0.0, body.ankle_height])
    d = np.linalg.norm(r)
    if d > 2 * body.thigh_length + 1e-9:
        raise ValueError(f"out of reach by {d - 2 * body.thigh_length:.4f} m")
    knee = math.pi - 2 * math.asin(min(d / (2 * body.thigh_length), 1))
    roll = math.atan2(r[1], r[2])
    pitch = -math.atan2(r[0], math.hypot(r[1], r[2])) - knee / 2
    a, b = -roll, -pitch - knee
    x = np.array([[1, 0, 0], [0, math.cos(a), -math.sin(a)], [0, math.sin(a), math.cos(a)]])
    y = np.array([[math.cos(b), 0, math.sin(b)], [0, 1, 0], [-math.sin(b), 0, math.cos(b)]])
    h = rotation @ x @ y
    return np.array(
        [math.atan2(-h[0, 1], h[1, 1]), math.asin(h[2, 1]), math.atan2(-h[2, 0], h[2, 2]), knee, roll, pitch]
    )


@wrong("hypot-forgotten")
def solve_leg(side, position, rotation, body):
    hip = np.array([0.0, (body.hip_width / 2) * (1 if side == "left" else -1), 0.0])
    r = rotation.T @ (hip - position) - np.array([0.0, 0.0, body.ankle_height])
    d = np.linalg.norm(r)
    if d > 2 * body.thigh_length + 1e-9:
        raise ValueError(f"out of reach by {d - 2 * body.thigh_length:.4f} m")
    knee = math.pi - 2 * math.asin(min(d / (2 * body.thigh_length), 1))
    roll = math.atan2(r[1], r[2])
    pitch = -math.atan2(r[0], r[2]) - knee / 2
    a, b = -roll, -pitch - knee
    x = np.array([[1, 0, 0], [0, math.cos(a), -math.sin(a)], [0, math.sin(a), math.cos(a)]])
    y = np.array([[math.cos(b), 0, math.sin(b)], [0, 1, 0], [-math.sin(b), 0, math.cos(b)]])
    h = rotation @ x @ y
    return np.array(
        [math.atan2(-h[0, 1], h[1, 1]), math.asin(h[2, 1]), math.atan2(-h[2, 0], h[2, 2]), knee, pitch, roll]
    )


@right("law-of-cosines")
def solve_leg(side, position, rotation, body):
    length = body.thigh_length
    offset = body.hip_width * (0.5 if side == "left" else -0.5)
    foot = np.array(position, dtype=float)
    ankle = foot + rotation @ np.array([0.0, 0.0, body.ankle_height])
    sight = (np.array([0.0, offset, 0.0]) - ankle) @ rotation
    d2 = sight @ sight
    over = math.sqrt(d2) - 2 * length
    if over > 1e-6:
        raise ValueError(f"{side} sole {over} m too far away")
    knee = math.acos(max(-1.0, min(1.0, d2 / (2 * length**2) - 1)))
    ankle_roll = math.atan2(sight[1], sight[2])
    sideways = sight[2] / math.cos(ankle_roll)
    ankle_pitch = math.atan2(-sight[0], sideways) - 0.5 * knee
    ca, sa = math.cos(ankle_roll), math.sin(ankle_roll)
    undo_roll = np.array([[1, 0, 0], [0, ca, sa], [0, -sa, ca]])
    cb, sb = math.cos(ankle_pitch + knee), math.sin(ankle_pitch + knee)
    undo_pitch = np.array([[cb, 0, -sb], [0, 1, 0], [sb, 0, cb]])
    hip = rotation @ undo_roll @ undo_pitch
    roll = math.atan2(hip[2, 1], math.hypot(hip[0, 1], hip[1, 1]))
    return [
        math.atan2(-hip[0, 1], hip[1, 1]),
        roll,
        math.atan2(-hip[2, 0], hip[2, 2]),
        knee,
        ankle_pitch,
        ankle_roll,
    ]
