"""What the robot presses on besides the ground, tick by tick: the table, itself, the person, and each thing."""

from dataclasses import dataclass
from typing import Final

from vla_course.simulation.robot.humanoid import Humanoid
from vla_course.simulation.scene.scene import Scene
from vla_course.simulation.world.engine import pybullet

KNOCK: Final = 10.0
"""N, above which a touch is a knock: the weight of a kilogram, where a resting fingertip presses with one or two"""
ITSELF: Final = "itself"
"""what a robot presses on whose links meet"""


@dataclass(slots=True)
class Touch:
    """How the robot has pressed on one thing since the beginning."""

    force: float = 0.0
    """N, the normal forces of all its points at the last tick"""
    mean: float = 0.0
    """N, the mean force since the look before, as of the last look"""
    greatest: float = 0.0
    """N, the greatest force of any tick"""
    knocks: int = 0
    """how often the force rose above `KNOCK`"""
    _sum: float = 0.0


class Contacts:
    """Counts the robot's contacts. Call `observe` after every tick and `look` now and then.

    Args:
        humanoid: the robot.
        scene: what it may touch.

    Attributes:
        touches: by name what the robot has pressed on so far: "table", "itself", "person" and names of things. A
            thing in the hand is pressed on all the while.
    """

    def __init__(self, humanoid: Humanoid, scene: Scene) -> None:
        self._humanoid, self._body, self._client = humanoid, humanoid.body, humanoid.client
        self._names = {body: name for name, body in scene.bodies.items()} | {humanoid.body: ITSELF}
        self._ticks = 0
        self.touches: dict[str, Touch] = {}

    def observe(self) -> None:
        """Take note of the contacts of the world's last step."""
        forces = dict.fromkeys(self.touches, 0.0)
        for contact in pybullet.getContactPoints(bodyA=self._body, physicsClientId=self._client):
            name = self._names.get(contact[2])
            # Points still up to 2 cm away are listed too, with no force.
            if name is not None and contact[9] > 0.0:
                forces[name] = forces.get(name, 0.0) + contact[9]
        for name, force in forces.items():
            touch = self.touches.setdefault(name, Touch())
            if force > KNOCK >= touch.force:
                touch.knocks += 1
            touch.force = force
            touch.greatest = max(touch.greatest, force)
            touch._sum += force
        self._ticks += 1

    def look(self) -> None:
        """Let the means of all touches be those of the ticks since the last look."""
        for touch in self.touches.values():
            touch.mean, touch._sum = touch._sum / max(self._ticks, 1), 0.0
        self._ticks = 0

    def mean(self, name: str) -> float:
        """Return the mean force N on something over the ticks between the last two looks."""
        return self.touches[name].mean if name in self.touches else 0.0

    def greatest(self, name: str) -> float:
        """Return the greatest force N on something so far."""
        return self.touches[name].greatest if name in self.touches else 0.0
