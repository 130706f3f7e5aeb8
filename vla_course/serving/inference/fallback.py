"""What is done where no new actions come, and what it takes until all is well again.

    what goes wrong                     code               what is done
    a picture is stale                  stale              the last chunk goes on; where it has ended
    a picture cannot be read            bad_picture        the robot holds, and after its patience stands
    a camera that is needed is lost     camera_lost
    a state with a number that is none  not_finite
    the answer came too late            deadline_missed    the same; and after a few of these in a row
    the model raised, or said nonsense  model_failed       a smaller model answers, where there is one,
    memory runs out                     overloaded         until the larger one was tried again and did well

Nothing has to be reset: the first packet that can be answered well is, and says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, isfinite
from typing import Final

import numpy as np
from numpy.typing import NDArray

from vla_course.serving.inference.parts import InferenceParts
from vla_course.serving.packets.bounds import check_numbers
from vla_course.serving.packets.codes import Code
from vla_course.serving.packets.response import Fallback
from vla_course.simulation.robot.layout import ACTION

Floats = NDArray[np.float32]

BY_MODEL: Final = (Code.DEADLINE_MISSED, Code.MODEL_FAILED, Code.OVERLOADED)
"""faults that another model may not have"""


@dataclass(frozen=True)
class Patience:
    """How much a stream bears before it does something else.

    Raises:
        ValueError: a number is not above 0 or not finite, or a count is not whole.
    """

    hold: float = 0.5
    """s after the last good answer, for which the robot holds before it stands"""
    faults: int = 3
    """of the model in a row, after which the smaller one takes over"""
    again: float = 1.0
    """s, after which the larger one is tried again"""

    def __post_init__(self) -> None:
        check_numbers(self)


@dataclass(frozen=True, eq=False)
class Instead:
    """What is done in place of new actions.

    Attributes:
        fallback: in a word.
        actions: (n, 36) from now on; None where there was never a good answer, and the robot is to stand as it is.
    """

    fallback: Fallback
    actions: Floats | None


class Fallbacks:
    """Knows the last good chunk, and says what is done instead of a new one.

    Args:
        period: s, of an action.
        patience: how much it bears.
        parts: who chooses, by default the reference.

    Raises:
        ValueError: `period` is not above 0 or not finite.
    """

    def __init__(
        self, period: float, patience: Patience | None = None, parts: InferenceParts | None = None
    ) -> None:
        if not (period > 0.0 and isfinite(period)):
            raise ValueError(f"period is {period}, expected a finite number of s, more than 0")
        self._period, self._patience = period, patience or Patience()
        self._parts = parts or InferenceParts.reference()
        self._chunk: Floats | None = None
        self._good = -inf

    def good(self, actions: Floats, now: float) -> None:
        """Take note of a good answer: a chunk (H, 36) that begins now, s."""
        self._chunk, self._good = np.array(actions, dtype=np.float32), now

    def instead(self, code: Code, now: float) -> Instead:
        """Return what is done now, s, in place of an answer that has a code.

        Raises:
            ValueError: the code is `ok`, or the choice is one that is made elsewhere.
        """
        since, rows = now - self._good, 0 if self._chunk is None else len(self._chunk)
        left = rows * self._period - since
        chosen = self._parts.fallback(code.value, left, since, self._patience.hold, False)
        if self._chunk is None:
            return Instead("stand", None)
        match chosen:
            case "last_chunk":
                # An action that has begun is carried out to its end.
                first = min(max(int(since / self._period + 1e-6), 0), rows - 1)
                return Instead("last_chunk", self._chunk[first:].copy())
            case "hold":
                return Instead("hold", self._still(upright=False))
            case "stand":
                return Instead("stand", self._still(upright=True))
        raise ValueError(
            f"fallback is {chosen!r}, expected 'last_chunk', 'hold' or 'stand' without another model"
        )

    def _still(self, upright: bool) -> Floats:
        """Return one action: the last posture, without a step; and upright."""
        assert self._chunk is not None
        action = self._chunk[-1:].copy()
        action[:, ACTION.base_velocity] = 0.0
        if upright:
            action[:, ACTION.stance] = 0.0
        return action


class ModelChoice:
    """Says which of two models is asked: the smaller one after a few faults in a row of the larger one (a breaker).

    Args:
        patience: how much it bears.
        has_smaller: whether there is a smaller one.
    """

    def __init__(self, patience: Patience | None = None, has_smaller: bool = True) -> None:
        self._patience, self._has_smaller = patience or Patience(), has_smaller
        self._faults, self._until = 0, -inf

    def takes_smaller(self, now: float) -> bool:
        """Tell whether the smaller model is to be asked now, s; False as well when it is time to try the larger one."""
        return self._has_smaller and self._faults >= self._patience.faults and now < self._until

    def noted(self, code: Code, now: float) -> None:
        """Take note of how the larger model did: `ok`, or a fault of its own. Others are not counted."""
        if code is Code.OK:
            self._faults = 0
        elif code in BY_MODEL:
            self._faults += 1
            self._until = now + self._patience.again
