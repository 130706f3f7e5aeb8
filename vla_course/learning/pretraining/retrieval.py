"""Retrieval: which of so many captions belongs to a picture, and which of so many pictures to a caption."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import permutations, product
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from vla_course.learning.pretraining.captions import PLACES, caption, join, phrase, split
from vla_course.learning.pretraining.snapshots import Snapshot, Studio, choose_things
from vla_course.simulation.scene.things import ALL_THINGS, HELD_OUT, TRAINED

if TYPE_CHECKING:
    from vla_course.learning.encoders.dual_encoder import DualEncoder


@dataclass(frozen=True, slots=True)
class Gallery:
    """Pictures (N, 96, 96, 3) uint8, each with its caption."""

    rgb: NDArray[np.uint8]
    captions: tuple[str, ...]

    def part(self, keep: Sequence[bool]) -> Gallery:
        """Return the pictures to keep."""
        captions = tuple(text for text, kept in zip(self.captions, keep, strict=True) if kept)
        return Gallery(self.rgb[np.array(keep)], captions)


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
    asked: Sequence[str] | None = None,
) -> Hits:
    """Draw pictures with different captions, and ask for the best caption of each picture, the best picture of each.

    There are as many draws as it takes to ask about each picture once on the average: answers about one
    picture twice would be no two answers.

    Args:
        among: how many a draw.
        asked: captions half of each draw is made of; only questions about these count, the others only stand
            beside. Default: all.

    Raises:
        ValueError: the gallery has fewer different captions than `among`.
    """
    texts = sorted(set(gallery.captions))
    if len(texts) < among:
        raise ValueError(f"among is {among}, expected at most the {len(texts)} captions of the gallery")
    scores = fits(model, gallery.rgb, texts)
    pictures_of = [np.flatnonzero(np.array(gallery.captions) == text) for text in texts]
    counts = np.array([asked is None or text in asked for text in texts])
    hits = Hits([], [])
    pictures = sum(len(rows) for rows, counted in zip(pictures_of, counts, strict=True) if counted)
    for _ in range(max(1, pictures // (among if counts.all() else among // 2))):
        columns = _drawn(rng, counts, among)
        rows = np.array([pictures_of[k][rng.integers(len(pictures_of[k]))] for k in columns])
        part, counted = scores[np.ix_(rows, columns)], counts[columns]
        right = np.arange(among)
        hits.text_to_image.extend((part.argmax(0) == right)[counted].tolist())
        hits.image_to_text.extend((part.argmax(1) == right)[counted].tolist())
    return hits


def _drawn(rng: np.random.Generator, counts: NDArray[np.bool_], among: int) -> NDArray[np.int64]:
    if counts.all():
        return rng.permutation(len(counts))[:among]
    yes, no = rng.permutation(np.flatnonzero(counts)), rng.permutation(np.flatnonzero(~counts))
    return np.concatenate([yes[: among // 2], no[: among - among // 2]])


def fits(model: DualEncoder, rgb: NDArray[np.uint8], texts: Sequence[str]) -> NDArray[np.float32]:
    """Return how well each caption fits each picture, (N, P): the mean log odds of what it names."""
    parts = [split(text) for text in texts]
    different = sorted({part for named in parts for part in named})
    scores = np.concatenate(
        [model.similarity(rgb[k : k + 64], different).cpu().numpy() for k in range(0, len(rgb), 64)]
    )
    columns = {part: scores[:, k] for k, part in enumerate(different)}
    return np.stack([np.mean([columns[part] for part in named], axis=0) for named in parts], axis=1)


def shuffled(text: str, rng: np.random.Generator, count: int = 8) -> list[str]:
    """Return captions of the same words: first `text`, then others whose colours and shapes have changed places."""
    words = [part.split() for part in split(text)]
    colours, shapes = [word[1] for word in words], [word[2] for word in words]
    others = {
        join(
            [phrase(f"{a} {b}", " ".join(word[3:])) for a, b, word in zip(paints, forms, words, strict=True)]
        )
        for paints, forms in product(permutations(colours), permutations(shapes))
    } - {text}
    return [text, *rng.permutation(sorted(others))[: count - 1].tolist()]


def examine(model: DualEncoder, seed: int, *, pictures: int = 4, scenes: int = 200) -> dict[str, list[bool]]:
    """Return which questions of every kind were answered right, on newly rendered pictures of a seed.

    Args:
        pictures: of each thing in each place.
        scenes: with three things each.
    """
    rng = np.random.default_rng(seed)
    alone = single_things(seed, ALL_THINGS, pictures)
    held_out = [phrase(name, where) for name in HELD_OUT for where in PLACES]
    known = alone.part([text not in held_out for text in alone.captions])
    new = alone.part([text in held_out for text in alone.captions])
    three = crowded(seed + 1, TRAINED, 3, scenes)
    found = {
        "trained pairs": retrieve(model, known, rng),
        "held-out pairs among all": retrieve(model, alone, rng, asked=held_out),
        "held-out pairs among themselves": retrieve(model, new, rng),
        "scenes of three things": retrieve(model, three, rng),
    }
    outcomes = {}
    for name, hits in found.items():
        outcomes[f"{name}, text to image"] = hits.text_to_image
        outcomes[f"{name}, image to text"] = hits.image_to_text
    by_phrases, as_one = _tell_shuffled(model, three, rng)
    return outcomes | {
        "scenes of three things, words shuffled": by_phrases,
        "scenes of three things, words shuffled, a caption as one vector": as_one,
    }


def _tell_shuffled(
    model: DualEncoder, scenes: Gallery, rng: np.random.Generator
) -> tuple[list[bool], list[bool]]:
    """Ask each picture of things that differ in colour and shape for its caption among eight of the same words.

    Returns:
        Which answers are right: phrase by phrase, and where a whole caption becomes one vector.
    """
    by_phrases, as_one = [], []
    for picture, text in zip(scenes.rgb, scenes.captions, strict=True):
        choice = shuffled(text, rng)
        if len(choice) == 8:
            by_phrases.append(bool(fits(model, picture[None], choice).argmax() == 0))
            as_one.append(bool(model.similarity(picture[None], choice).argmax() == 0))
    return by_phrases, as_one
