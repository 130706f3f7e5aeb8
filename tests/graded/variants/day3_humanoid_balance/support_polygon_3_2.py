"""Answers to 3.2 as students write them."""

import math

import numpy as np
from scipy.spatial import ConvexHull, QhullError

from vla_course.course.source.variants import right, wrong


@wrong("clockwise")
def support_polygon(points):
    points = sorted(set(map(tuple, points)))
    if len(points) < 3:
        return np.array(points)

    def chain(walk):
        corners = []
        for p in walk:
            while (
                len(corners) >= 2
                and np.linalg.det([np.subtract(corners[-1], corners[-2]), np.subtract(p, corners[-2])]) >= 0
            ):
                corners.pop()
            corners.append(p)
        return corners[:-1]

    return np.array(chain(points) + chain(points[::-1]))


@wrong("keeps-straight-corners")
def support_polygon(points):
    points = sorted(set(map(tuple, points)))
    if len(points) < 3:
        return np.array(points)

    def chain(walk):
        corners = []
        for x, y in walk:
            while len(corners) >= 2:
                (ax, ay), (bx, by) = corners[-2:]
                if (bx - ax) * (y - ay) - (by - ay) * (x - ax) >= 0:
                    break
                corners.pop()
            corners.append((x, y))
        return corners[:-1]

    return np.array(chain(points) + chain(points[::-1]))


@wrong("drops-one-corner-only")
def support_polygon(points):
    points = sorted(set(map(tuple, points)))
    if len(points) < 3:
        return np.array(points)

    def chain(walk):
        corners = []
        for x, y in walk:
            if len(corners) >= 2:
                (ax, ay), (bx, by) = corners[-2:]
                if (bx - ax) * (y - ay) - (by - ay) * (x - ax) <= 0:
                    corners.pop()
            corners.append((x, y))
        return corners[:-1]

    return np.array(chain(points) + chain(points[::-1]))


@wrong("bounding-box")
def support_polygon(points):
    if len(points) < 3:
        return points
    (left, bottom), (right, top) = points.min(axis=0), points.max(axis=0)
    return np.array([[left, bottom], [right, bottom], [right, top], [left, top]])


@wrong("half-of-the-chain")
def support_polygon(points):
    corners = []
    for x, y in sorted(set(map(tuple, points))):
        while len(corners) >= 2:
            (ax, ay), (bx, by) = corners[-2:]
            if (bx - ax) * (y - ay) - (by - ay) * (x - ax) > 0:
                break
            corners.pop()
        corners.append((x, y))
    return np.array(corners)


@wrong("keeps-inner-points")
def support_polygon(points):
    points = np.unique(points, axis=0)
    if len(points) < 3:
        return points
    away = points - points.mean(axis=0)
    return points[np.argsort(np.arctan2(away[:, 1], away[:, 0]))]


@wrong("closed-ring")
def support_polygon(points):
    points = sorted(set(map(tuple, points)))
    if len(points) < 3:
        return np.array(points)

    def chain(walk):
        corners = []
        for x, y in walk:
            while len(corners) >= 2:
                (ax, ay), (bx, by) = corners[-2:]
                if (bx - ax) * (y - ay) - (by - ay) * (x - ax) > 0:
                    break
                corners.pop()
            corners.append((x, y))
        return corners

    lower, upper = chain(points), chain(points[::-1])
    return np.array(lower + upper[1:])


@wrong("nothing-left")
def support_polygon(points):
    points = sorted(set(map(tuple, points)))
    if len(points) < 3:
        return np.array([])

    def chain(walk):
        corners = []
        for x, y in walk:
            while len(corners) >= 2:
                (ax, ay), (bx, by) = corners[-2:]
                if (bx - ax) * (y - ay) - (by - ay) * (x - ax) > 0:
                    break
                corners.pop()
            corners.append((x, y))
        return corners[:-1]

    return np.array(chain(points) + chain(points[::-1]))


@right("gift-wrapping")
def support_polygon(points):
    places = sorted({complex(x, y) for x, y in points}, key=lambda p: (p.imag, p.real))
    if len(places) < 3:
        return np.array([[p.real, p.imag] for p in places])
    corners = [places[0]]
    while True:
        here = corners[-1]
        best = next(p for p in places if p != here)
        for p in places:
            if p == here:
                continue
            turn = ((best - here).conjugate() * (p - here)).imag
            if turn < 0 or (turn == 0 and abs(p - here) > abs(best - here)):
                best = p
        if best == corners[0]:
            break
        corners.append(best)
    return np.array([[p.real, p.imag] for p in corners])


@right("graham-scan-in-a-list")
def support_polygon(points):
    points = [tuple(map(float, p)) for p in np.unique(np.asarray(points, dtype=float), axis=0)]
    if len(points) < 3:
        return points
    start = min(points, key=lambda p: (p[1], p[0]))
    rest = [p for p in points if p != start]
    rest.sort(key=lambda p: (math.atan2(p[1] - start[1], p[0] - start[0]), math.dist(p, start)))
    corners = [start]
    for p in rest:
        while len(corners) > 1:
            a, b = corners[-2], corners[-1]
            if a[0] * (b[1] - p[1]) + b[0] * (p[1] - a[1]) + p[0] * (a[1] - b[1]) > 1e-11:
                break
            corners.pop()
        corners.append(p)
    return corners


@right("scipy")
def support_polygon(points):
    points = np.unique(points, axis=0)
    if len(points) < 3:
        return points
    try:
        return points[ConvexHull(points).vertices]
    except QhullError:
        return points[[0, -1]]
