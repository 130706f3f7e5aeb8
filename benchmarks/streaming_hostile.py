"""What a policy server bears: ten thousand malformed and hostile messages, and a good client beside them.

Server, good client and attackers are processes of their own. The server needs a token, as beyond loopback. Each attack
must be answered with a code, or its connection closed; the server must stay up, its memory bounded; and the good
client, thirty packets a second with three pictures each, must hardly notice.

    python benchmarks/streaming_hostile.py [--quick] [--json]
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import time
from collections import Counter
from collections.abc import Sequence
from multiprocessing.connection import Connection
from typing import Final

import msgpack
import numpy as np
import psutil
from hostile import KINDS, frame, handshake, outcome
from report import Figure, arguments, report, share
from rich.progress import track

from vla_course.serving.network.adapter import PacketPolicy
from vla_course.serving.network.client import PolicyClient
from vla_course.serving.network.settings import ServerSettings
from vla_course.serving.network.thread import ServerThread
from vla_course.serving.packets.packet import VLAPacket
from vla_course.serving.packets.pictures import encode_picture
from vla_course.serving.packets.response import VLAResponse
from vla_course.serving.packets.wire import Tree

TOKEN: Final = "a token of the benchmark"
PATIENCE: Final = 20.0
"""s, after which an attack that nothing became of counts as unanswered; far beyond every limit of the server"""
AT_ONCE: Final = 8
A_SECOND: Final = 60.0
"""attacks; who attacks from elsewhere does not take this machine's processors, so these come from a nice process"""
SLOW_READERS: Final = 20
HERTZ: Final = 30.0
BLOB: Final = "attack/blob"


def looks(packet: VLAPacket) -> VLAResponse:
    """Answer a packet after decoding all its pictures."""
    for camera in packet.images:
        packet.pixels(camera)
    return VLAResponse(
        frame_id=packet.frame_id, correlation_id=packet.correlation_id, actions=np.zeros((12, 36))
    )


class Looking(PacketPolicy):
    """Answers packets, and to those that ask for it sends back a lot."""

    def infer(self, observation: Tree) -> Tree:
        """Return the reply, or a megabyte."""
        if type(observation.get(BLOB)) is int:
            return {"actions": np.zeros((12, 36)), BLOB: b"x" * min(observation[BLOB], 2**20)}
        return super().infer(observation)


def serve(pipe: Connection) -> None:
    """Be the server, until something is said."""
    settings = ServerSettings(port=0, token=TOKEN, connections=16, open_seconds=1.0, send_seconds=1.0)
    with ServerThread(Looking(looks), settings) as server:
        pipe.send(server.server.port)
        pipe.recv()


def behave(uri: str, pipe: Connection) -> None:
    """Be the good client: whenever asked, send packets for some seconds and tell the round trips, s."""
    rng = np.random.default_rng(1)
    pictures = [encode_picture(rng.integers(0, 256, (96, 96, 3), dtype=np.uint8)) for _ in range(3)]
    names = ("head", "chest", "pelvis")
    images: dict[str, bytes] = dict(zip(names, pictures, strict=True))
    number = 0
    with PolicyClient(uri, TOKEN) as client:
        while (until := pipe.recv()) is not None:
            times: list[float] = []
            while time.monotonic() < until and not (until == np.inf and pipe.poll()):
                due = time.monotonic() + 1.0 / HERTZ
                packet = VLAPacket(
                    frame_id=number,
                    correlation_id=f"good:{number}",
                    timestamp=time.monotonic(),
                    query="pick up the red cup",
                    images=images,
                    robot_state=np.zeros(75),
                )
                began = time.perf_counter()
                response = client.ask(packet)
                times.append(time.perf_counter() - began if response.success else np.inf)
                number += 1
                time.sleep(max(0.0, due - time.monotonic()))
            pipe.send(times)


def round_trips(pipe: Connection, seconds: float) -> list[float]:
    """Return the good client's round trips while nothing else happens."""
    pipe.send(time.monotonic() + seconds)
    times: list[float] = pipe.recv()
    return times


async def attack_all(numbers: Sequence[int], seed: int, port: int) -> list[tuple[str, str]]:
    """Carry out attacks, some at once, and return the kind of each and what became of it."""
    gate, bar = asyncio.Semaphore(AT_ONCE), iter(track(numbers, "attacking", transient=True))
    began = time.monotonic()

    async def one(place: int, number: int) -> tuple[str, str]:
        await asyncio.sleep(began + place / A_SECOND - time.monotonic())
        async with gate:
            attack = KINDS[number % len(KINDS)](np.random.default_rng((seed, number)))
            found = await outcome(attack, "127.0.0.1", port, TOKEN, PATIENCE)
            next(bar, None)
            return attack.kind, found

    return await asyncio.gather(*(one(place, number) for place, number in enumerate(numbers)))


async def read_slowly(port: int) -> list[str]:
    """Connect, ask for answers and read none of them; return what became of each."""
    return await asyncio.gather(*(_reads_nothing(port) for _ in range(SLOW_READERS)))


async def _reads_nothing(port: int) -> str:
    _, writer = await asyncio.open_connection("127.0.0.1", port, limit=1)
    try:
        writer.write(handshake(Authorization=f"Api-Key {TOKEN}"))
        asked = frame(msgpack.packb({BLOB: 2**20}))
        async with asyncio.timeout(PATIENCE):
            while not writer.transport.is_closing():
                writer.write(asked)
                await writer.drain()
                await asyncio.sleep(0.05)
        return "closed"
    except TimeoutError:
        return "silence"
    except ConnectionError:
        return "closed"
    finally:
        writer.transport.abort()


def main() -> None:
    """Attack."""
    options = arguments(__doc__ or "")
    count, calm = (540, 5.0) if options.quick else (10_000, 30.0)
    spawn = multiprocessing.get_context("spawn")
    ours, theirs = spawn.Pipe()
    server = spawn.Process(target=serve, args=(theirs,), daemon=True)
    server.start()
    port = ours.recv()
    watched = psutil.Process(server.pid)
    pipe, end = spawn.Pipe()
    good = spawn.Process(target=behave, args=(f"ws://127.0.0.1:{port}", end), daemon=True)
    good.start()
    round_trips(pipe, 1.0)  # warm

    os.nice(5)
    alone = round_trips(pipe, calm)
    # What the first of them cost is the caches' and the allocators'.
    asyncio.run(attack_all(range(count, count + count // 10), options.seed, port))
    before = watched.memory_info().rss
    pipe.send(np.inf)
    became = asyncio.run(attack_all(range(count), options.seed, port))
    outcomes = [said for _, said in became]
    slow = asyncio.run(read_slowly(port))
    pipe.send(None)
    beside: list[float] = pipe.recv()
    grown = (watched.memory_info().rss - before) / 2**20
    up, sockets = server.is_alive(), len(watched.net_connections("tcp")) if server.is_alive() else -1
    good.join()
    ours.send("stop")
    server.join(10.0)

    by_kind: dict[str, Counter[str]] = {}
    for kind, said in became:
        by_kind.setdefault(kind, Counter())[said] += 1
    p99 = [1e3 * float(np.quantile(times, 0.99)) for times in (alone, beside)]
    report(
        "streaming_hostile",
        [
            share(
                "hostile messages answered with a code or closed",
                [one != "silence" for one in outcomes],
                ">= 1",
            ),
            share("clients that read nothing, closed", [one == "closed" for one in slow], ">= 1"),
            Figure(
                "faults of the server itself (`internal`)",
                outcomes.count("internal"),
                "",
                "<= 0",
                n=len(outcomes),
            ),
            Figure("server up at the end", float(up), "", ">= 1"),
            Figure("resident memory of the server, growth", grown, "MiB", "<= 64", n=len(outcomes)),
            Figure("sockets open at the end, the good client's and the port among them", sockets, "", "<= 3"),
            share("good client: packets answered with actions", list(np.isfinite(beside)), ">= 1"),
            Figure("good client: p99 of the round trip, alone", p99[0], "ms", n=len(alone)),
            Figure("good client: p99 of the round trip, beside", p99[1], "ms", n=len(beside)),
            Figure("good client: p99 beside over p99 alone", p99[1] / p99[0], "", "<= 2", n=len(beside)),
        ],
        options,
        notes=[f"{kind}: {dict(counts.most_common())}" for kind, counts in sorted(by_kind.items())],
    )
    for kind, counts in sorted(by_kind.items()):
        print(f"{kind}: {dict(counts.most_common())}")


if __name__ == "__main__":
    main()
