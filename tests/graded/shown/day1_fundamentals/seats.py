"""Who sits where in the row of tokens: worked out seat by seat, from weights alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from shown.day1_fundamentals.waves import Places
from shown.day1_fundamentals.weights import Array, Weights, array, draw_weights, linear, perceptron
from shown.slips import Case
from vla_course.course.checking.judging import Mismatch
from vla_course.course.checking.tensors import is_tensor
from vla_course.learning.model.vla_config import VLAConfig
from vla_course.simulation.scene.cameras import PLACES

HIDDEN, VISION, LANGUAGE, STATE = 16, 6, 7, 5
GRID = (2, 3)
PATCHES = GRID[0] * GRID[1]
PLACE_WIDTH, PLACE_BASE = 96, 100.0
ROUNDING = 1e-5
"""the waves of the places are float32, whatever the model is"""
ORIGINS = ("vision", "language", "state", "target")


@dataclass(frozen=True)
class Guests:
    """Tokens (batch, p, vision) of each camera, words, their mask, state, and targets (batch, n, 6) or None."""

    views: Sequence[torch.Tensor]
    words: torch.Tensor
    spoken: torch.Tensor
    state: torch.Tensor
    targets: torch.Tensor | None = None

    def arguments(self) -> list[Any]:
        """As `assemble` takes them."""
        return [self.views, self.words, self.spoken, self.state, self.targets]

    def rows(self, rows: Any) -> Guests:
        """Some samples of the batch."""
        views = [view[rows] for view in self.views]
        targets = None if self.targets is None else self.targets[rows]
        return Guests(views, self.words[rows], self.spoken[rows], self.state[rows], targets)

    def to(self, dtype: torch.dtype) -> Guests:
        """The same in another type."""
        views, targets = [view.to(dtype) for view in self.views], self.targets
        return Guests(
            views,
            self.words.to(dtype),
            self.spoken,
            self.state.to(dtype),
            None if targets is None else targets.to(dtype),
        )

    def given(self) -> np.ndarray:
        """Which targets (batch, n) are there."""
        if self.targets is None:
            return np.zeros((len(self.state), 0), dtype=bool)
        there: np.ndarray = np.isfinite(array(self.targets)).all(axis=-1)
        return there


def some_guests(
    rng: np.random.Generator, batch: int, cameras: int, words: int = 4, targets: int | None = None
) -> Guests:
    """Guests of a batch: words missing anywhere, all of them in a third sample; of what is there some is zeros.

    Of the targets, if there are any, each sample lacks another one: its rotation in part, whole, or a number of its
    position.
    """

    def draw(*shape: int) -> torch.Tensor:
        return torch.from_numpy(rng.normal(size=shape))

    poses = None if targets is None else draw(batch, targets, 6)
    if poses is not None and targets:
        for row in range(batch):
            gap = (int(rng.integers(3, 6)), slice(None), int(rng.integers(3)))[row % 3]
            poses[row, row % targets, gap] = torch.nan
    spoken = rng.permuted(np.arange(words) < rng.integers(1, words, size=(batch, 1)), axis=1)
    spoken[2:3] = False
    views = [draw(batch, PATCHES, VISION) for _ in range(cameras)]
    said, state = draw(batch, words, LANGUAGE), draw(batch, STATE)
    said[0, int(spoken[0].argmax())] = state[-1] = 0.0
    for view in views:
        view[0, 1] = 0.0
    return Guests(views, said, torch.from_numpy(spoken), state, poses)


@dataclass(frozen=True)
class Table:
    """The student's assembly in float64, and its weights."""

    model: Any
    weights: Weights

    def ask(self, guests: Guests) -> tuple[torch.Tensor, torch.Tensor]:
        """The student's tokens and mask."""
        answer = self.model.assemble(*guests.arguments())
        if not isinstance(answer, tuple | list) or len(answer) != 2 or not all(map(is_tensor, answer)):
            raise Mismatch(
                "assemble should return two tensors, the tokens and the mask", got=type(answer).__name__
            )
        tokens, mask = answer
        if tokens.ndim != 3 or mask.shape != tokens.shape[:2]:
            shapes = f"{tuple(tokens.shape)} and {tuple(mask.shape)}"
            raise Mismatch(
                "tokens and mask do not belong together",
                expected="(batch, t, hidden) and (batch, t)",
                got=shapes,
            )
        return tokens, mask

    def places(self, camera: int) -> Array:
        """What the patches of a camera get for where they are."""
        where = [(camera, row, column) for row in range(GRID[0]) for column in range(GRID[1])]
        waves = Places(np.array(where, dtype=float), PLACE_WIDTH, PLACE_BASE).waves()
        return linear(self.weights, "project_vision.positional_encoder", waves)

    def seats(self, guests: Guests, cameras: Sequence[int] | None = None) -> dict[str, list[Array]]:
        """The parts of the row without their origins; `cameras` says as which one each view is taken."""
        taken = range(len(guests.views)) if cameras is None else cameras
        views = [
            linear(self.weights, "project_vision.projection", array(view)) + self.places(camera)
            for view, camera in zip(guests.views, taken, strict=True)
        ]
        parts = {
            "vision": views,
            "language": [linear(self.weights, "project_language", array(guests.words))],
            "state": [linear(self.weights, "project_state", array(guests.state))[:, None]],
        }
        if guests.targets is not None:
            known = np.where(guests.given()[..., None], array(guests.targets), 0.0)
            parts["target"] = [perceptron(self.weights, "ik_module", known)]
        return parts

    def row(self, parts: dict[str, list[Array]], origins: Sequence[str | None] = ORIGINS) -> Array:
        """All parts side by side, to each the origin that stands in its place in `origins`."""
        rows = self.weights["modality_embedding.weight"]
        side = []
        for name, origin in zip(ORIGINS, origins, strict=True):
            mark = 0.0 if origin is None else rows[ORIGINS.index(origin)]
            side += [seat + mark for seat in parts.get(name, [])]
        return np.concatenate(side, axis=1)

    def tokens_case(self, guests: Guests) -> Case:
        """The tokens of guests without targets, or of the targets that are there."""
        parts, rows = self.seats(guests), self.weights["modality_embedding.weight"]
        right, count = self.row(parts), len(guests.views)
        pooled = {**parts, "vision": [view.mean(axis=1, keepdims=True) for view in parts["vision"]]}
        numbered = {**parts, "vision": [view + rows[camera] for camera, view in enumerate(parts["vision"])]}
        body = right[:, count * PATCHES + guests.words.shape[1] :]
        rest = right[:, : count * PATCHES + guests.words.shape[1]]
        mistakes = {
            "origin-forgotten": self.row(parts, (None,) * 4),
            "origins-swapped": self.row(parts, ("language", "vision", "state", "target")),
            "one-origin-for-all": self.row(parts, ("vision",) * 4),
            "origin-of-the-camera": self.row(numbered, (None, *ORIGINS[1:])),
            "cameras-alike": self.row(self.seats(guests, [0] * count)),
            "cameras-pooled": self.row(pooled),
            "cameras-backward": self.row({**parts, "vision": parts["vision"][::-1]}),
            "state-first": np.concatenate([body, rest], axis=1),
        }
        return Case(f"tokens of {count} cameras", array(self.ask(guests)[0]), right, mistakes)

    def mask_case(self, guests: Guests) -> Case:
        """Which tokens are there, as 0 and 1."""
        batch = len(guests.state)
        seen, body = np.ones((batch, len(guests.views) * PATCHES)), np.ones((batch, 1))
        spoken, given = guests.spoken.numpy().astype(float), guests.given().astype(float)
        right = np.hstack([seen, spoken, body, given])
        mask = self.ask(guests)[1]
        if mask.dtype is not torch.bool:
            raise Mismatch("the mask should be of type bool", got=str(mask.dtype), expected="torch.bool")
        halves = np.zeros_like(given)
        if guests.targets is not None:
            halves = (~guests.targets.isnan().all(dim=-1)).double().numpy() - given
        told = mask.double().numpy()[:, right.shape[1] - given.shape[1] :]
        partly = np.where(halves > 0.0, told if told.shape == given.shape else 1.0, given)
        content = [*guests.views, guests.words, guests.state[:, None]]
        zeros = np.hstack(
            [~array(part).any(axis=-1) for part in content] + [np.zeros_like(given, dtype=bool)]
        )
        whole = mask.double().numpy()
        in_front = np.arange(spoken.shape[1]) < spoken.sum(axis=1, keepdims=True)
        mistakes = {
            "zeros-called-padding": np.where(zeros, whole, right)
            if whole.shape == right.shape
            else 1.0 - right,
            "padding-at-the-end": np.hstack([seen, in_front, body, given]),
            "padding-there": np.hstack([seen, np.ones_like(spoken), body, given]),
            "missing-target-there": np.hstack([seen, spoken, body, np.ones_like(given)]),
            "half-a-pose-there": np.hstack([seen, spoken, body, partly]),
            "mask-inverted": 1.0 - right,
            "targets-ignored": np.hstack([seen, spoken, body]),
        }
        return Case(f"mask of {len(guests.views)} cameras", mask.double(), right, mistakes)

    def target_case(self, guests: Guests) -> Case:
        """The tokens of the targets that are there, one after the other."""
        parts, rows = self.seats(guests), self.weights["modality_embedding.weight"]
        (targets,), given = parts["target"], guests.given()
        mistakes = {
            "origin-forgotten": targets[given],
            "origin-of-the-state": (targets + rows[2])[given],
        }
        got = array(self.ask(guests)[0])[:, -given.shape[1] :]
        return Case("tokens of targets", got[given], (targets + rows[3])[given], mistakes)


def some_table(student: Any, rng: np.random.Generator, cameras: int) -> Table:
    """The student's assembly for that many cameras, with weights of the test's own."""
    config = VLAConfig(hidden_size=HIDDEN, num_attention_heads=2, state_dim=STATE, cameras=PLACES[:cameras])
    model = student.HumanoidTokens(config, VISION, LANGUAGE, GRID).double().eval()
    return Table(model, draw_weights(model, rng))
