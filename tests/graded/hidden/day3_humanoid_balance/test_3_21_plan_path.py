"""3.21, hidden: the cheapest plan where it is asked for, never more than `weight` times as dear, and hopeless cases."""

from functools import cache

import numpy as np

from hidden.day3_humanoid_balance.searches import ask, whose
from shown.day3_humanoid_balance.footpaths import CELL, expect_steps, meadow, planned, wall_with_gap
from vla_course.course.checking.judging import expect, graded
from vla_course.motion.footsteps.plan import GoalPose, Stance
from vla_course.motion.footsteps.step_reach import cheapest_rates
from vla_course.motion.ground.obstacles import Pillar
from vla_course.motion.ground.terrain_map import TerrainMap
from vla_course.motion.planning.foothold_graph import FootholdGraph, PlannerConfig


@cache
def reference():
    """The reference's analysis, rating and legs, which the frame composes."""
    from vla_course.reference.day3_humanoid_balance.footing import rate_footing
    from vla_course.reference.day3_humanoid_balance.leg_ik import solve_leg
    from vla_course.reference.day3_humanoid_balance.terrain import analyze_terrain

    return analyze_terrain, rate_footing, solve_leg


def graph_of(terrain, obstacles, config):
    analyze, rate, legs = reference()
    return FootholdGraph(terrain, analyze(terrain), obstacles, config, rate, legs)


_TELLING = (
    (GoalPose(0.461, -0.128, 0.21), "left"),
    (GoalPose(0.391, -0.138, -0.92), "left"),
    (GoalPose(0.388, 0.238, 0.55), "left"),
    (GoalPose(0.459, 0.213, 0.62), "left"),
    (GoalPose(0.442, 0.185, 0.03), "right"),
)
"""Goals for which known mistakes, one or the other, give a plan that is not the cheapest"""


@graded(
    "3.21",
    points=3,
    says="with weight 1 the plan is the cheapest that there is, near the goal and with either foot first as well",
)
def test_cheapest(student, rng):
    config = PlannerConfig(weight=1.0, patience=4000)
    terrain = meadow(x=(-0.7, 1.2), y=(-0.8, 0.8))
    planner, graph = student.FootstepPlanner(terrain, (), config), graph_of(terrain, (), config)
    start = Stance.at(0.0, 0.0)
    for goal, first in _TELLING:
        best = ask(graph, start, goal, first)
        plan = planned(planner, start, goal, first)
        right = plan.reached and abs(plan.cost - best.cost) < 1e-6
        expect(
            right,
            "there is a cheaper plan",
            mistake=None if right else whose(graph, start, goal, first, plan),
        )
        expect_steps(plan, start)
    for side, first in ((0.1, "left"), (-0.1, "right")):  # sideways, the outer foot goes first
        plan, best = (
            planned(planner, start, GoalPose(0.0, side)),
            ask(graph, start, GoalPose(0.0, side), first),
        )
        right = plan.reached and abs(plan.cost - best.cost) < 1e-6
        one_root = plan.reached and plan.steps[0].side != first
        name = "one-root-only" if one_root else None
        expect(right, f"it is cheaper to begin with the {first} foot", mistake=name)
    for goal in (GoalPose(0.02, 0.0), GoalPose(0.0, 0.01, 0.02)):
        plan = planned(planner, start, goal)
        expect(plan.reached, "a goal a centimetre or two away is a goal as well: it is not reached")


@graded(
    "3.21",
    points=1,
    says="a greater weight makes the search quicker, and the plan at most that many times as dear",
)
def test_weights(student, rng):
    walls = wall_with_gap(rng)
    terrain = meadow(y=(-2.0, 2.0))
    config = PlannerConfig(weight=4.0, patience=400)
    planner, graph = student.FootstepPlanner(terrain, walls, config), graph_of(terrain, walls, config)
    start, goal = Stance.at(0.0, 0.0), GoalPose(2.0, 0.0, float(rng.uniform(-0.4, 0.4)))
    best = ask(graph, start, goal, "left")
    plan = planned(planner, start, goal, "left")
    right = plan.reached and plan.cost < 1.25 * best.cost
    expect(
        right,
        "dearer or slower than need be",
        mistake=None if right else whose(graph, start, goal, "left", plan),
    )


@graded(
    "3.21",
    points=1,
    says="of all the nodes expanded, the plan ends at the one of least h; turns count in it",
)
def test_least_h(student, rng):
    terrain, start = meadow(), Stance.at(0.0, 0.0)
    for patience in (9, 17, 30):
        config = PlannerConfig(weight=1.0, patience=patience)
        planner, graph = student.FootstepPlanner(terrain, (), config), graph_of(terrain, (), config)
        goal = GoalPose(1.5, 0.7, 1.2)
        least = bound_of(ask(graph, start, goal, None).nearest, goal)
        plan = planned(planner, start, goal)
        got = bound_of(plan.nearest, goal)
        expect(
            abs(got - least) < 0.02,
            "the plan should end at that node of least h which was expanded",
            got=got,
            expected=least,
        )
    config = PlannerConfig(weight=2.0, patience=60)
    planner = student.FootstepPlanner(terrain, (), config)
    goal = GoalPose(0.0, 0.0, float(rng.choice((-2.5, 2.5))))
    plan = planned(planner, start, goal)
    expect(plan.reached, "a turn on the spot takes long to find, or is not found at all", got=plan.expanded)


def bound_of(pose, goal):
    """The lower bound of the cost from a place to the goal, on open ground."""
    per_metre, per_radian = cheapest_rates()
    turn = np.angle(np.exp(1j * (pose.yaw - goal.yaw)))
    return float(np.hypot(per_metre * np.hypot(pose.x - goal.x, pose.y - goal.y), per_radian * turn))


@graded(
    "3.21", points=1, says="hopeless questions get an answer: the path to the nearest place, and the reason"
)
def test_hopeless(student, rng):
    start = Stance.at(0.0, 0.0)
    pillar = Pillar(1.5, float(rng.uniform(-0.2, 0.2)), 0.3)
    planner = student.FootstepPlanner(meadow(), (pillar,), PlannerConfig(patience=600))
    for goal in (GoalPose(pillar.x, pillar.y), GoalPose(9.0, 0.0)):
        plan = planned(planner, start, goal)
        expect(
            not plan.reached and bool(plan.reason), "this goal cannot be reached, and the plan should say why"
        )
        expect_arrival_at_nearest(plan, start)
    alone = np.full((90, 60), np.nan)
    alone[20:40, 18:43] = 0.0
    alone[54:] = 0.0
    planner = student.FootstepPlanner(TerrainMap(alone, CELL, (-0.6, -0.6)), (), PlannerConfig(patience=1000))
    plan = planned(planner, start, GoalPose(0.85, 0.0))
    expect(not plan.reached, "no step leads off this island")
    nothing = student.FootstepPlanner(TerrainMap(np.full((50, 50), np.nan), CELL, (-0.5, -0.5)))
    plan = planned(nothing, start, GoalPose(0.3, 0.0))
    expect(not plan.reached and not plan.steps, "where no ground is known the robot stays where it is")


def expect_arrival_at_nearest(plan, start):
    """The steps end at `nearest`, side by side."""
    feet = expect_steps(plan, start)
    for side, foot in feet.items():
        x, y, _ = plan.nearest.foot(side)
        off = float(np.hypot(foot.x - x, foot.y - y))
        expect(
            off < 1e-6,
            f"the {side} foot does not end beside the nearest place",
            got=off,
            expected=0.0,
            unit="m",
        )
