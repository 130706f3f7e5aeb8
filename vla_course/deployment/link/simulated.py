"""The simulator behind a link: the same two ends, on the simulation's own clock, with whatever weather between them."""

import numpy as np

from vla_course.deployment.link.channels import Weather, pair
from vla_course.deployment.link.commander import ChannelLink
from vla_course.deployment.link.robot import LADDER, LinkedRobot, LinkSettings
from vla_course.learning.environment.commanded_body import CommandedBody
from vla_course.serving.remote.watchdog import WatchdogSettings


def simulated(
    body: CommandedBody,
    rng: np.random.Generator,
    weather: Weather | None = None,
    offset: float = 0.0,
    ladder: WatchdogSettings = LADDER,
    settings: LinkSettings | None = None,
) -> tuple[LinkedRobot, ChannelLink]:
    """Return a robot in this process and the link to it.

    Args:
        body: of the robot.
        rng: draws what becomes of each datagram.
        weather: both ways; by default all arrives at once.
        offset: s, by which the commander's clock is ahead of the robot's.
        ladder, settings: of the robot.
    """
    world = body.walker.humanoid.world
    weather = weather or Weather()
    here, there = pair(lambda: world.time, weather, weather, rng)
    robot = LinkedRobot(body, here, lambda: world.time, 1, ladder, settings)
    return robot, ChannelLink(there, lambda: world.time + offset, 2)
