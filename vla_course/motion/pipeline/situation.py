"""What the pipeline knows of robot and world when it is asked."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from vla_course.motion.footsteps.footstep import Footstep
from vla_course.motion.footsteps.plan import Stance, middle_of
from vla_course.motion.ground.obstacles import Obstacle
from vla_course.motion.ground.terrain_map import TerrainMap
from vla_course.motion.hands.scene import tabletop_in, thing_in
from vla_course.motion.hands.things import Graspable, Tabletop
from vla_course.motion.hands.ways import Situation
from vla_course.simulation.robot.humanoid import HOME_POSTURE, Humanoid
from vla_course.simulation.robot.model import RobotModel
from vla_course.simulation.robot.state import RobotState, Side
from vla_course.simulation.scene.scene import Scene
from vla_course.simulation.world.rotation import heading_of


@dataclass(frozen=True, slots=True, eq=False)
class KnownThing:
    """A thing that a hand may take. Raises ValueError: it weighs nothing."""

    shape: Graspable
    mass: float = 0.2
    """kg, as far as known"""

    def __post_init__(self) -> None:
        if not 0.0 < self.mass < float("inf"):
            raise ValueError(f"KnownThing.mass is {self.mass}, expected more than 0 kg")


@dataclass(frozen=True, slots=True, eq=False)
class RobotSituation:
    """The robot as it feels itself, and the world as it was seen."""

    robot: RobotState
    terrain: TerrainMap
    obstacles: tuple[Obstacle, ...] = ()
    """those that stand on the ground, without the table"""
    table: Tabletop | None = None
    things: Mapping[str, KnownThing] = field(default_factory=dict)

    def thing(self, name: str) -> KnownThing:
        """Return a thing. Raises ValueError: none of this name is known."""
        if name not in self.things:
            known = ", ".join(sorted(self.things)) or "nothing"
            raise ValueError(f"the thing is {name!r}, expected one that is known: {known}")
        return self.things[name]

    def around(self, name: str) -> Situation:
        """Return table and things as a hand's planner wants them, without the thing `name` itself."""
        others = tuple(thing.shape for other, thing in self.things.items() if other != name)
        return Situation(self.table, others)


def feet_of(state: RobotState, model: RobotModel) -> Stance:
    """Return where the soles are; `model` is moved to `state`."""
    model.update(state)

    def foot(side: Side) -> Footstep:
        position, rotation = model.frame_position(f"{side}_sole"), model.frame_rotation(f"{side}_sole")
        x, y, z = position.tolist()
        return Footstep(side, x, y, z, float(np.arctan2(rotation[1, 0], rotation[0, 0])))

    return Stance(foot("left"), foot("right"))


def after_walk(situation: RobotSituation, start: Stance, end: Stance) -> RobotSituation:
    """Return the situation of a robot at home again, at rest, that has walked from `start` to `end`.

    It is what can be said before it has walked: the middle between its feet has moved, the robot with it.
    """
    robot = situation.robot
    here, there = middle_of(start), middle_of(end)
    turn = there.yaw - here.yaw
    c, s = np.cos(turn), np.sin(turn)
    dx, dy, z = (robot.base_position - (here.x, here.y, 0.0)).tolist()
    rise = (end.left.z + end.right.z - start.left.z - start.right.z) / 2.0
    yaw = heading_of(robot.base_orientation) + turn
    still = np.zeros(3)
    moved = replace(
        robot,
        base_position=np.array((there.x + c * dx - s * dy, there.y + s * dx + c * dy, z + rise)),
        base_orientation=np.array((0.0, 0.0, np.sin(yaw / 2.0), np.cos(yaw / 2.0))),
        base_linear_velocity=still,
        base_angular_velocity=still,
        joint_positions=np.array(HOME_POSTURE),
        joint_velocities=np.zeros(len(HOME_POSTURE)),
    )
    return replace(situation, robot=moved)


def situation_of(
    humanoid: Humanoid, terrain: TerrainMap, obstacles: tuple[Obstacle, ...] = (), scene: Scene | None = None
) -> RobotSituation:
    """Return what a robot would know that sees everything: the truth about a simulated world."""
    if scene is None:
        return RobotSituation(humanoid.state(), terrain, obstacles)
    things: dict[str, KnownThing] = {}
    for one in scene.description.things:
        things[one.name] = KnownThing(thing_in(scene, one.name), one.mass)
    return RobotSituation(humanoid.state(), terrain, obstacles, tabletop_in(scene), things)
