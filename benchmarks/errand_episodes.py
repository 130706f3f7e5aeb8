"""Errands by number: a robot somewhere round a table, a thing to take, a place to carry it to on foot."""

import time
from dataclasses import dataclass
from typing import Literal

import numpy as np
from manipulation_episodes import HELD, LIFTED, draw_scene

from vla_course.motion.errands.porter import Porter
from vla_course.motion.hands.scene import tabletop_in, thing_in
from vla_course.motion.hands.things import Graspable
from vla_course.motion.hands.ways import Situation
from vla_course.simulation.robot.humanoid import Humanoid
from vla_course.simulation.scene.parts import TABLE_SIZE
from vla_course.simulation.scene.scene import CLEARANCE, THINGS, Scene, SceneDescription
from vla_course.simulation.world.engine import pybullet
from vla_course.simulation.world.world import World

Array = np.ndarray
Trouble = Literal["", "moved", "slips", "stop"]
AWAY = (0.5, 2.0)
"""m, from the table's edge: where the robot stands in the beginning, on any side, looking anywhere"""
DEPTHS = (0.06, 0.18)
"""m, from any edge of the table: where a thing is to be put"""
CORNER = 0.12
"""m, to the ends of that edge"""


@dataclass(frozen=True)
class Walk:
    """What an errand asks for."""

    seed: int
    thing: str
    only_pick: bool = False
    """whether it is over when the thing has been held for two seconds"""
    trouble: Trouble = ""
    """somebody moves the thing while the robot is on its way, pulls it out of its hand, or says stop"""


@dataclass(frozen=True)
class Walked:
    """What came of it."""

    ending: str
    reason: str
    lifted: bool
    """10 cm up for 2 s on end"""
    carried: float
    """m, by which the robot walked with the thing"""
    turned: float
    """rad, by which it turned with it"""
    place_error: float
    """m"""
    upright: bool
    """whether the thing stands on the table"""
    fell: bool
    standing: bool
    """at rest on both feet"""
    steps: int
    simulated: float
    """s"""
    computed: float
    """s of the processor, planning included"""


def draw_errand(rng: np.random.Generator, wanted: str) -> tuple[SceneDescription, Array, Array, float]:
    """Return a scene, the place (2,) m to put the thing, and where (2,) m the robot stands and looks (rad)."""
    scene, _ = draw_scene(rng, wanted)
    middle, half = np.array(scene.table.position[:2]), np.array(TABLE_SIZE) / 2.0
    things = [np.array(thing.position[:2]) for thing in scene.things]
    while True:
        place = middle + _inside(rng, half)
        if all(np.linalg.norm(place - thing) >= CLEARANCE for thing in things):
            break
    reach = rng.uniform(*AWAY)
    corner = rng.uniform(-half - reach, half + reach)
    axis, sign = rng.integers(2), rng.choice((-1.0, 1.0))
    corner[axis] = sign * (half[axis] + reach)
    return scene, place, middle + corner, float(rng.uniform(-np.pi, np.pi))


def _inside(rng: np.random.Generator, half: Array) -> Array:
    """Draw a spot (2,) m near one of the edges of a table with half sides `half` (2,), from its middle."""
    axis, sign = rng.integers(2), rng.choice((-1.0, 1.0))
    spot = rng.uniform(CORNER - half, half - CORNER)
    spot[axis] = sign * (half[axis] - rng.uniform(*DEPTHS))
    return np.asarray(spot)


def run_walk(task: Walk) -> Walked:
    """Do an errand; the same task gives the same outcome."""
    rng = np.random.default_rng(7000 + 1000 * task.seed + THINGS.index(task.thing))
    description, place, start, heading = draw_errand(rng, task.thing)
    with World(task.seed) as world:
        scene = Scene.build(world, description)
        humanoid = Humanoid(world, position=start.tolist(), heading=heading)
        begin = time.thread_time()
        robot = Porter(humanoid, [tabletop_in(scene)])
        watch = _Watch(scene, task, robot, rng)

        def look() -> tuple[Graspable, Situation]:
            others = tuple(thing_in(scene, name) for name in THINGS if name != task.thing)
            return thing_in(scene, task.thing), Situation(tabletop_in(scene), others)

        for phase in robot.fetch(look, place):
            watch.see(phase)
            if task.only_pick and watch.lifted:
                break
        return watch.outcome(place, time.thread_time() - begin)


class _Watch:
    """Sees what happens in an errand, and makes the trouble that it asks for."""

    def __init__(self, scene: Scene, task: Walk, robot: Porter, rng: np.random.Generator) -> None:
        self._scene, self._task, self._robot = scene, task, robot
        self._begin = self._low_at = scene.world.time
        self._stop_at = rng.uniform(1.0, 35.0)
        self._away = rng.uniform(-0.06, 0.06, 2)
        self._height = float(scene.pose(task.thing)[0][2])
        self.lifted, self._carried, self._turned = False, 0.0, 0.0
        self._last: tuple[Array, float] | None = None

    def see(self, phase: str) -> None:
        """Look once a tick."""
        time_now, trouble = self._scene.world.time, self._task.trouble
        where = self._scene.pose(self._task.thing)[0]
        if where[2] - self._height < LIFTED:
            self._low_at = time_now
        self.lifted = self.lifted or time_now - self._low_at >= HELD
        if trouble == "stop" and time_now >= self._stop_at:
            self._robot.stop("told to stop")
            self._stop_at = np.inf
        if trouble == "moved" and phase == "walk" and time_now > self._begin + 4.0:
            self._put((*(where[:2] + self._away),))
            self._task = Walk(self._task.seed, self._task.thing)
        if phase == "carry":
            self._carry()
            if trouble == "slips" and self._carried > 0.4:
                self._put((*self._scene.description.table.position[:2],))

    def _carry(self) -> None:
        state = self._robot.body.state
        x, y, z, w = state.base_orientation
        here = (
            np.array(state.base_position[:2]),
            float(np.arctan2(2 * (x * y + w * z), 1 - 2 * (y * y + z * z))),
        )
        if self._last is not None:
            self._carried += float(np.linalg.norm(here[0] - self._last[0]))
            self._turned += abs((here[1] - self._last[1] + np.pi) % (2 * np.pi) - np.pi)
        self._last = here

    def _put(self, place: tuple[float, float]) -> None:
        """Put the thing elsewhere on the table, as somebody might."""
        z = self._height + 0.001
        pybullet.resetBasePositionAndOrientation(
            self._scene.bodies[self._task.thing],
            (*place, z),
            (0.0, 0.0, 0.0, 1.0),
            physicsClientId=self._scene.world.client,
        )

    def outcome(self, place: Array, computed: float) -> Walked:
        """Return what came of it."""
        robot, scene, thing = self._robot, self._scene, self._task.thing
        where = scene.pose(thing)[0]
        velocity = robot.body.balance.com_velocity
        fell = robot.humanoid.has_fallen() or robot.ending == "fell"
        return Walked(
            ending=robot.ending,
            reason=robot.reason,
            lifted=self.lifted,
            carried=self._carried,
            turned=self._turned,
            place_error=float(np.linalg.norm(where[:2] - place)),
            upright=scene.on_table(thing) and bool(abs(where[2] - self._height) < 0.01),
            fell=fell,
            standing=not fell and robot.body.stands and bool(velocity @ velocity < 0.02**2),
            steps=sum(route.made for route in robot.routes),
            simulated=scene.world.time - self._begin,
            computed=computed,
        )
