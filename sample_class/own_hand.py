"""Answers that two students of the sample class share; parsed, never imported. See build.py."""

import numpy as np


def support_polygon(points):
    # my own way: throw away everything that is left of nobody
    cloud = []
    for row in points:
        pair = (round(float(row[0]), 12), round(float(row[1]), 12))
        if pair not in cloud:
            cloud.append(pair)
    if len(cloud) <= 2:
        return np.array(sorted(cloud))
    lowest = min(cloud, key=lambda pair: (pair[1], pair[0]))
    around = [lowest]
    direction = 0.0
    while True:
        best, best_turn, best_far = None, 10.0, 0.0
        for pair in cloud:
            if pair == around[-1]:
                continue
            dx, dy = pair[0] - around[-1][0], pair[1] - around[-1][1]
            turn = (np.arctan2(dy, dx) - direction) % (2 * np.pi)
            if turn > 2 * np.pi - 1e-9:
                turn = 0.0
            far = dx * dx + dy * dy
            closer = turn < best_turn - 1e-9
            same_but_farther = abs(turn - best_turn) <= 1e-9 and far > best_far
            if closer or same_but_farther:
                best, best_turn, best_far = pair, turn, far
        if best == lowest or len(around) > len(cloud):
            break
        direction += best_turn
        around.append(best)
    return np.array(around)


def stability_margin(point, polygon):
    px, py = float(point[0]), float(point[1])
    smallest = 1e9  # should be enough for a humanoid
    outside = 0
    count = len(polygon)
    for number in range(count):
        x0, y0 = polygon[number]
        x1, y1 = polygon[(number + 1) % count]
        length = np.sqrt((x1 - x0) ** 2 + (y1 - y0) ** 2)
        ux, uy = (x1 - x0) / length, (y1 - y0) / length
        along = (px - x0) * ux + (py - y0) * uy
        across = ux * (py - y0) - uy * (px - x0)
        if across < 0:
            outside = outside + 1
        if along < 0:
            away = np.sqrt((px - x0) ** 2 + (py - y0) ** 2)
        elif along > length:
            away = np.sqrt((px - x1) ** 2 + (py - y1) ** 2)
        else:
            away = abs(across)
        if away < smallest:
            smallest = away
    if outside > 0:
        return float(-smallest)
    return float(smallest)


def zero_moment_point(mass, com, com_acceleration, angular_momentum_rate, gravity=9.81):
    up = com_acceleration[2] + gravity
    if up <= 0:
        raise ValueError("nothing presses on the ground, so there is no such point")
    weight = up * mass
    lever = np.zeros(2)
    for axis in range(2):
        push = com_acceleration[axis] * mass
        twist = angular_momentum_rate[1] if axis == 0 else -angular_momentum_rate[0]
        lever[axis] = (com[2] * push + twist) / weight
    return np.asarray(com, dtype=float)[:2] - lever
