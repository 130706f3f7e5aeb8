"""Episodes at a table, by number: a scene drawn from the seed, one thing to take, one place to put it."""

import time
from dataclasses import dataclass, replace

import numpy as np

from vla_course.motion.arms.pose import Pose
from vla_course.motion.hands.plan import ManipulationPlan, NoPlan
from vla_course.motion.hands.run import ManipulationRun
from vla_course.motion.hands.scene import tabletop_in, thing_in
from vla_course.motion.hands.standing_manipulator import StandingManipulator
from vla_course.motion.hands.things import Graspable
from vla_course.motion.hands.ways import Situation
from vla_course.motion.standing.body import StandingBody
from vla_course.simulation.robot.humanoid import HOME_POSTURE, Humanoid
from vla_course.simulation.robot.layout import ARMS
from vla_course.simulation.scene.parts import TABLE_SIZE
from vla_course.simulation.scene.scene import CLEARANCE, THINGS, Scene, SceneDescription
from vla_course.simulation.world.engine import pybullet
from vla_course.simulation.world.world import World

Array = np.ndarray
TABLE_HEIGHTS = (0.60, 0.84)
"""m"""
DEPTHS, SIDE = (0.05, 0.18), 0.42
"""m, from the table's edge, and to either side of the robot: where things stand and are put"""
TRANSPORT = (0.12, 0.45)
"""m, how far a thing is to be carried"""
PATIENCE = 1000
"""draws of a spot after which all are drawn anew"""
LIFTED, HELD = 0.10, 2.0
"""m and s: what counts as lifted and held"""


@dataclass(frozen=True)
class Task:
    """What an episode asks for."""

    seed: int
    thing: str
    noise: float = 0.0
    """m, standard deviation an axis of where the thing is seen; every look has an error of its own"""
    bias: float = 0.0
    """m, greatest error an axis, the same in every look"""
    mass: float | None = None
    """kg, of the thing, instead of the 50 to 300 g of the scene"""
    obstacle: bool = False
    """whether something that nobody told of stands in the hand's way"""
    stop: bool = False
    """whether somebody says stop, at any moment"""

    @property
    def hindered(self) -> bool:
        """Whether the robot is kept from its task: then it tries once."""
        return self.obstacle or self.stop


@dataclass(frozen=True)
class Outcome:
    """What came of it."""

    planned: bool
    attempts: int
    reason: str
    """why there was no plan, or why the robot gave up"""
    lifted: bool
    """10 cm up for 2 s on end"""
    place_error: float
    """m, between where the thing's middle should be and is, level"""
    upright: bool
    """whether the thing stands on the table"""
    disturbed: float
    """m, the farthest that another thing has moved"""
    fell: bool
    standing: bool
    """at rest on its feet, hands home"""
    simulated: float
    """s"""
    computed: float
    """s of the processor, for robot and world after planning"""
    planning: float
    """s of the processor"""


def draw_scene(rng: np.random.Generator, wanted: str) -> tuple[SceneDescription, Array]:
    """Return a scene with three things on a table of any height, and a place (2,) m to put the wanted one."""
    scene = Scene.sample(rng, person=False)
    height, (x, y, _) = rng.uniform(*TABLE_HEIGHTS), scene.table.position
    edge, spots, tries = x - TABLE_SIZE[0] / 2, list[Array](), 0
    while len(spots) < 4:
        tries += 1
        if tries % PATIENCE == 0:
            # These leave no room for what is missing.
            spots.clear()
        spot = np.array([edge + rng.uniform(*DEPTHS), rng.uniform(-SIDE, SIDE)])
        apart = all(np.linalg.norm(spot - other) >= CLEARANCE for other in spots)
        if len(spots) == 3:
            apart = apart and bool(TRANSPORT[0] <= np.linalg.norm(spot - spots[0]) <= TRANSPORT[1])
        if apart:
            spots.append(spot)
    names = [wanted, *(name for name in THINGS if name != wanted)]
    where = dict(zip(names, spots[:3], strict=True))
    rise = height - scene.table.position[2]
    things = tuple(
        replace(thing, position=(*where[thing.name].tolist(), thing.position[2] + rise))
        for thing in scene.things
    )
    return replace(scene, table=replace(scene.table, position=(x, y, height)), things=things), spots[3]


def run_episode(task: Task) -> Outcome:
    """Stand at the table, look, plan, act - up to three times; the same task gives the same outcome."""
    rng = np.random.default_rng(1000 * task.seed + THINGS.index(task.thing))
    description, place = draw_scene(rng, task.thing)
    with World(task.seed) as world:
        humanoid = Humanoid(world)
        scene = Scene.build(world, description)
        if task.mass is not None:
            weigh(scene, task.thing, task.mass)
        robot = StandingManipulator(humanoid)
        robot.stand(0.3)
        bias = rng.uniform(-1.0, 1.0, 3) * task.bias
        watch = _Watch(scene, task, place, rng)

        def look() -> tuple[Graspable, Situation]:
            seen = thing_in(scene, task.thing)
            seen = replace(seen, position=seen.position + bias + rng.normal(0.0, 1.0, 3) * task.noise)
            others = tuple(thing_in(scene, name) for name in THINGS if name != task.thing)
            return seen, Situation(tabletop_in(scene), others)

        begin, reason = time.thread_time(), ""
        try:
            for run in robot.pick_and_place(look, place, attempts=1 if task.hindered else 3):
                watch.planning += time.thread_time() - begin
                watch.follow(run)
                begin = time.thread_time()
                if watch.fell:
                    break
            else:
                # Only now it is known whether a run that put the thing down has brought it to its place.
                watch.reason = run.aborted
        except NoPlan as why:
            reason = str(why)
        return watch.outcome(reason, robot.body)


class _Watch:
    """Follows the runs of an episode, and sees what happens to the things."""

    def __init__(self, scene: Scene, task: Task, place: Array, rng: np.random.Generator) -> None:
        self._scene, self._task, self._place, self._rng = scene, task, place, rng
        self._begin = scene.world.time
        self._height = scene.pose(task.thing)[0][2]
        self._others = {name: scene.pose(name)[0] for name in THINGS if name != task.thing}
        self.planning, self.computed, self.attempts = 0.0, 0.0, 0
        self.lifted, self.fell, self.reason = False, False, ""

    def follow(self, run: ManipulationRun) -> None:
        """Let the robot carry out a plan, and stand for a second."""
        scene, world, task = self._scene, self._scene.world, self._task
        stop_at = world.time + self._rng.uniform(0.5, 12.0) if task.stop else np.inf
        if task.obstacle:
            stand_in_the_way(scene, run.plan)
        clock, since, over, ticks = time.thread_time(), world.time, world.time, 0
        while not run.done or world.time < over + 1.0:
            run.tick()
            ticks += 1
            if not run.done:
                over = world.time
            if world.time >= stop_at:
                run.abort("told to stop")
            if scene.pose(task.thing)[0][2] - self._height < LIFTED:
                since = world.time
            self.lifted = self.lifted or world.time - since >= HELD
            if ticks % 25 == 0 and run.humanoid.has_fallen():
                self.fell = True
                break
        self.computed += time.thread_time() - clock
        self.attempts += 1
        self.reason = run.aborted

    def outcome(self, reason: str, body: StandingBody) -> Outcome:
        """Return what came of it; `reason` says why there was no plan in the end."""
        scene, thing = self._scene, self._task.thing
        where, _ = scene.pose(thing)
        moved = [float(np.linalg.norm(scene.pose(name)[0] - was)) for name, was in self._others.items()]
        speed = body.balance.com_velocity
        hands = body.state.joint_positions[ARMS] - HOME_POSTURE[ARMS]
        return Outcome(
            planned=self.attempts > 0,
            attempts=self.attempts,
            reason=reason or self.reason,
            lifted=self.lifted,
            place_error=float(np.linalg.norm(where[:2] - self._place)),
            upright=scene.on_table(thing) and bool(abs(where[2] - self._height) < 0.01),
            disturbed=max(moved),
            fell=self.fell,
            standing=not self.fell and bool(speed @ speed < 0.02**2 and np.abs(hands).max() < 0.1),
            simulated=scene.world.time - self._begin,
            computed=self.computed,
            planning=self.planning,
        )


def weigh(scene: Scene, thing: str, mass: float) -> None:
    """Make `thing` weigh `mass` kg."""
    body, client = scene.bodies[thing], scene.world.client
    before = pybullet.getDynamicsInfo(body, -1, physicsClientId=client)
    inertia = [mass / before[0] * value for value in before[2]]
    pybullet.changeDynamics(body, -1, mass=mass, localInertiaDiagonal=inertia, physicsClientId=client)


def stand_in_the_way(scene: Scene, plan: ManipulationPlan) -> int:
    """Put a fixed block of 6 cm where the palm passes on its way to the thing; return its body."""
    stages = {stage.name: stage for stage in plan.stages}
    goal: Pose | None = stages["pregrasp"].goal
    assert goal is not None
    client = scene.world.client
    shape = pybullet.createCollisionShape(
        pybullet.GEOM_BOX, halfExtents=[0.03, 0.03, 0.03], physicsClientId=client
    )
    ahead = goal.position + 0.05 * goal.rotation[:, 0] + 0.05 * goal.rotation[:, 1]
    body: int = pybullet.createMultiBody(0.0, shape, basePosition=ahead.tolist(), physicsClientId=client)
    return body
