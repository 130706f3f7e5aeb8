"""One walk of the locomotion benchmark, described by plain numbers so that any process can run it."""

from dataclasses import dataclass, replace

import numpy as np

from vla_course.motion.footsteps.plan import GoalPose
from vla_course.motion.ground.terrain_sight import TerrainSight
from vla_course.motion.planning.sighted_steps import SightedSteps
from vla_course.motion.standing.loop import Push
from vla_course.motion.walking.gait import GaitConfig
from vla_course.motion.walking.loop import walk
from vla_course.motion.walking.parts import WalkingParts
from vla_course.motion.walking.step_sources import VelocityCommand
from vla_course.reference.day3_humanoid_balance.walking import WalkingController
from vla_course.simulation.robot.anatomy import humanoid_links
from vla_course.simulation.robot.description import HumanoidDescription
from vla_course.simulation.robot.humanoid import Humanoid
from vla_course.simulation.robot.model import RobotModel
from vla_course.simulation.scene.terrain import Terrain
from vla_course.simulation.world.rotation import heading_of
from vla_course.simulation.world.world import World

ABLATIONS = ("nothing", "DCM feedback", "admittance", "step adjustment")
TREAD = 0.33
"""m, depth of a stair: on one of 0.30 m a map of 2 cm cells leaves no room for a sole from some starts"""
BEGIN = 0.2
"""s, when a walk begins"""


@dataclass(frozen=True)
class Episode:
    """A walk: the command, how long, on what, pushed how, and what is left out."""

    seed: int = 0
    forward: float = 0.0
    leftward: float = 0.0
    turning: float = 0.0
    seconds: float = 6.0
    rest: float = 0.0
    """s of standing after the walk"""
    terrain: str = "flat"
    size: float = 0.0
    """of the terrain: m of bumps and steps, rad of a slope"""
    varied: bool = False
    """link masses off by up to 10 %, friction 0.4 to 1.2"""
    position: tuple[float, float] = (0.0, 0.0)
    heading: float = 0.0
    push: tuple[float, float, float] | None = None
    """time s, direction rad from straight ahead, impulse over mass N s/kg"""
    without: str = "nothing"
    goal: float | None = None
    """m: instead of keeping a velocity, look at the ground, plan and go so far along x"""
    since: float = 0.0
    """s, from when on the way counts"""


@dataclass(frozen=True)
class Outcome:
    """How it ended."""

    fell: bool
    way: tuple[float, float, float]
    """ahead m, leftward m and turn rad of the pelvis, from `since` to the end"""
    seconds: float


class _NoFeedback(WalkingController):
    """Follows the plan with closed eyes."""

    def calculate_capture_zmp(self, state):
        return self.zmp_reference


def run(episode: Episode) -> Outcome:
    """Run one walk."""
    with World(episode.seed) as world:
        masses, friction = None, 1.0
        if episode.varied:
            names = [link.name for link in humanoid_links(HumanoidDescription())]
            masses = dict(zip(names, world.rng.uniform(0.9, 1.1, len(names)).tolist(), strict=True))
            friction = 0.4 + 0.8 * (episode.seed % 20) / 19.0
        _terrain(episode, world).build(world)
        humanoid = Humanoid(
            world,
            position=episode.position,
            heading=episode.heading,
            mass_scale=masses,
            foot_friction=friction,
        )
        if episode.goal is not None:
            return _sighted(humanoid, episode)
        command = VelocityCommand()

        def steer(elapsed):
            walking = BEGIN <= elapsed < BEGIN + episode.seconds
            command.forward = episode.forward if walking else 0.0
            command.leftward = episode.leftward if walking else 0.0
            command.turning = episode.turning if walking else 0.0

        record = walk(
            humanoid,
            command,
            BEGIN + episode.seconds + episode.rest,
            _pushes(episode, humanoid.mass),
            parts=_parts(episode.without),
            model=RobotModel(),
            moves_steps=episode.without != "step adjustment",
            each_tick=steer,
        )
    first = int(np.searchsorted(record.time, episode.since))
    turn = np.unwrap([heading_of(q) for q in record.base_orientation[first::10]])
    c, s = np.cos(episode.heading), np.sin(episode.heading)
    dx, dy = record.base_position[-1, :2] - record.base_position[first, :2]
    way = (c * dx + s * dy, c * dy - s * dx, turn[-1] - turn[0])
    return Outcome(record.fell, tuple(float(x) for x in way), float(record.time[-1]))


def _sighted(humanoid: Humanoid, episode: Episode) -> Outcome:
    """Walk to a goal over ground that the robot sees by its own cameras as it goes."""
    (x, y), goal = episode.position, episode.goal
    sight = TerrainSight((x - 0.6, goal + 1.0), (y - 1.0, y + 1.0))
    steps = SightedSteps(humanoid, GoalPose(goal, y), sight)
    record = walk(humanoid, steps, episode.seconds, model=RobotModel(), until_done=True)
    way = record.base_position[-1] - record.base_position[0]
    return Outcome(record.fell, (float(way[0]), float(way[1]), 0.0), float(record.time[-1]))


def gait_period() -> float:
    """Seconds of two steps."""
    gait = GaitConfig()
    return 2.0 * (gait.single_support + gait.double_support)


def _pushes(episode: Episode, mass: float) -> list[Push]:
    if episode.push is None:
        return []
    when, direction, impulse = episode.push
    towards = episode.heading + direction
    return [Push(when, (mass * impulse * np.cos(towards), mass * impulse * np.sin(towards), 0.0))]


def _parts(without: str) -> WalkingParts:
    parts = WalkingParts.reference()
    if without == "DCM feedback":
        return replace(parts, controller=_NoFeedback())
    if without == "admittance":
        return replace(parts, controller=WalkingController(replace(parts.controller.config, zmp_gain=0.0)))
    return parts


def _terrain(episode: Episode, world: World) -> Terrain:
    match episode.terrain:
        case "flat":
            return Terrain.flat()
        case "bumps":
            return Terrain.bumps(episode.size, 0.1, world.rng)
        case "slope":
            return Terrain.slope(episode.size)
        case "stairs":
            return Terrain.stairs(episode.size, TREAD)
        case "kerb":
            return Terrain.kerb(episode.size)
    raise ValueError(f"terrain is {episode.terrain!r}, expected flat, bumps, slope, stairs or kerb")
