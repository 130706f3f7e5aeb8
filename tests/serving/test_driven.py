"""A robot whose policy is elsewhere: it acts, stands when the wire is dead, and acts again."""

import re
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from vla_course.serving.network.adapter import PacketPolicy
from vla_course.serving.network.link import LinkSettings, PacketLink
from vla_course.serving.network.settings import ServerSettings
from vla_course.serving.network.thread import ServerThread
from vla_course.serving.remote.network import shipped_network
from vla_course.serving.remote.robot import OVER_A_WIRE, DrivenPolicy
from vla_course.serving.remote.watchdog import WatchdogSettings
from vla_course.simulation.tasks.tasks import task_for
from vla_course.simulation.tasks.understanding import understand
from vla_course.simulation.world.world import World

sys.path.append(str(Path(__file__).parents[2] / "benchmarks"))
from policy_oracles import SegmentationGrounder, hears

SENTENCE = "walk forward 12 steps"
PATIENT = LinkSettings(first_pause=0.02, longest_pause=0.2, pong_seconds=20.0)


def server(network, port=0):
    started = ServerThread(
        PacketPolicy(network, network.metadata),
        ServerSettings(port=port, infer_seconds=20.0, pong_seconds=60.0),
    )
    started.start()
    return started


@pytest.mark.slow
def test_it_walks_stands_while_the_server_is_dead_and_walks_on():
    network = shipped_network()
    first = server(network)
    port = first.server.port
    task = task_for(understand(SENTENCE), np.random.default_rng(0))
    watch = WatchdogSettings(holds=5.0, stands=6.0, latches=7.0, fresh=2)
    with World(0) as world, PacketLink(first.uri, settings=PATIENT) as link:
        assert link.wait(20.0)
        stage = task.start(world)
        grounder = SegmentationGrounder(task, stage)
        policy = DrivenPolicy(
            hears, grounder, link, watch=watch
        )  # in real time: what it has left is simulated
        driving = policy.perform(stage.humanoid, SENTENCE)
        driven = None

        def drive_until(what, seconds=60.0):
            end = time.monotonic() + seconds
            for _ in driving:
                if what():
                    return True
                if time.monotonic() > end:
                    return False
            return False

        def velocity():
            return np.abs(policy.robot._velocity.forward)

        assert drive_until(lambda: policy.robot is not None and policy.driven.codes.get("ok", 0) >= 4)
        driven = policy.driven
        assert len(driven.ages) >= 1
        assert drive_until(lambda: velocity() > 0.0)
        first.stop()
        assert drive_until(lambda: driven.downs.get("latched", 0) == 1)
        assert drive_until(lambda: policy.robot.walker.phase == "stand")
        assert velocity() == 0.0
        assert stage.humanoid.state().base_position[2] > 0.6
        answered = driven.codes["ok"]
        second = server(network, port)
        try:
            assert drive_until(lambda: driven.codes["ok"] >= answered + 4)
            assert drive_until(lambda: velocity() > 0.0)
        finally:
            second.stop()
        assert link.connects == 2
        assert set(driven.codes) <= {"ok", "cancelled", "superseded"}


@pytest.mark.parametrize("mode", ["no such", "rolled"])
def test_a_mode_that_is_none_is_refused(mode):
    with pytest.raises(ValueError, match=mode):
        DrivenPolicy(hears, None, PacketLink("ws://127.0.0.1:9"), mode=mode)


def test_drive_names_the_modes_that_there_are():
    told = (Path(__file__).parents[2] / "vla_course" / "serve_cli.py").read_text(encoding="utf-8")
    (listed,) = re.findall(r"from chunk to chunk: (.+)\.\"", told)
    assert set(re.split(r", | or ", listed)) == set(OVER_A_WIRE)
