"""Contrastive training of both encoders on an album of pictures and on what phrases and captions are true of it."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from vla_course.learning.album import CLEAR, DOUBTFUL, Album
from vla_course.learning.captions import PLACES, Sighting, caption
from vla_course.learning.contrastive import sigmoid_loss
from vla_course.learning.dual_encoder import DualEncoder
from vla_course.learning.picture_phrases import Truths, phrases
from vla_course.simulation.things import ALL_THINGS


@dataclass(frozen=True, slots=True)
class Recipe:
    """How long and how fast to learn.

    Attributes:
        seed: of weights, batches and words.
        epochs: how often each picture is seen.
        batch: pictures a step.
        phrases: with how many phrases they are compared.
        captions: how many of the pictures are told in full as well; long texts cost as much as pictures.
        rate: greatest learning rate of AdamW; it rises over the first 5 % of the steps and falls as a cosine.
        decay: weight decay.
        shift: pixels by which a picture is moved at most.
    """

    seed: int = 0
    epochs: float = 8.0
    batch: int = 32
    phrases: int = 64
    captions: int = 8
    rate: float = 1.5e-3
    decay: float = 0.05
    shift: int = 4


@dataclass(frozen=True, slots=True)
class Progress:
    """Where training stands: steps done of all, the mean loss of the last ones, processor seconds so far."""

    step: int
    steps: int
    loss: float
    seconds: float


def pretrain(
    model: DualEncoder,
    album: Album,
    recipe: Recipe,
    progress: Callable[[Progress], None] = lambda at: None,
    checkpoint: Path | None = None,
) -> float:
    """Train `model` in place and return the seconds of processor time that it took, all threads together.

    Pictures are drawn the more often the more they show. Half are mirrored, and then what is on the left is
    on the right.

    Args:
        progress: told every 50 steps.
        checkpoint: a file that is written as often; where it is there already, training goes on from it.
    """
    rng = np.random.default_rng(recipe.seed)
    asked = phrases()
    truths = Truths(asked)
    steps = math.ceil(recipe.epochs * len(album) / recipe.batch)
    optimizer = torch.optim.AdamW(
        model.parameters(), recipe.rate, betas=(0.9, 0.98), weight_decay=recipe.decay
    )
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: _rate(step, steps))
    shown = (album.seen == CLEAR).sum(1) + 0.2
    share = shown / shown.sum()
    model.train()
    run = _Run(model, optimizer, schedule, rng)
    if checkpoint is not None and checkpoint.exists():
        run.resume(checkpoint)
    begin, losses = time.process_time() - run.seconds, []
    for step in range(run.step, steps):
        batch = _changed(_picked(album, rng.choice(len(album), recipe.batch, p=share)), rng, recipe.shift)
        some = rng.permutation(len(asked))[: recipe.phrases]
        texts = [asked[k].say(rng) for k in some]
        captions, true, told = scene_truths(batch)
        spelt = slice(0, recipe.captions)
        with torch.autocast("cpu", torch.bfloat16):
            whole, near = model.pictures(batch.rgb)
            text, scenes = model.words(texts), model.words(captions[spelt])
            by_whole = model.space.whole_logits(whole, text)
            by_patch = model.space.patch_logits(near, text)
            of_scenes = model.space.whole_logits(whole, scenes)
        answers = [torch.as_tensor(part[:, some]) for part in truths.of(batch)]
        loss = sigmoid_loss(by_whole, *answers) + sigmoid_loss(by_patch, *answers)
        loss = loss + sigmoid_loss(
            of_scenes, torch.as_tensor(true[:, spelt]), torch.as_tensor(told[:, spelt])
        )
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 5.0)
        optimizer.step()
        schedule.step()
        losses.append(float(loss.detach()))
        if (step + 1) % 50 == 0 or step + 1 == steps:
            run.step, run.seconds = step + 1, time.process_time() - begin
            progress(Progress(run.step, steps, float(np.mean(losses)), run.seconds))
            losses.clear()
            if checkpoint is not None:
                run.keep(checkpoint)
    model.eval()
    return run.seconds


@dataclass
class _Run:
    """All that a training needs to go on from where it was."""

    model: DualEncoder
    optimizer: torch.optim.Optimizer
    schedule: torch.optim.lr_scheduler.LRScheduler
    rng: np.random.Generator
    step: int = 0
    seconds: float = 0.0

    def keep(self, path: Path) -> None:
        parts = (self.model, self.optimizer, self.schedule)
        states = [part.state_dict() for part in parts]
        part = path.with_suffix(".part")
        torch.save((states, self.rng.bit_generator.state, self.step, self.seconds), part)
        part.replace(path)

    def resume(self, path: Path) -> None:
        states, self.rng.bit_generator.state, self.step, self.seconds = torch.load(path)
        self.model.load_state_dict(states[0])
        self.optimizer.load_state_dict(states[1])
        self.schedule.load_state_dict(states[2])


def _rate(step: int, steps: int) -> float:
    warm = max(1, steps // 20)
    return min((step + 1) / warm, 0.5 * (1 + math.cos(math.pi * step / steps)))


def _picked(album: Album, rows: NDArray[np.int64]) -> Album:
    return Album(album.rgb[rows], album.seen[rows], album.place[rows], album.across[rows])


def _changed(album: Album, rng: np.random.Generator, shift: int) -> Album:
    """Mirror one half, move each by some pixels, and change its brightness by up to a tenth."""
    half = len(album) // 2
    rgb, place, across = album.rgb.copy(), album.place.copy(), album.across.copy()
    rgb[:half] = rgb[:half, :, ::-1]
    place[:half] = np.where(place[:half] >= 0, len(PLACES) - 1 - place[:half], place[:half])
    across[:half] = 1.0 - across[:half]
    size = rgb.shape[1]
    padded = np.pad(rgb, ((0, 0), (shift, shift), (shift, shift), (0, 0)), mode="edge")
    corners = rng.integers(0, 2 * shift + 1, size=(len(rgb), 2))
    moved = [one[y : y + size, x : x + size] for one, (y, x) in zip(padded, corners, strict=True)]
    brighter = np.stack(moved) * rng.uniform(0.9, 1.1, size=(len(rgb), 1, 1, 1)).astype(np.float32)
    return Album(np.clip(brighter, 0, 255).astype(np.uint8), album.seen, place, across)


def scene_truths(album: Album) -> tuple[list[str], NDArray[np.bool_], NDArray[np.bool_]]:
    """Return the caption of each picture, and (B, B) each: which captions are true, and which can be told.

    A picture with things in doubt gets a caption that counts nowhere; whether a caption that names only a
    part of what another picture shows is true of that one is nobody's business.
    """
    clear = album.seen == CLEAR
    captions = [
        caption([Sighting(ALL_THINGS[k], 1000, float(across[k]), False) for k in np.flatnonzero(row)])
        for row, across in zip(clear, album.across, strict=True)
    ]
    kinds = np.zeros((len(album), len(ALL_THINGS), len(PLACES) + 1), dtype=np.float32)
    rows, things = np.nonzero(clear)
    kinds[rows, things, album.place[rows, things]] = 1.0
    flat = kinds.reshape(len(album), -1)
    shared, count = flat @ flat.T, flat.sum(1)
    true = np.array([[one == other for other in captions] for one in captions])
    part = shared >= count[None, :] - 0.5
    usable = (count > 0) & ~(album.seen == DOUBTFUL).any(1)
    return captions, true, (true | ~part) & usable[None, :]
