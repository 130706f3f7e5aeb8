"""What must hold while a step is done: asked at every tick, answered in a sentence where it does not."""

from collections.abc import Callable
from typing import Final

from vla_course.deployment.executor.deeds import Told
from vla_course.deployment.executor.senses import Senses

GLANCES: Final = 2
"""that must say the same: one may have taken the robot's own arm for something else"""


class StandsFree:
    """The thing that a hand is about stands where it was seen, and alone, until the fingers have it.

    Args:
        senses: of the robot.
        deed: that takes it.
        name: of the thing.
    """

    def __init__(self, senses: Senses, deed: Told, name: str) -> None:
        self._senses, self._deed, self._name = senses, deed, name
        self._gone = self._crowded = 0

    def __call__(self) -> str:
        """Return what is wrong, else ""."""
        if not self._deed.under_way or self._deed.felt:
            return ""
        sight, new = self._senses.glance()
        thing = self._senses.thing(self._name)
        if new and thing is not None:
            self._gone = self._gone + 1 if self._senses.shows_gone(sight, thing) else 0
            # Soon the hand itself is before it: what was seen once and is hidden now is not gone.
            self._crowded += self._senses.newcomer(sight, thing.position)
        if thing is None or self._gone >= GLANCES:
            return f"the {self._name} is not where I saw it"
        if self._crowded >= GLANCES:
            return f"something else stands close to the {self._name} now"
        return ""


class StaysInHand:
    """What the fingers have taken is between them until they let go of it.

    Args:
        senses: of the robot.
        deed: that takes or carries it.
        name: of the thing.
    """

    def __init__(self, senses: Senses, deed: Told, name: str) -> None:
        self._senses, self._deed, self._name = senses, deed, name

    def __call__(self) -> str:
        """Return what is wrong, else ""."""
        deed = self._deed
        lost = deed.under_way and deed.felt and not deed.let_go and self._senses.empty
        return f"the {self._name} is not between my fingers any more" if lost else ""


class InTime:
    """An attempt takes no longer than tasks of its kind may.

    Args:
        deed: that is under way.
        seconds: that it has.
    """

    def __init__(self, deed: Told, seconds: float) -> None:
        self._deed, self._seconds = deed, seconds

    def __call__(self) -> str:
        """Return what is wrong, else ""."""
        late = self._deed.under_way and self._deed.lasts > self._seconds
        return f"after {self._seconds:.0f} s it is still under way" if late else ""


def all_of(*guards: Callable[[], str]) -> Callable[[], str]:
    """Return a guard that says what the first of several finds wrong."""
    return lambda: next(filter(None, (guard() for guard in guards)), "")
