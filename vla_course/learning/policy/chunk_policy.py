"""The network of the direct policy: what was told, where it is, how the robot stands - and a chunk of actions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Final

import torch
from torch import Tensor, nn

from vla_course.learning.environment.proprioception import STATE
from vla_course.learning.policy import spoken, told

ROLES: Final = ("thing",)
"""whose places a policy gets: what demonstrations tell the place of"""
FilmOf = Callable[[int, int], nn.Module]
"""makes a layer of a width and a number of words that scales and shifts features: exercise 4.5"""


@dataclass(frozen=True)
class ChunkPolicyConfig:
    """Sizes of a direct policy.

    Raises:
        ValueError: a number is below 1, or `dropout` or `blind` is not from 0 up to 1.
    """

    horizon: int = 12
    """H, actions of a chunk"""
    width: int = 256
    layers: int = 4
    """blocks of the trunk"""
    dropout: float = 0.1
    blind: float = 0.15
    """fraction of training samples in which a role's place is left out, as when nothing is seen"""
    committed: int = 4
    """first actions of a chunk, at most, that training gives as decided already"""

    def __post_init__(self) -> None:
        for name, value in asdict(self).items():
            if isinstance(value, float) and not 0.0 <= value < 1.0:
                raise ValueError(f"ChunkPolicyConfig.{name} is {value}, expected 0 up to, not including, 1")
            if isinstance(value, int) and value < (0 if name == "committed" else 1):
                raise ValueError(f"ChunkPolicyConfig.{name} is {value}, expected more")


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
        state_middle, state_scale: (71,), what states of the training data are centred on and divided by.
        low, high: (24,), the range of each spoken number there.
    """

    def __init__(self, config: ChunkPolicyConfig | None = None, film: FilmOf | None = None) -> None:
        super().__init__()
        self.config = config = config or ChunkPolicyConfig()
        words, numbers = 128, config.horizon * spoken.SIZE
        self.words = nn.Sequential(nn.Linear(told.SIZE, words), nn.GELU(), nn.Linear(words, words))
        places = len(ROLES) * (_waves(torch.zeros(1, 3)).shape[-1] + 2)
        given = config.committed * (spoken.SIZE + 1)
        self.enter = nn.Linear(STATE.size + places + words + given, config.width)
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
        """Return chunks (B, H, 24), each number normalised to -1 to 1 over its range.

        Args:
            inputs: `told` (B, T); `places` (B, roles, 5) of each of `ROLES`: where it is in the pelvis frame, m, how
                sure that is, 0 for never seen, and how long ago it was seen, s; `state` (B, 71); `committed`
                (B, H, 24) normalised actions of which the first `given` (B,) are decided already.
        """
        words = self.words(inputs["told"])
        state = ((inputs["state"] - self.state_middle) / self.state_scale).clamp(-5.0, 5.0)
        features = self.enter(
            torch.cat((state, self._places(inputs["places"]), words, self._given(inputs)), dim=-1)
        )
        for block in self.blocks:
            features = block(features, words)
        chunk: Tensor = self.answer(self.norm(features)).unflatten(-1, (self.config.horizon, spoken.SIZE))
        return chunk

    def units(self, chunk: Tensor) -> Tensor:
        """Return normalised chunks (B, H, 24) as spoken numbers, in the units of an action."""
        return self.low + (chunk + 1.0) / 2.0 * (self.high - self.low)

    def normal(self, numbers: Tensor) -> Tensor:
        """Return spoken numbers (B, H, 24) normalised: `units`, undone."""
        return 2.0 * (numbers - self.low) / (self.high - self.low) - 1.0

    def _places(self, places: Tensor) -> Tensor:
        """Return what the trunk gets of places (B, roles, 5)."""
        sure, ago = places[..., 3:4], places[..., 4:5].clamp(0.0, 5.0)
        seen = (sure > 0.0).to(places.dtype)
        if self.training and self.config.blind:
            seen = seen * (torch.rand_like(seen) >= self.config.blind)
        return torch.cat((_waves(places[..., :3]) * seen, sure * seen, ago * seen), dim=-1).flatten(1)

    def _given(self, inputs: Mapping[str, Tensor]) -> Tensor:
        """Return the committed prefix, each step with a flag, zeros where nothing is committed."""
        most = self.config.committed
        steps = torch.arange(most, device=inputs["given"].device)
        flag = (steps < inputs["given"][:, None]).to(inputs["committed"].dtype)[..., None]
        return torch.cat((inputs["committed"][:, :most] * flag, flag), dim=-1).flatten(1)


def _waves(places: Tensor) -> Tensor:
    """Return places (..., 3) m with sines and cosines of them: millimetres matter beside metres."""
    angles = torch.cat([places * 2.0**k for k in (1, 2, 3, 4)], dim=-1)
    return torch.cat((places, angles.sin(), angles.cos()), dim=-1)
