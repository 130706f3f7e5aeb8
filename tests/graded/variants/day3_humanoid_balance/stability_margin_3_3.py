"""Answers to 3.3 as students write them."""

import math

import numpy as np

from vla_course.course.source.variants import right, wrong


@wrong("sign-reversed")
def stability_margin(point, polygon):
    edge = np.roll(polygon, -1, axis=0) - polygon
    way = point - polygon
    t = np.clip((way * edge).sum(axis=1) / (edge**2).sum(axis=1), 0, 1)
    distance = np.linalg.norm(way - t[:, None] * edge, axis=1).min()
    inside = np.all(edge[:, 1] * way[:, 0] - edge[:, 0] * way[:, 1] <= 0)
    return -distance if inside else distance


@wrong("unsigned")
def stability_margin(point, polygon):
    edge = np.roll(polygon, -1, axis=0) - polygon
    way = point - polygon
    t = np.clip((way * edge).sum(axis=1) / (edge**2).sum(axis=1), 0, 1)
    return np.linalg.norm(way - t[:, None] * edge, axis=1).min()


@wrong("distance-squared")
def stability_margin(point, polygon):
    edge = np.roll(polygon, -1, axis=0) - polygon
    way = point - polygon
    t = np.clip((way * edge).sum(axis=1) / (edge**2).sum(axis=1), 0, 1)
    distance = ((way - t[:, None] * edge) ** 2).sum(axis=1).min()
    return distance if np.all(edge[:, 0] * way[:, 1] - edge[:, 1] * way[:, 0] >= 0) else -distance


@wrong("infinite-line")
def stability_margin(point, polygon):
    edge = np.roll(polygon, -1, axis=0) - polygon
    way = point - polygon
    return np.min((edge[:, 0] * way[:, 1] - edge[:, 1] * way[:, 0]) / np.linalg.norm(edge, axis=1))


@wrong("corners-only")
def stability_margin(point, polygon):
    edge = np.roll(polygon, -1, axis=0) - polygon
    way = point - polygon
    distance = np.linalg.norm(way, axis=1).min()
    return distance if np.all(edge[:, 0] * way[:, 1] - edge[:, 1] * way[:, 0] >= 0) else -distance


@wrong("last-side-forgotten")
def stability_margin(point, polygon):
    distances, inside = [], True
    for a, b in zip(polygon[:-1], polygon[1:]):
        t = np.clip((point - a) @ (b - a) / ((b - a) @ (b - a)), 0, 1)
        distances.append(np.linalg.norm(point - a - t * (b - a)))
        inside = inside and (b - a)[0] * (point - a)[1] - (b - a)[1] * (point - a)[0] >= 0
    return min(distances) if inside else -min(distances)


@right("loop-of-complex-numbers")
def stability_margin(point, polygon):
    p = complex(*point)
    corners = [complex(x, y) for x, y in polygon]
    nearest, inside = math.inf, True
    for a, b in zip(corners, corners[1:] + corners[:1]):
        along = (p - a) / (b - a)
        foot = a + (b - a) * min(max(along.real, 0.0), 1.0)
        nearest = min(nearest, abs(p - foot))
        inside &= along.imag >= 0.0
    return nearest if inside else -nearest


@right("half-planes-first")
def stability_margin(point, polygon):
    nxt = np.concatenate((polygon[1:], polygon[:1]))
    side = nxt - polygon
    length = np.sqrt((side * side).sum(axis=1))
    inward = np.stack((-side[:, 1], side[:, 0]), axis=1) / length[:, None]
    depth = np.einsum("ij,ij->i", inward, np.asarray(point) - polygon)
    if np.all(depth >= 0):
        return depth.min()
    along = np.einsum("ij,ij->i", side, point - polygon) / length
    beyond = np.maximum(np.maximum(-along, along - length), 0.0)
    return -np.sqrt(depth**2 + beyond**2).min()
