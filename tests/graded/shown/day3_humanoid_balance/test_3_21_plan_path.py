"""3.21: the robot finds its way: cheap enough, soon enough, and as near as it can where there is none."""

import numpy as np

from shown.day3_humanoid_balance.footpaths import (
    expect_arrival,
    expect_clear,
    expect_steps,
    meadow,
    planned,
    wall_with_gap,
)
from vla_course.course.checking.judging import expect, graded
from vla_course.motion.footsteps.footstep import Footstep
from vla_course.motion.footsteps.plan import GoalPose, Stance
from vla_course.motion.planning.foothold_graph import PlannerConfig


@graded(
    "3.21",
    points=3,
    says="on open ground the feet take turns and end side by side at the goal, facing as asked",
)
def test_open_ground(student, rng):
    planner = student.FootstepPlanner(meadow(), (), PlannerConfig(patience=600))
    for turn in (-1.0, 1.0):
        start = Stance.at(0.0, 0.0, float(rng.uniform(-0.3, 0.3)))
        goal = GoalPose(*rng.uniform((1.6, -0.6), (1.9, 0.6)).tolist(), turn * float(rng.uniform(0.6, 1.5)))
        plan = planned(planner, start, goal)
        expect_steps(plan, start)
        expect_arrival(plan, start, goal)


@graded(
    "3.21",
    points=3,
    says="the path leads round a wall through its gap, found within the patience of the search",
)
def test_wall(student, rng):
    walls = wall_with_gap(rng)
    config = PlannerConfig(patience=400)
    planner = student.FootstepPlanner(meadow(y=(-2.0, 2.0)), walls, config)
    start, goal = Stance.at(0.0, 0.0), GoalPose(2.0, 0.0, float(rng.uniform(-0.4, 0.4)))
    plan = planned(planner, start, goal)
    expect(
        plan.expanded <= config.patience,
        f"the search has expanded {plan.expanded} footholds",
        got=plan.expanded,
        expected=config.patience,
        mistake="patience-ignored",
    )
    expect_steps(plan, start)
    expect(
        plan.reached or plan.expanded < config.patience,
        f"the search has used up its patience of {config.patience} footholds, and has not found the gap",
        got=plan.expanded,
    )
    expect_arrival(plan, start, goal)
    expect_clear(plan, walls)


@graded(
    "3.21", points=3, says="when the patience ends, the plan leads as near to the goal as the search came"
)
def test_patience(student, rng):
    config = PlannerConfig(patience=int(rng.integers(4, 7)))
    planner = student.FootstepPlanner(meadow(x=(-0.8, 3.2)), (), config)
    start, goal = Stance.at(0.0, 0.0), GoalPose(2.8, float(rng.uniform(-0.5, 0.5)), 0.0)
    plan = planned(planner, start, goal)
    expect(
        not plan.reached, "nobody finds a way of 2.8 m within so few footholds", mistake="patience-ignored"
    )
    expect(
        plan.expanded == config.patience,
        "the search should expand as many footholds as its patience allows, and no more",
        got=plan.expanded,
        expected=config.patience,
        mistake="patience-ignored" if plan.expanded > config.patience else None,
    )
    expect(
        len(plan.steps) > 0,
        "the plan is to stay; it should lead nearer to the goal",
        mistake="stays-where-it-is",
    )
    expect_steps(plan, start)
    nearer = 2.8 - np.hypot(goal.x - plan.nearest.x, goal.y - plan.nearest.y)
    expect(nearer > 0.3, "the plan should lead nearer to the goal", got=nearer, unit="m nearer")


@graded(
    "3.21",
    points=1,
    says="it can be asked in the middle of a walk, and which foot moves first is for the asker to say",
)
def test_on_the_way(student, rng):
    planner = student.FootstepPlanner(meadow(), (), PlannerConfig(patience=600))
    goal = GoalPose(1.5, 0.0, 0.0)
    start = Stance(
        Footstep("left", *rng.uniform((0.1, 0.08), (0.2, 0.14)).tolist(), yaw=0.13),
        Footstep("right", *rng.uniform((-0.1, -0.14), (0.0, -0.08)).tolist(), yaw=-0.02),
    )
    for first in ("left", "right"):
        plan = planned(planner, start, goal, first)
        expect_arrival(plan, start, goal)
        expect(
            plan.steps[0].side == first,
            f"the {first} foot should move first",
            got=plan.steps[0].side,
            expected=first,
        )
