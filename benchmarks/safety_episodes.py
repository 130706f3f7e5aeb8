"""Two hundred plans by number, half of them meant to be dangerous; each carried out as it is, and as verified."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np

from vla_course.motion.footsteps.footstep import Footstep
from vla_course.motion.footsteps.plan import GoalPose, Stance
from vla_course.motion.ground.obstacles import Block, Obstacle
from vla_course.motion.ground.terrain_map import TerrainMap
from vla_course.motion.hands.plan import ManipulationPlan, NoPlan
from vla_course.motion.hands.standing_manipulator import StandingManipulator
from vla_course.motion.pipeline.actions import STEP_TIME, LocomotionAction, ManipulationAction
from vla_course.motion.pipeline.perform import Setting, perform
from vla_course.motion.pipeline.pipeline import HumanoidVLAPipeline
from vla_course.motion.pipeline.plans import (
    BalanceControl,
    FootstepSequence,
    ManipulationSequence,
    Planned,
)
from vla_course.motion.pipeline.rehearsal import Rehearsal
from vla_course.motion.pipeline.situation import RobotSituation, situation_of
from vla_course.motion.standing.loop import Push, stand
from vla_course.simulation.robot.humanoid import Humanoid
from vla_course.simulation.scene.scene import THINGS, Scene
from vla_course.simulation.scene.terrain import Terrain
from vla_course.simulation.world.engine import pybullet
from vla_course.simulation.world.world import World

Kind = Literal[
    "walk",
    "too far",
    "over an edge",
    "too high a step",
    "into an obstacle",
    "too quick",
    "pick and place",
    "too heavy",
    "through the table",
    "out of balance",
    "stand",
    "stand while falling",
]
SAFE: tuple[Kind, ...] = ("walk", "pick and place", "stand")
"""the kinds that are meant to be harmless"""


@dataclass(frozen=True)
class Episode:
    """One plan."""

    seed: int
    kind: Kind


@dataclass(frozen=True)
class Outcome:
    """What came of it: the harm of the plan as it was, and of what was done instead; empty for none."""

    kind: Kind
    bare: str
    by_formulas: str
    verified: str
    replaced_by_formulas: bool
    replaced: bool
    did: str
    """what was done, verified"""
    reason: str


@dataclass(frozen=True)
class Case:
    """A moment, built again as often as wanted, and a plan for it."""

    build: Callable[[], Setting]
    prepare: Callable[[Setting], object]
    """brings a fresh setting to the moment"""
    terrain: TerrainMap
    obstacles: tuple[Obstacle, ...] = ()
    planned: Callable[[RobotSituation, Setting], Planned] = field(
        default=lambda *_: BalanceControl("stand", 2.0)
    )


def run(episode: Episode) -> Outcome:
    """Carry out one plan three times: as it is, as formulas alone let it pass, and as verified with a rehearsal."""
    case = _case(episode)
    setting = _moment(case)
    with setting.world:
        situation = situation_of(setting.humanoid, case.terrain, case.obstacles, setting.scene)
        planned = case.planned(situation, setting)
        by_formulas, formulas_changes = HumanoidVLAPipeline().verify_balance_constraints(planned, situation)
        pipeline = HumanoidVLAPipeline(rehearsal=Rehearsal(setting, case.build))
        verified, changes = pipeline.verify_balance_constraints(planned, situation)
        bare = _harm(case, planned)
        after = bare if verified is planned else _harm(case, verified)
        if by_formulas is planned:
            alone = bare
        else:
            alone = after if _same(by_formulas, verified) else _harm(case, by_formulas)
        return Outcome(
            episode.kind,
            bare,
            alone,
            after,
            bool(formulas_changes),
            bool(changes),
            "as planned" if verified is planned else _name(verified),
            changes[-1].reason if changes else "",
        )


def _same(one: Planned, other: Planned) -> bool:
    """Tell whether two plans are alike to the last number: then physics makes the same of both."""
    if not isinstance(one, ManipulationSequence) or not isinstance(other, ManipulationSequence):
        return one == other
    alike = zip(one.plan.stages, other.plan.stages, strict=False)
    return len(one.plan.stages) == len(other.plan.stages) and all(
        np.array_equal(a.joints, b.joints) and a.stance == b.stance for a, b in alike
    )


def _harm(case: Case, planned: Planned) -> str:
    setting = _moment(case)
    with setting.world:
        return perform(planned, setting).harm


def _moment(case: Case) -> Setting:
    setting = case.build()
    case.prepare(setting)
    return setting


def _name(planned: Planned) -> str:
    match planned:
        case FootstepSequence():
            return f"{len(planned.steps)} steps"
        case ManipulationSequence():
            return f"{planned.plan.side} hand"
        case BalanceControl():
            return planned.skill


def _case(episode: Episode) -> Case:
    rng = np.random.default_rng((7, episode.seed))
    kind = episode.kind
    if kind in ("stand", "stand while falling"):
        return _balance(rng, kind == "stand")
    if kind in ("pick and place", "too heavy", "through the table", "out of balance"):
        return _hands(rng, kind)
    return _feet(rng, kind)


# ---- feet ----------------------------------------------------------------------------------------


def _feet(rng: np.random.Generator, kind: Kind) -> Case:
    """Steps over level ground, a kerb, or past blocks as high as a hip."""
    truth = Terrain.flat()
    blocks: tuple[Block, ...] = ()
    if kind == "over an edge":
        truth = Terrain.kerb(float(rng.uniform(0.06, 0.10)), start=0.7)
    elif kind == "too high a step":
        truth = Terrain.kerb(float(rng.uniform(0.12, 0.18)), start=0.7)
    elif kind == "into an obstacle":
        blocks = (Block(float(rng.uniform(0.9, 1.2)), float(rng.uniform(-0.1, 0.1)), 0.2, 0.3),)
    elif kind == "walk" and rng.random() < 0.5:
        blocks = (Block(float(rng.uniform(1.2, 1.6)), float(rng.choice((-0.6, 0.6))), 0.3, 0.3),)
    terrain = TerrainMap.of(truth, (-0.8, 3.0), (-1.4, 1.4))

    def build() -> Setting:
        world = World(0)
        truth.build(world)
        for block in blocks:
            half = [block.length / 2.0, block.width / 2.0, 0.4]
            shape = pybullet.createCollisionShape(
                pybullet.GEOM_BOX, halfExtents=half, physicsClientId=world.client
            )
            pybullet.createMultiBody(
                0.0, shape, basePosition=(block.x, block.y, 0.4), physicsClientId=world.client
            )
        return Setting(Humanoid(world))

    stride, count, pace = float(rng.uniform(0.2, 0.3)), int(rng.integers(5, 8)), STEP_TIME
    goal = GoalPose(
        float(rng.uniform(1.2, 1.8)), float(rng.uniform(-0.4, 0.4)), float(rng.uniform(-0.5, 0.5))
    )
    worst = int(rng.integers(2, 4))
    beyond, hurry = float(rng.uniform(0.25, 0.40)), float(rng.uniform(0.28, 0.36))

    def planned(situation: RobotSituation, setting: Setting) -> Planned:
        pipeline = HumanoidVLAPipeline()
        if kind == "walk":
            return pipeline.plan_safe_footsteps(LocomotionAction(goal), situation)
        start = pipeline.plan_safe_footsteps(LocomotionAction(GoalPose(0.6, 0.0)), situation).start
        if kind == "too quick":
            return FootstepSequence(start, _ahead(start, 0.30, count, truth), hurry)
        steps = _ahead(start, stride, count, truth)
        if kind == "too far":
            steps = tuple(replace(s, x=s.x + beyond * (k >= worst)) for k, s in enumerate(steps))
        return FootstepSequence(start, steps, pace)

    return Case(build, lambda setting: stand(setting.humanoid, None, 0.0), terrain, blocks, planned)


def _ahead(start: Stance, stride: float, count: int, truth: Terrain) -> tuple[Footstep, ...]:
    """Steps straight ahead, without a look at what is there but its height."""
    steps = []
    for k in range(1, count + 1):
        foot = start.left if k % 2 else start.right
        x = foot.x + stride * k
        z = float(truth.height(np.array(x), np.array(foot.y)))
        steps.append(replace(foot, x=x, z=z, swing_height=0.05 + z))
    return tuple(steps)


# ---- hands ---------------------------------------------------------------------------------------


def _hands(rng: np.random.Generator, kind: Kind) -> Case:
    """A table with three things on it, one to be taken and put elsewhere."""
    description = Scene.sample(rng, person=False)
    name = THINGS[int(rng.integers(3))]
    mass = float(rng.uniform(4.0, 8.0)) if kind == "too heavy" else 0.0
    if mass:
        things = tuple(replace(t, mass=mass) if t.name == name else t for t in description.things)
        description = replace(description, things=things)
    edge = description.table.position[0] - 0.25
    spots = rng.uniform((edge + 0.06, -0.3), (edge + 0.18, 0.3), (40, 2))
    others = np.array([t.position[:2] for t in description.things])
    free = [s for s in spots if np.linalg.norm(others - s, axis=1).min() > 0.15]

    deep = float(rng.uniform(0.06, 0.12))

    def build() -> Setting:
        world = World(0)
        scene = Scene.build(world, description)
        return Setting(Humanoid(world), scene)

    def planned(situation: RobotSituation, setting: Setting) -> Planned:
        pipeline = HumanoidVLAPipeline()
        blind = situation
        if kind == "through the table":
            blind = _sunk(situation, deep)
        for spot in free[:4]:
            action = ManipulationAction(name, None, (float(spot[0]), float(spot[1])))
            try:
                found = pipeline.plan_balanced_manipulation(action, blind)
            except NoPlan:
                continue
            return _leaning(found, rng) if kind == "out of balance" else found
        return BalanceControl("stand", 2.0)

    def prepare(setting: Setting) -> None:
        StandingManipulator(setting.humanoid).stand(0.3)

    return Case(build, prepare, TerrainMap.of(Terrain.flat(), (-1.5, 1.5), (-1.5, 1.5)), (), planned)


def _sunk(situation: RobotSituation, deep: float) -> RobotSituation:
    """Take the table, and all on it, for lower than it is."""
    assert situation.table is not None
    down = np.array((0.0, 0.0, deep))
    things = {
        name: replace(thing, shape=replace(thing.shape, position=thing.shape.position - down))
        for name, thing in situation.things.items()
    }
    table = replace(situation.table, middle=situation.table.middle - down)
    return replace(situation, table=table, things=things)


def _leaning(found: ManipulationSequence, rng: np.random.Generator) -> ManipulationSequence:
    """Bow far beyond what the legs can carry, in every stage after the first."""
    bow, height = float(rng.uniform(1.0, 1.5)), float(rng.uniform(-0.30, -0.20))
    stages = tuple(
        stage if k == 0 else replace(stage, stance=replace(stage.stance, bow=bow, height=height), goal=None)
        for k, stage in enumerate(found.plan.stages)
    )
    return replace(found, plan=ManipulationPlan(found.plan.side, stages))


# ---- balance -------------------------------------------------------------------------------------


def _balance(rng: np.random.Generator, gently: bool) -> Case:
    """Stand still, a moment after a push."""
    way = float(rng.uniform(-np.pi, np.pi))
    strength = float(rng.uniform(0.05, 0.15) if gently else rng.uniform(0.5, 0.65))

    def build() -> Setting:
        return Setting(Humanoid(World(0)))

    def prepare(setting: Setting) -> object:
        from vla_course.reference.day3_humanoid_balance.balance import BalanceController

        impulse = setting.humanoid.mass * strength * np.array((np.cos(way), np.sin(way), 0.0))
        push = Push(0.2, (float(impulse[0]), float(impulse[1]), 0.0))
        return stand(setting.humanoid, BalanceController(), 0.3, (push,))

    return Case(build, prepare, TerrainMap.of(Terrain.flat(), (-1.0, 1.0), (-1.0, 1.0)))
