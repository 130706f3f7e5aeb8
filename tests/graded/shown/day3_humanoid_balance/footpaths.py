"""Ground to plan on, and what every plan must be, whoever made it."""

from itertools import pairwise

import numpy as np

from vla_course.course.checking.judging import expect
from vla_course.motion.footsteps.plan import FootstepPlan, GoalPose, Stance
from vla_course.motion.ground.obstacles import Block
from vla_course.motion.ground.terrain_map import TerrainMap

CELL = 0.02


def meadow(x=(-0.8, 2.4), y=(-1.2, 1.2)):
    """Level ground, m."""
    shape = [round((high - low) / CELL) + 1 for low, high in (x, y)]
    return TerrainMap(np.zeros(shape), CELL, (x[0], y[0]))


def wall_with_gap(rng):
    """A wall across the way, 1.2 m ahead, with a gap 0.9 m wide; and on which side of the middle it is."""
    side = float(rng.choice((-1.0, 1.0)))
    long, short = 1.6, 0.7
    return [
        Block(1.2, -side * (long / 2.0 - 0.35), 0.15, long),
        Block(1.2, side * (0.35 + 0.9 + short / 2.0), 0.15, short),
    ]


def planned(planner, start, goal, *next_side):
    """The student's plan, if it is one."""
    got = planner.plan_path(start, goal, *next_side)
    expect(
        isinstance(got, FootstepPlan),
        "plan_path should return what search.plan returns, a FootstepPlan",
        got=type(got).__name__,
        mistake="gives-no-answer" if got is None else None,
    )
    return got


def middle_of(stance: Stance) -> GoalPose:
    """The middle between the feet."""
    return GoalPose((stance.left.x + stance.right.x) / 2.0, (stance.left.y + stance.right.y) / 2.0)


def expect_steps(plan, start: Stance):
    """Expect feet that take turns, and steps that a leg can take: seen from the foot that bears the robot."""
    feet = {"left": start.left, "right": start.right}
    for number, (one, after) in enumerate(pairwise(plan.steps), start=2):
        expect(
            one.side != after.side,
            f"step {number} moves the {after.side} foot again: the feet should take turns",
            mistake="same-foot",
        )
    for number, step in enumerate(plan.steps, start=1):
        bearing = feet["right" if step.side == "left" else "left"]
        out = 1.0 if step.side == "left" else -1.0
        way = complex(step.x - bearing.x, step.y - bearing.y) * np.exp(-1j * bearing.yaw)
        turn = out * float(np.angle(np.exp(1j * (step.yaw - bearing.yaw))))
        reached = -0.201 < way.real < 0.351 and 0.159 < out * way.imag < 0.321 and -0.151 < turn < 0.401
        expect(reached, f"step {number} is out of the leg's reach", got=[way.real, out * way.imag, turn])
        feet[step.side] = step
    return feet


def expect_arrival(plan, start: Stance, goal: GoalPose):
    """Expect a plan to end at the goal, feet side by side, looking the right way."""
    if plan.steps and not plan.reached:
        last = plan.steps[-1]
        ends_at_start = min(
            abs(complex(last.x - foot.x, last.y - foot.y)) for foot in (start.left, start.right)
        )
        expect(ends_at_start > 1e-6, "the steps lead back to where the robot stands", mistake="backwards")
        away = abs(complex(plan.nearest.x - goal.x, plan.nearest.y - goal.y))
        turn = abs(np.angle(np.exp(1j * (plan.nearest.yaw - goal.yaw))))
        expect(
            away > 0.1 or turn < 0.15,
            f"the plan ends at the goal, but looks {turn:.2f} rad past it",
            mistake="forgets-the-turn",
        )
    if not plan.reached and plan.expanded >= 400:
        way, left = (abs(complex(goal.x - at.x, goal.y - at.y)) for at in (middle_of(start), plan.nearest))
        expect(
            left < 0.74 * way,
            f"after {plan.expanded} footholds the search has hardly come nearer to the goal",
            got=left,
            unit="m away",
            mistake="without-h",
        )
    expect(plan.reached, "the plan does not reach the goal", got=plan.reason or f"{len(plan.steps)} steps")
    feet = expect_steps(plan, start)
    for side, foot in feet.items():
        x, y, yaw = goal.foot(side)
        off = abs(complex(foot.x - x, foot.y - y)) + abs(np.angle(np.exp(1j * (foot.yaw - yaw))))
        expect(off < 1e-6, f"the {side} foot does not end beside the goal", got=off, expected=0.0)


def expect_clear(plan, obstacles, body=0.28):
    """Expect soles and body to keep off the obstacles, at every step."""
    for number, step in enumerate(plan.steps, start=1):
        out = 0.1 if step.side == "left" else -0.1
        middle = step.x + out * np.sin(step.yaw), step.y - out * np.cos(step.yaw)
        ahead, left = (
            part.ravel() for part in np.meshgrid(np.linspace(-0.114, 0.105, 9), np.linspace(-0.055, 0.055, 5))
        )
        sole = np.exp(1j * step.yaw) * (ahead + 1j * left) + complex(step.x, step.y)
        for obstacle in obstacles:
            kicked = float(obstacle.distance(sole.real, sole.imag).min())
            expect(kicked > 0.0, f"step {number} treads on an obstacle", got=kicked, unit="m")
            touched = float(obstacle.distance(*middle)) - body
            expect(touched > 0.0, f"at step {number} the body touches an obstacle", got=touched, unit="m")
