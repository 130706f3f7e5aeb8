"""A* by another hand, and the same with each known mistake: whose plan is it?"""

from queue import PriorityQueue

import numpy as np

from vla_course.motion.planning.step_search import FootstepSearch

SLIPS = (
    "bound-adds-up",
    "estimate-unbounded",
    "weight-ignored",
    "greedy",
    "without-h",
    "stops-at-first-sight",
    "never-opens-again",
)


def ask(graph, start, goal, first, slip=""):
    """The plan for this question, or the one that a mistake gives."""
    search = FootstepSearch(graph, start, goal, first)

    def rest(nodes):
        way, turn = (
            search.cost_per_metre * search.distance(nodes),
            search.cost_per_radian * search.turn(nodes),
        )
        least = way + turn if slip == "bound-adds-up" else np.sqrt(way**2 + turn**2)
        if slip == "estimate-unbounded":
            return np.where(least < np.inf, search.estimate(nodes), np.inf)
        return np.minimum(
            search.estimate(nodes), least * (1.0 if slip == "weight-ignored" else search.weight)
        )

    def rank(paid, left):
        return left if slip == "greedy" else paid if slip == "without-h" else paid + left

    queue = PriorityQueue()
    known = {}
    for root, left in zip(search.roots, rest(search.roots), strict=True):
        known[root] = (0.0, None)
        queue.put((rank(0.0, left), 0.0, left, root))
    nearest, goes_to = np.inf, search.roots[0]
    while not queue.empty():
        if search.expanded >= search.patience:
            break
        _, paid, left, node = queue.get()
        if paid > known[node][0]:
            continue
        if left < nearest:
            nearest, goes_to = left, node
        if left == 0.0:
            break
        places, prices = search.footholds(node, {"left": "right", "right": "left"}[search.side(node)])
        lefts = rest(places)
        for place, price, left in zip(places.tolist(), prices.tolist(), lefts.tolist(), strict=True):
            old = known.get(place, (np.inf, None))[0]
            if left == np.inf or (slip == "never-opens-again" and place in known) or paid + price >= old:
                continue
            known[place] = (paid + price, node)
            queue.put((rank(paid + price, left), paid + price, left, place))
            if slip == "stops-at-first-sight" and left == 0.0:
                nearest, goes_to, queue = 0.0, place, PriorityQueue()
                break
    way = [goes_to]
    while known[way[0]][1] is not None:
        way.insert(0, known[way[0]][1])
    return search.plan(way)


def whose(graph, start, goal, first, plan):
    """The name of the mistake that gives this plan, None where none does."""

    def fingerprint(one):
        return round(one.cost, 6), one.expanded, len(one.steps), one.reached

    return next(
        (slip for slip in SLIPS if fingerprint(ask(graph, start, goal, first, slip)) == fingerprint(plan)),
        None,
    )
