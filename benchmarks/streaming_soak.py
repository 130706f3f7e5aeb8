"""Ten minutes at 30 Hz with a fault every second: is every packet answered, and is anything left over at the end?

Two streams at once, each in a process of its own. One goes over a link to a server, a process again, with the policy
that ships: who serves it looks at the pictures as well. The other goes through a `StreamingVLAPipeline` with the model
of Day 1. Faults in turn: a picture that is corrupt, a state that is no number, a camera that is lost, a model that
raises, and a connection that is cut (of the pipeline: whoever listens goes away, and another comes).

Nothing left over: threads by name, open files, and tasks of event loops are those that there were before. Each process
has streamed and ended once before that is noted, and before memory is: what is loaded first stays.

    python benchmarks/streaming_soak.py [--quick] [--json]
"""

from __future__ import annotations

import asyncio
import logging
import multiprocessing
import threading
import time
from collections import Counter
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from typing import Any, Final

import numpy as np
import psutil
import torch
from report import Figure, arguments, report, share
from streaming_listing import model

from vla_course.panels.streaming.frame_story import follow
from vla_course.serving.network.adapter import PacketPolicy
from vla_course.serving.network.client import PolicyClient
from vla_course.serving.network.link import PacketLink
from vla_course.serving.network.policy import SESSION
from vla_course.serving.network.server import PolicyServer
from vla_course.serving.network.settings import ServerSettings
from vla_course.serving.packets.codes import Code
from vla_course.serving.packets.packet import VLAPacket
from vla_course.serving.packets.response import VLAResponse
from vla_course.serving.remote.network import shipped_network
from vla_course.serving.stream.pipeline import StreamingVLAPipeline
from vla_course.serving.stream.vla_model import Ready, StreamedVLA
from vla_course.simulation.scene.cameras import PLACES

SPAWN: Final = multiprocessing.get_context("spawn")
HERTZ: Final = 30
RAISES: Final = "raise"
"""a command at which the models of this benchmark raise"""
EXPECTED: Final = {
    "corrupt picture": Code.BAD_PICTURE,
    "state that is no number": Code.NOT_FINITE,
    "camera lost": Code.CAMERA_LOST,
    "model raises": Code.MODEL_FAILED,
    "disconnect": None,
}
"""faults, in turn, and the code of each; who is disconnected gets what the link, or nobody, says"""
FAULTS: Final = tuple(EXPECTED)
UNSEEN: Final = (Code.CANCELLED, Code.SUPERSEDED, Code.STALE, Code.OVERLOADED, Code.DEADLINE_MISSED)
"""codes of packets that were not looked at, or not to the end: their faults were nobody's business"""
LATE: Final = 5.0
"""s, after the last packet, for which answers are waited for"""


@dataclass
class Soaked:
    """What became of a stream.

    Attributes:
        offered, answered: packets, and answers to them: one each.
        codes: of the answers.
        own: of each fault that was looked at, whether it was answered with its own code.
        wrong: what else it was answered with.
        twice: packets that were answered more than once.
        left: what was there at the end and not at the beginning, for people.
        threads, files, tasks: how many.
        memory: MiB, resident, second by second.
    """

    offered: int = 0
    answered: int = 0
    codes: Counter[str] = field(default_factory=Counter)
    own: list[bool] = field(default_factory=list)
    wrong: Counter[str] = field(default_factory=Counter)
    twice: int = 0
    left: list[str] = field(default_factory=list)
    threads: int = 0
    files: int = 0
    tasks: int = 0
    memory: list[float] = field(default_factory=list)

    def grown(self, since: int) -> float:
        """MiB, of the last ten seconds against the ten from second `since` on; medians."""
        few = min(10, max(1, (len(self.memory) - since) // 2))
        return float(np.median(self.memory[-few:]) - np.median(self.memory[since : since + few]))


class Watched:
    """A process that notes its threads and files before and after, and its memory all the time."""

    def __init__(self) -> None:
        self._process, self.found = psutil.Process(), Soaked()
        self._threads, self._files = self._names(), self._open()
        self._ended = threading.Event()
        self._samples = threading.Thread(target=self._sample, name="samples", daemon=True)
        self._samples.start()

    def _names(self) -> Counter[str]:
        return Counter(one.name for one in threading.enumerate() if one.name != "samples")

    def _open(self) -> int:
        return self._process.num_fds()

    def _sample(self) -> None:
        while not self._ended.wait(1.0):
            self.found.memory.append(self._process.memory_info().rss / 2**20)

    def end(self, tasks: int) -> Soaked:
        """Stop watching, and return what was found; `tasks` are those that were left."""
        self._ended.set()
        self._samples.join()
        found, threads = self.found, self._names() - self._threads
        found.threads, found.files, found.tasks = threads.total(), self._open() - self._files, tasks
        found.left = [*threads]
        return found


def faulty(packet: VLAPacket, fault: str) -> VLAPacket:
    """Return a packet with a fault, which nobody has checked yet."""
    change: dict[str, dict[str, Any]] = {
        "corrupt picture": {"images": {**packet.images, "chest": b"\xff\xd8\xff" + bytes(2000)}},
        "state that is no number": {"robot_state": np.full(packet.robot_state.shape, np.nan, np.float32)},
        "camera lost": {"images": {place: packet.images[place] for place in ("chest", "pelvis")}},
        "model raises": {"query": RAISES},
        "disconnect": {},
    }
    return packet.model_copy(update=change[fault])


def numbered(packet: VLAPacket, number: int) -> VLAPacket:
    """Return a packet with its number, and at the end of each second a fault."""
    ids = {"frame_id": number, "correlation_id": f"soak:{number}", "timestamp": time.monotonic()}
    packet = packet.model_copy(update=ids)
    return faulty(packet, fault) if (fault := fault_of(number)) else packet


def fault_of(number: int) -> str | None:
    """Return the fault of a packet; None for the 29 of 30 that have none."""
    return FAULTS[number // HERTZ % len(FAULTS)] if number % HERTZ == HERTZ - 1 else None


def judge(found: Soaked, seen: set[int], response: VLAResponse) -> None:
    """Count an answer."""
    found.twice += response.frame_id in seen
    seen.add(response.frame_id)
    found.answered += 1
    found.codes[response.code.value] += 1
    fault = fault_of(response.frame_id)
    expected = EXPECTED[fault] if fault else None
    if expected is not None and response.code not in UNSEEN:
        found.own.append(response.code is expected)
        if response.code is not expected:
            found.wrong[f"{fault}: {response.code.value}"] += 1


# ---- over a wire -----------------------------------------------------------------------------------


def looks(network: Callable[[VLAPacket], VLAResponse]) -> Callable[[VLAPacket], VLAResponse]:
    """Return who answers as a network does, and looks at the pictures before."""

    def answer(packet: VLAPacket) -> VLAResponse:
        for place in PLACES:
            packet.pixels(place)
        if packet.query == RAISES:
            raise RuntimeError("the model was told to raise")
        return network(packet)

    return answer


def be_server(pipe: Connection) -> None:
    """Serve, and begin anew whenever something is said; end when it is None."""
    torch.set_num_threads(1)
    logging.disable(logging.ERROR)
    network = shipped_network()
    policy = PacketPolicy(looks(network), network.metadata)

    async def serving() -> int:
        async with PolicyServer(policy, ServerSettings(port=0)) as server:
            pipe.send(server.uri)
            while not pipe.poll():
                await asyncio.sleep(0.2)
        pipe.recv()
        await asyncio.sleep(0.2)
        return len(asyncio.all_tasks()) - 1

    asyncio.run(serving())
    watched = Watched()
    pipe.send(watched.end(asyncio.run(serving())))


def stream(uri: str, packet: VLAPacket, seconds: int, found: Soaked) -> int:
    """Stream over a link, cut it as often as its turn comes, and return how often it connected."""
    seen: set[int] = set()
    with PacketLink(uri) as link:
        if not link.wait(20.0):
            raise SystemExit(f"nobody answers at {uri}")
        due = time.monotonic()
        for number in range(seconds * HERTZ):
            link.offer(numbered(packet, number))
            found.offered += 1
            if fault_of(number) == "disconnect":
                # Who comes with the session of another is that one: the server hangs up on the older connection.
                PolicyClient(uri, session=link.metadata[SESSION]).close()
            due = max(due + 1.0 / HERTZ, time.monotonic())
            time.sleep(max(0.0, due - time.monotonic()))
            for response in link.answers():
                judge(found, seen, response)
        until = time.monotonic() + LATE
        while found.answered < found.offered and time.monotonic() < until:
            time.sleep(0.05)
            for response in link.answers():
                judge(found, seen, response)
    return link.connects


def be_client(uri: str, wire: bytes, seconds: int, pipe: Connection) -> None:
    """Stream for a moment, then watched."""
    packet = VLAPacket.from_wire(wire)
    stream(uri, packet, 2 + len(FAULTS), Soaked())
    watched = Watched()
    connects = stream(uri, packet, seconds, watched.found)
    pipe.send((watched.end(0), connects))


# ---- through a pipeline ----------------------------------------------------------------------------


class Raising(StreamedVLA):
    """The model of Day 1, which raises where it is told to."""

    def prepare(self, packet: VLAPacket) -> Any:
        """Return a packet as the model reads it, or that it is to raise."""
        return packet.query if packet.query == RAISES else super().prepare(packet)

    def infer(self, prepared: Ready) -> Any:
        """Return actions, or raise."""
        if prepared == RAISES:
            raise RuntimeError("the model was told to raise")
        return super().infer(prepared)


async def through(network: Raising, packet: VLAPacket, seconds: int, found: Soaked) -> int:
    """Send packets through a pipeline; return tasks that are left when it has ended."""
    seen: set[int] = set()
    began, number = time.monotonic(), 0

    async def camera() -> AsyncGenerator[VLAPacket, None]:
        nonlocal number
        while number < seconds * HERTZ:
            await asyncio.sleep(max(0.0, began + number / HERTZ - time.monotonic()))
            ready = numbered(packet, number)
            number += 1
            yield ready

    async with StreamingVLAPipeline(network) as pipeline:
        while number < seconds * HERTZ:
            last = None
            async with aclosing(pipeline.process_stream(camera())) as answers:  # type: ignore[type-var]
                async for response in answers:
                    judge(found, seen, response)
                    if fault_of(response.frame_id) == "disconnect":
                        last = response.frame_id
                        break  # nobody listens any more
            if last is not None:
                number = last + 1  # whoever comes next goes on from there; what was on its way was nobody's
    found.offered = number
    return len(asyncio.all_tasks()) - 1


def be_pipeline(wire: bytes, seconds: int, seed: int, pipe: Connection) -> None:
    """Stream for a moment, then watched."""
    torch.set_num_threads(1)
    logging.disable(logging.ERROR)
    packet, network = VLAPacket.from_wire(wire), Raising(model(seed))
    asyncio.run(through(network, packet, 2 + len(FAULTS), Soaked()))
    watched = Watched()
    tasks = asyncio.run(through(network, packet, seconds, watched.found))
    pipe.send((watched.end(tasks), 0))


# ---- all of it -------------------------------------------------------------------------------------


def started(work: Any, *arguments: Any) -> Connection:
    """Start a process, and return its pipe."""
    ours, theirs = SPAWN.Pipe()
    SPAWN.Process(target=work, args=(*arguments, theirs), daemon=True).start()
    theirs.close()
    return ours


def main() -> None:
    """Soak."""
    options = arguments(__doc__ or "")
    seconds, since = (20, 5) if options.quick else (600, 60)
    wire = follow(frames=1).wire
    server = started(be_server)
    stream(server.recv(), VLAPacket.from_wire(wire), 2 + len(FAULTS), Soaked())
    server.send("again")
    uri = server.recv()
    client = started(be_client, uri, wire, seconds)
    pipeline = started(be_pipeline, wire, seconds, options.seed)
    (link, connects), (piped, _) = client.recv(), pipeline.recv()
    server.send("end")
    served: Soaked = server.recv()

    figures = []
    for name, found in (("link", link), ("pipeline", piped)):
        missing, n = found.offered + found.twice - found.answered, found.offered
        acted = [True] * found.codes["ok"] + [False] * (found.answered - found.codes["ok"])
        figures += [
            Figure(f"{name}: packets without an answer", missing, "", "<= 0", n=n),
            Figure(f"{name}: packets answered twice", found.twice, "", "<= 0", n=n),
            share(f"{name}: faults answered with their own code", found.own, ">= 1"),
            share(f"{name}: answers with actions", acted),
        ]
    figures.append(Figure("link: connections made", connects, "", f">= {seconds // len(FAULTS)}"))
    notes = [f"{name}: {dict(found.codes)}" for name, found in (("link", link), ("pipeline", piped))]
    for name, found in (("server", served), ("link", link), ("pipeline", piped)):
        grown = found.grown(since)
        figures += [
            Figure(f"{name}: threads left over", found.threads, "", "<= 0"),
            Figure(f"{name}: open files left over", found.files, "", "<= 0"),
            Figure(f"{name}: memory gained after {since} s", grown, "MiB", "<= 5", n=len(found.memory)),
        ]
        notes.append(f"{name}: resident {found.memory[since]:.1f} MiB, then {found.memory[-1]:.1f}")
        notes += [f"{name}: left over: {found.left}"] * bool(found.left)
        notes += [f"{name}: with another code: {dict(found.wrong)}"] * bool(found.wrong)
    for name, found in (("server", served), ("pipeline", piped)):
        figures.append(Figure(f"{name}: tasks left over", found.tasks, "", "<= 0"))
    report("streaming_soak", figures, options, notes=notes)
    print("\n".join(notes))


if __name__ == "__main__":
    main()
