"""From the tokens of a sentence to what each role asks for: which words name it is read by attention, not parsed."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from vla_course.learning.grounding.config import ROLES, GrounderConfig


class RoleQueries(nn.Module):
    """Reads a sentence for every role at once.

    Where a role looks is decided by words that know the whole sentence; what it finds there are the encoder's own
    tokens, untouched: "red" says the same to a query whatever it stands beside.
    """

    def __init__(self, config: GrounderConfig) -> None:
        super().__init__()
        width, self.attributes = config.word_width, config.attributes
        self.position = nn.Embedding(config.word_positions, width)
        layer = nn.TransformerEncoderLayer(
            width, 4, 2 * width, 0.0, "gelu", batch_first=True, norm_first=True
        )
        self.context = nn.TransformerEncoder(layer, config.word_layers, enable_nested_tensor=False)
        self.key = nn.Sequential(nn.LayerNorm(width), nn.Linear(width, width))
        self.asks = nn.Parameter(torch.randn(len(ROLES), config.attributes, width) / width**0.5)
        self.nothing = nn.Parameter(0.02 * torch.randn(2, width))
        """key and value of no word at all: where roles look that a sentence leaves open"""
        self.norm = nn.LayerNorm(width)
        self.value = nn.ModuleList(nn.Linear(width, config.attribute_width) for _ in range(config.attributes))

    def forward(self, words: Tensor, mask: Tensor) -> Tensor:
        """Return queries (B, roles, attributes, attribute width) of tokens (B, L, word width) and their mask."""
        attention = self.attention(words, mask)
        value = torch.cat([self.norm(words), self.nothing[1].expand(len(words), 1, -1)], 1)
        found = torch.einsum("brkl,blw->brkw", attention, value)
        return torch.stack([layer(found[:, :, k]) for k, layer in enumerate(self.value)], 2)

    def attention(self, words: Tensor, mask: Tensor) -> Tensor:
        """Return where each attribute of each role looks, (B, roles, attributes, L + 1); the last is no word."""
        absent, batch = mask == 0, len(words)
        place = self.position.weight[: words.shape[1]]
        context = self.context(words + place, src_key_padding_mask=absent)
        key = torch.cat([self.key(context), self.nothing[0].expand(batch, 1, -1)], 1)
        logits = torch.einsum("rkw,blw->brkl", self.asks, key)
        nowhere = torch.cat([absent, absent.new_zeros(batch, 1)], 1)
        return logits.masked_fill(nowhere[:, None, None], -torch.inf).softmax(-1)
