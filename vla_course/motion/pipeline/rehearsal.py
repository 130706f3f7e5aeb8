"""What would happen? A plan tried out in a copy of the world, while the real one waits untouched.

The copy is a second world, built by the same recipe, into which the moment of the real one is carried over: bodies,
contacts, clock, chance, motor commands. What it does from there is what the real world would do, bit for bit.
"""

import tempfile
from collections.abc import Callable
from pathlib import Path

from vla_course.motion.pipeline.perform import Performance, Setting, perform
from vla_course.motion.pipeline.plans import Planned
from vla_course.simulation.world.engine import pybullet


class Rehearsal:
    """Tries out plans in copies of a setting.

    Args:
        setting: the real one; it is read, never changed.
        build: builds the same world once more: the same bodies in the same order.
    """

    def __init__(self, setting: Setting, build: Callable[[], Setting]) -> None:
        self._setting, self._build = setting, build

    def copy(self) -> Setting:
        """Return a world of its own at the same moment; closing it is the caller's business.

        Raises:
            ValueError: `build` builds another world.
        """
        real, copy = self._setting.world, self._build()
        snapshot = real.save()
        try:
            bodies = pybullet.getNumBodies(physicsClientId=copy.world.client)
            if bodies != snapshot.bodies:
                copy.world.close()
                raise ValueError(
                    f"build builds {bodies} bodies, expected {snapshot.bodies} as in the setting"
                )
            with tempfile.TemporaryDirectory() as folder:
                path = str(Path(folder) / "moment.bullet")
                pybullet.saveBullet(path, physicsClientId=real.client)
                pybullet.restoreState(fileName=path, physicsClientId=copy.world.client)
        finally:
            real.forget(snapshot)
        copy.world.steps = snapshot.steps
        copy.world.rng.bit_generator.state = snapshot.random_state
        copy.humanoid.reinstate(self._setting.humanoid.capture())
        return copy

    def try_out(self, planned: Planned) -> Performance:
        """Return what would come of a plan."""
        copy = self.copy()
        with copy.world:
            return perform(planned, copy)
