"""Numbers of a model that are no weights: they keep their bits where the weights are rounded."""

from collections.abc import Callable
from typing import Any, Self

from torch import nn


class ExactBuffers(nn.Module):
    """A module whose buffers stay float32 when `half` or `bfloat16` rounds its weights.

    A joint's limit in bfloat16 may lie a third of a degree beyond its end.
    """

    def _apply(self, fn: Callable[..., Any], recurse: bool = True) -> Self:
        exact = dict(self.named_buffers(recurse=False))
        super()._apply(fn, recurse)
        for name, buffer in exact.items():
            now = getattr(self, name)
            if now.dtype != buffer.dtype and now.is_floating_point() and now.element_size() < buffer.element_size():
                setattr(self, name, buffer.to(now.device))
        return self
