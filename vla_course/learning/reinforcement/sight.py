"""What a robot knows of a scene whose eyes err: each thing is seen a little beside where it is."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from vla_course.learning.expert.scene_knowledge import TrueKnowledge
from vla_course.learning.training.examples import BLUR
from vla_course.motion.hands.things import Graspable
from vla_course.simulation.tasks.stage import Stage

Array = NDArray[np.float64]


class ErringKnowledge(TrueKnowledge):
    """Knows a scene, each thing beside where it really is, by an error that is drawn once and stays.

    That is what looking at a table once leaves. It is larger or smaller from one thing to the next, as `BLUR` has it.

    Args:
        stage: the scene.
        rng: draws the errors.
    """

    def __init__(self, stage: Stage, rng: np.random.Generator) -> None:
        super().__init__(stage)
        self._beside = {name: rng.normal(scale=BLUR, size=3) for name in self.names}

    def thing(self, name: str) -> Graspable:
        """Return a thing where it seems to be."""
        there = super().thing(name)
        return replace(there, position=there.position + self._beside[name])

    def graspable(self, name: str) -> Graspable:
        """Return the part of a thing that a hand can hold, where it seems to be."""
        there = super().graspable(name)
        return replace(there, position=there.position + self._beside[name])

    def place(self, name: str) -> Array:
        """Return where the middle of a thing seems to be, or where the person's face is, (3,) m."""
        there: Array = super().place(name) + self._beside.get(name, np.zeros(3))
        return there
