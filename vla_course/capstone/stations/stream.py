"""Streaming: chunks, packets, frames and faults on clocks that are scripted, the same every time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np

from vla_course.capstone.own.pieces import Pieces
from vla_course.capstone.stations.station import Notes
from vla_course.panels.streaming.chunk_traces import Played, on_paper
from vla_course.panels.streaming.stale_frames import look
from vla_course.serving.chunks.parts import ChunkParts
from vla_course.serving.inference.fallback import Fallbacks
from vla_course.serving.inference.parts import InferenceParts
from vla_course.serving.packets.codes import Code
from vla_course.serving.stream.parts import StreamParts
from vla_course.serving.stream.scripted_stream import ask_once, stream_through
from vla_course.simulation.robot.layout import ACTION

DELAYS: Final = (0.0, 0.05, 0.10, 0.20, 0.30, 0.35, 0.40)
"""s, that an answer takes on the average; it varies by a fifth. From about 0.45 s on chunks of 1.2 s run out"""
MODES: Final = ("ensemble", "fade", "soft")
"""ways of going over from chunk to chunk: together they need every exercise on chunks"""
REPEATS: Final = (4, 10)
"""runs of each mode at each delay, quick and full"""
SCENES: Final = tuple(len(MODES) * len(DELAYS) * n + 4 for n in REPEATS)
PACKETS: Final = 12
PERIOD: Final = 0.1
"""s, of an action"""
MODELS: Final = 8


def measure(pieces: Pieces, notes: Notes) -> None:
    """Play chunks under delay, send packets through, look at frames, and cut the answers off."""
    _chunks(pieces.parts(ChunkParts), notes)
    parts = pieces.parts(StreamParts)
    notes.number("answered", _answered(parts, notes.rng(8)))
    notes.done()
    more = pieces.parts(InferenceParts)
    notes.number("age", float(np.mean(look(more.queue(1)).ages)))
    notes.done()
    notes.number("ladder", _ladder(more))
    notes.done()
    notes.number("counted", _counted(more, notes.rng(9)))
    notes.number("loads", _loads(more.evict, notes.rng(11)))
    notes.done()


def _chunks(parts: ChunkParts, notes: Notes) -> None:
    """Play chunks: how hard the joints jerk where another chunk takes over, and how often nothing is due."""
    jerks: dict[str, list[float]] = {mode: [] for mode in MODES}
    held: list[int] = []
    for delay in DELAYS:
        for mode in MODES:
            played: list[Played] = []
            for repeat in range(notes.few(*REPEATS)):
                played.append(on_paper(mode, delay, seed=notes.seed * 100 + repeat, parts=parts))
                notes.done()
            jerks[mode].append(float(np.mean([one.jerk.borders for one in played])))
            held += [one.held for one in played]
    notes.curve(list(DELAYS), jerks["soft"])
    for mode in MODES:
        notes.number(f"jerk {mode}", float(np.mean(jerks[mode])))
    notes.number("missed", float(np.mean(held)))


def _answered(parts: StreamParts, rng: np.random.Generator) -> float:
    """Send packets through with delays that vary; return the fraction of promises that are kept.

    They are: every packet has one answer, in the order of the packets; preparing overlaps with inference; a packet
    that fails is answered too; nothing is left running.
    """
    fetching, preparing, inferring = (
        rng.uniform(low, high, PACKETS + more).tolist()
        for low, high, more in ((0.0, 0.02, 1), (0.02, 0.06, 0), (0.03, 0.12, 0))
    )
    told = stream_through(parts.overlapped, list(range(PACKETS)), fetching, preparing, inferring)
    in_turn = sum(fetching) + sum(preparing) + sum(inferring)
    fails = ask_once(parts.one_answer, 7, "done", 0.05, fault="ValueError")
    works = ask_once(parts.one_answer, 7, "done", 0.05)
    kept = [
        [answer for _, answer in told["heard"]] == list(range(PACKETS)),
        bool(told["heard"]) and told["heard"][-1][0] < in_turn - 0.5 * sum(preparing),
        fails["ends"] == "answered" and fails["answer"] == ["refused", 7],
        works["ends"] == "answered" and works["answer"] == "done",
        told["tasks"] == fails["tasks"] == works["tasks"] == 0,
    ]
    return float(np.mean(kept))


def _ladder(parts: InferenceParts) -> float:
    """Cut the answers off; return the fraction of moments at which the robot does what the reference would do."""
    actions = np.zeros((12, ACTION.size), np.float32)
    mine, reference = Fallbacks(PERIOD, parts=parts), Fallbacks(PERIOD)
    for one in (mine, reference):
        one.good(actions, 0.0)
    moments = np.arange(0.02, 4.0, 0.05).tolist()
    codes = (Code.DEADLINE_MISSED, Code.BAD_PICTURE)
    same = [
        mine.instead(code, now).fallback == reference.instead(code, now).fallback
        for now in moments
        for code in codes
    ]
    return float(np.mean(same))


def _counted(parts: InferenceParts, rng: np.random.Generator) -> float:
    """Return the fraction of percentiles that are those of the packets themselves, by NumPy."""
    stages = rng.lognormal(-3.0, 0.8, (300, 2))
    told = parts.latency([{"prepare": a, "infer": b} for a, b in stages.tolist()])
    truth = {"prepare": stages[:, 0], "infer": stages[:, 1], "total": stages.sum(axis=1)}
    right = [
        np.allclose(told.get(name, [np.nan]), np.percentile(some, (50.0, 95.0, 99.0)))
        for name, some in truth.items()
    ]
    return float(np.mean(right))


def _loads(evict: Callable[..., list[str]], rng: np.random.Generator) -> float:
    """Use models of different sizes in bursts, with memory for some; return how often one has to be loaded."""
    sizes = {f"model {k}": int(rng.integers(1, 5)) * 100 for k in range(MODELS)}
    limit, loaded, used, count = 900, dict[str, int](), dict[str, float](), 0
    favourite = 0
    for now in range(300):
        if rng.random() < 0.1:
            favourite = int(rng.integers(MODELS))
        near = (favourite + int(rng.integers(0, 3))) % MODELS
        name = f"model {near if rng.random() < 0.9 else int(rng.integers(MODELS))}"
        if name not in loaded:
            for gone in evict(dict(loaded), dict(used), sizes[name], limit, ()):
                loaded.pop(gone, None)
            loaded[name] = sizes[name]
            if sum(loaded.values()) > limit:
                raise ValueError(f"{sum(loaded.values())} bytes are loaded, expected at most {limit}")
            count += 1
        used[name] = float(now)
    return float(count)
