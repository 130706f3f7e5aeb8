"""Good demonstrations under the safety layer, and emergency stops at any time: what each costs, how soon it acts."""

from dataclasses import dataclass

import numpy as np
from safety_layer_streams import HOME, PERIOD, persons_of

from vla_course.deployment.safety.layer import SafetyLayer
from vla_course.deployment.safety.surroundings import Surroundings
from vla_course.learning.environment.action_space import write_action
from vla_course.learning.environment.commanded_body import CommandedBody
from vla_course.learning.environment.environment import HumanoidTaskEnv
from vla_course.learning.expert_policy.policy import ExpertPolicy
from vla_course.learning.model.joint_range import joint_range
from vla_course.motion.errands.ending import ErrandFailed
from vla_course.motion.hands.plan import NoPlan
from vla_course.motion.hands.scene import tabletop_in
from vla_course.simulation.robot.humanoid import Humanoid
from vla_course.simulation.robot.layout import ACTION, ARMS
from vla_course.simulation.tasks.instructions import Skill
from vla_course.simulation.world.world import World

CALM_WITHIN = 4.0
"""s after a press, in which a robot must have come to rest on both feet"""


@dataclass(frozen=True)
class Demonstration:
    """One episode of the expert, asked at every decision."""

    skill: Skill
    seed: int
    layer: bool

    @property
    def key(self) -> str:
        return f"{self.skill} {self.seed} {'on' if self.layer else 'off'}"


@dataclass(frozen=True)
class Shown:
    """What came of it."""

    key: str
    success: bool
    decisions: int
    stopped: int
    """decisions that were not carried out, or only to a stop"""
    why: str
    """the first of them"""


def show(demonstration: Demonstration) -> Shown:
    """Let the expert do a task, as the body carries it out or as the layer lets it. People stand still, and are seen
    to."""
    env = HumanoidTaskEnv(skill=demonstration.skill, cameras=())
    env.reset(seed=demonstration.seed)
    policy = ExpertPolicy(env.task, env.stage, env.robot)
    layer = SafetyLayer(env.robot) if demonstration.layer else None
    if layer is not None:
        layer.surroundings = Surroundings(persons_of(env.stage.scene, 0.0), (tabletop_in(env.stage.scene),))
        env.robot = layer  # type: ignore[assignment]
    decisions = stopped = 0
    success, why, over = False, "", False
    while not over:
        try:
            action = write_action(policy.command(), joint_range())
        except (NoPlan, ErrandFailed):
            break
        _, _, ended, late, info = env.step(action)
        decisions, success, over = decisions + 1, bool(info["success"]), ended or late
        if layer is not None and layer.stopped:
            stopped, why = stopped + 1, why or layer.stopped
    env.close()
    return Shown(demonstration.key, success, decisions, stopped, why)


@dataclass(frozen=True)
class Press:
    """One emergency stop."""

    number: int

    @property
    def key(self) -> str:
        return str(self.number)


@dataclass(frozen=True)
class Stopped:
    """How soon it acted."""

    key: str
    first: float
    """s, from the press to the beginning of the first tick of which the policy decides nothing any more"""
    calm: float
    """s, from the press until the robot was at rest on both feet; inf where it was not in time"""
    fell: bool


class _Finger:
    """Presses the button in the middle of a tick: at a given step of the world."""

    def __init__(self, layer: SafetyLayer, world: World, step: int) -> None:
        self._layer, self._world, self._step = layer, world, step
        self.pressed_at = np.inf

    def before_step(self) -> None:
        if self._world.steps == self._step:
            self.pressed_at = self._world.time
            self._layer.emergency.press("benchmark")


def press(one: Press) -> Stopped:
    """Press the button while a robot walks and swings its arms, at a moment drawn by chance."""
    rng = np.random.default_rng((77, one.number))
    world = World(int(rng.integers(2**31)))
    layer = SafetyLayer(CommandedBody(Humanoid(world)))
    finger = _Finger(layer, world, int(rng.integers(100, 1500)))
    world.join(finger)  # type: ignore[arg-type]
    first = calm = np.inf
    fell = False
    while world.time < finger.pressed_at + CALM_WITHIN and calm == np.inf and not fell:
        action = HOME.astype(np.float64)
        action[ARMS] += rng.uniform(-0.5, 0.5, 14)
        action[ACTION.base_velocity] = (0.8, rng.uniform(-0.5, 0.5), rng.uniform(-0.5, 0.5))
        began = world.time
        for _ in layer.carry_out(np.clip(action, -1.0, 1.0), PERIOD):
            if first == np.inf and layer.stopped.startswith("emergency stop"):
                first = round(began - finger.pressed_at, 9)
            began = world.time
            if first < np.inf and calm == np.inf and layer.calm:
                calm = world.time - finger.pressed_at
        fell = layer.walker.humanoid.has_fallen()
    world.close()
    return Stopped(one.key, first, calm, fell)
