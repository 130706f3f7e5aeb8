"""A server that dies in mid-stream and comes back, and the ladder that a robot goes down meanwhile."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from vla_course.learning.environment.proprioception import STATE
from vla_course.panels.drawing import style
from vla_course.panels.drawing.style import Picture, picture
from vla_course.serving.network.adapter import PacketPolicy
from vla_course.serving.network.link import PacketLink
from vla_course.serving.network.settings import ServerSettings
from vla_course.serving.network.thread import ServerThread
from vla_course.serving.packets.packet import VLAPacket
from vla_course.serving.packets.pictures import encode_picture
from vla_course.serving.packets.response import VLAResponse
from vla_course.serving.remote.watchdog import RUNGS, Rung, Watchdog, WatchdogSettings
from vla_course.simulation.robot.layout import ACTION

TICK: Final = 1.0 / 20.0
"""s, of the robot's loop"""
DIES, BACK, ENDS = 1.0, 3.4, 4.6
"""s, when the server goes, when it is there again, and when all is over"""
WALKS: Final = 0.5
"""of the greatest forward speed"""
_COLOURS: Final[dict[Rung, str]] = {
    "acts": style.COP,
    "holds": style.CART_TABLE,
    "stands": style.ZMP,
    "latched": style.DCM,
}


@dataclass(frozen=True)
class Rope:
    """What a robot did tick by tick: `times` s, `ages` s of the newest answer, `rungs`, and the forward `speeds` sent.

    Attributes:
        resumed: whether the link found its session again; a server that has died remembers none.
        connects: how often it connected.
    """

    times: Sequence[float]
    ages: Sequence[float]
    rungs: Sequence[Rung]
    speeds: Sequence[float]
    resumed: bool
    connects: int


def walks(packet: VLAPacket) -> VLAResponse:
    """Answer a packet: walk."""
    actions = np.zeros((12, ACTION.size), np.float32)
    actions[:, ACTION.base_velocity.start] = WALKS
    return VLAResponse(
        frame_id=packet.frame_id,
        correlation_id=packet.correlation_id,
        timestamp=packet.timestamp,
        actions=actions,
    )


def lose_the_server() -> Rope:
    """Let a robot's loop run against a real server on this machine, which goes away and comes back."""
    jpeg = encode_picture(np.full((32, 32, 3), 128, np.uint8))
    times: list[float] = []
    ages: list[float] = []
    rungs: list[Rung] = []
    speeds: list[float] = []
    server = ServerThread(PacketPolicy(walks), ServerSettings(port=0))
    server.__enter__()
    port, up = server.server.port, True
    try:
        with PacketLink(server.uri) as link:
            link.wait(5.0)
            start = time.monotonic()
            watch, number, newest = Watchdog(start), 0, start
            walking = np.zeros(ACTION.size, np.float32)
            while (now := time.monotonic()) - start < ENDS:
                if up and DIES <= now - start < BACK:
                    server.__exit__(None, None, None)
                    up = False
                if not up and now - start >= BACK:
                    server = ServerThread(PacketPolicy(walks), ServerSettings(port=port))
                    server.__enter__()
                    up = True
                for response in link.answers():
                    watch.hears(response, now)
                    if response.success and response.actions is not None:
                        walking = response.actions[0]
                        newest = max(newest, response.timestamp or start)
                link.offer(_packet(number, now, jpeg))
                action = watch.guards(walking, now)
                times.append(now - start)
                ages.append(now - newest)
                rungs.append(watch.rung(now))
                speeds.append(float(action[ACTION.base_velocity.start]))
                number += 1
                time.sleep(max(start + number * TICK - time.monotonic(), 0.0))
            connects, resumed = link.connects, link.resumed > 0
    finally:
        if up:
            server.__exit__(None, None, None)
    return Rope(times, ages, rungs, speeds, resumed, connects)


def _packet(number: int, now: float, jpeg: bytes) -> VLAPacket:
    return VLAPacket(
        frame_id=number,
        correlation_id=f"robot:{number}",
        timestamp=now,
        query="walk forward",
        images={"head": jpeg},
        robot_state=np.zeros(STATE.size, np.float32),
    )


def ladder_picture(rope: Rope, settings: WatchdogSettings | None = None) -> Picture:
    """Draw the age of the newest answer, on which rung the robot was, and how fast it was to walk."""
    settings = settings or WatchdogSettings()
    downs = [rung for rung, before in zip(rope.rungs[1:], rope.rungs, strict=False) if rung != before]
    figure, (above, below) = picture(
        2,
        1,
        height=4.2,
        alt=f"The server goes away at {DIES:g} s and is back at {BACK:g} s; the robot {', then '.join(downs)}.",
        height_ratios=[2.2, 1.0],
        sharex=True,
    )
    times = np.array(rope.times)
    for axes in (above, below):
        axes.axvspan(DIES, BACK, color=style.BAND, ec="none", zorder=0.4)
    above.plot(times, rope.ages, color="#C9CED2", lw=1.2)
    for rung, colour in _COLOURS.items():
        on = [place for place, one in enumerate(rope.rungs) if one == rung]
        above.plot(times[on], np.array(rope.ages)[on], "o", color=colour, ms=4.5, label=rung)
    for rung in RUNGS[1:]:
        height = getattr(settings, {"latched": "latches"}.get(rung, rung))
        above.axhline(height, color=style.SOFT, lw=0.9, ls="--")
        above.text(0.02, height + 0.05, f"{height:g} s: {rung}", fontsize=9.5, color=style.INK)
    above.text((DIES + BACK) / 2, 0.14, "no server", ha="center", fontsize=9.5, color=style.SOFT)
    above.set(ylabel="newest answer (s old)", ylim=(0, 1.12 * max(rope.ages)), xlim=(0, ENDS))
    below.plot(times, rope.speeds, color=style.COM, drawstyle="steps-post")
    below.set(xlabel="time (s)", ylabel="walks at", ylim=(-0.06, 1.3 * WALKS), yticks=[0, WALKS])
    below.set_yticks([0, WALKS], ["0", "half"])
    figure.legend(*above.get_legend_handles_labels(), loc="outside upper left", ncols=4, frameon=False)
    return figure
