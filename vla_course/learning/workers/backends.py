"""Who does many independent pieces of work: this machine's processes, or a Dask cluster; the same results either way.

A piece of work is an item and a function of it; where, when and in which order it is done must not matter. A worker
that dies takes nothing with it but the items that it was at, and those are done again.
"""

from __future__ import annotations

import os
import signal
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context, parent_process
from multiprocessing.connection import wait as wait_for
from typing import Any, Final, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")
Backend = Callable[[Callable[[Any], Any], Sequence[Any]], Iterator[tuple[Any, Any]]]
"""does a piece of work for each item, and yields item and result as soon as it is there"""

TRIES: Final = 3
"""times that an item may take its worker with it"""
CONNECT_SECONDS: Final = 20.0
ONE_THREAD: Final = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
"""what keeps a worker's libraries to one core"""


class WorkFault(RuntimeError):
    """Work that cannot be done: a worker keeps dying, or there is no cluster. The message says at which item."""


def on_this_machine(workers: int, preload: Sequence[str] = (), called: str = "episode") -> Backend:
    """So many processes side by side, of one thread each.

    Args:
        workers: how many.
        preload: modules that all workers need: they are imported once.
        called: what an item is, for people.
    """

    def run(work: Callable[[Item], Result], items: Sequence[Item]) -> Iterator[tuple[Item, Result]]:
        waiting, deaths = list(reversed(range(len(items)))), Counter[int]()
        while waiting:
            pool = _pool(min(workers, len(waiting)), preload)
            under_way: dict[Future[Result], int] = {}
            try:
                while waiting or under_way:
                    # Who was there when a worker died is done again alone: so the one that kills it is found out.
                    while waiting and len(under_way) < (1 if deaths[waiting[-1]] else workers):
                        under_way[pool.submit(work, items[waiting[-1]])] = waiting[-1]
                        waiting.pop()
                    for future in wait(under_way, return_when=FIRST_COMPLETED).done:
                        yield items[under_way[future]], future.result()
                        del under_way[future]
            except BrokenProcessPool:
                for number in sorted(under_way.values(), reverse=True):
                    deaths[number] += 1
                    if deaths[number] == TRIES:
                        raise WorkFault(
                            f"{called} {items[number]}: a worker died {TRIES} times while at it, expected none to; "
                            "what is there is kept, and the same command goes on from it"
                        ) from None
                    waiting.append(number)
            finally:  # also when whoever asked has pressed Ctrl-C
                _end(pool)

    return run


def _pool(workers: int, preload: Sequence[str]) -> ProcessPoolExecutor:
    for name in ONE_THREAD:
        os.environ.setdefault(name, "1")
    # Workers are forked from a process that has imported all they need and runs nothing else: one that takes the
    # place of one that died is there at once.
    context = get_context("forkserver")
    context.set_forkserver_preload(list(preload))
    return ProcessPoolExecutor(workers, mp_context=context, initializer=_serve_parent)


def _end(pool: ProcessPoolExecutor) -> None:
    """Let nobody wait for work that nobody wants any more."""
    workers = list((pool._processes or {}).values())  # Python 3.14 has `kill_workers`
    pool.shutdown(wait=False, cancel_futures=True)
    for worker in workers:
        worker.kill()


def _serve_parent() -> None:
    """End this worker when the process that asked for it is gone, also where that was killed: nobody else would.

    Ctrl-C in a shell reaches all of them: the one that asked says what there is to say.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = parent_process()
    if parent is not None:

        def watch() -> None:
            wait_for([parent.sentinel])
            os._exit(1)

        threading.Thread(target=watch, daemon=True).start()


def on_cluster(address: str, called: str = "episode") -> Backend:
    """The workers of the Dask cluster at that address, which have this course installed.

    Args:
        address: of its scheduler, such as tcp://host:8786.
        called: what an item is, for people.
    """

    def run(work: Callable[[Item], Result], items: Sequence[Item]) -> Iterator[tuple[Item, Result]]:
        try:
            from distributed import Client
            from distributed import as_completed as as_they_come
        except ImportError:
            raise WorkFault('--scheduler needs Dask: pip install "vla-course[cluster]"') from None
        try:
            client = Client(address, timeout=CONNECT_SECONDS)
        except (OSError, ValueError) as why:
            raise WorkFault(f"no Dask scheduler answers at {address}: {why}") from None
        with client:
            futures = {client.submit(work, item, pure=False, retries=TRIES - 1): item for item in items}
            for future in as_they_come(futures):
                try:
                    result = future.result()
                except Exception as why:  # whatever became of it over there
                    raise WorkFault(
                        f"{called} {futures[future]} failed on the cluster: {type(why).__name__}: {why}"
                    ) from why
                yield futures[future], result
                future.release()

    return run


def here(work: Callable[[Item], Result], items: Sequence[Item]) -> Iterator[tuple[Item, Result]]:
    """This process alone, one item after the other: a backend."""
    for item in items:
        yield item, work(item)
