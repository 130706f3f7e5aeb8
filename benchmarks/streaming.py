"""Thirty times a second from three cameras to actions, on two cores, with the simulator beside it.

First the robot of `vla-course drive`, whose simulator is a process of its own, is moved by the policy that ships, which
is served by another process. It draws its pictures itself ("drawn"); then the same with pictures that were drawn
before ("recorded"), as a real camera hands over its own without work of the robot's processor. In both they become
JPEGs at the packet's border. An action is there when the robot's loop takes it: it looks once a tick.

Then the chapter's sequential listing, mended only until it runs, and the course's pipeline answer one stream of those
recorded packets with the same model, that of Day 1, in turns, while a simulated robot stands beside them.

    python benchmarks/streaming.py [--quick] [--json]
"""

from __future__ import annotations

import asyncio
import multiprocessing
from collections.abc import Sequence
from itertools import cycle, islice
from multiprocessing.connection import Connection
from typing import Any, Final

import numpy as np
import torch
from report import Figure, arguments, report
from streaming_listing import by_listing, by_pipeline, model
from streaming_robot import DEADLINE, HERTZ, Streamed, draw_alone, drive, serve, stand_beside

from vla_course.serving.packets.packet import VLAPacket

SPAWN: Final = multiprocessing.get_context("spawn")
ROUNDS: Final = 3
"""turns that listing and pipeline take"""


class Beside:
    """A process that serves or simulates until it is told to end; what it says first is `said`."""

    def __init__(self, work: Any, *arguments: Any) -> None:
        self._pipe, theirs = SPAWN.Pipe()
        self._process = SPAWN.Process(target=work, args=(*arguments, theirs), daemon=True)
        self._process.start()
        theirs.close()
        self.said = heard(self._pipe)

    def __enter__(self) -> Beside:
        return self

    def __exit__(self, *_: object) -> None:
        self._pipe.send("end")
        self._process.join(20.0)


def heard(pipe: Connection) -> Any:
    """Return what a process says."""
    try:
        return pipe.recv()
    except EOFError:
        raise SystemExit("a process of the benchmark has ended without a result") from None


def driven(uri: str, seconds: float, shows: Sequence[bytes], seed: int) -> tuple[Streamed, list[bytes]]:
    """Return what a robot measured, which is a process of its own, and packets that it sent."""
    ours, theirs = SPAWN.Pipe()
    robot = SPAWN.Process(target=drive, args=(uri, seconds, shows, seed, theirs), daemon=True)
    robot.start()
    theirs.close()
    found: tuple[Streamed, list[bytes]] = heard(ours)
    robot.join()
    return found


def in_turns(wires: Sequence[bytes], seconds: float, seed: int) -> dict[str, list[float]]:
    """Return the ages at which listing and pipeline answered, s, so many seconds of packets each."""
    packets = [VLAPacket.from_wire(wire) for wire in wires]
    count, network = round(seconds * HERTZ / ROUNDS), model(seed)
    ages: dict[str, list[float]] = {"listing": [], "pipeline": []}
    answerers = {"listing": by_listing, "pipeline": by_pipeline}
    for answerer in answerers.values():  # warm
        asyncio.run(answerer(network, packets[:15]))
    for _ in range(ROUNDS):
        for name, answerer in answerers.items():
            ages[name] += asyncio.run(answerer(network, list(islice(cycle(packets), count))))
    return ages


def of_drive(name: str, found: Streamed, bars: bool) -> list[Figure]:
    """Return the figures of a robot that was driven."""
    rate, missed, late = (">= 29.5", "<= 0.01", "<= 66") if bars else ("", "", "")
    n = found.offered
    return [
        Figure(f"{name}: answers with actions", found.rate, "Hz", rate, n=n),
        Figure(f"{name}: packets without actions after 66 ms", found.missed, "", missed, n=n),
        Figure(f"{name}: camera to action, median", found.p(50), "ms", n=n),
        Figure(f"{name}: camera to action, p99", found.p(99), "ms", late, "33", n=n),
        Figure(f"{name}: ticks of the robot that took too long", found.late / found.ticks, "", n=found.ticks),
    ]


def of_stage(name: str, times: Sequence[float]) -> list[Figure]:
    """Return the figures of a stage."""
    return [
        Figure(
            f"{name}, {what}",
            1e3 * float(np.percentile(times, percent, method="inverted_cdf")),
            "ms",
            n=len(times),
        )
        for what, percent in (("median", 50), ("p99", 99))
    ]


def of_turns(ages: dict[str, list[float]]) -> list[Figure]:
    """Return the figures of listing and pipeline, and how they compare."""
    figures = []
    for name, found in ages.items():
        late = float(np.mean(np.array(found) > DEADLINE))
        figures += [
            Figure(f"{name}: answers after 66 ms", late, "", n=len(found)),
            *of_stage(f"{name}: camera to answer", found),
        ]
    worst = [float(np.percentile(ages[name], 99, method="inverted_cdf")) for name in ("pipeline", "listing")]
    whole = "p99 of the pipeline over p99 of the listing"
    return [*figures, Figure(whole, worst[0] / worst[1], "", n=len(ages["listing"]))]


def main() -> None:
    """Stream."""
    options = arguments(__doc__ or "")
    torch.set_num_threads(1)
    seconds = 6.0 if options.quick else 60.0
    alone = draw_alone(options.seed, 30 if options.quick else 300)
    with Beside(serve) as server:
        drawn, wires = driven(server.said, seconds, (), options.seed)
        recorded, _ = driven(server.said, seconds, wires, options.seed)
    with Beside(stand_beside, options.seed):
        ages = in_turns(wires, seconds, options.seed)
    report(
        "streaming",
        [
            *of_drive("drawn", drawn, bars=True),
            *of_drive("recorded", recorded, bars=True),
            *of_stage("draws: three pictures, nothing beside", alone),
            *of_stage("draws: three pictures, while driven", drawn.render),
            *of_stage("simulates: a tick of 33.3 ms", recorded.simulate),
            *of_stage("decides: network and inverse kinematics", recorded.decide),
            *of_turns(ages),
        ],
        options,
        notes=[
            f"{name}: not `ok`: {found.refused}" for name, found in (("drawn", drawn), ("recorded", recorded))
        ],
    )


if __name__ == "__main__":
    main()
