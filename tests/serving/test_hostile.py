"""A few hundred of the ten thousand hostile messages of `benchmarks/streaming_hostile.py`, and a good client beside."""

import asyncio
import threading
import time
from collections import Counter

import numpy as np
import psutil

from benchmarks.hostile import KINDS, outcome
from vla_course.serving.network.adapter import PacketPolicy
from vla_course.serving.network.client import PolicyClient
from vla_course.serving.packets.response import VLAResponse

from .served import TOKEN, served


def looks(packet):
    """Answer a packet after looking at all its pictures."""
    for camera in packet.images:
        packet.pixels(camera)
    return VLAResponse(
        frame_id=packet.frame_id, correlation_id=packet.correlation_id, actions=np.zeros((12, 36))
    )


async def all_of(attacks, server):
    port, gate = server.server.port, asyncio.Semaphore(4)

    async def one(attack):
        async with gate:
            return await outcome(attack, "127.0.0.1", port, TOKEN, seconds=20.0)

    return await asyncio.gather(*(one(attack) for attack in attacks))


def test_every_hostile_message_is_answered_with_a_code_or_closed_and_a_good_client_goes_on():
    rng = np.random.default_rng(14)
    attacks = [kind(rng) for kind in KINDS for _ in range(7)]
    good, stop = [], threading.Event()

    def behaves(uri):
        with PolicyClient(uri, TOKEN) as client:
            while not stop.is_set():
                observation = {
                    "prompt": "walk",
                    "observation/state": np.zeros(75),
                    "observation/image/head": np.zeros((8, 8, 3), np.uint8),
                }
                good.append(client.infer(observation)["actions"].shape)
                time.sleep(0.02)

    with served(PacketPolicy(looks), token=TOKEN, connections=16, open_seconds=0.5) as server:
        beside = threading.Thread(target=behaves, args=(server.uri,))
        beside.start()
        before = psutil.Process().memory_info().rss
        outcomes = asyncio.run(all_of(attacks, server))
        grown = psutil.Process().memory_info().rss - before
        stop.set()
        beside.join()
    by_kind = {}
    for attack, said in zip(attacks, outcomes, strict=True):
        by_kind.setdefault(attack.kind, Counter())[said] += 1
    assert "silence" not in set(outcomes), by_kind
    assert "internal" not in set(outcomes), by_kind
    for kind, expected in {
        "noise": {"malformed", "bad_key"},
        "deep nesting": {"malformed", "too_deep", "too_large"},
        "size lies": {"malformed"},
        "oversized": {"closed"},
        "floods of pings": {"closed"},
        "not finite": {"not_finite"},
        "wrong token": {"401"},
        "wrong origin": {"403"},
        "half-open handshake": {"closed"},
        "text frames": {"malformed", "closed"},
    }.items():
        assert set(by_kind[kind]) <= expected, (kind, by_kind[kind])
    assert "ok" not in by_kind["arrays"]
    assert set(good) == {(12, 36)}
    assert len(good) > 20
    assert grown < 200 * 2**20
