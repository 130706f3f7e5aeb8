"""One thread that thinks: the event loop stays free for heartbeats, health and other clients."""

import asyncio
import queue
import threading
import time
from collections.abc import Callable
from typing import Any, Final

_STOP: Final = object()


class Worker:
    """Runs calls in one thread of its own, one after the other.

    The thread is a daemon: a model that never returns can be left behind, it cannot keep a process from ending.
    """

    def __init__(self, name: str = "inference") -> None:
        self._calls: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, name=name, daemon=True)
        self._busy_since: float | None = None
        self._takes = False

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()
        self._takes = True

    async def stop(self, seconds: float) -> bool:
        """Let the call that is running come to an end; False if it has not after `seconds`."""
        self._takes = False
        self._calls.put(_STOP)
        until = time.monotonic() + seconds
        while self._thread.is_alive() and time.monotonic() < until:
            await asyncio.sleep(0.005)
        return not self._thread.is_alive()

    @property
    def busy_seconds(self) -> float:
        """For how long the call that is running has been; 0 where none is."""
        since = self._busy_since
        return 0.0 if since is None else time.monotonic() - since

    async def call(self, function: Callable[..., Any], *arguments: Any) -> tuple[Any, float, float]:
        """Return what a call returns, for how many seconds it waited, and for how many it ran.

        Who is cancelled while it waits is never called; what has begun runs to its end, and its result is dropped.

        Raises:
            RuntimeError: the thread has not been started, or was stopped: nobody would ever answer. Or the call raised
                what means something else to whoever waits: `SystemExit`, or a `TimeoutError` of its own.
            Exception: whatever the call raises.
        """
        if not self._takes:
            raise RuntimeError("the worker does not run, expected it started and not stopped")
        loop = asyncio.get_running_loop()
        future: asyncio.Future[tuple[Any, float, float]] = loop.create_future()
        self._calls.put((loop, future, function, arguments, time.monotonic()))
        return await future

    def post(self, function: Callable[..., Any], *arguments: Any) -> None:
        """Have something called at its turn, and do not wait for it; what it raises goes to the thread's hook."""
        self._calls.put((None, None, function, arguments, time.monotonic()))

    def _work(self) -> None:
        while (call := self._calls.get()) is not _STOP:
            loop, future, function, arguments, since = call
            if future is not None and future.cancelled():
                continue
            began = self._busy_since = time.monotonic()
            try:
                answer, raised = function(*arguments), None
            except BaseException as fault:  # SystemExit of a model must not end the thread either
                answer, raised = None, fault
            self._busy_since = None
            if future is None:
                if raised is not None:
                    threading.excepthook(
                        threading.ExceptHookArgs((type(raised), raised, raised.__traceback__, self._thread))
                    )
                continue
            ended = time.monotonic()
            try:
                loop.call_soon_threadsafe(_tell, future, (answer, began - since, ended - began), raised)
            except RuntimeError:  # the loop is closed: nobody waits any more
                continue
            del call, future, answer, raised, arguments  # nothing of a packet is kept while there is none


def _tell(future: asyncio.Future[Any], answer: Any, raised: BaseException | None) -> None:
    if future.done():
        return
    if raised is None:
        future.set_result(answer)
    elif isinstance(raised, Exception) and not isinstance(raised, StopIteration | TimeoutError):
        future.set_exception(raised)
    else:
        ended = RuntimeError(f"{type(raised).__name__} ended the call")
        ended.__cause__ = raised
        future.set_exception(ended)
