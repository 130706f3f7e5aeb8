"""The planner's frame: dataclasses that refuse nonsense, bounds that never promise too much, plans that are safe."""

import sys
from pathlib import Path

import numpy as np
import pytest

from vla_course.motion.footsteps.footstep import Footstep
from vla_course.motion.footsteps.plan import GoalPose, Stance
from vla_course.motion.footsteps.step_reach import (
    AHEAD,
    OUTWARD,
    TURN,
    cheapest_rates,
    effort,
    leg_limits,
    leg_reach,
    reaches,
    step_between,
)
from vla_course.motion.ground.obstacles import Block, Pillar, clearance
from vla_course.motion.ground.terrain_map import TerrainMap
from vla_course.motion.planning.foothold_graph import FootholdGraph, PlannerConfig
from vla_course.motion.planning.step_search import FootstepSearch
from vla_course.reference.day3_humanoid_balance.footing import rate_footing
from vla_course.reference.day3_humanoid_balance.footsteps import FootstepPlanner
from vla_course.reference.day3_humanoid_balance.leg_ik import solve_leg
from vla_course.reference.day3_humanoid_balance.terrain import analyze_terrain
from vla_course.simulation.robot.description import HumanoidDescription
from vla_course.simulation.scene.terrain import Terrain

sys.path.append(str(Path(__file__).resolve().parents[2] / "benchmarks"))

from planning_worlds import faults, garden, rough_question


def graph_of(terrain: TerrainMap, obstacles=(), **config) -> FootholdGraph:
    analysis = analyze_terrain(terrain)
    return FootholdGraph(terrain, analysis, obstacles, PlannerConfig(**config), rate_footing, solve_leg)


@pytest.mark.parametrize("make", [garden, rough_question])
def test_every_step_of_random_plans_is_safe_and_reachable(make):
    for episode in range(6):
        question = make(99, episode)
        plan = FootstepPlanner(question.terrain, question.obstacles).plan_path(question.start, question.goal)
        assert faults(question, plan) == []
        assert plan.reached or plan.reason


def test_the_lower_bound_is_below_what_plans_cost():
    """From every foothold of a plan that is the cheapest, the rest of it costs at least the bound."""
    terrain = TerrainMap.of(Terrain.flat(), (-0.8, 1.4), (-1.0, 1.0))
    wall = Block(0.5, 0.5, 0.1, 0.5)
    graph = graph_of(terrain, (wall,), weight=1.0, patience=6000)
    planner = FootstepPlanner(terrain, (wall,), PlannerConfig(weight=1.0, patience=6000))
    for x, y, yaw in ((0.5, -0.15, 0.4), (0.3, -0.2, -0.3)):
        start, goal = Stance.at(0.0, -0.1), GoalPose(x, y, yaw)
        plan = planner.plan_path(start, goal, "left")
        assert plan.reached
        rest, feet = plan.cost, {"left": start.left, "right": start.right}
        closing = plan.steps[-1]
        for step in plan.steps[:-1]:
            now = Stance(feet["left"], feet["right"])
            search = FootstepSearch(graph, now, goal, step.side)
            bound = np.hypot(
                search.cost_per_metre * search.distance(search.roots),
                search.cost_per_radian * search.turn(search.roots),
            )
            assert bound[0] <= rest + 1e-9
            bearing = feet["right" if step.side == "left" else "left"]
            relative = step_between(
                (bearing.x, bearing.y, bearing.yaw), (step.x, step.y, step.yaw), step.side == "left"
            )
            rest -= float(effort(*relative))
            feet[step.side] = step
        assert closing.side != plan.steps[-2].side


def test_no_step_is_cheaper_than_the_rates_say():
    rng = np.random.default_rng(0)
    per_metre, per_radian = cheapest_rates()
    ahead, outward, turn = (rng.uniform(*span, 20000) for span in (AHEAD, OUTWARD, TURN))
    way = np.hypot(ahead + 0.1 * np.sin(turn), outward - 0.1 * np.cos(turn) - 0.1)
    assert (effort(ahead, outward, turn) >= np.hypot(per_metre * way, per_radian * turn)).all()


def test_the_table_of_the_legs_says_what_the_legs_can():
    rng = np.random.default_rng(1)
    body = HumanoidDescription(leg_length=0.76)
    table, limits = leg_reach(solve_leg, body), leg_limits(body)
    assert (table.high[~np.isnan(table.high)] < 0.1).any() or np.isnan(table.high).any()
    for _ in range(150):
        step = tuple(float(rng.uniform(*span)) for span in (AHEAD, OUTWARD, TURN))
        low, high = (float(value) for value in table.rises(*step))
        if low <= high:
            rise = float(rng.uniform(low, high))
            assert reaches(solve_leg, body, limits, *step, rise)


def test_distances_to_obstacles():
    rng = np.random.default_rng(2)
    block, pillar = Block(0.3, -0.2, 0.6, 0.2, 0.7), Pillar(-0.4, 0.1, 0.25)
    ring = np.exp(1j * np.linspace(0.0, 2.0 * np.pi, 4001))
    edge = np.linspace(-1.0, 1.0, 1001)
    sides = np.concatenate(
        [0.3 * edge + 0.1j, 0.3 * edge - 0.1j, 0.3 + 0.1j * edge, -0.3 + 0.1j * edge]
    ) * np.exp(0.7j) + complex(0.3, -0.2)
    for point in rng.uniform(-1.0, 1.0, (50, 2)):
        z = complex(*point)
        to_ring = np.abs(z - complex(-0.4, 0.1) - 0.25 * ring).min()
        assert abs(abs(float(pillar.distance(*point))) - to_ring) < 1e-5
        assert abs(abs(float(block.distance(*point))) - np.abs(z - sides).min()) < 1e-3
        both = float(clearance((block, pillar), *point))
        assert both == min(float(block.distance(*point)), float(pillar.distance(*point)))


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: GoalPose(np.nan, 0.0), "GoalPose.x is nan"),
        (lambda: Stance(Footstep("right", 0, 0), Footstep("right", 0, 0)), "Stance.left"),
        (lambda: Pillar(0.0, 0.0, -1.0), "Pillar.radius is -1.0"),
        (lambda: Block(0.0, np.inf, 1.0, 1.0), "Block.y is inf"),
        (lambda: PlannerConfig(weight=0.5), "PlannerConfig.weight is 0.5"),
        (lambda: TerrainMap(np.zeros(3), 0.02, (0.0, 0.0)), "TerrainMap.heights"),
        (lambda: TerrainMap(np.zeros((3, 3)), 5.0, (0.0, 0.0)), "TerrainMap.cell is 5.0"),
    ],
)
def test_ill_formed_questions_are_refused(make, said):
    with pytest.raises(ValueError, match=said):
        make()


def test_an_empty_map_is_a_legal_question():
    for heights in (np.zeros((0, 0)), np.full((30, 30), np.nan)):
        plan = FootstepPlanner(TerrainMap(heights, 0.02, (0.0, 0.0))).plan_path(
            Stance.at(0.3, 0.3), GoalPose(0.5, 0.3)
        )
        assert not plan.reached
        assert plan.steps == ()
        assert "not known" in plan.reason
        assert (plan.nearest.x, plan.nearest.y) == pytest.approx((0.3, 0.3))


def test_a_kerb_is_stepped_over_and_the_foot_is_lifted_for_it():
    terrain = TerrainMap.of(Terrain.kerb(0.08), (-0.8, 2.5), (-1.0, 1.0))
    plan = FootstepPlanner(terrain).plan_path(Stance.at(0.0, 0.0), GoalPose(1.2, 0.0))
    assert plan.reached
    assert plan.steps[-1].z == pytest.approx(0.08)
    climbing = next(step for step in plan.steps if step.z > 0.04)
    assert climbing.z + climbing.swing_height >= 0.08 + 0.05 - 1e-9


def test_a_plan_far_from_the_origin_is_the_same_plan():
    near = garden(5, 0)
    plan = FootstepPlanner(near.terrain, near.obstacles).plan_path(near.start, near.goal)
    moved = TerrainMap(
        near.terrain.heights, near.terrain.cell, (near.terrain.origin[0] + 64.0, near.terrain.origin[1])
    )
    obstacles = [
        type(one)(one.x + 64.0, *(getattr(one, name) for name in one.__slots__[1:])) for one in near.obstacles
    ]
    goal = GoalPose(near.goal.x + 64.0, near.goal.y, near.goal.yaw)
    far = FootstepPlanner(moved, obstacles).plan_path(Stance.at(64.0, 0.0), goal)
    assert far.reached == plan.reached
    assert far.cost == pytest.approx(plan.cost, rel=0.05)
