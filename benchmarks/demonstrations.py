"""How demonstrations are collected: how quickly, how many succeed, how much noise costs, what a killed worker costs.

python benchmarks/demonstrations.py [--quick] [--json] [--seed N] [--episodes N] [--long N]

Episodes of all skills in turns, once with noise, pushes and robots that differ, once without any of it; those that
bring things elsewhere take ten times as long and are fewer. What was collected is kept, with its processor seconds, in
build/demonstrations_benchmark, and a run that was cut off goes on from there. Two workers are measured against one on
the same episodes, as processes and on a Dask cluster, in turns. --quick takes short skills alone.
"""

import os
import signal
import tempfile
import time
from argparse import Namespace
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

import numpy as np
from report import Figure, commit, parser, report, share

from vla_course.learning.demonstrations.broken import find_broken
from vla_course.learning.demonstrations.collecting import (
    Backend,
    Done,
    collect_demonstrations,
    collect_episode,
    on_cluster,
    on_this_machine,
)
from vla_course.learning.demonstrations.layout import STATE_KEY
from vla_course.learning.demonstrations.plan import DIRECT, Settings
from vla_course.learning.demonstrations.reader import Demonstrations
from vla_course.simulation.scene.cameras import PLACES
from vla_course.simulation.tasks.instructions import Skill

LONG: tuple[Skill, ...] = ("place", "move to")
SHORT: tuple[Skill, ...] = tuple(skill for skill in DIRECT if skill not in LONG)
QUICK: tuple[Skill, ...] = ("look at", "stand still")
EPISODES, LONG_EPISODES, QUICK_EPISODES = 32, 2, 8
WAYS = {"with noise": {}, "without": {"noise": 0.0, "variation": 0.0}}
PARALLEL = 8
"""episodes, that one worker and two collect against each other"""
KEPT = Path(__file__).parent.parent / "build" / "demonstrations_benchmark"


def main() -> None:
    options = _options()
    skills, figures = QUICK if options.quick else SHORT, list[Figure]()
    found = {
        way: _collected(way, Settings(seed=options.seed, skills=skills, **told), options.episodes, figures)
        for way, told in WAYS.items()
    }
    sets = list(found.items())
    if options.long:
        sets += [
            (
                way,
                _collected(
                    f"{way}, long", Settings(seed=options.seed, skills=LONG, **told), options.long, figures
                ),
            )
            for way, told in WAYS.items()
        ]
    for skill in DIRECT:
        for way in WAYS:
            outcomes = [
                one.success
                for name, demonstrations in sets
                for one in demonstrations.episodes
                if name == way and one.skill == skill
            ]
            if outcomes:
                figures.append(share(f"{skill}, {way}", outcomes))
    figures += _dataset(found["with noise"])
    figures += _reading(found["with noise"])
    figures += _parallel(Settings(seed=2000 + options.seed, skills=QUICK))
    figures += _killed(Settings(seed=3000 + options.seed, skills=("look at",)))
    report("demonstrations", figures, options, notes=_notes(sets))


def _options() -> Namespace:
    reader = parser(__doc__ or "")
    reader.add_argument("--episodes", type=int, help="with noise, and as many without")
    reader.add_argument("--long", type=int, help="the same of skills that bring things elsewhere")
    options = reader.parse_args()
    if options.episodes is None:
        options.episodes = QUICK_EPISODES if options.quick else EPISODES
    if options.long is None:
        options.long = 0 if options.quick else LONG_EPISODES
    return options


# ---- how quickly, how well ---------------------------------------------------------------------


def timed(settings: Settings, index: int) -> bytes:
    """Collect an episode, and say at its end how many processor seconds it took."""
    begin = time.process_time()
    data = collect_episode(settings, index)
    return data + np.float64(time.process_time() - begin).tobytes()


def _collected(name: str, settings: Settings, episodes: int, figures: list[Figure]) -> Demonstrations:
    """Collect what is missing of a set, and tell how long that took."""
    key = f"{commit().rstrip('+')}-{settings.seed}-{settings.noise:g}-{settings.skills[0]}-{len(settings.skills)}"
    KEPT.mkdir(parents=True, exist_ok=True)
    clock = KEPT / f"{key}.jsonl"

    def counted(settings: Settings, indices: Sequence[int]) -> Iterator[Done]:
        with clock.open("a", encoding="utf-8") as lines:
            for index, data in on_this_machine(1, timed)(settings, indices):
                lines.write(f"{float(np.frombuffer(data[-8:])[0])}\n")
                lines.flush()
                yield index, data[:-8]

    collect_demonstrations(KEPT / key, episodes, settings, counted)
    seconds = [float(line) for line in clock.read_text(encoding="utf-8").split()]
    rate = 60.0 * len(seconds) / sum(seconds)
    demonstrations = Demonstrations(KEPT / key)
    outcomes = [one.success for one in demonstrations.episodes]
    figures.append(Figure(f"episodes a minute a core, {name}", rate, "1/min", n=len(seconds)))
    figures.append(share(f"succeeded, {name}", outcomes))
    return demonstrations


def _dataset(demonstrations: Demonstrations) -> list[Figure]:
    """How big it is, and what is odd in it."""
    size = sum(path.stat().st_size for path in demonstrations.folder.rglob("*.parquet"))
    odd = {fault.episode for fault in find_broken(demonstrations)}
    count = Counter(one.skill for one in demonstrations.episodes)
    n = len(demonstrations.episodes)
    twins = sum(one.twin >= 0 for one in demonstrations.episodes)
    return [
        Figure("bytes an episode", size / n / 1e3, "kB", n=n),
        Figure(
            "bytes a frame, three pictures", size / len(demonstrations) / 1e3, "kB", n=len(demonstrations)
        ),
        Figure("frames an episode", len(demonstrations) / n, "", n=n),
        Figure("episodes found broken", float(len(odd)), "", n=n),
        Figure("episodes in pairs that begin alike", twins / n, "", n=n),
        Figure("rarest skill against the commonest", min(count.values()) / max(count.values()), "", n=n),
    ]


def _reading(demonstrations: Demonstrations) -> list[Figure]:
    """How quickly it is read: numbers at once, pictures one after another and in any order."""
    frames = np.arange(len(demonstrations))[:2000]
    mixed = np.random.default_rng(0).permutation(frames)[:200]

    def opened() -> int:
        return len(Demonstrations(demonstrations.folder).columns[STATE_KEY].shape) * len(demonstrations)

    def in_order() -> int:
        for place in PLACES:
            for start in range(0, len(frames), 64):
                demonstrations.pictures(place, frames[start : start + 64])
        return len(frames)

    def shuffled() -> int:
        for place in PLACES:
            demonstrations.pictures(place, mixed)
        return len(mixed)

    def in_chunks() -> int:
        demonstrations.chunks(frames, 8)
        return len(frames)

    return [
        Figure("opened and checked", _rate(opened), "frames/s", n=len(demonstrations)),
        Figure("read with three pictures, in order", _rate(in_order), "frames/s", n=len(frames)),
        Figure("read with three pictures, in any order", _rate(shuffled), "frames/s", n=len(mixed)),
        Figure("chunks of 8", _rate(in_chunks), "frames/s", n=len(frames)),
    ]


def _rate(read: Callable[[], int]) -> float:
    begin = time.process_time()
    count = read()
    return count / max(time.process_time() - begin, 1e-9)


# ---- many workers ------------------------------------------------------------------------------


def _parallel(settings: Settings) -> list[Figure]:
    """How much quicker two workers are than one, by the clock, and how much more processor time they take."""
    figures = _speedup("processes", settings, partial(on_this_machine, work=timed))
    try:
        from distributed import LocalCluster
    except ImportError:
        return figures

    def dask(workers: int) -> Backend:
        def run(settings: Settings, indices: Sequence[int]) -> Iterator[Done]:
            with LocalCluster(
                n_workers=workers, threads_per_worker=1, processes=True, dashboard_address=None
            ) as cluster:
                yield from on_cluster(cluster.scheduler_address, timed)(settings, indices)

        return run

    return [*figures, *_speedup("Dask workers", settings, dask)]


def _speedup(name: str, settings: Settings, backend: Callable[[int], Backend]) -> list[Figure]:
    """Measure one worker and two in turns, twice; the better go of each counts by the clock."""
    goes = [(workers, _clock(backend(workers), settings)) for _ in range(2) for workers in (1, 2)]
    clock = {workers: min(go[0] for of, go in goes if of == workers) for workers in (1, 2)}
    used = {workers: sum(go[1] for of, go in goes if of == workers) for workers in (1, 2)}
    told = f"load of the machine {os.getloadavg()[0]:.0f} on {os.cpu_count()} cores"
    return [
        Figure(f"two {name} against one, by the clock", clock[1] / clock[2], "x", ">= 1.6", told, n=PARALLEL),
        Figure("  processor time of two against one", used[2] / used[1], "x", "<= 1.15", n=2 * PARALLEL),
    ]


def _clock(backend: Backend, settings: Settings) -> tuple[float, float]:
    """Return the seconds by the clock, and of the processor, that episodes take once the workers are warm."""
    times, used = [], []
    for _, data in backend(settings, range(PARALLEL + 2)):
        times.append(time.perf_counter())
        used.append(float(np.frombuffer(data[-8:])[0]))
    return times[-1] - times[1], sum(used[2:])


def dies(settings: Settings, index: int, marks: Path) -> bytes:
    """Kill this worker the first time that it is at an odd episode."""
    if index % 2 and not (marks / str(index)).exists():
        (marks / str(index)).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return collect_episode(settings, index)


def _killed(settings: Settings) -> list[Figure]:
    """What is lost and what is there twice when workers are killed, and whether the bytes are the same."""
    with tempfile.TemporaryDirectory() as scratch:
        calm, killed, marks = (Path(scratch, name) for name in ("calm", "killed", "marks"))
        marks.mkdir()
        collect_demonstrations(calm, 4, settings, on_this_machine(1))
        collect_demonstrations(killed, 4, settings, on_this_machine(2, partial(dies, marks=marks)))
        deaths = len(list(marks.iterdir()))
        numbers = [one.index for one in Demonstrations(killed).episodes]
        differ = sum(
            path.read_bytes() != (killed / path.relative_to(calm)).read_bytes()
            for path in calm.rglob("*")
            if path.is_file()
        )
        return [
            Figure("episodes lost when workers are killed", 4.0 - len(set(numbers)), "", "<= 0", n=deaths),
            Figure("episodes there twice", float(len(numbers) - len(set(numbers))), "", "<= 0", n=deaths),
            Figure("files that differ from an undisturbed run's", float(differ), "", "<= 0", n=deaths),
        ]


def _notes(sets: Sequence[tuple[str, Demonstrations]]) -> list[str]:
    notes = []
    for way, demonstrations in sets:
        for one in demonstrations.episodes:
            if not one.success:
                notes.append(f"{way}, {one.sentence!r}: {one.failure} (noise {one.noise_level:.2f})")
        notes += [f"{way}, broken {fault.kind}: {fault.told}" for fault in find_broken(demonstrations)]
    return notes


if __name__ == "__main__":
    main()
