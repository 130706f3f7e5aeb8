"""The network of the direct policy: what was told, what is around, how the robot stands - and a chunk of actions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Final, Protocol, Self

import numpy as np
import torch
from torch import Tensor, nn

from vla_course.learning.environment.proprioception import STATE
from vla_course.learning.expert.around import NEIGHBOURS, PLACE, ROLES, TABLE
from vla_course.learning.policy import spoken, told, tools
from vla_course.simulation.robot.layout import LEGS

FilmOf = Callable[[int, int], nn.Module]
"""makes a layer of a width and a number of words that scales and shifts features: exercise 4.5"""


class ChunkNetwork(Protocol):
    """What whoever acts asks of a network: `ChunkPolicy`, or the same one in another runtime."""

    @property
    def config(self) -> ChunkPolicyConfig:
        """Its sizes."""

    def eval(self) -> Self:
        """Return it, not learning."""

    def __call__(self, inputs: Mapping[str, Tensor]) -> Tensor:
        """Return normalised chunks, as `ChunkPolicy.forward`."""

    def units(self, chunk: Tensor) -> Tensor:
        """Return normalised chunks as spoken numbers."""

    def normal(self, numbers: Tensor) -> Tensor:
        """Return spoken numbers normalised."""


@dataclass(frozen=True)
class ChunkPolicyConfig:
    """Sizes of a direct policy.

    Raises:
        ValueError: a size is below 1 (`committed`: below 0), or a fraction is not from 0 up to 1.
    """

    horizon: int = 12
    """H, actions of a chunk"""
    width: int = 256
    layers: int = 4
    """blocks of the trunk"""
    dropout: float = 0.1
    blind: float = 0.15
    """fraction of training samples in which the neighbours are left out, as when nothing of them is seen"""
    committed: int = 4
    """first actions of a chunk, at most, that training gives as decided already"""

    def __post_init__(self) -> None:
        for name, value in asdict(self).items():
            if isinstance(value, float) and not 0.0 <= value < 1.0:
                raise ValueError(f"ChunkPolicyConfig.{name} is {value}, expected 0 up to, not including, 1")
            least = 0 if name == "committed" else 1
            if isinstance(value, int) and value < least:
                raise ValueError(f"ChunkPolicyConfig.{name} is {value}, expected at least {least}")


FELT: Final = np.r_[
    STATE.positions,
    STATE.velocities.start + np.r_[LEGS],
    STATE.grippers,
    STATE.gravity,
    STATE.angular_velocity,
    STATE.stance,
    STATE.footing,
]
"""what of a state the network is given. How fast arms move is left out: it tempts a learner to go on as before,
whatever it sees (de Haan et al. 2019). How fast legs move is not: it tells how far the step under way has come. Of
odometry the network is told what is left to go."""
NEAR_AND_FAR: Final = (0.5, 2.0, 8.0, 32.0)
"""1/m and 1/rad, scales on which what is left to go is felt: whether it is far, and whether the last step is made"""
FREQUENCIES: Final = (2.0, 6.0, 18.0, 54.0)
"""rad/m, of the sines of a place"""
WAVES: Final = 3 * (1 + 2 * len(FREQUENCIES))


class Modulated(nn.Module):
    """A residual block whose features are scaled and shifted by what was told (FiLM, Perez et al. 2018)."""

    def __init__(self, width: int, words: int, dropout: float, film: FilmOf) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(width, elementwise_affine=False)
        self.film = film(width, words)
        self.perceptron = nn.Sequential(
            nn.Linear(width, 2 * width), nn.GELU(), nn.Dropout(dropout), nn.Linear(2 * width, width)
        )

    def forward(self, features: Tensor, words: Tensor) -> Tensor:
        told: Tensor = self.film(self.norm(features).unsqueeze(1), words).squeeze(1)
        return features + self.perceptron(told)


def reference_film() -> FilmOf:
    """Return the reference's answer to exercise 4.5."""
    from vla_course.reference.day4_training.film import FiLM

    film: FilmOf = FiLM
    return film


class ChunkPolicy(nn.Module):
    """From command, places and state to the spoken numbers of the next H actions, normalised.

    Args:
        config: sizes.
        film: makes the layers by which words tell features what matters, by default the reference's.

    Attributes:
        state_middle, state_scale: (75,), what states of the training data are centred on and divided by.
        low, high: (SIZE,), the range of each spoken number there.
    """

    def __init__(self, config: ChunkPolicyConfig | None = None, film: FilmOf | None = None) -> None:
        super().__init__()
        self.config = config = config or ChunkPolicyConfig()
        words, numbers = 128, config.horizon * spoken.SIZE
        self.words = nn.Sequential(nn.Linear(told.SIZE, words), nn.GELU(), nn.Linear(words, words))
        seen = len(ROLES) * (WAVES + 1) + TABLE + NEIGHBOURS * PLACE
        hands = tools.TOOLS * (tools.POSE + 2 * WAVES)
        given = config.committed * (spoken.SIZE + 1)
        self.enter = nn.Linear(len(FELT) + 3 * len(NEAR_AND_FAR) + seen + hands + words + given, config.width)
        self.blocks = nn.ModuleList(
            Modulated(config.width, words, config.dropout, film or reference_film())
            for _ in range(config.layers)
        )
        self.norm = nn.LayerNorm(config.width)
        self.answer = nn.Linear(config.width, numbers)
        self.state_middle: Tensor
        self.state_scale: Tensor
        self.low: Tensor
        self.high: Tensor
        self.register_buffer("state_middle", torch.zeros(STATE.size))
        self.register_buffer("state_scale", torch.ones(STATE.size))
        self.register_buffer("low", -torch.ones(spoken.SIZE))
        self.register_buffer("high", torch.ones(spoken.SIZE))

    def forward(self, inputs: Mapping[str, Tensor]) -> Tensor:
        """Return chunks (B, H, SIZE), each number normalised to -1 to 1 over its range.

        Args:
            inputs: `told` (B, T); `left` (B, 3) to go, as `told.left_of` has it; `places` (B, 4, 4), `table` (B, 6)
                and `neighbours` (B, 4, 4) as in `Around`; `tools` (B, 2, 12) where the hands are; `state` (B, 75);
                `committed` (B, H, SIZE) normalised numbers of which the first `given` (B,) are decided already.
        """
        words = self.words(inputs["told"])
        return self.said(self.enter(self.sensed(inputs, words)), words)

    def sensed(self, inputs: Mapping[str, Tensor], words: Tensor) -> Tensor:
        """Return all that `forward` is given as the row of numbers (B, n) that enters the trunk."""
        state = ((inputs["state"] - self.state_middle) / self.state_scale).clamp(-5.0, 5.0)[:, FELT]
        left = torch.cat([(inputs["left"] * scale).tanh() for scale in NEAR_AND_FAR], dim=-1)
        seen, hands = self._around(inputs), self._hands(inputs)
        return torch.cat((state, left, seen, hands, words, self._given(inputs)), dim=-1)

    def said(self, features: Tensor, words: Tensor) -> Tensor:
        """Return the chunks (B, H, SIZE) that the trunk makes of features (B, width) and words (B, words)."""
        for block in self.blocks:
            features = block(features, words)
        chunk: Tensor = self.answer(self.norm(features)).unflatten(-1, (self.config.horizon, spoken.SIZE))
        return chunk

    def units(self, chunk: Tensor) -> Tensor:
        """Return normalised chunks (B, H, SIZE) as spoken numbers, in the units of an action."""
        return self.low + (chunk + 1.0) / 2.0 * (self.high - self.low)

    def normal(self, numbers: Tensor) -> Tensor:
        """Return spoken numbers (B, H, SIZE) normalised: `units`, undone."""
        return 2.0 * (numbers - self.low) / (self.high - self.low) - 1.0

    def _around(self, inputs: Mapping[str, Tensor]) -> Tensor:
        """Return what the trunk gets of what is around."""
        places, neighbours = inputs["places"], inputs["neighbours"]
        if self.training and self.config.blind:
            neighbours = neighbours * (torch.rand_like(neighbours[:, :1, :1]) >= self.config.blind)
        known = places[..., 3:]
        return torch.cat(
            (
                torch.cat((_waves(places[..., :3]) * known, known), dim=-1).flatten(1),
                inputs["table"],
                neighbours.flatten(1),
            ),
            dim=-1,
        )

    def _hands(self, inputs: Mapping[str, Tensor]) -> Tensor:
        """Return where the hands are, and from each, along its own axes, the ways to the thing and to the spot."""
        places, hands = inputs["places"], inputs["tools"]
        axes = hands[..., 3:].unflatten(-1, (3, 3))
        ways = []
        for role in (ROLES.index("thing"), ROLES.index("spot")):
            way = places[:, None, role, :3] - hands[..., :3]
            ways.append(_waves(torch.einsum("bsij,bsj->bsi", axes, way)) * places[:, None, role, 3:])
        return torch.cat((hands, *ways), dim=-1).flatten(1)

    def _given(self, inputs: Mapping[str, Tensor]) -> Tensor:
        """Return the committed prefix, each step with a flag, zeros where nothing is committed."""
        most = self.config.committed
        steps = torch.arange(most, device=inputs["given"].device)
        flag = (steps < inputs["given"][:, None]).to(inputs["committed"].dtype)[..., None]
        return torch.cat((inputs["committed"][:, :most] * flag, flag), dim=-1).flatten(1)


def _waves(places: Tensor) -> Tensor:
    """Return places (..., 3) m with sines and cosines of them: millimetres matter beside metres."""
    angles = torch.cat([places * scale for scale in FREQUENCIES], dim=-1)
    return torch.cat((places, angles.sin(), angles.cos()), dim=-1)
