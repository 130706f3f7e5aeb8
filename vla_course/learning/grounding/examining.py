"""What a grounder answers to questions about moments that it has never seen, beside what is true."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
import torch
from numpy.typing import NDArray

from vla_course.learning.encoders.frozen import Reads
from vla_course.learning.grounding.grounder import Grounder
from vla_course.learning.grounding.lessons import Lessons
from vla_course.learning.grounding.questions import UNKNOWN, Question
from vla_course.learning.grounding.sights import ENTITIES, PICTURE_SIZE, SHOWN
from vla_course.learning.grounding.training import on_it
from vla_course.learning.pretraining.captions import CLEAR_PIXELS

Flags = NDArray[np.bool_]
_NO_THINGS = ("table", "person")
_AT_ONCE = 64


@dataclass(frozen=True, slots=True)
class Ask:
    """A question about a moment."""

    moment: int
    question: Question


@dataclass(frozen=True, slots=True)
class Answers:
    """One row for each role that a question tells, and each camera.

    Attributes:
        ask, moment, role, entity, camera: (N,) which question, moment, role, what is meant, which camera.
        told: whether it can be told that the thing shows, or that it does not.
        shows: whether it does.
        clear: whether enough of it is seen to name it, and no border of the picture cuts it.
        several: whether two things or more show in this picture.
        said_shows, confidence: (N,) as the grounder has it, 0 to 1.
        gap: (N,) pixels, from its place to the thing's middle.
        nearest: whether no other thing's middle is nearer to its place.
        on: whether its place is on the thing.
        depth: (N,) m.
        look: (N,) index of `LOOKS`.
    """

    ask: NDArray[np.int64]
    moment: NDArray[np.int64]
    role: NDArray[np.int64]
    entity: NDArray[np.int64]
    camera: NDArray[np.int64]
    told: Flags
    shows: Flags
    clear: Flags
    several: Flags
    said_shows: NDArray[np.float32]
    confidence: NDArray[np.float32]
    gap: NDArray[np.float32]
    nearest: Flags
    on: Flags
    depth: NDArray[np.float32]
    look: NDArray[np.int8]

    def __len__(self) -> int:
        return len(self.ask)

    def where(self, rows: Flags) -> Answers:
        """Return the rows of a mask."""
        return Answers(**{field.name: getattr(self, field.name)[rows] for field in fields(self)})

    @property
    def things(self) -> Answers:
        """Those about a thing that shows beside others: of these a right one is to be found."""
        return self.where(self.shows & self.told & self.several & _is_thing(self.entity))

    @property
    def right(self) -> Flags:
        """(N,) whether the thing shows and the place is on it, and on no other thing rather."""
        return self.shows & self.on & self.nearest


def examine(
    grounder: Grounder,
    known: Lessons,
    encoders: Reads,
    asks: Sequence[Ask],
    shown: NDArray[np.int64] | None = None,
) -> Answers:
    """Ask them all.

    Args:
        grounder: whom.
        known: what it sees, and what is true.
        encoders: whoever reads the sentences.
        asks: what.
        shown: for each moment the one whose pictures are shown in its place: a control.
    """
    parts = [
        _some(grounder, known, encoders, asks[first : first + _AT_ONCE], first, shown)
        for first in range(0, len(asks), _AT_ONCE)
    ]
    return Answers(
        **{
            field.name: np.concatenate([getattr(part, field.name) for part in parts])
            for field in fields(Answers)
        }
    )


@torch.no_grad()
def _some(
    grounder: Grounder,
    known: Lessons,
    encoders: Reads,
    asks: Sequence[Ask],
    first: int,
    shown: NDArray[np.int64] | None,
) -> Answers:
    sights = known.sights
    rows = [
        (number, role, entity)
        for number, ask in enumerate(asks)
        for role, entity in enumerate(ask.question.meant)
        if entity != UNKNOWN
    ]
    number, role, entity = np.array(rows, dtype=np.int64).reshape(-1, 3).T
    moment = np.array([ask.moment for ask in asks], dtype=np.int64)
    views, view = np.unique(moment if shown is None else shown[moment], return_inverse=True)
    picked = torch.from_numpy(views)
    patches = grounder.patches(known.coarse[picked].float(), known.finer[picked].float())
    words, mask = encoders.read([ask.question.sentence for ask in asks])
    queries = grounder.queries(words, mask)[torch.from_numpy(number), torch.from_numpy(role)]
    found = grounder.find(patches[torch.from_numpy(view[number])], queries)

    at, cameras = moment[number], found.shows.shape[1]
    there = (entity >= 0)[:, None]
    pixels = np.where(there, sights.pixels[at, :, entity], 0)
    middle, place = sights.middle[at, :, entity], found.pixels.numpy()
    things = _is_thing(np.arange(sights.pixels.shape[-1]))
    seen = sights.pixels[at][:, :, things] >= SHOWN
    away = np.linalg.norm(sights.middle[at][:, :, things] - place[:, :, None], axis=-1)
    away[~seen] = np.inf
    gap = np.linalg.norm(middle - place, axis=-1)
    nearest = np.where(_is_thing(entity)[:, None], gap <= away.min(-1) + 1e-6, True)
    box = sights.box[at, :, entity]
    on = on_it(found.pixels, torch.from_numpy(box.astype(np.float32))).numpy()
    return Answers(
        ask=np.repeat(first + number, cameras),
        moment=np.repeat(at, cameras),
        role=np.repeat(role, cameras),
        entity=np.repeat(entity, cameras),
        look=np.repeat(sights.look[at], cameras),
        camera=np.tile(np.arange(cameras), len(at)),
        told=((pixels == 0) | (pixels >= SHOWN)).ravel(),
        shows=(pixels >= SHOWN).ravel(),
        clear=((pixels >= CLEAR_PIXELS) & _inside(box)).ravel(),
        several=(seen.sum(-1) >= 2).ravel(),
        said_shows=found.shows.numpy().ravel(),
        confidence=found.confidence.numpy().ravel(),
        gap=gap.astype(np.float32).ravel(),
        nearest=nearest.ravel(),
        on=on.ravel(),
        depth=np.where(there, sights.depth[at, :, entity], 0.0).astype(np.float32).ravel(),
    )


def _is_thing(entity: NDArray[np.int64]) -> Flags:
    """Tell which indices of entities are those of things that lie on tables."""
    return np.asarray((entity >= 0) & ~np.isin(entity, [ENTITIES.index(name) for name in _NO_THINGS]))


def _inside(box: NDArray[np.uint8]) -> Flags:
    """Tell which boxes (..., 4) touch no border of their picture."""
    return np.asarray((box[..., :2] > 0).all(-1) & (box[..., 2:] < PICTURE_SIZE - 1).all(-1))


def calibration_error(confidence: NDArray[np.float32], right: Flags, bins: int = 10) -> float:
    """Return the expected calibration error (Naeini et al. 2015): the mean gap of its bins."""
    index = np.minimum((confidence * bins).astype(int), bins - 1)
    gaps = [
        abs(float(confidence[index == k].mean()) - float(right[index == k].mean()))
        * float((index == k).mean())
        for k in range(bins)
        if (index == k).any()
    ]
    return sum(gaps)
