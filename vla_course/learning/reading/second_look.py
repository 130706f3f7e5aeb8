"""A second look at a sentence, with what was heard in it at hand: does it say just that, and is it a command at all?"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from vla_course.learning.model.transformer import TokenTransformer
from vla_course.learning.reading.fields import COMMANDS, FIELDS
from vla_course.learning.reading.grammar import ANSWERS


class SecondLook(nn.Module):
    """Judges whether a reading is right, as confidence networks judge a classifier (Corbiere et al. 2019).

    The words of the sentence and the answers chosen stand in one row of tokens and read each other: a word that no
    answer explains, and an answer that no word speaks for, are found so. It learns from the reader's own mistakes while
    the reader learns, from words smeared past recognition, and from sentences that are no commands.

    Args:
        width: numbers of a word as the reader has them.
        own: numbers of a word, or an answer, here.
        heads: of attention.
        layers: of it.
        dropout: share dropped in training.
    """

    def __init__(self, width: int, own: int, heads: int = 4, layers: int = 2, dropout: float = 0.1) -> None:
        super().__init__()
        self.enter = nn.Linear(width, own)
        self.verdict = nn.Parameter(torch.randn(own))
        self.answers = nn.Parameter(torch.randn(len(FIELDS), ANSWERS, own))
        self.command = nn.Parameter(torch.randn(COMMANDS, 1, own))
        self.tokens = TokenTransformer(own, heads, 2 * own, layers, dropout)
        self.out = nn.Linear(own, 1)

    def forward(self, words: Tensor, mask: Tensor, numbers: Tensor, counts: Tensor) -> Tensor:
        """Return how probable it is, as log odds (B,), that the sentences are commands and the answers all right.

        Args:
            words: (B, W, width).
            mask: (B, W) bool, where there is a word.
            numbers: (B, 2, fields) int64, of the answer to each question about each of two commands.
            counts: (B, 2, fields) bool, which of the answers there are.
        """
        batch = len(words)
        answers = self.answers[torch.arange(len(FIELDS)), numbers] + self.command
        row = [self.verdict.expand(batch, 1, -1), answers.flatten(1, 2), self.enter(words)]
        there = [mask.new_ones(batch, 1), counts.flatten(1), mask]
        read = self.tokens(torch.cat(row, dim=1), torch.cat(there, dim=1))
        verdict: Tensor = self.out(read[:, 0]).squeeze(-1)
        return verdict
