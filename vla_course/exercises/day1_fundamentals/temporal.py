"""From what is seen and said now to a row of actions: each step asks the tokens its own question."""

import torch
from torch import Tensor, nn

from vla_course.course.exercise import NotAttempted, exercise
from vla_course.learning.model.transformer import Attention, TokenTransformer
from vla_course.learning.model.vla_config import VLAConfig

from .positions import sinusoidal_encoding


class TemporalDecoder(nn.Module):
    """Turns tokens into features of steps in time; `config.decoder` says how a step knows of those before it.

    "lstm" remembers them, "transformer" looks back at them.
    """

    def __init__(self, config: VLAConfig) -> None:
        super().__init__()
        width = config.hidden_size
        self.kind = config.decoder
        self.step_encoder = nn.Linear(width, width)
        self.query_norm = nn.LayerNorm(width)
        self.read = Attention(width, config.num_attention_heads, config.dropout)
        self.memory: nn.Module
        if self.kind == "lstm":
            self.memory = nn.LSTM(width, width, config.num_decoder_layers, batch_first=True)
        else:
            self.memory = TokenTransformer(
                width,
                config.num_attention_heads,
                config.intermediate_size,
                config.num_decoder_layers,
                config.dropout,
            )

    def step_queries(self, sequence_length: int) -> Tensor:
        """Return the question (sequence_length, hidden) that each step asks, step 0 first."""
        weight = self.step_encoder.weight
        steps = torch.arange(sequence_length, device=weight.device).unsqueeze(1)
        waves = sinusoidal_encoding(steps, weight.shape[1]).to(weight.dtype)
        queries: Tensor = self.query_norm(self.step_encoder(waves))
        return queries

    @exercise("1.7")
    def forward(self, tokens: Tensor, mask: Tensor, sequence_length: int) -> Tensor:
        """Return features (batch, sequence_length, hidden) of the steps that follow.

        1. Each step has its question (`step_queries`), the same for every row of the batch.
        2. It reads from the fused tokens (batch, t, hidden) that are there (`mask` (batch, t)):
           `read(queries, tokens, mask)`; what it read is added to the question.
        3. The steps learn of each other through `memory`. Of kind "lstm" that is torch's LSTM, which gives its
           outputs first, then its last state; the outputs are added to the steps. Of kind "transformer" it adds
           by itself, and needs `causal=True`: a step knows of those before it, never of those after. So
           a longer chunk begins like a shorter one.

        One vector, repeated sequence_length times, would be the weaker design: a transformer would say the same at
        every step, an LSTM would have to make a clock of its state, and no step could look at the tokens again.
        Raises ValueError where sequence_length is below 1.
        """
        raise NotAttempted("1.7")
