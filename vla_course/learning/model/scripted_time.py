"""Work whose time is known beforehand: to try a stopwatch on."""

from collections.abc import Sequence


class ScriptedWork:
    """A step that takes given times on a clock of its own.

    Args:
        seconds: how long each step takes, s; steps after the last take as long as the last.
        tick: s that each look at the clock costs beside.
    """

    def __init__(self, seconds: Sequence[float], tick: float = 0.0) -> None:
        self.seconds, self.tick = list(seconds), tick
        self.now = 0.0
        self.history: list[str] = []
        """what was called, in order: "step" and "clock" """

    def step(self) -> None:
        """Do the next piece of work: the clock goes on by its time."""
        done = self.history.count("step")
        self.now += self.seconds[min(done, len(self.seconds) - 1)]
        self.history.append("step")

    def clock(self) -> float:
        """Return the time, s."""
        self.history.append("clock")
        self.now += self.tick
        return self.now
