"""A condition without threads: to try on it what two threads would do to each other, the same way every time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, Self

PATIENCE: Final = 100
"""looks of one who waits, after which it is clear that nobody else will come"""


class ScriptedCondition:
    """Stands in for a `threading.Condition` where one thread plays all parts; it notes what is done with it.

    Attributes:
        history: in order: "locks", "unlocks", "wakes", "waits".
    """

    def __init__(self) -> None:
        self.history: list[str] = []
        self._held = 0
        self._first: list[tuple[Callable[..., Any], tuple[Any, ...]]] = []

    def lets_first(self, call: Callable[..., Any], *arguments: Any) -> None:
        """Have another thread be quicker: it makes this call just before the next one locks."""
        self._first.append((call, arguments))

    def acquire(self, *_: object, **__: object) -> bool:
        """Lock; as the real one's, by whoever holds it as often as he likes."""
        if not self._held:
            waiting, self._first = self._first, []
            for call, arguments in waiting:
                call(*arguments)
        self._held += 1
        self.history.append("locks")
        return True

    def release(self) -> None:
        """Unlock; raises `RuntimeError` where it is not locked."""
        self._must_be_held("release")
        self._held -= 1
        self.history.append("unlocks")

    def __enter__(self) -> Self:
        self.acquire()
        return self

    def __exit__(self, *_: object) -> None:
        self.release()

    def notify(self, n: int = 1) -> None:
        """Wake whoever waits; raises `RuntimeError` where it is not locked."""
        self._must_be_held("notify")
        self.history.append("wakes")

    def notify_all(self) -> None:
        """Wake all who wait; raises `RuntimeError` where it is not locked."""
        self.notify()

    def wait(self, timeout: float | None = None) -> bool:
        """Return False, as after `timeout` s in which nobody came; raises `RuntimeError` where nobody ever will."""
        self._must_be_held("wait")
        self.history.append("waits")
        if timeout is None or self.history.count("waits") >= PATIENCE:
            raise RuntimeError("waits for what never comes: there is nobody else")
        return False

    def wait_for(self, predicate: Callable[[], Any], timeout: float | None = None) -> Any:
        """Return what the predicate gives; where it is not so, as `wait`."""
        return predicate() or self.wait(timeout)

    def _must_be_held(self, what: str) -> None:
        if not self._held:
            raise RuntimeError(f"cannot {what} a lock that is not held: `with` it")
