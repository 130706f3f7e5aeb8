"""The transformer of the course: attention that skips padding, and that can be asked where it looked."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional


class Attention(nn.Module):
    """Multi-head attention (Vaswani et al. 2017, section 3.2): queries read from tokens.

    Args:
        width: of queries and tokens.
        heads: how many places one query looks at, each with width / heads numbers.
        dropout: fraction of weights dropped in training.
    """

    def __init__(self, width: int, heads: int, dropout: float = 0.0) -> None:
        super().__init__()
        self.heads, self.dropout = heads, dropout
        self.query = nn.Linear(width, width)
        self.key_value = nn.Linear(width, 2 * width)
        self.out = nn.Linear(width, width)
        for layer in (
            self.query,
            self.key_value,
        ):  # scores of variance 1: it looks somewhere from the first step on
            nn.init.normal_(layer.weight, std=width**-0.5)
        self.maps: list[Tensor] | None = None
        """where `attention.recorded` collects weights; None: they are not kept"""

    def forward(
        self, queries: Tensor, tokens: Tensor, mask: Tensor | None = None, causal: bool = False
    ) -> Tensor:
        """Return what the queries (batch, q, width) read from the tokens (batch, t, width).

        `mask` (batch, t) bool is True where there is a token and False where there is padding; every row needs
        one True. `causal` hides from query i all tokens after i.
        """
        q, (k, v) = self.query(queries), self.key_value(tokens).chunk(2, dim=-1)
        q, k, v = (part.unflatten(-1, (self.heads, -1)).transpose(1, 2) for part in (q, k, v))
        seen = None if mask is None else mask[:, None, None, :].bool()
        if causal:
            before = torch.ones(q.shape[2], k.shape[2], dtype=torch.bool, device=q.device).tril()
            seen = before if seen is None else seen & before
        if self.maps is None:
            dropout = self.dropout if self.training else 0.0
            read = functional.scaled_dot_product_attention(q, k, v, attn_mask=seen, dropout_p=dropout)
        else:
            scores = (q @ k.transpose(-2, -1)).float() / q.shape[-1] ** 0.5
            weights = (scores if seen is None else scores.masked_fill(~seen, -torch.inf)).softmax(dim=-1)
            self.maps.append(weights.mean(dim=1))
            read = weights.to(v.dtype) @ v
        return self.out(read.transpose(1, 2).flatten(2))


class Block(nn.Module):
    """One layer: tokens read from each other, then each thinks for itself (pre-norm, Xiong et al. 2020)."""

    def __init__(self, width: int, heads: int, intermediate: int, dropout: float) -> None:
        super().__init__()
        self.attention_norm, self.perceptron_norm = nn.LayerNorm(width), nn.LayerNorm(width)
        self.attention = Attention(width, heads, dropout)
        self.perceptron = nn.Sequential(
            nn.Linear(width, intermediate), nn.GELU(), nn.Linear(intermediate, width)
        )
        self.dropout = nn.Dropout(dropout)

    def forward(self, tokens: Tensor, mask: Tensor | None, causal: bool) -> Tensor:
        normed = self.attention_norm(tokens)
        tokens = tokens + self.dropout(self.attention(normed, normed, mask, causal))
        return tokens + self.dropout(self.perceptron(self.perceptron_norm(tokens)))


class TokenTransformer(nn.Module):
    """A stack of blocks over tokens (batch, t, width); the answer has the same shape."""

    def __init__(self, width: int, heads: int, intermediate: int, layers: int, dropout: float = 0.0) -> None:
        super().__init__()
        self.blocks = nn.ModuleList(Block(width, heads, intermediate, dropout) for _ in range(layers))
        self.norm = nn.LayerNorm(width)

    def forward(self, tokens: Tensor, mask: Tensor | None = None, causal: bool = False) -> Tensor:
        """Let the tokens read from each other; `mask` (batch, t) bool is True where there is a token."""
        for block in self.blocks:
            tokens = block(tokens, mask, causal)
        return self.norm(tokens)
