"""Pictures as cameras give them, and what an encoder sees of them: resized by Pillow, with no code of torch's."""

import itertools
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from PIL import Image
from torch import from_numpy
from torch.nn.functional import interpolate

from shown.slips import Case, either

Array = NDArray[np.float64]
Box = tuple[int, int, int, int]

BILINEAR = Image.Resampling.BILINEAR
TOLERANCE = 2e-3
"""in units of the encoder's training; a step of a byte is five times as much"""


def some_picture(rng: np.random.Generator, height: int, width: int) -> NDArray[np.uint8]:
    """A picture (height, width, 3) of coloured tiles, with the noise of a camera."""
    tiles = rng.integers(20, 236, (5, 7, 3))
    rows, columns = np.arange(height) * 5 // height, np.arange(width) * 7 // width
    noise = rng.integers(-20, 21, (height, width, 3))
    return (tiles[rows][:, columns] + noise).astype(np.uint8)


@dataclass(frozen=True)
class Sight:
    """One picture for one encoder."""

    picture: NDArray[np.uint8]
    image_size: int
    mean: list[float]
    std: list[float]

    @property
    def arguments(self) -> tuple[NDArray[np.uint8], int, list[float], list[float]]:
        return self.picture.copy(), self.image_size, self.mean, self.std

    @property
    def square(self) -> Box:
        """left, top, right, bottom of the largest square in the middle"""
        height, width = self.picture.shape[:2]
        rest = abs(height - width)
        before, after = rest // 2, rest - rest // 2
        return (before, 0, width - after, height) if width > height else (0, before, width, height - after)

    def resized(self, box: Box | None = None) -> Array:
        """Colours (3, size, size) from 0 to 1 of what is in the box (default: the square)."""
        size = (self.image_size, self.image_size)
        colours = np.moveaxis(self.picture.astype(np.float32), 2, 0)
        cut = [Image.fromarray(colour).crop(box or self.square) for colour in colours]
        return np.stack([np.asarray(colour.resize(size, BILINEAR), dtype=float) for colour in cut]) / 255.0

    def normalised(self, colours: Array) -> Array:
        """What the encoder wants of colours from 0 to 1."""
        return np.stack([(c - m) / s for c, m, s in zip(colours, self.mean, self.std, strict=True)])

    def seen(self) -> Array:
        return self.normalised(self.resized())

    def slips(self) -> dict[str, Array]:
        """What known mistakes make of the picture."""
        height, width = self.picture.shape[:2]
        left, top, right, _ = self.square
        side, colours, seen = right - left, self.resized(), self.seen()
        odd = (width - height) % 2
        later = (left + odd * (width > height), top + odd * (height > width))
        own_mean, own_std = (of(colours, axis=(1, 2), keepdims=True) for of in (np.mean, np.std))
        return {
            "squashed": self.normalised(self.resized((0, 0, width, height))),
            "cut-from-the-corner": self.normalised(self.resized((0, 0, side, side))),
            "cut-at-the-start": self.normalised(self.resized((*later, later[0] + side, later[1] + side))),
            "not-scaled": self.normalised(255.0 * colours),
            "by-256": self.normalised(colours * 255.0 / 256.0),
            "scaled-last": self.normalised(255.0 * colours) / 255.0,
            "normalised-twice": self.normalised(seen),
            "not-normalised": colours,
            "std-forgotten": colours - np.reshape(self.mean, (3, 1, 1)),
            "mean-and-std-swapped": replace(self, mean=self.std, std=self.mean).normalised(colours),
            "mean-of-the-picture": (colours - own_mean) / own_std,
            "mean-fixed": replace(self, mean=[0.485, 0.456, 0.406], std=[0.229, 0.224, 0.225]).seen(),
            "colours-reversed": self.normalised(colours[::-1]),
            "rows-for-columns": seen.transpose(0, 2, 1),
            "channels-last": seen.transpose(1, 2, 0),
            "batch-of-one": seen[None],
            "no-antialias": self.normalised(self.thinned("bilinear")),
            "nearest": self.normalised(self.thinned("nearest")),
        }

    def thinned(self, mode: str) -> Array:
        """Colours of a picture of which most pixels were never looked at."""
        left, top, right, bottom = self.square
        square = from_numpy(self.picture[top:bottom, left:right].astype(np.float64)).permute(2, 0, 1)
        size = (self.image_size, self.image_size)
        return np.asarray(interpolate(square[None], size, mode=mode)[0]) / 255.0

    def case(self, student: Any, what: str) -> Case:
        """The student's answer, with a picture of the encoder's view beside it."""
        got = student.preprocess_image(*self.arguments)
        slips = {
            **self.slips(),
            "bytes-resized": self.in_bytes(got),
            "cut-after-resizing": either(got, *self.cut_last(), atol=TOLERANCE),
        }
        return Case(what, got, self.seen(), slips, self.drawing(got))

    def cut_last(self) -> list[Array]:
        """Of the whole picture resized, the middle square: its longer side and the rest are rounded as one likes."""
        height, width = self.picture.shape[:2]
        colours, size = np.moveaxis(self.picture.astype(np.float32), 2, 0), self.image_size
        views = []
        for whole, half in itertools.product((int, round), (int, round)):
            tall, wide = (whole(size * side / min(height, width)) for side in (height, width))
            top, left = half((tall - size) / 2), half((wide - size) / 2)
            small = [np.asarray(Image.fromarray(one).resize((wide, tall), BILINEAR)) for one in colours]
            cut = np.stack(small)[:, top : top + size, left : left + size]
            views.append(self.normalised(cut.astype(float) / 255.0))
        return views

    def in_bytes(self, got: object) -> ArrayLike:
        """The answer itself where its colours are whole bytes, next to the right ones; else nothing."""
        try:
            values = np.asarray(got, dtype=float)
        except (TypeError, ValueError, RuntimeError):
            return np.nan
        right = 255.0 * self.resized()
        if values.shape != right.shape:
            return np.nan
        colours = 255.0 * replace(self, mean=[0.0] * 3, std=[1.0 / one for one in self.std]).normalised(
            values
        )
        colours += 255.0 * np.reshape(self.mean, (3, 1, 1))
        whole = np.abs(colours - colours.round()).max() < 0.02 and np.abs(colours - right).max() < 1.02
        return values if whole else np.nan

    def drawing(self, got: object) -> Callable[[], Any]:
        """The camera's picture, what an encoder should see of it, and what it sees here."""

        def draw() -> Any:
            from matplotlib.figure import Figure
            from matplotlib.patches import Rectangle

            figure = Figure(figsize=(7.5, 2.8), layout="constrained")
            camera, wanted, yours = figure.subplots(1, 3)
            left, top, right, bottom = self.square
            camera.imshow(self.picture)
            camera.add_patch(
                Rectangle(
                    (left - 0.5, top - 0.5), right - left, bottom - top, fill=False, color="white", lw=2
                )
            )
            camera.set_title("the camera's picture, the square", fontsize="small")
            wanted.imshow(np.moveaxis(self.resized(), 0, 2))
            wanted.set_title("what the encoder should see", fontsize="small")
            view = _colours(got, self)
            if view is None:
                yours.text(0.5, 0.5, "yours is no picture (3, size, size)", ha="center", wrap=True)
                yours.set_axis_off()
            else:
                yours.imshow(view)
            yours.set_title("what it sees with yours", fontsize="small")
            return figure

        return draw


def _colours(got: object, sight: Sight) -> Array | None:
    """An answer as colours from 0 to 1, where it can be read so: a picture must not fail over a bad answer."""
    try:
        values = np.asarray(got, dtype=float)
    except (TypeError, ValueError, RuntimeError):
        return None
    if values.ndim != 3 or values.shape[0] != 3 or not np.isfinite(values).all():
        return None
    return np.clip(np.moveaxis(values, 0, 2) * sight.std + sight.mean, 0.0, 1.0)


def some_sight(rng: np.random.Generator, height: int, width: int, image_size: int) -> Sight:
    """A picture for an encoder with a training of its own."""
    picture = some_picture(rng, height, width)
    return Sight(picture, image_size, rng.uniform(0.3, 0.6, 3).tolist(), rng.uniform(0.15, 0.35, 3).tolist())
