"""An event loop whose clock jumps to whatever is due next: seconds pass in no time, the same way every time."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, Final, TypeVar

Result = TypeVar("Result")

TURNS: Final = 10_000
"""of the loop in which no time passes, after which it is clear that none ever will"""


class Stuck(Exception):
    """What is left waits for what never comes, or goes on for ever without waiting for anything."""


class ScriptedLoop(asyncio.BaseEventLoop):
    """Runs coroutines on a clock of its own, that begins at 0 s; no files, no sockets, no threads.

    `_run_once` of `asyncio.BaseEventLoop` asks a selector to sleep until something is due. This one is its own
    selector, and sets the clock instead.
    """

    def __init__(self) -> None:
        super().__init__()
        self._now, self._turns = 0.0, 0
        self._selector = self
        self.set_exception_handler(lambda *_: None)  # what a task raises is for whoever awaits it

    def time(self) -> float:
        """Return the time, s."""
        return self._now

    def select(self, timeout: float | None) -> list[Any]:
        """Let time pass until the next call is due; raises `Stuck` where none is."""
        self._turns += 1
        if timeout is None:
            raise Stuck("waits for what never comes")
        if self._turns > TURNS:
            raise Stuck("goes on and on, and no time passes")
        due: list[asyncio.TimerHandle] = self._scheduled  # type: ignore[attr-defined]
        if timeout > 0.0:
            # Not now + timeout: the difference of two times is rounded.
            self._now, self._turns = max(self._now, due[0].when()), 0
        return []

    def _process_events(self, events: list[Any]) -> None:
        """There are none."""

    def _write_to_self(self) -> None:
        """Nobody sleeps who would have to be woken."""


def play(story: Coroutine[Any, Any, Result]) -> Result:
    """Return what a coroutine returns in a loop of its own; what it leaves running is ended.

    Raises:
        Stuck: it does not come to an end.
    """
    loop = ScriptedLoop()
    try:
        return loop.run_until_complete(story)
    finally:
        _end(loop)


def _end(loop: ScriptedLoop) -> None:
    """End what still runs, and close the loop."""
    left, loop._turns = asyncio.all_tasks(loop), 0
    for task in left:
        task.cancel()
    try:
        if left:
            loop.run_until_complete(asyncio.wait(left))
        loop.run_until_complete(loop.shutdown_asyncgens())
    except Stuck:  # it does not let itself be cancelled
        for task in left:
            task._log_destroy_pending = False  # type: ignore[attr-defined]
    finally:
        loop.close()
