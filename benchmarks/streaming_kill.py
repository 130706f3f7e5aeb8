"""`kill -9` of the server and of the client in mid-stream, at random instants: who notices, how soon, what resumes.

The robot is a loop of 30 ticks a second on its own clock with a link, a player's action and a watchdog, without the
simulator, which would only slow it; that a simulated humanoid stands safely is `tests/serving/test_driven.py`.

    python benchmarks/streaming_kill.py [--quick] [--json]
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import socket
import time
from multiprocessing.process import BaseProcess
from typing import Final

import numpy as np
from report import Figure, arguments, report, share

from vla_course.serving.network.adapter import PacketPolicy
from vla_course.serving.network.link import PacketLink
from vla_course.serving.network.settings import ServerSettings
from vla_course.serving.network.thread import ServerThread
from vla_course.serving.packets.codes import Code
from vla_course.serving.packets.packet import VLAPacket
from vla_course.serving.packets.pictures import encode_picture
from vla_course.serving.packets.response import VLAResponse
from vla_course.serving.remote.watchdog import Watchdog
from vla_course.simulation.robot.layout import ACTION

SPAWN: Final = multiprocessing.get_context("spawn")
HERTZ: Final = 30.0
PATIENCE: Final = 60.0
"""s, after which something that has not happened never will"""
PICTURE: Final = encode_picture(np.random.default_rng(0).integers(0, 256, (96, 96, 3), dtype=np.uint8))


def walks(packet: VLAPacket) -> VLAResponse:
    """Answer a packet: walk."""
    actions = np.zeros((12, ACTION.size))
    actions[:, ACTION.base_velocity] = 0.5
    return VLAResponse(
        frame_id=packet.frame_id,
        correlation_id=packet.correlation_id,
        timestamp=packet.timestamp,
        actions=actions,
    )


def be_server(port: int) -> None:
    """Serve until killed."""
    with ServerThread(PacketPolicy(walks), ServerSettings(port=port)):
        time.sleep(1e6)


class Robot:
    """A robot's loop: offers a packet a tick, takes what came, does what its watchdog lets it."""

    def __init__(self, link: PacketLink) -> None:
        self.link, self.number, self.offered, self.answered = link, 0, 0, 0
        self.watch = Watchdog(time.monotonic())
        self.due = time.monotonic()
        self.action = np.zeros(ACTION.size, np.float32)
        self.slowest = 0.0

    def tick(self) -> None:
        """Do one tick."""
        began = now = time.monotonic()
        for response in self.link.answers():
            self.answered += 1
            self.watch.hears(response, now)
        packet = VLAPacket(
            frame_id=self.number,
            correlation_id=f"robot:{self.number}",
            timestamp=now,
            query="walk forward",
            images=dict.fromkeys(("head", "chest", "pelvis"), PICTURE),
            robot_state=np.zeros(75),
        )
        self.link.offer(packet)
        self.number += 1
        walking = np.zeros(ACTION.size, np.float32)
        walking[ACTION.base_velocity] = 0.5
        self.action = self.watch.guards(walking, now)
        self.slowest = max(self.slowest, time.monotonic() - began)
        self.due = max(self.due + 1.0 / HERTZ, time.monotonic())
        time.sleep(max(0.0, self.due - time.monotonic()))

    def until(self, rung: str) -> float:
        """Tick until the watchdog is on a rung, and return how long that took, s."""
        began = time.monotonic()
        while self.watch.rung(time.monotonic()) != rung:
            if time.monotonic() - began > PATIENCE:
                return np.inf
            self.tick()
        return time.monotonic() - began


def be_client(uri: str) -> None:
    """Stream until killed."""
    with PacketLink(uri) as link:
        robot = Robot(link)
        while True:
            robot.tick()


def kill(process: BaseProcess) -> float:
    """Kill a process and return when, s, monotonic."""
    assert process.pid is not None
    os.kill(process.pid, signal.SIGKILL)
    at = time.monotonic()
    process.join()
    return at


def kill_servers(count: int, rng: np.random.Generator) -> tuple[list[float], list[float], list[bool], Robot]:
    """Kill servers; return how soon the link noticed and the robot stood, s, and whether it acted again."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    noticed, stood, resumed = [], [], []
    server = SPAWN.Process(target=be_server, args=(port,), daemon=True)
    server.start()
    with PacketLink(f"ws://127.0.0.1:{port}") as link:
        if not link.wait(PATIENCE):
            raise SystemExit("the server did not come up")
        robot = Robot(link)
        for _ in range(count):
            robot.until("acts")
            ends = time.monotonic() + rng.uniform(0.2, 1.0)
            while time.monotonic() < ends:
                robot.tick()
            at = kill(server)
            while link.is_connected and time.monotonic() < at + PATIENCE:
                time.sleep(0.001)
            noticed.append(time.monotonic() - at)
            while robot.action[ACTION.base_velocity].any() and time.monotonic() < at + PATIENCE:
                robot.tick()
            stood.append(time.monotonic() - at)
            robot.until("latched")
            server = SPAWN.Process(target=be_server, args=(port,), daemon=True)
            server.start()
            resumed.append(robot.until("acts") < np.inf)
        kill(server)
    robot.answered += len(link.answers())
    return noticed, stood, resumed, robot


def kill_clients(count: int, rng: np.random.Generator) -> tuple[list[float], list[bool]]:
    """Kill clients; return how soon the server noticed, s, and whether it served the next one."""
    noticed, served = [], []
    with ServerThread(PacketPolicy(walks), ServerSettings(port=0)) as server:
        metrics = server.server.metrics

        def connections() -> float:
            return metrics.registry.get_sample_value("vla_connections") or 0.0

        for _ in range(count):
            before = metrics.count(Code.OK)
            client = SPAWN.Process(target=be_client, args=(server.uri,), daemon=True)
            client.start()
            until = time.monotonic() + PATIENCE
            while metrics.count(Code.OK) < before + 5 and time.monotonic() < until:
                time.sleep(0.01)
            served.append(metrics.count(Code.OK) >= before + 5)
            time.sleep(rng.uniform(0.0, 0.5))
            at = kill(client)
            while connections() > 0.0 and time.monotonic() < at + PATIENCE:
                time.sleep(0.001)
            noticed.append(time.monotonic() - at)
    return noticed, served


def main() -> None:
    """Kill."""
    options = arguments(__doc__ or "")
    count, rng = (2 if options.quick else 20), np.random.default_rng(options.seed)
    noticed, stood, resumed, robot = kill_servers(count, rng)
    heard, served = kill_clients(count, rng)
    report(
        "streaming_kill",
        [
            Figure("server killed: the robot's link notices, latest", max(noticed), "s", "<= 1", n=count),
            Figure("server killed: the robot stands, latest", max(stood), "s", "<= 1.2", n=count),
            share("server back: the robot acts again by itself", resumed, ">= 1"),
            Figure(
                "packets offered without a response",
                robot.number - robot.answered,
                "",
                "<= 0",
                n=robot.number,
            ),
            Figure(
                "slowest tick of the robot's loop, sleep left out", 1e3 * robot.slowest, "ms", n=robot.number
            ),
            Figure("client killed: the server notices, latest", max(heard), "s", "<= 1", n=count),
            share("the next client is served", served, ">= 1"),
        ],
        options,
    )


if __name__ == "__main__":
    main()
