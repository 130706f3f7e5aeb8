"""The numbers of a vision-language-action model, checked field by field."""

from dataclasses import dataclass, fields
from math import isfinite
from typing import Final, Literal, get_args

from vla_course.simulation.robot.layout import ARMS, JOINT_COUNT
from vla_course.simulation.scene.cameras import PLACES
from vla_course.simulation.tasks.instructions import SKILLS

Decoder = Literal["transformer", "lstm"]
DECODERS: Final[tuple[Decoder, ...]] = get_args(Decoder)

STATE_SIZE: Final = 2 * JOINT_COUNT + 2 + 3 + 3 + 4 + 3 + 4
"""joint positions rad and velocities rad/s (28 each), gripper openings (2), gravity's direction in the pelvis (3),
angular velocity of the pelvis rad/s (3), how far it has come m, m, rad and steps (4), stance rad, rad, m (3), where it
would stand if it closed its feet now m, m, rad, and which foot steps next (4)"""

MODALITIES: Final = ("vision", "language", "state", "target")
"""What a token may tell of, in the order in which models line them up."""

END: Final = "<end>"
PLAN_STEPS: Final = (
    END,
    "look",
    "walk",
    "turn",
    "reach",
    "point",
    "grasp",
    "lift",
    "carry",
    "put down",
    "release",
    "stand",
)
"""The words of a plan. The first one ends it."""


@dataclass(frozen=True)
class VLAConfig:
    """Names of the encoders, sizes of everything that is trained, and what a plan may say.

    Raises:
        ValueError: a field is out of its range, or two of them do not fit; the message names the field.
    """

    vision_model_name: str = "vision"
    """"vision" (shipped), a folder, or a name on the hub"""
    language_model_name: str = "language"
    """"language" (shipped), a folder, or a name on the hub"""
    fine_tune_vision: bool = False
    """whether training reaches into the vision encoder"""
    fine_tune_language: bool = False
    hidden_size: int = 128
    """width of a token once it is projected"""
    num_attention_heads: int = 4
    intermediate_size: int = 512
    """width inside of a transformer's perceptron"""
    num_fusion_layers: int = 3
    decoder: Decoder = "transformer"
    """how the steps of a chunk know of those before them"""
    num_decoder_layers: int = 2
    dropout: float = 0.1
    """share of values dropped in training"""
    action_dim: int = ARMS.stop - ARMS.start
    """numbers of one action of `VLAModel`: both arms"""
    num_joints: int = JOINT_COUNT
    """numbers of one action of `HumanoidVLA`: the whole body"""
    chunk: int = 8
    """actions planned at once"""
    state_dim: int = STATE_SIZE
    cameras: tuple[str, ...] = PLACES
    tasks: tuple[str, ...] = SKILLS
    """what a command may ask for"""
    plan_steps: tuple[str, ...] = PLAN_STEPS
    """words of a plan, `END` first"""
    max_task_sequence_length: int = 8

    @property
    def num_tasks(self) -> int:
        return len(self.tasks)

    @property
    def vocab_size(self) -> int:
        """How many words a plan may use, its end included."""
        return len(self.plan_steps)

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if field.type is int and (type(value) is not int or value < 1):
                self._refuse(field.name, "a whole number from 1")
            if field.type is bool and type(value) is not bool:
                self._refuse(field.name, "True or False")
            if field.type is str and not (isinstance(value, str) and value.strip()):
                self._refuse(field.name, "a name or a folder")
        if self.hidden_size % self.num_attention_heads or self.hidden_size % 2:
            self._refuse(
                "hidden_size", f"an even multiple of num_attention_heads, {self.num_attention_heads}"
            )
        if self.decoder not in DECODERS:
            self._refuse("decoder", f"one of {DECODERS}")
        if not (
            isinstance(self.dropout, int | float) and isfinite(self.dropout) and 0.0 <= self.dropout < 1.0
        ):
            self._refuse("dropout", "a share from 0 up to, not including, 1")
        self._check_names()

    def _check_names(self) -> None:
        for name in ("cameras", "tasks", "plan_steps"):
            names = getattr(self, name)
            if not isinstance(names, tuple) or not names or len(set(names)) < len(names):
                self._refuse(name, "a tuple of different names")
        for camera in self.cameras:
            if camera not in PLACES:
                self._refuse("cameras", f"some of {PLACES}")
        if self.plan_steps[0] != END or len(self.plan_steps) < 2:
            self._refuse("plan_steps", f"{END!r} first, and a step at least")

    def _refuse(self, field: str, expected: str) -> None:
        raise ValueError(f"VLAConfig.{field} is {getattr(self, field)!r}, expected {expected}")
