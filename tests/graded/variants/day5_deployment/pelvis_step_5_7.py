"""Answers to 5.7 as students write them."""

import numpy as np

from vla_course.course.source.variants import right, wrong
from vla_course.deployment.estimation.pelvis import PelvisBelief


@wrong("gravity-not-removed")
def pelvis_step(belief, reading, noise):
    dt = reading.dt
    if dt <= 0:
        raise ValueError("dt must be more than 0 s")
    R, one = reading.rotation, np.eye(3)
    a = R @ (reading.specific_force - reading.bias)
    p = belief.position + dt * belief.velocity + dt**2 / 2 * a
    v = belief.velocity + dt * a
    F = np.block([[one, dt * one], [np.zeros((3, 3)), one]])
    G = np.vstack([dt**2 / 2 * one, dt * one])
    P = F @ belief.covariance @ F.T + noise.acceleration**2 * G @ G.T
    for foot in range(2):
        if reading.loads[foot] < noise.least_load:
            continue
        r = reading.footholds[foot] - R @ reading.soles[foot] - p
        S = P[:3, :3] + noise.sole**2 * one
        if r @ np.linalg.inv(S) @ r > noise.gate:
            continue
        K = P[:, :3] @ np.linalg.inv(S)
        p = p + K[:3] @ r
        v = v + K[3:] @ r
        P = P - K @ S @ K.T
    return PelvisBelief(p, v, P)


@wrong("gravity-sign")
def pelvis_step(belief, reading, noise):
    dt = reading.dt
    if dt <= 0:
        raise ValueError("dt must be more than 0 s")
    R, one = reading.rotation, np.eye(3)
    a = R @ (reading.specific_force - reading.bias) + np.array([0, 0, noise.gravity])
    p = belief.position + dt * belief.velocity + dt**2 / 2 * a
    v = belief.velocity + dt * a
    F = np.block([[one, dt * one], [np.zeros((3, 3)), one]])
    G = np.vstack([dt**2 / 2 * one, dt * one])
    P = F @ belief.covariance @ F.T + noise.acceleration**2 * G @ G.T
    for foot in range(2):
        if reading.loads[foot] < noise.least_load:
            continue
        r = reading.footholds[foot] - R @ reading.soles[foot] - p
        S = P[:3, :3] + noise.sole**2 * one
        if r @ np.linalg.inv(S) @ r > noise.gate:
            continue
        K = P[:, :3] @ np.linalg.inv(S)
        p = p + K[:3] @ r
        v = v + K[3:] @ r
        P = P - K @ S @ K.T
    return PelvisBelief(p, v, P)


@wrong("frame-not-rotated")
def pelvis_step(belief, reading, noise):
    dt = reading.dt
    if dt <= 0:
        raise ValueError("dt must be more than 0 s")
    R, one = np.eye(3), np.eye(3)
    a = R @ (reading.specific_force - reading.bias) - np.array([0, 0, noise.gravity])
    p = belief.position + dt * belief.velocity + dt**2 / 2 * a
    v = belief.velocity + dt * a
    F = np.block([[one, dt * one], [np.zeros((3, 3)), one]])
    G = np.vstack([dt**2 / 2 * one, dt * one])
    P = F @ belief.covariance @ F.T + noise.acceleration**2 * G @ G.T
    for foot in range(2):
        if reading.loads[foot] < noise.least_load:
            continue
        r = reading.footholds[foot] - R @ reading.soles[foot] - p
        S = P[:3, :3] + noise.sole**2 * one
        if r @ np.linalg.inv(S) @ r > noise.gate:
            continue
        K = P[:, :3] @ np.linalg.inv(S)
        p = p + K[:3] @ r
        v = v + K[3:] @ r
        P = P - K @ S @ K.T
    return PelvisBelief(p, v, P)


@wrong("frame-turned-back")
def pelvis_step(belief, reading, noise):
    dt = reading.dt
    if dt <= 0:
        raise ValueError("dt must be more than 0 s")
    R, one = reading.rotation.T, np.eye(3)
    a = R @ (reading.specific_force - reading.bias) - np.array([0, 0, noise.gravity])
    p = belief.position + dt * belief.velocity + dt**2 / 2 * a
    v = belief.velocity + dt * a
    F = np.block([[one, dt * one], [np.zeros((3, 3)), one]])
    G = np.vstack([dt**2 / 2 * one, dt * one])
    P = F @ belief.covariance @ F.T + noise.acceleration**2 * G @ G.T
    for foot in range(2):
        if reading.loads[foot] < noise.least_load:
            continue
        r = reading.footholds[foot] - R @ reading.soles[foot] - p
        S = P[:3, :3] + noise.sole**2 * one
        if r @ np.linalg.inv(S) @ r > noise.gate:
            continue
        K = P[:, :3] @ np.linalg.inv(S)
        p = p + K[:3] @ r
        v = v + K[3:] @ r
        P = P - K @ S @ K.T
    return PelvisBelief(p, v, P)


@wrong("bias-ignored")
def pelvis_step(belief, reading, noise):
    dt = reading.dt
    if dt <= 0:
        raise ValueError("dt must be more than 0 s")
    R, one = reading.rotation, np.eye(3)
    a = R @ reading.specific_force - np.array([0, 0, noise.gravity])
    p = belief.position + dt * belief.velocity + dt**2 / 2 * a
    v = belief.velocity + dt * a
    F = np.block([[one, dt * one], [np.zeros((3, 3)), one]])
    G = np.vstack([dt**2 / 2 * one, dt * one])
    P = F @ belief.covariance @ F.T + noise.acceleration**2 * G @ G.T
    for foot in range(2):
        if reading.loads[foot] < noise.least_load:
            continue
        r = reading.footholds[foot] - R @ reading.soles[foot] - p
        S = P[:3, :3] + noise.sole**2 * one
        if r @ np.linalg.inv(S) @ r > noise.gate:
            continue
        K = P[:, :3] @ np.linalg.inv(S)
        p = p + K[:3] @ r
        v = v + K[3:] @ r
        P = P - K @ S @ K.T
    return PelvisBelief(p, v, P)


@wrong("bias-in-the-world")
def pelvis_step(belief, reading, noise):
    dt = reading.dt
    if dt <= 0:
        raise ValueError("dt must be more than 0 s")
    R, one = reading.rotation, np.eye(3)
    a = R @ reading.specific_force - reading.bias - np.array([0, 0, noise.gravity])
    p = belief.position + dt * belief.velocity + dt**2 / 2 * a
    v = belief.velocity + dt * a
    F = np.block([[one, dt * one], [np.zeros((3, 3)), one]])
    G = np.vstack([dt**2 / 2 * one, dt * one])
    P = F @ belief.covariance @ F.T + noise.acceleration**2 * G @ G.T
    for foot in range(2):
        if reading.loads[foot] < noise.least_load:
            continue
        r = reading.footholds[foot] - R @ reading.soles[foot] - p
        S = P[:3, :3] + noise.sole**2 * one
        if r @ np.linalg.inv(S) @ r > noise.gate:
            continue
        K = P[:, :3] @ np.linalg.inv(S)
        p = p + K[:3] @ r
        v = v + K[3:] @ r
        P = P - K @ S @ K.T
    return PelvisBelief(p, v, P)


@wrong("position-misses-half")
def pelvis_step(belief, reading, noise):
    dt = reading.dt
    if dt <= 0:
        raise ValueError("dt must be more than 0 s")
    R, one = reading.rotation, np.eye(3)
    a = R @ (reading.specific_force - reading.bias) - np.array([0, 0, noise.gravity])
    p = belief.position + dt * belief.velocity
    v = belief.velocity + dt * a
    F = np.block([[one, dt * one], [np.zeros((3, 3)), one]])
    G = np.vstack([dt**2 / 2 * one, dt * one])
    P = F @ belief.covariance @ F.T + noise.acceleration**2 * G @ G.T
    for foot in range(2):
        if reading.loads[foot] < noise.least_load:
            continue
        r = reading.footholds[foot] - R @ reading.soles[foot] - p
        S = P[:3, :3] + noise.sole**2 * one
        if r @ np.linalg.inv(S) @ r > noise.gate:
            continue
        K = P[:, :3] @ np.linalg.inv(S)
        p = p + K[:3] @ r
        v = v + K[3:] @ r
        P = P - K @ S @ K.T
    return PelvisBelief(p, v, P)


@wrong("velocity-first")
def pelvis_step(belief, reading, noise):
    dt = reading.dt
    if dt <= 0:
        raise ValueError("dt must be more than 0 s")
    R, one = reading.rotation, np.eye(3)
    a = R @ (reading.specific_force - reading.bias) - np.array([0, 0, noise.gravity])
    v = belief.velocity + dt * a
    p = belief.position + dt * v
    F = np.block([[one, dt * one], [np.zeros((3, 3)), one]])
    G = np.vstack([dt**2 / 2 * one, dt * one])
    P = F @ belief.covariance @ F.T + noise.acceleration**2 * G @ G.T
    for foot in range(2):
        if reading.loads[foot] < noise.least_load:
            continue
        r = reading.footholds[foot] - R @ reading.soles[foot] - p
        S = P[:3, :3] + noise.sole**2 * one
        if r @ np.linalg.inv(S) @ r > noise.gate:
            continue
        K = P[:, :3] @ np.linalg.inv(S)
        p = p + K[:3] @ r
        v = v + K[3:] @ r
        P = P - K @ S @ K.T
    return PelvisBelief(p, v, P)


@wrong("no-noise-grows")
def pelvis_step(belief, reading, noise):
    dt = reading.dt
    if dt <= 0:
        raise ValueError("dt must be more than 0 s")
    R, one = reading.rotation, np.eye(3)
    a = R @ (reading.specific_force - reading.bias) - np.array([0, 0, noise.gravity])
    p = belief.position + dt * belief.velocity + dt**2 / 2 * a
    v = belief.velocity + dt * a
    F = np.block([[one, dt * one], [np.zeros((3, 3)), one]])
    G = np.vstack([dt**2 / 2 * one, dt * one])
    P = F @ belief.covariance @ F.T
    for foot in range(2):
        if reading.loads[foot] < noise.least_load:
            continue
        r = reading.footholds[foot] - R @ reading.soles[foot] - p
        S = P[:3, :3] + noise.sole**2 * one
        if r @ np.linalg.inv(S) @ r > noise.gate:
            continue
        K = P[:, :3] @ np.linalg.inv(S)
        p = p + K[:3] @ r
        v = v + K[3:] @ r
        P = P - K @ S @ K.T
    return PelvisBelief(p, v, P)


@wrong("noises-apart")
def pelvis_step(belief, reading, noise):
    dt = reading.dt
    if dt <= 0:
        raise ValueError("dt must be more than 0 s")
    R, one = reading.rotation, np.eye(3)
    a = R @ (reading.specific_force - reading.bias) - np.array([0, 0, noise.gravity])
    p = belief.position + dt * belief.velocity + dt**2 / 2 * a
    v = belief.velocity + dt * a
    F = np.block([[one, dt * one], [np.zeros((3, 3)), one]])
    G = np.vstack([dt**2 / 2 * one, dt * one])
    P = F @ belief.covariance @ F.T + noise.acceleration**2 * np.diag((G @ G.T).diagonal())
    for foot in range(2):
        if reading.loads[foot] < noise.least_load:
            continue
        r = reading.footholds[foot] - R @ reading.soles[foot] - p
        S = P[:3, :3] + noise.sole**2 * one
        if r @ np.linalg.inv(S) @ r > noise.gate:
            continue
        K = P[:, :3] @ np.linalg.inv(S)
        p = p + K[:3] @ r
        v = v + K[3:] @ r
        P = P - K @ S @ K.T
    return PelvisBelief(p, v, P)


@wrong("not-carried-along")
def pelvis_step(belief, reading, noise):
    dt = reading.dt
    if dt <= 0:
        raise ValueError("dt must be more than 0 s")
    R, one = reading.rotation, np.eye(3)
    a = R @ (reading.specific_force - reading.bias) - np.array([0, 0, noise.gravity])
    p = belief.position + dt * belief.velocity + dt**2 / 2 * a
    v = belief.velocity + dt * a
    F = np.block([[one, dt * one], [np.zeros((3, 3)), one]])
    G = np.vstack([dt**2 / 2 * one, dt * one])
    P = belief.covariance + noise.acceleration**2 * G @ G.T
    for foot in range(2):
        if reading.loads[foot] < noise.least_load:
            continue
        r = reading.footholds[foot] - R @ reading.soles[foot] - p
        S = P[:3, :3] + noise.sole**2 * one
        if r @ np.linalg.inv(S) @ r > noise.gate:
            continue
        K = P[:, :3] @ np.linalg.inv(S)
        p = p + K[:3] @ r
        v = v + K[3:] @ r
        P = P - K @ S @ K.T
    return PelvisBelief(p, v, P)


@wrong("covariance-stays")
def pelvis_step(belief, reading, noise):
    dt = reading.dt
    if dt <= 0:
        raise ValueError("dt must be more than 0 s")
    R, one = reading.rotation, np.eye(3)
    a = R @ (reading.specific_force - reading.bias) - np.array([0, 0, noise.gravity])
    p = belief.position + dt * belief.velocity + dt**2 / 2 * a
    v = belief.velocity + dt * a
    F = np.block([[one, dt * one], [np.zeros((3, 3)), one]])
    G = np.vstack([dt**2 / 2 * one, dt * one])
    P = F @ belief.covariance @ F.T + noise.acceleration**2 * G @ G.T
    for foot in range(2):
        if reading.loads[foot] < noise.least_load:
            continue
        r = reading.footholds[foot] - R @ reading.soles[foot] - p
        S = P[:3, :3] + noise.sole**2 * one
        if r @ np.linalg.inv(S) @ r > noise.gate:
            continue
        K = P[:, :3] @ np.linalg.inv(S)
        p = p + K[:3] @ r
        v = v + K[3:] @ r
    return PelvisBelief(p, v, P)


@wrong("gain-not-inverted")
def pelvis_step(belief, reading, noise):
    dt = reading.dt
    if dt <= 0:
        raise ValueError("dt must be more than 0 s")
    R, one = reading.rotation, np.eye(3)
    a = R @ (reading.specific_force - reading.bias) - np.array([0, 0, noise.gravity])
    p = belief.position + dt * belief.velocity + dt**2 / 2 * a
    v = belief.velocity + dt * a
    F = np.block([[one, dt * one], [np.zeros((3, 3)), one]])
    G = np.vstack([dt**2 / 2 * one, dt * one])
    P = F @ belief.covariance @ F.T + noise.acceleration**2 * G @ G.T
    for foot in range(2):
        if reading.loads[foot] < noise.least_load:
            continue
        r = reading.footholds[foot] - R @ reading.soles[foot] - p
        S = P[:3, :3] + noise.sole**2 * one
        if r @ np.linalg.inv(S) @ r > noise.gate:
            continue
        K = P[:, :3] @ S
        p = p + K[:3] @ r
        v = v + K[3:] @ r
        L = np.eye(6) - np.hstack([K, np.zeros((6, 3))])
        P = L @ P @ L.T + noise.sole**2 * K @ K.T
    return PelvisBelief(p, v, P)


@wrong("velocity-not-corrected")
def pelvis_step(belief, reading, noise):
    dt = reading.dt
    if dt <= 0:
        raise ValueError("dt must be more than 0 s")
    R, one = reading.rotation, np.eye(3)
    a = R @ (reading.specific_force - reading.bias) - np.array([0, 0, noise.gravity])
    p = belief.position + dt * belief.velocity + dt**2 / 2 * a
    v = belief.velocity + dt * a
    F = np.block([[one, dt * one], [np.zeros((3, 3)), one]])
    G = np.vstack([dt**2 / 2 * one, dt * one])
    P = F @ belief.covariance @ F.T + noise.acceleration**2 * G @ G.T
    for foot in range(2):
        if reading.loads[foot] < noise.least_load:
            continue
        r = reading.footholds[foot] - R @ reading.soles[foot] - p
        S = P[:3, :3] + noise.sole**2 * one
        if r @ np.linalg.inv(S) @ r > noise.gate:
            continue
        K = P[:, :3] @ np.linalg.inv(S)
        p = p + K[:3] @ r
        K[3:] = 0
        L = np.eye(6) - np.hstack([K, np.zeros((6, 3))])
        P = L @ P @ L.T + noise.sole**2 * K @ K.T
    return PelvisBelief(p, v, P)


@wrong("wrong-sign")
def pelvis_step(belief, reading, noise):
    dt = reading.dt
    if dt <= 0:
        raise ValueError("dt must be more than 0 s")
    R, one = reading.rotation, np.eye(3)
    a = R @ (reading.specific_force - reading.bias) - np.array([0, 0, noise.gravity])
    p = belief.position + dt * belief.velocity + dt**2 / 2 * a
    v = belief.velocity + dt * a
    F = np.block([[one, dt * one], [np.zeros((3, 3)), one]])
    G = np.vstack([dt**2 / 2 * one, dt * one])
    P = F @ belief.covariance @ F.T + noise.acceleration**2 * G @ G.T
    for foot in range(2):
        if reading.loads[foot] < noise.least_load:
            continue
        r = reading.footholds[foot] - R @ reading.soles[foot] - p
        S = P[:3, :3] + noise.sole**2 * one
        if r @ np.linalg.inv(S) @ r > noise.gate:
            continue
        K = P[:, :3] @ np.linalg.inv(S)
        p = p - K[:3] @ r
        v = v - K[3:] @ r
        P = P - K @ S @ K.T
    return PelvisBelief(p, v, P)


@wrong("air-sole-used")
def pelvis_step(belief, reading, noise):
    dt = reading.dt
    if dt <= 0:
        raise ValueError("dt must be more than 0 s")
    R, one = reading.rotation, np.eye(3)
    a = R @ (reading.specific_force - reading.bias) - np.array([0, 0, noise.gravity])
    p = belief.position + dt * belief.velocity + dt**2 / 2 * a
    v = belief.velocity + dt * a
    F = np.block([[one, dt * one], [np.zeros((3, 3)), one]])
    G = np.vstack([dt**2 / 2 * one, dt * one])
    P = F @ belief.covariance @ F.T + noise.acceleration**2 * G @ G.T
    for foot in range(2):
        r = reading.footholds[foot] - R @ reading.soles[foot] - p
        S = P[:3, :3] + noise.sole**2 * one
        if r @ np.linalg.inv(S) @ r > noise.gate:
            continue
        K = P[:, :3] @ np.linalg.inv(S)
        p = p + K[:3] @ r
        v = v + K[3:] @ r
        P = P - K @ S @ K.T
    return PelvisBelief(p, v, P)


@wrong("one-sole-only")
def pelvis_step(belief, reading, noise):
    dt = reading.dt
    if dt <= 0:
        raise ValueError("dt must be more than 0 s")
    R, one = reading.rotation, np.eye(3)
    a = R @ (reading.specific_force - reading.bias) - np.array([0, 0, noise.gravity])
    p = belief.position + dt * belief.velocity + dt**2 / 2 * a
    v = belief.velocity + dt * a
    F = np.block([[one, dt * one], [np.zeros((3, 3)), one]])
    G = np.vstack([dt**2 / 2 * one, dt * one])
    P = F @ belief.covariance @ F.T + noise.acceleration**2 * G @ G.T
    for foot in range(1):
        if reading.loads[foot] < noise.least_load:
            continue
        r = reading.footholds[foot] - R @ reading.soles[foot] - p
        S = P[:3, :3] + noise.sole**2 * one
        if r @ np.linalg.inv(S) @ r > noise.gate:
            continue
        K = P[:, :3] @ np.linalg.inv(S)
        p = p + K[:3] @ r
        v = v + K[3:] @ r
        P = P - K @ S @ K.T
    return PelvisBelief(p, v, P)


@wrong("gate-on-the-wrong-side")
def pelvis_step(belief, reading, noise):
    dt = reading.dt
    if dt <= 0:
        raise ValueError("dt must be more than 0 s")
    R, one = reading.rotation, np.eye(3)
    a = R @ (reading.specific_force - reading.bias) - np.array([0, 0, noise.gravity])
    p = belief.position + dt * belief.velocity + dt**2 / 2 * a
    v = belief.velocity + dt * a
    F = np.block([[one, dt * one], [np.zeros((3, 3)), one]])
    G = np.vstack([dt**2 / 2 * one, dt * one])
    P = F @ belief.covariance @ F.T + noise.acceleration**2 * G @ G.T
    for foot in range(2):
        if reading.loads[foot] < noise.least_load:
            continue
        r = reading.footholds[foot] - R @ reading.soles[foot] - p
        S = P[:3, :3] + noise.sole**2 * one
        if r @ np.linalg.inv(S) @ r < noise.gate:
            continue
        K = P[:, :3] @ np.linalg.inv(S)
        p = p + K[:3] @ r
        v = v + K[3:] @ r
        P = P - K @ S @ K.T
    return PelvisBelief(p, v, P)


@wrong("no-gate")
def pelvis_step(belief, reading, noise):
    dt = reading.dt
    if dt <= 0:
        raise ValueError("dt must be more than 0 s")
    R, one = reading.rotation, np.eye(3)
    a = R @ (reading.specific_force - reading.bias) - np.array([0, 0, noise.gravity])
    p = belief.position + dt * belief.velocity + dt**2 / 2 * a
    v = belief.velocity + dt * a
    F = np.block([[one, dt * one], [np.zeros((3, 3)), one]])
    G = np.vstack([dt**2 / 2 * one, dt * one])
    P = F @ belief.covariance @ F.T + noise.acceleration**2 * G @ G.T
    for foot in range(2):
        if reading.loads[foot] < noise.least_load:
            continue
        r = reading.footholds[foot] - R @ reading.soles[foot] - p
        S = P[:3, :3] + noise.sole**2 * one
        K = P[:, :3] @ np.linalg.inv(S)
        p = p + K[:3] @ r
        v = v + K[3:] @ r
        P = P - K @ S @ K.T
    return PelvisBelief(p, v, P)


@wrong("gate-not-squared")
def pelvis_step(belief, reading, noise):
    dt = reading.dt
    if dt <= 0:
        raise ValueError("dt must be more than 0 s")
    R, one = reading.rotation, np.eye(3)
    a = R @ (reading.specific_force - reading.bias) - np.array([0, 0, noise.gravity])
    p = belief.position + dt * belief.velocity + dt**2 / 2 * a
    v = belief.velocity + dt * a
    F = np.block([[one, dt * one], [np.zeros((3, 3)), one]])
    G = np.vstack([dt**2 / 2 * one, dt * one])
    P = F @ belief.covariance @ F.T + noise.acceleration**2 * G @ G.T
    for foot in range(2):
        if reading.loads[foot] < noise.least_load:
            continue
        r = reading.footholds[foot] - R @ reading.soles[foot] - p
        S = P[:3, :3] + noise.sole**2 * one
        if np.sqrt(r @ np.linalg.inv(S) @ r) > noise.gate:
            continue
        K = P[:, :3] @ np.linalg.inv(S)
        p = p + K[:3] @ r
        v = v + K[3:] @ r
        P = P - K @ S @ K.T
    return PelvisBelief(p, v, P)


@wrong("gate-without-belief")
def pelvis_step(belief, reading, noise):
    dt = reading.dt
    if dt <= 0:
        raise ValueError("dt must be more than 0 s")
    R, one = reading.rotation, np.eye(3)
    a = R @ (reading.specific_force - reading.bias) - np.array([0, 0, noise.gravity])
    p = belief.position + dt * belief.velocity + dt**2 / 2 * a
    v = belief.velocity + dt * a
    F = np.block([[one, dt * one], [np.zeros((3, 3)), one]])
    G = np.vstack([dt**2 / 2 * one, dt * one])
    P = F @ belief.covariance @ F.T + noise.acceleration**2 * G @ G.T
    for foot in range(2):
        if reading.loads[foot] < noise.least_load:
            continue
        r = reading.footholds[foot] - R @ reading.soles[foot] - p
        S = P[:3, :3] + noise.sole**2 * one
        if r @ r / noise.sole**2 > noise.gate:
            continue
        K = P[:, :3] @ np.linalg.inv(S)
        p = p + K[:3] @ r
        v = v + K[3:] @ r
        P = P - K @ S @ K.T
    return PelvisBelief(p, v, P)


@wrong("both-at-once")
def pelvis_step(belief, reading, noise):
    dt = reading.dt
    if dt <= 0:
        raise ValueError("dt must be more than 0 s")
    R, one = reading.rotation, np.eye(3)
    a = R @ (reading.specific_force - reading.bias) - np.array([0, 0, noise.gravity])
    p = belief.position + dt * belief.velocity + dt**2 / 2 * a
    v = belief.velocity + dt * a
    F = np.block([[one, dt * one], [np.zeros((3, 3)), one]])
    G = np.vstack([dt**2 / 2 * one, dt * one])
    P = F @ belief.covariance @ F.T + noise.acceleration**2 * G @ G.T
    p0, P0 = p, P
    for foot in range(2):
        if reading.loads[foot] < noise.least_load:
            continue
        r = reading.footholds[foot] - R @ reading.soles[foot] - p
        S = P[:3, :3] + noise.sole**2 * one
        r0 = reading.footholds[foot] - R @ reading.soles[foot] - p0
        if r0 @ np.linalg.inv(P0[:3, :3] + noise.sole**2 * one) @ r0 > noise.gate:
            continue
        K = P[:, :3] @ np.linalg.inv(S)
        p = p + K[:3] @ r
        v = v + K[3:] @ r
        P = P - K @ S @ K.T
    return PelvisBelief(p, v, P)


@wrong("anything-accepted")
def pelvis_step(belief, reading, noise):
    dt = reading.dt
    R, one = reading.rotation, np.eye(3)
    a = R @ (reading.specific_force - reading.bias) - np.array([0, 0, noise.gravity])
    p = belief.position + dt * belief.velocity + dt**2 / 2 * a
    v = belief.velocity + dt * a
    F = np.block([[one, dt * one], [np.zeros((3, 3)), one]])
    G = np.vstack([dt**2 / 2 * one, dt * one])
    P = F @ belief.covariance @ F.T + noise.acceleration**2 * G @ G.T
    for foot in range(2):
        if reading.loads[foot] < noise.least_load:
            continue
        r = reading.footholds[foot] - R @ reading.soles[foot] - p
        S = P[:3, :3] + noise.sole**2 * one
        if r @ np.linalg.inv(S) @ r > noise.gate:
            continue
        K = P[:, :3] @ np.linalg.inv(S)
        p = p + K[:3] @ r
        v = v + K[3:] @ r
        P = P - K @ S @ K.T
    return PelvisBelief(p, v, P)


@wrong("belief-changed")
def pelvis_step(belief, reading, noise):
    dt = reading.dt
    if dt <= 0:
        raise ValueError("dt must be more than 0 s")
    R, one = reading.rotation, np.eye(3)
    a = R @ (reading.specific_force - reading.bias) - np.array([0, 0, noise.gravity])
    p, v = belief.position, belief.velocity
    p += dt * v + dt**2 / 2 * a
    v += dt * a
    F = np.block([[one, dt * one], [np.zeros((3, 3)), one]])
    G = np.vstack([dt**2 / 2 * one, dt * one])
    P = F @ belief.covariance @ F.T + noise.acceleration**2 * G @ G.T
    for foot in range(2):
        if reading.loads[foot] < noise.least_load:
            continue
        r = reading.footholds[foot] - R @ reading.soles[foot] - p
        S = P[:3, :3] + noise.sole**2 * one
        if r @ np.linalg.inv(S) @ r > noise.gate:
            continue
        K = P[:, :3] @ np.linalg.inv(S)
        p = p + K[:3] @ r
        v = v + K[3:] @ r
        P = P - K @ S @ K.T
    return PelvisBelief(p, v, P)


@right("gain-form")
def pelvis_step(belief, reading, noise):
    dt = reading.dt
    if dt <= 0:
        raise ValueError("dt must be more than 0 s")
    R, one = reading.rotation, np.eye(3)
    a = R @ (reading.specific_force - reading.bias) - np.array([0, 0, noise.gravity])
    p = belief.position + dt * belief.velocity + dt**2 / 2 * a
    v = belief.velocity + dt * a
    F = np.block([[one, dt * one], [np.zeros((3, 3)), one]])
    G = np.vstack([dt**2 / 2 * one, dt * one])
    P = F @ belief.covariance @ F.T + noise.acceleration**2 * G @ G.T
    for foot in range(2):
        if reading.loads[foot] < noise.least_load:
            continue
        r = reading.footholds[foot] - R @ reading.soles[foot] - p
        S = P[:3, :3] + noise.sole**2 * one
        if r @ np.linalg.inv(S) @ r > noise.gate:
            continue
        K = P[:, :3] @ np.linalg.inv(S)
        p = p + K[:3] @ r
        v = v + K[3:] @ r
        P = P - K @ S @ K.T
    return PelvisBelief(p, v, P)


@right("joseph-stacked")
def pelvis_step(belief, reading, noise):
    if reading.dt <= 0:
        raise ValueError(f"dt is {reading.dt}, expected more than 0")
    dt, turn = float(reading.dt), np.asarray(reading.rotation)
    force = np.asarray(reading.specific_force) - np.asarray(reading.bias)
    step = np.kron([[1.0, dt], [0.0, 1.0]], np.eye(3))
    into = np.kron([[dt * dt / 2], [dt]], np.eye(3))
    x = step @ np.r_[belief.position, belief.velocity] + into @ (turn @ force + [0, 0, -noise.gravity])
    P = step @ belief.covariance @ step.T + into @ into.T * noise.acceleration**2
    H = np.hstack((np.eye(3), np.zeros((3, 3))))
    for sole, foothold, load in zip(reading.soles, reading.footholds, reading.loads):
        if load >= noise.least_load:
            residual = (foothold - turn @ sole) - H @ x
            S = H @ P @ H.T + np.eye(3) * noise.sole**2
            if residual.dot(np.linalg.solve(S, residual)) <= noise.gate:
                K = P @ H.T @ np.linalg.inv(S)
                x = x + K @ residual
                A = np.eye(6) - K @ H
                P = A @ P @ A.T + K @ K.T * noise.sole**2
    return PelvisBelief(position=x[:3], velocity=x[3:], covariance=0.5 * (P + P.T))


@right("information-form")
def pelvis_step(belief, reading, noise):
    if not reading.dt > 0:
        raise ValueError("dt")
    dt = reading.dt
    a = reading.rotation @ (reading.specific_force - reading.bias)
    a = a - np.array([0.0, 0.0, noise.gravity])
    p, v = belief.position + dt * belief.velocity + 0.5 * dt * dt * a, belief.velocity + dt * a
    F, G = np.eye(6), np.zeros((6, 3))
    F[:3, 3:] = np.eye(3) * dt
    G[:3], G[3:] = np.eye(3) * dt * dt / 2, np.eye(3) * dt
    P = F @ belief.covariance @ F.T + G @ G.T * noise.acceleration**2
    for i in (0, 1):
        z = reading.footholds[i] - reading.rotation @ reading.soles[i]
        S = P[:3, :3] + noise.sole**2 * np.eye(3)
        if reading.loads[i] < noise.least_load or (z - p) @ np.linalg.inv(S) @ (z - p) > noise.gate:
            continue
        certain = np.linalg.inv(P)
        told = np.zeros((6, 6))
        told[:3, :3] = np.eye(3) / noise.sole**2
        P = np.linalg.inv(certain + told)
        P = (P + P.T) / 2
        x = P @ (certain @ np.concatenate([p, v]) + np.concatenate([z, np.zeros(3)]) / noise.sole**2)
        p, v = x[:3], x[3:]
    return PelvisBelief(p, v, P)
