"""Pictures, words and a body that meet in one row of tokens; what each sample fuses to when it is alone, unpadded."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from shown.day1_fundamentals.waves import Places
from shown.slips import Case, either
from vla_course.course.checking.judging import expect
from vla_course.learning.model.transformer import TokenTransformer
from vla_course.learning.model.vla_config import VLAConfig

Array = NDArray[np.float64]

CONFIG = VLAConfig(
    hidden_size=32, num_attention_heads=4, intermediate_size=48, num_fusion_layers=2, state_dim=7
)
VISION_WIDTH, LANGUAGE_WIDTH, GRID = 6, 5, (2, 3)
PATCHES = GRID[0] * GRID[1]

TOLERANCE = 1e-5
"""the waves of a patch's place are float32, all else here is float64"""


def transformer() -> TokenTransformer:
    heads, inner, layers = CONFIG.num_attention_heads, CONFIG.intermediate_size, CONFIG.num_fusion_layers
    return TokenTransformer(CONFIG.hidden_size, heads, inner, layers).double().eval()


def some_weights(rng: np.random.Generator) -> dict[str, Tensor]:
    """Weights of a ModalityFusion: every layer says something, and no two modalities look alike."""
    hidden = CONFIG.hidden_size
    shapes: dict[str, tuple[int, ...]] = {"modality_embedding.weight": (4, hidden)}
    for name, width in {
        "project_vision.projection": VISION_WIDTH,
        "project_vision.positional_encoder": 96,
        "project_language": LANGUAGE_WIDTH,
        "project_state": CONFIG.state_dim,
    }.items():
        shapes |= {f"{name}.weight": (hidden, width), f"{name}.bias": (hidden,)}
    shapes |= {
        f"transformer.{name}": tuple(value.shape) for name, value in transformer().state_dict().items()
    }

    def draw(name: str, shape: tuple[int, ...]) -> Array:
        if name.endswith("norm.weight"):
            return rng.uniform(0.5, 1.5, shape)
        return rng.normal(0.0, 0.3 if len(shape) == 1 else 1.5 * shape[1] ** -0.5, shape)

    return {name: torch.from_numpy(draw(name, shape)) for name, shape in shapes.items()}


@dataclass(frozen=True)
class Meeting:
    """What the encoders and the robot say of a batch, and the weights that bring it together."""

    weights: dict[str, Tensor]
    vision: Tensor
    language: Tensor
    state: Tensor | None
    words_there: Tensor

    def built(self, student: Any, dtype: torch.dtype = torch.float64) -> Any:
        """The student's fusion, with these weights."""
        model = student.ModalityFusion(CONFIG, VISION_WIDTH, LANGUAGE_WIDTH, GRID).to(dtype).eval()
        model.load_state_dict({name: value.to(dtype) for name, value in self.weights.items()})
        return model

    def arguments(self, dtype: torch.dtype = torch.float64, mask: torch.dtype = torch.bool) -> list[Any]:
        """Copies, to be handed to the student."""
        state = None if self.state is None else self.state.to(dtype, copy=True)
        given = [part.to(dtype, copy=True) for part in (self.vision, self.language)]
        return [*given, state, self.words_there.to(mask, copy=True)]

    @property
    def there(self) -> Tensor:
        """(batch, t), which tokens of the row are there"""
        ones = [torch.ones(len(self.vision), count, dtype=torch.bool) for count in (PATCHES, 1)]
        return torch.cat([ones[0], self.words_there] + [ones[1]] * (self.state is not None), dim=1)

    def slips_of_mask(self, mask: Tensor) -> dict[str, Tensor]:
        """What known mistakes take for there."""
        there, words = self.there, self.words_there
        behind = there[:, PATCHES + words.shape[1] :]
        seen = there[:, :PATCHES]
        said = [self.vision, self.language] + ([] if self.state is None else [self.state[:, None]])
        zeros = torch.cat([~part.any(dim=-1) for part in said], dim=1)
        in_front = torch.arange(words.shape[1]) < words.sum(dim=1, keepdim=True)
        return {
            "mask-turned-all-round": ~there,
            "words-first": torch.cat([words, seen, behind], dim=1),
            "state-first": torch.cat([behind, seen, words], dim=1),
            "padding-called-there": torch.ones_like(there),
            "mask-inverted": torch.cat([seen, ~words, behind], dim=1),
            "state-called-padding": torch.cat([seen, words, ~behind], dim=1),
            "padding-at-the-end": torch.cat([seen, in_front, behind], dim=1),
            "zeros-called-padding": torch.where(zeros, mask, there) if mask.shape == there.shape else ~there,
        }

    def layer(self, name: str, inputs: Tensor) -> Tensor:
        return inputs @ self.weights[f"{name}.weight"].T + self.weights[f"{name}.bias"]

    def parts(self, positions: bool = True) -> list[Tensor]:
        """Patches, words and, if there is one, the state, at one width; not yet told apart."""
        patches = self.layer("project_vision.projection", self.vision)
        if positions:
            rows, columns = GRID
            places = np.array(
                [(0, row, column) for row in range(rows) for column in range(columns)], dtype=float
            )
            waves = torch.from_numpy(Places(places, 96, 100.0).waves())
            patches = patches + self.layer("project_vision.positional_encoder", waves)
        words = self.layer("project_language", self.language)
        return [patches, words] + (
            [] if self.state is None else [self.layer("project_state", self.state)[:, None]]
        )

    def row(self, origins: tuple[int | None, ...] = (0, 1, 2), positions: bool = True) -> Tensor:
        """All tokens in a row, each with the embedding of that origin."""
        known = self.weights["modality_embedding.weight"]
        parts = zip(self.parts(positions), origins, strict=False)
        return torch.cat([part if origin is None else part + known[origin] for part, origin in parts], dim=1)

    def thought(self, tokens: Tensor, mask: Tensor | None = None) -> Tensor:
        """What the transformer makes of a row."""
        mind = transformer()
        mind.load_state_dict(
            {name.split(".", 1)[1]: w for name, w in self.weights.items() if name.startswith("transformer.")}
        )
        with torch.no_grad():
            return mind(tokens, mask)

    def fused(self) -> Array:
        """The fused tokens that are there (n, hidden), each sample thought through alone, without its padding."""
        row, there = self.row(), self.there
        return np.concatenate([self.thought(row[i : i + 1, there[i]])[0].numpy() for i in range(len(row))])

    def slips(self, got: Array) -> dict[str, Array]:
        """What known mistakes fuse to, where it is there."""
        row, there, words = self.row(), self.there, self.words_there
        inverted = torch.cat([there[:, :PATCHES], ~words, there[:, PATCHES + words.shape[1] :]], dim=1)
        emptied = row.masked_fill(~there[..., None], 0.0)

        def kept(tokens: Tensor) -> Array:
            return tokens[there].numpy()

        return {
            "padding-looked-at": kept(self.thought(row)),
            "padding-zeroed": kept(self.thought(emptied)),
            "mask-inverted": either(got, *(kept(self.thought(row, mask)) for mask in (inverted, ~there))),
            "origin-forgotten": kept(self.thought(self.row((None, None, None)), there)),
            "origins-swapped": kept(self.thought(self.row((1, 0, 2)), there)),
            "origin-for-all": kept(self.thought(self.row((0, 0, 0)), there)),
            "places-forgotten": kept(self.thought(self.row(positions=False), there)),
            "never-fused": kept(row),
        }

    def case(self, student: Any, what: str) -> Case:
        tokens, _ = self.asked(student)
        got = tokens[self.there].numpy()
        return Case(what, got, self.fused(), self.slips(got))

    def chosen(self, rows: Any) -> Meeting:
        """Some samples of the batch."""
        state = None if self.state is None else self.state[rows]
        return replace(
            self,
            vision=self.vision[rows],
            language=self.language[rows],
            state=state,
            words_there=self.words_there[rows],
        )

    def asked(self, student: Any, *types: torch.dtype) -> tuple[Tensor, Tensor]:
        """What the student's fusion gives back, of the shapes that were asked for."""
        return self.asked_of(self.built(student, *types[:1]), *types)

    def asked_of(self, model: Any, *types: torch.dtype) -> tuple[Tensor, Tensor]:
        """The same of a model that was built, and perhaps asked, before."""
        given, before = self.arguments(*types), self.arguments(*types)
        got = model.fuse_modalities(*given)
        kept = all(one is other or torch.equal(one, other) for one, other in zip(given, before, strict=True))
        expect(kept, "what was handed in has been changed")
        expect(
            isinstance(got, tuple | list) and len(got) == 2,
            "fusing gives the tokens and their mask, both",
            got=type(got).__name__,
            mistake="mask-kept-back",
        )
        tokens, mask = got
        expect(isinstance(tokens, Tensor) and isinstance(mask, Tensor), "tokens and mask should be tensors")
        shape = (*self.there.shape, CONFIG.hidden_size)
        expect(
            tuple(tokens.shape) == shape,
            f"{PATCHES} patches, {self.words_there.shape[1]} words and "
            f"{'no state' if self.state is None else 'a state'} should make a row of {shape[1]} tokens",
            got=list(tokens.shape),
            expected=list(shape),
            mistake=self.misfit(tokens),
        )
        return tokens.detach(), mask

    def misfit(self, tokens: Tensor) -> str | None:
        """Which known mistake makes a row of that length."""
        if tokens.ndim != 3 or tokens.shape[1] <= 3:
            return "pooled"
        bare = PATCHES + self.words_there.shape[1]
        without, made_up = self.state is not None and tokens.shape[1] == bare, tokens.shape[1] == bare + 1
        return "state-no-token" if without else "state-made-up" if self.state is None and made_up else None


def some_meeting(rng: np.random.Generator, batch: int, words: int, state: bool = True) -> Meeting:
    """Of the sentences the first fills the row, the second is filled up in front, a third says nothing at all.

    Some of what is there is zeros: a black patch, a word, a state.
    """
    spoken = torch.from_numpy(rng.random((batch, words)) < 0.6)
    spoken[0] = True
    spoken[1] = torch.arange(words) > 1
    spoken[2:3] = False

    def said(*shape: int) -> Tensor:
        return torch.from_numpy(rng.normal(0.0, 1.5, shape))

    vision, language = said(batch, PATCHES, VISION_WIDTH), said(batch, words, LANGUAGE_WIDTH)
    felt = said(batch, CONFIG.state_dim) if state else None
    for zeros in (vision[0, 1], language[1, -1], vision[-1, 0], *([] if felt is None else [felt[1]])):
        zeros.zero_()
    return Meeting(some_weights(rng), vision, language, felt, spoken)
