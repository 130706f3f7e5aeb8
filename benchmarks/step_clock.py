"""How much of a loop's time is physics."""

import time

from vla_course.simulation.world.world import World


class StepClock:
    """Sums up in `seconds` the processor time that the steps of a world take from now on."""

    def __init__(self, world: World) -> None:
        self.seconds = 0.0
        self._step = world.step
        world.step = self._timed  # type: ignore[method-assign]

    def _timed(self) -> None:
        begin = time.thread_time()
        self._step()
        self.seconds += time.thread_time() - begin
