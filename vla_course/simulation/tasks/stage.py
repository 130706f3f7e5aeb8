"""The stage of a task: robot and scene in a world, how both were in the beginning, and what has happened since."""

from collections.abc import Set
from math import atan2, cos, hypot, sin
from typing import Final

import numpy as np

from vla_course.simulation.robot.humanoid import Humanoid
from vla_course.simulation.robot.layout import SIDES
from vla_course.simulation.robot.state import FloatArray, Side
from vla_course.simulation.scene.scene import Scene
from vla_course.simulation.scene.things import EVERY_SHAPE, colour_and_shape
from vla_course.simulation.tasks.contacts import ITSELF, Contacts
from vla_course.simulation.world.engine import pybullet
from vla_course.simulation.world.rotation import heading_of, rotation_matrix, wrapped
from vla_course.simulation.world.world import World

LOOK: Final = 0.02
"""s between two looks"""
MOVED: Final = 0.03
"""m, a thing that may stay where it is and has moved farther was knocked about"""
DROPPED: Final = 0.05
"""m, a thing so far below the table top has fallen off it"""
BUMP: Final = 10.0
"""N, with which a robot that touches the person has bumped into them"""
LEANS: Final = 25.0
"""N, with which a robot that touches the table leans on it or hits it: a finger of its gripper presses with as much,
so that fingertips may rest beside what they grasp"""
COLLIDES: Final = 50.0
"""N, with which links of the robot that touch each other have collided"""
LOADED: Final = 50.0
"""N, on a sole that stands"""
AT_REST: Final = 0.05
"""m/s, the greatest speed of the pelvis of a robot at rest"""

_BLOWS: Final = (
    ("person", BUMP, "bumped into the person"),
    ("table", LEANS, "hit the table"),
    (ITSELF, COLLIDES, "collided with itself"),
)
"""what the robot touches, the greatest force N, and what went wrong beyond it"""
_HAND_LINKS: Final = ("palm", "finger_1", "finger_2")


class Stage:
    """A robot before its scene. Make one with `Task.start`; call `look` after every tick.

    Args:
        world, scene, humanoid: what is on stage, as it is in the beginning.
        movable: the things that the task may move.
        hand: the one hand that may touch them; None where either may.

    Attributes:
        state: the robot's state at the last look.
        turned: rad, by which the trunk has turned from where the feet faced in the beginning, positive to the left,
            full turns counted.
        fell: whether the robot has fallen, whatever went wrong before.
        failure: the first thing that went wrong: "fell", "moved the green box", "dropped the red cup", "bumped into
            the person", "hit the table", "collided with itself", "wrong hand"; empty as long as nothing did. Forces
            count as their mean between two looks.
        contacts: what the robot has pressed on, and how hard, tick by tick.
        part: which part of the task is under way, 0 the first; `begin` begins the next one.
        first_feet, first_heading: (2,) m and rad, where the middle between the feet was, and where they faced, as the
            part began.
        reached_since: s, world time from which on the part's goal has been reached, kept by the task.
    """

    def __init__(
        self,
        world: World,
        scene: Scene,
        humanoid: Humanoid,
        movable: Set[str] = frozenset(),
        hand: Side | None = None,
    ) -> None:
        self.world, self.scene, self.humanoid = world, scene, humanoid
        self.things = tuple(thing.name for thing in scene.description.things)
        self.fell, self.failure, self.part = False, "", -1
        self.begin(movable, hand)
        self._hands = {
            side: {humanoid.link_index(f"{side}_{link}") for link in _HAND_LINKS} for side in SIDES
        }
        self.contacts = Contacts(humanoid, scene)
        self._next_look = world.time

    def begin(self, movable: Set[str], hand: Side | None) -> None:
        """Begin a part of the task: ways, turns and places are measured from how all stands now."""
        self.movable, self.hand, self.part = movable, hand, self.part + 1
        self.state = self.humanoid.state()
        self.reached_since: float | None = None
        self._position = self.state.base_position[:2].copy()
        # A trunk may still be twisted from work: where the robot faces is where its feet do.
        ahead = np.sum([self.axis(f"{side}_sole")[1] for side in SIDES], axis=0)
        self._heading = atan2(ahead[1], ahead[0])
        self._last_heading = heading_of(self.state.base_orientation)
        self.turned = wrapped(self._last_heading - self._heading)
        self._soles = self._sole_places()
        self.first_feet, self.first_heading = self._soles.mean(axis=0)[:2], self._heading
        self._begin = {name: self.scene.pose(name)[0] for name in self.things}

    def look(self) -> bool:
        """Look at the stage, unless it was looked at less than `LOOK` s ago; tell whether it was.

        Contacts are counted each time.
        """
        self.contacts.observe()
        if self.world.time < self._next_look - 1e-9:
            return False
        self._next_look = self.world.time + LOOK
        self.state = self.humanoid.state()
        heading = heading_of(self.state.base_orientation)
        self.turned += wrapped(heading - self._last_heading)
        self._last_heading = heading
        self.contacts.look()
        self.fell = self.fell or self.humanoid.has_fallen()
        self.failure = self.failure or self._gone_wrong()
        return True

    def _gone_wrong(self) -> str:
        if self.fell:
            return "fell"
        top = self.scene.description.table.position[2]
        for name, begin in self._begin.items():
            now = self.scene.pose(name)[0]
            if now[2] < top - DROPPED:
                return f"dropped the {name}"
            if name not in self.movable and np.linalg.norm(now - begin) > MOVED:
                return f"moved the {name}"
        for name, most, told in _BLOWS:
            if self.contacts.mean(name) > most:
                return told
        if self.hand is not None and any(self.touching(name) - {self.hand} for name in self.movable):
            return "wrong hand"
        return ""

    # ---- the robot -----------------------------------------------------------------------------

    def way(self) -> tuple[float, float]:
        """Return how far m the pelvis is ahead of, and to the left of, where it began, along its first heading."""
        (x, y), c, s = (
            (self.state.base_position[:2] - self._position).tolist(),
            cos(self._heading),
            sin(self._heading),
        )
        return c * x + s * y, c * y - s * x

    def stands(self) -> bool:
        """Tell whether the robot is at rest on both feet."""
        speed = float(np.linalg.norm(self.state.base_linear_velocity))
        return speed < AT_REST and all(sole.force > LOADED for sole in self.humanoid.sole_contacts())

    def feet_moved(self) -> float:
        """Return how far m the sole that moved more is from where it began."""
        return float(np.linalg.norm(self._sole_places() - self._soles, axis=1).max())

    def feet(self) -> FloatArray:
        """Return the middle between the feet (2,) m."""
        middle: FloatArray = self._sole_places().mean(axis=0)[:2]
        return middle

    @property
    def heading(self) -> float:
        """Where the robot faces, rad."""
        return heading_of(self.state.base_orientation)

    def axis(self, link: str) -> tuple[FloatArray, FloatArray]:
        """Return where a frame of the robot is, (3,) m, and where its x axis points, (3,)."""
        position, orientation = self.humanoid.link_pose(link)
        return position, rotation_matrix(orientation)[:, 0]

    def _sole_places(self) -> FloatArray:
        return np.array([self.humanoid.link_pose(f"{side}_sole")[0] for side in SIDES])

    # ---- things --------------------------------------------------------------------------------

    def place(self, name: str) -> FloatArray:
        """Return where the middle of a thing is, (3,) m."""
        return self.scene.pose(name)[0]

    def raised(self, name: str) -> float:
        """Return how much higher m a thing is than it was in the beginning."""
        return float(self.place(name)[2] - self._begin[name][2])

    def bottom(self, name: str) -> float:
        """Return the height m of the bottom of an upright thing."""
        return float(self.place(name)[2] - height_of(name) / 2.0)

    def upright(self, name: str) -> bool:
        """Tell whether a thing stands as it should, less than 15 degrees from upright; a ball always does."""
        _, shape = colour_and_shape(name)
        return shape == "ball" or rotation_matrix(self.scene.pose(name)[1])[2, 2] > cos(0.26)

    def left_alone(self, name: str) -> bool:
        """Tell whether a thing lies still, and no hand touches it."""
        linear, _ = pybullet.getBaseVelocity(self.scene.bodies[name], physicsClientId=self.world.client)
        return hypot(*linear) < 0.02 and not self._contacts(name)

    def touching(self, name: str) -> set[Side]:
        """Return the hands that press on a thing."""
        links = {contact[3] for contact in self._contacts(name)}
        return {side for side in SIDES if links & self._hands[side]}

    def borne(self, name: str) -> float:
        """Return with how many N a thing presses on table and other things: 0 where it hangs in the air."""
        contacts = pybullet.getContactPoints(self.scene.bodies[name], physicsClientId=self.world.client)
        return float(sum(contact[9] for contact in contacts if contact[2] != self.humanoid.body))

    def grip_on(self, name: str, side: Side) -> float:
        """Return with how many N the finger of a hand that presses less on a thing does: 0 where it is not held."""
        forces = dict.fromkeys((self.humanoid.link_index(f"{side}_finger_{k}") for k in (1, 2)), 0.0)
        for contact in self._contacts(name):
            if contact[3] in forces:
                forces[int(contact[3])] += contact[9]
        return min(forces.values())

    def seen_from_front(self, there: FloatArray, origin: FloatArray) -> tuple[float, float]:
        """Return how far m `there` (2,) or (3,) is behind `origin`, and to its left, as seen from the table's front.

        There a robot stands that looks along the world's x: `Scene.sample` puts all things within its reach.
        """
        behind, left = (there[:2] - origin[:2]).tolist()
        return behind, left

    def _contacts(self, name: str) -> list[tuple[float, ...]]:
        """Return the contacts of the robot with something, those that press."""
        contacts = pybullet.getContactPoints(
            self.humanoid.body, self.scene.bodies[name], physicsClientId=self.world.client
        )
        return [contact for contact in contacts if contact[9] > 0.0]


def height_of(name: str) -> float:
    """Return how tall m a thing is."""
    return EVERY_SHAPE[colour_and_shape(name)[1]].size[2]


def radius_of(name: str) -> float:
    """Return half the width m of a thing."""
    return EVERY_SHAPE[colour_and_shape(name)[1]].size[0] / 2.0
