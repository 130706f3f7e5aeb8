"""What of a command is to be done now: who is to put a thing somewhere takes it first.

So what is learned of taking things is learned once, whatever becomes of them, and a policy that lost a thing on the
way takes it again.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from vla_course.learning.environment.proprioception import STATE
from vla_course.learning.expert.around import ROLES
from vla_course.simulation.scene.things import SHAPES, colour_and_shape
from vla_course.simulation.tasks.instructions import Instruction, Skill

Floats = NDArray[np.float32]

PUTS: Final[tuple[Skill, ...]] = ("place", "move to")
LIFTED: Final = 0.02
"""m, over where it would stand on the table: a thing so high has been taken"""
THERE: Final = 0.06
"""m, beside its spot: a thing so near is being put down, or stands there"""


def is_taken(thing: str, places: Floats, table: Floats, state: Floats) -> NDArray[np.bool_]:
    """Tell whether a thing has been taken, and is to be brought, put down or let go (...).

    Args:
        thing: its name.
        places: (..., 4, 4) as `Around` has them.
        table: (..., 6) as well.
        state: (..., 75) of the robot: which way is up.
    """
    up = -state[..., STATE.gravity]
    middle, spot = places[..., ROLES.index("thing"), :], places[..., ROLES.index("spot"), :]
    half = SHAPES[colour_and_shape(thing)[1]].size[2] / 2.0
    lifted = _along(middle[..., :3] - table[..., :3], up) > half + LIFTED
    away = middle[..., :3] - spot[..., :3]
    level = away - _along(away, up)[..., None] * up
    there = (np.linalg.norm(level, axis=-1) < THERE) & (spot[..., 3] > 0.0)
    return (lifted | there) & (middle[..., 3] > 0.0)


def _along(ways: Floats, up: Floats) -> Floats:
    height: Floats = (ways * up).sum(axis=-1)
    return height


def taking(instruction: Instruction) -> Instruction:
    """Return what is to be done first: to pick up the thing."""
    return Instruction("pick up", thing=instruction.thing)


def without_aim(places: Floats) -> Floats:
    """Return places (..., 4, 4) as one is told them who takes a thing: where it is to be put is nothing yet."""
    bare = np.zeros_like(places)
    thing = ROLES.index("thing")
    bare[..., thing, :] = places[..., thing, :]
    return bare
