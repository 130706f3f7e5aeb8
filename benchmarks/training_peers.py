"""Networks that `training.py` trains beside the direct policy: the same inputs, the same spoken numbers, other insides.

Each is given what `ChunkPolicy.forward` is given and answers with the same chunk, so that examples, trainer and robot
are the same for all of them. What is peculiar to one is said in its first line.
"""

from collections.abc import Callable, Mapping
from typing import Final

import numpy as np
import torch
from torch import Tensor, nn

from vla_course.learning.expert.around import NEIGHBOURS, PLACE, ROLES, TABLE
from vla_course.learning.policy import spoken, told
from vla_course.learning.policy.actor import EXECUTE
from vla_course.learning.policy.chunk_policy import FELT, ChunkPolicy, ChunkPolicyConfig
from vla_course.learning.policy.tools import POSE, TOOLS
from vla_course.learning.training.examples import Examples
from vla_course.learning.training.learner import Learner
from vla_course.learning.training.parts import Loss

HISTORY: Final = 8
"""decisions that a recurrent policy remembers, the present one among them: 3 s"""
EULER: Final = 5
"""steps from noise to a chunk"""
MOMENTS: Final = 8
"""frequencies that the time of a flow is told in"""


class Blind(ChunkPolicy):
    """Sees all that the direct policy sees, and is told nothing: neither the command, nor what is left of it, nor which
    of the things is meant. Those it is shown in an order of their own, from the nearest on."""

    def forward(self, inputs: Mapping[str, Tensor]) -> Tensor:
        """Return chunks as `ChunkPolicy` does."""
        things = torch.cat((inputs["places"][:, :1], inputs["neighbours"]), dim=1)
        away = things[..., :2].norm(dim=-1) + 1e3 * (things[..., 3] == 0.0)
        order = away.argsort(dim=1, stable=True)[..., None].expand_as(things)
        things = things.gather(1, order)
        unsaid = {name: torch.zeros_like(inputs[name]) for name in ("told", "left")}
        places, neighbours = torch.zeros_like(inputs["places"]), torch.zeros_like(inputs["neighbours"])
        places[:], neighbours[:, :1] = things[:, : len(ROLES)], things[:, len(ROLES) :]
        return super().forward({**inputs, **unsaid, "places": places, "neighbours": neighbours})


class Perceptron(ChunkPolicy):
    """Three wide layers on all numbers as they are: no words that modulate, no waves, no residuals; as many parameters
    as the direct policy, or a little more."""

    def __init__(self, config: ChunkPolicyConfig) -> None:
        super().__init__(config)
        wanted = sum(part.numel() for part in self.parameters())
        self._modules.clear()
        seen = len(ROLES) * PLACE + TABLE + NEIGHBOURS * PLACE + TOOLS * POSE
        inputs = told.SIZE + 3 + seen + len(FELT) + config.committed * (spoken.SIZE + 1)
        numbers = config.horizon * spoken.SIZE

        def weights(width: int) -> int:
            return (inputs + 1) * width + 2 * (width + 1) * width + (width + 1) * numbers

        width = next(width for width in range(1, 10_000) if weights(width) >= wanted)
        self.layers = nn.Sequential()
        for before in (inputs, width, width):
            self.layers.extend((nn.Linear(before, width), nn.ReLU(), nn.Dropout(config.dropout)))
        self.layers.append(nn.Linear(width, numbers))

    def forward(self, inputs: Mapping[str, Tensor]) -> Tensor:
        """Return chunks as `ChunkPolicy` does."""
        state = ((inputs["state"] - self.state_middle) / self.state_scale).clamp(-5.0, 5.0)[:, FELT]
        rows = [
            inputs[name].flatten(1) for name in ("told", "left", "places", "table", "neighbours", "tools")
        ]
        chunk: Tensor = self.layers(torch.cat((*rows, state, self._given(inputs)), dim=1))
        return chunk.unflatten(-1, (self.config.horizon, spoken.SIZE))


class Recurrent(ChunkPolicy):
    """Remembers the last decisions in a gated recurrent unit (Cho et al. 2014), as BC-RNN (Mandlekar et al. 2021).

    What the robot felt and saw has a second axis here, of HISTORY decisions, the present one last: examples come so
    from `Recalled`, a robot's own from `Remembering`.
    """

    def __init__(self, config: ChunkPolicyConfig) -> None:
        super().__init__(config)
        self.memory = nn.GRU(config.width, config.width, batch_first=True)
        self.blocks = self.blocks[: max(1, config.layers - 2)]  # which makes room for the memory

    def forward(self, inputs: Mapping[str, Tensor]) -> Tensor:
        """Return chunks as `ChunkPolicy` does."""
        words = self.words(inputs["told"])
        count = inputs["state"].shape[1]
        flat = {name: inputs[name].flatten(0, 1) for name in SENSED}
        # What is decided already is told with the present alone, which comes last.
        given = inputs["given"].new_zeros(len(words), count)
        given[:, -1] = inputs["given"]
        flat["given"] = given.flatten()
        flat["committed"] = inputs["committed"].repeat_interleave(count, dim=0)
        rows = self.enter(self.sensed(flat, words.repeat_interleave(count, dim=0)))
        remembered, _ = self.memory(rows.unflatten(0, (len(words), count)))
        return self.said(remembered[:, -1], words)


SENSED: Final = ("left", "places", "table", "neighbours", "tools", "state")
"""what changes from decision to decision"""


class Recalled(Examples):
    """Examples each of which comes with the decisions before it in its episode; before the first one was the first."""

    def of(self, rows: np.ndarray) -> Examples:
        """Return some of them; what is `SENSED` has an axis of HISTORY decisions behind the first."""
        some = super().of(rows)
        begins = np.searchsorted(
            self.episodes, some.episodes
        )  # episodes lie one after the other, numbered on
        steps = EXECUTE * np.arange(HISTORY - 1, -1, -1)
        past = np.maximum(rows[:, None] - steps, begins[:, None])
        names = [name if name != "state" else "states" for name in SENSED]
        return Examples(
            **{
                name: getattr(self, name)[past] if name in names else getattr(some, name)
                for name in Examples.__dataclass_fields__
            }
        )


class Remembering:
    """A recurrent network in one episode: what it was given at the decisions before comes with the present one."""

    def __init__(self, network: Recurrent) -> None:
        self.config, self.units, self._network = network.config, network.units, network
        self._past: list[Mapping[str, Tensor]] = []

    def eval(self) -> "Remembering":
        """Be ready to act."""
        self._network.eval()
        return self

    def __call__(self, inputs: Mapping[str, Tensor]) -> Tensor:
        """Return the chunk of a decision, B being 1."""
        self._past = [*self._past, inputs][-HISTORY:]
        past = [self._past[0]] * (HISTORY - len(self._past)) + self._past
        chunk: Tensor = self._network(
            {**inputs, **{name: torch.stack([one[name] for one in past], dim=1) for name in SENSED}}
        )
        return chunk


class Flow(ChunkPolicy):
    """Says which way noise flows to become a chunk (flow matching, Lipman et al. 2023), in the direct policy's trunk.

    At time 0 a chunk is noise, at 1 it is the one that was shown, and between them both are mixed evenly.

    Attributes:
        middle, spread: (SIZE,) mean and standard deviation of the spoken numbers, in their units: noise has the same.
    """

    def __init__(self, config: ChunkPolicyConfig) -> None:
        super().__init__(config)
        self.flowing = nn.Linear(config.horizon * spoken.SIZE + 2 * MOMENTS, config.width)
        self.middle: Tensor
        self.spread: Tensor
        self.register_buffer("middle", torch.zeros(spoken.SIZE))
        self.register_buffer("spread", torch.ones(spoken.SIZE))

    def learn_spread(self, examples: Examples) -> None:
        """Take middle and spread from examples to learn from."""
        numbers = examples.chunks[examples.own]
        self.middle.copy_(torch.from_numpy(numbers.mean(axis=0)))
        self.spread.copy_(torch.from_numpy(np.maximum(numbers.std(axis=0), 1e-3)))

    def whitened(self, numbers: Tensor) -> Tensor:
        """Return spoken numbers (B, H, SIZE) on the scale of the noise, in which they flow."""
        return (numbers - self.middle) / self.spread

    def ends(self, features: Tensor, words: Tensor, chunk: Tensor, time: Tensor) -> Tensor:
        """Return where chunks (B, H, SIZE) on their way flow to: the mean of all chunks that they may become.

        From that follows the velocity: what is left of the way in what is left of the time. Said itself it would carry
        all of the noise through a trunk that is narrower than a chunk (Li and He 2025).

        Args:
            features: (B, width) of what was sensed.
            words: (B, words).
            chunk: on its way, whitened.
            time: (B,) from 0 up to 1.
        """
        angles = time[:, None] * torch.pi * 2.0 ** torch.arange(MOMENTS) / 2.0
        moment = torch.cat((angles.sin(), angles.cos()), dim=1)
        way = self.flowing(torch.cat((chunk.flatten(1), moment), dim=1))
        return self.said(features + way, words)

    def entered(self, inputs: Mapping[str, Tensor]) -> tuple[Tensor, Tensor]:
        """Return features and words, which are the same at all times of a flow."""
        words = self.words(inputs["told"])
        return self.enter(self.sensed(inputs, words)), words

    def forward(self, inputs: Mapping[str, Tensor]) -> Tensor:
        """Return chunks as `ChunkPolicy` does, drawn: EULER steps from noise."""
        features, words = self.entered(inputs)
        chunk = torch.randn(len(features), self.config.horizon, spoken.SIZE)
        for step in range(EULER):
            time = features.new_full((len(features),), step / EULER)
            chunk = chunk + (self.ends(features, words, chunk, time) - chunk) / (EULER - step)
        return self.normal(chunk * self.spread + self.middle)


class FlowLearner(Learner):
    """Answers a batch with the mean squared error of a flow's velocities (Lipman et al. 2023, equation 23, with
    sigma_min = 0); while it is judged, with the mean absolute error of what is drawn, as the others are."""

    def __init__(self, policy: ChunkPolicy, loss: Loss) -> None:
        super().__init__(policy, loss)
        assert isinstance(policy, Flow)
        self.flow = policy

    def forward(self, batch: Mapping[str, Tensor]) -> Tensor:
        """Return the loss of a batch of `batch_of`, a scalar."""
        if not self.training:
            return super().forward(batch)
        flow, target = self.flow, self.flow.whitened(batch["chunks"])
        features, words = flow.entered({**batch, "committed": flow.normal(batch["chunks"])})
        noise, time = torch.randn_like(target), torch.rand(len(target))
        between = noise + time[:, None, None] * (target - noise)
        left = (1.0 - time).clamp(min=1.0 / EULER)[:, None, None]  # no step begins later
        error = (flow.ends(features, words, between, time) - target) / left
        steps = torch.arange(target.shape[1])
        counts = batch["own"] & (steps >= batch["given"].unsqueeze(1))
        return error[counts].square().mean()


NETWORKS: Final[dict[str, Callable[[ChunkPolicyConfig], ChunkPolicy]]] = {
    "ours": ChunkPolicy,
    "blind": Blind,
    "perceptron": Perceptron,
    "recurrent": Recurrent,
    "flow": Flow,
}
