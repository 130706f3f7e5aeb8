"""The humanoid's own model: three cameras, a command, its body and its hands' targets to all 28 joints."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Self

import torch
from torch import Tensor, nn

from vla_course.learning.encoders.encoders import (
    LanguageEncoder,
    VisionEncoder,
    Words,
    load_language_encoder,
    load_vision_encoder,
)
from vla_course.learning.model.answers import Encoded, HumanoidPrediction
from vla_course.learning.model.attention import OutputAttention, output_attention, recorded
from vla_course.learning.model.inputs import check_cameras, check_commands, check_state, check_targets
from vla_course.learning.model.joint_range import joint_range
from vla_course.learning.model.transformer import TokenTransformer
from vla_course.learning.model.vla_config import VLAConfig

from .action_head import ActionHead, ConfidenceHead
from .assembly import HumanoidTokens
from .pooling import masked_mean
from .temporal import TemporalDecoder


class HumanoidVLA(nn.Module):
    """Sees with its cameras, reads a command, feels its joints, and moves all of them.

    Args:
        vision_encoder, language_encoder: as `load_vision_encoder` and `load_language_encoder` give them.
        num_joints, num_cameras, hidden_dim: numbers of one action (28, or 14: both arms), how many of head,
            chest and pelvis camera, and the width of a token, where they are to differ from `config`.
        config: all sizes.

    Raises:
        ValueError: a number is out of its range.
    """

    def __init__(
        self,
        vision_encoder: VisionEncoder,
        language_encoder: LanguageEncoder,
        num_joints: int | None = None,
        num_cameras: int | None = None,
        hidden_dim: int | None = None,
        config: VLAConfig | None = None,
    ) -> None:
        super().__init__()
        config = config or VLAConfig()
        if num_cameras is not None and not 1 <= num_cameras <= len(config.cameras):
            raise ValueError(f"num_cameras is {num_cameras}, expected 1 to {len(config.cameras)}")
        self.config = config = replace(
            config,
            num_joints=config.num_joints if num_joints is None else num_joints,
            cameras=config.cameras if num_cameras is None else config.cameras[:num_cameras],
            hidden_size=config.hidden_size if hidden_dim is None else hidden_dim,
        )
        self.vision_encoder, self.language_encoder = vision_encoder, language_encoder
        self.tokens = HumanoidTokens(
            config, vision_encoder.width, language_encoder.width, vision_encoder.grid
        )
        self.transformer = TokenTransformer(
            config.hidden_size,
            config.num_attention_heads,
            config.intermediate_size,
            config.num_fusion_layers,
            config.dropout,
        )
        self.decoder = TemporalDecoder(config)
        self.action_decoder = ActionHead(config.hidden_size, joint_range(config.num_joints))
        self.confidence = ConfidenceHead(config.hidden_size)

    @classmethod
    def from_config(cls, config: VLAConfig | None = None) -> Self:
        """Build it with the encoders that the configuration names (default: the shipped ones)."""
        config = config or VLAConfig()
        vision = load_vision_encoder(config.vision_model_name, fine_tune=config.fine_tune_vision)
        language = load_language_encoder(config.language_model_name, fine_tune=config.fine_tune_language)
        return cls(vision, language, config=config)

    def forward(
        self,
        camera_images: Sequence[Tensor],
        text_command: Sequence[str],
        robot_state: Tensor,
        target_poses: Tensor | None = None,
        sequence_length: int = 1,
    ) -> Tensor:
        """Return actions (batch, sequence_length, 28) in [-1, 1]; arguments as those of `predict`."""
        return self.predict(camera_images, text_command, robot_state, target_poses, sequence_length).actions

    def predict(
        self,
        camera_images: Sequence[Tensor],
        text_command: Sequence[str],
        robot_state: Tensor,
        target_poses: Tensor | None = None,
        sequence_length: int = 1,
    ) -> HumanoidPrediction:
        """Answer for a batch, with joint targets and confidence.

        Args:
            camera_images: for each camera (batch, 3, height, width), as `preprocess_image` makes them.
            text_command: a sentence for each sample.
            robot_state: (batch, state).
            target_poses: (batch, n, 6), target poses of hands, m and rad; nan: not given.
            sequence_length: actions to plan.

        Raises:
            ValueError: pictures, commands, state or targets of a wrong number or size, an empty or over-long
                command, a state that is not finite.
        """
        check_commands(text_command, len(robot_state))
        return self.decide(
            self.encode(camera_images, text_command), robot_state, target_poses, sequence_length
        )

    def encode(self, camera_images: Sequence[Tensor], text_command: Sequence[str] | Words) -> Encoded:
        """Return what the encoders say; arguments as those of `predict`, or words that are numbers already."""
        words = text_command
        if not isinstance(words, Words):
            words = self.language_encoder.tokenize(words)
        views = len(camera_images)
        check_cameras(camera_images, self.tokens.cameras, len(words.input_ids), self.vision_encoder.image_size)
        # One pass for all cameras: the encoder is the same, only the patches' places differ.
        seen, finer = self.vision_encoder.stages(torch.cat(list(camera_images)))
        return Encoded(
            seen.chunk(views),
            self.language_encoder(*words),
            words.attention_mask,
            () if finer is None else finer.chunk(views),
        )

    def decide(
        self,
        encoded: Encoded,
        robot_state: Tensor,
        target_poses: Tensor | None = None,
        sequence_length: int = 1,
    ) -> HumanoidPrediction:
        """Answer like `predict`, from what `encode` said: all that is trained while the encoders are frozen.

        Raises:
            ValueError: a state or targets of a wrong size, or a state that is not finite.
        """
        tokens, mask = self._fused(encoded, robot_state, target_poses)
        acted = self.action_decoder(self.decoder(tokens, mask, sequence_length))
        return HumanoidPrediction(acted.actions, acted.targets, self.confidence(masked_mean(tokens, mask)))

    @torch.no_grad()
    def attention(
        self,
        camera_images: Sequence[Tensor],
        text_command: Sequence[str],
        robot_state: Tensor,
        target_poses: Tensor | None = None,
        sequence_length: int = 1,
    ) -> OutputAttention:
        """Return where actions and confidence looked; arguments as those of `predict`."""
        check_commands(text_command, len(robot_state))
        encoded = self.encode(camera_images, text_command)
        return self.attended(encoded, robot_state, target_poses, sequence_length)

    @torch.no_grad()
    def attended(
        self,
        encoded: Encoded,
        robot_state: Tensor,
        target_poses: Tensor | None = None,
        sequence_length: int = 1,
    ) -> OutputAttention:
        """Return where actions and confidence looked, from what `encode` said."""
        with recorded(self.transformer, self.decoder.read, self.decoder.memory) as maps:
            tokens, mask = self._fused(encoded, robot_state, target_poses)
            self.decoder(tokens, mask, sequence_length)
        words = encoded.words.shape[1]
        return output_attention(
            maps, self.config.num_fusion_layers, mask, self.tokens.cameras, self.vision_encoder.grid, words
        )

    def _fused(
        self, encoded: Encoded, robot_state: Tensor, target_poses: Tensor | None
    ) -> tuple[Tensor, Tensor]:
        """Return the fused tokens and their mask."""
        batch, weight = len(encoded.words), self.tokens.project_state.weight
        check_state(robot_state, batch, self.config.state_dim)
        robot_state = robot_state.to(weight.dtype)
        if target_poses is not None:
            check_targets(target_poses, batch)
            target_poses = target_poses.to(weight.dtype)
        tokens, mask = self.tokens.assemble(
            encoded.cameras, encoded.words, encoded.word_mask, robot_state, target_poses
        )
        return self.transformer(tokens, mask), mask
