"""The networks of the direct policy in another runtime, behind the faces of those that they replace.

model = OptimizedVLAModel.load("onnx")
policy = DirectPolicy(learned_listen(), grounder=model, network=model)
server = DirectNetwork(model)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Self

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from vla_course.deployment.runtimes.engines import ENGINES
from vla_course.deployment.runtimes.networks import EYES, FINDER, FOUND, POLICY, Shipped
from vla_course.deployment.runtimes.variants import DEFAULT, VARIANTS, Loaded, Workshop, check_variant
from vla_course.learning.grounding.config import ROLES, Role
from vla_course.learning.grounding.found import Grounding
from vla_course.learning.planned.learned import LearnedFound
from vla_course.learning.policy.chunk_policy import ChunkPolicyConfig
from vla_course.learning.policy.files import DIRECT

SENTENCES = 8
"""that are remembered: each is read once, however many pictures it is held against"""


@dataclass(frozen=True, eq=False)
class Looked:
    """What the networks make of the pictures of one moment and a sentence.

    Attributes:
        coarse: (cameras, P, width), the vision encoder's tokens.
        finer: (cameras, 4 P, channels), of its stage before.
        queries: (roles, attributes, attribute width), what each role of the sentence asks for.
    """

    coarse: Tensor
    finer: Tensor
    queries: Tensor


class OptimizedVLAModel:
    """What one decision needs, in one runtime: it sees, finds what was named, and says what to do next.

    It is a `finding.Grounder` for whoever looks, and a `ChunkNetwork` for whoever acts. Sentences are read in torch,
    once each.

    Args:
        shipped: the networks in torch.
        loaded: the three at work.
        variant: what they run in, one of `VARIANTS`.

    Attributes:
        variant: the same.
        size: bytes of the three, in their files.
    """

    def __init__(self, shipped: Shipped, loaded: Mapping[str, Loaded], variant: str) -> None:
        self.variant, self.size = variant, sum(one.size for one in loaded.values())
        self._eyes, self._finder, self._policy = (loaded[name].run for name in (EYES, FINDER, POLICY))
        self._network = shipped.policy
        self._queries = lru_cache(SENTENCES)(shipped.queries)

    @classmethod
    def load(
        cls,
        variant: str = DEFAULT,
        direct: Path = DIRECT,
        engines: Path = ENGINES,
        workshop: Workshop | None = None,
    ) -> Self:
        """Load what the course ships in a runtime; engines that are missing are made, which takes half a minute.

        Args:
            variant: one of `VARIANTS`.
            direct: folder of the policy's network.
            engines: where engines are kept.
            workshop: what they are made of, in place of both.

        Raises:
            ValueError: there is no such variant, or not here, and why; an engine is of other weights or cut off.
            FileNotFoundError: a file of the network is missing.
        """
        check_variant(variant)
        workshop = workshop or Workshop(Shipped.load(direct), engines)
        load = VARIANTS[variant].load
        networks = workshop.shipped.networks
        return cls(workshop.shipped, {name: load(one, workshop) for name, one in networks.items()}, variant)

    # ---- finds things in pictures --------------------------------------------------------------------

    def encode(self, rgb: NDArray[np.uint8], sentence: str) -> Looked:
        """Return what `ground` needs of pictures (3, 96, 96, 3) and a sentence.

        Raises:
            ValueError: the sentence is empty or over-long.
        """
        queries = self._queries(sentence)
        seen = self._eyes({"rgb": torch.from_numpy(np.ascontiguousarray(rgb))})
        return Looked(seen["coarse"], seen["finer"], queries)

    def ground(self, encoded: Looked, role: Role) -> LearnedFound:
        """Return where it is that plays a role in the sentence."""
        query = encoded.queries[ROLES.index(role)]
        found = self._finder({"coarse": encoded.coarse, "finer": encoded.finer, "query": query})
        return LearnedFound(Grounding(**{name: found[name][None] for name in FOUND}))

    # ---- says what to do next ------------------------------------------------------------------------

    @property
    def config(self) -> ChunkPolicyConfig:
        """Sizes of the policy."""
        return self._network.config

    def eval(self) -> Self:
        """Return itself: it never learns."""
        return self

    def __call__(self, inputs: Mapping[str, Tensor]) -> Tensor:
        """Return a chunk (1, H, SIZE), normalised; `inputs` as of `ChunkPolicy.forward`, of one decision.

        Raises:
            ValueError: they are of more than one.
        """
        if len(inputs["given"]) != 1:
            raise ValueError(
                f"inputs are of {len(inputs['given'])} decisions, expected 1: an engine's shape is fixed"
            )
        return self._policy(inputs)["chunk"]

    def units(self, chunk: Tensor) -> Tensor:
        """Return normalised chunks as spoken numbers, as `ChunkPolicy.units`."""
        return self._network.units(chunk)

    def normal(self, numbers: Tensor) -> Tensor:
        """Return spoken numbers normalised, as `ChunkPolicy.normal`."""
        return self._network.normal(numbers)
