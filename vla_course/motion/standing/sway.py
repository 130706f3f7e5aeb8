"""A robot that sways on purpose: the home of its centre of mass moves on an ellipse."""

from dataclasses import replace
from math import cos, pi, sin

import numpy as np

from vla_course.motion.standing.balance_state import BalanceCommands, BalanceState
from vla_course.motion.standing.loop import Balancer


class Sway:
    """Makes a balance controller sway by moving the ground under its idea of home.

    The support polygon that the controller sees is shifted along an ellipse with the half-axes
    `forward` and `sideways` m, once round in `period` s from the first tick on, so that the home above its
    middle wanders.
    Keep the sway within what the feet allow: the controller believes in the shifted polygon's edges.
    """

    def __init__(
        self, controller: Balancer, forward: float = 0.03, sideways: float = 0.04, period: float = 2.0
    ) -> None:
        if not period > 0.0:
            raise ValueError(f"period is {period}, expected more than 0 s")
        self._controller = controller
        self._forward, self._sideways, self._rate = forward, sideways, 2.0 * pi / period
        self._begun: float | None = None

    def calculate_balance_commands(self, current_state: BalanceState) -> BalanceCommands:
        """Return the controller's commands for a state whose support polygon is shifted."""
        return self._controller.calculate_balance_commands(self.shifted(current_state))

    def shifted(self, state: BalanceState) -> BalanceState:
        """Return `state` with the support polygon where the controller is to see it."""
        if self._begun is None:
            self._begun = state.time
        phase = self._rate * (state.time - self._begun)
        shift = np.array([self._forward * sin(phase), self._sideways * (1.0 - cos(phase)) / 2.0])
        return replace(state, support_polygon=state.support_polygon + shift)
