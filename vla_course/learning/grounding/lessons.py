"""Moments as the frozen vision encoder sees them, kept in files, and batches of questions about them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from vla_course.learning.encoders.frozen import FrozenEncoders
from vla_course.learning.grounding.config import ROLES
from vla_course.learning.grounding.questions import ABSENT, UNKNOWN, question
from vla_course.learning.grounding.sights import ENTITIES, SHOWN, Sights, count_moments

LEFT_OPEN: Final = 0.25
"""how many of the roles that a sentence leaves open, or fills with what is not there, are asked for"""
PERSON: Final = 0.1
"""how often the person is asked for beside"""
_TABLE: Final = ENTITIES.index("table")


@dataclass(frozen=True, eq=False)
class Lessons:
    """N moments without their pictures.

    Attributes:
        sights: with rgb (N, 0).
        coarse, finer: (N, cameras, P, width) and (N, cameras, 4 P, channels) float16.
    """

    sights: Sights
    coarse: Tensor
    finer: Tensor

    def __len__(self) -> int:
        return len(self.coarse)


def lessons(
    paths: Sequence[Path],
    encoders: FrozenEncoders,
    *,
    mirror: bool = True,
    progress: Callable[[int], None] = lambda done: None,
) -> Lessons:
    """Encode files of `Sights`, or read what was encoded before; it is kept beside them.

    Args:
        paths: of the files.
        encoders: the shipped ones.
        mirror: whether every moment comes a second time, in a looking glass.
        progress: told how many files are done.
    """
    every: list[Sights] = []
    coarse, finer = (torch.empty(0, dtype=torch.float16) for _ in range(2))
    for done, path in enumerate(paths):
        sights = Sights.load(path)
        for name, seen in (("plain", sights), ("mirrored", sights.mirrored()))[: 1 + mirror]:
            first, parts = sum(map(len, every)), _encoded(path, name, seen, encoders)
            if not every:  # room for all of them at once: they are large
                room = (1 + mirror) * sum(map(count_moments, paths))
                coarse, finer = (torch.empty((room, *part.shape[1:]), dtype=torch.float16) for part in parts)
            every.append(replace(seen, rgb=seen.rgb[:, :0].copy()))  # a view would keep the pictures
            for whole, part in zip((coarse, finer), parts, strict=True):
                whole[first : first + len(part)] = part
        progress(done + 1)
    count = sum(map(len, every))
    return Lessons(Sights.joined(every), coarse[:count], finer[:count])


def _encoded(source: Path, name: str, sights: Sights, encoders: FrozenEncoders) -> tuple[Tensor, Tensor]:
    path = source.with_name(f"{source.stem}-{name}.features.npz")
    if not path.exists():
        coarse, finer = (part.half().numpy() for part in encoders.see(sights.rgb))
        part = path.with_name(path.stem + ".part.npz")
        np.savez(part, coarse=coarse, finer=finer)
        part.replace(path)
    with np.load(path) as file:
        return torch.from_numpy(file["coarse"]), torch.from_numpy(file["finer"])


@dataclass(frozen=True, eq=False)
class Batch:
    """Questions about M moments: Q of them, each a role of one of S sentences.

    Attributes:
        moments: (M,) which.
        sentences: S of them.
        sentence, role, moment: (Q,) which sentence, which role, and which of the M moments.
        shows: (Q, cameras) float32, 1 it shows, 0 it does not, nan that cannot be told.
        middle: (Q, cameras, 2) float32, pixels.
        box: (Q, cameras, 4) float32, pixels: left, top, right, bottom.
        weight: (Q,) float32.
        entity: (Q,) which of `ENTITIES` is meant, or `ABSENT`.
    """

    moments: NDArray[np.int64]
    sentences: list[str]
    sentence: Tensor
    role: Tensor
    moment: Tensor
    shows: Tensor
    middle: Tensor
    box: Tensor
    weight: Tensor
    entity: Tensor


def by_what_shows(sights: Sights, named: Sequence[str]) -> NDArray[np.float64]:
    """Return chances to draw moments by: the more of `named` things show, the greater."""
    columns = [ENTITIES.index(name) for name in named]
    shown = (sights.pixels[:, :, columns] >= SHOWN).sum((1, 2)) + 0.2
    chances: NDArray[np.float64] = shown / shown.sum()
    return chances


def batch(
    rng: np.random.Generator,
    sights: Sights,
    count: int,
    each: int,
    named: Sequence[str],
    chances: NDArray[np.float64] | None = None,
) -> Batch:
    """Draw moments and questions about them, which name and mean none but `named` things.

    Args:
        rng: of chance.
        sights: to draw from.
        count: moments.
        each: questions about each.
        named: names of things.
        chances: of each moment, their sum is 1; default: all the same.
    """
    asked: list[tuple[int, int, int, int]] = []
    while not asked:  # of few moments it may be that nothing can be told
        moments = rng.choice(len(sights), size=count, p=chances)
        sentences: list[str] = []
        for row, moment in enumerate(moments.tolist()):
            for _ in range(each):
                one = question(rng, sights, moment, named)
                for role, entity in enumerate(one.meant):
                    share = PERSON if ROLES[role] == "person" else LEFT_OPEN if entity == ABSENT else 1.0
                    if entity != UNKNOWN and rng.random() < share:
                        asked.append((len(sentences), role, row, entity))
                sentences.append(one.sentence)
    sentence, role, row, entity = np.array(asked, dtype=np.int64).T
    at, there = moments[row], entity >= 0
    pixels = np.where(there[:, None], sights.pixels[at, :, entity], 0)
    shows = np.where(pixels >= SHOWN, 1.0, np.where(pixels == 0, 0.0, np.nan))
    return Batch(
        moments,
        sentences,
        torch.from_numpy(sentence),
        torch.from_numpy(role),
        torch.from_numpy(row),
        torch.from_numpy(shows.astype(np.float32)),
        torch.from_numpy(sights.middle[at, :, entity]),
        torch.from_numpy(sights.box[at, :, entity].astype(np.float32)),
        # A table's middle is no particular place, and many sentences mean it.
        torch.from_numpy(np.where(entity == _TABLE, 0.3, 1.0).astype(np.float32)),
        torch.from_numpy(entity),
    )
