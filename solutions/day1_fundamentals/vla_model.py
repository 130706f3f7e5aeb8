"""The vision-language-action model: it sees, reads, feels its joints, and answers with a plan and with actions."""

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional

from vla_course.learning.encoders.encoders import (
    LanguageEncoder,
    VisionEncoder,
    load_language_encoder,
    load_vision_encoder,
)
from vla_course.learning.model.attention import OutputAttention, output_attention, recorded
from vla_course.learning.model.inputs import check_commands, check_state
from vla_course.learning.model.joint_range import JointRange, joint_range
from vla_course.learning.model.vla_config import VLAConfig

from .action_head import ActionHead
from .fusion import ModalityFusion
from .planning import TaskPlanningHead
from .temporal import TemporalDecoder


class VLAModel(nn.Module):
    """One camera, one command and the robot's state in; a chunk of actions and a plan out.

    Args:
        config: all sizes, and the names of the encoders (default: the shipped ones).
        vision_encoder, language_encoder: used in place of those that `config` names.
        limits: of the joints that an action speaks of; default: both arms' (14), or all joints' (28).

    Raises:
        ValueError: there are not `config.action_dim` limits.
    """

    def __init__(
        self,
        config: VLAConfig | None = None,
        vision_encoder: VisionEncoder | None = None,
        language_encoder: LanguageEncoder | None = None,
        limits: JointRange | None = None,
    ) -> None:
        super().__init__()
        self.config = config = config or VLAConfig()
        self.vision_encoder = vision_encoder or load_vision_encoder(
            config.vision_model_name, fine_tune=config.fine_tune_vision
        )
        self.language_encoder = language_encoder or load_language_encoder(
            config.language_model_name, fine_tune=config.fine_tune_language
        )
        self.fusion = ModalityFusion(
            config, self.vision_encoder.width, self.language_encoder.width, self.vision_encoder.grid
        )
        self.decoder = TemporalDecoder(config)
        limits = limits or joint_range(config.action_dim)
        if len(limits.lower) != config.action_dim:
            raise ValueError(f"limits are of {len(limits.lower)} joints, expected {config.action_dim} (action_dim)")
        self.action_decoder = ActionHead(config.hidden_size, limits)
        self.task_planner = TaskPlanningHead(config)

    def forward(
        self,
        pixel_values: Tensor,
        input_ids: Tensor,
        attention_mask: Tensor,
        robot_state: Tensor | None = None,
        sequence_length: int | None = None,
    ) -> dict[str, Tensor]:
        """Answer for a batch.

        Args:
            pixel_values: (batch, 3, height, width), as `preprocess_image` makes them.
            input_ids, attention_mask: (batch, words), as `language_encoder.tokenize` makes them.
            robot_state: (batch, state), or None.
            sequence_length: actions to plan, default `config.chunk`.

        Returns:
            `action_logits`, `actions` (in [-1, 1]) and `joint_targets` (rad), (batch, steps, action_dim) each;
            `task_probabilities` (batch, tasks) and `task_sequence` (batch, plan steps, words) of the plan;
            `vision_features`, `language_features` and `fused_features` (batch, tokens, width), and
            `fused_mask` (batch, tokens).

        Raises:
            ValueError: pictures of a wrong size, a state of a wrong size or with a nan, too many words, or no step.
        """
        if robot_state is not None:
            check_state(robot_state, len(pixel_values), self.config.state_dim)
            robot_state = robot_state.to(self.fusion.project_state.weight.dtype)
        vision_features = self.vision_encoder(pixel_values)
        language_features = self.language_encoder(input_ids, attention_mask)
        fused, mask = self.fuse_modalities(vision_features, language_features, robot_state, attention_mask)
        steps = self.config.chunk if sequence_length is None else sequence_length
        acted = self.action_decoder(self.decoder(fused, mask, steps))
        plan = self.task_planner(fused, mask)
        return {
            "action_logits": acted.logits,
            "actions": acted.actions,
            "joint_targets": acted.targets,
            "task_probabilities": plan.task_probabilities,
            "task_sequence": plan.task_sequence,
            "vision_features": vision_features,
            "language_features": language_features,
            "fused_features": fused,
            "fused_mask": mask,
        }

    def fuse_modalities(
        self,
        vision_features: Tensor,
        language_features: Tensor,
        robot_state: Tensor | None = None,
        language_mask: Tensor | None = None,
    ) -> tuple[Tensor, Tensor]:
        """Fuse what the encoders say with the state (exercise 1.3); without a mask all words count."""
        if language_mask is None:
            language_mask = torch.ones_like(language_features[..., 0], dtype=torch.bool)
        return self.fusion.fuse_modalities(vision_features, language_features, robot_state, language_mask)

    @torch.no_grad()
    def attention(
        self,
        pixel_values: Tensor,
        input_ids: Tensor,
        attention_mask: Tensor,
        robot_state: Tensor | None = None,
        sequence_length: int | None = None,
    ) -> OutputAttention:
        """Return where actions and plan looked when the model answers this; arguments as those of `forward`."""
        with recorded(self.fusion.transformer, self.decoder.read, self.decoder.memory) as maps:
            answer = VLAModel.forward(
                self, pixel_values, input_ids, attention_mask, robot_state, sequence_length
            )
        grid = self.vision_encoder.grid
        layers = self.config.num_fusion_layers
        return output_attention(maps, layers, answer["fused_mask"], 1, grid, input_ids.shape[1])


class TemporalVLAModel(VLAModel):
    """The same model, called with pictures and sentences: `model(images, ["Pick up the red cup"], 5)`."""

    def forward(  # type: ignore[override]
        self,
        images: Tensor,
        text_commands: Sequence[str],
        sequence_length: int = 5,
        robot_state: Tensor | None = None,
    ) -> Tensor:
        """Return actions (batch, sequence_length, action_dim) in [-1, 1].

        `images` (batch, 3, side, side) are normalised already; those of another size are resized to the
        encoder's. `text_commands` holds as many sentences. Raises ValueError as `VLAModel` and the tokenizer do, and
        where pictures are not square: squeezing one would make bottles of cups.
        """
        check_commands(text_commands, len(images))
        if images.ndim != 4 or images.shape[-1] != images.shape[-2]:
            raise ValueError(f"images is {tuple(images.shape)}, expected (batch, 3, side, side)")
        size = (self.vision_encoder.image_size, self.vision_encoder.image_size)
        if images.shape[-2:] != size:
            images = functional.interpolate(images.float(), size, mode="bilinear", antialias=True)
        words = self.language_encoder.tokenize(text_commands)
        return super().forward(images, *words, robot_state, sequence_length)["actions"]
