"""Where a model looked: the weights of its attention, followed back to patches, words, state and targets."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from vla_course.learning.model.transformer import Attention


@dataclass(frozen=True, eq=False)
class AttentionShares:
    """Which share of each output came from where; over all of it, the shares of one output add up to 1."""

    patches: Tensor
    """(batch, outputs, cameras, rows, columns)"""
    words: Tensor
    """(batch, outputs, words); 0 for padding"""
    state: Tensor
    """(batch, outputs)"""
    targets: Tensor
    """(batch, outputs, targets); 0 for a target that is not there"""


@dataclass(frozen=True, eq=False)
class OutputAttention:
    """Where each output of a model looked."""

    actions: AttentionShares
    """one output a step of the chunk; what an LSTM passes on from the steps before is not followed"""
    summary: AttentionShares
    """one output: what plan and confidence are read from"""


@contextmanager
def recorded(*modules: nn.Module) -> Iterator[list[Tensor]]:
    """Collect, of every attention inside of the modules, the weights (batch, q, t), averaged over its heads.

    They come in the order in which attention is paid. Not for two threads at once on one model.
    """
    attentions = [part for module in modules for part in module.modules() if isinstance(part, Attention)]
    maps: list[Tensor] = []
    for attention in attentions:
        attention.maps = maps
    try:
        yield maps
    finally:
        for attention in attentions:
            attention.maps = None


def rollout(maps: list[Tensor]) -> Tensor:
    """Return which share (batch, t, t) of each token after some layers came from which token before them.

    A layer adds what was read to what was there, half and half, so its share is (A + 1) / 2, and layers
    multiply (attention rollout, Abnar and Zuidema 2020). Rows add up to 1.
    """
    share = torch.eye(maps[0].shape[-1], device=maps[0].device).expand_as(maps[0])
    for weights in maps:
        share = (weights @ share + share) / 2.0
    return share


def output_attention(
    maps: list[Tensor], layers: int, mask: Tensor, cameras: int, grid: tuple[int, int], words: int
) -> OutputAttention:
    """Follow the outputs back to the tokens.

    Args:
        maps: the weights of each fusion layer (batch, t, t), those of the steps' reading (batch, steps, t), and of
            each layer in which steps look back at each other (batch, steps, steps).
        layers: how many fusion layers there are.
        mask: (batch, t), the tokens that are there.
        cameras, grid, words: how the tokens stand in a row: patches of each camera, words, state if any, targets.
    """
    fusion, read, memory = maps[:layers], maps[layers], maps[layers + 1 :]
    share = rollout(fusion)
    if memory:
        read = rollout(memory) @ read
    there = mask.float() / mask.float().sum(dim=1, keepdim=True)
    places = (cameras, grid, words)
    return OutputAttention(_split(read @ share, *places), _split(there.unsqueeze(1) @ share, *places))


def _split(share: Tensor, cameras: int, grid: tuple[int, int], words: int) -> AttentionShares:
    seen = cameras * grid[0] * grid[1]
    patches, spoken, rest = share.tensor_split((seen, seen + words), dim=-1)
    return AttentionShares(
        patches.unflatten(-1, (cameras, *grid)), spoken, rest[..., :1].sum(dim=-1), rest[..., 1:]
    )
