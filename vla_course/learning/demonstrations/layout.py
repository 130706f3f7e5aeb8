"""What is recorded at every decision, under which name, in which shape: the columns of the dataset.

Names that LeRobot knows are LeRobot's (`observation.state`, `action`, `next.done` ...); its policies learn from those.
The others are for whoever asks for them.
"""

from dataclasses import dataclass
from typing import Final, Literal

from vla_course.learning.environment.proprioception import STATE
from vla_course.learning.expert.around import NEIGHBOURS, ROLES
from vla_course.simulation.robot.layout import ACTION, GRIPPER_NAMES, JOINT_NAMES, SIDES
from vla_course.simulation.scene.cameras import PLACES, Place


class DemonstrationFault(ValueError):
    """Demonstrations that cannot be read or collected; the message names the file, the field, and what was expected."""


VERSION: Final = "v3.0"
"""of LeRobot's dataset format"""
ROBOT: Final = "vla_course_humanoid"
STATE_KEY: Final = "observation.state"
HANDS_KEY: Final = "observation.hands"
ACTION_KEY: Final = "action"
EXECUTED_KEY: Final = "executed_action"
TARGET_KEY: Final = "target.position"
TABLE_KEY: Final = "scene.table"
THINGS_KEY: Final = "scene.things"
WAY_KEY: Final = "target.way"
PIXELS_KEY: Final = "target.pixels"
SUBTASK_KEY: Final = "subtask_index"

_AXES: Final = ("x", "y", "z")
_BASE: Final = ("forward", "leftward", "turning")
_STANCE: Final = ("bow", "turn", "height")

ACTION_NAMES: Final = (
    *JOINT_NAMES,
    *(f"base_{part}" for part in _BASE),
    *(f"stance_{part}" for part in _STANCE),
    *GRIPPER_NAMES,
)
"""(36) the numbers of an action, in the order of `simulation.robot.layout.ACTION`"""
STATE_NAMES: Final = (
    *(f"{joint}.position" for joint in JOINT_NAMES),
    *(f"{joint}.velocity" for joint in JOINT_NAMES),
    *GRIPPER_NAMES,
    *(f"gravity_{axis}" for axis in _AXES),
    *(f"angular_velocity_{axis}" for axis in _AXES),
    *(f"odometry_{part}" for part in ("ahead", "leftward", "turned", "steps")),
    *(f"stance_{part}" for part in _STANCE),
    *(f"footing_{part}" for part in ("ahead", "leftward", "turned", "side")),
)
"""(75) the numbers of a state, in the order of `learning.environment.proprioception.STATE`"""
HAND_NAMES: Final = tuple(f"{side}_{part}" for side in SIDES for part in (*_AXES, "qx", "qy", "qz", "qw"))
"""(14) where each hand's tool point is in the pelvis frame, m, and how it is turned, a quaternion"""

assert len(ACTION_NAMES) == ACTION.size
assert len(STATE_NAMES) == STATE.size

SUBTASKS: Final = (
    *("stand", "walk", "turn", "look", "approach", "reach"),
    *("grasp", "lift", "carry", "put down", "let go", "hold"),
)
"""what the expert may be about"""

Dtype = Literal["float32", "int64", "bool", "image"]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the dataset: what each frame has there."""

    dtype: Dtype
    shape: tuple[int, ...]
    names: tuple[str, ...] | None = None

    def to_json(self) -> dict[str, object]:
        """As `meta/info.json` has it."""
        names = None if self.names is None else list(self.names)
        return {"dtype": self.dtype, "shape": list(self.shape), "names": names}


def image_key(place: Place) -> str:
    """Return the column of a camera's pictures."""
    return f"observation.images.{place}"


def depth_key(place: Place) -> str:
    """Return the column of a camera's depth: 16-bit pictures of millimetres, 0 where there is nothing."""
    return f"observation.depth.{place}"


def columns(image_size: int | None, depth: bool = False) -> dict[str, Column]:
    """Return every column of a dataset by its name.

    `action` is what the expert intended and `executed_action` what the robot was told (the two differ by the injected
    noise). `target.position` is where each of `ROLES` is, m in the pelvis frame, `scene.table` the middle of the
    table's top, m, and cosine and sine of its heading there, `scene.things` where the `NEIGHBOURS` are, the nearest
    first, `target.way` what is left to go to where the robot is to stand (m ahead, m to the left, rad, from where it
    would stand if it closed its feet now), and `target.pixels` where each camera sees the thing: u and v from 0 (left,
    top) to 1, and 1 where it is in sight; all are 0 where there is none. A policy gets none of these: they are known to
    whoever wrote the scene.

    Args:
        image_size: pixels, of the square pictures; None: there are no pictures.
        depth: whether depth was kept.
    """
    picture = ("height", "width", "channels")
    pictures: dict[str, Column] = {}
    sights: dict[str, Column] = {}
    if image_size is not None:
        seen = tuple(f"{place}_{part}" for place in PLACES for part in ("u", "v", "in_sight"))
        sights = {PIXELS_KEY: Column("float32", (len(seen),), seen)}
        pictures = {
            image_key(place): Column("image", (image_size, image_size, 3), picture) for place in PLACES
        }
        if depth:
            pictures |= {
                depth_key(place): Column("image", (image_size, image_size, 1), picture) for place in PLACES
            }
    targets = tuple(f"{role}_{axis}" for role in ROLES for axis in _AXES)
    neighbours = tuple(f"{number}_{axis}" for number in range(NEIGHBOURS) for axis in _AXES)
    return pictures | {
        STATE_KEY: Column("float32", (len(STATE_NAMES),), STATE_NAMES),
        HANDS_KEY: Column("float32", (len(HAND_NAMES),), HAND_NAMES),
        ACTION_KEY: Column("float32", (len(ACTION_NAMES),), ACTION_NAMES),
        EXECUTED_KEY: Column("float32", (len(ACTION_NAMES),), ACTION_NAMES),
        TARGET_KEY: Column("float32", (len(targets),), targets),
        TABLE_KEY: Column("float32", (5,), (*_AXES, "cos_heading", "sin_heading")),
        THINGS_KEY: Column("float32", (len(neighbours),), neighbours),
        WAY_KEY: Column("float32", (3,), ("ahead", "leftward", "turn")),
        **sights,
        SUBTASK_KEY: Column("int64", (1,)),
        "next.reward": Column("float32", (1,)),
        "next.done": Column("bool", (1,)),
        "next.success": Column("bool", (1,)),
        "timestamp": Column("float32", (1,)),
        "frame_index": Column("int64", (1,)),
        "episode_index": Column("int64", (1,)),
        "index": Column("int64", (1,)),
        "task_index": Column("int64", (1,)),
    }
