"""Collecting demonstrations: on this machine's processes or on a Dask cluster, the same episodes either way.

An episode depends on the settings and its number alone, so that where, when and in which order it is collected cannot
matter. Workers hand back bytes; only this process writes files. A worker that dies takes nothing with it but the
episodes that it was at, and those are collected again.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from vla_course.learning.demonstrations.layout import DemonstrationFault
from vla_course.learning.demonstrations.plan import Settings
from vla_course.learning.workers import backends
from vla_course.learning.workers.backends import WorkFault
from vla_course.learning.workers.bar import progress_bar

if TYPE_CHECKING:
    from rich.console import Console

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
    return _by(backends.on_this_machine(workers, ["vla_course.learning.demonstrations.episode"]), work)


def on_cluster(address: str, work: Callable[[Settings, int], bytes] = collect_episode) -> Backend:
    """The workers of the Dask cluster at that address, which have this course installed."""
    return _by(backends.on_cluster(address), work)


def _by(backend: backends.Backend, work: Callable[[Settings, int], bytes]) -> Backend:
    def run(settings: Settings, indices: Sequence[int]) -> Iterator[Done]:
        try:
            yield from backend(partial(work, settings), indices)
        except WorkFault as fault:
            raise DemonstrationFault(str(fault)) from fault

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
        with progress_bar(console, "collecting", episodes, len(missing)) as advance:
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
