"""Episodes of the estimation benchmark, each on the simulator's truth or on what a robot can measure."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, hypot, sin
from typing import Literal

import numpy as np

from vla_course.deployment.estimation.contact_filter import FilterNoise
from vla_course.deployment.estimation.errors import EstimateErrors, errors_of
from vla_course.deployment.estimation.estimated_senses import EstimatedSenses
from vla_course.deployment.estimation.sensors import SensorErrors
from vla_course.deployment.estimation.velocity_by_legs import LegVelocitySenses
from vla_course.learning.environment.action_space import write_action
from vla_course.learning.environment.environment import HumanoidTaskEnv
from vla_course.learning.expert_policy.policy import ExpertPolicy
from vla_course.learning.model.joint_range import joint_range
from vla_course.motion.errands.ending import ErrandFailed
from vla_course.motion.hands.plan import NoPlan
from vla_course.motion.standing.senses import SenseNoise, Senses
from vla_course.motion.walking.step_sources import VelocityCommand
from vla_course.motion.walking.strides import Motion
from vla_course.motion.walking.walker import Walker
from vla_course.simulation.robot.humanoid import Humanoid
from vla_course.simulation.tasks.instructions import Skill
from vla_course.simulation.world.world import World

STAND, GO, CURVE, BACK = (0.0, 0.0, 0.0), (0.4, 0.0, 0.0), (0.3, 0.0, 0.4), (0.3, 0.0, -0.4)
Source = Literal["truth", "estimate"]
_MOST = 60.0
"""N s, no push is harder"""


@dataclass(frozen=True)
class Course:
    """What a robot is told, and what is wrong, while its estimate is held against the truth."""

    seed: int
    velocities: tuple[tuple[Motion, float], ...]
    """m/s, m/s, rad/s, and for how many s"""
    impulses: float = 0.0
    """N s, of pushes every 2 s, in turn from all sides"""
    friction: float = 1.0
    """-, of the floor"""


@dataclass(frozen=True)
class Errors:
    """How far estimate and truth were apart over a course, the robot balancing on the estimate."""

    key: str
    fell: bool
    walked: float
    """m"""
    turned: float
    """rad, in all"""
    seconds: float
    errors: EstimateErrors
    slips: int

    def __post_init__(self) -> None:
        if isinstance(self.errors, dict):  # as it is read from a file
            object.__setattr__(self, "errors", EstimateErrors(**self.errors))


@dataclass(frozen=True)
class Stood:
    """Whether a robot was on its feet in the end."""

    key: str
    stood: bool
    velocity_error: float = float("nan")
    """m/s, rms of the velocity it walked by, as long as it was on its feet"""


@dataclass(frozen=True)
class PushLimit:
    """The hardest push that a standing robot survives."""

    key: str
    impulse: float
    """N s"""


@dataclass(frozen=True)
class Walk:
    """A walk with imperfect senses: noise on a true velocity, a velocity by the legs alone, or worse sensors."""

    seed: int
    source: Literal["truth", "estimate", "noise", "legs", "sensors"]
    amount: float = 0.0
    """m/s of noise, s of memory, or how many times the sensors' errors"""


@dataclass(frozen=True)
class Pushed:
    """Which way a standing robot is pushed, and what it knows of itself."""

    seed: int
    source: Source
    direction: float
    """rad, 0 ahead"""


@dataclass(frozen=True)
class TaskRun:
    """A task of the expert's."""

    seed: int
    source: Source
    skill: Skill


def run_course(course: Course, key: str) -> Errors:
    """Let a robot go its course on its estimate."""
    with World(course.seed, ground_friction=course.friction) as world:
        humanoid = Humanoid(world)
        senses = EstimatedSenses(humanoid, world.rng)
        walker = Walker(humanoid, VelocityCommand(), senses=senses)
        begun, estimates, truths = world.time, [], []
        for velocity, seconds in course.velocities:
            _command(walker, velocity)
            end = world.time + seconds
            while world.time < end and not humanoid.has_fallen():
                elapsed = world.time - begun
                if course.impulses and elapsed > 1.0 and elapsed % 2.0 < walker.body.tick:
                    angle = elapsed * 1.2
                    humanoid.push(course.impulses * np.array((cos(angle), sin(angle), 0.0)))
                walker.tick()
                estimates.append(senses.state())
                truths.append(humanoid.state())
        return Errors(
            key,
            humanoid.has_fallen(),
            float(np.sum(np.hypot(*np.diff([t.base_position[:2] for t in truths[::25]], axis=0).T))),
            float(sum(abs(velocity[2]) * seconds for velocity, seconds in course.velocities)),
            world.time - begun,
            errors_of(estimates, truths),
            senses.slips,
        )


def walk(wanted: Walk, key: str) -> Stood:
    """Walk straight on, to the left, to the right and aside for 10 s in all."""
    with World(wanted.seed) as world:
        humanoid = Humanoid(world)
        noise, senses = None, None
        if wanted.source == "noise":
            noise = SenseNoise(base_velocity=wanted.amount)
        elif wanted.source != "truth":
            senses = _senses(wanted, humanoid)
        walker = Walker(humanoid, VelocityCommand(), noise=noise, senses=senses)
        missed = []
        for velocity in (GO, (0.4, 0.0, 0.4), (0.4, 0.0, -0.4), (0.3, 0.1, 0.0)):
            _command(walker, velocity)
            end = world.time + 2.5
            while world.time < end:
                walker.tick()
                true = humanoid.state().base_linear_velocity
                missed.append(walker.body.state.base_linear_velocity - true)
                if humanoid.has_fallen():
                    return Stood(key, False, _rms(missed[:-125]))
        return Stood(key, True, _rms(missed))


def find_push_limit(pushed: Pushed, key: str) -> PushLimit:
    """Return the hardest push, to 1 N s, that a robot which stands survives; steps are allowed."""
    low, high = 0.0, _MOST
    while high - low > 1.0:
        middle = (low + high) / 2.0
        if _survives(pushed, middle):
            low = middle
        else:
            high = middle
    return PushLimit(key, low)


def run_task(run: TaskRun, key: str) -> Stood:
    """Let the expert, who knows all of the scene, carry out a task on a body that knows the truth or its estimate."""
    senses_of = (
        None if run.source == "truth" else lambda humanoid: EstimatedSenses(humanoid, humanoid.world.rng)
    )
    env = HumanoidTaskEnv(skill=run.skill, cameras=(), senses_of=senses_of)
    try:
        _, info = env.reset(seed=run.seed)
        policy, joints, over = ExpertPolicy(env.task, env.stage, env.robot), joint_range(), False
        while not over:
            _, _, ended, late, info = env.step(write_action(policy.command(), joints))
            over = ended or late
    except (NoPlan, ErrandFailed):
        return Stood(key, False)
    finally:
        env.close()
    return Stood(key, bool(info["success"]))


def _survives(pushed: Pushed, impulse: float) -> bool:
    with World(pushed.seed) as world:
        humanoid = Humanoid(world)
        senses = EstimatedSenses(humanoid, world.rng) if pushed.source == "estimate" else None
        walker = Walker(humanoid, VelocityCommand(), senses=senses)
        begun = world.time
        humanoid_pushed = False
        while world.time < begun + 4.5:
            if not humanoid_pushed and world.time >= begun + 1.0:
                x, y = cos(pushed.direction), sin(pushed.direction)
                humanoid.push(impulse * np.array((x, y, 0.0)))
                humanoid_pushed = True
            walker.tick()
            if humanoid.has_fallen():
                return False
        return not walker.lost


def _senses(wanted: Walk, humanoid: Humanoid) -> Senses:
    if wanted.source == "estimate":
        return EstimatedSenses(humanoid, humanoid.world.rng)
    if wanted.source == "sensors":
        errors = SensorErrors().times(wanted.amount)
        return EstimatedSenses(humanoid, humanoid.world.rng, errors, FilterNoise.of(errors))
    return LegVelocitySenses(humanoid, humanoid.world.rng, wanted.amount)


def _command(walker: Walker, velocity: Motion) -> None:
    command = walker.source
    assert isinstance(command, VelocityCommand)
    command.forward, command.leftward, command.turning = velocity


def _rms(errors: Sequence[np.ndarray]) -> float:
    return float(np.sqrt(np.mean(np.square(errors)))) if errors else float("nan")


def spread(errors: Sequence[float]) -> float:
    """Return the root mean square of numbers."""
    return hypot(*errors) / len(errors) ** 0.5
