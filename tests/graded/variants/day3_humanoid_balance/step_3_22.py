"""Answers to 3.22 as students write them."""

import numpy as np

from vla_course.course.source.variants import right, wrong


@wrong("limits-ignored")
def step(self, jacobian, error, joints, lower, upper, rest):
    pull = self.config.pull * (rest - joints)
    damping = self.config.damping**2 * error @ error + self.config.least_damping**2
    gram = jacobian @ jacobian.T + damping * np.eye(6)
    return pull + jacobian.T @ np.linalg.solve(gram, error - jacobian @ pull)


@wrong("clipped-only")
def step(self, jacobian, error, joints, lower, upper, rest):
    pull = self.config.pull * (rest - joints)
    damping = self.config.damping**2 * error @ error + self.config.least_damping**2
    gram = jacobian @ jacobian.T + damping * np.eye(6)
    change = pull + jacobian.T @ np.linalg.solve(gram, error - jacobian @ pull)
    return np.clip(joints + change, lower, upper) - joints


@wrong("limits-shared-once")
def step(self, jacobian, error, joints, lower, upper, rest):
    pull = self.config.pull * (rest - joints)
    damping = self.config.damping**2 * error @ error + self.config.least_damping**2
    gram = jacobian @ jacobian.T + damping * np.eye(6)
    change = pull + jacobian.T @ np.linalg.solve(gram, error - jacobian @ pull)
    out = (joints + change < lower) | (joints + change > upper)
    if out.any() and not out.all():
        stop = np.clip(joints + change, lower, upper) - joints
        part = jacobian[:, ~out]
        left = error - jacobian[:, out] @ stop[out]
        gram = part @ part.T + damping * np.eye(6)
        change[~out] = pull[~out] + part.T @ np.linalg.solve(gram, left - part @ pull[~out])
        change[out] = stop[out]
    return np.clip(joints + change, lower, upper) - joints


@wrong("stays-put")
def step(self, jacobian, error, joints, lower, upper, rest):
    pull = self.config.pull * (rest - joints)
    damping = self.config.damping**2 * error @ error + self.config.least_damping**2
    free, change = np.ones(len(joints), bool), np.zeros(len(joints))
    while free.any():
        part = jacobian[:, free]
        gram = part @ part.T + damping * np.eye(6)
        change[free] = pull[free] + part.T @ np.linalg.solve(gram, error - part @ pull[free])
        out = free & ((joints + change < lower) | (joints + change > upper))
        if not out.any():
            break
        change[out] = 0.0
        free &= ~out
    return change


@wrong("error-kept")
def step(self, jacobian, error, joints, lower, upper, rest):
    pull = self.config.pull * (rest - joints)
    damping = self.config.damping**2 * error @ error + self.config.least_damping**2
    free, change = np.ones(len(joints), bool), np.zeros(len(joints))
    while free.any():
        part = jacobian[:, free]
        gram = part @ part.T + damping * np.eye(6)
        change[free] = pull[free] + part.T @ np.linalg.solve(gram, error - part @ pull[free])
        out = free & ((joints + change < lower) | (joints + change > upper))
        if not out.any():
            break
        change[out] = np.clip(joints + change, lower, upper)[out] - joints[out]
        free &= ~out
    return change


@wrong("damping-anew")
def step(self, jacobian, error, joints, lower, upper, rest):
    pull = self.config.pull * (rest - joints)
    free, change = np.ones(len(joints), bool), np.zeros(len(joints))
    while free.any():
        part = jacobian[:, free]
        left = error - jacobian[:, ~free] @ change[~free]
        damping = self.config.damping**2 * left @ left + self.config.least_damping**2
        gram = part @ part.T + damping * np.eye(6)
        change[free] = pull[free] + part.T @ np.linalg.solve(gram, left - part @ pull[free])
        out = free & ((joints + change < lower) | (joints + change > upper))
        if not out.any():
            break
        change[out] = np.clip(joints + change, lower, upper)[out] - joints[out]
        free &= ~out
    return change


@wrong("transpose-for-inverse")
def step(self, jacobian, error, joints, lower, upper, rest):
    pull = self.config.pull * (rest - joints)
    change = pull + jacobian.T @ (error - jacobian @ pull)
    return np.clip(joints + change, lower, upper) - joints


@wrong("pull-moves-the-hand")
def step(self, jacobian, error, joints, lower, upper, rest):
    pull = self.config.pull * (rest - joints)
    damping = self.config.damping**2 * error @ error + self.config.least_damping**2
    change = pull + jacobian.T @ np.linalg.solve(jacobian @ jacobian.T + damping * np.eye(6), error)
    return np.clip(joints + change, lower, upper) - joints


@wrong("pull-forgotten")
def step(self, jacobian, error, joints, lower, upper, rest):
    damping = self.config.damping**2 * error @ error + self.config.least_damping**2
    free, change, left = np.ones(len(joints), bool), np.zeros(len(joints)), error
    while free.any():
        part = jacobian[:, free]
        change[free] = part.T @ np.linalg.solve(part @ part.T + damping * np.eye(6), left)
        out = free & ((joints + change < lower) | (joints + change > upper))
        if not out.any():
            break
        change[out] = np.clip(joints + change, lower, upper)[out] - joints[out]
        left = left - jacobian[:, out] @ change[out]
        free &= ~out
    return change


@wrong("pull-sign")
def step(self, jacobian, error, joints, lower, upper, rest):
    pull = self.config.pull * (joints - rest)
    damping = self.config.damping**2 * error @ error + self.config.least_damping**2
    gram = jacobian @ jacobian.T + damping * np.eye(6)
    change = pull + jacobian.T @ np.linalg.solve(gram, error - jacobian @ pull)
    return np.clip(joints + change, lower, upper) - joints


@wrong("degrees-for-radians")
def step(self, jacobian, error, joints, lower, upper, rest):
    pull = self.config.pull * (rest - joints)
    damping = self.config.damping**2 * error @ error + self.config.least_damping**2
    gram = jacobian @ jacobian.T + damping * np.eye(6)
    change = pull + jacobian.T @ np.linalg.solve(gram, error - jacobian @ pull)
    return np.degrees(np.clip(joints + change, lower, upper) - joints)


@wrong("place-for-change")
def step(self, jacobian, error, joints, lower, upper, rest):
    pull = self.config.pull * (rest - joints)
    damping = self.config.damping**2 * error @ error + self.config.least_damping**2
    gram = jacobian @ jacobian.T + damping * np.eye(6)
    change = pull + jacobian.T @ np.linalg.solve(gram, error - jacobian @ pull)
    return np.clip(joints + change, lower, upper)


@wrong("damping-not-squared")
def step(self, jacobian, error, joints, lower, upper, rest):
    pull = self.config.pull * (rest - joints)
    damping = self.config.damping * np.linalg.norm(error) + self.config.least_damping
    gram = jacobian @ jacobian.T + damping * np.eye(6)
    change = pull + jacobian.T @ np.linalg.solve(gram, error - jacobian @ pull)
    return np.clip(joints + change, lower, upper) - joints


@wrong("damping-forgotten")
def step(self, jacobian, error, joints, lower, upper, rest):
    pull = self.config.pull * (rest - joints)
    change = pull + np.linalg.pinv(jacobian) @ (error - jacobian @ pull)
    return np.clip(joints + change, lower, upper) - joints


@wrong("damping-everywhere")
def step(self, jacobian, error, joints, lower, upper, rest):
    pull = self.config.pull * (rest - joints)
    damping = self.config.damping**2 + self.config.least_damping**2
    gram = jacobian @ jacobian.T + damping * np.eye(6)
    change = pull + jacobian.T @ np.linalg.solve(gram, error - jacobian @ pull)
    return np.clip(joints + change, lower, upper) - joints


@wrong("locked-at-its-limit")
def step(self, jacobian, error, joints, lower, upper, rest):
    pull = self.config.pull * (rest - joints)
    damping = self.config.damping**2 * error @ error + self.config.least_damping**2
    free, change, left = (joints > lower) & (joints < upper), np.zeros(len(joints)), error
    while free.any():
        part = jacobian[:, free]
        gram = part @ part.T + damping * np.eye(6)
        change[free] = pull[free] + part.T @ np.linalg.solve(gram, left - part @ pull[free])
        out = free & ((joints + change < lower) | (joints + change > upper))
        if not out.any():
            break
        change[out] = (np.clip(joints + change, lower, upper) - joints)[out]
        left = left - jacobian[:, out] @ change[out]
        free &= ~out
    return change


@right("small-inverse-and-recursion")
def step(self, jacobian, error, joints, lower, upper, rest):
    config = self.config
    damping = (config.damping * np.linalg.norm(error)) ** 2 + config.least_damping**2

    def among(free, left):
        if not free:
            return {}
        part = jacobian[:, free]
        pull = config.pull * (rest - joints)[free]
        normal = part.T @ part + damping * np.eye(len(free))
        found = pull + np.linalg.inv(normal) @ part.T @ (left - part @ pull)
        stopped = {}
        for k, value in zip(free, found):
            if joints[k] + value > upper[k]:
                stopped[k] = upper[k] - joints[k]
            elif joints[k] + value < lower[k]:
                stopped[k] = lower[k] - joints[k]
        if not stopped:
            return dict(zip(free, found))
        for k, value in stopped.items():
            left = left - value * jacobian[:, k]
        return stopped | among([k for k in free if k not in stopped], left)

    every = among(list(range(len(joints))), error)
    return np.array([every[k] for k in range(len(joints))])


@right("singular-values")
def step(self, jacobian, error, joints, lower, upper, rest):
    damping = self.config.damping**2 * np.sum(error**2) + self.config.least_damping**2
    way = np.zeros(len(joints))
    active = np.arange(len(joints))
    goal = np.array(error, dtype=float)
    while active.size:
        u, s, vt = np.linalg.svd(jacobian[:, active], full_matrices=False)
        pull = self.config.pull * (rest[active] - joints[active])
        move = pull + vt.T @ (s / (s * s + damping) * (u.T @ (goal - jacobian[:, active] @ pull)))
        end = np.minimum(np.maximum(joints[active] + move, lower[active]), upper[active]) - joints[active]
        leaves = (joints[active] + move > upper[active]) | (joints[active] + move < lower[active])
        way[active] = np.where(leaves, end, move)
        goal = goal - jacobian[:, active[leaves]] @ end[leaves]
        if not leaves.any():
            break
        active = active[~leaves]
    return way
