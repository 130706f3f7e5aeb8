"""A robot in a process of its own, in real time."""

import subprocess
import sys
import time

import numpy as np
import pytest

from vla_course.deployment.link.channels import UdpChannel
from vla_course.deployment.link.commander import ChannelLink
from vla_course.learning.environment.proprioception import STATE
from vla_course.simulation.robot.layout import ACTION

COMMAND = [sys.executable, "-m", "vla_course.deployment.link.process"]


def test_a_robot_elsewhere_is_sensed_walks_and_stands_when_nobody_speaks():
    with subprocess.Popen(
        [*COMMAND, "--port", "0", "--seconds", "60"], stdout=subprocess.PIPE, text=True
    ) as robot:
        try:
            port = int(robot.stdout.readline().rsplit(":", 1)[1])
            channel = UdpChannel(peer=("127.0.0.1", port))
            link = ChannelLink(channel, time.monotonic, session=1)
            action = np.zeros(ACTION.size, np.float32)

            def until(what, speaks=True, seconds=20.0):
                end = time.monotonic() + seconds
                while time.monotonic() < end:
                    reading = link.sense()
                    if reading is not None and what(reading):
                        return
                    if speaks:
                        link.command(action)
                    time.sleep(0.02)
                raise AssertionError(f"it never came; the last was {link.sense()}")

            until(lambda reading: reading.heard >= 0)
            action[ACTION.base_velocity] = (0.5, 0.0, 0.0)
            until(lambda reading: reading.state[STATE.odometry][3] >= 2.0)  # steps
            assert link.stamps[3] > link.stamps[0]
            until(lambda reading: reading.rung == "latched", speaks=False)
            until(lambda reading: reading.state[STATE.footing][3] == 0.0, speaks=False)  # it stands
        finally:
            robot.kill()


@pytest.mark.parametrize("port", ["-1", "70000"])
def test_a_port_that_is_none_is_refused_in_one_line(port):
    done = subprocess.run([*COMMAND, "--port", port], capture_output=True, text=True)
    assert done.returncode == 2
    assert "cannot be had" in done.stderr
    assert "Traceback" not in done.stderr
