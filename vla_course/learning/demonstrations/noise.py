"""Noise that is injected while the expert acts, so that demonstrations show how to come back.

DART (Laskey et al. 2017): what is executed is the expert's action and noise, what is learnt is the expert's own. They
fit the covariance of the noise to the errors of the learner; here there is no learner yet, and each episode draws a
level. The noise is an Ornstein-Uhlenbeck process: a learner's error today resembles its error a moment ago.
"""

from dataclasses import dataclass
from math import exp, sqrt
from typing import Final

import numpy as np
from numpy.typing import NDArray

from vla_course.simulation.robot.layout import ACTION

Action = NDArray[np.float32]

ARMS_NOISE, HEAD_NOISE = 0.03, 0.02
"""-, in units of an action, standard deviation at level 1: about 4 degrees of a shoulder"""
BASE_NOISE: Final = 0.15
"""-, of the base velocity of a robot that walks at `BRISK` or faster: 6 cm/s ahead"""
BRISK: Final = 0.4
"""-, the base velocity from which on all of its noise acts: below it a part, or no correction would be small enough"""
STANCE_NOISE: Final = 0.01
"""-, of bow, turn and height: with more the trunk trembles so that the robot never counts as at rest"""
GRIPPER_NOISE: Final = 0.05
"""-, of the openings: 2.5 % of a gripper's width"""
AMPLE, LEAST = 0.12, 0.1
"""m, from table and things: a hand with so much room bears all of the noise; and the part of it that it has to bear
where there is none, for even there a learner errs"""
MEMORY: Final = 0.5
"""s, after which an error is forgotten (to 1/e)"""


def scales() -> NDArray[np.float64]:
    """Return the standard deviation (36,) of each number of an action at level 1; the legs have none."""
    found = np.zeros(ACTION.size)
    found[ACTION.arms], found[ACTION.head] = ARMS_NOISE, HEAD_NOISE
    found[ACTION.base_velocity], found[ACTION.stance] = BASE_NOISE, STANCE_NOISE
    found[ACTION.grippers] = GRIPPER_NOISE
    return found


@dataclass
class ActionNoise:
    """An Ornstein-Uhlenbeck process beside the expert's actions.

    dx = -x dt / memory + s sqrt(2 / memory) dW (Uhlenbeck and Ornstein 1930), stepped exactly: after a period
    x is exp(-period / memory) of what it was, and its standard deviation stays s at all times.

    Args:
        rng: draws it.
        level: factor on `scales`; 0: no noise.
        period: s between two decisions.
    """

    rng: np.random.Generator
    level: float
    period: float

    def __post_init__(self) -> None:
        self._scales = self.level * scales()
        self._now = self._scales * self.rng.standard_normal(ACTION.size)

    def disturb(self, intended: Action, room: float = AMPLE) -> Action:
        """Return what is executed (36,) in place of what is intended, and let the noise go on by a period.

        A robot that is to stand does not set out because of noise: the base velocity is disturbed as far as there is
        one. A hand with little `room` m round it is disturbed less.
        """
        noise = self._now.copy()
        near = float(np.clip(room / AMPLE, LEAST, 1.0))
        for part in (ACTION.arms, ACTION.stance, ACTION.grippers):
            noise[part] *= near
        pace = float(np.linalg.norm(intended[ACTION.base_velocity])) / BRISK
        noise[ACTION.base_velocity] *= min(1.0, pace)
        kept = exp(-self.period / MEMORY)
        drawn = self.rng.standard_normal(ACTION.size)
        self._now = kept * self._now + sqrt(1.0 - kept * kept) * self._scales * drawn
        if self.level == 0.0:
            return intended.copy()
        return np.clip(intended + noise, -1.0, 1.0).astype(np.float32)
