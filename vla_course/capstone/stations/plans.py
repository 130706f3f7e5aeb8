"""Plans: what would make the robot fall or hit something is refused, and what is safe is let through."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from vla_course.capstone.own.pieces import Pieces
from vla_course.capstone.stations.station import Notes
from vla_course.motion.footsteps.footstep import Footstep
from vla_course.motion.footsteps.plan import GoalPose, Stance
from vla_course.motion.ground.obstacles import Block
from vla_course.motion.ground.terrain_map import TerrainMap
from vla_course.motion.hands.plan import NoPlan
from vla_course.motion.pipeline.actions import STEP_TIME, LocomotionAction, ManipulationAction
from vla_course.motion.pipeline.parts import PipelineParts
from vla_course.motion.pipeline.pipeline import HumanoidVLAPipeline
from vla_course.motion.pipeline.plans import FootstepSequence
from vla_course.motion.pipeline.situation import KnownThing, RobotSituation, situation_of
from vla_course.motion.standing.loop import stand
from vla_course.simulation.robot.humanoid import Humanoid
from vla_course.simulation.scene.scene import THINGS, Scene
from vla_course.simulation.scene.terrain import Terrain
from vla_course.simulation.world.world import World

PLANS: Final = (1, 3)
"""of each kind of footsteps, quick and full"""
LOADS: Final = (1, 4)
"""things to be taken, quick and full"""
KINDS: Final = ("safe", "too far", "over an edge", "into a block", "too quick")
SCENES: Final = tuple(len(KINDS) * plans + loads for plans, loads in zip(PLANS, LOADS, strict=True))
HEAVY: Final = 2.0
"""kg, of a thing in the hand: enough that the body has to make room for it"""
DRAWS: Final = 20


def measure(pieces: Pieces, notes: Notes) -> None:
    """Have plans of footsteps judged, half of them dangerous, and plans of hands made with a load."""
    mine, judge = HumanoidVLAPipeline(pieces.parts(PipelineParts)), HumanoidVLAPipeline()
    through: list[bool] = []
    refused: list[bool] = []
    mended: list[bool] = []
    with World(notes.seed) as world:
        humanoid = Humanoid(world)
        stand(humanoid, None, 0.0)
        for number in range(notes.few(*PLANS)):
            for which, kind in enumerate(KINDS):
                situation, planned = _steps(notes.rng(6, number, which), kind, humanoid)
                verified, changes = mine.verify_balance_constraints(planned, situation)
                (through if kind == "safe" else refused).append(bool(changes) != (kind == "safe"))
                if isinstance(verified, FootstepSequence) and verified.steps:
                    mended.append(judge.footsteps_maintain_balance(verified, situation))
                notes.done()
    margins = []
    for number in range(notes.few(*LOADS)):
        margins.append(_margin(mine, judge, notes.rng(7, number)))
        notes.done()
    notes.number("through", float(np.mean(through)))
    notes.number("refused", float(np.mean(refused)))
    notes.number("mended", float(np.mean(mended)) if mended else 1.0)
    notes.number("loaded", float(np.mean(margins)))


def _steps(
    rng: np.random.Generator, kind: str, humanoid: Humanoid
) -> tuple[RobotSituation, FootstepSequence]:
    """Draw a piece of ground and a plan for it: safe, or dangerous in one way."""
    truth, blocks = Terrain.flat(), tuple[Block, ...]()
    if kind == "over an edge":
        truth = Terrain.kerb(float(rng.uniform(0.12, 0.18)), start=0.7)
    if kind == "into a block":
        blocks = (Block(float(rng.uniform(0.9, 1.2)), float(rng.uniform(-0.1, 0.1)), 0.2, 0.3),)
    terrain = TerrainMap.of(truth, (-0.8, 3.0), (-1.4, 1.4))
    situation = situation_of(humanoid, terrain, blocks)
    goal = GoalPose(
        float(rng.uniform(1.0, 1.5)), float(rng.uniform(-0.3, 0.3)), float(rng.uniform(-0.4, 0.4))
    )
    flat = replace(situation, terrain=TerrainMap.of(Terrain.flat(), (-0.8, 3.0), (-1.4, 1.4)), obstacles=())
    good = HumanoidVLAPipeline().plan_safe_footsteps(LocomotionAction(goal), flat)
    if kind == "safe":
        return situation, good
    steps = _ahead(good.start, float(rng.uniform(0.22, 0.28)), 6, truth)
    pace = STEP_TIME
    if kind == "too far":
        beyond, worst = float(rng.uniform(0.25, 0.40)), int(rng.integers(2, 4))
        steps = tuple(replace(step, x=step.x + beyond * (k >= worst)) for k, step in enumerate(steps))
    if kind == "too quick":
        steps, pace = _ahead(good.start, 0.30, 6, truth), float(rng.uniform(0.28, 0.34))
    return situation, FootstepSequence(good.start, steps, pace)


def _ahead(start: Stance, stride: float, count: int, truth: Terrain) -> tuple[Footstep, ...]:
    """Return steps straight ahead, at the height of the ground, without a look at what else is there."""
    steps = []
    for k in range(1, count + 1):
        foot = start.left if k % 2 else start.right
        x = foot.x + stride * k
        z = float(truth.height(np.array(x), np.array(foot.y)))
        steps.append(replace(foot, x=x, z=z, swing_height=0.05 + z))
    return tuple(steps)


def _margin(mine: HumanoidVLAPipeline, judge: HumanoidVLAPipeline, rng: np.random.Generator) -> float:
    """Plan to take something heavy where that can be done.

    Returns:
        m, from the centre of mass of robot and load to the edge of the soles, at the least; 0 where the plan is not in
        balance, or where there is none.
    """
    for _ in range(DRAWS):
        situation, action = _load(rng)
        if _margin_of(judge, judge, action, situation):
            return _margin_of(mine, judge, action, situation)
    raise RuntimeError(f"no thing that can be taken and put down, in {DRAWS} draws")


def _load(rng: np.random.Generator) -> tuple[RobotSituation, ManipulationAction]:
    """Draw a table, a heavy thing on it, and where to put that."""
    with World(0) as world:
        scene = Scene.build(world, Scene.sample(rng, person=False))
        ground = TerrainMap.of(Terrain.flat(), (-1.5, 1.5), (-1.5, 1.5))
        situation = situation_of(Humanoid(world), ground, (), scene)
    name = THINGS[int(rng.integers(len(THINGS)))]
    things = dict(situation.things) | {name: KnownThing(situation.thing(name).shape, HEAVY)}
    edge = scene.description.table.position[0] - 0.25
    place = (float(rng.uniform(edge + 0.06, edge + 0.18)), float(rng.uniform(-0.3, 0.3)))
    return replace(situation, things=things), ManipulationAction(name, None, place)


def _margin_of(
    who: HumanoidVLAPipeline,
    judge: HumanoidVLAPipeline,
    action: ManipulationAction,
    situation: RobotSituation,
) -> float:
    """Return the least margin of somebody's plan for an action; 0 where a judge finds something wrong with it."""
    try:
        planned = who.plan_balanced_manipulation(action, situation)
    except NoPlan:
        return 0.0
    if not judge.manipulation_maintains_balance(planned, situation):
        return 0.0
    return max(0.0, min(one.margin for one in planned.compensation))
