"""A robot in a process of its own, in real time, that listens for orders by UDP.

    python -m vla_course.deployment.link.process --port 9000

It says `listening on 127.0.0.1:9000` once it stands; from then on whoever sends orders commands it. It ends with
Ctrl-C, or after `--seconds`.
"""

import argparse
import secrets
import time
from typing import Final

import numpy as np

from vla_course.deployment.link.channels import UdpChannel
from vla_course.deployment.link.robot import LinkedRobot
from vla_course.learning.environment.commanded_body import CommandedBody
from vla_course.simulation.robot.humanoid import Humanoid
from vla_course.simulation.world.world import World

LATE: Final = 0.1
"""s behind the clock, after which a robot that is simulated too slowly goes on from now: nobody makes up for that"""


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--host", default="127.0.0.1", help="UDP has no password: the loopback by default")
    parser.add_argument("--port", type=int, default=9000, help="0: any that is free")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--seconds", type=float, default=float("inf"))
    options = parser.parse_args()
    try:
        channel = UdpChannel(options.host, options.port)
    except (OSError, ValueError) as fault:
        parser.error(f"--host, --port: {options.host}:{options.port} cannot be had: {fault}")
    try:
        be_robot(channel, options.seed, options.seconds)
    except KeyboardInterrupt:
        pass
    finally:
        channel.close()


def be_robot(channel: UdpChannel, seed: int, seconds: float) -> None:
    """Be a robot at one end of a channel, in real time."""
    with World(seed) as world:
        body = CommandedBody(Humanoid(world), np.random.default_rng(seed))
        robot = LinkedRobot(body, channel, time.monotonic, secrets.randbits(32))
        print(f"listening on {channel.host}:{channel.port}", flush=True)
        began = time.monotonic()
        ahead = began - world.time
        for _ in robot.run():
            left = ahead + world.time - time.monotonic()
            if left > 0.0:
                time.sleep(left)
            elif left < -LATE:
                ahead -= left
            if time.monotonic() - began > seconds:
                break


if __name__ == "__main__":
    main()
