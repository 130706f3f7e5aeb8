"""What one step of training looks at: whole pictures, or glimpses of single things, mirrored, moved, brightened."""

from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from vla_course.learning.pretraining.album import ABSENT, CLEAR, DOUBTFUL, NOWHERE, Album
from vla_course.learning.pretraining.captions import PLACES, THIRDS, Sighting, caption
from vla_course.simulation.scene.things import ALL_THINGS, HELD_OUT, colour_and_shape

GLIMPSE: Final = 48
"""pixels a side: room for the nearest bottle"""
PATCH: Final = 16
"""pixels a side of a patch: a glimpse is of whole ones"""
SHIFT: Final = 4
"""pixels by which a picture is moved at most"""
WITHIN: Final = 6
"""pixels from the border at which the middle of a thing that is clear lies at least"""
BEYOND: Final = 20
"""pixels outside of the border at which nothing of a thing shows any more"""


def whole_pictures(album: Album, rng: np.random.Generator, count: int) -> Album:
    """Draw pictures, the more often the more they show, and change them a little."""
    shown = (album.seen == CLEAR).sum(1) + 0.2
    return changed(album.part(rng.choice(len(album), count, p=shown / shown.sum())), rng)


def glimpses(album: Album, rng: np.random.Generator, count: int) -> tuple[Album, NDArray[np.int64]]:
    """Draw clear things, and of each the part of its picture that lies round it: (count, 48, 48, 3).

    What lies near the border of a glimpse is in doubt; left and right are still those of the whole picture.
    Second comes which patches of the whole picture each shows, (count, 9), counted row by row.
    """
    rows, things = np.nonzero(album.seen == CLEAR)
    drawn = rng.integers(len(rows), size=count)
    batch = changed(album.part(rows[drawn]), rng)
    size = batch.rgb.shape[1]
    middle = size * batch.middle
    wish = (
        middle[np.arange(count), things[drawn]] - GLIMPSE / 2 + rng.uniform(-PATCH / 2, PATCH / 2, (count, 2))
    )
    first = np.clip((wish / PATCH).round().astype(int), 0, (size - GLIMPSE) // PATCH)
    corners = PATCH * first
    rgb = [one[y : y + GLIMPSE, x : x + GLIMPSE] for one, (x, y) in zip(batch.rgb, corners, strict=True)]
    inner = middle - corners[:, None, :]
    depth = np.minimum(inner, GLIMPSE - inner).min(-1)
    seen = np.where(depth >= WITHIN, batch.seen, np.minimum(batch.seen, DOUBTFUL))
    seen = np.where(depth < -BEYOND, ABSENT, seen).astype(np.uint8)
    side = np.arange(GLIMPSE // PATCH)
    down, across = np.meshgrid(side, side, indexing="ij")
    patches = size // PATCH * (first[:, 1:] + down.ravel()) + first[:, :1] + across.ravel()
    return replace(batch, rgb=np.stack(rgb), seen=seen), patches


def changed(album: Album, rng: np.random.Generator) -> Album:
    """Mirror the first half of the pictures; move and brighten or darken all a little. Places follow."""
    half, count, size = len(album) // 2, len(album), album.rgb.shape[1]
    rgb, middle = album.rgb.copy(), album.middle.copy()
    rgb[:half] = rgb[:half, :, ::-1]
    middle[:half, :, 0] = 1.0 - middle[:half, :, 0]
    padded = np.pad(rgb, ((0, 0), (SHIFT, SHIFT), (SHIFT, SHIFT), (0, 0)), mode="edge")
    starts = rng.integers(0, 2 * SHIFT + 1, size=(count, 2))
    moved = np.stack([one[y : y + size, x : x + size] for one, (x, y) in zip(padded, starts, strict=True)])
    middle += ((SHIFT - starts) / size).astype(np.float32)[:, None, :]
    place = np.full_like(album.place, NOWHERE)
    for k, (begin, end) in enumerate(THIRDS):
        across = middle[..., 0]
        place[(album.seen == CLEAR) & (begin <= across) & (across <= end)] = k
    bright = moved * rng.uniform(0.9, 1.1, size=(count, 1, 1, 1)).astype(np.float32)
    return Album(np.clip(bright, 0, 255).astype(np.uint8), album.seen, place, middle)


def scene_truths(album: Album) -> tuple[list[str], NDArray[np.bool_], NDArray[np.bool_]]:
    """Return the caption of each picture, and (B, B) each: which captions are true, and which can be told.

    A picture with things in doubt gets a caption that counts nowhere. Not told is whether a caption is true of
    a picture that shows, or may show, all it names, and whether one that names a box is true of something red
    while red boxes are held out (see `picture_phrases.Truths`).
    """
    clear = album.seen == CLEAR
    captions = []
    for row, middle in zip(clear, album.middle, strict=True):
        places = [(ALL_THINGS[k], float(middle[k, 0]), float(middle[k, 1])) for k in np.flatnonzero(row)]
        captions.append(caption([Sighting(name, 1000, x, y, cut=False) for name, x, y in places]))
    kinds = np.zeros((len(album), len(ALL_THINGS), len(PLACES) + 1), dtype=np.float32)
    rows, things = np.nonzero(clear)
    kinds[rows, things, album.place[rows, things]] = 1.0
    may = np.zeros_like(kinds)
    for k in range(len(PLACES)):
        may[..., k] = (album.seen == DOUBTFUL) | (clear & np.isin(album.place, (k, NOWHERE)))
    may[..., NOWHERE] = album.seen >= DOUBTFUL
    named = kinds.reshape(len(album), -1)
    count = named.sum(1)
    true = np.array([[one == other for other in captions] for one in captions])
    perhaps = may.reshape(len(album), -1) @ named.T >= count[None, :] - 0.5
    usable = (count > 0) & ~(album.seen == DOUBTFUL).any(1)
    clash = (album.seen >= DOUBTFUL).astype(np.float32) @ _CLASH @ clear.T.astype(np.float32) > 0.5
    return captions, true, (true | ~(perhaps | clash)) & usable[None, :]


_KINDS: Final = [colour_and_shape(name) for name in ALL_THINGS]
_CLASH: Final = np.array(
    [[f"{colour} {shape}" in HELD_OUT for _, shape in _KINDS] for colour, _ in _KINDS], dtype=np.float32
)
"""(48, 48): whether the colour of the one and the shape of the other are a pair that is held out"""
