"""Retrieval: which of so many captions belongs to a picture, and which of so many pictures to a caption."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from vla_course.learning.captions import PLACES, caption, phrase
from vla_course.learning.snapshots import Snapshot, Studio, choose_things

if TYPE_CHECKING:
    from vla_course.learning.dual_encoder import DualEncoder


@dataclass(frozen=True, slots=True)
class Gallery:
    """Pictures (N, 96, 96, 3) uint8, each with its caption."""

    rgb: NDArray[np.uint8]
    captions: tuple[str, ...]


def single_things(seed: int, things: Sequence[str], pictures: int) -> Gallery:
    """Photograph each thing alone on the table until every place of every thing has so many pictures."""
    taken: list[Snapshot] = []
    captions: list[str] = []
    for number, name in enumerate(things):
        wanted = {phrase(name, where): pictures for where in PLACES}
        rng = np.random.default_rng([seed, number])
        with Studio(rng) as studio:
            while any(wanted.values()):
                studio.arrange([name])
                snapshot = studio.take("head" if rng.random() < 0.6 else "chest")
                text = caption(snapshot.sightings)
                if wanted.get(text, 0):
                    wanted[text] -= 1
                    taken.append(snapshot)
                    captions.append(text)
    return Gallery(np.stack([one.rgb for one in taken]), tuple(captions))


def crowded(seed: int, things: Sequence[str], count: int, pictures: int) -> Gallery:
    """Photograph scenes that show exactly `count` things, all of them clearly and each in a place."""
    taken: list[Snapshot] = []
    number = 0
    while len(taken) < pictures:
        rng = np.random.default_rng([seed, number])
        number += 1
        with Studio(rng) as studio:
            for _ in range(8):
                studio.arrange(choose_things(rng, things, count))
                snapshot = studio.take("head")
                if len(snapshot.sightings) == count and all(
                    one.clear and one.place for one in snapshot.sightings
                ):
                    taken.append(snapshot)
    return Gallery(
        np.stack([one.rgb for one in taken[:pictures]]),
        tuple(caption(one.sightings) for one in taken[:pictures]),
    )


@dataclass(frozen=True, slots=True)
class Hits:
    """Of many questions, which were answered right."""

    text_to_image: list[bool]
    image_to_text: list[bool]


def retrieve(
    model: DualEncoder,
    gallery: Gallery,
    rng: np.random.Generator,
    *,
    among: int = 32,
    draws: int = 50,
    count_only: Sequence[str] | None = None,
) -> Hits:
    """Draw `among` pictures with different captions, and ask for the best of each row and each column.

    Args:
        count_only: captions whose questions count; the others only stand beside. Half of every draw are of these.

    Raises:
        ValueError: the gallery has fewer different captions than `among`.
    """
    texts = sorted(set(gallery.captions))
    if len(texts) < among:
        raise ValueError(f"among is {among}, expected at most the {len(texts)} captions of the gallery")
    scores = np.concatenate(
        [model.similarity(gallery.rgb[k : k + 64], texts).numpy() for k in range(0, len(gallery.rgb), 64)]
    )
    of_text = [np.flatnonzero(np.array(gallery.captions) == text) for text in texts]
    counted = np.array([count_only is None or text in count_only for text in texts])
    hits = Hits([], [])
    for _ in range(draws):
        columns = _drawn(rng, counted, among)
        rows = np.array([of_text[k][rng.integers(len(of_text[k]))] for k in columns])
        part = scores[np.ix_(rows, columns)]
        asked = np.flatnonzero(counted[columns])
        hits.text_to_image.extend((part.argmax(0) == np.arange(among))[asked].tolist())
        hits.image_to_text.extend((part.argmax(1) == np.arange(among))[asked].tolist())
    return hits


def _drawn(rng: np.random.Generator, counted: NDArray[np.bool_], among: int) -> NDArray[np.int64]:
    if counted.all():
        return rng.permutation(len(counted))[:among]
    yes, no = rng.permutation(np.flatnonzero(counted)), rng.permutation(np.flatnonzero(~counted))
    return np.concatenate([yes[: among // 2], no[: among - among // 2]])
