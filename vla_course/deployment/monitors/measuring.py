"""From readings to measurements: a few numbers a decision, before anybody says which of them are usual."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from vla_course.deployment.monitors.body import INPUTS, MISSES, OPENED, Soles, step_of
from vla_course.deployment.monitors.geometry import slope, strangest
from vla_course.deployment.monitors.pictures import brightness, embeddings
from vla_course.deployment.monitors.reading import Floats, Reading
from vla_course.deployment.monitors.talk import disagreement, unknown_words
from vla_course.learning.encoders.frozen import FrozenEncoders
from vla_course.learning.environment.proprioception import STATE
from vla_course.motion.arms.chain import ARM_SIZE
from vla_course.simulation.scene.cameras import PLACES

Array = NDArray[np.float64]
Measured = Mapping[str, Array]
"""numbers by name; a name that is missing was not measured at that decision"""

SIZES: Final[dict[str, tuple[int, ...]]] = {
    "brightness": (len(PLACES),),
    "embeddings": (len(PLACES), 128),
    "slopes": (len(PLACES),),
    "strangest": (1,),
    "step": (INPUTS + MISSES,),
    "twist": (1,),
    "unknown": (1,),
    "disagreement": (1,),
}
"""of each measurement"""


class Measurer:
    """Measures readings of one robot, one after the other.

    An arm whose gripper has opened since the command is at work: what it holds or presses on moves it more than a load
    does that nobody knows of, and its misses are nan.

    Args:
        encoders: the frozen ones that the policy has; None: pictures are not embedded.
    """

    def __init__(self, encoders: FrozenEncoders | None = None) -> None:
        self._encoders, self._soles = encoders, Soles()
        self.begin()

    def begin(self) -> None:
        """Forget what was: the robot gets another command."""
        self._before: Floats | None = None
        self._chunk: tuple[Floats, int] | None = None
        self._touched: list[Array] = []
        self._at_work = np.zeros(2, dtype=bool)

    def measure(self, reading: Reading) -> dict[str, Array]:
        """Return what is measured at a decision."""
        found = {"unknown": np.array([float(len(unknown_words(reading.sentence)))])}
        if reading.pictures:
            found["brightness"] = brightness(reading.pictures)
            found["slopes"] = np.array([slope(picture) for picture in reading.pictures])
            if self._encoders is not None:
                found["embeddings"] = embeddings(self._encoders, reading.pictures)
        if reading.hands is not None:
            self._touched.extend(reading.hands)
        if reading.sight is not None:
            found["strangest"] = np.array([strangest(reading.sight, self._touched)])
        self._at_work |= reading.state[STATE.grippers] > OPENED
        if self._before is not None and reading.done is not None:
            inputs, missed = step_of(self._before, reading.done, reading.state)
            missed[np.repeat(self._at_work, ARM_SIZE)] = np.nan
            found["step"] = np.concatenate((inputs, missed))
            found["twist"] = np.array([self._soles.twist(self._before, reading.state)])
        found |= self._compared(reading)
        self._before = reading.state
        return found

    def _compared(self, reading: Reading) -> dict[str, Array]:
        """Return how far a new chunk is from the one before."""
        found = {}
        if self._chunk is not None and reading.done is not None:
            self._chunk = self._chunk[0], self._chunk[1] + 1
        if reading.chunk is not None:
            if self._chunk is not None and self._chunk[1] < len(reading.chunk):
                found["disagreement"] = np.array(
                    [disagreement(self._chunk[0], reading.chunk, self._chunk[1])]
                )
            self._chunk = reading.chunk, 0
        return found


def trace_of(measured: Iterable[Measured]) -> dict[str, Array]:
    """Return measurements one below the other, (decisions, ...) by name, nan where something was not measured."""
    rows = list(measured)
    return {
        name: np.stack([row.get(name, np.full(size, np.nan)) for row in rows]) for name, size in SIZES.items()
    }
