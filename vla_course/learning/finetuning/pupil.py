"""Who learns: a grounder and the row of a new word, and which of its weights each way of fine-tuning sets free."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Final, Literal, get_args

import torch
from torch import nn

from vla_course.learning.finetuning.new_words import NewWords
from vla_course.learning.grounding.grounder import Grounder

Way = Literal["word", "last layers", "lora", "everything"]
WAYS: Final[tuple[Way, ...]] = get_args(Way)
"""what learns beside the row of the new word: nothing, what compares and judges, thin matrices beside layers, all"""
RANK: Final = 4
ALPHA: Final = 8.0
LAST: Final = ("scores", "where", "judge")
"""the layers that come last: how well patches fit, where in a patch, whether it shows at all"""
UNTOUCHED: Final = ("trust",)
"""learns of nothing but its own mistakes (`grounding.training`), of which a few demonstrations tell nothing"""
_CONTEXT: Final = "queries.context"
"""torch's own transformer layers: they read their weights themselves and call no layer that could be exchanged"""


MakeAdapter = Callable[[nn.Linear, int, float], nn.Module]
"""makes of (layer, rank, alpha) the layer, frozen, and a change beside it, as exercise 4.8 has it; `merged` of that is
one plain layer that says the same"""


class Pupil(nn.Module):
    """A grounder that is taught a new word. It begins with the shipped weights and does not change those it is given.

    Args:
        grounder: whom to teach; copied.
        words: the new ones; copied.
        way: which weights are free, one of `WAYS`.
        adapter: makes an adapter of (layer, rank, alpha), for "lora"; default: the reference's `LoRALinear` (4.8).
        rank, alpha: of adapters; the rank is 1 or more.
        seed: of the adapters' first weights.

    Raises:
        ValueError: no such way, or no such rank.
    """

    def __init__(
        self,
        grounder: Grounder,
        words: NewWords,
        way: Way,
        *,
        adapter: MakeAdapter | None = None,
        rank: int = RANK,
        alpha: float = ALPHA,
        seed: int = 0,
    ) -> None:
        super().__init__()
        if way not in WAYS:
            raise ValueError(f"way is {way!r}, expected one of: {', '.join(WAYS)}")
        if rank < 1:
            raise ValueError(f"rank is {rank}, expected 1 or more")
        self.way = way
        self.grounder, self.words = deepcopy(grounder).requires_grad_(False).eval(), words.copied()
        if way == "lora":
            with torch.random.fork_rng():
                torch.manual_seed(seed)  # torch draws the adapters' first weights from its own generator
                adapt(self.grounder, adapter or reference_adapter(), rank, alpha)
        elif way != "word":
            for name, weight in self.grounder.named_parameters():
                part = name.split(".")[0]
                weight.requires_grad_(part in LAST if way == "last layers" else part not in UNTOUCHED)

    @property
    def learns(self) -> list[nn.Parameter]:
        """The weights that are free, the rows of new words first."""
        free = [weight for weight in self.grounder.parameters() if weight.requires_grad]
        return [*self.words.parameters(), *free]

    @property
    def size(self) -> int:
        """How many numbers learn."""
        return sum(weight.numel() for weight in self.learns)

    def taught(self) -> Grounder:
        """Return a plain grounder that says the same: no trace of how it was taught."""
        grounder = deepcopy(self.grounder)
        for name, layer in list(grounder.named_modules()):
            if callable(getattr(layer, "merged", None)):
                _exchange(grounder, name, layer.merged())
        return grounder.requires_grad_(False).eval()


def adapted_layers(grounder: Grounder) -> list[str]:
    """Return the names of the layers that get adapters: all linear ones, but for context and trust."""
    return [
        name
        for name, layer in grounder.named_modules()
        if isinstance(layer, nn.Linear)
        and not name.startswith(_CONTEXT)
        and name.split(".")[0] not in UNTOUCHED
    ]


def adapt(grounder: Grounder, adapter: MakeAdapter, rank: int, alpha: float) -> None:
    """Put an adapter in the place of each of `adapted_layers`; a layer thinner than `rank` gets its own rank."""
    for name in adapted_layers(grounder):
        layer = grounder.get_submodule(name)
        assert isinstance(layer, nn.Linear)
        thin = min(rank, layer.in_features, layer.out_features)
        _exchange(grounder, name, adapter(layer, thin, alpha * thin / rank))


def reference_adapter() -> MakeAdapter:
    """Return the reference's answer to exercise 4.8, loaded where it is used."""
    from vla_course.reference.day4_training.lora import LoRALinear

    return LoRALinear


def _exchange(model: nn.Module, name: str, layer: nn.Module) -> None:
    parent, _, own = name.rpartition(".")
    setattr(model.get_submodule(parent), own, layer)
