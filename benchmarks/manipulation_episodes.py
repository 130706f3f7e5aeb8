"""Episodes at a table, by number: a scene drawn from the seed, one thing to take, one place to put it."""

import time
from dataclasses import dataclass, replace

import numpy as np

from vla_course.motion.arm_pose import Pose
from vla_course.motion.manipulation_plan import ManipulationPlan, NoPlan
from vla_course.motion.manipulation_run import ManipulationRun
from vla_course.motion.manipulation_scene import tabletop_in, thing_in
from vla_course.motion.manipulation_standing import StandingManipulator
from vla_course.motion.manipulation_ways import Situation
from vla_course.simulation.engine import pybullet
from vla_course.simulation.humanoid import Humanoid
from vla_course.simulation.scene import CLEARANCE, THINGS, Scene, SceneDescription, Thing
from vla_course.simulation.scene_parts import TABLE_SIZE
from vla_course.simulation.world import World

Array = np.ndarray
TABLE_HEIGHTS = (0.60, 0.84)
"""m"""
DEPTHS, SIDE = (0.05, 0.18), 0.42
"""m, from the table's edge, and to either side of the robot: where things stand and are put"""
TRANSPORT = (0.12, 0.45)
"""m, how far a thing is to be carried"""
LIFTED, HELD = 0.10, 2.0
"""m and s: what counts as lifted and held"""


@dataclass(frozen=True)
class Task:
    """What an episode asks for."""

    seed: int
    thing: Thing
    noise: float = 0.0
    """m, standard deviation an axis of where the planner believes the thing to be"""
    uniform_noise: float = 0.0
    """m, greatest error an axis of the same"""
    mass: float | None = None
    """kg, of the thing, instead of the 50 to 300 g of the scene"""
    obstacle: bool = False
    """whether something that nobody told of stands in the hand's way"""
    stop: bool = False
    """whether somebody says stop while the hand reaches"""


@dataclass(frozen=True)
class Outcome:
    """What came of it."""

    planned: bool
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


def draw_scene(rng: np.random.Generator, wanted: Thing) -> tuple[SceneDescription, Array]:
    """Return a scene with three things on a table of any height, and a place (2,) m to put the wanted one."""
    scene = Scene.sample(rng, person=False)
    height, (x, y, _) = rng.uniform(*TABLE_HEIGHTS), scene.table.position
    edge, spots = x - TABLE_SIZE[0] / 2, list[Array]()
    while len(spots) < 4:
        spot = np.array([edge + rng.uniform(*DEPTHS), rng.uniform(-SIDE, SIDE)])
        apart = all(np.linalg.norm(spot - other) >= CLEARANCE for other in spots)
        if len(spots) == 3:
            apart = apart and TRANSPORT[0] <= np.linalg.norm(spot - spots[0]) <= TRANSPORT[1]
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
    """Stand at the table, look, plan, act; the same task gives the same outcome."""
    rng = np.random.default_rng(1000 * task.seed + THINGS.index(task.thing))
    description, place = draw_scene(rng, task.thing)
    with World(task.seed) as world:
        humanoid = Humanoid(world)
        scene = Scene.build(world, description)
        if task.mass is not None:
            _weigh(scene, task.thing, task.mass)
        robot = StandingManipulator(humanoid)
        robot.stand(0.3)
        begin = time.thread_time()
        truth = thing_in(scene, task.thing)
        error = rng.normal(0.0, 1.0, 3) * task.noise + rng.uniform(-1.0, 1.0, 3) * task.uniform_noise
        believed = replace(truth, position=truth.position + error)
        others = tuple(thing_in(scene, name) for name in THINGS if name != task.thing)
        situation = Situation(tabletop_in(scene), others)
        try:
            plan = robot.plan_pick_and_place(believed, place, situation)
        except NoPlan as why:
            planning = time.thread_time() - begin
            return Outcome(False, str(why), False, np.inf, False, 0.0, False, True, 0.0, 0.0, planning)
        planning = time.thread_time() - begin
        if task.obstacle:
            _stand_in_the_way(scene, plan)
        run = robot.start(plan)
        stop_at = world.time + rng.uniform(1.0, 3.5) if task.stop else np.inf
        return _act(run, scene, task, place, truth.position[2], planning, stop_at)


def _act(
    run: ManipulationRun,
    scene: Scene,
    task: Task,
    place: Array,
    height: float,
    planning: float,
    stop_at: float,
) -> Outcome:
    world, humanoid = scene.world, run.humanoid
    others = {name: scene.pose(name)[0] for name in THINGS if name != task.thing}
    since = over = begin = world.time
    clock = time.thread_time()
    lifted, fell, ticks = False, False, 0
    while not run.done or world.time < over + 1.0:
        run.tick()
        ticks += 1
        if not run.done:
            over = world.time
        if world.time >= stop_at:
            run.abort("told to stop")
        if scene.pose(task.thing)[0][2] - height < LIFTED:
            since = world.time
        lifted = lifted or world.time - since >= HELD
        if ticks % 25 == 0 and humanoid.has_fallen():
            fell = True
            break
    computed = time.thread_time() - clock
    where, (qx, qy, _, _) = scene.pose(task.thing)
    return Outcome(
        planned=True,
        reason=run.aborted,
        lifted=lifted,
        place_error=float(np.linalg.norm(where[:2] - place)),
        upright=scene.on_table(task.thing) and bool(abs(where[2] - height) < 0.01),
        disturbed=max(float(np.linalg.norm(scene.pose(name)[0] - was)) for name, was in others.items()),
        fell=fell,
        standing=not fell and run.body.balance.com_velocity @ run.body.balance.com_velocity < 0.02**2,
        simulated=world.time - begin,
        computed=computed,
        planning=planning,
    )


def _weigh(scene: Scene, thing: Thing, mass: float) -> None:
    body, client = scene.bodies[thing], scene.world.client
    before = pybullet.getDynamicsInfo(body, -1, physicsClientId=client)
    inertia = [mass / before[0] * value for value in before[2]]
    pybullet.changeDynamics(body, -1, mass=mass, localInertiaDiagonal=inertia, physicsClientId=client)


def _stand_in_the_way(scene: Scene, plan: ManipulationPlan) -> None:
    """Put a fixed block of 6 cm where the palm passes on its way to the thing."""
    stages = {stage.name: stage for stage in plan.stages}
    goal: Pose | None = stages["pregrasp"].goal
    assert goal is not None
    client = scene.world.client
    shape = pybullet.createCollisionShape(
        pybullet.GEOM_BOX, halfExtents=[0.03, 0.03, 0.03], physicsClientId=client
    )
    ahead = goal.position + 0.05 * goal.rotation[:, 0] + 0.05 * goal.rotation[:, 1]
    pybullet.createMultiBody(0.0, shape, basePosition=ahead.tolist(), physicsClientId=client)
