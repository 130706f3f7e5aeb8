"""Something to get better at whose answer is known: aim where a sign says, ten decisions an episode."""

from typing import Self

import numpy as np

from vla_course.learning.reinforcement.decisions import Outcome, View
from vla_course.learning.reinforcement.rollout import Floats

BEST = 0.8
"""the right correction: this much, to the side that the sign says"""


class Aiming:
    """An episode shows +1 or -1; a decision is rewarded by how near it is to `BEST` on that side.

    It is done after three decisions on end that are within 0.3, lost by one that is farther than 2.5 off, and cut off
    after ten.
    """

    sizes = (2, 1, 1)
    attempts = 1

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def begin(self, seed: int) -> View:
        self._side = 1.0 if np.random.default_rng(seed).random() < 0.5 else -1.0
        self._made, self._hit = 0, 0
        return self._view()

    def decide(self, offset: Floats) -> Outcome:
        off = abs(float(offset[0]) - BEST * self._side)
        self._made, self._hit = self._made + 1, self._hit + 1 if off < 0.3 else 0
        done, lost = self._hit == 3, off > 2.5
        late = not (done or lost) and self._made == 10
        return Outcome(self._view(), float(done) - 0.2 * off, done or lost, late, done)

    def _view(self) -> View:
        features = np.array((self._side, self._made / 10.0), dtype=np.float32)
        return View(features, np.array((self._hit,), dtype=np.float32))
