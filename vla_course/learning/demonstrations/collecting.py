"""Collecting demonstrations: on this machine's processes or on a Dask cluster, the same episodes either way.

An episode depends on the settings and its number alone, so that where, when and in which order it is collected cannot
matter. Workers hand back bytes; only this process writes files. A worker that dies takes nothing with it but the
episodes that it was at, and those are collected again.
"""

from __future__ import annotations

import json
import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import get_context, parent_process
from multiprocessing.connection import wait as wait_for
from pathlib import Path
from typing import TYPE_CHECKING, Final

from vla_course.learning.demonstrations.layout import DemonstrationFault
from vla_course.learning.demonstrations.plan import Settings

if TYPE_CHECKING:
    from rich.console import Console

TRIES: Final = 3
"""times that an episode may take its worker with it"""
CONNECT_SECONDS: Final = 20.0
ONE_THREAD: Final = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
"""what keeps a worker's libraries to one core"""

Done = tuple[int, bytes]
Backend = Callable[[Settings, Sequence[int]], Iterator[Done]]
"""collects episodes of these numbers, and yields each as soon as it is there"""


def collect_episode(settings: Settings, index: int) -> bytes:
    """Collect one episode, and return it as the bytes of a parquet file: the same arguments, the same bytes."""
    from vla_course.learning.demonstrations.episode import collect
    from vla_course.learning.demonstrations.plan import plan_episode
    from vla_course.learning.demonstrations.staging import pack

    return pack(collect(plan_episode(settings, index), settings), settings)


def on_this_machine(workers: int, work: Callable[[Settings, int], bytes] = collect_episode) -> Backend:
    """So many processes side by side, of one thread each."""

    def run(settings: Settings, indices: Sequence[int]) -> Iterator[Done]:
        waiting, tries = list(reversed(indices)), dict.fromkeys(indices, 0)
        while waiting:
            pool = _pool(min(workers, len(waiting)))
            under_way: dict[Future[bytes], int] = {}
            try:
                while waiting or under_way:
                    while waiting and len(under_way) < workers:
                        under_way[pool.submit(work, settings, waiting[-1])] = waiting[-1]
                        waiting.pop()
                    for future in wait(under_way, return_when=FIRST_COMPLETED).done:
                        yield under_way[future], future.result()
                        del under_way[future]
            except BrokenProcessPool:
                # A worker died; nobody knows which episode it was at, so all of them count.
                for index in sorted(under_way.values(), reverse=True):
                    tries[index] += 1
                    if tries[index] == TRIES:
                        raise DemonstrationFault(
                            f"episode {index}: a worker died {TRIES} times while it was collected, expected none to; "
                            "what is there is kept, and the same command goes on from it"
                        ) from None
                    waiting.append(index)
            finally:  # also when whoever asked has pressed Ctrl-C
                _end(pool)

    return run


def _pool(workers: int) -> ProcessPoolExecutor:
    for name in ONE_THREAD:
        os.environ.setdefault(name, "1")
    # Workers are forked from a process that has imported all they need and runs nothing else: one that takes the
    # place of one that died is there at once.
    context = get_context("forkserver")
    context.set_forkserver_preload(["vla_course.learning.demonstrations.episode"])
    return ProcessPoolExecutor(workers, mp_context=context, initializer=_serve_parent)


def _end(pool: ProcessPoolExecutor) -> None:
    """Let nobody wait for episodes that nobody wants any more."""
    workers = list((pool._processes or {}).values())  # Python 3.14 has `kill_workers`
    pool.shutdown(wait=False, cancel_futures=True)
    for worker in workers:
        worker.kill()


def _serve_parent() -> None:
    """End this worker when the process that asked for it is gone, also where that was killed: nobody else would.

    Ctrl-C in a shell reaches all of them: the one that collects says what there is to say.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = parent_process()
    if parent is not None:

        def watch() -> None:
            wait_for([parent.sentinel])
            os._exit(1)

        threading.Thread(target=watch, daemon=True).start()


def on_cluster(address: str, work: Callable[[Settings, int], bytes] = collect_episode) -> Backend:
    """The workers of the Dask cluster at that address, which have this course installed."""

    def run(settings: Settings, indices: Sequence[int]) -> Iterator[Done]:
        try:
            from distributed import Client
            from distributed import as_completed as as_they_come
        except ImportError:
            raise DemonstrationFault('--scheduler needs Dask: pip install "vla-course[cluster]"') from None
        try:
            client = Client(address, timeout=CONNECT_SECONDS)
        except (OSError, ValueError) as why:
            raise DemonstrationFault(f"no Dask scheduler answers at {address}: {why}") from None
        with client:
            futures = {
                client.submit(work, settings, index, pure=False, retries=TRIES - 1): index
                for index in indices
            }
            for future in as_they_come(futures):
                index = futures[future]
                try:
                    data = future.result()
                except Exception as why:  # whatever became of it over there
                    raise DemonstrationFault(
                        f"episode {index} failed on the cluster: {type(why).__name__}: {why}"
                    ) from why
                yield index, data
                future.release()

    return run


def collect_demonstrations(
    folder: Path, episodes: int, settings: Settings, backend: Backend, console: Console | None = None
) -> int:
    """Collect episodes into a folder, or go on with those that are missing there, and make a dataset of them.

    Args:
        folder: of the dataset.
        episodes: how many there are to be in all.
        settings: of all of them.
        backend: who collects: `on_this_machine` or `on_cluster`.
        console: shows a progress bar; None: none.

    Returns:
        how many episodes were collected now. The card is written in any case.

    Raises:
        DemonstrationFault: the folder holds other demonstrations or more of them, a worker keeps dying, or the cluster
            does not answer.
    """
    from vla_course.learning.demonstrations.card import write_card
    from vla_course.learning.demonstrations.dataset import INFO, SETTINGS, take_apart, write_dataset
    from vla_course.learning.demonstrations.staging import STAGED, Staging, check_settings

    if episodes < 1:
        raise DemonstrationFault(f"episodes is {episodes}, expected at least 1")
    _check_folder(folder, (STAGED, INFO))
    if (folder / INFO).exists():
        check_settings(folder / SETTINGS, settings)
        have = json.loads((folder / INFO).read_text(encoding="utf-8"))["total_episodes"]
        if have > episodes:
            raise DemonstrationFault(
                f"{folder} holds {have} episodes, expected no more than the {episodes} asked for"
            )
        if have == episodes and not (folder / STAGED).exists():
            write_card(folder)
            return 0
    with Staging(folder, settings) as staging:
        take_apart(folder, staging)
        surplus = sorted(index for index in staging.indices() if index >= episodes)
        if surplus:
            raise DemonstrationFault(
                f"{staging.path(surplus[-1])} was collected already, expected none beyond the {episodes} asked for"
            )
        missing = sorted(set(range(episodes)) - staging.indices())
        with _progress(console, episodes, len(missing)) as advance:
            for index, data in backend(settings, missing):
                staging.keep(index, data)
                advance()
        write_dataset(folder, staging, settings)
        write_card(folder)
        staging.clear()
    return len(missing)


def _check_folder(folder: Path, ours: Sequence[str]) -> None:
    """Raise DemonstrationFault where a folder holds something that is not demonstrations."""
    if folder.exists() and not folder.is_dir():
        raise DemonstrationFault(f"{folder} is a file, expected a folder")
    if folder.is_dir() and any(folder.iterdir()) and not any((folder / name).exists() for name in ours):
        raise DemonstrationFault(
            f"{folder} holds other files, expected an empty folder or one with demonstrations"
        )


@contextmanager
def _progress(console: Console | None, total: int, missing: int) -> Iterator[Callable[[], None]]:
    """Show how far it is; yields what to call for every episode that is there."""
    if console is None:
        yield lambda: None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = TextColumn("collecting"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    with Progress(*columns, console=console, transient=True, speed_estimate_period=600.0) as bar:
        shown = bar.add_task("", total=total, completed=total - missing)
        yield lambda: bar.advance(shown)
