"""Velocity the plain way, by the standing leg alone, smoothed: for comparison, and to see what lag costs."""

from dataclasses import replace
from math import exp
from typing import Any

import numpy as np

from vla_course.deployment.estimation.estimated_senses import EstimatedSenses
from vla_course.simulation.robot.humanoid import Humanoid
from vla_course.simulation.robot.state import FloatArray, RobotState


class LegVelocitySenses(EstimatedSenses):
    """`EstimatedSenses` but for the velocity: how the legs see the standing soles go by, through a low pass.

    No model and no accelerometer predicts it. A short `memory` lets the noise of the encoders through, a long one makes
    it late: no number is good at both.

    Args:
        humanoid, rng, and all others: as of `EstimatedSenses`.
        memory: s, time constant of the low pass; 0 for none.
    """

    def __init__(self, humanoid: Humanoid, rng: np.random.Generator, memory: float, **others: Any) -> None:
        if not 0.0 <= memory < float("inf"):
            raise ValueError(f"memory is {memory}, expected at least 0 s")
        self._memory, self._velocity = memory, np.zeros(3)
        self._seen: list[FloatArray] | None = None
        super().__init__(humanoid, rng, **others)

    def state(self) -> RobotState:
        """Return the state, its velocity by the legs."""
        return replace(super().state(), base_linear_velocity=self._velocity)

    def _catch_up(self) -> None:
        before = self.reading
        super()._catch_up()
        if self.reading is before:
            return
        dt, rotation = self.reading.elapsed, self.belief.rotation
        seen = [rotation @ place for place in self._places]
        if self._seen is not None:
            # A sole that stands goes by as fast as the pelvis goes the other way.
            told = [
                (then - now) / dt
                for then, now, sole in zip(self._seen, seen, self._soles, strict=True)
                if sole.stands
            ]
            if told:
                kept = exp(-dt / self._memory) if self._memory else 0.0
                self._velocity = kept * self._velocity + (1.0 - kept) * np.mean(told, axis=0)
        self._seen = seen
