"""Answers to 3.7 as students write them."""

import math

import numpy as np

from vla_course.course.source.variants import right, wrong


@wrong("omega-forgotten")
def no_step_push_limit(com, polygon, direction, gravity=9.81):
    u = direction / np.linalg.norm(direction)
    edge = np.roll(polygon, -1, axis=0) - polygon
    normal = np.column_stack((edge[:, 1], -edge[:, 0]))
    gap, speed = (normal * (polygon - com[:2])).sum(axis=1), normal @ u
    if np.any(gap < 0):
        return 0.0
    return (gap[speed > 1e-12] / speed[speed > 1e-12]).min()


@wrong("divided-by-omega")
def no_step_push_limit(com, polygon, direction, gravity=9.81):
    u = direction / np.linalg.norm(direction)
    edge = np.roll(polygon, -1, axis=0) - polygon
    normal = np.column_stack((edge[:, 1], -edge[:, 0]))
    gap, speed = (normal * (polygon - com[:2])).sum(axis=1), normal @ u
    if np.any(gap < 0):
        return 0.0
    return (gap[speed > 1e-12] / speed[speed > 1e-12]).min() / np.sqrt(gravity / com[2])


@wrong("root-forgotten")
def no_step_push_limit(com, polygon, direction, gravity=9.81):
    u = direction / np.linalg.norm(direction)
    edge = np.roll(polygon, -1, axis=0) - polygon
    normal = np.column_stack((edge[:, 1], -edge[:, 0]))
    gap, speed = (normal * (polygon - com[:2])).sum(axis=1), normal @ u
    if np.any(gap < 0):
        return 0.0
    return (gap[speed > 1e-12] / speed[speed > 1e-12]).min() * gravity / com[2]


@wrong("direction-not-normalised")
def no_step_push_limit(com, polygon, direction, gravity=9.81):
    edge = np.roll(polygon, -1, axis=0) - polygon
    normal = np.column_stack((edge[:, 1], -edge[:, 0]))
    gap, speed = (normal * (polygon - com[:2])).sum(axis=1), normal @ direction
    if np.any(gap < 0):
        return 0.0
    return (gap[speed > 1e-12] / speed[speed > 1e-12]).min() * np.sqrt(gravity / com[2])


@wrong("nearest-edge-any-direction")
def no_step_push_limit(com, polygon, direction, gravity=9.81):
    edge = np.roll(polygon, -1, axis=0) - polygon
    normal = np.column_stack((edge[:, 1], -edge[:, 0])) / np.linalg.norm(edge, axis=1)[:, None]
    gap = (normal * (polygon - com[:2])).sum(axis=1)
    if np.any(gap < 0):
        return 0.0
    return gap.min() * np.sqrt(gravity / com[2])


@wrong("pushed-backward")
def no_step_push_limit(com, polygon, direction, gravity=9.81):
    u = -direction / np.linalg.norm(direction)
    edge = np.roll(polygon, -1, axis=0) - polygon
    normal = np.column_stack((edge[:, 1], -edge[:, 0]))
    gap, speed = (normal * (polygon - com[:2])).sum(axis=1), normal @ u
    if np.any(gap < 0):
        return 0.0
    return (gap[speed > 1e-12] / speed[speed > 1e-12]).min() * np.sqrt(gravity / com[2])


@wrong("edges-behind-count")
def no_step_push_limit(com, polygon, direction, gravity=9.81):
    u = direction / np.linalg.norm(direction)
    edge = np.roll(polygon, -1, axis=0) - polygon
    normal = np.column_stack((edge[:, 1], -edge[:, 0]))
    gap, speed = (normal * (polygon - com[:2])).sum(axis=1), normal @ u
    if np.any(gap < 0):
        return 0.0
    with np.errstate(divide="ignore"):
        return np.abs(gap / speed).min() * np.sqrt(gravity / com[2])


@wrong("farthest-edge")
def no_step_push_limit(com, polygon, direction, gravity=9.81):
    u = direction / np.linalg.norm(direction)
    edge = np.roll(polygon, -1, axis=0) - polygon
    normal = np.column_stack((edge[:, 1], -edge[:, 0]))
    gap, speed = (normal * (polygon - com[:2])).sum(axis=1), normal @ u
    if np.any(gap < 0):
        return 0.0
    return (gap[speed > 1e-12] / speed[speed > 1e-12]).max() * np.sqrt(gravity / com[2])


@wrong("gravity-fixed")
def no_step_push_limit(com, polygon, direction, gravity=9.81):
    u = direction / np.linalg.norm(direction)
    edge = np.roll(polygon, -1, axis=0) - polygon
    normal = np.column_stack((edge[:, 1], -edge[:, 0]))
    gap, speed = (normal * (polygon - com[:2])).sum(axis=1), normal @ u
    if np.any(gap < 0):
        return 0.0
    return (gap[speed > 1e-12] / speed[speed > 1e-12]).min() * np.sqrt(9.81 / com[2])


@wrong("lost-robot-pushed")
def no_step_push_limit(com, polygon, direction, gravity=9.81):
    u = direction / np.linalg.norm(direction)
    edge = np.roll(polygon, -1, axis=0) - polygon
    normal = np.column_stack((edge[:, 1], -edge[:, 0]))
    gap, speed = (normal * (polygon - com[:2])).sum(axis=1), normal @ u
    return (gap[speed > 1e-12] / speed[speed > 1e-12]).min() * np.sqrt(gravity / com[2])


@right("loop-in-the-frame-of-the-push")
def no_step_push_limit(com, polygon, direction, gravity=9.81):
    heading = math.atan2(direction[1], direction[0])
    turn = complex(math.cos(-heading), math.sin(-heading))
    ring = [(complex(*map(float, p)) - complex(float(com[0]), float(com[1]))) * turn for p in polygon]
    farthest = math.inf
    for a, b in zip(ring, ring[1:] + ring[:1]):
        outward = (b - a) * -1j
        gap = outward.real * a.real + outward.imag * a.imag
        if gap < 0:
            return 0
        if outward.real > 1e-12 * abs(outward):
            farthest = min(farthest, gap / outward.real)
    return math.sqrt(gravity / com[2]) * farthest


@right("segment-crossings")
def no_step_push_limit(com, polygon, direction, gravity=9.81):
    start, polygon = np.asarray(com[:2], dtype=float), np.asarray(polygon, dtype=float)
    u = np.asarray(direction) / np.hypot(*direction)
    best = None
    for a, b in zip(polygon, np.vstack((polygon[1:], polygon[:1]))):
        if (b - a)[0] * (start - a)[1] - (b - a)[1] * (start - a)[0] < 0:
            return 0.0
        matrix = np.array([u, a - b]).T
        if abs(np.linalg.det(matrix)) < 1e-12:
            continue
        s, t = np.linalg.solve(matrix, a - start)
        if s >= 0 and -1e-9 <= t <= 1 + 1e-9 and (best is None or s > best):
            best = s
    return np.sqrt(gravity / com[2]) * best
