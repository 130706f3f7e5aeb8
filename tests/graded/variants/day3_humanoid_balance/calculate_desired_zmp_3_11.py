"""Answers to 3.11 as students write them."""

import numpy as np
from scipy.optimize import minimize

from vla_course.course.source.variants import right, wrong


@wrong("feet-ignored")
def calculate_desired_zmp(self, state):
    return self.calculate_capture_zmp(state)


@wrong("margin-ignored")
def calculate_desired_zmp(self, state):
    corners = state.support_polygon
    m = corners.mean(axis=0)
    way = self.calculate_capture_zmp(state) - m
    edge = np.roll(corners, -1, axis=0) - corners
    outward = np.column_stack((edge[:, 1], -edge[:, 0])) / np.hypot(edge[:, 0], edge[:, 1])[:, None]
    room = (outward * (corners - m)).sum(axis=1)
    needed = outward @ way
    ahead = needed > 0
    s = (room[ahead] / needed[ahead]).min() if ahead.any() else 1.0
    return m + min(1.0, max(0.0, s)) * way


@wrong("margin-outward")
def calculate_desired_zmp(self, state):
    corners = state.support_polygon
    m = corners.mean(axis=0)
    way = self.calculate_capture_zmp(state) - m
    edge = np.roll(corners, -1, axis=0) - corners
    outward = np.column_stack((edge[:, 1], -edge[:, 0])) / np.hypot(edge[:, 0], edge[:, 1])[:, None]
    room = (outward * (corners - m)).sum(axis=1) + self.config.edge_margin
    needed = outward @ way
    ahead = needed > 0
    s = (room[ahead] / needed[ahead]).min() if ahead.any() else 1.0
    return m + min(1.0, max(0.0, s)) * way


@wrong("each-axis-clamped")
def calculate_desired_zmp(self, state):
    low = state.support_polygon.min(axis=0) + self.config.edge_margin
    high = state.support_polygon.max(axis=0) - self.config.edge_margin
    return np.clip(self.calculate_capture_zmp(state), low, high)


@wrong("nearest-point")
def calculate_desired_zmp(self, state):
    corners, p = state.support_polygon, self.calculate_capture_zmp(state)
    edge = np.roll(corners, -1, axis=0) - corners
    outward = np.column_stack((edge[:, 1], -edge[:, 0])) / np.hypot(edge[:, 0], edge[:, 1])[:, None]
    bound = (outward * corners).sum(axis=1) - self.config.edge_margin
    found = minimize(
        lambda x: ((x - p) ** 2).sum() * 100,
        corners.mean(axis=0),
        jac=lambda x: 200 * (x - p),
        constraints={"type": "ineq", "fun": lambda x: bound - outward @ x, "jac": lambda x: -outward},
        method="SLSQP",
        options={"ftol": 1e-15, "maxiter": 300},
    )
    return found.x


@wrong("from-the-center-of-mass")
def calculate_desired_zmp(self, state):
    corners = state.support_polygon
    m = state.center_of_mass[:2]
    way = self.calculate_capture_zmp(state) - m
    edge = np.roll(corners, -1, axis=0) - corners
    outward = np.column_stack((edge[:, 1], -edge[:, 0])) / np.hypot(edge[:, 0], edge[:, 1])[:, None]
    room = (outward * (corners - m)).sum(axis=1) - self.config.edge_margin
    needed = outward @ way
    ahead = needed > 0
    s = (room[ahead] / needed[ahead]).min() if ahead.any() else 1.0
    return m + min(1.0, max(0.0, s)) * way


@wrong("always-to-the-edge")
def calculate_desired_zmp(self, state):
    corners = state.support_polygon
    m = corners.mean(axis=0)
    way = self.calculate_capture_zmp(state) - m
    edge = np.roll(corners, -1, axis=0) - corners
    outward = np.column_stack((edge[:, 1], -edge[:, 0])) / np.hypot(edge[:, 0], edge[:, 1])[:, None]
    room = (outward * (corners - m)).sum(axis=1) - self.config.edge_margin
    needed = outward @ way
    ahead = needed > 0
    s = (room[ahead] / needed[ahead]).min() if ahead.any() else 1.0
    return m + max(0.0, s) * way


@wrong("margin-along-the-way")
def calculate_desired_zmp(self, state):
    corners = state.support_polygon
    m = corners.mean(axis=0)
    way = self.calculate_capture_zmp(state) - m
    length = np.linalg.norm(way)
    if length < 1e-12:
        return m
    edge = np.roll(corners, -1, axis=0) - corners
    outward = np.column_stack((edge[:, 1], -edge[:, 0]))
    room, needed = (outward * (corners - m)).sum(axis=1), outward @ way
    s = (room[needed > 0] / needed[needed > 0]).min() - self.config.edge_margin / length
    return m + min(1.0, max(0.0, s)) * way


@wrong("normal-not-unit")
def calculate_desired_zmp(self, state):
    corners = state.support_polygon
    m = corners.mean(axis=0)
    way = self.calculate_capture_zmp(state) - m
    edge = np.roll(corners, -1, axis=0) - corners
    outward = np.column_stack((edge[:, 1], -edge[:, 0]))
    room = (outward * (corners - m)).sum(axis=1) - self.config.edge_margin
    needed = outward @ way
    ahead = needed > 0
    s = (room[ahead] / needed[ahead]).min() if ahead.any() else 1.0
    return m + min(1.0, max(0.0, s)) * way


@wrong("edges-behind-count")
def calculate_desired_zmp(self, state):
    corners = state.support_polygon
    m = corners.mean(axis=0)
    way = self.calculate_capture_zmp(state) - m
    edge = np.roll(corners, -1, axis=0) - corners
    outward = np.column_stack((edge[:, 1], -edge[:, 0])) / np.hypot(edge[:, 0], edge[:, 1])[:, None]
    room = (outward * (corners - m)).sum(axis=1) - self.config.edge_margin
    needed = outward @ way
    ahead = needed != 0
    s = (room[ahead] / needed[ahead]).min() if ahead.any() else 1.0
    return m + min(1.0, max(0.0, s)) * way


@wrong("farthest-edge")
def calculate_desired_zmp(self, state):
    corners = state.support_polygon
    m = corners.mean(axis=0)
    way = self.calculate_capture_zmp(state) - m
    edge = np.roll(corners, -1, axis=0) - corners
    outward = np.column_stack((edge[:, 1], -edge[:, 0])) / np.hypot(edge[:, 0], edge[:, 1])[:, None]
    room = (outward * (corners - m)).sum(axis=1) - self.config.edge_margin
    needed = outward @ way
    ahead = needed > 0
    s = (room[ahead] / needed[ahead]).max() if ahead.any() else 1.0
    return m + min(1.0, max(0.0, s)) * way


@wrong("backward-step")
def calculate_desired_zmp(self, state):
    corners = state.support_polygon
    m = corners.mean(axis=0)
    way = self.calculate_capture_zmp(state) - m
    edge = np.roll(corners, -1, axis=0) - corners
    outward = np.column_stack((edge[:, 1], -edge[:, 0])) / np.hypot(edge[:, 0], edge[:, 1])[:, None]
    room = (outward * (corners - m)).sum(axis=1) - self.config.edge_margin
    needed = outward @ way
    ahead = needed > 0
    s = (room[ahead] / needed[ahead]).min() if ahead.any() else 1.0
    return m + min(1.0, s) * way


@wrong("margin-outside-only")
def calculate_desired_zmp(self, state):
    ring = state.support_polygon
    middle, wanted = ring.mean(axis=0), self.calculate_capture_zmp(state)
    along = np.roll(ring, -1, axis=0) - ring
    normal = np.column_stack((along[:, 1], -along[:, 0])) / np.linalg.norm(along, axis=1)[:, None]
    if np.all((normal * (wanted - ring)).sum(axis=1) <= 0.0):
        return wanted
    room = np.maximum((normal * (ring - middle)).sum(axis=1) - self.config.edge_margin, 0.0)
    need = normal @ (wanted - middle)
    share = np.min(room[need > room] / need[need > room], initial=1.0)
    return middle + share * (wanted - middle)


@right("complex-corners")
def calculate_desired_zmp(self, state):
    ring = [complex(x, y) for x, y in state.support_polygon]
    m = sum(ring) / len(ring)
    way = complex(*self.calculate_capture_zmp(state)) - m
    s = 1.0
    for a, b in zip(ring, ring[1:] + ring[:1]):
        n = (b - a) / abs(b - a) * -1j
        room = (n.conjugate() * (a - m)).real - self.config.edge_margin
        needed = (n.conjugate() * way).real
        if needed > 0:
            s = min(s, max(0.0, room / needed))
    p = m + s * way
    return np.array([p.real, p.imag])


@right("halving")
def calculate_desired_zmp(self, state):
    corners = np.asarray(state.support_polygon)
    m = corners.mean(axis=0)
    p = np.asarray(self.calculate_capture_zmp(state))
    edge = np.roll(corners, -1, axis=0) - corners
    inward = np.column_stack((-edge[:, 1], edge[:, 0])) / np.linalg.norm(edge, axis=1)[:, None]

    def fits(s):
        return np.all((inward * (m + s * (p - m) - corners)).sum(axis=1) >= self.config.edge_margin)

    if fits(1.0):
        return p
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if fits(middle) else (low, middle)
    return m + low * (p - m)


@right("half-planes-in-one-go")
def calculate_desired_zmp(self, state):
    corners = state.support_polygon
    m = corners.mean(axis=0)
    way = self.calculate_capture_zmp(state) - m
    edge = np.roll(corners, -1, axis=0) - corners
    outward = np.column_stack((edge[:, 1], -edge[:, 0])) / np.hypot(edge[:, 0], edge[:, 1])[:, None]
    room = (outward * (corners - m)).sum(axis=1) - self.config.edge_margin
    needed = outward @ way
    ahead = needed > 0
    s = (room[ahead] / needed[ahead]).min() if ahead.any() else 1.0
    return m + min(1.0, max(0.0, s)) * way
