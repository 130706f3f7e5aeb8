"""Walking: to places behind obstacles, by a plan of its own, and on when somebody bumps into it."""

from __future__ import annotations

from typing import Final

import numpy as np

from vla_course.capstone.own.pieces import PLANNER, Pieces
from vla_course.capstone.stations.station import Notes
from vla_course.motion.footsteps.plan import FootstepPlan, GoalPose, Stance, middle_of
from vla_course.motion.ground.obstacles import Obstacle, Pillar
from vla_course.motion.ground.terrain_map import TerrainMap
from vla_course.motion.standing.record import MotionRecord
from vla_course.motion.walking.parts import WalkingParts
from vla_course.motion.walking.step_sources import PlannedSteps
from vla_course.panels.drawing.scenery import build_obstacles
from vla_course.panels.walking.stroll import walk
from vla_course.panels.walking.trial import WalkTrial, simulate_walk
from vla_course.simulation.scene.terrain import Terrain
from vla_course.simulation.world.world import World

GOALS: Final = (1, 3)
BUMPS: Final = (2, 8)
"""quick and full"""
SCENES: Final = tuple(goals + bumps for goals, bumps in zip(GOALS, BUMPS, strict=True))
BUMP: Final = (0.20, 0.36)
"""N s/kg, of a bump in mid-walk"""
NEAR: Final = 0.10
"""m, beside the place at which a walk may end"""
FACING: Final = 0.26
"""rad, from the heading that was asked for"""
LONGEST: Final = 30.0
"""s"""
AREA_X, AREA_Y = (-0.6, 2.4), (-1.2, 1.2)
"""m, of the map"""


def measure(pieces: Pieces, notes: Notes) -> None:
    """Walk to some places, and be bumped into on the way somewhere else."""
    planned, arrived = [], []
    for number in range(notes.few(*GOALS)):
        goal, obstacles = drawn_goal(notes.rng(2, number))
        terrain = TerrainMap.of(Terrain.flat(), AREA_X, AREA_Y)
        plan = pieces.piece(PLANNER)(terrain, obstacles).plan_path(Stance.at(0.0, 0.0), goal)
        if not isinstance(plan, FootstepPlan):
            raise TypeError(f"plan_path gave {type(plan).__name__}, expected a FootstepPlan")
        planned.append(plan.reached)
        record = walked(plan, obstacles, pieces)
        arrived.append(record is not None and is_there(record, plan, goal))
        notes.done()
    notes.number("planned", float(np.mean(planned)))
    notes.number("arrived", float(np.mean(arrived)))
    stood = []
    for number in range(notes.few(*BUMPS)):
        rng = notes.rng(3, number)
        trial = WalkTrial(float(rng.uniform(0.0, 360.0)), float(rng.uniform(*BUMP)), float(rng.uniform()))
        stood.append(not simulate_walk(trial, lambda: pieces.parts(WalkingParts)).fell)
        notes.done()
    notes.number("bumped", float(np.mean(stood)))


def drawn_goal(rng: np.random.Generator) -> tuple[GoalPose, tuple[Obstacle, ...]]:
    """Draw a place to go to, and a pillar that stands in the straight way there."""
    far, bearing, yaw = (
        float(rng.uniform(1.3, 1.7)),
        float(rng.uniform(-0.4, 0.4)),
        float(rng.uniform(-0.8, 0.8)),
    )
    x, y = far * float(np.cos(bearing)), far * float(np.sin(bearing))
    return GoalPose(x, y, yaw), (Pillar(0.55 * x, 0.55 * y, float(rng.uniform(0.06, 0.10))),)


def walked(plan: FootstepPlan, obstacles: tuple[Obstacle, ...], pieces: Pieces) -> MotionRecord | None:
    """Walk a plan among obstacles; None where it has no step."""

    def build(world: World) -> list[int]:
        return build_obstacles(world, obstacles)

    if not plan.steps:
        return None
    source = PlannedSteps(plan.steps)
    return walk(source, LONGEST, pieces.parts(WalkingParts), build=build, until_done=True)


def is_there(record: MotionRecord, plan: FootstepPlan, goal: GoalPose) -> bool:
    """Tell whether a walk ended on its feet, at the goal, by the soles that stand there."""
    x, y = record.support_polygons[-1].mean(axis=0).tolist()
    turn = middle_of(_end(plan)).yaw - goal.yaw
    facing = abs(float(np.arctan2(np.sin(turn), np.cos(turn)))) <= FACING
    return not record.fell and float(np.hypot(x - goal.x, y - goal.y)) <= NEAR and facing


def _end(plan: FootstepPlan) -> Stance:
    """Return where a plan's last two steps leave the feet."""
    soles = {step.side: step for step in plan.steps}
    start = Stance.at(0.0, 0.0)
    return Stance(soles.get("left", start.left), soles.get("right", start.right))
