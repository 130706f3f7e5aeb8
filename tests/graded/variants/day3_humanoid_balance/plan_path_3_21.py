"""Answers to 3.21 as students write them."""

import heapq

import numpy as np

from vla_course.course.source.variants import right, wrong
from vla_course.motion.planning.step_search import FootstepSearch


@wrong("same-foot")
def plan_path(self, start, goal, next_side=None):
    search = FootstepSearch(self.graph, start, goal, next_side)

    def remaining(nodes):
        bound = np.hypot(
            search.cost_per_metre * search.distance(nodes), search.cost_per_radian * search.turn(nodes)
        )
        return np.minimum(search.estimate(nodes), search.weight * bound)

    cost = {root: 0.0 for root in search.roots}
    parent = {}
    heap = []
    for root, h in zip(search.roots, remaining(search.roots)):
        heapq.heappush(heap, (h, 0.0, h, root))
    best, end = np.inf, search.roots[0]
    while heap:
        if search.expanded >= search.patience:
            break
        f, g, h, node = heapq.heappop(heap)
        if g > cost[node]:
            continue
        if h < best:
            best, end = h, node
        if h == 0:
            break
        swings = search.side(node)
        nodes, steps = search.footholds(node, swings)
        for new, step, h in zip(nodes.tolist(), steps.tolist(), remaining(nodes).tolist()):
            if np.isinf(h):
                continue
            if new not in cost or g + step < cost[new]:
                cost[new] = g + step
                parent[new] = node
                heapq.heappush(heap, (g + step + h, g + step, h, new))
    path = [end]
    while path[0] in parent:
        path.insert(0, parent[path[0]])
    return search.plan(path)


@wrong("forgets-the-turn")
def plan_path(self, start, goal, next_side=None):
    search = FootstepSearch(self.graph, start, goal, next_side)

    def remaining(nodes):
        bound = np.hypot(
            search.cost_per_metre * search.distance(nodes), search.cost_per_radian * search.turn(nodes)
        )
        return np.minimum(search.estimate(nodes), search.weight * bound)

    cost = {root: 0.0 for root in search.roots}
    parent = {}
    heap = []
    for root, h in zip(search.roots, remaining(search.roots)):
        heapq.heappush(heap, (h, 0.0, h, root))
    best, end = np.inf, search.roots[0]
    while heap:
        if search.expanded >= search.patience:
            break
        f, g, h, node = heapq.heappop(heap)
        if g > cost[node]:
            continue
        if h < best:
            best, end = h, node
        if search.distance([node])[0] < 0.05:
            break
        swings = "right" if search.side(node) == "left" else "left"
        nodes, steps = search.footholds(node, swings)
        for new, step, h in zip(nodes.tolist(), steps.tolist(), remaining(nodes).tolist()):
            if np.isinf(h):
                continue
            if new not in cost or g + step < cost[new]:
                cost[new] = g + step
                parent[new] = node
                heapq.heappush(heap, (g + step + h, g + step, h, new))
    path = [end]
    while path[0] in parent:
        path.insert(0, parent[path[0]])
    return search.plan(path)


@wrong("bound-adds-up")
def plan_path(self, start, goal, next_side=None):
    search = FootstepSearch(self.graph, start, goal, next_side)

    def remaining(nodes):
        bound = search.cost_per_metre * search.distance(nodes) + search.cost_per_radian * search.turn(nodes)
        return np.minimum(search.estimate(nodes), search.weight * bound)

    cost = {root: 0.0 for root in search.roots}
    parent = {}
    heap = []
    for root, h in zip(search.roots, remaining(search.roots)):
        heapq.heappush(heap, (h, 0.0, h, root))
    best, end = np.inf, search.roots[0]
    while heap:
        if search.expanded >= search.patience:
            break
        f, g, h, node = heapq.heappop(heap)
        if g > cost[node]:
            continue
        if h < best:
            best, end = h, node
        if h == 0:
            break
        swings = "right" if search.side(node) == "left" else "left"
        nodes, steps = search.footholds(node, swings)
        for new, step, h in zip(nodes.tolist(), steps.tolist(), remaining(nodes).tolist()):
            if np.isinf(h):
                continue
            if new not in cost or g + step < cost[new]:
                cost[new] = g + step
                parent[new] = node
                heapq.heappush(heap, (g + step + h, g + step, h, new))
    path = [end]
    while path[0] in parent:
        path.insert(0, parent[path[0]])
    return search.plan(path)


@wrong("estimate-unbounded")
def plan_path(self, start, goal, next_side=None):
    search = FootstepSearch(self.graph, start, goal, next_side)

    def remaining(nodes):
        bound = np.hypot(
            search.cost_per_metre * search.distance(nodes), search.cost_per_radian * search.turn(nodes)
        )
        return np.where(np.isinf(bound), bound, search.estimate(nodes))

    cost = {root: 0.0 for root in search.roots}
    parent = {}
    heap = []
    for root, h in zip(search.roots, remaining(search.roots)):
        heapq.heappush(heap, (h, 0.0, h, root))
    best, end = np.inf, search.roots[0]
    while heap:
        if search.expanded >= search.patience:
            break
        f, g, h, node = heapq.heappop(heap)
        if g > cost[node]:
            continue
        if h < best:
            best, end = h, node
        if h == 0:
            break
        swings = "right" if search.side(node) == "left" else "left"
        nodes, steps = search.footholds(node, swings)
        for new, step, h in zip(nodes.tolist(), steps.tolist(), remaining(nodes).tolist()):
            if np.isinf(h):
                continue
            if new not in cost or g + step < cost[new]:
                cost[new] = g + step
                parent[new] = node
                heapq.heappush(heap, (g + step + h, g + step, h, new))
    path = [end]
    while path[0] in parent:
        path.insert(0, parent[path[0]])
    return search.plan(path)


@wrong("weight-ignored")
def plan_path(self, start, goal, next_side=None):
    search = FootstepSearch(self.graph, start, goal, next_side)

    def remaining(nodes):
        bound = np.hypot(
            search.cost_per_metre * search.distance(nodes), search.cost_per_radian * search.turn(nodes)
        )
        return np.minimum(search.estimate(nodes), bound)

    cost = {root: 0.0 for root in search.roots}
    parent = {}
    heap = []
    for root, h in zip(search.roots, remaining(search.roots)):
        heapq.heappush(heap, (h, 0.0, h, root))
    best, end = np.inf, search.roots[0]
    while heap:
        if search.expanded >= search.patience:
            break
        f, g, h, node = heapq.heappop(heap)
        if g > cost[node]:
            continue
        if h < best:
            best, end = h, node
        if h == 0:
            break
        swings = "right" if search.side(node) == "left" else "left"
        nodes, steps = search.footholds(node, swings)
        for new, step, h in zip(nodes.tolist(), steps.tolist(), remaining(nodes).tolist()):
            if np.isinf(h):
                continue
            if new not in cost or g + step < cost[new]:
                cost[new] = g + step
                parent[new] = node
                heapq.heappush(heap, (g + step + h, g + step, h, new))
    path = [end]
    while path[0] in parent:
        path.insert(0, parent[path[0]])
    return search.plan(path)


@wrong("greedy")
def plan_path(self, start, goal, next_side=None):
    search = FootstepSearch(self.graph, start, goal, next_side)

    def remaining(nodes):
        bound = np.hypot(
            search.cost_per_metre * search.distance(nodes), search.cost_per_radian * search.turn(nodes)
        )
        return np.minimum(search.estimate(nodes), search.weight * bound)

    cost = {root: 0.0 for root in search.roots}
    parent = {}
    heap = []
    for root, h in zip(search.roots, remaining(search.roots)):
        heapq.heappush(heap, (h, 0.0, h, root))
    best, end = np.inf, search.roots[0]
    while heap:
        if search.expanded >= search.patience:
            break
        f, g, h, node = heapq.heappop(heap)
        if g > cost[node]:
            continue
        if h < best:
            best, end = h, node
        if h == 0:
            break
        swings = "right" if search.side(node) == "left" else "left"
        nodes, steps = search.footholds(node, swings)
        for new, step, h in zip(nodes.tolist(), steps.tolist(), remaining(nodes).tolist()):
            if np.isinf(h):
                continue
            if new not in cost or g + step < cost[new]:
                cost[new] = g + step
                parent[new] = node
                heapq.heappush(heap, (h, g + step, h, new))
    path = [end]
    while path[0] in parent:
        path.insert(0, parent[path[0]])
    return search.plan(path)


@wrong("without-h")
def plan_path(self, start, goal, next_side=None):
    search = FootstepSearch(self.graph, start, goal, next_side)

    def remaining(nodes):
        bound = np.hypot(
            search.cost_per_metre * search.distance(nodes), search.cost_per_radian * search.turn(nodes)
        )
        return np.minimum(search.estimate(nodes), search.weight * bound)

    cost = {root: 0.0 for root in search.roots}
    parent = {}
    heap = []
    for root, h in zip(search.roots, remaining(search.roots)):
        heapq.heappush(heap, (0.0, 0.0, h, root))
    best, end = np.inf, search.roots[0]
    while heap:
        if search.expanded >= search.patience:
            break
        f, g, h, node = heapq.heappop(heap)
        if g > cost[node]:
            continue
        if h < best:
            best, end = h, node
        if h == 0:
            break
        swings = "right" if search.side(node) == "left" else "left"
        nodes, steps = search.footholds(node, swings)
        for new, step, h in zip(nodes.tolist(), steps.tolist(), remaining(nodes).tolist()):
            if np.isinf(h):
                continue
            if new not in cost or g + step < cost[new]:
                cost[new] = g + step
                parent[new] = node
                heapq.heappush(heap, (g + step, g + step, h, new))
    path = [end]
    while path[0] in parent:
        path.insert(0, parent[path[0]])
    return search.plan(path)


@wrong("stops-at-first-sight")
def plan_path(self, start, goal, next_side=None):
    search = FootstepSearch(self.graph, start, goal, next_side)

    def remaining(nodes):
        bound = np.hypot(
            search.cost_per_metre * search.distance(nodes), search.cost_per_radian * search.turn(nodes)
        )
        return np.minimum(search.estimate(nodes), search.weight * bound)

    cost = {root: 0.0 for root in search.roots}
    parent = {}
    heap = []
    for root, h in zip(search.roots, remaining(search.roots)):
        heapq.heappush(heap, (h, 0.0, h, root))
    best, end = np.inf, search.roots[0]
    while heap:
        if search.expanded >= search.patience:
            break
        f, g, h, node = heapq.heappop(heap)
        if g > cost[node]:
            continue
        if h < best:
            best, end = h, node
        if h == 0:
            break
        swings = "right" if search.side(node) == "left" else "left"
        nodes, steps = search.footholds(node, swings)
        for new, step, h in zip(nodes.tolist(), steps.tolist(), remaining(nodes).tolist()):
            if np.isinf(h):
                continue
            if new not in cost or g + step < cost[new]:
                cost[new] = g + step
                parent[new] = node
                heapq.heappush(heap, (g + step + h, g + step, h, new))
                if h == 0:
                    best, end, heap = 0.0, new, []
                    break
    path = [end]
    while path[0] in parent:
        path.insert(0, parent[path[0]])
    return search.plan(path)


@wrong("never-opens-again")
def plan_path(self, start, goal, next_side=None):
    search = FootstepSearch(self.graph, start, goal, next_side)

    def remaining(nodes):
        bound = np.hypot(
            search.cost_per_metre * search.distance(nodes), search.cost_per_radian * search.turn(nodes)
        )
        return np.minimum(search.estimate(nodes), search.weight * bound)

    cost = {root: 0.0 for root in search.roots}
    parent = {}
    heap = []
    for root, h in zip(search.roots, remaining(search.roots)):
        heapq.heappush(heap, (h, 0.0, h, root))
    best, end = np.inf, search.roots[0]
    while heap:
        if search.expanded >= search.patience:
            break
        f, g, h, node = heapq.heappop(heap)
        if g > cost[node]:
            continue
        if h < best:
            best, end = h, node
        if h == 0:
            break
        swings = "right" if search.side(node) == "left" else "left"
        nodes, steps = search.footholds(node, swings)
        for new, step, h in zip(nodes.tolist(), steps.tolist(), remaining(nodes).tolist()):
            if np.isinf(h):
                continue
            if new not in cost:
                cost[new] = g + step
                parent[new] = node
                heapq.heappush(heap, (g + step + h, g + step, h, new))
    path = [end]
    while path[0] in parent:
        path.insert(0, parent[path[0]])
    return search.plan(path)


@wrong("backwards")
def plan_path(self, start, goal, next_side=None):
    search = FootstepSearch(self.graph, start, goal, next_side)

    def remaining(nodes):
        bound = np.hypot(
            search.cost_per_metre * search.distance(nodes), search.cost_per_radian * search.turn(nodes)
        )
        return np.minimum(search.estimate(nodes), search.weight * bound)

    cost = {root: 0.0 for root in search.roots}
    parent = {}
    heap = []
    for root, h in zip(search.roots, remaining(search.roots)):
        heapq.heappush(heap, (h, 0.0, h, root))
    best, end = np.inf, search.roots[0]
    while heap:
        if search.expanded >= search.patience:
            break
        f, g, h, node = heapq.heappop(heap)
        if g > cost[node]:
            continue
        if h < best:
            best, end = h, node
        if h == 0:
            break
        swings = "right" if search.side(node) == "left" else "left"
        nodes, steps = search.footholds(node, swings)
        for new, step, h in zip(nodes.tolist(), steps.tolist(), remaining(nodes).tolist()):
            if np.isinf(h):
                continue
            if new not in cost or g + step < cost[new]:
                cost[new] = g + step
                parent[new] = node
                heapq.heappush(heap, (g + step + h, g + step, h, new))
    path = [end]
    while path[0] in parent:
        path.insert(0, parent[path[0]])
    return search.plan(path[::-1])


@wrong("patience-ignored")
def plan_path(self, start, goal, next_side=None):
    search = FootstepSearch(self.graph, start, goal, next_side)

    def remaining(nodes):
        bound = np.hypot(
            search.cost_per_metre * search.distance(nodes), search.cost_per_radian * search.turn(nodes)
        )
        return np.minimum(search.estimate(nodes), search.weight * bound)

    cost = {root: 0.0 for root in search.roots}
    parent = {}
    heap = []
    for root, h in zip(search.roots, remaining(search.roots)):
        heapq.heappush(heap, (h, 0.0, h, root))
    best, end = np.inf, search.roots[0]
    while heap:
        f, g, h, node = heapq.heappop(heap)
        if g > cost[node]:
            continue
        if h < best:
            best, end = h, node
        if h == 0:
            break
        swings = "right" if search.side(node) == "left" else "left"
        nodes, steps = search.footholds(node, swings)
        for new, step, h in zip(nodes.tolist(), steps.tolist(), remaining(nodes).tolist()):
            if np.isinf(h):
                continue
            if new not in cost or g + step < cost[new]:
                cost[new] = g + step
                parent[new] = node
                heapq.heappush(heap, (g + step + h, g + step, h, new))
    path = [end]
    while path[0] in parent:
        path.insert(0, parent[path[0]])
    return search.plan(path)


@wrong("gives-no-answer")
def plan_path(self, start, goal, next_side=None):
    search = FootstepSearch(self.graph, start, goal, next_side)

    def remaining(nodes):
        bound = np.hypot(
            search.cost_per_metre * search.distance(nodes), search.cost_per_radian * search.turn(nodes)
        )
        return np.minimum(search.estimate(nodes), search.weight * bound)

    cost = {root: 0.0 for root in search.roots}
    parent = {}
    heap = []
    for root, h in zip(search.roots, remaining(search.roots)):
        heapq.heappush(heap, (h, 0.0, h, root))
    best, end = np.inf, search.roots[0]
    while heap:
        if search.expanded >= search.patience:
            return None
        f, g, h, node = heapq.heappop(heap)
        if g > cost[node]:
            continue
        if h < best:
            best, end = h, node
        if h == 0:
            break
        swings = "right" if search.side(node) == "left" else "left"
        nodes, steps = search.footholds(node, swings)
        for new, step, h in zip(nodes.tolist(), steps.tolist(), remaining(nodes).tolist()):
            if np.isinf(h):
                continue
            if new not in cost or g + step < cost[new]:
                cost[new] = g + step
                parent[new] = node
                heapq.heappush(heap, (g + step + h, g + step, h, new))
    path = [end]
    while path[0] in parent:
        path.insert(0, parent[path[0]])
    return search.plan(path)


@wrong("stays-where-it-is")
def plan_path(self, start, goal, next_side=None):
    search = FootstepSearch(self.graph, start, goal, next_side)

    def remaining(nodes):
        bound = np.hypot(
            search.cost_per_metre * search.distance(nodes), search.cost_per_radian * search.turn(nodes)
        )
        return np.minimum(search.estimate(nodes), search.weight * bound)

    cost = {root: 0.0 for root in search.roots}
    parent = {}
    heap = []
    for root, h in zip(search.roots, remaining(search.roots)):
        heapq.heappush(heap, (h, 0.0, h, root))
    best, end = np.inf, search.roots[0]
    while heap:
        if search.expanded >= search.patience:
            break
        f, g, h, node = heapq.heappop(heap)
        if g > cost[node]:
            continue
        if h < best:
            best, end = h, node
        if h == 0:
            break
        swings = "right" if search.side(node) == "left" else "left"
        nodes, steps = search.footholds(node, swings)
        for new, step, h in zip(nodes.tolist(), steps.tolist(), remaining(nodes).tolist()):
            if np.isinf(h):
                continue
            if new not in cost or g + step < cost[new]:
                cost[new] = g + step
                parent[new] = node
                heapq.heappush(heap, (g + step + h, g + step, h, new))
    path = [end if best == 0 else search.roots[0]]
    while path[0] in parent:
        path.insert(0, parent[path[0]])
    return search.plan(path)


@wrong("one-root-only")
def plan_path(self, start, goal, next_side=None):
    search = FootstepSearch(self.graph, start, goal, next_side)

    def remaining(nodes):
        bound = np.hypot(
            search.cost_per_metre * search.distance(nodes), search.cost_per_radian * search.turn(nodes)
        )
        return np.minimum(search.estimate(nodes), search.weight * bound)

    root = search.roots[0]
    cost = {root: 0.0}
    parent = {}
    h = remaining([root])[0]
    heap = [(h, 0.0, h, root)]
    best, end = np.inf, root
    while heap:
        if search.expanded >= search.patience:
            break
        f, g, h, node = heapq.heappop(heap)
        if g > cost[node]:
            continue
        if h < best:
            best, end = h, node
        if h == 0:
            break
        swings = "left" if search.side(node) == "right" else "right"
        nodes, steps = search.footholds(node, swings)
        for new, step, h in zip(nodes.tolist(), steps.tolist(), remaining(nodes).tolist()):
            if np.isinf(h):
                continue
            if new not in cost or g + step < cost[new]:
                cost[new] = g + step
                parent[new] = node
                heapq.heappush(heap, (g + step + h, g + step, h, new))
    path = [end]
    while path[0] in parent:
        path.insert(0, parent[path[0]])
    return search.plan(path)


@right("with-a-closed-set-that-forgets")
def plan_path(self, start, goal, next_side=None):
    search = FootstepSearch(self.graph, start, goal, next_side)
    other = {"left": "right", "right": "left"}
    paid, came, rest, waiting = {}, {}, {}, {}

    def meet(nodes, costs, origin):
        ways, turns, guess = search.distance(nodes), search.turn(nodes), search.estimate(nodes)
        for node, price, way, turn, most in zip(nodes, costs, ways, turns, guess):
            node = int(node)
            if way < np.inf and price < paid.get(node, np.inf):
                least = ((search.cost_per_metre * way) ** 2 + (search.cost_per_radian * turn) ** 2) ** 0.5
                paid[node], came[node] = float(price), origin
                rest[node] = float(min(most, search.weight * least))
                waiting[node] = paid[node] + rest[node]

    meet(search.roots, [0.0] * len(search.roots), None)
    looked = []
    while waiting and search.expanded < search.patience:
        node = min(waiting, key=waiting.get)
        del waiting[node]
        looked.append(node)
        if rest[node] == 0.0:
            break
        nodes, steps = search.footholds(node, other[search.side(node)])
        meet(nodes, paid[node] + steps, node)
    path = [min(looked, key=rest.get)] if looked else [search.roots[0]]
    while came.get(path[-1]) is not None:
        path.append(came[path[-1]])
    return search.plan(list(reversed(path)))
