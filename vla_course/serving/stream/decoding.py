"""From what a model says to what a robot does: chunks, commands of the skill map, and what they came from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from vla_course.serving.packets.codes import Code, PacketError
from vla_course.serving.packets.response import PatchSource, Sources, WordSource
from vla_course.simulation.robot.layout import ACTION
from vla_course.simulation.tasks.instructions import FORMS, SKILLS, Instruction

Floats = NDArray[np.float32]

MOST: Final = 8
"""patches and words that are told, those with the greatest weights"""
PIECE: Final = "##"
"""how a piece begins that goes on a word"""


def decode_actions(said: NDArray[Any]) -> Floats:
    """Return what a model said as actions (H, 36) float32 in -1 to 1, cut there.

    They are positions and speeds, not alternatives: no softmax goes over them.

    Args:
        said: (H, 36), normalised.

    Raises:
        PacketError: it is of another shape, or a number is not finite (`model_failed`): the model is at fault, and no
            packet.
    """
    chunk = np.asarray(said)
    if chunk.ndim != 2 or chunk.shape[1] != ACTION.size or not len(chunk) or chunk.dtype.kind != "f":
        raise PacketError(
            Code.MODEL_FAILED,
            "actions",
            f"the model said {chunk.dtype} {chunk.shape}, expected floats (H, {ACTION.size})",
        )
    if not np.isfinite(chunk).all():
        row, number = np.argwhere(~np.isfinite(chunk))[0]
        raise PacketError(
            Code.MODEL_FAILED,
            "actions",
            f"the model said {chunk[row, number]} at [{row}, {number}], expected it finite",
        )
    return np.clip(chunk, -1.0, 1.0).astype(np.float32)


def map_action_index_to_command(index: int, fields: Mapping[str, object] | None = None) -> Instruction:
    """Return the command of an index of the discrete head: every skill that the robot knows has one.

    Args:
        index: of `instructions.SKILLS`.
        fields: of the command, such as its thing or direction, as the skill wants them (`instructions.FORMS`).

    Raises:
        ValueError: there is no such skill, or the fields are not those of it; the message says which are.
    """
    if isinstance(index, bool) or not isinstance(index, int | np.integer) or not 0 <= index < len(SKILLS):
        raise ValueError(f"index is {index!r}, expected 0 to {len(SKILLS) - 1}: {', '.join(SKILLS)}")
    skill = SKILLS[int(index)]
    known = {name for form in FORMS[skill] for name in form} | {"where"}
    for name in fields or {}:
        if name not in known:
            raise ValueError(f"{skill!r} has no {name!r}, expected some of: {', '.join(sorted(known))}")
    return Instruction(skill, **dict(fields or {}))  # type: ignore[arg-type]  # it checks them itself


def extract_sources(
    patches: Mapping[str, NDArray[Any]], pieces: Sequence[str], weights: NDArray[Any], most: int = MOST
) -> Sources:
    """Return which patches of which pictures and which words an action came from, the greatest weights first.

    Weights of patches add up to 1 over all cameras, those of words over all words; where all are 0 there are none. The
    pieces of a word are one word, and those that a tokenizer adds ([CLS], [SEP], [PAD]) are none.

    Args:
        patches: of each camera the weights (rows, columns) of its patches, not negative: attention, or shares.
        pieces: (n) of words, as the tokenizer has them.
        weights: (n,) of these, not negative.
        most: patches and words that are told.

    Raises:
        PacketError: weights are negative or not finite, or not as many as pieces (`model_failed`).
    """
    _check(weights, 1, "weights of words")
    if len(pieces) != len(weights):
        raise PacketError(
            Code.MODEL_FAILED, "sources", f"{len(weights)} weights of {len(pieces)} pieces, expected one each"
        )
    found, grids = [], {}
    for camera, grid in patches.items():
        _check(grid, 2, f"weights of {camera}")
        grids[camera] = (grid.shape[0], grid.shape[1])
        found += [(camera, row, column, float(weight)) for (row, column), weight in np.ndenumerate(grid)]
    whole = sum(one[3] for one in found)
    found = sorted(found, key=lambda one: -one[3])[:most]
    words: list[tuple[str, float]] = []
    for piece, weight in zip(pieces, np.asarray(weights, dtype=np.float64).tolist(), strict=True):
        if piece.startswith(PIECE) and words:
            words[-1] = (words[-1][0] + piece.removeprefix(PIECE), words[-1][1] + weight)
        elif not (piece.startswith("[") and piece.endswith("]")):
            words.append((piece, weight))
    said = sum(weight for _, weight in words)
    words = sorted(words, key=lambda one: -one[1])[:most]
    return Sources(
        grids=grids,
        patches=tuple(
            PatchSource(camera=camera, row=row, column=column, weight=min(weight / whole, 1.0))
            for camera, row, column, weight in found
            if weight > 0.0
        ),
        words=tuple(
            WordSource(word=word, weight=min(weight / said, 1.0)) for word, weight in words if weight > 0.0
        ),
    )


def _check(weights: NDArray[Any], axes: int, what: str) -> None:
    numbers = np.asarray(weights, dtype=np.float64)
    if numbers.ndim != axes or not np.isfinite(numbers).all() or (numbers < 0.0).any():
        raise PacketError(
            Code.MODEL_FAILED,
            "sources",
            f"{what} are {numbers.shape}, expected {axes} axes, finite, not negative",
        )
