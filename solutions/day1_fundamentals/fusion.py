"""Where pictures, words and the robot's own body meet: one row of tokens, and attention among them."""

import torch
from torch import Tensor, nn

from vla_course.course.exercise import NotAttempted, exercise
from vla_course.learning.model.transformer import TokenTransformer
from vla_course.learning.model.vla_config import MODALITIES, VLAConfig

from .positions import PatchProjection


class ModalityFusion(nn.Module):
    """Brings what the encoders say to one width, says which is which, and lets everything look at everything.

    Args:
        config: its hidden size, heads, fusion layers and state size.
        vision_width, language_width: of the encoders' tokens.
        grid: rows and columns of patches in a picture.
    """

    def __init__(
        self, config: VLAConfig, vision_width: int, language_width: int, grid: tuple[int, int]
    ) -> None:
        super().__init__()
        self.project_vision = PatchProjection(vision_width, config.hidden_size, grid)
        self.project_language = nn.Linear(language_width, config.hidden_size)
        self.project_state = nn.Linear(config.state_dim, config.hidden_size)
        self.modality_embedding = nn.Embedding(len(MODALITIES), config.hidden_size)
        self.transformer = TokenTransformer(
            config.hidden_size,
            config.num_attention_heads,
            config.intermediate_size,
            config.num_fusion_layers,
            config.dropout,
        )

    @exercise("1.3")
    def fuse_modalities(
        self,
        vision_tokens: Tensor,
        language_tokens: Tensor,
        robot_state: Tensor | None,
        language_mask: Tensor,
    ) -> tuple[Tensor, Tensor]:
        """Return the fused tokens (batch, t, hidden), and the mask (batch, t) bool of those that are there.

        `vision_tokens` (batch, p, vision_width), `language_tokens` (batch, w, language_width) with
        `language_mask` (batch, w), true (or 1) where a word is no padding; `robot_state` (batch, state), or None.

        1. Each modality to the hidden size: `project_vision`, `project_language`, and `project_state`; a state
           becomes a row of one token.
        2. To every token the row of `modality_embedding.weight` that says where it is from is added: 0 for
           vision, 1 for language, 2 for the state.
        3. In a row: p patches, w words, and the state if there is one: t = p + w + 1, or p + w.
        4. Through `transformer(tokens, mask)`, with the words' padding masked and everything else there.
        """
        # BEGIN SOLUTION
        parts = [self.project_vision(vision_tokens), self.project_language(language_tokens)]
        masks = [torch.ones_like(vision_tokens[..., 0], dtype=torch.bool), language_mask.bool()]
        if robot_state is not None:
            parts.append(self.project_state(robot_state).unsqueeze(1))
            masks.append(torch.ones_like(robot_state[:, :1], dtype=torch.bool))
        origins = self.modality_embedding.weight
        tokens = torch.cat([part + origin for part, origin in zip(parts, origins, strict=False)], dim=1)
        mask = torch.cat(masks, dim=1)
        return self.transformer(tokens, mask), mask
        # END SOLUTION
