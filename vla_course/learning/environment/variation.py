"""How one robot differs from another of its kind: cameras mounted askew, links heavier or lighter, a smoother floor.

Layout, things, colours, light, and the masses and friction of things are the scene's own (`Scene.sample`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import radians
from typing import Final

import numpy as np
from numpy.typing import NDArray

from vla_course.motion.arms.pose import rotation_about
from vla_course.simulation.robot.anatomy import humanoid_links
from vla_course.simulation.robot.description import HumanoidDescription
from vla_course.simulation.scene.cameras import PLACES, Mount, Place

Array = NDArray[np.float64]
Vector = tuple[float, float, float]

SHIFTED: Final = 0.01
"""m, by which a camera may sit beside its place, each way"""
TILTED: Final = radians(1.5)
"""rad, by which it may be turned about each of its axes"""
HEAVIER: Final = 0.05
"""-, by which a link may be heavier or lighter"""
FRICTIONS: Final = (0.8, 1.1)
"""-, the least and greatest friction of the floor"""


@dataclass(frozen=True, slots=True)
class Askew:
    """How a camera sits beside where it ought to: m and rad (a rotation vector), in its own frame."""

    shift: Vector = (0.0, 0.0, 0.0)
    tilt: Vector = (0.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Variation:
    """What is different about a robot and its floor."""

    cameras: Mapping[Place, Askew] = field(default_factory=dict)
    """of those that sit askew"""
    masses: Mapping[str, float] = field(default_factory=dict)
    """factors on the masses of links, by name"""
    floor: float = 1.0
    """Coulomb friction of the floor"""


@dataclass(frozen=True, slots=True)
class AskewMount:
    """A camera's mount that sits a little beside another one."""

    mount: Mount
    askew: Askew

    def pose(self) -> tuple[Array, Array]:
        """Return position (3,) m and rotation (3, 3) of the camera frame in the world."""
        position, rotation = self.mount.pose()
        shift, tilt = np.array(self.askew.shift), np.array(self.askew.tilt)
        return position + rotation @ shift, rotation @ rotation_about(tilt)


def sample_variation(rng: np.random.Generator, strength: float = 1.0) -> Variation:
    """Draw a robot of its kind.

    Args:
        rng: draws it.
        strength: factor on `SHIFTED`, `TILTED`, `HEAVIER` and on how far the floor is from a friction of 1.
    """
    cameras = {
        place: Askew(_within(rng, strength * SHIFTED), _within(rng, strength * TILTED)) for place in PLACES
    }
    names = [link.name for link in humanoid_links(HumanoidDescription()) if link.mass > 0.0]
    factors = rng.uniform(1.0 - strength * HEAVIER, 1.0 + strength * HEAVIER, len(names)).tolist()
    floor = 1.0 + strength * (float(rng.uniform(*FRICTIONS)) - 1.0)
    return Variation(cameras, dict(zip(names, factors, strict=True)), floor)


def _within(rng: np.random.Generator, most: float) -> Vector:
    x, y, z = rng.uniform(-most, most, 3).tolist()
    return x, y, z
