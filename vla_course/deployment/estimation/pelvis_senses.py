"""Senses whose place and velocity come from the small filter of exercise 5.7, in place of the large one."""

from dataclasses import replace
from typing import Any

import numpy as np

from vla_course.deployment.estimation.estimated_senses import EstimatedSenses
from vla_course.deployment.estimation.pelvis import (
    PelvisBelief,
    PelvisNoise,
    PelvisReading,
    PelvisStep,
    reference_step,
)
from vla_course.simulation.robot.humanoid import Humanoid
from vla_course.simulation.robot.state import RobotState


class PelvisSenses(EstimatedSenses):
    """`EstimatedSenses` that knows from the large filter which way is up, and from `step` where it is and how fast.

    Args:
        humanoid, rng, and all others: as of `EstimatedSenses`.
        step: the small filter, by default the reference's.
        pelvis_noise: what it takes its sensors for.

    Attributes:
        pelvis: what the small filter believes.
    """

    def __init__(
        self,
        humanoid: Humanoid,
        rng: np.random.Generator,
        step: PelvisStep | None = None,
        pelvis_noise: PelvisNoise | None = None,
        **others: Any,
    ) -> None:
        self._step, self._pelvis_noise = step or reference_step(), pelvis_noise or PelvisNoise()
        self._footholds = np.zeros((2, 3))
        self.pelvis: PelvisBelief | None = None
        super().__init__(humanoid, rng, **others)
        self.pelvis = PelvisBelief(self.belief.position, np.zeros(3), 1e-4 * np.eye(6))
        for foot in (0, 1):
            self._set_down(foot)

    def state(self) -> RobotState:
        """Return the state, place and velocity by the small filter."""
        state = super().state()
        assert self.pelvis is not None
        return replace(state, base_position=self.pelvis.position, base_linear_velocity=self.pelvis.velocity)

    def _catch_up(self) -> None:
        before = self.reading
        super()._catch_up()
        if self.reading is before or self.pelvis is None:
            return
        stand = [sole.stands for sole in self._soles]
        reading = PelvisReading(
            dt=self.reading.elapsed,
            rotation=self.belief.rotation,
            specific_force=self.reading.specific_force,
            bias=self.belief.accelerometer_bias,
            soles=np.array(self._places),
            footholds=self._footholds,
            loads=np.where(stand, [force[2] for force in self.reading.forces], 0.0),
        )
        self.pelvis = self._step(self.pelvis, reading, self._pelvis_noise)

    def _set_down(self, foot: int) -> None:
        super()._set_down(foot)
        if self.pelvis is not None:
            footholds = self._footholds.copy()
            footholds[foot] = self.pelvis.position + self.belief.rotation @ self._places[foot]
            self._footholds = footholds
