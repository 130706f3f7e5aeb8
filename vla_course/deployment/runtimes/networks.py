"""The three networks of a decision, each by itself: what goes in and what comes out, by name and shape, for one robot.

    pictures -> eyes -> finder (with what a sentence asks for) -> where that is in each picture
    what was told, is known and felt -> policy -> a chunk of actions

Sentences are not among them: one is read once, and decisions come ten times a second.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Final

import torch
from torch import Tensor, nn

from vla_course.learning.encoders.encoders import VisionEncoder
from vla_course.learning.encoders.files import MODELS, WEIGHTS
from vla_course.learning.encoders.frozen import FrozenEncoders
from vla_course.learning.environment.proprioception import STATE
from vla_course.learning.grounding.files import GROUNDER, load_grounder
from vla_course.learning.grounding.found import Grounding
from vla_course.learning.grounding.grounder import Grounder
from vla_course.learning.policy import spoken
from vla_course.learning.policy.chunk_policy import ChunkPolicy
from vla_course.learning.policy.files import DIRECT, load_policy
from vla_course.serving.remote.network import SENSES

EYES, FINDER, POLICY = "eyes", "finder", "policy"
NAMES: Final = (EYES, FINDER, POLICY)

Run = Callable[[Mapping[str, Tensor]], dict[str, Tensor]]
"""a network at work in some runtime: what goes in, and what comes out, by name"""


@dataclass(frozen=True, eq=False)
class Network:
    """One of the three, as whoever exports it wants it.

    Attributes:
        name: one of `NAMES`.
        module: takes the inputs one after the other, and returns the outputs likewise.
        inputs: an example of each, by name: shapes and types are fixed.
        outputs: the names of what comes out.
        weights: a fingerprint of the weights: an engine made of others is another model.
    """

    name: str
    module: nn.Module
    inputs: Mapping[str, Tensor]
    outputs: tuple[str, ...]
    weights: str

    @torch.inference_mode()
    def run(self, inputs: Mapping[str, Tensor]) -> dict[str, Tensor]:
        """Return what the network itself says: every runtime is held against this."""
        found = self.module(*(inputs[name] for name in self.inputs))
        return dict(zip(self.outputs, found if isinstance(found, tuple) else (found,), strict=True))


@dataclass(frozen=True, eq=False)
class Shipped:
    """What the course ships, loaded: the networks, and what stays in torch beside them."""

    networks: Mapping[str, Network]
    encoders: FrozenEncoders
    grounder: Grounder
    policy: ChunkPolicy

    @classmethod
    def load(cls, direct: Path = DIRECT) -> Shipped:
        """Load it, with the policy of a folder or the one that ships.

        Raises:
            FileNotFoundError, ValueError: as `load_policy` and `load_grounder`.
        """
        encoders, grounder, policy = FrozenEncoders.load(), load_grounder(), load_policy(direct)
        made = (
            _eyes(encoders.vision, fingerprint(MODELS / "vision")),
            _finder(grounder, encoders.vision, fingerprint(GROUNDER)),
            _policy(policy, fingerprint(direct)),
        )
        return cls({one.name: one for one in made}, encoders, grounder, policy)

    @torch.inference_mode()
    def queries(self, sentence: str) -> Tensor:
        """Return what each role of a sentence asks for, (roles, attributes, attribute width)."""
        queries: Tensor = self.grounder.queries(*self.encoders.read([sentence]))[0]
        return queries


def fingerprint(folder: Path) -> str:
    """Return what tells the weights in a folder from others."""
    return hashlib.sha256((folder / WEIGHTS).read_bytes()).hexdigest()[:16]


def _eyes(vision: VisionEncoder, weights: str) -> Network:
    size = vision.image_size
    pictures = {"rgb": torch.zeros(3, size, size, 3, dtype=torch.uint8)}
    return Network(EYES, _Eyes(vision), pictures, ("coarse", "finer"), weights)


def _finder(grounder: Grounder, vision: VisionEncoder, weights: str) -> Network:
    config, (rows, columns) = grounder.config, vision.grid
    features = {
        "coarse": torch.zeros(config.cameras, rows * columns, config.patch_width),
        "finer": torch.zeros(config.cameras, 4 * rows * columns, config.finer_width),
        "query": torch.zeros(config.attributes, config.attribute_width),
    }
    return Network(FINDER, _Finder(grounder), features, FOUND, weights)


def _policy(policy: ChunkPolicy, weights: str) -> Network:
    known = {name: torch.zeros(1, *shape) for name, shape in SENSES.items()}
    inputs = {
        **known,
        "state": torch.zeros(1, STATE.size),
        "committed": torch.zeros(1, policy.config.horizon, spoken.SIZE),
        "given": torch.zeros(1, dtype=torch.int64),
    }
    return Network(POLICY, _Policy(policy, tuple(inputs)), inputs, ("chunk",), weights)


FOUND: Final = tuple(one.name for one in fields(Grounding))
"""what a finder says, as `Grounding` has it, of one sentence: (cameras, ...)"""


class _Eyes(nn.Module):
    """`FrozenEncoders.see` of one moment: (3, size, size, 3) uint8 to (3, P, width) and (3, 4 P, channels)."""

    def __init__(self, vision: VisionEncoder) -> None:
        super().__init__()
        self.model, (rows, columns) = vision.model, vision.grid
        self.finer = (2 * rows, 2 * columns)
        self.mean: Tensor
        self.std: Tensor
        self.register_buffer("mean", torch.tensor(vision.mean).view(3, 1, 1))
        self.register_buffer("std", torch.tensor(vision.std).view(3, 1, 1))
        self.eval()

    def forward(self, rgb: Tensor) -> tuple[Tensor, Tensor]:
        pixels = (rgb.permute(0, 3, 1, 2).to(self.mean.dtype) / 255.0 - self.mean) / self.std
        told: Any = self.model(pixel_values=pixels, output_hidden_states=True)
        finer = [map_ for map_ in told.hidden_states if tuple(map_.shape[2:]) == self.finer][-1]
        coarse: Tensor = told.last_hidden_state
        return coarse.flatten(2).transpose(1, 2), finer.flatten(2).transpose(1, 2)


class _Finder(nn.Module):
    """`Grounder.ground` of one moment and one role, whose query was read before."""

    def __init__(self, grounder: Grounder) -> None:
        super().__init__()
        self.grounder = grounder
        self.eval()

    def forward(self, coarse: Tensor, finer: Tensor, query: Tensor) -> tuple[Tensor, ...]:
        found = self.grounder.find(self.grounder.patches(coarse[None], finer[None]), query[None])
        return tuple(getattr(found, name)[0] for name in FOUND)


class _Policy(nn.Module):
    """`ChunkPolicy.forward`, its inputs one after the other."""

    def __init__(self, policy: ChunkPolicy, names: tuple[str, ...]) -> None:
        super().__init__()
        self.policy, self.names = policy, names
        self.eval()

    def forward(self, *inputs: Tensor) -> Tensor:
        chunk: Tensor = self.policy(dict(zip(self.names, inputs, strict=True)))
        return chunk
