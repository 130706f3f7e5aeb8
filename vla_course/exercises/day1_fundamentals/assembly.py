"""All that a humanoid knows in one row of tokens: three cameras, a command, its body, and where its hands should be."""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from vla_course.course.exercise import NotAttempted, exercise
from vla_course.learning.model.vla_config import MODALITIES, VLAConfig

from .positions import PatchProjection


class HumanoidTokens(nn.Module):
    """Brings everything to one width and lines it up.

    Args:
        config: its hidden size, state size and cameras.
        vision_width, language_width: of the encoders' tokens.
        grid: rows and columns of patches in a picture.
    """

    def __init__(
        self, config: VLAConfig, vision_width: int, language_width: int, grid: tuple[int, int]
    ) -> None:
        super().__init__()
        hidden = config.hidden_size
        self.cameras = len(config.cameras)
        self.project_vision = PatchProjection(vision_width, hidden, grid, self.cameras)
        self.project_language = nn.Linear(language_width, hidden)
        self.project_state = nn.Linear(config.state_dim, hidden)
        self.ik_module = nn.Sequential(nn.Linear(6, hidden), nn.GELU(), nn.Linear(hidden, hidden))
        self.modality_embedding = nn.Embedding(len(MODALITIES), hidden)

    @exercise("1.8")
    def assemble(
        self,
        camera_tokens: Sequence[Tensor],
        language_tokens: Tensor,
        language_mask: Tensor,
        robot_state: Tensor,
        target_poses: Tensor | None = None,
    ) -> tuple[Tensor, Tensor]:
        """Return all tokens (batch, t, hidden) in a row, and the mask (batch, t) bool of those that are there.

        `camera_tokens` holds (batch, p, vision_width) for each camera, in the order of `config.cameras`;
        `language_tokens` (batch, w, language_width) with `language_mask` (batch, w); `robot_state`
        (batch, state). `target_poses` (batch, n, 6) holds the target poses of hands, m and rad; a row with a nan
        is a target that this sample does not have. None: nobody has one.

        In this order, each with its row of `modality_embedding.weight` added (vision 0, language 1, state 2,
        target 3):

        - the patches of camera 0, then of camera 1 and so on: `project_vision(tokens, camera)`
        - the words: `project_language`, masked as `language_mask` says
        - the state: one token, `project_state`
        - the targets: `ik_module`, one token each. Those that are not there are masked - not merely zero, for
          zeros are a position as well, one inside the robot - and no nan goes through a layer.

        Raises ValueError where there are more or fewer cameras than `self.cameras`.
        """
        raise NotAttempted("1.8")
