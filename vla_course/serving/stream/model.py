"""What a stream asks of a model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from vla_course.serving.packets.packet import VLAPacket
from vla_course.serving.packets.response import Sources


@dataclass(frozen=True, eq=False)
class Decided:
    """What a model says.

    Attributes:
        actions: (H, 36), normalised.
        confidences: (H,) 0 to 1, of each; None where the model knows none.
        sources: where they came from; None where the model does not tell.
    """

    actions: NDArray[Any]
    confidences: NDArray[np.float32] | None = None
    sources: Sources | None = None


class StreamModel(Protocol):
    """A model behind a stream. Both methods are called in threads of their own, one packet at a time each."""

    period: float
    """s, of an action"""

    def prepare(self, packet: VLAPacket) -> Any:
        """Return what `infer` is given: pictures decoded, words and state encoded.

        Raises:
            PacketError: the packet cannot be used.
        """
        ...

    def infer(self, prepared: Any) -> Decided:
        """Return what is to be done.

        Raises:
            PacketError: the packet cannot be used after all. Whatever else is raised is the model's fault.
        """
        ...
