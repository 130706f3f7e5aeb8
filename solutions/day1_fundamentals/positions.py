"""Where a token is: in which camera, row and column of a picture, or at which step of a plan."""

import torch
from torch import Tensor, nn

from vla_course.course.exercise import NotAttempted, exercise

PLACE_WIDTH = 96
"""numbers that say where a patch is: camera, row and column"""
PLACE_BASE = 100.0
"""the longest wave is nearly so many times the shortest: pictures have tens of patches a side, not thousands"""


@exercise("1.4")
def sinusoidal_encoding(positions: Tensor, width: int, base: float = 10_000.0) -> Tensor:
    """Return waves (n, width) float32 that tell the positions (n, axes) apart, each axis in its own part of width.

    Self-attention is permutation equivariant: without this, every picture would be as good as a jigsaw of it.
    With k = width / (2 axes) frequencies, f_j = base^(-j / k) for j = 0 .. k - 1, the part of axis a is

        sin(x_a f_0) .. sin(x_a f_k-1), cos(x_a f_0) .. cos(x_a f_k-1)

    and the parts come one after the other (Vaswani et al. 2017, section 3.5, with all sines first). So the
    scalar product of two positions' waves, the sum of cos((x_a - y_a) f_j) over axes and frequencies, depends on
    their difference alone.

    Raises ValueError where width is not a multiple of 2 axes.
    """
    # BEGIN SOLUTION
    axes = positions.shape[-1]
    if width % (2 * axes):
        raise ValueError(f"width is {width}, expected a multiple of {2 * axes} for {axes} axes")
    k = width // (2 * axes)
    frequencies = base ** (-torch.arange(k, device=positions.device) / k)
    phases = positions.float().unsqueeze(-1) * frequencies
    return torch.cat([phases.sin(), phases.cos()], dim=-1).flatten(1)
    # END SOLUTION


class PatchProjection(nn.Module):
    """Brings a picture's tokens to the hidden size and adds where each patch is: camera, row and column.

    Args:
        width: of the encoder's tokens.
        hidden_size: of the answer.
        grid: rows and columns of patches.
        cameras: how many there are.
    """

    def __init__(self, width: int, hidden_size: int, grid: tuple[int, int], cameras: int = 1) -> None:
        super().__init__()
        self.projection = nn.Linear(width, hidden_size)
        self.positional_encoder = nn.Linear(PLACE_WIDTH, hidden_size)
        self.grid, self.cameras = grid, cameras
        rows, columns = grid
        places = torch.cartesian_prod(torch.arange(cameras), torch.arange(rows), torch.arange(columns))
        self.places: Tensor
        self.register_buffer("places", places, persistent=False)

    def forward(self, tokens: Tensor, camera: int = 0) -> Tensor:
        """Return (batch, patches, hidden) for the tokens (batch, patches, width) of one camera.

        Raises ValueError where there are not rows x columns tokens.
        """
        patches = self.grid[0] * self.grid[1]
        if tokens.shape[1] != patches:
            raise ValueError(
                f"vision tokens are {tuple(tokens.shape)}, expected (batch, {patches}, width) for a grid of "
                f"{self.grid[0]} x {self.grid[1]} patches"
            )
        places = self.places[camera * patches : (camera + 1) * patches]
        waves = sinusoidal_encoding(places, PLACE_WIDTH, PLACE_BASE).to(self.positional_encoder.weight.dtype)
        return self.projection(tokens) + self.positional_encoder(waves)
