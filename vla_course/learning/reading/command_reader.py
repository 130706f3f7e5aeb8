"""The learned reader of commands: from the tokens of a frozen language encoder to instructions, with its confidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from vla_course.learning.model.transformer import TokenTransformer
from vla_course.learning.reading.ears import Ears
from vla_course.learning.reading.fields import COMMANDS, FIELDS, said
from vla_course.learning.reading.grammar import ANSWERS, grammar
from vla_course.learning.reading.heard import Heard, HeardPart
from vla_course.learning.reading.second_look import SecondLook

if TYPE_CHECKING:
    from vla_course.learning.encoders.encoders import LanguageEncoder


@dataclass(frozen=True, slots=True)
class ReaderConfig:
    """How a reader is built; what it was trained for stands in `reading.fields`.

    Attributes:
        layers_read: of the language encoder, its embedding counted as one.
        encoder_width: numbers of a token in each of them.
        meaning: numbers that the dictionary says of a word.
        width: numbers of a token here.
        heads: of attention.
        intermediate: width of the perceptron in a layer.
        layers: of self-attention over the tokens.
        looks: numbers of a token in the second look.
        dropout: share dropped in training; none is by default, for no sentence comes twice.
    """

    layers_read: int = 3
    encoder_width: int = 128
    meaning: int = 215
    width: int = 128
    heads: int = 4
    intermediate: int = 256
    layers: int = 2
    looks: int = 48
    dropout: float = 0.0

    @property
    def reads(self) -> int:
        """Numbers of a token that it is given."""
        return self.layers_read * self.encoder_width + self.meaning


@dataclass(frozen=True, eq=False)
class Reading:
    """What a reader says about B sentences, as log odds."""

    fields: Tensor
    """(B, 2, fields, answers), of both commands; what is no answer to a question has -1e4"""
    second: Tensor
    """(B,) that there is a second command"""
    belongs: Tensor
    """(B,) that it is a sentence of the language"""
    right: Tensor
    """(B,) at a second look, that what it would answer, `best`, is right"""
    best: Answers


EVIDENCE: Final = 5
"""What confidence is computed from: the log probability of all answers, that of the least sure one, that of answers of
which any go together, `belongs` and `right`."""


class CommandReader(nn.Module):
    """Reads commands from tokens.

    It is given what every layer of the frozen encoder says of a word, not the last alone: pictures have taught the
    encoder that "point at the red cup" and "look at the red cup" mean the same thing, and layer by layer it forgets the
    verb (`benchmarks/reading.py` measures by how much). Tokens then read each other once more in layers that are
    trained for it. Each question about each of two commands has a learnt query that reads from the tokens (as the
    object queries of DETR do, Carion et al. 2020), and what it has read is compared with each answer. Both commands
    share the answers.

    Args:
        config: its size.
    """

    def __init__(self, config: ReaderConfig | None = None) -> None:
        super().__init__()
        self.config = config = config or ReaderConfig()
        width, heads = config.width, config.heads
        self.enter = nn.Linear(config.reads, width)
        self.tokens = TokenTransformer(width, heads, config.intermediate, config.layers, config.dropout)
        self.queries = nn.Parameter(torch.randn(COMMANDS * len(FIELDS) + 2, heads, width // heads))
        self.key_value = nn.Linear(width, 2 * width)
        self.answers = nn.Parameter(width**-0.5 * torch.randn(len(FIELDS), ANSWERS, width))
        self.bias = nn.Parameter(torch.zeros(len(FIELDS), ANSWERS))
        self.of_sentence = nn.Parameter(torch.zeros(2, width + 1))
        self.no_answer: Tensor
        no_answer = torch.tensor([[k >= len(answers) for k in range(ANSWERS)] for answers in FIELDS.values()])
        self.register_buffer("no_answer", no_answer, persistent=False)
        self.second_look = SecondLook(width, config.looks, dropout=config.dropout)
        self.calibration: Tensor
        self.register_buffer("calibration", torch.eye(EVIDENCE + 1)[0])

    def forward(self, tokens: Tensor, mask: Tensor) -> Reading:
        """Return what the reader says about sentences.

        Args:
            tokens: (B, W, layers x width + meaning) as `Ears` hear them.
            mask: (B, W), 1 for a piece of a word and 0 for padding.

        Raises:
            ValueError: the shapes do not fit, or a sentence has no token.
        """
        self._check(tokens, mask)
        mask = mask.bool()
        words = self.tokens(self.enter(tokens), mask)
        keys, values = self.key_value(words).unflatten(-1, (2, self.config.heads, -1)).unbind(2)
        scores = torch.einsum("qhd,bwhd->bhqw", self.queries, keys) / keys.shape[-1] ** 0.5
        weights = scores.masked_fill(~mask[:, None, None], -torch.inf).softmax(dim=-1)
        read = torch.einsum("bhqw,bwhd->bqhd", weights, values).flatten(2)
        of_commands = read[:, :-2].unflatten(1, (COMMANDS, len(FIELDS)))
        fields = torch.einsum("bcfd,fad->bcfa", of_commands, self.answers) + self.bias
        second, belongs = (read[:, -2:] * self.of_sentence[:, :-1]).sum(-1).unbind(1)
        bias = self.of_sentence[:, -1]
        fields, second = fields.masked_fill(self.no_answer, -1e4), second + bias[0]
        with torch.no_grad():
            best = answered(fields.float(), second.float())
        right = self.second_look(words, mask, best.numbers, best.counts)
        return Reading(fields, second, belongs + bias[1], right, best)

    @torch.no_grad()
    def hear(self, tokens: Tensor, mask: Tensor) -> list[Heard]:
        """Return what each of B sentences says, as far as it was understood; whether to act on it, `confidence` tells.

        Args:
            tokens: (B, W, layers x width + meaning) as `Ears` hear them.
            mask: (B, W), 1 for a piece of a word and 0 for padding.

        Raises:
            ValueError: the shapes do not fit, or a sentence has no token.
        """
        return self.told(choose(self(tokens, mask)))

    @torch.no_grad()
    def told(self, choices: Choices) -> list[Heard]:
        """Return what was heard in each of B sentences whose answers are chosen."""
        confidence = self.confidence(choices.evidence).tolist()
        return [_heard(choices, row, sure) for row, sure in enumerate(confidence)]

    def confidence(self, evidence: Tensor) -> Tensor:
        """Return how probable it is (B,) that readings of such evidence (B, 5) are right (Platt 1999)."""
        return (evidence @ self.calibration[:EVIDENCE] + self.calibration[EVIDENCE]).sigmoid()

    def _check(self, tokens: Tensor, mask: Tensor) -> None:
        config = self.config
        if tokens.ndim != 3 or tokens.shape[-1] != config.reads:
            raise ValueError(
                f"tokens is {tuple(tokens.shape)}, expected (sentences, words, {config.layers_read} layers x "
                f"{config.encoder_width} + {config.meaning} of the dictionary) as `Ears` hear them"
            )
        if mask.shape != tokens.shape[:2]:
            raise ValueError(f"mask is {tuple(mask.shape)}, expected {tuple(tokens.shape[:2])} as the tokens")
        if not mask.bool().any(dim=1).all():
            raise ValueError("mask has a sentence without a token, expected at least one in each")


@dataclass(frozen=True, eq=False)
class Answers:
    """The most probable answers that go together.

    Attributes:
        numbers: (B, 2, fields) int64.
        logs: (B, 2, fields) the logarithm of how probable each is.
        counts: (B, 2, fields) bool: which of them there are.
        two: (B,) bool: whether there are two commands.
    """

    numbers: Tensor
    logs: Tensor
    counts: Tensor
    two: Tensor


def answered(fields: Tensor, second: Tensor) -> Answers:
    """Return the most probable answers that go together.

    What single questions would answer need be no command: "move" and no thing. Of all forms that a command may have
    (`grammar`) the one is taken whose answers are together the most probable.

    Args:
        fields: (B, 2, fields, answers) log odds, as in `Reading`.
        second: (B,) log odds that there is a second command.
    """
    admitted, counts = _of_forms(fields)
    best = admitted.max(dim=-1)
    scores = (best.values * counts).sum(dim=-1)
    scores[:, 0, ~grammar().first] = -torch.inf
    form = scores.argmax(dim=-1)[..., None, None].expand(-1, -1, 1, len(FIELDS))
    two = second > 0.0
    here = torch.stack([torch.ones_like(two), two], dim=1)
    numbers, logs, counts = (one.gather(2, form).squeeze(2) for one in (best.indices, best.values, counts))
    return Answers(numbers, logs, counts & here.unsqueeze(-1), two)


def _any_form(fields: Tensor) -> Tensor:
    """Return the logarithm of how probable it is (B, 2) that answers go together at all."""
    admitted, counts = _of_forms(fields)
    whole = (admitted.logsumexp(dim=-1) * counts).sum(dim=-1)
    whole[:, 0, ~grammar().first] = -torch.inf
    return whole.logsumexp(dim=-1)


def _of_forms(fields: Tensor) -> tuple[Tensor, Tensor]:
    """Return for each form the log probability of each answer (B, 2, forms, fields, answers), and which count."""
    forms = grammar()
    logs = fields.log_softmax(dim=-1).unsqueeze(2)
    counts = forms.counts.expand(*fields.shape[:2], -1, -1).clone()
    counts[:, 0, :, list(FIELDS).index("it")] = False  # there is nothing before the first
    return logs.masked_fill(~forms.admits, -1e4), counts


@dataclass(frozen=True, eq=False)
class Choices:
    """The most probable answers of a reading."""

    numbers: Tensor
    """(B, 2, fields) int64"""
    probabilities: Tensor
    """(B, 2, fields)"""
    two: Tensor
    """(B,) bool: whether there are two commands"""
    evidence: Tensor
    """(B, 5): see `EVIDENCE`"""


def choose(reading: Reading) -> Choices:
    """Return the most probable answers that go together, and the evidence that they are right."""
    best = reading.best
    logs = best.logs * best.counts
    of_count = F.logsigmoid(reading.second.abs())
    surely = logs.sum(dim=(1, 2)) + of_count
    least = torch.minimum(logs.flatten(1).min(dim=1).values, of_count)
    any_form = _any_form(reading.fields)
    any_form = any_form[:, 0] + any_form[:, 1] * best.two
    evidence = [surely, least, any_form, reading.belongs, reading.right]
    return Choices(best.numbers, best.logs.exp(), best.two, torch.stack(evidence, dim=-1))


def _heard(choices: Choices, row: int, confidence: float) -> Heard:
    parts: list[HeardPart] = []
    it = list(FIELDS).index("it")
    for command in range(1 + int(choices.two[row])):
        numbers = choices.numbers[row, command].tolist()
        fields = said(numbers)
        if command and FIELDS["it"][numbers[it]] == "yes":
            fields |= {"thing": parts[0].thing, "where": parts[0].where}
        chances = dict(zip(FIELDS, choices.probabilities[row, command].tolist(), strict=True))
        parts.append(HeardPart(**fields, probabilities=chances))  # type: ignore[arg-type]
    heard = Heard(tuple(parts), confidence)
    return heard if heard.forms_an_instruction else replace(heard, confidence=0.0)


def listen(reader: CommandReader, language: LanguageEncoder, sentences: Sequence[str]) -> list[Heard]:
    """Return what each sentence says.

    Args:
        reader: trained on this encoder's tokens.
        language: the frozen encoder of words.
        sentences: in plain English.

    Raises:
        ValueError: a sentence is empty, or longer than the encoder reads.
    """
    heard = Ears.of(language).hear(sentences)
    return reader.hear(heard.tokens, heard.mask)
