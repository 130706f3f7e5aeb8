"""Carries out what was planned, in physics, and tells what came of it."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from vla_course.motion.hands.stance import Stance, StancedBalance
from vla_course.motion.hands.standing_manipulator import StandingManipulator
from vla_course.motion.pipeline.plans import BalanceControl, FootstepSequence, ManipulationSequence, Planned
from vla_course.motion.standing.balance_state import BalanceCommands, BalanceState
from vla_course.motion.standing.body import StandingBody
from vla_course.motion.standing.loop import Balancer
from vla_course.motion.walking.step_sources import PlannedSteps
from vla_course.motion.walking.walker import Walker
from vla_course.simulation.robot.humanoid import Humanoid
from vla_course.simulation.robot.model import RobotModel
from vla_course.simulation.scene.scene import Scene
from vla_course.simulation.world.engine import pybullet
from vla_course.simulation.world.rotation import heading_of
from vla_course.simulation.world.world import World

Array = NDArray[np.float64]

AFTERWARDS = 1.5
"""s, for which a robot is watched when it has done what it should"""
LEAN_SPEED, CROUCH_SPEED = 0.04, 0.08
"""m/s"""
_LOOK = 5
"""ticks between two looks at what went wrong"""
TOUCH = 10.0
"""N, with which a robot presses on what it must not touch when that counts as a hit"""
MOVED, DROPPED = 0.03, 0.05
"""m: another thing that has moved so far was hit; a thing so far below the table was dropped"""


@dataclass(frozen=True, slots=True)
class Setting:
    """A robot in its world, with a scene or without one."""

    humanoid: Humanoid
    scene: Scene | None = None

    @property
    def world(self) -> World:
        """The world it is in."""
        return self.humanoid.world


@dataclass(frozen=True, slots=True)
class Performance:
    """What came of a plan."""

    harm: str
    """what went wrong, in a few words: a fall, a hit, a drop; empty where nothing did"""
    done: bool
    """whether the plan came to its end"""
    seconds: float
    """s, that it took"""


class LeaningBalance:
    """Makes a balance controller keep the centre of mass `lean` (2,) m away from its home, world axes.

    The controller sees the support polygon where it would be if its home were right. What hangs on a hand
    pulls the centre of pressure the other way, back into the soles.
    """

    def __init__(self, controller: Balancer) -> None:
        self._controller, self.lean = controller, np.zeros(2)

    def calculate_balance_commands(self, current_state: BalanceState) -> BalanceCommands:
        """Return the controller's commands about the leaning home."""
        polygon = current_state.support_polygon + self.lean
        return self._controller.calculate_balance_commands(replace(current_state, support_polygon=polygon))

    def go(self, lean: Array, dt: float) -> None:
        """Lean towards `lean` (2,) m for `dt` s."""
        way = lean - self.lean
        self.lean = self.lean + way * min(1.0, LEAN_SPEED * dt / max(float(np.hypot(*way)), 1e-9))


def perform(planned: Planned, setting: Setting, each_tick: Callable[[], object] | None = None) -> Performance:
    """Carry out a plan where the robot is, and watch it for a while; the reference's controllers do it.

    `each_tick` runs after every tick. The world goes on from where it is; it ends early where something goes wrong.
    """
    watch = _Watch(setting, planned)
    begin = setting.world.time
    done = False
    match planned:
        case FootstepSequence():
            done = _walk(planned, setting, watch, each_tick)
        case ManipulationSequence():
            done = _handle(planned, setting, watch, each_tick)
        case BalanceControl():
            done = _balance(planned, setting, watch, each_tick)
    return Performance(watch.harm, done and not watch.harm, setting.world.time - begin)


class _Watch:
    """Sees what goes wrong."""

    def __init__(self, setting: Setting, planned: Planned) -> None:
        self._setting, self._ticks, self.harm = setting, 0, ""
        self._thing = planned.thing if isinstance(planned, ManipulationSequence) else ""
        humanoid, scene = setting.humanoid, setting.scene
        names = {body: name for name, body in scene.bodies.items()} if scene else {}
        self._places = {name: scene.pose(name)[0] for name in names.values()} if scene else {}
        count = pybullet.getNumBodies(physicsClientId=humanoid.client)
        every = [pybullet.getBodyUniqueId(k, physicsClientId=humanoid.client) for k in range(count)]
        apart = {humanoid.body, *setting.world.ground_bodies}
        self._solid = {body: names.get(body, "an obstacle") for body in every if body not in apart}

    def look(self) -> bool:
        """Return whether something has gone wrong by now."""
        self._ticks += 1
        if self._ticks % _LOOK == 0 and not self.harm:
            self.harm = self._wrong()
        return bool(self.harm)

    def _wrong(self) -> str:
        humanoid, scene = self._setting.humanoid, self._setting.scene
        if humanoid.has_fallen():
            return "fell"
        for body, name in self._solid.items():
            if name == self._thing:
                continue
            touching = pybullet.getContactPoints(humanoid.body, body, physicsClientId=humanoid.client)
            if sum(contact[9] for contact in touching) > TOUCH:
                return f"hit {name}"
        for name, place in self._places.items() if scene else ():
            assert scene is not None
            now = scene.pose(name)[0]
            if now[2] < place[2] - DROPPED:
                return f"dropped the {name}"
            if name != self._thing and np.linalg.norm(now - place) > MOVED:
                return f"hit the {name}"
        return ""


def _walk(
    planned: FootstepSequence, setting: Setting, watch: _Watch, each_tick: Callable[[], object] | None
) -> bool:
    source = PlannedSteps(planned.steps)
    walker = Walker(setting.humanoid, source, gait=planned.gait)
    longest = walker.gait.first_shift + (len(planned.steps) + 2) * planned.step_time + AFTERWARDS
    over = setting.world.time + AFTERWARDS
    end = setting.world.time + longest
    while setting.world.time < end and not watch.look():
        walker.tick()
        if each_tick is not None:
            each_tick()
        if source.left or not walker.body.stands:
            over = setting.world.time + AFTERWARDS
        elif setting.world.time >= over:
            break
    return not source.left


def _handle(
    planned: ManipulationSequence, setting: Setting, watch: _Watch, each_tick: Callable[[], object] | None
) -> bool:
    balance = LeaningBalance(_reference_balance())
    robot = StandingManipulator(setting.humanoid, balance)
    run = robot.start(planned.plan)
    leans = {
        id(stage): step.center_of_mass
        for stage, step in zip(planned.plan.stages, planned.compensation, strict=True)
    }
    over = setting.world.time
    while (not run.done or setting.world.time < over + AFTERWARDS) and not watch.look():
        if not run.done:
            over = setting.world.time
        kept = balance.lean if run.stage.carries else np.zeros(2)
        balance.go(leans.get(id(run.stage), kept), run.body.tick)
        run.tick()
        if each_tick is not None:
            each_tick()
    return run.done and not run.aborted


def _balance(
    planned: BalanceControl, setting: Setting, watch: _Watch, each_tick: Callable[[], object] | None
) -> bool:
    world, humanoid = setting.world, setting.humanoid
    end = world.time + planned.seconds
    if planned.moves_feet:
        walker = Walker(humanoid, PlannedSteps(()))
        while world.time < end and not watch.look():
            walker.tick()
            if each_tick is not None:
                each_tick()
        return True
    body = StandingBody(humanoid, RobotModel.of(humanoid))
    stanced = StancedBalance(_reference_balance(), heading_of(body.state.base_orientation))
    down = 0.0
    while world.time < end and not watch.look():
        step = min(CROUCH_SPEED * body.tick, planned.crouch - down)
        down += step
        stanced.stance, stanced.rate = Stance(height=-down), np.array((0.0, 0.0, -step / body.tick))
        body.drive(stanced.calculate_balance_commands(body.balance).joint_adjustments)
        body.advance()
        body.sense()
        if each_tick is not None:
            each_tick()
    return True


def _reference_balance() -> Balancer:
    from vla_course.reference.day3_humanoid_balance.balance import BalanceController

    controller: Balancer = BalanceController()
    return controller
