"""The situations at a table, and on paper, in which the gains of arms and hands are tried."""

from collections.abc import Callable, Mapping
from math import nan

import numpy as np
from gains_build import Build
from manipulation_episodes import draw_scene, stand_in_the_way, weigh
from numpy.typing import NDArray

from vla_course.motion.arms.chain import ARM_SIZE, ArmChain
from vla_course.motion.arms.ik_config import FOLLOWING, ArmSolver, InverseKinematicsConfig
from vla_course.motion.arms.pose import Pose, on_line, pose_error
from vla_course.motion.arms.postures import ready
from vla_course.motion.hands.follower import Follower
from vla_course.motion.hands.plan import NoPlan
from vla_course.motion.hands.run import ManipulationRun
from vla_course.motion.hands.scene import tabletop_in, thing_in
from vla_course.motion.hands.standing_manipulator import StandingManipulator
from vla_course.motion.hands.ways import Situation
from vla_course.reference.day3_humanoid_balance.arm_ik import InverseKinematicsSolver
from vla_course.simulation.robot import grippers
from vla_course.simulation.robot.humanoid import Humanoid
from vla_course.simulation.scene.scene import THINGS, Scene
from vla_course.simulation.world.engine import pybullet
from vla_course.simulation.world.world import World

Array = NDArray[np.float64]

_TARGETS = 150
"""places to reach, each within the reach of some posture"""
_TICK = 0.004
"""s"""
_PATIENCE = 30.0
"""s, for an errand"""
_PLACED = 0.03
"""m, what counts as put down where it should be"""
_STRETCHED, _LINE_SPEED = 0.58, 0.3
"""m and m/s: a straight arm reaches 0.59 m from the shoulder"""


def reach(build: Build, seed: int) -> dict[str, float]:
    """Look for joints that bring the tool to places all around, from one seed each."""
    rng, chain = np.random.default_rng(seed), ArmChain("left")
    solver = InverseKinematicsSolver(build.reaching)
    reached, rounds = [], []
    for _ in range(_TARGETS):
        chain.move(rng.uniform(chain.lower, chain.upper))
        answer = solver.solve(chain, chain.pose, ready("left"))
        reached.append(answer.reached)
        if answer.reached:
            rounds.append(answer.rounds)
    mean = float(np.mean(rounds)) if rounds else nan
    return {"reached": 100.0 * float(np.mean(reached)), "rounds": mean}


def follow(build: Build, seed: int) -> dict[str, float]:
    """Lead the tool along straight ways tick by tick, out until the arm is all but stretched, and back."""
    rng, chain = np.random.default_rng(seed), ArmChain("left")
    solver = InverseKinematicsSolver(build.following)
    follower, behind, jerks = Follower(solver), [], []
    for _ in range(6):
        joints, speed = ready("left"), np.zeros(ARM_SIZE)
        chain.move(joints)
        start, shoulder = chain.pose, chain.bones()[0]
        ahead = rng.normal((1.0, 0.3, -0.3), 0.3)
        goal = Pose(shoulder + _STRETCHED * ahead / np.linalg.norm(ahead), start.rotation)
        ticks = round(float(np.linalg.norm(goal.position - start.position)) / _LINE_SPEED / _TICK)
        for k in range(2 * ticks):
            chain.move(joints)
            error = pose_error(on_line(start, goal, (k if k < ticks else 2 * ticks - k) / ticks), chain.pose)
            change = follower.follow(chain, error, joints, speed, ready("left"), _TICK) - joints
            jerks.append(float(((change / _TICK - speed) ** 2).mean()) / _TICK**2)
            joints, speed = joints + change, change / _TICK
            if k < ticks // 3:
                behind.append(float(np.linalg.norm(error[:3])))
    return {"behind": 1e3 * float(np.mean(behind)), "chatter": float(np.sqrt(np.mean(jerks)))}


def pick(build: Build, seed: int) -> dict[str, float]:
    """Take a box of 300 g from the table and put it down elsewhere."""
    return _picked(build, seed, "green box", 0.3)


def heavy(build: Build, seed: int) -> dict[str, float]:
    """The same with a box of 900 g."""
    return _picked(build, seed, "green box", 0.9)


def blocked(build: Build, seed: int) -> dict[str, float]:
    """Reach for a cup with a block in the way that nobody told of."""
    return _picked(build, seed, "red cup", 0.1, obstacle=True)


def _picked(build: Build, seed: int, thing: str, mass: float, obstacle: bool = False) -> dict[str, float]:
    """Return what came of one errand at a table."""
    # A constant of the module, set for good: trials of other forces run in child processes of their own.
    force = build.hands.finger_force
    grippers._FORCES = (force, force, 4 * force, 4 * force)  # type: ignore[misc]
    rng = np.random.default_rng(seed)
    description, place = draw_scene(rng, thing)
    with World(seed) as world:
        humanoid = Humanoid(world)
        scene = Scene.build(world, description)
        weigh(scene, thing, mass)
        robot = StandingManipulator(humanoid, solver=_solver_of(build))
        robot.stand(0.3)
        others = tuple(thing_in(scene, name) for name in THINGS if name != thing)
        try:
            situation = Situation(tabletop_in(scene), others)
            plan = robot.plan_pick_and_place(thing_in(scene, thing), place, situation, hold=1.0)
        except NoPlan:
            return {"placed": 0.0, "hand": nan, "lifted": 0.0, "blow": nan}
        block = stand_in_the_way(scene, plan) if obstacle else None
        run = robot.start(plan)
        return _carried_out(run, scene, thing, place, block)


def _carried_out(
    run: ManipulationRun, scene: Scene, thing: str, place: Array, block: int | None
) -> dict[str, float]:
    """Let the robot do as planned, and return what came of it; `block` is the body in the way."""
    table, highest, blow, ticks, fell = scene.pose(thing)[0][2], 0.0, 0.0, 0, False
    while not (run.done or fell) and ticks * _TICK < _PATIENCE:
        run.tick()
        ticks += 1
        highest = max(highest, float(scene.pose(thing)[0][2] - table))
        if block is not None:
            blow = max(blow, _force_on(block, run.humanoid))
        fell = ticks % 25 == 0 and run.humanoid.has_fallen()
    missed = float(np.linalg.norm(scene.pose(thing)[0][:2] - place))
    return {
        "placed": float(run.done and not run.aborted and not fell and missed < _PLACED),
        "hand": 1e3 * max((end.tool_error for end in run.ended), default=nan),
        "lifted": 1e2 * highest,
        "blow": nan if fell else blow,
    }


def _force_on(block: int, humanoid: Humanoid) -> float:
    """Return with what force, N, the robot presses on a body."""
    contacts = pybullet.getContactPoints(humanoid.body, block, physicsClientId=humanoid.client)
    return float(sum(contact[9] for contact in contacts))


def _solver_of(build: Build) -> Callable[[InverseKinematicsConfig], ArmSolver]:
    def make(config: InverseKinematicsConfig) -> ArmSolver:
        solver: ArmSolver = InverseKinematicsSolver(
            build.following if config == FOLLOWING else build.reaching
        )
        return solver

    return make


TRIALS: Mapping[str, Callable[[Build, int], dict[str, float]]] = {
    trial.__name__: trial for trial in (reach, follow, pick, heavy, blocked)
}
