"""How fast are footsteps planned, is every step of every plan safe, and how true is the ground that the robot sees?

Beside the planner's search stands one that goes by the admissible bound alone: the cheapest plan, or none in time.

python benchmarks/planning.py [--quick] [--json] [--seed N]
"""

import time
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from planning_worlds import Question, faults, garden, rough_question
from report import Figure, arguments, report, wilson
from scipy.ndimage import maximum_filter

from vla_course.motion.footsteps.plan import FootstepPlan, GoalPose
from vla_course.motion.ground.terrain_map import TerrainMap
from vla_course.motion.ground.terrain_sight import TerrainSight, look_around
from vla_course.motion.planning.foothold_graph import PlannerConfig
from vla_course.motion.planning.step_search import FootstepSearch
from vla_course.reference.day3_humanoid_balance.footsteps import FootstepPlanner
from vla_course.reference.day3_humanoid_balance.terrain import analyze_terrain
from vla_course.simulation.robot.humanoid import Humanoid
from vla_course.simulation.scene.terrain import Terrain
from vla_course.simulation.world.engine import pybullet
from vla_course.simulation.world.world import World

HEAD_PITCH = (0.0, 0.5, 0.9)
"""rad: the robot looks ahead, before its feet, and at them"""


def main() -> None:
    options = arguments(__doc__ or "")
    figures = speed(options.seed, 20 if options.quick else 200)
    figures += bound_alone(options.seed, 4 if options.quick else 20)
    figures += safety(options.seed, 40 if options.quick else 1000)
    figures += sight(options.seed)
    report("planning", figures, options)


def speed(seed: int, count: int) -> list[Figure]:
    """Time plans of 25 to 35 steps round ten obstacles, each asked of a planner that has never searched before.

    The time is the thread's own: what other programs do meanwhile does not count.
    """
    warm = garden(seed, 10**6)
    FootstepPlanner(warm.terrain, warm.obstacles).plan_path(warm.start, warm.goal)
    took, built, again, steps, expanded, ratio = [], [], [], [], [], []
    episode = 0
    while len(took) < count and episode < 20 * count:
        question = garden(seed, episode)
        episode += 1
        begin = time.thread_time()
        planner = FootstepPlanner(question.terrain, question.obstacles)
        middle = time.thread_time()
        plan = planner.plan_path(question.start, question.goal)
        end = time.thread_time()
        if not (plan.reached and 25 <= len(plan.steps) <= 35):
            continue
        planner.plan_path(question.start, question.goal)
        again.append(1e3 * (time.thread_time() - end))
        built.append(1e3 * (middle - begin))
        took.append(1e3 * (end - middle))
        steps.append(len(plan.steps))
        expanded.append(plan.expanded)
        search = FootstepSearch(planner.graph, question.start, question.goal, None)
        way, turn = search.distance(search.roots), search.turn(search.roots)
        bound = np.hypot(search.cost_per_metre * way, search.cost_per_radian * turn).min()
        ratio.append(plan.cost / float(bound))
    n = len(took)
    return [
        Figure(
            "30-footstep plan round obstacles, median",
            median(took),
            "ms",
            "<= 125",
            "<= 50",
            between(took),
            n,
        ),
        Figure("  95 of 100 such plans take less than", float(np.percentile(took, 95)), "ms", n=n),
        Figure("  the same question again, on the same ground", median(again), "ms", n=n),
        Figure("  before the first plan, once a map of 8 x 6 m", median(built), "ms", n=n),
        Figure("  footsteps of these plans, median", median(steps), "", n=n),
        Figure("  footholds expanded, median", median(expanded), "", n=n),
        Figure("  cost, of a bound that no plan is cheaper than, median", median(ratio), "x", n=n),
    ]


def bound_alone(seed: int, count: int) -> list[Figure]:
    """Ask a search of weight 1, which goes by the bound alone, for the goals of `speed`, and for near ones."""
    rng = np.random.default_rng((seed, 1))
    far = [garden(seed, episode) for episode in range(count)]
    near = [
        replace(question, goal=GoalPose(*rng.uniform((0.5, -0.2, -0.3), (0.7, 0.2, 0.3)).tolist()))
        for question in far
    ]
    thorough = [_plan(question, 1.0) for question in far]
    came = [float(np.hypot(plan.nearest.x, plan.nearest.y)) for plan in thorough]
    reached = sum(plan.reached for plan in thorough)
    pairs = [(_plan(question, PlannerConfig().weight), _plan(question, 1.0)) for question in near]
    both = [(ours, cheapest) for ours, cheapest in pairs if ours.reached and cheapest.reached]
    patience = PlannerConfig().patience
    return [
        Figure(f"by the bound alone, goals 6 m away reached, of {patience} footholds", reached, "", n=count),
        Figure("  how far it came with them, median", median(came), "m", n=count),
        Figure("  goals 0.6 m away reached", sum(cheapest.reached for _, cheapest in pairs), "", n=count),
        Figure("    footholds expanded, median", median([c.expanded for _, c in both]), "", n=len(both)),
        Figure(
            "    by the planner's own search, median", median([o.expanded for o, _ in both]), "", n=len(both)
        ),
        Figure(
            "    the planner's cost, of the cheapest, median",
            median([o.cost / c.cost for o, c in both]),
            "x",
            n=len(both),
        ),
    ]


def _plan(question: Question, weight: float) -> FootstepPlan:
    planner = FootstepPlanner(question.terrain, question.obstacles, PlannerConfig(weight=weight))
    return planner.plan_path(question.start, question.goal)


def safety(seed: int, count: int) -> list[Figure]:
    """Look at every step of random plans on level and on rough ground, knowing the truth about ground and obstacles."""
    steps, bad, reached, told, plans_good = 0, 0, 0, 0, 0
    for episode in range(count):
        question = garden(seed + 1, episode) if episode % 2 else rough_question(seed + 1, episode)
        plan = FootstepPlanner(question.terrain, question.obstacles).plan_path(question.start, question.goal)
        found = faults(question, plan)
        steps, bad = steps + len(plan.steps), bad + len(found)
        plans_good += not found
        reached += plan.reached
        told += not plan.reached and bool(plan.reason)
    good = 100.0 * plans_good / count
    low, high = wilson(plans_good, count)
    percent = (100.0 * low, 100.0 * high)
    return [
        Figure(
            "random plans with every step safe and reachable",
            good,
            "%",
            ">= 100",
            "",
            percent,
            count,
        ),
        Figure("  unsafe or unreachable steps", float(bad), "", "<= 0", n=steps),
        Figure("  plans that reach the goal", 100.0 * reached / count, "%", n=count),
        Figure("  plans that do not, and say why", float(told), "", n=count - reached),
    ]


def sight(seed: int) -> list[Figure]:
    """Compare the ground seen by the robot's own cameras with the true terrain, up to 2 m ahead."""
    rng = np.random.default_rng(seed)
    terrains = (
        Terrain.flat(),
        Terrain.bumps(0.02, 0.1, rng),
        Terrain.slope(0.14),
        Terrain.stairs(0.05, 0.3),
        Terrain.kerb(0.10),
    )
    figures = []
    for terrain in terrains:
        with World(seed) as world:
            humanoid = Humanoid(world)
            terrain.build(world)
            seen = TerrainSight((-0.3, 3.0), (-1.2, 1.2))
            for pitch in HEAD_PITCH:
                joint = humanoid.link_index("head")
                pybullet.resetJointState(humanoid.body, joint, pitch, physicsClientId=world.client)
                look_around(humanoid, seen)
            map_ = seen.terrain()
        x = map_.origin[0] + map_.cell * np.arange(map_.shape[0])[:, None]
        y = map_.origin[1] + map_.cell * np.arange(map_.shape[1])[None, :]
        near = (x > 0.35) & (x < 2.0) & (np.abs(y) < 0.6)
        around = [terrain.height(x + dx, y + dy) for dx in (-0.02, 0.0, 0.02) for dy in (-0.02, 0.0, 0.02)]
        even = near & (np.max(around, axis=0) - np.min(around, axis=0) < 0.012)
        error = 1e3 * np.abs(map_.heights - terrain.height(x, y))
        known = error[even & map_.known]
        name = terrain.name
        figures += [
            Figure(f"height of {name} seen, median error", median(known), "mm", n=len(known)),
            Figure("  95 of 100 cells are better than", float(np.percentile(known, 95)), "mm", n=len(known)),
            *shapes(terrain, map_, near),
            Figure(
                "  share of the cells seen", 100.0 * float(map_.known[near].mean()), "%", n=int(near.sum())
            ),
        ]
    return figures


def shapes(terrain: Terrain, seen: TerrainMap, near: np.ndarray) -> list[Figure]:
    """Compare what the analysis makes of the ground seen with what it makes of the true ground."""
    (x, y), (columns, rows), cell = seen.origin, seen.shape, seen.cell
    truth = TerrainMap.of(terrain, (x, x + (columns - 1) * cell), (y, y + (rows - 1) * cell), cell=cell)
    ours, true = analyze_terrain(seen), analyze_terrain(truth)
    if not true.edges[near].any():
        off = np.degrees(np.abs(ours.slopes - true.slopes))[near]
        off = off[np.isfinite(off)]
        worst = float(np.percentile(off, 95))
        marked = int(ours.edges[near].sum())
        return [
            Figure("  95 of 100 slopes are better than", worst, "degrees", n=len(off)),
            Figure("  edges seen where none are", float(marked), "cells", n=int(near.sum())),
        ]
    beside = maximum_filter(ours.edges, 3)[near & true.edges]
    false = (ours.edges & ~maximum_filter(true.edges, 3))[near]
    return [
        Figure("  edges found, to a cell", 100.0 * float(beside.mean()), "%", n=len(beside)),
        Figure("  edges seen where none are", float(false.sum()), "cells", n=int(near.sum())),
    ]


def median(values: Sequence[float] | np.ndarray) -> float:
    return float(np.median(values))


def between(values: list[float]) -> tuple[float, float]:
    """Return the 95 % interval of the median, by order statistics."""
    ordered, n = np.sort(values), len(values)
    spread = 0.98 * np.sqrt(n)
    low, high = int(np.floor(n / 2 - spread)), int(np.ceil(n / 2 + spread))
    return float(ordered[max(low, 0)]), float(ordered[min(high, n - 1)])


if __name__ == "__main__":
    main()
