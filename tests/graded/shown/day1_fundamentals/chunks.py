"""What the steps of a chunk read and remember: attention head by head, an LSTM cell by cell, from weights alone."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch

from shown.day1_fundamentals.waves import Places
from shown.day1_fundamentals.weights import Array, Weights, array, draw_weights, linear, part
from shown.slips import Case
from vla_course.course.checking.judging import Mismatch
from vla_course.course.checking.tensors import is_tensor
from vla_course.learning.model.transformer import TokenTransformer
from vla_course.learning.model.vla_config import Decoder, VLAConfig

HIDDEN, HEADS, INTERMEDIATE, LAYERS = 16, 2, 24, 2
ROUNDING = 1e-5
"""the waves of the questions are float32, whatever the model is"""


@dataclass(frozen=True)
class Seen:
    """Fused tokens (batch, t, hidden) and the mask (batch, t) of those that are there."""

    tokens: torch.Tensor
    mask: torch.Tensor

    def arrays(self) -> tuple[Array, Array]:
        return array(self.tokens), self.mask.numpy()

    def rows(self, rows: Any) -> Seen:
        """Some samples of the batch."""
        return Seen(self.tokens[rows], self.mask[rows])

    def filled(self, number: float) -> Seen:
        """The same, another number standing in the padding."""
        return replace(self, tokens=self.tokens.masked_fill(~self.mask.unsqueeze(-1), number))


def some_tokens(rng: np.random.Generator, batch: int, count: int = 5) -> Seen:
    """Rows with gaps anywhere, at least one token there and one not; of the first and a third nothing is missing."""
    there = rng.permuted(np.arange(count) < rng.integers(1, count, size=(batch, 1)), axis=1)
    there[::2] = True
    tokens = rng.normal(size=(batch, count, HIDDEN))
    return Seen(torch.from_numpy(tokens), torch.from_numpy(there))


@dataclass(frozen=True)
class Chunker:
    """The student's decoder of one kind in float64, and its weights."""

    model: Any
    weights: Weights
    kind: Decoder

    def ask(self, seen: Seen, steps: int) -> torch.Tensor:
        """The student's features (batch, steps, hidden)."""
        features = self.model(seen.tokens, seen.mask, steps)
        if not is_tensor(features):
            raise Mismatch("the decoder should return a tensor, the features", got=type(features).__name__)
        expected = (len(seen.tokens), steps, HIDDEN)
        if tuple(features.shape) != expected:
            raise Mismatch(
                "features of a wrong shape", expected=str(expected), got=str(tuple(features.shape))
            )
        return features

    def forgetful(self) -> Chunker:
        """The same decoder with a memory that keeps nothing: what an LSTM of zeros says is zero."""
        weights = {name: value * (not name.startswith("memory.")) for name, value in self.weights.items()}
        self.model.load_state_dict({name: torch.from_numpy(value) for name, value in weights.items()})
        return replace(self, weights=weights)

    def questions(self, steps: int) -> Array:
        """What each step asks (steps, hidden)."""
        waves = Places(np.arange(steps, dtype=np.float64)[:, None], HIDDEN).waves()
        asked = linear(self.weights, "step_encoder", waves)
        centred = asked - asked.mean(axis=-1, keepdims=True)
        normed = centred / np.sqrt((centred**2).mean(axis=-1, keepdims=True) + 1e-5)
        return normed * self.weights["query_norm.weight"] + self.weights["query_norm.bias"]

    def reading(self, questions: Array, tokens: Array, there: Array) -> Array:
        """What questions (steps, hidden) read from the tokens of each sample: (batch, steps, hidden)."""
        weights = part(self.weights, "read")
        asked = linear(weights, "query", questions)
        rows = []
        for row, seen in zip(tokens, there, strict=True):
            keys, values = np.split(linear(weights, "key_value", row[seen]), 2, axis=-1)
            heads = []
            for cut in np.split(np.arange(HIDDEN), HEADS):
                scores = np.exp(asked[:, cut] @ keys[:, cut].T / np.sqrt(len(cut)))
                heads.append(scores / scores.sum(axis=1, keepdims=True) @ values[:, cut])
            rows.append(linear(weights, "out", np.concatenate(heads, axis=1)))
        return np.array(rows)

    def remembered(self, steps: Array, causal: bool = True) -> Array:
        """What the memory says of the steps (batch, steps, hidden)."""
        if self.kind == "lstm":
            for layer in range(LAYERS):
                steps = lstm_layer(part(self.weights, "memory"), layer, steps)
            return steps
        stack = TokenTransformer(HIDDEN, HEADS, INTERMEDIATE, LAYERS).double().eval()
        stack.load_state_dict(
            {name: torch.from_numpy(value) for name, value in part(self.weights, "memory").items()}
        )
        return array(stack(torch.from_numpy(steps), causal=causal))

    def read_case(self, seen: Seen, count: int) -> Case:
        """What comes of a memory that keeps nothing."""
        questions, (tokens, there) = self.questions(count), seen.arrays()
        read = self.reading(questions, tokens, there)
        mistakes = {
            "question-forgotten": read,
            "nothing-read": np.broadcast_to(questions, read.shape),
            "padding-read": questions + self.reading(questions, tokens, np.ones_like(there)),
        }
        return Case(f"features of {count} steps", self.ask(seen, count), questions + read, mistakes)

    def memory_case(self, seen: Seen, count: int) -> Case:
        """What comes of the memory."""
        questions = self.questions(count)
        steps = questions + self.reading(questions, *seen.arrays())
        kept = self.remembered(steps)
        lstm, stack = self.kind == "lstm", self.kind == "transformer"
        mistakes = {"steps-alone": steps}
        if lstm:
            last = np.broadcast_to(kept[:, -1:], kept.shape)
            mistakes |= {"outputs-alone": kept, "last-output-for-all": steps + last}
        if stack:
            mistakes |= {"looks-ahead": self.remembered(steps, causal=False), "added-twice": steps + kept}
        got = self.ask(seen, count)
        return Case(
            f"features of {count} steps of kind {self.kind}",
            got,
            steps + lstm * kept if lstm else kept,
            mistakes,
        )


def lstm_layer(weights: Weights, layer: int, steps: Array) -> Array:
    """One layer of torch's LSTM, a step after the other (its documentation: gates i, f, g, o)."""

    def open_(x: Array) -> Array:
        return 1.0 / (1.0 + np.exp(-x))

    cell = said = np.zeros((len(steps), HIDDEN))
    outputs = []
    for now in np.moveaxis(steps, 1, 0):
        heard = sum(
            x @ weights[f"weight_{of}_l{layer}"].T + weights[f"bias_{of}_l{layer}"]
            for x, of in ((now, "ih"), (said, "hh"))
        )
        take, keep, new, give = np.split(heard, 4, axis=-1)
        cell = open_(keep) * cell + open_(take) * np.tanh(new)
        said = open_(give) * np.tanh(cell)
        outputs.append(said)
    return np.stack(outputs, axis=1)


def some_chunker(student: Any, rng: np.random.Generator, kind: Decoder) -> Chunker:
    """The student's decoder with weights of the test's own."""
    config = VLAConfig(
        hidden_size=HIDDEN,
        num_attention_heads=HEADS,
        intermediate_size=INTERMEDIATE,
        num_decoder_layers=LAYERS,
        decoder=kind,
        dropout=0.0,
    )
    model = student.TemporalDecoder(config).double().eval()
    return Chunker(model, draw_weights(model, rng), kind)
